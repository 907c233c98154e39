"""Numbers that people can read out on the phone: ``T260302-0001``."""

import secrets

from sqlalchemy import bindparam

from backend.clock import local_date
from backend.database import in_each_dialect
from backend.models import Counter
from backend.work import Work

_PLAIN = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none of them is taken for another

_FIRST = {"institution_id": bindparam("institution"), "name": bindparam("name"), "value": 1}
_KEY = [Counter.institution_id, Counter.name]
_NEXT = in_each_dialect(
    Counter,
    lambda insert: (
        insert.values(_FIRST)
        .on_conflict_do_update(index_elements=_KEY, set_={"value": Counter.value + 1})
        .returning(Counter.value)
    ),
)


def next_number(work: Work, letter: str) -> str:
    """The next number of the day under this letter."""
    name = f"{letter}{local_date(work.now):%y%m%d}"
    connection = work.writing
    value = connection.execute(
        _NEXT[connection.dialect.name], {"institution": work.institution, "name": name}
    ).scalar_one()
    return f"{name}-{value:04}"


def random_end() -> str:
    """``7KQW``: ends a number that is never to come again, not even after a restored backup."""
    return "".join(secrets.choice(_PLAIN) for _ in range(4))
