"""Whatever is passed counts once, under whichever ticket, and never after it has left (E6, E8)."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.exam import candidates, plans, score_files, scores
from backend.models import ExamCourse, ExamCredit, ExamMajor
from tests.exam.conftest import Exam

KINDS = st.sampled_from(["theory", "practice", "exemption", "transfer_in"])
CREDIT = st.tuples(
    st.sampled_from(["00015", "00018", "00261", "03708", "00002"]),
    KINDS,
    st.one_of(st.none(), st.integers(0, 100)),
    st.booleans(),  # passed
    st.booleans(),  # gone
    st.booleans(),  # under the other ticket
)


@given(rows=st.lists(CREDIT, max_size=12))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_part_of_a_course_counts_at_most_once_and_never_when_it_is_gone(
    exam: Exam, rows: list[tuple[str, str, int | None, bool, bool, bool]]
) -> None:
    with exam.work() as work, work.session.begin_nested() as undo:
        person = exam.person(work, "k_two_tickets")
        tickets = candidates.ticket_ids(work, person.id)
        major = work.session.scalars(select(ExamMajor).where(ExamMajor.code == "120402")).one()
        courses = {one.code: one.id for one in work.session.scalars(select(ExamCourse))}
        work.session.query(ExamCredit).filter_by(person_id=person.id).delete()
        for place, (code, kind, score, passed, gone, other) in enumerate(rows):
            work.session.add(
                ExamCredit(
                    institution_id=work.institution,
                    person_id=person.id,
                    ticket_id=tickets[other],
                    course_id=courses[code],
                    kind=kind,
                    source="exam",
                    session=f"20{place:02}-04",
                    passed_month="",
                    score=score,
                    passed=passed,
                    ended_at=datetime(2026, 1, 1, tzinfo=UTC) if gone else None,
                )
            )
        work.session.flush()
        counted = scores.counting(work, person.id, major)
        assert all(one.passed and one.ended_at is None and one.left_by is None for one in counted)
        assert courses["00002"] not in {one.course_id for one in counted}  # of another major
        parts = [(one.course_id, one.kind) for one in counted]
        assert len(parts) == len(set(parts))
        for one in counted:
            if one.kind in ("theory", "practice"):
                rivals = [
                    -1 if score is None else score
                    for code, kind, score, passed, gone, _other in rows
                    if passed and not gone and (courses[code], kind) == (one.course_id, one.kind)
                ]
                assert (-1 if one.score is None else one.score) == max(rivals)
        progress = plans.progress(work, major, counted)
        assert progress.credit_tenths <= sum({c.course_id: 140 for c in counted}.values())
        undo.rollback()


def test_the_table_of_scores_has_everything_in_both_languages(exam: Exam) -> None:
    with exam.work("k_plain") as work:
        ticket = exam.ticket(work, "k_plain")
        zh, en = (score_files.facts(work, ticket, language) for language in ("zh", "en"))
    assert len(zh.lines) == len(en.lines) == 10
    assert zh.digest != en.digest
    assert {line.remark for line in zh.lines} == {"", "缺考", "未通过"}
    assert {line.remark for line in en.lines} == {"", "Absent", "Not passed"}
    assert [line.month for line in zh.lines] == sorted(
        (line.month for line in zh.lines), reverse=True
    )
