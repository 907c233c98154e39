"""Both databases mean the same by a row."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from backend.database import Database
from backend.models import Blob, Institution, Person, PolicyVersion, Role, Unit

SHANGHAI = timezone(timedelta(hours=8))


@pytest.fixture(autouse=True)
def institution(database: Database) -> None:
    with database.write() as session:
        session.add(Institution(id="one", name_zh="一", name_en="One"))
        session.flush()
        session.add(Person(institution_id="one", number="1", name="䶮𰻞·é"))


def blob(at: datetime) -> Blob:
    return Blob(
        id="b",
        institution_id="one",
        key="k",
        sha256="",
        name="",
        media_type="",
        size=1,
        created_at=at,
    )


def test_a_time_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    at = datetime(2026, 3, 2, 0, 5, 1, 123456, tzinfo=SHANGHAI)
    with database.write() as session:
        session.add(blob(at))
    with database.read() as session:
        stored = session.scalars(select(Blob.created_at)).one()
        found = session.scalar(select(Blob.id).where(Blob.created_at == at))
        earlier = session.scalar(select(Blob.id).where(Blob.created_at < at))
    assert (stored, stored.tzinfo) == (at, UTC)
    assert (found, earlier) == ("b", None)


def test_a_time_without_a_zone_is_not_stored(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"), database.write() as session:
        session.add(blob(datetime(2026, 3, 2)))  # noqa: DTZ001


def test_every_character_of_a_name_comes_back(database: Database) -> None:
    with database.read() as session:
        assert session.scalars(select(Person.name)).one() == "䶮𰻞·é"


def test_a_number_belongs_to_one_person_of_an_institution(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Person(institution_id="one", number="1", name="乙"))


def test_a_row_cannot_point_to_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Role(institution_id="one", person_id=999, role="finance", unit_id=None))


def test_what_failed_leaves_nothing_behind(database: Database) -> None:
    def half() -> None:
        with database.write() as session:
            session.add(Unit(institution_id="one", code="1"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    with database.read() as session:
        assert session.scalars(select(Unit)).all() == []


def test_policies_come_back_as_they_were_published(database: Database) -> None:
    body = {"fee_fen": 500, "名": ["一", None, True]}
    at = datetime(2026, 1, 1, tzinfo=UTC)
    with database.write() as session:
        session.add(
            PolicyVersion(
                institution_id="one",
                name="transcript",
                version=1,
                valid_from=at.date(),
                body=body,
                published_at=at,
            )
        )
    with database.read() as session:
        policy = session.scalars(select(PolicyVersion)).one()
    assert (policy.body, policy.valid_from) == (body, at.date())
