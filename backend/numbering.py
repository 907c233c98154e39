"""Numbers that people can read out on the phone: ``T260302-0001``."""

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.clock import local_date
from backend.models import Counter
from backend.work import Work


def next_number(work: Work, letter: str) -> str:
    """The next number of the day under this letter (T transcript, D order)."""
    name = f"{letter}{local_date(work.now):%y%m%d}"
    key = (Counter.institution_id == work.institution, Counter.name == name)
    insert = (
        sqlite.insert if work.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    )
    work.session.execute(
        insert(Counter)
        .values(institution_id=work.institution, name=name, value=0)
        .on_conflict_do_nothing()
    )
    work.session.execute(update(Counter).where(*key).values(value=Counter.value + 1))
    value = work.session.scalar(select(Counter.value).where(*key))
    return f"{name}-{value:04}"
