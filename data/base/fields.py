"""Kinds of input: what a form asks, and how raw input from any door becomes a value of ours or a sentence.

A form is a tuple of these. Doors draw them (ui/parts/field_input, entry templates) and parse by them; a new kind of
field is one class here and one branch in each of the two.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import email_validator
import phonenumbers

from data.base.marks import N_
from data.base.refusals import InvalidInput, Refusal, WrongInput

AN_EXAMPLE = '+13125550100'  # a number that is nobody's
DIRECTION_MARKS = re.compile('[\u202a-\u202e\u2066-\u2069]')  # they can make text read as another (Trojan Source)

NO_PLACES = {'localtime', 'Factory'}  # the server's own zone and none: no calendar elsewhere knows them


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of a form: its key, its label (a message id) and whether it must be answered."""

    key: str
    label: str
    help: str = ''
    required: bool = True

    def parse(self, raw: object) -> Any:
        """The value, or None for nothing given where that is allowed. Raises WrongInput with a sentence."""
        if raw is None or raw == '' or (isinstance(raw, str) and not raw.strip()):
            if self.required:
                raise WrongInput(N_('Please fill this in.'))
            return None
        return self.read(raw)

    def read(self, raw: Any) -> Any:
        """The value of something given; each kind says how."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """One line."""

    least: int = 0
    most: int = 200
    lines = False

    def read(self, raw: Any) -> Any:
        if not isinstance(raw, str):
            raise WrongInput(N_('Please enter text.'))
        text = clean(raw, lines=self.lines)
        if len(text) > self.most:
            raise WrongInput(N_('Please use at most {most} characters.'), most=self.most)
        if len(text) < self.least:
            raise WrongInput(N_('Please use at least {least} characters.'), least=self.least)
        return text


@dataclass(frozen=True, kw_only=True)
class LongText(Text):
    """Several lines."""

    most: int = 2000
    lines = True


@dataclass(frozen=True, kw_only=True)
class Email(Text):
    """An address, folded to lower case, as accounts compare them (its domain is not asked for)."""

    most: int = 254

    def read(self, raw: Any) -> Any:
        text = super().read(raw)
        try:
            found = email_validator.validate_email(text, check_deliverability=False)
        except email_validator.EmailNotValidError as error:
            raise WrongInput(N_('Please enter an e-mail address such as name@example.com.')) from error
        return fold_email(found.normalized)


@dataclass(frozen=True, kw_only=True)
class Phone(Text):
    """A number as people of `country` type it, kept in E.164."""

    most: int = 40
    country: str | None = None

    def read(self, raw: Any) -> Any:
        return self.for_country(super().read(raw), self.country)

    @staticmethod
    def for_country(text: str, country: str | None) -> str:
        known = phonenumbers.example_number(country) if country else None
        example = phonenumbers.format_number(
            known or phonenumbers.parse(AN_EXAMPLE), phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
        wrong = WrongInput(N_('Please enter a phone number such as {example}.'), example=example)
        try:
            number = phonenumbers.parse(text, country)
        except phonenumbers.NumberParseException as error:
            raise wrong from error
        if not phonenumbers.is_possible_number(number):
            raise wrong
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@dataclass(frozen=True, kw_only=True)
class Password(Text):
    """A password: never stripped or folded but NFC, 8 to 256 characters, no rules of composition (NIST SP 800-63B)."""

    new: bool = False

    def parse(self, raw: object) -> Any:
        if not self.required and (raw is None or raw == ''):
            return None
        if not isinstance(raw, str) or not raw:
            raise WrongInput(N_('Please fill this in.'))
        text = unicodedata.normalize('NFC', raw)
        if any(unicodedata.category(sign) in {'Cc', 'Cs'} for sign in text) or DIRECTION_MARKS.search(text):
            raise WrongInput(N_('Please use no invisible characters.'))
        if self.new and len(text) < 8:
            raise WrongInput(N_('Please use at least {least} characters.'), least=8)
        if len(text) > 256:
            raise WrongInput(N_('Please use at most {most} characters.'), most=256)
        return text


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A whole number from `least` to `most`, both included, in steps counted from zero."""

    least: int = 0
    most: int = 1_000_000
    step: int = 1
    unit: str = ''

    def read(self, raw: Any) -> Any:
        try:
            value = int(raw.strip()) if isinstance(raw, str) else int(raw)
        except (TypeError, ValueError, OverflowError) as error:
            raise WrongInput(N_('Please enter a whole number.')) from error
        if isinstance(raw, bool) or (isinstance(raw, float) and raw != value) or (isinstance(raw, str) and '_' in raw):
            raise WrongInput(N_('Please enter a whole number.'))
        if not self.least <= value <= self.most:
            raise WrongInput(N_('Please enter a number from {least} to {most}.'), least=self.least, most=self.most)
        if value % self.step:
            raise WrongInput(N_('Please enter a multiple of {step}.'), step=self.step)
        return value


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of `options`: (value, label) pairs; labels are message ids or names that people gave."""

    options: tuple[tuple[str, str], ...] = ()

    def read(self, raw: Any) -> Any:
        if str(raw) not in {value for value, _ in self.options}:
            raise WrongInput(N_('Please choose one of the list.'))
        return str(raw)


@dataclass(frozen=True, kw_only=True)
class Several(Choice):
    """Any number of `options`, as a tuple in their order; at least one where it is required."""

    def parse(self, raw: object) -> Any:
        given = [raw] if isinstance(raw, str) and raw else list(raw) if isinstance(raw, list | tuple | set) else []
        if not given and self.required:
            raise WrongInput(N_('Please choose at least one.'))
        known = [value for value, _ in self.options]
        if any(str(value) not in known for value in given):
            raise WrongInput(N_('Please choose from the list.'))
        return tuple(value for value in known if value in {str(each) for each in given})


@dataclass(frozen=True, kw_only=True)
class YesNo(Field):
    """A box that is ticked or not; nothing given means no."""

    required: bool = False

    def parse(self, raw: object) -> Any:
        if raw in (None, '', False, 'no', 'false', '0'):
            return False
        if raw in (True, 'yes', 'on', 'true', '1'):
            return True
        raise WrongInput(N_('Please choose yes or no.'))


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A calendar date, typed or sent as ISO 8601."""

    def read(self, raw: Any) -> Any:
        try:
            return date.fromisoformat(raw.strip())
        except (AttributeError, ValueError) as error:
            raise WrongInput(N_('Please enter a date such as 2026-12-31.')) from error


@dataclass(frozen=True, kw_only=True)
class TimeOfDay(Field):
    """Minutes after midnight from 'HH:MM'; 24:00 ends a day. On the five-minute grid."""

    def read(self, raw: Any) -> Any:
        found = re.fullmatch(r'([01]?\d|2[0-4]):([0-5]\d)', raw.strip()) if isinstance(raw, str) else None
        minutes = int(found[1]) * 60 + int(found[2]) if found else -1
        if not 0 <= minutes <= 24 * 60:
            raise WrongInput(N_('Please enter a time such as 08:30.'))
        if minutes % 5:
            raise WrongInput(N_('Please use full five minutes.'))
        return minutes


@dataclass(frozen=True, kw_only=True)
class Zone(Field):
    """An IANA zone such as Europe/Berlin, as its name."""

    def read(self, raw: Any) -> Any:
        if not isinstance(raw, str) or raw not in available_timezones() - NO_PLACES:
            raise WrongInput(N_('Please choose one of the list.'))
        return ZoneInfo(raw).key


@dataclass(frozen=True, kw_only=True)
class Code(Text):
    """A code that people type from paper: case, spaces and dashes do not matter."""

    most: int = 100

    def read(self, raw: Any) -> Any:
        code = re.sub(r'[\s\-]', '', super().read(raw)).upper()
        if not code:
            raise WrongInput(N_('Please fill this in.'))
        return code


def parse_form(form: Iterable[Field], raw: Mapping[str, object]) -> dict[str, Any]:
    """Values by key, in one pass over all fields. Raises InvalidInput with a sentence for each wrong one."""
    values: dict[str, Any] = {}
    errors: dict[str, Refusal] = {}
    for each in form:
        try:
            values[each.key] = each.parse(raw.get(each.key))
        except WrongInput as wrong:
            errors[each.key] = wrong
    if errors:
        raise InvalidInput(errors, values)
    return values


def clean(raw: str, *, lines: bool) -> str:
    """NFC, trimmed. Raises WrongInput for control characters (but line feeds where `lines`) and direction marks."""
    text = unicodedata.normalize('NFC', raw.replace('\r\n', '\n') if lines else raw).strip(' \n\t' if lines else ' ')
    allowed = {'\n'} if lines else set()
    hidden = any(unicodedata.category(sign) in {'Cc', 'Cs', 'Zl', 'Zp'} and sign not in allowed for sign in text)
    if hidden or DIRECTION_MARKS.search(text):
        raise WrongInput(N_('Please use no invisible characters.'))
    return text


def fold_email(address: str) -> str:
    """As accounts compare addresses: NFC and lower case."""
    return unicodedata.normalize('NFC', address).lower()
