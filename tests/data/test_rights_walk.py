"""Every command, called directly by everybody on everything, answers as tests/expected_rights.py says."""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import makers
import pytest
import schema_reader
from expected_rights import ANY, ENDED, EVERYBODY, EXPECTED, FOREIGN, INNER, OWN, QUESTIONS, UNKNOWN
from rights_scene import Scene
from sources import Origins, module_of, modules

import main
from data.access import profiles, sessions, settings, staff
from data.access.roles import Role
from data.base import clock
from data.base.actor import Actor
from data.base.database import database as connected
from data.base.database import transaction
from data.base.refusals import NotFound, Refusal
from data.crew import calendars, closed_days, public_holidays, technicians
from data.crew.public_holidays import PublicHoliday
from data.messages import message_lists
from data.offer import products, service_types, skills, territories
from data.offer.service_types import ServiceType
from data.people import assets, customers, invitations, sites
from data.people.assets import Asset
from data.people.customers import Site
from data.visits import (
    booking_lists,
    booking_steps,
    bookings,
    choices,
    corrections,
    free_times,
    offers,
    reasons,
    statuses,
)
from data.visits.reasons import Question
from data.visits.states import Reason, State
from data.visits.wishes import Wish


class Undone(Exception):
    """Takes back what a call has written."""


CONTACT = {'name': 'Una', 'email': None, 'phone': None}
SITE = {'address': '2 Elm Court', 'access_notes': None}
ASSET = {'name': 'Stove', 'serial_number': None, 'installed_year': None}
COLLEAGUE = {'name': 'New', 'email': 'new@alder.example', 'roles': ('dispatcher',)}
PROFILE = {'name': 'Else', 'phone': None, 'language': 'en'}
TECHNICIAN = {'name': 'New', 'phone': None}
DAY = clock.now().date() + timedelta(days=9)
HOURS = makers.WORKDAY

CALLS: dict[str, Callable[[Scene, str, Actor], object]] = {
    'access.profiles.change': lambda s, kind, by: profiles.change(s.account[kind], PROFILE, version=1, by=by),
    'access.sessions.live_of': lambda _, __, by: sessions.live_of(by),
    'access.sessions.end': lambda s, kind, by: sessions.end(s.session[kind], by=by),
    'access.settings.change': lambda _, __, by: settings.change({'business.name': 'Else'}, by=by),
    'access.staff.add': lambda _, __, by: staff.add(COLLEAGUE, by=by),
    'access.staff.everyone': lambda _, __, by: staff.everyone(by=by),
    'access.staff.invite_again': lambda s, kind, by: staff.invite_again(
        s.account['never welcomed, ended' if kind == ENDED else kind], by=by
    ),
    'access.staff.take_role': lambda s, kind, by: staff.take_role(
        s.account[kind], Role.OWNER if kind == 'last owner' else Role.DISPATCHER, by=by
    ),
    'offer.products.add': lambda _, __, by: products.add({'name': 'Else'}, by=by),
    'offer.service_types.add': lambda s, kind, by: service_types.add(
        {'name': 'Else', 'duration_minutes': 60}, products=[s.product[kind]], by=by
    ),
    'offer.service_types.change_rules': lambda s, kind, by: service_types.change_rules(
        s.service_type[kind], {'set_up_minutes': 7}, version=1, by=by
    ),
    'offer.service_types.require_skills': lambda s, kind, by: service_types.require_skills(
        s.service_type[OWN if 'skill' in kind else kind],
        {s.skill[kind.removesuffix(' skill') if 'skill' in kind else 'live']: 2},
        by=by,
    ),
    'offer.skills.add': lambda _, __, by: skills.add({'name': 'Else'}, by=by),
    'offer.skills.rename': lambda s, kind, by: skills.rename(s.skill[kind], {'name': 'Else'}, version=1, by=by),
    'offer.skills.end': lambda s, kind, by: skills.end(s.skill[kind], by=by),
    'offer.territories.add': lambda _, __, by: territories.add({'name': 'Else'}, by=by),
    'offer.territories.rename': lambda s, kind, by: territories.rename(
        s.territory[kind], {'name': 'Else'}, version=1, by=by
    ),
    'offer.territories.end': lambda s, kind, by: territories.end(s.territory[kind], by=by),
    'people.customers.add': lambda _, __, by: customers.add({'name': 'Else'}, CONTACT, SITE, by=by),
    'people.customers.add_contact': lambda s, kind, by: customers.add_contact(s.customer[kind], CONTACT, by=by),
    'people.customers.add_site': lambda s, kind, by: customers.add_site(s.customer[kind], SITE, by=by),
    'people.customers.find': lambda s, kind, by: customers.find(s.customer[kind].id, by=by),
    'people.customers.search': lambda _, __, by: customers.search(by=by),
    'people.customers.contacts': lambda s, kind, by: customers.contacts(s.customer[kind], by=by),
    'people.customers.contacts_of_each': lambda s, kind, by: customers.contacts_of_each([s.customer[kind]], by=by),
    'people.customers.sites': lambda s, kind, by: customers.sites(s.customer[kind], by=by),
    'people.customers.sites_of_each': lambda s, kind, by: customers.sites_of_each([s.customer[kind]], by=by),
    'people.customers.own_contacts': lambda _, __, by: customers.own_contacts(by),
    'people.customers.own_sites': lambda _, __, by: customers.own_sites(by),
    'people.customers.own_contact': lambda s, kind, by: customers.own_contact(by, s.customer[kind].id),
    'people.sites.pin': lambda s, kind, by: sites.pin(s.site[kind], 41.9, -87.6, by=by),
    'people.sites.unpin': lambda s, kind, by: sites.unpin(s.site[kind], by=by),
    'people.sites.set_territory': lambda s, kind, by: sites.set_territory(s.site[kind], None, by=by),
    'people.assets.of_customer': lambda s, kind, by: assets.of_customer(s.customer[kind].id, by=by),
    'people.assets.own_assets': lambda _, __, by: assets.own_assets(by),
    'people.assets.add': lambda s, kind, by: assets.add(
        s.site[OWN if 'product' in kind else kind],
        s.product[kind.removesuffix(' product') if 'product' in kind else 'live product'],
        ASSET,
        by=by,
    ),
    'people.invitations.latest': lambda s, kind, by: invitations.latest(s.contact[kind], by=by),
    'people.invitations.invite': lambda s, kind, by: invitations.invite(s.relative[kind], by=by),
    'people.invitations.revoke': lambda s, kind, by: invitations.revoke(s.invitation[kind], by=by),
    'people.invitations.connect': lambda s, kind, by: invitations.connect(s.secret[kind], origin='::1', by=by),
    'people.invitations.recent': lambda _, __, by: invitations.recent(by=by),
    'crew.technicians.add': lambda s, kind, by: technicians.add(
        TECHNICIAN,
        account=None if kind == ANY else s.account.get(kind) or s.account[kind.removesuffix(' account')],
        by=by,
    ),
    'crew.technicians.give_skills': lambda s, kind, by: technicians.give_skills(
        s.technician['live' if 'skill' in kind else kind], {s.skill[ENDED if 'skill' in kind else 'live']: 2}, by=by
    ),
    'crew.technicians.set_territories': lambda s, kind, by: technicians.set_territories(
        s.technician['live' if 'territory' in kind else kind],
        [s.territory[ENDED if 'territory' in kind else 'live']],
        by=by,
    ),
    'crew.technicians.set_home': lambda s, kind, by: technicians.set_home(s.technician[kind], 41.88, -87.63, 30, by=by),
    'crew.calendars.set_week': lambda s, kind, by: calendars.set_week(s.technician[kind], {0: HOURS}, by=by),
    'crew.calendars.set_override': lambda s, kind, by: calendars.set_override(s.technician[kind], DAY, HOURS, by=by),
    'crew.calendars.remove_override': lambda s, kind, by: calendars.remove_override(s.technician[kind], DAY, by=by),
    'crew.calendars.add_time_off': lambda s, kind, by: calendars.add_time_off(
        s.technician[kind], s.start, s.start + timedelta(hours=1), by=by
    ),
    'crew.calendars.remove_time_off': lambda s, kind, by: calendars.remove_time_off(s.time_off[kind], by=by),
    'crew.closed_days.close': lambda _, __, by: closed_days.close(DAY, 'Fair', by=by),
    'crew.closed_days.rename': lambda s, kind, by: closed_days.rename(s.day[kind], 'Else', by=by),
    'crew.closed_days.reopen': lambda s, kind, by: closed_days.reopen(s.day[kind], by=by),
    'crew.public_holidays.suggested': lambda _, __, by: public_holidays.suggested(2030, by=by),
    'crew.public_holidays.close': lambda _, __, by: public_holidays.close(
        [PublicHoliday(day=DAY, name='Fair', is_closed=False)], by=by
    ),
    'visits.bookings.book': lambda s, kind, by: bookings.book(wish(s, kind), by=by, key='walk'),
    'visits.offers.offered': lambda s, kind, by: offers.offered(
        *asked(s, kind), asset=asset_asked(s, kind), first_day=DAY, last_day=DAY, by=by
    ),
    'visits.offers.open_days': lambda s, kind, by: offers.open_days(
        *asked(s, kind), asset=asset_asked(s, kind), first_day=DAY, last_day=DAY, by=by
    ),
    'visits.offers.nearby': lambda s, kind, by: offers.nearby(*asked(s, kind), DAY, asset=asset_asked(s, kind), by=by),
    'visits.bookings.find': lambda s, kind, by: bookings.find(s.booking_id[kind], by=by),
    'visits.offers.offered_again': lambda s, kind, by: offers.offered_again(
        s.booking(kind), first_day=DAY, last_day=DAY, by=by
    ),
    'visits.offers.open_days_again': lambda s, kind, by: offers.open_days_again(
        s.booking(kind), first_day=DAY, last_day=DAY, by=by
    ),
    'visits.offers.nearby_again': lambda s, kind, by: offers.nearby_again(s.booking(kind), DAY, by=by),
    'visits.bookings.move': lambda s, kind, by: bookings.move(s.booking(kind), s.start, by=by, key='walk'),
    'visits.bookings.modify': lambda s, kind, by: bookings.modify(s.booking(kind), 'Gate 7', by=by),
    'visits.bookings.cancel': lambda s, kind, by: bookings.cancel(
        s.booking(kind), Reason.NOBODY_THERE if kind == 'traveling' else Reason.CUSTOMER, by=by
    ),
    'visits.booking_steps.possible': lambda s, kind, by: booking_steps.possible(s.booking(kind), by=by),
    'visits.booking_steps.advance': lambda s, kind, by: booking_steps.advance(
        s.booking(kind), State.IN_PROGRESS, by=by
    ),
    'visits.booking_steps.set_status': lambda s, kind, by: booking_steps.set_status(
        s.booking(kind), s.status['default'], by=by
    ),
    'visits.corrections.settle': lambda s, kind, by: corrections.settle(
        s.booking(kind), work_started_at=s.yesterday, completed_at=s.yesterday, by=by
    ),
    'visits.corrections.undo': lambda s, kind, by: corrections.undo(s.booking(kind), by=by),
    'visits.statuses.add': lambda _, __, by: statuses.add({'state': State.COMPLETED, 'name': 'Paid'}, by=by),
    'visits.statuses.change': lambda s, kind, by: statuses.change(s.status[kind], {'name': 'Else'}, by=by),
    'visits.statuses.set_default': lambda s, kind, by: statuses.set_default(s.status[kind], by=by),
    'visits.statuses.end': lambda s, kind, by: statuses.end(s.status[kind], by=by),
    'visits.booking_lists.home': lambda _, __, by: booking_lists.home(by=by),
    'visits.booking_lists.coming': lambda _, __, by: booking_lists.coming(by=by),
    'visits.booking_lists.of_day': lambda _, __, by: booking_lists.of_day(DAY, by=by),
    'visits.booking_lists.of_technician': lambda _, __, by: booking_lists.of_technician(DAY, by=by),
    'visits.booking_lists.of_customer': lambda s, kind, by: booking_lists.of_customer(s.customer[kind], by=by),
    'visits.booking_lists.not_confirmed': lambda _, __, by: booking_lists.not_confirmed(by=by),
    'visits.booking_lists.history': lambda s, kind, by: booking_lists.history(s.booking(kind), by=by),
    'visits.reasons.why_not': lambda s, _, by: reasons.why_not(
        Question(wanted=free_times.wanted(s.site[OWN], s.service_type[OWN]), day=DAY), by=by
    ),
    'visits.choices.of_customer': lambda _, __, by: choices.of_customer(by),
    'messages.message_lists.recent': lambda _, __, by: message_lists.recent(by=by),
    'messages.message_lists.stuck': lambda _, __, by: message_lists.stuck(by=by),
    'messages.message_lists.find': lambda s, kind, by: message_lists.find(s.message[kind].id, by=by),
    'messages.message_lists.of_invitation': lambda s, kind, by: message_lists.of_invitation(s.invitation[kind], by=by),
    'messages.message_lists.of_invitations': lambda s, kind, by: message_lists.of_invitations(
        [s.invitation[kind]], by=by
    ),
    'messages.message_lists.open_secret': lambda s, kind, by: message_lists.open_secret(s.message[kind], by=by),
    'messages.message_lists.send_again': lambda s, kind, by: message_lists.send_again(s.message[kind], by=by),
}


def wish(s: Scene, kind: str) -> Wish:
    """All of one kind; or all own but the one thing that the kind names."""
    if kind in {OWN, FOREIGN, ENDED, UNKNOWN}:
        left = 'of ended customer' if kind == ENDED else kind
        return Wish(
            contact=s.contact[kind],
            site=s.site[left],
            asset=s.asset[kind],
            service_type=s.service_type[OWN],
            starts_at=s.start,
        )
    which, _, what = kind.partition(' ')
    rows = {name: getattr(s, name) for name in ('contact', 'site', 'asset')}
    chosen = {name: named.get(kind) or named[which if what == name else OWN] for name, named in rows.items()}
    return Wish(**chosen, service_type=s.service_type.get(kind, s.service_type[OWN]), starts_at=s.start)


def asked(s: Scene, kind: str) -> tuple[Site, ServiceType]:
    """Whose site, and what is to be done there."""
    return s.site.get(kind, s.site[OWN]), s.service_type.get(kind, s.service_type[OWN])


def asset_asked(s: Scene, kind: str) -> Asset | None:
    """None: something else."""
    if kind == 'something else':
        return None
    return s.asset.get(kind) or s.asset[FOREIGN if kind == 'foreign asset' else OWN]


def commands() -> Iterator[str]:
    """Every public function of data/ that takes `by`, as 'visits.bookings.book'."""
    main.import_rooms()
    for name in sorted(sys.modules):
        if name.startswith('data.'):
            for function, found in vars(sys.modules[name]).items():
                is_ours = inspect.isfunction(found) and found.__module__ == name and not function.startswith('_')
                if is_ours and 'by' in inspect.signature(found).parameters:
                    yield f'{name.removeprefix("data.")}.{function}'


def test_every_command_has_an_expectation_and_none_is_left_over() -> None:
    assert set(commands()) == EXPECTED.keys() | INNER | QUESTIONS
    assert EXPECTED.keys() == CALLS.keys()


@pytest.mark.usefixtures('database')
def test_every_command_answers_everybody_as_expected() -> None:
    scene = Scene()
    before = everything()
    wrong: list[str] = []

    for command, kinds in EXPECTED.items():
        for kind, allowed in kinds.items():
            for who, actor in scene.actors.items():
                call = partial(CALLS[command], scene, kind, actor)
                if complaint := complaint_about(command, who, call, may=allowed == EVERYBODY or who in allowed):
                    wrong.append(f'{command} · {kind} · {who}: {complaint}')
            if everything() != before:
                wrong.append(f'{command} · {kind}: somebody was refused, but something was written')
                before = everything()

    assert not wrong, '\n'.join(wrong)


def complaint_about(command: str, who: str, call: Callable[[], object], *, may: bool) -> str | None:
    answer = undone(call)
    if may:
        return f'should be allowed, not {answer!r}' if answer else None
    if not isinstance(answer, Refusal):
        return f'should be refused, not {answer!r}'
    knows_of_it = any(who in others for others in EXPECTED[command].values())
    if not knows_of_it and not isinstance(answer, NotFound):
        return f'should learn nothing but NotFound, not {answer!r}'
    with pytest.raises(Refusal):  # once more, and not undone: a refusal itself must leave nothing
        call()
    return None


def undone(call: Callable[[], object]) -> Exception | None:
    """Calls, and takes back what it did; returns what it raised."""
    try:
        with transaction():
            call()
            raise Undone  # noqa: TRY301  # here is where it is undone
    except Undone:
        return None
    except Exception as error:  # noqa: BLE001  # whatever a command may raise is the answer to be judged
        return error


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the counts of tries, which a refusal keeps."""
    tables = [table for table in schema_reader.tables() if table != 'throttle']
    query = 'SELECT * FROM {} ORDER BY id'
    return {table: connected.execute_sql(query.format(table)).fetchall() for table in tables}


@pytest.mark.parametrize('path', modules('ui', 'mail'), ids=module_of)
def test_pages_and_carriers_call_nothing_that_does_not_ask(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding='utf-8'))
    origins = Origins(tree)
    named = {origins.of(node) for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute)}

    assert named & {f'data.{inner}' for inner in INNER} == set()
