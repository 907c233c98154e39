"""A picture goes through the gate once, whatever dies on the way, and only its owner brings it there."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from backend import blobs, giving_up, tasks
from backend.errors import NotAllowed, Refused
from backend.models import Blob, PictureReading, Proof, ProofPicture
from backend.pictures import gate
from backend.pictures.gate import Wanted
from backend.pictures.studio import Here, Lost
from backend.proofs import keeping
from tests.backend.scene import SEALER
from tests.pictures import making
from tests.proofs.conftest import Desk

GOOD = making.cet().png()
BLURRED = making.jpeg(making.blurred(making.cet().image, 4))


@pytest.fixture
def candidate(desk: Desk) -> int:
    return desk.scene.person("K1", making.NAME)


def test_a_good_picture_is_looked_at_and_read(desk: Desk, candidate: int) -> None:
    picture = desk.send(candidate, GOOD)
    row = desk.picture(picture)
    assert (row.state, row.reading, desk.codes(picture)) == ("checked", "read", {})
    with desk.scene.office.read(candidate) as work:
        found = keeping.proposal(work, [picture])
        assert (found.number, found.name, found.month) == (
            "999052312001234",
            making.NAME,
            "2018-06",
        )
        sealed = work.session.scalars(select(PictureReading.text_sealed)).all()
        assert not any(b"999052" in one or making.NAME.encode() in one for one in sealed)


def test_only_what_can_be_looked_at_is_read(desk: Desk, candidate: int) -> None:
    picture = desk.send(candidate, BLURRED)
    assert desk.codes(picture) == {"blurred": "stop"}
    assert desk.picture(picture).reading == ""


def test_without_a_reader_the_gate_does_the_rest(desk: Desk, candidate: int) -> None:
    desk.scene.office.studio = Here()
    picture = desk.send(candidate, GOOD)
    assert (desk.picture(picture).state, desk.picture(picture).reading) == ("checked", "")
    with desk.scene.office.read(candidate) as work:
        assert not keeping.proposal(work, [picture])


def test_the_size_is_that_of_the_rule(desk: Desk, candidate: int) -> None:
    data = making.jpeg(making.cet().image, quality=95)
    data += bytes(gate.MOST_BYTES - len(data))
    assert desk.codes(desk.send(candidate, data, place="picture.a.1")) == {}
    more = desk.send(candidate, data + b"\0", place="picture.a.2")
    assert desk.codes(more) == {"too_large": "stop"}
    with desk.scene.office.read() as work:
        (finding,) = gate.findings(work, more, reviewer=False)
        assert (finding.measured, finding.limit) == (gate.MOST_BYTES + 1, gate.MOST_BYTES)


def test_turned_pictures_are_stopped_once_they_were_read(desk: Desk, candidate: int) -> None:
    picture = desk.send(candidate, making.cet().png(turn=180))
    assert desk.codes(picture) == {"sideways": "stop"}


def test_nobody_submits_the_file_of_somebody_else(desk: Desk, candidate: int) -> None:
    other = desk.scene.person("K2")
    blob_id = desk.blob(candidate, GOOD)
    with desk.scene.office.work(other) as work, pytest.raises(Refused):
        gate.submit(work, blob_id, Wanted("picture.a.1", "cet", "E5"))
    with desk.scene.office.work() as work, pytest.raises(NotAllowed):
        gate.submit(work, blob_id, Wanted("picture.a.1", "cet", "E5"))


def test_the_same_answer_twice_is_one_picture(desk: Desk, candidate: int) -> None:
    blob_id = desk.blob(candidate, GOOD)
    wanted = Wanted("picture.a.1", "cet", "E5")
    with desk.scene.office.work(candidate) as work:
        first = gate.submit(work, blob_id, wanted).id
        assert gate.submit(work, blob_id, wanted).id == first
    desk.scene.direct.run_all(desk.scene.office)
    with desk.scene.office.work(candidate) as work:
        assert gate.submit(work, blob_id, wanted).id == first
    assert len(desk.scene.jobs_asked("check_picture")) == 1


def test_a_person_is_asked_to_look_only_after_two_stops_for_the_same_doubtful_reason(
    desk: Desk, candidate: int
) -> None:
    first = desk.send(candidate, BLURRED)
    with desk.scene.office.work(candidate) as work:
        assert gate.may_insist(work, "picture.a.1") is None
        with pytest.raises(NotAllowed):
            gate.insist(work, first)
    second = desk.send(candidate, making.jpeg(making.blurred(making.pets().image, 5)))
    with desk.scene.office.work(candidate) as work:
        assert gate.may_insist(work, "picture.b.1") is None
        assert gate.may_insist(work, "picture.a.1") == second
        gate.insist(work, second)
        gate.insist(work, second)
        assert not gate.stops(work, second)
    assert desk.codes(second) == {"blurred": "reviewer", "insisted": "reviewer"}
    assert desk.codes(second, reviewer=False) == {}


def test_nobody_insists_on_what_is_no_picture(desk: Desk, candidate: int) -> None:
    for number in range(3):
        desk.send(candidate, b"%PDF-1.7" + bytes([number]))
    with desk.scene.office.work(candidate) as work:
        assert gate.may_insist(work, "picture.a.1") is None


def test_a_file_that_kills_the_studio_is_no_picture(
    desk: Desk, candidate: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: bytes) -> None:
        raise Lost("look")

    monkeypatch.setattr(desk.scene.office.studio, "look", killed)
    assert desk.codes(desk.send(candidate, GOOD)) == {"damaged": "stop"}


def test_who_waits_is_told_when_the_job_has_failed_for_good(desk: Desk, candidate: int) -> None:
    blob_id = desk.blob(candidate, GOOD)
    with desk.scene.office.work(candidate) as work:
        picture = gate.submit(work, blob_id, Wanted("picture.a.1", "cet", "E5")).id
    payload = {"institution": "demo", "picture": picture}
    giving_up.give_up(desk.scene.office, "check_picture", payload)
    assert desk.picture(picture).state == "failed"
    assert gate.key(picture) in [one.subject for one in desk.scene.events if one.name == "job.done"]


def test_nobody_waits_longer_than_a_minute_for_what_is_read(desk: Desk, candidate: int) -> None:
    picture = desk.send(candidate, GOOD)
    with desk.scene.office.work() as work:
        work.session.get_one(ProofPicture, picture).reading = "asked"
    desk.scene.events.clear()
    tasks.housekeeping(desk.scene.office)
    assert desk.picture(picture).reading == "asked"
    desk.scene.pass_time(timedelta(minutes=2))
    tasks.housekeeping(desk.scene.office)
    assert desk.picture(picture).reading == "late"
    assert [one.subject for one in desk.scene.events] == [gate.reading_key(picture)]
    tasks.run(desk.scene.office, "read_picture", {"institution": "demo", "picture": picture})
    assert desk.picture(picture).reading == "read"


def test_a_look_that_was_lost_is_asked_for_again_by_who_comes_back(
    desk: Desk, candidate: int
) -> None:
    blob_id = desk.blob(candidate, GOOD)
    wanted = Wanted("picture.a.1", "cet", "E5")
    with desk.scene.office.work(candidate) as work:
        gate.submit(work, blob_id, wanted)
    desk.scene.direct.enqueued.clear()
    desk.scene.pass_time(timedelta(minutes=5))
    with desk.scene.office.work(candidate) as work:
        gate.submit(work, blob_id, wanted)
    assert len(desk.scene.jobs_asked("check_picture")) == 1


def test_nothing_in_the_store_can_be_looked_at(desk: Desk, candidate: int) -> None:
    desk.send(candidate, GOOD)
    kept = [path for path in Path(desk.scene.folder / "blobs").rglob("*") if path.is_file()]
    assert len(kept) == 3
    for path in kept:
        data = path.read_bytes()
        assert b"PNG" not in data[:64]
        assert not any(magic in data for magic in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"IHDR"))


def test_a_file_moved_to_another_place_of_the_store_does_not_open() -> None:
    with pytest.raises(InvalidTag):
        SEALER.open_bytes(SEALER.seal_bytes(b"a", "one"), "another")
    assert SEALER.open_bytes(b"from before", "one") == b"from before"


def test_what_belongs_to_nothing_that_was_filed_goes_in_a_month(desk: Desk, candidate: int) -> None:
    picture = desk.send(candidate, GOOD)
    desk.scene.pass_time(timedelta(days=29))
    assert tasks.sweep_files(desk.scene.office) == []
    desk.scene.pass_time(timedelta(days=2))
    row = desk.picture(picture)
    gone = set(tasks.sweep_files(desk.scene.office))
    assert gone == {row.original_blob_id, row.blob_id, row.thumb_blob_id}


def kept(desk: Desk, owner: int, pictures: list[int], number: str = "999052312001234") -> int:
    with desk.scene.office.work(owner) as work:
        return keeping.new(
            work, owner, "cet", "4", number, "2018-06", "上海", "", pictures, originals_days=180
        ).id


def test_the_original_ends_by_policy_and_what_was_decided_on_stays(
    desk: Desk, candidate: int
) -> None:
    picture = desk.send(candidate, GOOD)
    kept(desk, candidate, [picture])
    row = desk.picture(picture)
    desk.scene.pass_time(timedelta(days=181))
    assert tasks.sweep_files(desk.scene.office) == [row.original_blob_id]
    with desk.scene.office.read() as work:
        shown = work.session.get_one(Blob, row.blob_id)
        assert shown.private
        assert shown.expires_at is None
        assert desk.scene.blobs.get(shown.key).startswith(b"\x89PNG")


def test_proofs_of_two_people_with_the_same_number_file_or_look_are_told_to_reviewers_only(
    desk: Desk, candidate: int
) -> None:
    kept(desk, candidate, [desk.send(candidate, GOOD)])
    other = desk.scene.person("K2", "周明远")
    same = desk.send(other, GOOD)
    kept(desk, other, [same])
    assert desk.codes(same) == {
        "same_as_other": "reviewer",
        "number_of_other": "reviewer",
        "name_differs": "reviewer",
    }
    assert desk.codes(same, reviewer=False) == {}
    third = desk.scene.person("K3", making.NAME)
    again = desk.send(third, making.jpeg(making.cet().image, quality=60))
    kept(desk, third, [again], "999052312009999")
    assert desk.codes(again) == {"looks_like_other": "reviewer"}


def test_a_picture_may_serve_twice_for_its_owner_and_is_nobody_elses(
    desk: Desk, candidate: int
) -> None:
    picture = desk.send(candidate, GOOD)
    first, second = kept(desk, candidate, [picture]), kept(desk, candidate, [picture])
    with desk.scene.office.read() as work:
        (one,), (two,) = (keeping.pictures_of(work, proof) for proof in (first, second))
        assert one.id != two.id
        assert one.blob_id == two.blob_id
        assert keeping.read(work, two.id) == keeping.read(work, one.id)
    assert desk.codes(two.id) == {}
    with pytest.raises(NotAllowed):
        kept(desk, desk.scene.person("K2"), [picture])


def test_an_original_stays_as_long_as_any_proof_rests_on_it(desk: Desk, candidate: int) -> None:
    picture = desk.send(candidate, GOOD)
    proofs = [kept(desk, candidate, [picture]) for _ in range(2)]
    for proof, gone in zip(proofs, (0, 1), strict=True):
        with desk.scene.office.work(candidate) as work:
            keeping.end(work, work.session.get_one(Proof, proof))
            assert blobs.expire_due(work) == gone


def test_what_has_not_passed_the_gate_is_not_kept(desk: Desk, candidate: int) -> None:
    with pytest.raises(Refused, match="picture_stopped"):
        kept(desk, candidate, [desk.send(candidate, BLURRED)])


def test_another_number_than_was_read_is_told_to_both(desk: Desk, candidate: int) -> None:
    picture = desk.send(candidate, GOOD)
    with desk.scene.office.read(candidate) as work:
        (differs,) = keeping.differences(work, "999052312001235", "2018-06", [picture])
        assert (differs.code, differs.severity) == ("number_differs", "warn")
        assert keeping.differences(work, "999052312001234", "2018-06", [picture]) == []
    kept(desk, candidate, [picture], "999052312001235")
    assert desk.codes(picture) == {"number_differs": "reviewer"}


def test_a_proof_that_was_replaced_is_compared_with_no_more(desk: Desk, candidate: int) -> None:
    proof = kept(desk, candidate, [desk.send(candidate, GOOD)])
    with desk.scene.office.work(candidate) as work:
        keeping.end(work, work.session.get_one(Proof, proof))
        assert blobs.expire_due(work) == 1  # the original
    other = desk.scene.person("K2", making.NAME)
    again = desk.send(other, GOOD)
    kept(desk, other, [again])
    assert desk.codes(again) == {}
