"""The business's own names for states; each state has one default, which comes with the database."""

from peewee import BooleanField, Check, TextField

from data.base.columns import InstantField
from data.base.database import Table
from data.visits.states import State


class Status(Table):
    """One of them."""

    state = TextField()
    name = TextField(null=True)  # None: the state's own name, in the reader's language
    color = TextField(null=True)  # None: the state's own
    is_default = BooleanField(default=False)
    is_shown_to_customers = BooleanField(default=True)
    ended_at = InstantField(null=True)

    class Meta:
        table_name = 'statuses'
        constraints = (
            Check("state IN ('scheduled', 'traveling', 'in progress', 'on break', 'completed', 'canceled')"),
        )

    _one_default = 'CREATE UNIQUE INDEX statuses_one_default ON statuses (state) WHERE is_default AND ended_at IS NULL'
    statements = {'sqlite': [_one_default], 'postgresql': [_one_default]}  # never changed


def default_of(state: State) -> Status:
    """The status that a step into `state` sets."""
    return Status.get((Status.state == state) & Status.is_default & Status.ended_at.is_null())
