"""Issued documents (T7, T8): theirs for a month, then only the proof that they are genuine."""

from dataclasses import asdict
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backend import credentials, issuing, tasks, transcripts
from backend.clock import SHANGHAI
from backend.credentials import ALPHABET, CODE_LENGTH, Standing, new_code, normal_code
from backend.errors import Refused
from backend.models import Blob, Credential
from tests.backend.scene import Scene

MOMENT = timedelta(seconds=1)


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=SHANGHAI)


def download(scene: Scene, actor: int | None, number: str) -> bytes:
    with scene.office.read(actor) as work:
        case = transcripts.find(work, number)
        assert case is not None
        return scene.blobs.get(credentials.downloadable(work, case)[1].key)


def credential(scene: Scene) -> Credential:
    with scene.office.read() as work:
        return work.session.scalars(select(Credential)).one()


def standing(scene: Scene, typed: str) -> Standing | None:
    with scene.office.read() as work:
        return credentials.standing(work.session, work.institution, typed, work.now)


def test_another_institution_in_the_same_database_does_not_answer_for_our_documents(
    scene: Scene,
) -> None:
    scene.issued(scene.graduate())
    code = credential(scene).code
    with scene.office.read() as work:
        assert credentials.standing(work.session, work.institution, code, work.now)
        assert credentials.standing(work.session, "another", code, work.now) is None


@given(st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH), st.data())
def test_a_code_is_found_however_it_is_typed(code: str, data: st.DataObject) -> None:
    lookalikes = {"0": "0Oo", "1": "1IiLl"}
    typed = ""
    for character in code:
        typed += data.draw(st.sampled_from(lookalikes.get(character, character)))
        typed += data.draw(st.sampled_from(["", "-", " ", "–"]))
    assert normal_code(typed) == normal_code(typed.lower()) == code


@given(st.text(max_size=60))
def test_whatever_is_typed_is_made_normal_once_for_all(typed: str) -> None:
    assert normal_code(normal_code(typed)) == normal_code(typed)


def test_new_codes_have_a_hundred_bits_and_nothing_that_looks_like_something_else() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert {len(code) for code in codes} == {20}
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("".join(codes)) & set("ILOU")


def test_the_owner_downloads_the_very_file_that_was_signed(scene: Scene) -> None:
    student = scene.graduate()
    number = scene.issued(student)
    pdf = download(scene, student, number)
    assert credential(scene).code.encode() in pdf
    with scene.office.read() as work:
        (blob,) = work.session.scalars(select(Blob).where(Blob.media_type == "application/pdf"))
    assert (blob.owner_id, blob.size, blob.sha256) == (student, len(pdf), credential(scene).sha256)
    assert blob.name == f"电子成绩单-{number}.pdf"


def test_the_file_of_somebody_else_does_not_exist(scene: Scene) -> None:
    number = scene.issued(scene.graduate())
    for actor in (scene.student("S2"), scene.officer(), scene.affairs, None):
        with pytest.raises(Refused) as refused:
            download(scene, actor, number)
        assert refused.value.code == "no_such_application"


def test_what_is_not_issued_yet_is_said_to_be_so(scene: Scene) -> None:
    student = scene.graduate()
    number = scene.file(student)
    scene.confirm(number)
    with pytest.raises(Refused) as refused:
        download(scene, student, number)
    assert refused.value.code == "not_issued_yet"


@pytest.mark.parametrize(
    ("paid", "last"),
    [
        ("2026-01-31 10:00", "2026-02-28 23:59:59"),
        ("2028-01-31 10:00", "2028-02-29 23:59:59"),
        ("2026-03-02 00:30", "2026-04-02 23:59:59"),
    ],
)
def test_a_download_works_to_the_end_of_the_last_day_and_no_longer(
    scene: Scene, paid: str, last: str
) -> None:
    scene.clock.set(at(paid))
    student = scene.graduate()
    number = scene.issued(student)
    assert credential(scene).download_until == at(last)
    scene.clock.set(at(last))
    assert download(scene, student, number)
    scene.clock.set(at(last) + MOMENT)
    with pytest.raises(Refused) as refused:
        download(scene, student, number)
    assert (refused.value.code, refused.value.rule) == ("download_over", "T7")
    assert refused.value.facts == {
        "number": number,
        "until": at(last).astimezone(credential(scene).issued_at.tzinfo).isoformat(),
        "months": 1,
    }


def test_the_month_counts_from_the_payment_and_not_from_a_late_press(scene: Scene) -> None:
    scene.clock.set(at("2026-03-02 10:00"))
    student = scene.graduate()
    number = scene.file(student)
    scene.confirm(number)
    scene.clock.set(at("2026-03-04 10:00"))
    scene.direct.run_all(scene.office)
    assert credential(scene).download_until == at("2026-04-02 23:59:59")


def test_when_the_month_is_over_the_file_goes_and_the_proof_stays(scene: Scene) -> None:
    student = scene.graduate()
    number = scene.issued(student)
    before = credential(scene)
    with scene.office.read() as work:
        key = work.session.get_one(Blob, before.blob_id).key
    scene.clock.set(before.download_until)
    with scene.office.work() as work:
        assert credentials.expire_due(work) == 0
    scene.pass_time(MOMENT)
    with scene.office.work() as work:
        assert credentials.expire_due(work) == 1
    assert before.blob_id in tasks.sweep_files(scene.office)
    with pytest.raises(FileNotFoundError):
        scene.blobs.get(key)
    application = scene.application(number)
    assert (application.state, application.holder) == ("expired", "")
    assert scene.told("transcript.expire") == [number]
    with pytest.raises(Refused, match="download_over"):
        download(scene, student, number)
    proof = standing(scene, before.code)
    assert proof is not None
    assert (proof.status, proof.sha256, proof.downloadable) == ("genuine", before.sha256, False)


def test_expiring_again_changes_nothing(scene: Scene) -> None:
    number = scene.issued(scene.graduate())
    scene.pass_time(timedelta(days=60))

    def sweep() -> tuple[int, int]:
        with scene.office.work() as work:
            expired = credentials.expire_due(work)
        return expired, len(tasks.sweep_files(scene.office))

    assert sweep() == (1, 1)
    with scene.unchanged(number):
        assert [sweep() for _ in range(3)] == [(0, 0)] * 3


def test_after_the_month_one_may_apply_anew(scene: Scene) -> None:
    student = scene.graduate()
    scene.issued(student)
    scene.pass_time(timedelta(days=60))
    with scene.office.work() as work:
        credentials.expire_due(work)
    assert scene.order(scene.confirm(scene.file(student))).total_fen == 500


def test_whoever_verifies_learns_no_more_than_the_paper_at_hand_says(scene: Scene) -> None:
    number = scene.issued(scene.graduate("2019E801000015"))
    proof = standing(scene, credential(scene).code)
    assert proof is not None
    assert (proof.status, proof.number, proof.masked_name) == ("genuine", number, "林**")
    assert (proof.language, proof.gpa, proof.coverage) == ("zh", "without", "combined")
    assert proof.downloadable
    told = repr(asdict(proof) | {"sha256": ""})  # digits of a hash tell nothing
    for private in ("林小满", "小满", "Xiaoman", "2019E801000015", "92", "物理", "找工作"):
        assert private not in told


def test_a_code_that_nobody_issued_proves_nothing(scene: Scene) -> None:
    scene.issued(scene.graduate())
    code = credential(scene).code
    other = code[:-1] + ("0" if code[-1] != "0" else "1")
    for typed in (other, code[:-1], code + "0", "", "%", "' OR 1=1 --"):
        assert standing(scene, typed) is None


def test_a_document_is_made_once_however_often_the_job_runs(scene: Scene) -> None:
    number = scene.issued(scene.graduate())
    with scene.unchanged(number):
        for _ in range(3):
            issuing.issue_transcript(scene.office, number)
    assert len(scene.press.made) == 1
    credential(scene)  # there is exactly one


def test_a_file_that_is_already_gone_does_not_stop_the_sweep(scene: Scene) -> None:
    scene.issued(scene.graduate())
    with scene.office.read() as work:
        for blob in work.session.scalars(select(Blob)):
            scene.blobs.delete(blob.key)
    scene.pass_time(timedelta(days=60))
    assert len(tasks.sweep_files(scene.office)) == 1
