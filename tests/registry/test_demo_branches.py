"""Whoever shows the assistant finds somebody for every branch, and docs/demo.md says whom."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.clock import SHANGHAI, SetClock
from backend.database import Database
from backend.exam import candidates, eligibility, graduation_fee, transfer_in_due
from backend.jobs import DirectJobs
from backend.models import (
    Application,
    AuditEntry,
    CollectionCode,
    Person,
    PhotoRoster,
    PhotoSchedule,
    PhotoSlot,
    Student,
    TransferIn,
)
from backend.photos import attendance
from backend.policy import notices
from backend.registry import demo
from backend.reviewing import overdue
from backend.sealing import Sealer
from backend.work import Work

NOW = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
GUIDE = Path(__file__).parents[2] / "docs" / "demo.md"

# Kind, state, and whose case it is
CASES = [
    ("exemption", "pending", "k_pending"),
    ("exemption", "second", "k_second"),
    ("exemption", "approved", "k_approved"),
    ("exemption", "approved", "k_rejected"),
    ("exemption", "rejected", "k_rejected"),
    ("exemption", "pending", "k_several"),
    ("exam_graduation", "pending", "k_filed"),
    ("exam_graduation", "rejected", "k_sent_back"),
    ("exam_graduation", "payable", "k_awaiting_fee"),
    ("exam_graduation", "paid", "k_paid"),
    ("transfer_out", "pending", "k_leaving"),
    ("transfer_out", "rejected", "k_stays"),
    ("transfer_out", "approved", "k_left"),
    ("back_entry", "pending", "k_entry_waits"),
    ("back_entry", "approved", "k_backentry"),
    ("back_entry", "rejected", "k_backentry"),
]
COMING = [
    ("reviewing", "k_transfer_in_reviewing"),
    ("invited", "k_transfer_in_invited"),
    ("missed", "k_transfer_in_missed"),
    ("confirmed", "k_transfer_in_confirmed"),
    ("accepted", "k_transfer_in_accepted"),
    ("rejected", "k_transfer_in_rejected"),
]
PHOTOS = {
    "a code from a table": ("enrolled_master", "to_come"),
    "no code yet": ("officer_and_student", "to_come"),
    "moved": ("same_name_second", "to_come"),
    "photographed": ("same_name_first", "done"),
    "missed": ("character_without_glyph", "missed"),
    "two years": ("rare_character", "to_come"),
    "too long ago": ("enrolled_doctor", "to_come"),
    "two turns": ("no_grades", "to_come"),
}


@pytest.fixture
def work(database: Database, sealer: Sealer) -> Iterator[Work]:
    with database.write() as session:
        demo.load(session, sealer, NOW.date())
        notices.load(session, demo.INSTITUTION, demo=True, today=NOW.date())
        yield Work(
            session,
            institution=demo.INSTITUTION,
            actor=None,
            clock=SetClock(NOW),
            jobs=DirectJobs(),
            sealer=sealer,
        )


def person(work: Work, case: str) -> int:
    query = select(Person.id).where(Person.number == demo.CASES[case])
    return work.session.scalars(query).one()


def test_cases_of_each_kind_are_there_in_each_state(work: Work) -> None:
    query = select(Application.kind, Application.state, Application.applicant_id)
    held = {tuple(row) for row in work.session.execute(query)}
    wanted = {(kind, state, person(work, case)) for kind, state, case in CASES}
    assert wanted - held == set()
    coming = select(TransferIn.state, TransferIn.person_id)
    assert {(state, person(work, case)) for state, case in COMING} <= {
        tuple(row) for row in work.session.execute(coming)
    }


def test_one_candidate_has_filed_several_courses_together_and_changed_one(work: Work) -> None:
    mine = work.session.scalars(
        select(Application).where(Application.applicant_id == person(work, "k_several"))
    ).all()
    assert len(mine) == 2
    changed = select(AuditEntry.subject).where(AuditEntry.event == "change")
    assert set(work.session.scalars(changed)) == {mine[0].number}


def test_who_has_not_filed_lacks_nothing_or_is_told_what(work: Work) -> None:
    for case, lacks in (("k_ready", False), ("k_gap", True)):
        ticket = candidates.ticket(work, person(work, case))
        assert ticket is not None
        major = candidates.major_of(work, ticket)
        assert major is not None
        gaps = eligibility.gaps(work, major, eligibility.progress(work, ticket, major, "politics"))
        assert bool(gaps) is lacks


def test_nothing_happens_to_any_of_them_by_itself(work: Work) -> None:
    sweeps = (
        graduation_fee.close_due,
        graduation_fee.open_due,
        overdue.remind_due,
        overdue.escalate_due,
        transfer_in_due.tell_due,
        transfer_in_due.miss_due,
    )
    assert [sweep(work) for sweep in sweeps] == [0] * len(sweeps)


def test_there_is_somebody_for_every_branch_of_the_photos(work: Work) -> None:
    for branch, (case, standing) in PHOTOS.items():
        assert attendance.of_person(work, person(work, case)).standing == standing, branch
    coded = set(work.session.scalars(select(CollectionCode.person_id)))
    assert person(work, "enrolled_master") in coded
    assert person(work, "officer_and_student") not in coded
    kept = attendance.of_person(work, person(work, "rare_character"))
    assert kept.earlier is not None
    assert kept.keeps_until is not None
    assert attendance.of_person(work, person(work, "enrolled_doctor")).keeps_until is None


def test_whose_turn_was_moved_had_another_one_before(work: Work) -> None:
    moved = person(work, "same_name_second")
    group = work.session.scalars(
        select(PhotoRoster.group_no).where(PhotoRoster.person_id == moved)
    ).one()
    turns = {
        state: (day, begins)
        for state, day, begins in work.session.execute(
            select(PhotoSchedule.state, PhotoSlot.day, PhotoSlot.begins)
            .join(PhotoSlot, PhotoSlot.schedule_id == PhotoSchedule.id)
            .join(Student, Student.unit_id == PhotoSlot.unit_id)
            .where(Student.person_id == moved, PhotoSlot.group_no == group)
            .where(PhotoSchedule.state.in_(("published", "replaced")))
        )
    }
    assert set(turns) == {"published", "replaced"}
    assert turns["published"] != turns["replaced"]


def test_the_guide_names_everybody_by_number() -> None:
    guide = GUIDE.read_text()
    shown = [case for _kind, _state, case in CASES] + [case for _state, case in COMING]
    shown += [case for case, _standing in PHOTOS.values()]
    shown += ["k_plain", "k_two_tickets", "k_inactive", "k_no_major", "k_ready", "k_gap"]
    missing = [case for case in shown if demo.CASES[case] not in guide]
    assert missing == []
