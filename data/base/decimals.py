"""The kind of field (data/base/fields.py) for numbers with a fraction, such as degrees on a map."""

import math
from dataclasses import dataclass
from typing import Any

from data.base.fields import Field
from data.base.marks import N_
from data.base.refusals import WrongInput


@dataclass(frozen=True, kw_only=True)
class Decimal(Field):
    """A finite number from `least` to `most`, both included, written with a point, as maps write degrees."""

    least: float = 0
    most: float = 1_000_000

    def read(self, raw: Any) -> Any:
        wrong = WrongInput(N_('Please enter a number such as 41.88.'))
        try:
            # maps write the minus sign of typographers as well
            value = float(raw.strip().replace('\u2212', '-')) if isinstance(raw, str) else float(raw)
        except (TypeError, ValueError, OverflowError) as error:
            raise wrong from error
        if isinstance(raw, bool) or not math.isfinite(value) or (isinstance(raw, str) and '_' in raw):
            raise wrong
        if not self.least <= value <= self.most:
            raise WrongInput(N_('Please enter a number from {least} to {most}.'), least=self.least, most=self.most)
        return value
