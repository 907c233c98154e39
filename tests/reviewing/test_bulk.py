"""What is approved together with others has been compared, and nothing was noticed (E5)."""

from datetime import date

from backend.models import PictureReading
from backend.proofs import keeping
from backend.reviewing import bulk, reviewers
from backend.reviewing.bulk import Alone
from backend.reviewing.kinds import find
from backend.sealing import Sealer
from backend.work import Work
from tests.reviewing.hall import Hall

NUMBER = "999052312001234"
SEALER = Sealer(b"a secret of thirty-two characters")


def read(work: Work, case: str, /, **fields: tuple[str, float]) -> None:
    """As if this had been read on the picture of a case, whose number was typed."""
    work.sealer = SEALER
    application = find(work, case)
    assert application is not None
    for proof in keeping.of_application(work, application.id):
        proof.number_sealed = SEALER.seal(NUMBER)
        for picture in keeping.pictures_of(work, proof.id):
            picture.reading = "read"
            for field, (text, sure) in fields.items():
                work.session.merge(
                    PictureReading(
                        picture_id=picture.id,
                        field=field,
                        text_sealed=SEALER.seal(text),
                        confidence=sure,
                        box="0,0,1,1",
                    )
                )
    work.session.flush()


def alone(work: Work, number: str) -> Alone | None:
    application = find(work, number)
    assert application is not None
    return bulk.alone(work, application)


def test_what_no_reader_has_read_is_looked_at_by_itself(hall: Hall) -> None:
    (number,) = hall.file_exemptions(hall.candidate(), "00015")
    with hall.office.work(hall.reviewer) as work:
        assert alone(work, number) is Alone.UNREAD
        read(work, number, number=(NUMBER, 0.99))
        assert alone(work, number) is Alone.UNREAD, "whose it is was not read"
        read(work, number, name=("林小满", 0.5))
        assert alone(work, number) is Alone.UNREAD, "it was hardly read"
        read(work, number, name=("林小满", 0.99))
        assert alone(work, number) is None


def test_what_was_noticed_or_needs_a_colleague_is_looked_at_by_itself(hall: Hall) -> None:
    (noticed,) = hall.file_exemptions(hall.candidate(), "00015", findings=("looks_like_other",))
    (plain,) = hall.file_exemptions(hall.candidate("K2"), "00015")
    hall.set_policy("exam", date(2026, 3, 2), review={"second_look": "all"})
    (second,) = hall.file_exemptions(hall.candidate("K3"), "00015")
    sure = {"number": (NUMBER, 0.99), "name": ("林小满", 0.99)}
    with hall.office.work(hall.reviewer) as work:
        for number in (noticed, plain, second):
            read(work, number, **sure)
        assert alone(work, noticed) is Alone.NOTICED
        assert alone(work, plain) is None
        assert alone(work, second) is Alone.SECOND


def test_a_long_inbox_is_looked_through_with_as_many_questions_as_a_short_one(hall: Hall) -> None:
    def looked_through() -> int:
        with hall.office.work(hall.reviewer) as work:
            work.sealer = SEALER
            waiting = reviewers.inbox(work)
            bulk.why_alone(work, waiting)  # from now on the policy is known
            return hall.statements(lambda: bulk.why_alone(work, waiting))

    hall.file_exemptions(hall.candidate(), "00015")
    few = looked_through()
    for number in ("K2", "K3", "K4"):
        hall.file_exemptions(hall.candidate(number), "00015", "00018")
    assert looked_through() == few


def test_each_of_many_is_judged_by_what_is_its_own(hall: Hall) -> None:
    (noticed,) = hall.file_exemptions(hall.candidate(), "00015", findings=("looks_like_other",))
    (unread,) = hall.file_exemptions(hall.candidate("K2"), "00015")
    (fine,) = hall.file_exemptions(hall.candidate("K3"), "00015")
    with hall.office.work(hall.reviewer) as work:
        read(work, fine, number=(NUMBER, 0.99), name=("林小满", 0.99))
        waiting = reviewers.inbox(work)
        why = bulk.why_alone(work, waiting)
        assert {one.number: why[one.id] for one in waiting} == {
            noticed: Alone.NOTICED,
            unread: Alone.UNREAD,
            fine: None,
        }
        assert [one.number for one in reviewers.inbox(work, 1, 1)] == [unread]
        assert [one.number for one in reviewers.named(work, [fine, "M0"])] == [fine]
