"""Where each form of a NiceGUI page stands, how it is reached, and what saves it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from people import ADA, OLGA, Person


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """`scope` encloses the form's fields and its button, as a Playwright selector."""

    address: str  # {customer}: the customer of the scene
    person: Person = OLGA
    opens: tuple[str, ...] = ()  # selectors to press first, in this order
    scope: str = 'main form'
    button: str
    good: Mapping[str, str | tuple[str, ...]]  # by field key; of choices the value, of several the labels
    beside: Mapping[str, str] = field(default_factory=dict)  # good values of the page's other forms, by label
    saved: str  # seen once good values are saved


PAGES: dict[str, FormPage] = {
    'customer': FormPage(
        address='/staff/customers/new',
        button='Add customer',
        good={'name': 'Quill & Sons'},
        beside={'Contact': 'Quentin Quill', 'Address': '9 Dune Road, Chicago, IL 60614'},
        saved='Quentin Quill',
    ),
    'contact': FormPage(
        address='/staff/customers/{customer}',
        opens=('summary:has-text("Add contact")',),
        scope='form:has(button:has-text("Add contact"))',
        button='Add contact',
        good={'name': 'Rosa Lind', 'email': 'rosa@example.com', 'phone': '(312) 555-0143'},
        saved='Contact added.',
    ),
    'site': FormPage(
        address='/staff/customers/{customer}',
        opens=('summary:has-text("Add site")',),
        scope='form:has(button:has-text("Add site"))',
        button='Add site',
        good={'address': '3 Fir Close, Chicago', 'postcode': '60614', 'access_notes': 'A dog.\nRing twice.'},
        saved='Site added.',
    ),
    'asset': FormPage(
        address='/staff/customers/{customer}',
        opens=('summary:has-text("Add product")',),
        scope='form:has(button:has-text("Add product"))',
        button='Add product',
        good={'name': 'Hoval 3', 'serial_number': 'SN 4471', 'installed_year': '2021'},
        beside={'Site': '18 Alder Street, Chicago, IL 60614', 'Product': 'Boiler'},
        saved='Product added.',
    ),
    'staff account': FormPage(
        address='/staff/accounts',
        button='Add',
        good={'name': 'Vera Stone', 'email': 'vera@alder.example', 'roles': ('Dispatcher', 'Technician')},
        saved='One-time link for Vera Stone',
    ),
    'business settings': FormPage(
        address='/staff/settings',
        scope='form#business',
        button='Save',
        good={'business.name': 'Birch Heating', 'business.language': 'en', 'business.phone': '+1 312 555 0111'},
        saved='Saved.',
    ),
    'driving settings': FormPage(
        address='/staff/settings',
        scope='form#driving',
        button='Save',
        good={'driving.unknown_minutes': '35'},
        saved='Saved.',
    ),
    'booking settings': FormPage(
        address='/staff/settings',
        scope='form#bookings',
        button='Save',
        good={'bookings.cut_off_hours': '24', 'bookings.most_open': '3'},
        saved='Saved.',
    ),
    'mail settings': FormPage(
        address='/staff/settings',
        scope='form#mail',
        button='Save',
        good={
            'mail.host': 'smtp.example.com',
            'mail.port': '465',
            'mail.security': 'tls',
            'mail.user': 'alder',
            'mail.password': 'fir and oak',
            'mail.sender': 'office@alder.example',
        },
        saved='Saved.',
    ),
    'map settings': FormPage(
        address='/staff/settings',
        scope='form#maps',
        button='Save',
        good={
            'geocoding.address': 'https://nominatim.alder.example',
            'routing.address': 'https://osrm.alder.example/v5',
        },
        saved='Saved.',
    ),
    'booking': FormPage(
        address='/book',
        person=ADA,
        opens=('.choice', '.month button.day', '.times button'),
        scope='.book-when',
        button='Book',
        good={'comment': 'The gate sticks.'},
        saved='The gate sticks.',
    ),
    'profile': FormPage(
        address='/profile',
        person=ADA,
        scope='.card:has(button:has-text("Save"))',
        button='Save',
        good={'name': 'Ada Byron', 'phone': '+1 312 555 0144', 'language': 'en'},
        saved='Saved.',
    ),
}
