"""The whole product: tables, rules and words. Nothing here knows pages, mail servers or `async`.

Floors, each importing only from those before it:

    base        the ground: environment, clock, database, words, changes, what every concept stands on
    access      who somebody is and what they may do; settings
    offer       what the business does: products, service types, territories
    people      whom it serves: customers, contacts, sites, assets, invitations
    crew        who goes there and when they work
    visits      free times and bookings
    messages    what is told to whom, waiting to be carried out
    desk        what staff shape without code
    upkeep      the example company and what keeps the house in order
    reactions   the roof: what follows from what
"""

from data.base.refusals import InvalidInput, NotFound, Refusal

__all__ = ['InvalidInput', 'NotFound', 'Refusal']
