"""A wrong document is revoked, or superseded by the next one, by academic affairs alone (T8, T10)."""

import ast
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from backend import credentials, revocations, tasks, transcripts
from backend.authority import Role
from backend.consent import Consent
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.models import ConsentRecord, Credential
from backend.work import Work
from tests.backend.scene import Scene

ROOT = Path(__file__).parents[2]
WHY = "学分录错"
TakeBack = Callable[[Work, str, str, Consent], object]
BOTH = pytest.mark.parametrize("take_back", [revocations.propose, revocations.reissue])


def issued(scene: Scene) -> list[Credential]:
    """Every document there ever was, oldest first."""
    with scene.office.read() as work:
        return list(work.session.scalars(select(Credential).order_by(Credential.id)))


def verdicts(scene: Scene) -> list[str]:
    with scene.office.read() as work:
        found = [
            credentials.standing(work.session, work.institution, one.code, work.now)
            for one in issued(scene)
        ]
    return [one.status if one else "" for one in found]


def act(scene: Scene, take_back: TakeBack, number: str, why: str = WHY) -> None:
    with scene.office.work(scene.affairs) as work:
        take_back(work, number, why, Consent(scene.affairs, "撤销？", "zh", "facts"))


def revoke(scene: Scene, number: str, why: str = WHY) -> None:
    """Proposed by one, confirmed by another."""
    act(scene, revocations.propose, number, why)
    colleague = scene.staff(f"C{number}", Role.ACADEMIC_AFFAIRS)
    with scene.office.work(colleague) as work:
        (proposed,) = revocations.waiting(work)
        revocations.confirm(work, proposed.number, scene.agreed(colleague))


def refusal(scene: Scene, student: int, number: str) -> Refused:
    with scene.office.read(student) as work:
        case = transcripts.find(work, number)
        assert case is not None
        with pytest.raises(Refused) as refused:
            credentials.downloadable(work, case)
    return refused.value


@pytest.fixture
def scene(scene: Scene) -> Scene:
    """With a second member of academic affairs, without whom nobody may propose anything."""
    scene.staff("A2", Role.ACADEMIC_AFFAIRS)
    return scene


def test_a_revoked_document_is_not_genuine_and_its_file_is_not_to_be_had(scene: Scene) -> None:
    student = scene.graduate()
    number = scene.issued(student)
    scene.pass_time(timedelta(days=1))
    revoke(scene, number)
    (document,) = issued(scene)
    assert (document.status, document.status_why, document.status_since) == (
        "revoked",
        WHY,
        scene.clock.now(),
    )
    assert verdicts(scene) == ["revoked"]
    refused = refusal(scene, student, number)
    assert (refused.code, refused.facts) == ("credential_revoked", {"why": WHY})
    with scene.office.read() as work:
        assert credentials.ended_file(work, document.blob_id)


def test_nothing_but_the_second_person_s_confirmation_revokes_a_document() -> None:
    """No other module calls what ends a document, and nobody can end one by oneself."""
    callers = {
        (path.relative_to(ROOT).as_posix(), ast.unparse(node.func))
        for folder in ("backend", "bot", "dialogs")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("credentials.revoke", "credentials.reissue", "_end")
    }
    assert callers == {
        ("backend/revocations.py", "credentials.revoke"),
        ("backend/revocations.py", "credentials.reissue"),
        ("backend/credentials.py", "_end"),
    }


def test_what_was_agreed_to_and_why_is_on_record_and_the_student_is_told(scene: Scene) -> None:
    number = scene.issued(scene.graduate())
    act(scene, revocations.reissue, number)
    entry = scene.audit(number)[-1]
    assert (entry.event, entry.actor_id, entry.why) == ("reissue", scene.affairs, WHY)
    assert (entry.from_state, entry.to_state) == ("issued", "paid")
    with scene.office.read() as work:
        kept = work.session.scalars(select(ConsentRecord).order_by(ConsentRecord.id.desc())).first()
    assert kept is not None
    assert (kept.person_id, kept.words, kept.facts) == (scene.affairs, "撤销？", "facts")
    assert scene.told("transcript.reissue") == [number]


def test_a_document_whose_month_is_over_can_still_be_revoked(scene: Scene) -> None:
    number = scene.issued(scene.graduate())
    scene.pass_time(timedelta(days=60))
    tasks.housekeeping(scene.office)
    assert scene.application(number).state == transcripts.State.EXPIRED
    revoke(scene, number)
    assert verdicts(scene) == ["revoked"]


def test_after_a_correction_the_old_document_is_superseded_by_one_of_the_new_data(
    scene: Scene,
) -> None:
    student = scene.graduate()
    number = scene.issued(student)
    scene.pass_time(timedelta(days=1))
    scene.grade(student, "P300", "77")
    act(scene, revocations.reissue, number)
    assert verdicts(scene) == ["superseded"], "it stops standing at once"
    assert refusal(scene, student, number).code == "not_issued_yet"
    scene.direct.run_all(scene.office)
    old, new = issued(scene)
    assert verdicts(scene) == ["superseded", "genuine"]
    assert old.snapshot != new.snapshot
    assert old.code != new.code
    assert old.superseded_by_id == new.id
    with scene.office.read(student) as work:
        case = transcripts.find(work, number)
        assert case is not None
        assert credentials.downloadable(work, case)[0].code == new.code
        assert credentials.ended_file(work, old.blob_id)
        assert not credentials.ended_file(work, new.blob_id)


def test_the_month_of_a_superseded_document_does_not_end_that_of_the_next_one(
    scene: Scene,
) -> None:
    student = scene.graduate()
    number = scene.issued(student)
    scene.pass_time(timedelta(days=25))
    act(scene, revocations.reissue, number)
    scene.direct.run_all(scene.office)
    scene.pass_time(timedelta(days=20))
    tasks.housekeeping(scene.office)
    assert scene.application(number).state == transcripts.State.ISSUED
    scene.pass_time(timedelta(days=20))
    tasks.housekeeping(scene.office)
    assert scene.application(number).state == transcripts.State.EXPIRED


def test_a_further_copy_of_the_same_data_supersedes_nothing(scene: Scene) -> None:
    student = scene.graduate()
    scene.issued(student)
    second = scene.file(student)
    scene.settle(scene.confirm(second))
    scene.direct.run_all(scene.office)
    assert verdicts(scene) == ["genuine", "genuine"]


@BOTH
def test_nobody_but_academic_affairs_takes_a_document_back(
    scene: Scene, take_back: TakeBack
) -> None:
    student = scene.graduate()
    number = scene.issued(student)
    for actor in (student, scene.officer(), scene.staff("F1", Role.FINANCE), None):
        with scene.unchanged(number), pytest.raises(NotAllowed), scene.office.work(actor) as work:
            take_back(work, number, WHY, scene.agreed(actor or 0))
    assert verdicts(scene) == ["genuine"]


@BOTH
def test_academic_affairs_do_not_take_back_their_own(scene: Scene, take_back: TakeBack) -> None:
    student = scene.graduate()
    number = scene.issued(student)
    scene.give_role(student, Role.ACADEMIC_AFFAIRS)
    with scene.unchanged(number), pytest.raises(NotAllowed), scene.office.work(student) as work:
        take_back(work, number, WHY, scene.agreed(student))


@BOTH
def test_what_is_not_issued_or_was_taken_back_is_told_so(scene: Scene, take_back: TakeBack) -> None:
    student = scene.graduate()
    waiting, number = scene.file(student), scene.issued(student)
    with scene.unchanged(waiting), pytest.raises(AlreadyHandled):
        act(scene, take_back, waiting)
    revoke(scene, number)
    with scene.unchanged(number), pytest.raises(AlreadyHandled) as told:
        act(scene, take_back, number)
    assert told.value.facts["event"] == "revoke"
    with pytest.raises(NotAllowed):
        act(scene, take_back, "T000000-0000")


@BOTH
def test_no_document_is_taken_back_without_a_reason(scene: Scene, take_back: TakeBack) -> None:
    number = scene.issued(scene.graduate())
    with scene.unchanged(number), pytest.raises(Refused) as refused:
        act(scene, take_back, number, why="  ")
    assert (refused.value.code, refused.value.rule) == ("reason_needed", "T10")
    assert verdicts(scene) == ["genuine"]
