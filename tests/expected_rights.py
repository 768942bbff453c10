"""Who may call what, written by hand: every public function of data/ that takes `by`, for every kind of object.

Read a line as: for an object that is …, these may; everybody else is refused. `own` is the customer's (a household with
site, asset, booking; their account, their session), `foreign` the other customer's, `ended` the customer's but over,
`unknown` in no table. Who has signed out, is locked, has left or uses
another's session may nothing.
"""

STRANGER, CUSTOMER, OTHER_CUSTOMER = {'stranger'}, {'customer'}, {'other customer'}
TECHNICIAN, DISPATCHER, OWNER = {'technician'}, {'dispatcher'}, {'owner'}
STAFF = DISPATCHER | OWNER
SIGNED_IN = CUSTOMER | OTHER_CUSTOMER | TECHNICIAN | STAFF
NOBODY: set[str] = set()
EVERYBODY = {'everybody'}  # also who is not signed in: the answer is what is theirs, for them nothing

ANY = 'any'  # there is no object
OWN, FOREIGN, ENDED, UNKNOWN = 'own', 'foreign', 'ended', 'unknown'

ANY_CUSTOMERS = {OWN: STAFF, FOREIGN: STAFF, ENDED: NOBODY, UNKNOWN: NOBODY}  # staff serve every living customer
STAFF_LOOK = {OWN: STAFF, FOREIGN: STAFF, ENDED: STAFF, UNKNOWN: STAFF}  # of what is not there they see nothing
OF_HOUSEHOLD = {  # what its customer may do with a booking as well
    OWN: STAFF | CUSTOMER,
    FOREIGN: STAFF | OTHER_CUSTOMER,
    ENDED: NOBODY,  # canceled
    UNKNOWN: NOBODY,
    'of an ended customer': STAFF,
    'of another technician': STAFF | CUSTOMER,
}
OF_TECHNICIAN = {  # what its technician may do with a booking as well
    OWN: STAFF | TECHNICIAN,
    FOREIGN: STAFF | TECHNICIAN,
    ENDED: NOBODY,
    UNKNOWN: NOBODY,
    'of an ended customer': STAFF | TECHNICIAN,
    'of another technician': STAFF,
}
OFFERED = {  # of whose site and asset
    OWN: STAFF | CUSTOMER,
    FOREIGN: STAFF | OTHER_CUSTOMER,
    ENDED: NOBODY,
    UNKNOWN: NOBODY,
    'foreign asset': NOBODY,  # each of these with all the rest own
    'ended asset': NOBODY,
    'ended service type': NOBODY,
    'unknown service type': NOBODY,
    'service type off the portal': STAFF,
    'something else': STAFF,  # on the portal the service type is for a product
}
ANYTHING_OF_STAFF = {ANY: STAFF}
ANYTHING_OF_THE_OWNER = {ANY: OWNER}

EXPECTED: dict[str, dict[str, set[str]]] = {
    'access.profiles.change': {OWN: CUSTOMER, FOREIGN: OTHER_CUSTOMER, ENDED: NOBODY, UNKNOWN: NOBODY},
    'access.sessions.live_of': {ANY: SIGNED_IN},
    # ended: pressed twice, nothing happens
    'access.sessions.end': {OWN: CUSTOMER, FOREIGN: OTHER_CUSTOMER, ENDED: CUSTOMER, UNKNOWN: NOBODY},
    'access.settings.change': ANYTHING_OF_THE_OWNER,
    'access.staff.add': ANYTHING_OF_THE_OWNER,
    'access.staff.everyone': ANYTHING_OF_THE_OWNER,
    'access.staff.invite_again': {
        'not yet welcomed': OWNER,
        'welcomed': NOBODY,  # the link would set another's password
        "a customer's account": NOBODY,
        ENDED: NOBODY,
        UNKNOWN: NOBODY,
    },
    'access.staff.take_role': {'colleague': OWNER, 'last owner': NOBODY, 'role not held': NOBODY, UNKNOWN: NOBODY},
    'offer.products.add': ANYTHING_OF_THE_OWNER,
    'offer.service_types.add': {'live product': OWNER, ENDED: NOBODY, UNKNOWN: NOBODY},
    'offer.service_types.change_rules': {OWN: OWNER, 'ended service type': NOBODY, 'unknown service type': NOBODY},
    'offer.service_types.require_skills': {
        OWN: OWNER,
        'ended service type': NOBODY,
        'unknown service type': NOBODY,
        'ended skill': NOBODY,
        'unknown skill': NOBODY,
    },
    'offer.skills.add': ANYTHING_OF_THE_OWNER,
    'offer.skills.rename': {'live': OWNER, ENDED: NOBODY, UNKNOWN: NOBODY},
    'offer.skills.end': {'live': OWNER, 'asked for': NOBODY, ENDED: NOBODY, UNKNOWN: NOBODY},
    'offer.territories.add': ANYTHING_OF_THE_OWNER,
    'offer.territories.rename': {'live': OWNER, ENDED: NOBODY, UNKNOWN: NOBODY},
    'offer.territories.end': {'live': OWNER, 'with a site': NOBODY, ENDED: NOBODY, UNKNOWN: NOBODY},
    'people.customers.add': ANYTHING_OF_STAFF,
    'people.customers.add_contact': ANY_CUSTOMERS,
    'people.customers.add_site': ANY_CUSTOMERS,
    'people.customers.find': ANY_CUSTOMERS,
    'people.customers.search': ANYTHING_OF_STAFF,
    'people.customers.contacts': STAFF_LOOK,
    'people.customers.contacts_of_each': STAFF_LOOK,
    'people.customers.sites': STAFF_LOOK,
    'people.customers.sites_of_each': STAFF_LOOK,
    'people.customers.own_contacts': {ANY: EVERYBODY},
    'people.customers.own_sites': {ANY: EVERYBODY},
    'people.customers.own_contact': {OWN: EVERYBODY, FOREIGN: EVERYBODY, ENDED: EVERYBODY, UNKNOWN: EVERYBODY},
    'people.sites.pin': {
        OWN: STAFF | CUSTOMER,
        FOREIGN: STAFF | OTHER_CUSTOMER,
        ENDED: NOBODY,
        UNKNOWN: NOBODY,
        'of ended customer': NOBODY,
    },
    'people.sites.unpin': {
        OWN: STAFF | CUSTOMER,
        FOREIGN: STAFF | OTHER_CUSTOMER,
        ENDED: NOBODY,
        UNKNOWN: NOBODY,
        'of ended customer': NOBODY,
    },
    'people.sites.set_territory': {**ANY_CUSTOMERS, 'of ended customer': NOBODY},
    'people.assets.of_customer': STAFF_LOOK,
    'people.assets.own_assets': {ANY: EVERYBODY},
    'people.assets.add': {**ANY_CUSTOMERS, 'ended product': NOBODY, 'unknown product': NOBODY},
    'people.invitations.latest': STAFF_LOOK,
    'people.invitations.invite': {**ANY_CUSTOMERS, 'who is in': NOBODY, 'without address': NOBODY},
    'people.invitations.revoke': ANY_CUSTOMERS,
    'people.invitations.connect': {
        OWN: SIGNED_IN - CUSTOMER,  # the customer is in that household already
        FOREIGN: SIGNED_IN - OTHER_CUSTOMER,
        ENDED: NOBODY,
        UNKNOWN: NOBODY,
    },
    'people.invitations.recent': ANYTHING_OF_STAFF,
    'crew.technicians.add': {
        ANY: OWNER,
        'ended account': NOBODY,
        'unknown account': NOBODY,
        "technician's account": NOBODY,  # it is the sign-in of one already
    },
    'crew.technicians.give_skills': {'live': OWNER, ENDED: NOBODY, UNKNOWN: NOBODY, 'ended skill': NOBODY},
    'crew.technicians.set_territories': {'live': OWNER, ENDED: NOBODY, UNKNOWN: NOBODY, 'ended territory': NOBODY},
    'crew.technicians.set_home': {'live': OWNER, ENDED: NOBODY, UNKNOWN: NOBODY},
    'crew.calendars.set_week': {'live': OWNER, ENDED: NOBODY, UNKNOWN: NOBODY},
    'crew.calendars.set_override': {'live': STAFF, ENDED: NOBODY, UNKNOWN: NOBODY},
    'crew.calendars.remove_override': {'live': STAFF, ENDED: NOBODY, UNKNOWN: NOBODY},
    'crew.calendars.add_time_off': {'live': STAFF, ENDED: NOBODY, UNKNOWN: NOBODY},
    'crew.calendars.remove_time_off': {'live': STAFF, ENDED: NOBODY, UNKNOWN: NOBODY},  # ended: of who has left
    'crew.closed_days.close': ANYTHING_OF_STAFF,
    'crew.closed_days.rename': {'closed': STAFF, 'open': NOBODY},
    'crew.closed_days.reopen': {'closed': STAFF, 'open': STAFF},
    'crew.public_holidays.suggested': ANYTHING_OF_STAFF,
    'crew.public_holidays.close': ANYTHING_OF_STAFF,
    'visits.bookings.book': {
        OWN: STAFF | CUSTOMER,
        FOREIGN: STAFF | OTHER_CUSTOMER,
        ENDED: NOBODY,
        UNKNOWN: NOBODY,
        'foreign contact': NOBODY,  # each of these with all the rest own
        'foreign site': NOBODY,
        'foreign asset': NOBODY,
        'ended contact': NOBODY,
        'ended site': NOBODY,
        'ended asset': NOBODY,
        'ended service type': NOBODY,
        'service type off the portal': STAFF,
        'unknown contact': NOBODY,
        'unknown site': NOBODY,
        'unknown asset': NOBODY,
        'unknown service type': NOBODY,
    },
    'visits.offers.offered': OFFERED,
    'visits.offers.open_days': OFFERED,
    'visits.offers.nearby': OFFERED,
    'visits.bookings.find': {
        OWN: STAFF | CUSTOMER | TECHNICIAN,
        FOREIGN: STAFF | OTHER_CUSTOMER | TECHNICIAN,
        ENDED: STAFF | CUSTOMER | TECHNICIAN,  # canceled
        UNKNOWN: NOBODY,
        'of an ended customer': STAFF | TECHNICIAN,
        'of another technician': STAFF | CUSTOMER,
        'over for long': STAFF | CUSTOMER,
    },
    'visits.offers.offered_again': {**OF_HOUSEHOLD, ENDED: STAFF | CUSTOMER},  # they only read
    'visits.offers.open_days_again': {**OF_HOUSEHOLD, ENDED: STAFF | CUSTOMER},
    'visits.offers.nearby_again': {**OF_HOUSEHOLD, ENDED: STAFF | CUSTOMER},
    'visits.bookings.move': OF_HOUSEHOLD,
    'visits.bookings.modify': OF_HOUSEHOLD,
    'visits.bookings.cancel': {**OF_HOUSEHOLD, 'traveling': STAFF | TECHNICIAN},  # as nobody there
    'visits.booking_steps.possible': {
        OWN: STAFF | CUSTOMER | TECHNICIAN,
        FOREIGN: STAFF | OTHER_CUSTOMER | TECHNICIAN,
        UNKNOWN: NOBODY,
        'of another technician': STAFF | CUSTOMER,
    },
    'visits.booking_steps.advance': {**OF_TECHNICIAN, 'traveling': STAFF | TECHNICIAN},
    'visits.booking_steps.set_status': OF_TECHNICIAN,
    'visits.corrections.settle': {'not confirmed': STAFF, OWN: NOBODY, ENDED: NOBODY, UNKNOWN: NOBODY},
    'visits.corrections.undo': {'just canceled': STAFF, OWN: NOBODY, UNKNOWN: NOBODY},
    'visits.statuses.add': ANYTHING_OF_THE_OWNER,
    'visits.statuses.change': {'live': OWNER, ENDED: NOBODY, UNKNOWN: NOBODY},
    'visits.statuses.set_default': {'live': OWNER, ENDED: NOBODY, UNKNOWN: NOBODY},
    'visits.statuses.end': {'live': OWNER, 'default': NOBODY, ENDED: NOBODY, UNKNOWN: NOBODY},
    'visits.booking_lists.home': {ANY: SIGNED_IN},
    'visits.booking_lists.coming': ANYTHING_OF_STAFF,
    'visits.booking_lists.of_day': ANYTHING_OF_STAFF,
    'visits.booking_lists.of_technician': {ANY: TECHNICIAN},
    'visits.booking_lists.of_customer': STAFF_LOOK,
    'visits.booking_lists.not_confirmed': ANYTHING_OF_STAFF,
    'visits.booking_lists.history': STAFF_LOOK,
    'visits.reasons.why_not': ANYTHING_OF_STAFF,
    'visits.choices.of_customer': {ANY: SIGNED_IN},
    'messages.message_lists.recent': ANYTHING_OF_STAFF,
    'messages.message_lists.stuck': ANYTHING_OF_STAFF,
    'messages.message_lists.find': {OWN: STAFF, FOREIGN: STAFF, ENDED: STAFF, UNKNOWN: NOBODY},
    'messages.message_lists.of_invitation': STAFF_LOOK,
    'messages.message_lists.of_invitations': STAFF_LOOK,
    'messages.message_lists.open_secret': {
        **ANY_CUSTOMERS,
        "a colleague's, waiting": NOBODY,
        "a colleague's, given up": NOBODY,
    },
    'messages.message_lists.send_again': {
        **ANY_CUSTOMERS,
        "a colleague's, waiting": STAFF,  # tried once more, nothing new is made
        "a colleague's, given up": OWNER,
    },
}

INNER = {  # called by commands, which have asked: no page and no carrier may call them
    'access.accounts.make',
    'access.accounts.set_password',
    'access.accounts.give_roles',
    'access.accounts.take_role',
    'access.sessions.end_all',
    'base.form_keys.made_before',
    'base.form_keys.remember',
    'visits.booking_table.find_again',
    'visits.booking_table.require_as_seen',
    'visits.booking_table.who',
    'visits.booking_steps.allowed',
    'visits.booking_steps.cancels_as_customer',
    'visits.booking_steps.take',
    'visits.one_at_a_time.in_the_way',
    'visits.one_at_a_time.write',
    'visits.true_times.checked',
    'visits.wishes.checked',
    'visits.wishes.require_arranged',
    'visits.wishes.require_length',
}
# they are what asks
QUESTIONS = {'access.rights.require', 'access.rights.may', 'access.sessions.is_live', 'access.sessions.account_of'}
