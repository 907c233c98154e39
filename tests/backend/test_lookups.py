"""Look-ups by code that come at the same time are one statement, and each is told what stands."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import event, select, update

from backend.database import Database
from backend.lookups import Lookups
from backend.models import Credential
from tests.backend.scene import Scene


def codes(scene: Scene) -> list[str]:
    for name in ("G1", "G2", "G3"):
        scene.issued(scene.graduate(name))
    with scene.office.read() as work:
        return list(work.session.scalars(select(Credential.code).order_by(Credential.id)))


def test_everybody_who_waits_gets_their_own_answer_by_few_statements(
    database: Database, tmp_path: Path
) -> None:
    scene = Scene(database, tmp_path)
    known = codes(scene)
    lookups = Lookups(database, scene.office.institution, scene.clock)
    asked: list[str] = []
    with database.look() as connection:
        engine = connection.engine

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)

    async def all_at_once() -> list[str | None]:
        found = await asyncio.gather(*(lookups.standing(one) for one in [*known, "X" * 20] * 25))
        return [one and one.code for one in found]

    told = asyncio.run(all_at_once())
    event.remove(engine, "before_cursor_execute", note)
    lookups.close()
    assert told == [*known, None] * 25
    assert sum("credential" in one for one in asked) <= 2


def test_nothing_is_remembered_from_one_answer_to_the_next(
    database: Database, tmp_path: Path
) -> None:
    scene = Scene(database, tmp_path)
    code, *_others = codes(scene)
    lookups = Lookups(database, scene.office.institution, scene.clock)

    async def twice() -> list[str]:
        first = await lookups.standing(code)
        with scene.office.work() as work:
            work.session.execute(
                update(Credential).where(Credential.code == code).values(status="revoked")
            )
        second = await lookups.standing(code)
        assert first is not None
        assert second is not None
        return [first.status, second.status]

    assert asyncio.run(twice()) == ["genuine", "revoked"]
    lookups.close()


def test_one_who_leaves_takes_no_answer_from_the_others_and_a_failure_is_told_to_all(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(database, tmp_path)
    code, *_others = codes(scene)
    lookups = Lookups(database, scene.office.institution, scene.clock)

    async def leave() -> str | None:
        leaving = asyncio.create_task(lookups.standing(code))
        staying = asyncio.create_task(lookups.standing(code))
        await asyncio.sleep(0)
        leaving.cancel()
        found = await staying
        return found and found.code

    async def fail() -> list[object]:
        return await asyncio.gather(
            lookups.standing(code), lookups.standing("Y" * 20), return_exceptions=True
        )

    async def again() -> str | None:
        found = await lookups.standing(code)
        return found and found.code

    assert asyncio.run(leave()) == code
    with monkeypatch.context() as patch:

        def away(_codes: list[str]) -> None:
            raise OSError

        patch.setattr(lookups, "_look", away)
        assert [type(one) for one in asyncio.run(fail())] == [OSError, OSError]
    assert asyncio.run(again()) == code
    lookups.close()
