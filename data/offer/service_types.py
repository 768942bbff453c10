"""What is done at a visit: how long it takes, for which products, how far ahead it is booked."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from peewee import JOIN, BooleanField, Check, ForeignKeyField, IntegerField, TextField

from data.access import rights
from data.access.rights import Right
from data.base.actor import Actor
from data.base.changes import Change, record
from data.base.columns import InstantField
from data.base.database import transaction
from data.base.fields import Number, Text, parse_form
from data.base.marks import N_
from data.base.refusals import ChangedMeanwhile, InvalidInput, NotFound, Refusal, WrongInput
from data.base.table import Table, rows
from data.offer import skills
from data.offer.products import Product
from data.offer.products import find as find_product
from data.offer.skills import Skill, SkillEnded

A_DAY, A_YEAR = 24 * 60, 365 * 24 * 60  # minutes

DURATION = Number(key='duration_minutes', label=N_('Takes (minutes)'), least=5, most=720, step=5)
ADDING = (
    Text(key='name', label=N_('Service'), help=N_('What you do there, such as Annual inspection.'), most=80),
    DURATION,
)
RULES = (
    DURATION,
    Number(
        key='set_up_minutes',
        label=N_('Set-up (minutes)'),
        help=N_('The technician needs them before the visit; they may lie outside working hours.'),
        most=240,
    ),
    Number(
        key='clean_up_minutes',
        label=N_('Clean-up (minutes)'),
        help=N_('The technician needs them after the visit; they may lie outside working hours.'),
        most=240,
    ),
    Number(
        key='granularity_minutes',
        label=N_('Starts every (minutes)'),
        help=N_('Counted from midnight: 60 offers full hours.'),
        least=5,
        most=A_DAY,
        step=5,
    ),
    Number(key='least_notice_minutes', label=N_('Least notice (minutes)'), most=A_YEAR),
    Number(key='greatest_notice_minutes', label=N_('Greatest notice (minutes)'), least=1, most=A_YEAR, required=False),
    Number(key='least_days', label=N_('Least notice (days)'), help=N_('0 takes bookings for today.'), most=365),
    Number(key='greatest_days', label=N_('Greatest notice (days)'), most=730, required=False),
)
NOTICES = (('least_notice_minutes', 'greatest_notice_minutes'), ('least_days', 'greatest_days'))


class ServiceType(Table):
    """One kind of work. Minutes of the visit are frozen into each booking when it is made."""

    name = TextField()
    duration_minutes = IntegerField()
    set_up_minutes = IntegerField(default=0)
    clean_up_minutes = IntegerField(default=0)
    granularity_minutes = IntegerField(default=30)
    least_notice_minutes = IntegerField(default=120)
    greatest_notice_minutes = IntegerField(null=True)  # None: no limit but the days
    least_days = IntegerField(default=0)
    greatest_days = IntegerField(null=True, default=60)
    is_on_portal = BooleanField(default=True)
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = 'service_types'
        constraints = (
            # R15 of the slot rules: everything lies on cells of five minutes
            Check('duration_minutes > 0 AND duration_minutes / 5 * 5 = duration_minutes'),
            Check('granularity_minutes > 0 AND granularity_minutes / 5 * 5 = granularity_minutes'),
            Check('set_up_minutes >= 0 AND clean_up_minutes >= 0'),
        )


class ServiceTypeProduct(Table):
    """A service type is offered for this product."""

    service_type_id: int
    product_id: int
    service_type = ForeignKeyField(ServiceType, backref='products', on_delete='RESTRICT')
    product = ForeignKeyField(Product, backref='service_types', on_delete='RESTRICT')

    class Meta:
        table_name = 'service_type_products'
        indexes = ((('service_type', 'product'), True),)


class ServiceTypeSkill(Table):
    """Who does this holds that skill, at this level or above."""

    service_type_id: int
    skill_id: int
    service_type = ForeignKeyField(ServiceType, backref='skills', on_delete='RESTRICT')
    skill = ForeignKeyField(Skill, backref='service_types', on_delete='RESTRICT')
    level = IntegerField(default=1)

    class Meta:
        table_name = 'service_type_skills'
        constraints = (Check('level >= 1'),)
        indexes = ((('service_type', 'skill'), True),)


class ServiceTypeChanged(Change):
    """Anything about a service type."""


class ServiceTypeAdded(ServiceTypeChanged):
    """Something can be booked from now on."""


class RulesChanged(ServiceTypeChanged):
    """It takes another time or is booked in another way; bookings keep the minutes with which they were made."""


class SkillsRequired(ServiceTypeChanged):
    """Who does it needs other skills."""


class StillAsked(Refusal):
    """A skill cannot end while a service asks for it: nobody new could get it, and one day nobody could be sent."""

    words = N_('Still asked for by: {services}. Please take {skill} out of them first.')


def add(values: Mapping[str, Any], *, products: Iterable[Product], by: Actor) -> ServiceType:
    """A new one by `ADDING`'s values; without products it is offered for "something else". Raises NotFound."""
    with transaction():
        rights.require(by, Right.CHANGE_CATALOGUE)
        service_type = ServiceType.create(**values)
        for product_id in {product.id for product in products}:
            ServiceTypeProduct.create(service_type=service_type, product=find_product(product_id))
        record(ServiceTypeAdded(service_type, by=by, after=values))
        return service_type


def change_rules(service_type: ServiceType, values: Mapping[str, Any], *, version: int, by: Actor) -> ServiceType:
    """Some or all of `RULES`'s values, if it is still at `version`. Raises NotFound, InvalidInput, ChangedMeanwhile."""
    with transaction():
        rights.require(by, Right.CHANGE_CATALOGUE)
        before = find(service_type.id)
        kept = {rule.key: getattr(before, rule.key) for rule in RULES}
        rules = _agreeing(parse_form(RULES, {**kept, **values}))
        same = (ServiceType.id == before.id) & (ServiceType.version == version)
        if not ServiceType.update(**rules, version=ServiceType.version + 1).where(same).execute():
            raise ChangedMeanwhile
        changed = {key: value for key, value in rules.items() if value != kept[key]}
        record(RulesChanged(before, by=by, before={key: kept[key] for key in changed}, after=changed))
        return find(before.id)


def require_skills(service_type: ServiceType, levels: Mapping[Skill, int], *, by: Actor) -> None:
    """Who does it holds each of these, at its level or above, and need hold no other. Raises NotFound, WrongInput."""
    with transaction():
        rights.require(by, Right.CHANGE_CATALOGUE)
        service_type = find(service_type.id)
        before, after = skills_of(service_type), skills.checked(levels)
        ServiceTypeSkill.delete().where(ServiceTypeSkill.service_type == service_type).execute()
        for skill_id, level in after.items():
            ServiceTypeSkill.create(service_type=service_type, skill=skill_id, level=level)
        record(SkillsRequired(service_type, by=by, before={'skills': before}, after={'skills': after}))


def skills_of(service_type: ServiceType) -> dict[int, int]:
    """The level that it asks for, by skill id."""
    rows = ServiceTypeSkill.select().where(ServiceTypeSkill.service_type == service_type)
    return {row.skill_id: row.level for row in rows}


def refuse_to_end_asked_skill(change: SkillEnded) -> None:
    """Asked before a skill ends. Raises StillAsked."""
    asking = ServiceTypeSkill.select(ServiceTypeSkill.service_type).where(ServiceTypeSkill.skill == change.row)
    rows = ServiceType.select().where(ServiceType.id.in_(asking) & ServiceType.ended_at.is_null())
    names = [row.name for row in rows.order_by(ServiceType.name, ServiceType.id)]
    if names:
        raise StillAsked(services=', '.join(names), skill=change.before['name'])


def on_portal(product: Product | None) -> list[ServiceType]:
    """What a customer may choose for this product; None: what needs no product."""
    number = product.id if product else None
    return on_portal_by_product([] if number is None else [number]).get(number, [])


def is_on_portal(service_type: ServiceType, product_id: int | None) -> bool:
    """Whether `on_portal` has it; `service_type` as it is now."""
    offered_for = rows('SELECT product_id FROM service_type_products WHERE service_type_id = ?', service_type.id)
    fits = not offered_for if product_id is None else (product_id,) in offered_for
    return fits and service_type.is_on_portal and service_type.ended_at is None


def on_portal_by_product(product_ids: Collection[int]) -> dict[int | None, list[ServiceType]]:
    """What a customer may choose for each of these, by name, and under None what needs no product; in one query."""
    number = ServiceTypeProduct.product
    each: Any = ServiceType.select(ServiceType, number.alias('product_id')).join(ServiceTypeProduct, JOIN.LEFT_OUTER)
    live = ServiceType.ended_at.is_null() & ServiceType.is_on_portal
    chosen = each.where(live & (number.is_null() | number.in_(list(product_ids))))
    found: dict[int | None, list[ServiceType]] = defaultdict(list)
    for row in chosen.order_by(ServiceType.name, ServiceType.id).objects():
        found[row.product_id].append(row)
    return dict(found)


def find(service_type_id: int) -> ServiceType:
    """A live one. Raises NotFound."""
    found = ServiceType.find_live(service_type_id)
    if found is None:
        raise NotFound
    return found


def _agreeing(rules: dict[str, Any]) -> dict[str, Any]:
    """The rules, if something can be booked by them. Raises InvalidInput where the greatest is less than the least."""
    wrong = [greatest for least, greatest in NOTICES if rules[greatest] is not None and rules[greatest] < rules[least]]
    if wrong:
        sentence = N_('The greatest notice must not be less than the least.')
        raise InvalidInput({key: WrongInput(sentence) for key in wrong}, rules)
    return rules
