"""Whoever checked a document is told once that it does not stand any more, unless they would not be."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import func, select

from backend import accounts, follows
from backend.database import Database
from backend.models import Credential, DocumentFollow
from backend.work import Work
from tests.backend.scene import Scene


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Scene:
    return Scene(database, tmp_path)


def document(scene: Scene) -> int:
    scene.issued(scene.graduate())
    with scene.office.read() as work:
        return work.session.scalars(select(Credential.id)).one()


def conversation(work: Work, person: int) -> int:
    return accounts.conversation_of(work, person)


def told(scene: Scene) -> list[tuple[str, int, int | None]]:
    return [
        (event.name, event.facts["conversation"], event.facts["told"])
        for event in scene.events
        if event.name in follows.EVENTS
    ]


def test_who_checked_is_told_once_and_the_holder_as_the_holder(scene: Scene) -> None:
    credential = document(scene)
    reader = scene.student("S2")
    with scene.office.work(reader) as work:
        where = conversation(work, reader)
        holder = work.session.get_one(Credential, credential).holder_id
        follows.noticed(work, credential, where)
        follows.noticed(work, credential, where)
        follows.noticed(work, credential, conversation(work, holder))
    with scene.office.work() as work:
        assert follows.tell(work, credential, follows.REVOKED) == 1
    with scene.office.work() as work:
        assert follows.tell(work, credential, follows.SUPERSEDED) == 0
    assert told(scene) == [("document.revoked", where, None)]


def test_who_wants_no_news_gets_none_until_they_check_again(scene: Scene) -> None:
    credential, reader = document(scene), scene.student("S2")
    with scene.office.work(reader) as work:
        where = conversation(work, reader)
        follows.noticed(work, credential, where)
        assert follows.stop(work, where, credential)
        assert not follows.stop(work, where, credential)
    with scene.office.work() as work:
        assert follows.tell(work, credential, follows.REVOKED) == 0
    with scene.office.work(reader) as work:
        follows.noticed(work, credential, where)
    with scene.office.work() as work:
        assert follows.tell(work, credential, follows.SUPERSEDED) == 1


def test_who_checked_at_the_moment_it_was_revoked_is_not_left_believing_in_it(
    scene: Scene,
) -> None:
    """The verdict was found before, and everybody who followed had been told by then."""
    credential, reader = document(scene), scene.student("S2")
    with scene.office.work() as work:
        found = work.session.get_one(Credential, credential)
        found.status, found.status_since = "revoked", work.now
    with scene.office.work(reader) as work:
        where = conversation(work, reader)
        follows.noticed(work, credential, where)
    assert told(scene) == [("document.revoked", where, None)]


def test_nobody_slips_through_who_checks_while_it_is_being_revoked(scene: Scene) -> None:
    """Either they are among those who are told, or they see that it is revoked."""
    credential, reader = document(scene), scene.student("S2")
    begun, over = Event(), Event()

    def revoke() -> None:
        with scene.office.work() as work:
            found = work.session.get_one(Credential, credential)
            found.status, found.status_since = "revoked", work.now
            work.session.flush()
            follows.tell(work, credential, follows.REVOKED)
            begun.set()
            over.wait(0.5)

    def check() -> None:
        begun.wait(10)
        with scene.office.work(reader) as work:
            follows.noticed(work, credential, conversation(work, reader))

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(revoke), pool.submit(check)]:
            one.result(30)
    assert [name for name, _where, _told in told(scene)] == ["document.revoked"]


def test_a_stranger_is_told_at_the_account_they_asked_from(scene: Scene) -> None:
    credential = document(scene)
    with scene.office.work() as work:
        account = accounts.account(work, accounts.TELEGRAM, "4711", None)
        work.account = account.id
        where = follows.here(work, None)
        assert where == account.conversation_id
        follows.noticed(work, credential, where)
    with scene.office.work() as work:
        assert follows.here(work, None) is None
        follows.tell(work, credential, follows.SUPERSEDED)
    assert told(scene) == [("document.superseded", where, account.id)]


def test_it_is_forgotten_when_its_time_is_over(scene: Scene) -> None:
    credential, reader = document(scene), scene.student("S2")
    with scene.office.work(reader) as work:
        follows.noticed(work, credential, conversation(work, reader))
    scene.pass_time(timedelta(days=89))
    with scene.office.work() as work:
        assert follows.forget_due(work) == 0
    scene.pass_time(timedelta(days=2))
    with scene.office.work() as work:
        assert follows.tell(work, credential, follows.REVOKED) == 0
        assert follows.forget_due(work) == 1
        assert work.session.scalar(select(func.count()).select_from(DocumentFollow)) == 0


def test_only_a_change_of_a_document_is_told(scene: Scene) -> None:
    with scene.office.work() as work, pytest.raises(ValueError, match="no change"):
        follows.tell(work, 1, "transcript.revoke")
