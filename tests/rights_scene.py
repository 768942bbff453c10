"""A small business in the middle of its life: everybody who may ask, and what is own, foreign, ended and unknown."""

from datetime import datetime, timedelta
from typing import TypeVar

import makers
from expected_rights import ENDED, FOREIGN, OWN, UNKNOWN
from makers import signed_in
from people import ADA, BRUNO, CLEO, NIELS, OLGA, RUTH, TESS, Person

from data.access import sessions, staff
from data.access.accounts import Account
from data.access.roles import Role
from data.access.sessions import Session
from data.base import clock
from data.base.actor import SYSTEM, Actor, Via
from data.base.database import transaction
from data.base.table import Table
from data.crew import calendars, closed_days
from data.crew.technicians import TechnicianTerritory
from data.messages.outbox import Message
from data.people import customers, invitations
from data.people.customers import Contact, Site
from data.visits import booking_steps, bookings, statuses
from data.visits.booking_table import Booking
from data.visits.states import State

NUMBER = 1_000_000  # no row has it
LOCKED, HAS_LEFT = Person('Lou Locked', 'lou@alder.example'), Person('Hal Left', 'hal@alder.example')
HELPER = Person('Bea Helper', 'bea@example.org')
Row = TypeVar('Row', bound=Table)


class Scene:
    """Rows by kind, for each thing that a command takes; `own` is the customer's."""

    def __init__(self) -> None:
        with transaction():
            self.cast = makers.make_cast()
            self._offer()
            self._accounts()
            self._households()
            self._crew()
            self._bookings()
            self._statuses()
            self._invitations()
            self.actors = self._actors()

    def _offer(self) -> None:
        own = self.cast.household.asset.product
        self.product = {'live product': own, ENDED: ended(makers.make_product('Stove')), UNKNOWN: unknown(own)}
        standard = self.cast.service_type
        self.service_type = {
            OWN: standard,
            'ended service type': ended(makers.make_service_type(own)),
            'service type off the portal': makers.make_service_type(own, is_on_portal=False),
            'unknown service type': unknown(standard),
        }
        skill, asked, territory = makers.make_skill(), makers.make_skill('Asked for'), makers.make_territory()
        makers.make_service_type(own, skills={asked: 1}, is_on_portal=False)
        self.skill = {'live': skill, 'asked for': asked, ENDED: ended(makers.make_skill()), UNKNOWN: unknown(skill)}
        self.territory = {'live': territory, ENDED: ended(makers.make_territory()), UNKNOWN: unknown(territory)}

    def _accounts(self) -> None:
        with_left = makers.make_account(Person('Lena Left', 'lena@alder.example'), Role.DISPATCHER)
        new = makers.make_account(Person('Nora New', 'nora@alder.example'), Role.DISPATCHER)
        never_came = makers.make_account(Person('Ned Never', 'ned@alder.example'), Role.DISPATCHER)
        for account in (new, never_came):
            Account.update(password_hash=None).where(Account.id == account.id).execute()
        own, foreign = self.cast.household.account, self.cast.other_household.account
        assert own is not None
        assert foreign is not None
        self.account = {
            OWN: own,
            FOREIGN: foreign,
            ENDED: ended(with_left),
            UNKNOWN: unknown(own),
            "a customer's account": own,
            'welcomed': Account.get(Account.email == CLEO.email),
            'colleague': Account.get(Account.email == CLEO.email),
            'last owner': Account.get(Account.email == OLGA.email),
            'role not held': own,
            'not yet welcomed': Account.get_by_id(new.id),
            'never welcomed, ended': ended(never_came),
        }
        others = signed_in(own)
        sessions.end(session_of(others), by=others)
        self.session = {
            OWN: session_of(signed_in(own)),
            FOREIGN: session_of(signed_in(foreign)),
            ENDED: session_of(others),
            UNKNOWN: unknown(session_of(signed_in(own))),
        }

    def _households(self) -> None:
        mine, theirs = self.cast.household, self.cast.other_household
        left = makers.make_customer(ADA, address='3 Old Road', product=mine.asset.product, signs_in=False)
        self.left_booking = makers.make_booking(left, self.cast.service_type)
        Contact.update(account=mine.account).where(Contact.id == left.contact.id).execute()
        old_site = customers.add_site(mine.customer, {'address': '1 Past Lane', 'access_notes': None}, by=SYSTEM)
        self.customer = {OWN: mine.customer, FOREIGN: theirs.customer, ENDED: ended(left.customer)}
        self.customer[UNKNOWN] = unknown(mine.customer)
        self.contact = {OWN: mine.contact, FOREIGN: theirs.contact, ENDED: left.contact}
        self.contact['ended contact'] = ended(makers.make_contact(mine, TESS, signs_in=False))
        self.contact[UNKNOWN] = unknown(mine.contact)
        self.asset = {OWN: mine.asset, FOREIGN: theirs.asset, ENDED: left.asset}
        self.asset['ended asset'] = ended(makers.make_asset(mine.site, mine.asset.product))
        self.asset[UNKNOWN] = unknown(mine.asset)
        self.site = {OWN: mine.site, FOREIGN: theirs.site, ENDED: ended(old_site), 'of ended customer': left.site}
        self.site[UNKNOWN] = unknown(mine.site)
        in_territory = makers.make_territory('South Side')
        Site.update(territory=in_territory).where(Site.id == theirs.site.id).execute()
        TechnicianTerritory.create(technician=self.cast.technician_row, territory=in_territory)
        self.territory['with a site'] = in_territory
        self.start: datetime = makers.free_starts(mine, self.cast.service_type)[40]

    def _crew(self) -> None:
        live, left = self.cast.technician_row, makers.make_technician(RUTH)
        start, end = clock.now() + timedelta(days=200), clock.now() + timedelta(days=201)
        away, left_away = (calendars.add_time_off(each, start, end, by=SYSTEM) for each in (live, left))
        self.time_off = {'live': away, ENDED: left_away, UNKNOWN: unknown(away)}
        self.technician = {'live': live, ENDED: ended(left), UNKNOWN: unknown(live)}
        self.account["technician's account"] = Account.get_by_id(live.account_id)
        self.day = {'closed': start.date(), 'open': end.date()}
        closed_days.close(self.day['closed'], 'Fair', by=SYSTEM)

    def _bookings(self) -> None:
        mine, theirs, kind = self.cast.household, self.cast.other_household, self.cast.service_type
        canceled = makers.make_booking(mine, kind)
        Booking.update(state='canceled', canceled_at=clock.now()).where(Booking.id == canceled.id).execute()
        own = makers.make_booking(mine, kind)
        another = makers.make_booking(mine, kind)
        foreign = makers.make_booking(theirs, kind)
        traveling = booking_steps.advance(makers.make_booking(mine, kind), State.TRAVELING, by=SYSTEM)
        Booking.update(technician=makers.make_technician(TESS)).where(Booking.id == another.id).execute()
        self.booking_id = {
            OWN: own.id,
            FOREIGN: foreign.id,
            ENDED: canceled.id,
            UNKNOWN: NUMBER,
            'of an ended customer': self.left_booking.id,
            'of another technician': another.id,
            'not confirmed': self._long_over().id,
            'traveling': traveling.id,
            'over for long': self._over_for_long(),
            'just canceled': bookings.cancel(makers.make_booking(mine, kind), by=SYSTEM).id,
        }

    def _long_over(self) -> Booking:
        """Of yesterday, and nobody said anything."""
        made = makers.make_booking(self.cast.household, self.cast.service_type)
        self.yesterday = made.starts_at - timedelta(days=(made.starts_at - clock.now()).days + 1)
        end = self.yesterday + (made.ends_at - made.starts_at)
        columns = {'starts_at': self.yesterday, 'ends_at': end, 'blocks_until': end}
        Booking.update(columns).where(Booking.id == made.id).execute()
        return made

    def _over_for_long(self) -> int:
        """Done fifteen days ago."""
        made = makers.make_booking(self.cast.household, self.cast.service_type)
        columns = {name: getattr(made, name) - timedelta(days=40) for name in ('starts_at', 'ends_at', 'blocks_until')}
        columns['left_at'] = clock.now() - timedelta(days=15)
        Booking.update(columns, state='completed').where(Booking.id == made.id).execute()
        return int(made.id)

    def booking(self, kind: str) -> Booking:
        """As a page would hold it."""
        found: Booking | None = Booking.get_or_none(Booking.id == self.booking_id[kind])
        return found or unknown(Booking.get_by_id(self.booking_id[OWN]))

    def _statuses(self) -> None:
        one, over = (statuses.add({'state': State.SCHEDULED, 'name': name}, by=SYSTEM) for name in ('New', 'Old'))
        self.status = {
            'default': statuses.default_of(State.SCHEDULED),
            'live': one,
            ENDED: ended(over),
            UNKNOWN: unknown(one),
        }

    def _invitations(self) -> None:
        mine, theirs = self.cast.household, self.cast.other_household
        self.relative = {
            OWN: makers.make_contact(mine, NIELS, signs_in=False),
            FOREIGN: makers.make_contact(theirs, RUTH, signs_in=False),
            ENDED: self.contact['ended contact'],
            UNKNOWN: unknown(mine.contact, account=None),
            'who is in': mine.contact,
            'without address': makers.make_contact(theirs, Person('No Mail', ''), signs_in=False, email=None),
        }
        over = makers.make_invitation(makers.make_contact(theirs, BRUNO, signs_in=False))
        invitations.revoke(over.invitation, by=SYSTEM)
        Contact.update(account=makers.make_account(HELPER)).where(Contact.id == over.invitation.contact_id).execute()
        self.asked = {kind: makers.make_invitation(self.relative[kind]) for kind in (OWN, FOREIGN)} | {ENDED: over}
        self.invitation = {kind: asked.invitation for kind, asked in self.asked.items()}
        self.invitation[UNKNOWN] = unknown(over.invitation)
        self.secret = {kind: asked.link_token for kind, asked in self.asked.items()} | {UNKNOWN: 'ABCDEFGH'}
        self.message = {kind: message_of('invitation', asked.invitation.id) for kind, asked in self.asked.items()}
        self.message[UNKNOWN] = unknown(self.message[OWN])
        self.message["a colleague's, waiting"] = self._welcome('Wim Waiting', 'wim@alder.example')
        self.message["a colleague's, given up"] = self._welcome('Gus Gone', 'gus@alder.example')
        given_up = Message.id == self.message["a colleague's, given up"].id
        Message.update(state='failed', sealed_facts=None).where(given_up).execute()

    def _welcome(self, name: str, email: str) -> Message:
        added = staff.add({'name': name, 'email': email, 'roles': ['dispatcher']}, by=SYSTEM)
        return message_of('staff_invitation', added.account.id)

    def _actors(self) -> dict[str, Actor]:
        """All who may ask; the last six may nothing, though they look like the owner."""
        cast = self.cast
        left_open, locked = signed_in(self.account['last owner']), signed_in(makers.make_owner(LOCKED))
        has_left = signed_in(makers.make_owner(HAS_LEFT))
        sessions.end(session_of(left_open), by=left_open)
        Account.update(locked_at=clock.now()).where(Account.id == locked.account_id).execute()
        Account.update(ended_at=clock.now()).where(Account.id == has_left.account_id).execute()
        return {
            'stranger': cast.stranger,
            'customer': cast.customer,
            'other customer': cast.other_customer,
            'technician': cast.technician,
            'dispatcher': cast.dispatcher,
            'owner': cast.owner,
            'owner who has signed out': left_open,
            'owner who is locked': locked,
            'owner who has left': has_left,
            "owner's account, another's session": Actor(cast.owner.account_id, cast.customer.session_id, Via.PERSON),
            "owner's account, no session": Actor(cast.owner.account_id, None, Via.PERSON),
            'owner by a booking link': Actor(cast.owner.account_id, None, Via.BOOKING_LINK),
        }


def ended(row: Row) -> Row:
    kind = type(row)
    kind.update(ended_at=clock.now()).where(kind.id == row.id).execute()
    found: Row = kind.get_by_id(row.id)
    return found


def unknown(row: Row, **columns: object) -> Row:
    """As if the row existed under a number that none has."""
    made: Row = type(row)(**{**row.__data__, 'id': NUMBER, **columns})
    return made


def session_of(actor: Actor) -> Session:
    session: Session = Session.get_by_id(actor.session_id)
    return session


def message_of(wording: str, subject_id: int) -> Message:
    message: Message = Message.get((Message.wording == wording) & (Message.subject_id == subject_id))
    return message
