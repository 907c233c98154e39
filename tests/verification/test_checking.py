"""Files that come in the chat: judged by a job, their report kept for a day, and they themselves not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend import document_checks, files, follows, giving_up, tasks
from backend.blobs import NewFile
from backend.documents.verdict import Outcome, reason
from backend.errors import Refused
from backend.models import Blob, Credential, DocumentCheck
from backend.verification.findings import Findings, Question
from tests.backend.scene import Scene
from tests.verification import fake


def sent(scene: Scene, owner: int, data: bytes) -> str:
    """The file of somebody, which a conversation waits for."""
    (blob,) = files.written(scene.office, [NewFile(data, owner, "a.pdf", "application/pdf")])
    with scene.office.work(owner) as work:
        document_checks.ask(work, blob)
    return blob


def on_record(scene: Scene) -> tuple[str, bytes]:
    scene.issued(scene.graduate())
    with scene.office.read() as work:
        code, place = work.session.execute(
            select(Credential.code, Blob.key).join(Blob, Blob.id == Credential.blob_id)
        ).one()
    pdf = scene.blobs.get(place)
    scene.office.inspector = fake.FakeInspector({pdf: fake.signed_here(code)})
    return code, pdf


def done(scene: Scene) -> list[dict[str, Any]]:
    return [one.facts for one in scene.events if one.name == "job.done"]


def test_the_file_goes_at_once_and_its_report_after_a_day(scene: Scene) -> None:
    code, pdf = on_record(scene)
    reader = scene.student("S2")
    blob = sent(scene, reader, pdf)
    scene.events.clear()
    scene.direct.run_all(scene.office)
    assert done(scene) == [{"ok": True}]
    with scene.office.read() as work:
        assert work.session.get_one(Blob, blob).deleted_at is not None
        check = document_checks.found(work, document_checks.key(blob))
        assert check is not None
        assert (check.code, check.findings["verdict"]) == (code, "genuine")
        assert "小满" not in str(check.findings)
    tasks.sweep_files(scene.office)
    with scene.office.read() as work:  # the issued one had the same bytes, and stays
        kept = work.session.scalars(
            select(Blob.key).join(Credential, Credential.blob_id == Blob.id)
        ).one()
    assert scene.blobs.get(kept) == pdf
    scene.pass_time(timedelta(days=1, seconds=1))
    with scene.office.work() as work:
        assert document_checks.found(work, document_checks.key(blob)) is None
        follows.forget_due(work)
        assert work.session.get(DocumentCheck, document_checks.key(blob)) is None


def test_a_job_that_runs_again_judges_nothing_twice(scene: Scene) -> None:
    _code, pdf = on_record(scene)
    blob = sent(scene, scene.student("S2"), pdf)
    document_checks.verify_file(scene.office, blob)
    document_checks.verify_file(scene.office, blob)
    assert isinstance(scene.office.inspector, fake.FakeInspector)
    assert len(scene.office.inspector.asked) == 1


def test_who_waits_is_told_when_it_fails_for_good_and_the_file_goes_all_the_same(
    scene: Scene,
) -> None:
    blob = sent(scene, scene.student("S2"), b"%PDF")
    payload = {"institution": scene.office.institution, "blob": blob}
    giving_up.give_up(scene.office, document_checks.JOB, payload)
    assert done(scene)[-1] == {"ok": False}
    with scene.office.read() as work:
        assert work.session.get_one(Blob, blob).deleted_at is not None


def test_nobody_has_the_file_of_somebody_else_checked(scene: Scene) -> None:
    owner, other = scene.student("S2"), scene.student("S3")
    (blob,) = files.written(scene.office, [NewFile(b"x", owner, "a.pdf", "application/pdf")])
    with scene.office.work(other) as work, pytest.raises(Refused, match="file_gone"):
        document_checks.ask(work, blob)


def test_the_judge_knows_when_these_very_bytes_were_issued(scene: Scene) -> None:
    _code, pdf = on_record(scene)
    document_checks.judged(scene.office, pdf)
    document_checks.judged(scene.office, b"other")
    assert isinstance(scene.office.inspector, fake.FakeInspector)
    known, unknown = (question for _data, question in scene.office.inspector.asked)
    assert known.issued_at == scene.clock.now()
    assert unknown.issued_at is None
    assert known.base_url == scene.office.base_url


def test_a_file_of_another_code_is_told_apart_from_one_that_the_judge_mistakes(
    scene: Scene,
) -> None:
    code, pdf = on_record(scene)
    told = document_checks.judged(scene.office, pdf, "0" * 20)
    assert told.findings.verdict.reasons[0].code == "code_of_another"
    assert told.document is None
    scene.office.inspector = fake.FakeInspector({pdf: fake.signed_here("Z" * 20)})
    told = document_checks.judged(scene.office, pdf)
    assert told.findings.verdict.reasons[0].code == "code_of_another"
    scene.office.inspector = fake.FakeInspector({pdf: fake.refused("foreign")})
    told = document_checks.judged(scene.office, pdf)
    assert told.findings.verdict.reasons[0].code == "not_checked"
    assert document_checks.judged(scene.office, pdf, code).document is None


def test_whose_certificate_had_been_revoked_before_is_told_so_and_no_code_is_logged(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    """An authority may date a revocation back: to come again later would not help whoever asks."""
    code, pdf = on_record(scene)
    finding = fake.signed_here(code)

    def revoked(data: bytes, question: Question) -> Findings:
        found = finding(data, question)
        why = (reason("certificate_revoked", day="2026-03-01"),)
        return replace(found, verdict=replace(found.verdict, genuine=False, reasons=why))

    scene.office.inspector = fake.FakeInspector({pdf: revoked})
    told = document_checks.judged(scene.office, pdf)
    assert (told.findings.verdict.outcome, told.findings.as_issued) == (Outcome.NOT_GENUINE, True)
    assert told.findings.verdict.reasons[0].code == "certificate_revoked"
    assert told.document is not None
    assert not caplog.records
    scene.office.inspector = fake.FakeInspector({pdf: fake.refused("foreign")})
    document_checks.judged(scene.office, pdf)
    assert len(caplog.records) == 1
    assert code not in caplog.text
