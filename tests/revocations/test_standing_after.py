"""What whoever verifies is told from the moment a document is revoked or reissued (T7, T8, T10)."""

from datetime import timedelta

from sqlalchemy import select

from backend import credentials, tasks
from backend.models import Credential
from tests.revocations.bench import WHY, Bench


def points_on(bench: Bench) -> list[int | None]:
    """Place of the document each one points on to."""
    every = bench.credentials()
    places = {one.id: place for place, one in enumerate(every)}
    return [places.get(one.superseded_by_id or 0) for one in every]


def newer(bench: Bench) -> list[bool]:
    """Whether the page says that the next one is there."""
    with bench.office.read() as work:
        codes = [one.code for one in bench.credentials()]
        found = credentials.standings(work.session, work.institution, codes, work.now)
    return [found[code].newer for code in codes]


def make_again(bench: Bench, *, finished: bool = True) -> None:
    bench.pass_time(timedelta(hours=1))
    bench.reissue()
    if finished:
        bench.direct.run_all(bench.office)


def test_the_old_document_points_on_as_soon_as_the_next_one_is_there(bench: Bench) -> None:
    make_again(bench, finished=False)
    assert (bench.verdicts(), points_on(bench), newer(bench)) == (["superseded"], [None], [False])
    bench.direct.run_all(bench.office)
    assert bench.verdicts() == ["superseded", "genuine"]
    assert (points_on(bench), newer(bench)) == ([1, None], [True, False])


def test_a_chain_of_corrections_leads_to_the_last_one(bench: Bench) -> None:
    for _ in range(3):
        make_again(bench)
    assert bench.verdicts() == ["superseded"] * 3 + ["genuine"]
    assert points_on(bench) == [1, 2, 3, None]
    assert newer(bench) == [True] * 3 + [False]
    with bench.office.read() as work:
        every = list(work.session.scalars(select(Credential).order_by(Credential.id)))
        assert [credentials.newest(work, one) for one in every] == [every[-1]] * 4


def test_where_the_last_of_a_chain_is_revoked_no_newer_one_is_promised(bench: Bench) -> None:
    make_again(bench)
    bench.revoke()
    assert bench.verdicts() == ["superseded", "revoked"]
    assert newer(bench) == [False, False]
    assert points_on(bench) == [1, None]


def test_revoking_the_next_one_leaves_the_reason_of_the_first_alone(bench: Bench) -> None:
    make_again(bench)
    bench.revoke(why="学籍信息有误")
    assert [one.status_why for one in bench.credentials()] == [WHY, "学籍信息有误"]


def test_the_file_is_found_by_its_bytes_in_whatever_state_it_is(bench: Bench) -> None:
    make_again(bench)
    bench.revoke()
    with bench.office.read() as work:
        for one, expected in zip(bench.credentials(), ("superseded", "revoked"), strict=True):
            found = credentials.with_file(work.session, "demo", one.sha256, work.now)
            assert found is not None
            assert (found.code, found.status) == (one.code, expected)
            assert credentials.ended_file(work, one.blob_id)


def test_another_document_of_the_same_student_stands_as_it_did(bench: Bench) -> None:
    second = bench.file(bench.holder)
    bench.settle(bench.confirm(second))
    bench.direct.run_all(bench.office)
    bench.revoke()
    assert bench.verdicts() == ["revoked", "genuine"]
    assert points_on(bench) == [None, None]


def test_what_was_superseded_never_stands_again_nor_expires(bench: Bench) -> None:
    make_again(bench)
    bench.pass_time(timedelta(days=90))
    tasks.housekeeping(bench.office)
    assert bench.verdicts() == ["superseded", "genuine"]
    assert newer(bench) == [True, False]
