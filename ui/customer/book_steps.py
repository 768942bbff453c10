"""The first steps of booking: which product, at which site, and what is to be done there."""

from collections.abc import Callable
from dataclasses import dataclass

from data.base.words import Words
from data.offer.service_types import ServiceType
from data.people.assets import Asset
from data.people.customers import Site
from data.visits.choices import SOMETHING_ELSE, Choices
from ui.customer.booking_words import street
from ui.parts.choice_card import ChoiceCards, choice_cards
from ui.parts.pieces import block, heading


@dataclass(frozen=True)
class Wanted:
    """What is chosen, once all steps are. `asset` is None for something else."""

    site: Site
    asset: Asset | None
    service_type: ServiceType


class BookSteps:
    """The drawn steps; `.wanted` is None while one of them is open. What can be only one thing is chosen already."""

    def __init__(self, words: Words, choices: Choices) -> None:
        self.words, self.choices = words, choices
        self.on_change: Callable[[], None] = lambda: None
        self._site: Site | None = None
        self._service_type: ServiceType | None = None
        with block('div', 'book-what'):
            with block('section', 'stack tight'):
                self._products = self._draw_products()
            self._site_step = block('section', 'stack tight')
            self._service_step = block('section', 'stack tight')
        if len(choices.service_types) == 1:
            self._products.choose(next(iter(choices.service_types)))

    @property
    def wanted(self) -> Wanted | None:
        if self._site is None or self._service_type is None:
            return None
        return Wanted(self._site, self.choices.assets.get(self._products.value), self._service_type)

    def _draw_products(self) -> ChoiceCards:
        _ = self.words
        cards = [(asset.id, asset.name, self._about(asset)) for asset in self.choices.assets.values()]
        if SOMETHING_ELSE in self.choices.service_types:
            cards.append((SOMETHING_ELSE, _('Something else…'), ''))
        heading(_('Product'))
        return choice_cards(_('Product'), cards, self._choose_product, change_words=_('Change'))

    def _about(self, asset: Asset) -> str:
        """'Boiler · installed 2021 · SN …4471', and where it stands if that could be asked."""
        _ = self.words
        serial = (asset.serial_number or '')[-4:]
        return ' · '.join(
            part
            for part in (
                asset.product.name,
                _('installed {year}', year=asset.installed_year) if asset.installed_year else '',
                _('SN …{end}', end=serial) if serial else '',
                street(asset.site.address) if len(self.choices.sites) > 1 else '',
            )
            if part
        )

    def _choose_product(self, asset_id: int) -> None:
        asset = self.choices.assets.get(asset_id)
        only = self.choices.sites[0] if len(self.choices.sites) == 1 else None
        self._site = asset.site if asset else only
        self._site_step.clear()
        if self._site is None:
            self._draw_sites()
        self._draw_service_types(asset_id)
        self.on_change()

    def _draw_sites(self) -> None:
        _ = self.words
        sites = {f'site-{site.id}': site for site in self.choices.sites}

        def choose(name: str) -> None:
            self._site = sites[name]
            self.on_change()

        with self._site_step:
            heading(_('Site'))
            cards = [(name, street(site.address), site.address) for name, site in sites.items()]
            choice_cards(_('Site'), cards, choose, change_words=_('Change'))

    def _draw_service_types(self, asset_id: int) -> None:
        """What is chosen stays chosen where it is on offer for the other product too."""
        _ = self.words
        offered = {f'service-{each.id}': each for each in self.choices.service_types[asset_id]}
        if self._service_type not in offered.values():
            self._service_type = next(iter(offered.values())) if len(offered) == 1 else None

        def choose(name: str) -> None:
            self._service_type = offered[name]
            self.on_change()

        self._service_step.clear()
        with self._service_step:
            heading(_('Service type'))
            cards = [
                (name, each.name, _('about {duration}', duration=_.duration(each.duration_minutes)))
                for name, each in offered.items()
            ]
            chosen = next((name for name, each in offered.items() if each == self._service_type), None)
            choice_cards(_('Service type'), cards, choose, value=chosen, change_words=_('Change'))
