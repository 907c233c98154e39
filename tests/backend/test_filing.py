"""Filing an application (T4-T6): by its owner, after the preview, with or without approval."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from backend import offers, previews, transcripts
from backend.clock import SHANGHAI
from backend.consent import Consent
from backend.documents.facts import Gpa, Language
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.models import Application, ConsentRecord, Grade
from tests.backend.scene import START, Scene


def count(scene: Scene, model: type) -> int:
    with scene.office.read() as work:
        return work.session.scalar(select(func.count()).select_from(model)) or 0


def test_an_enrolled_student_waits_for_the_unit_officer(scene: Scene) -> None:
    student = scene.student()
    scene.officer()
    application = scene.application(scene.file(student))
    assert (application.state, application.holder) == ("waiting", "unit_officer")
    assert (application.unit_id, application.applicant_id) == (scene.physics, student)
    assert (application.filed_at, application.since) == (START, START)
    assert application.number == "T260302-0001"
    monday_9 = START.astimezone(SHANGHAI)
    assert application.remind_at == monday_9 + timedelta(days=2)
    assert application.escalate_at == monday_9 + timedelta(days=7)  # over a weekend
    assert scene.told("transcript.file_for_approval") == [application.number]


def test_a_graduate_may_order_at_once_and_nobody_is_reminded(scene: Scene) -> None:
    application = scene.application(scene.file(scene.graduate()))
    assert (application.state, application.holder) == ("approved", "applicant")
    assert (application.remind_at, application.escalate_at) == (None, None)
    assert scene.told("transcript.file") == [application.number]


def test_nobody_files_without_having_seen_the_preview(scene: Scene) -> None:
    student = scene.student()
    with scene.office.work(student) as work:
        facts = scene.facts(work, student)
        given = offers.offer(work, student)
        with pytest.raises(Refused) as refused:
            transcripts.file(work, given, facts, "找工作", scene.agreed(student))
    assert (refused.value.code, refused.value.rule) == ("preview_first", "T6")
    assert (count(scene, Application), count(scene, ConsentRecord)) == (0, 0)


def test_the_preview_of_other_data_does_not_count(scene: Scene) -> None:
    student = scene.student()
    scene.file(student)
    with scene.office.work() as work:
        work.session.scalars(select(Grade)).first().score = "100"  # type: ignore[union-attr]
    with scene.office.work(student) as work:
        facts = scene.facts(work, student)
        given = offers.offer(work, student)
        with pytest.raises(Refused, match="preview_first"):
            transcripts.file(work, given, facts, "找工作", scene.agreed(student))


def test_a_preview_that_somebody_else_saw_does_not_count(scene: Scene) -> None:
    student, other = scene.student(), scene.student("S2")
    with scene.office.work(other) as work:
        facts = scene.facts(work, student)
        previews.note_seen(work, facts.digest)
    with scene.office.work(student) as work:
        given = offers.offer(work, student)
        with pytest.raises(Refused, match="preview_first"):
            transcripts.file(work, given, facts, "找工作", scene.agreed(student))


def test_nobody_files_for_somebody_else(scene: Scene) -> None:
    student, other = scene.student(), scene.student("S2")
    for actor in (other, scene.affairs, None):
        with scene.office.work(actor) as work:
            facts = scene.facts(work, student)
            previews.note_seen(work, facts.digest)
            given = offers.offer(work, student)
            with pytest.raises(NotAllowed):
                transcripts.file(work, given, facts, "找工作", scene.agreed(student))
    assert count(scene, Application) == 0


def test_nobody_consents_for_somebody_else(scene: Scene) -> None:
    student, other = scene.student(), scene.student("S2")
    with scene.office.work(student) as work:
        facts = scene.facts(work, student)
        previews.note_seen(work, facts.digest)
        given = offers.offer(work, student)
        with pytest.raises(NotAllowed):
            transcripts.file(work, given, facts, "找工作", scene.agreed(other))
    assert count(scene, Application) == 0


def test_the_very_words_of_consent_are_kept(scene: Scene) -> None:
    student = scene.student()
    with scene.office.work(student) as work:
        facts = scene.facts(work, student)
        previews.note_seen(work, facts.digest)
        given = offers.offer(work, student)
        consent = Consent(student, "提交申请：中文，不带 GPA", "zh", facts.digest)
        application = transcripts.file(work, given, facts, "找工作", consent)
    with scene.office.read() as work:
        kept = work.session.get_one(ConsentRecord, application.consent_id)
        assert (kept.words, kept.facts, kept.person_id) == (
            consent.words,
            facts.digest,
            student,
        )
        request = transcripts.request_of(work, application)
        assert (request.reason, request.snapshot) == ("找工作", facts.digest)
        assert transcripts.kind_of(request) == offers.Kind(Language.ZH, Gpa.WITHOUT)


def test_an_application_of_somebody_else_does_not_exist(scene: Scene) -> None:
    number = scene.file(scene.student())
    other = scene.student("S2")
    for actor in (other, scene.affairs, None):
        with scene.office.work(actor) as work, pytest.raises(Refused) as refused:
            transcripts.own(work, number)
        assert refused.value.code == "no_such_application"
        with scene.unchanged(number), scene.office.work(actor) as work, pytest.raises(Refused):
            transcripts.withdraw(work, number, scene.agreed(actor or 0))


def test_a_number_may_be_typed_in_small_letters(scene: Scene) -> None:
    student = scene.student()
    number = scene.file(student)
    with scene.office.read(student) as work:
        assert transcripts.own(work, f" {number.lower()} ").number == number


def test_numbers_count_up_within_a_day_of_shanghai(scene: Scene) -> None:
    student = scene.student()
    scene.clock.set(datetime(2026, 3, 2, 15, 59, tzinfo=START.tzinfo))
    assert [scene.file(student) for _ in range(2)] == ["T260302-0001", "T260302-0002"]
    scene.clock.set(datetime(2026, 3, 2, 16, 0, tzinfo=START.tzinfo))
    assert scene.file(student) == "T260303-0001"


def test_a_student_may_withdraw_while_nothing_is_ordered(scene: Scene) -> None:
    enrolled, graduate = scene.student(), scene.graduate()
    waiting, approved = scene.file(enrolled), scene.file(graduate)
    for student, number in ((enrolled, waiting), (graduate, approved)):
        assert transcripts.withdrawable(scene.application(number))
        with scene.office.work(student) as work:
            transcripts.withdraw(work, number, scene.agreed(student))
        gone = scene.application(number)
        assert (gone.state, gone.holder) == ("withdrawn", "")
        assert (gone.remind_at, gone.escalate_at) == (None, None)
        assert not transcripts.withdrawable(gone)


def test_what_is_paid_cannot_be_withdrawn(scene: Scene) -> None:
    student = scene.graduate()
    number = scene.file(student)
    scene.confirm(number)
    assert not transcripts.withdrawable(scene.application(number))
    with pytest.raises(AlreadyHandled) as told, scene.office.work(student) as work:
        transcripts.withdraw(work, number, scene.agreed(student))
    assert (told.value.facts["event"], told.value.facts["by"]) == ("pay", student)
