"""The persons of the tests: who they are, where they live, how they are reached."""

from dataclasses import dataclass

PASSWORD = 'seven alder leaves in May'  # everybody's here


@dataclass(frozen=True)
class Person:
    """Somebody invented. `email` is folded, as accounts keep it."""

    name: str
    email: str
    phone: str = '+13125550142'


OLGA = Person('Olga Winter', 'olga@alder.example', '+13125550100')  # owns the business
CLEO = Person('Cleo Marsh', 'cleo@alder.example')  # dispatcher
TOM = Person('Tom Reed', 'tom@alder.example')  # technician
TESS = Person('Tess Kowal', 'tess@alder.example')  # technician without a sign-in
ADA = Person('Ada Lind', 'ada@example.com')  # customer
NIELS = Person('Niels Lind', 'ada@example.com')  # of Ada's household; couples share an address
BRUNO = Person('Bruno Sá', 'bruno@example.org')  # another customer
RUTH = Person('Ruth Abel', 'ruth@example.net')  # nobody's customer yet

ALDER_STREET = '18 Alder Street, Chicago, IL 60614'
BIRCH_LANE = '7 Birch Lane, Chicago, IL 60640'
