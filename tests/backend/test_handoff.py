"""A student who asks for a person reaches one, and nobody else hears what they say (T10)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from backend import absences, blobs, handoff
from backend.authority import Role
from backend.clock import SHANGHAI
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.handoff import State
from backend.models import Blob, Handoff, HandoffLine
from backend.models import Role as RoleRow
from backend.policy.offices import CalendarPolicy, Office
from backend.workdays import is_workday
from tests.backend.scene import Scene

HOURS = ((time(8, 30), time(11, 30)), (time(13, 30), time(17, 0)))
OFFICE = Office(name_zh="财务处", name_en="Finance", phone="010-0000", hours=HOURS)
CALENDAR = CalendarPolicy()


def ask(scene: Scene, student: int, office: str = "finance") -> str:
    with scene.office.work(student) as work:
        return str(handoff.ask(work, office, "发票抬头怎么改？").number)


def take(scene: Scene, officer: int, number: str) -> None:
    with scene.office.work(officer) as work:
        handoff.take(work, number)


def say(scene: Scene, person: int, words: str) -> None:
    with scene.office.work(person) as work:
        found = handoff.talking(work, person)
        assert found is not None
        handoff.say(work, found, words)


def end(scene: Scene, person: int, number: str) -> None:
    with scene.office.work(person) as work:
        handoff.end(work, number)


def look(scene: Scene, number: str) -> Handoff:
    with scene.office.read() as work:
        found = handoff.find(work, number)
        assert found is not None
        return found


def run_out(scene: Scene) -> int:
    with scene.office.work() as work:
        return handoff.run_out_due(work)


def test_whoever_takes_it_first_has_it(scene: Scene) -> None:
    first, second = scene.staff("F1", Role.FINANCE), scene.staff("F2", Role.FINANCE)
    number = ask(scene, scene.student())
    with scene.office.read() as work:
        assert handoff.officers(work, "finance", 0) == [first, second]
    take(scene, second, number)
    with pytest.raises(AlreadyHandled) as told:
        take(scene, first, number)
    assert told.value.facts["by"] == second
    assert look(scene, number).officer_id == second
    assert [one.event for one in scene.audit(number)] == ["ask", "take"]


def test_only_the_office_that_was_asked_takes_it_and_never_the_student(scene: Scene) -> None:
    scene.staff("F1", Role.FINANCE)
    student = scene.student()
    scene.give_role(student, Role.FINANCE)
    number = ask(scene, student)
    strangers = [scene.affairs, scene.officer(), scene.student("S2"), student]
    for stranger in strangers:
        with pytest.raises(NotAllowed):
            take(scene, stranger, number)
    with scene.office.read(scene.affairs) as work:
        assert handoff.waiting(work) == []
    assert look(scene, number).state == State.WAITING


def test_words_go_to_the_other_side_only_and_only_while_it_is_open(scene: Scene) -> None:
    officer, student = scene.staff("F1", Role.FINANCE), scene.student()
    other, stranger = scene.student("S2"), scene.staff("F2", Role.FINANCE)
    number = ask(scene, student)
    ask(scene, other)
    with scene.office.read(student) as work:
        assert handoff.talking(work, student) is None, "nobody has taken over yet"
    take(scene, officer, number)
    say(scene, student, "您好")
    say(scene, officer, "请说")
    with scene.office.work(stranger) as work, pytest.raises(NotAllowed):
        handoff.say(work, look(scene, number), "hello")
    for person in (stranger, other):
        with scene.office.work(person) as work:
            assert handoff.talking(work, person) is None
            with pytest.raises(NotAllowed):
                handoff.end(work, number)
    end(scene, officer, number)
    with scene.office.work(student) as work, pytest.raises(AlreadyHandled):
        handoff.say(work, look(scene, number), "还在吗")
    with scene.office.read() as work:
        lines = work.session.query(HandoffLine).order_by(HandoffLine.id).all()
        assert [(line.person_id, line.text) for line in lines] == [
            (student, "您好"),
            (officer, "请说"),
        ]


def test_a_file_that_is_passed_on_is_kept_for_a_month(scene: Scene) -> None:
    officer, student = scene.staff("F1", Role.FINANCE), scene.student()
    take(scene, officer, ask(scene, student))
    with scene.office.work(student) as work:
        file = blobs.reserve(work, blobs.NewFile(b"%PDF", student, "a.pdf", "application/pdf"))
        found = handoff.talking(work, student)
        assert found is not None
        handoff.say(work, found, "a.pdf", file.id)
        kept = file.id
    scene.pass_time(timedelta(days=29))
    with scene.office.work() as work:
        blobs.expire_due(work)
        assert work.session.get_one(Blob, kept).deleted_at is None
    scene.pass_time(timedelta(days=2))
    with scene.office.work() as work:
        blobs.expire_due(work)
    with scene.office.read() as work:
        assert work.session.get_one(Blob, kept).deleted_at is not None


def test_nobody_is_in_two_conversations(scene: Scene) -> None:
    officer, student = scene.staff("F1", Role.FINANCE), scene.student()
    number = ask(scene, student)
    with pytest.raises(Refused, match="talking_already"):
        ask(scene, student, "academic_affairs")
    second = ask(scene, scene.student("S2"))
    take(scene, officer, number)
    with pytest.raises(Refused, match="talking_already"):
        take(scene, officer, second)
    end(scene, student, number)
    take(scene, officer, second)


def test_whoever_asked_and_is_of_an_office_is_not_in_two_conversations_either(
    scene: Scene,
) -> None:
    finance, affairs = scene.staff("F1", Role.FINANCE), scene.affairs
    asked_by_affairs = ask(scene, affairs)
    asked_by_student = ask(scene, scene.student(), "academic_affairs")
    take(scene, affairs, asked_by_student)
    with pytest.raises(Refused, match="they_are_talking"):
        take(scene, finance, asked_by_affairs)
    assert look(scene, asked_by_affairs).state == State.WAITING
    end(scene, affairs, asked_by_student)
    take(scene, finance, asked_by_affairs)
    later = ask(scene, scene.student("S2"), "academic_affairs")
    with pytest.raises(Refused, match="talking_already"):
        take(scene, affairs, later)


def test_two_who_begin_at_once_do_not_put_one_person_into_two_conversations(
    scene: Scene,
) -> None:
    finance, affairs = scene.staff("F1", Role.FINANCE), scene.affairs
    asked_by_affairs = ask(scene, affairs)
    asked_by_student = ask(scene, scene.student(), "academic_affairs")
    together = Barrier(2)

    def begin(hand: tuple[int, str]) -> str:
        officer, number = hand
        with scene.office.work(officer) as work:
            handoff.find(work, number)
            if scene.office.database.dialect != "sqlite":  # which has one writer at a time
                together.wait(timeout=30)
            try:
                handoff.take(work, number)
            except Refused as refused:
                return refused.code
            return "taken"

    hands = [(finance, asked_by_affairs), (affairs, asked_by_student)]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(begin, hands))
    assert outcomes in (["taken", "talking_already"], ["they_are_talking", "taken"])


def test_an_office_where_nobody_answers_is_not_asked(scene: Scene) -> None:
    for office in ("finance", "technical_support", "student_affairs"):
        with pytest.raises(Refused, match="nobody_there"):
            ask(scene, scene.student(f"S-{office}"), office)


def test_a_silent_conversation_ends_and_one_in_which_somebody_speaks_does_not(
    scene: Scene,
) -> None:
    officer, student = scene.staff("F1", Role.FINANCE), scene.student()
    number = ask(scene, student)
    take(scene, officer, number)
    scene.pass_time(timedelta(minutes=29))
    say(scene, student, "稍等")
    scene.pass_time(timedelta(minutes=29))
    assert run_out(scene) == 0
    scene.pass_time(timedelta(minutes=1))
    assert (run_out(scene), run_out(scene)) == (1, 0)
    assert look(scene, number).state == State.ENDED
    with scene.office.read() as work:
        assert handoff.talking(work, student) is None


def test_what_nobody_takes_is_closed_after_working_days(scene: Scene) -> None:
    scene.staff("F1", Role.FINANCE)
    number = ask(scene, scene.student())  # on a Monday
    scene.pass_time(timedelta(days=3) - timedelta(seconds=1))
    assert run_out(scene) == 0
    scene.pass_time(timedelta(seconds=1))
    assert run_out(scene) == 1
    assert scene.audit(number)[-1].event == "run_out"


def test_a_student_stops_waiting(scene: Scene) -> None:
    officer, student = scene.staff("F1", Role.FINANCE), scene.student()
    number = ask(scene, student)
    end(scene, student, number)
    with pytest.raises(AlreadyHandled):
        take(scene, officer, number)
    ask(scene, student)


def test_while_an_officer_is_away_the_deputy_of_the_same_office_is_asked(scene: Scene) -> None:
    colleague = scene.staff("A2", Role.ACADEMIC_AFFAIRS)
    today = scene.clock.now().date()
    with scene.office.work(scene.affairs) as work:
        absences.plan(work, colleague, today, today, scene.agreed(scene.affairs))
    with scene.office.read() as work:
        assert handoff.officers(work, "academic_affairs", 0) == [colleague]


@pytest.mark.parametrize(
    ("now", "back"),
    [
        ("03-02 08:29", "03-02 08:30"),
        ("03-02 08:30", None),
        ("03-02 11:29", None),
        ("03-02 11:30", "03-02 13:30"),
        ("03-02 17:00", "03-03 08:30"),
        ("03-06 18:00", "03-09 08:30"),  # over the weekend
        ("03-07 10:00", "03-09 08:30"),
    ],
)
def test_it_is_said_when_the_office_is_back(now: str, back: str | None) -> None:
    def at(moment: str) -> datetime:
        return datetime.strptime(f"2026-{moment}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)

    assert handoff.back_at(OFFICE, CALENDAR, at(now)) == (at(back) if back else None)
    assert handoff.back_at(OFFICE.model_copy(update={"hours": ()}), CALENDAR, at(now)) is None


@given(minutes=st.integers(0, 4 * 366 * 24 * 60))
def test_the_office_is_open_when_it_is_said_to_be_back(minutes: int) -> None:
    moment = datetime(2026, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=minutes)
    back = handoff.back_at(OFFICE, CALENDAR, moment)
    if back is not None:
        assert back > moment
        assert is_workday(back.astimezone(SHANGHAI).date(), CALENDAR)
        assert handoff.back_at(OFFICE, CALENDAR, back) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我的手机是13800138000，谢谢", "我的手机是138****8000，谢谢"),
        ("身份证 11010519491231002X", "身份证 110105********002X"),
        ("卡号6222020200112233445", "卡号6222********3445"),
        ("写到 lin.ruoxi@example.edu.cn", "写到 l***@example.edu.cn"),
        ("学号 20231800000001", "学号 20231800000001"),
        ("两\n行", "两 行"),
    ],
)
def test_whoever_takes_over_is_not_shown_whole_numbers(text: str, shown: str) -> None:
    assert handoff.masked(text) == shown
    assert len(handoff.masked("长" * 500)) == handoff.SHOWN


class Looked:
    """A pattern that finds nothing and knows how much it was given."""

    def __init__(self) -> None:
        self.most = 0

    def sub(self, _: str, text: str) -> str:
        self.most = max(self.most, len(text))
        return text


def test_long_words_are_cut_before_they_are_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = Looked()
    monkeypatch.setattr(handoff, "_MASKS", ((looked, ""),))
    handoff.masked("a" * 12_000)
    assert 0 < looked.most <= 20 * handoff.SHOWN


def test_address_of_any_length_is_masked_in_as_many_steps_as_it_is_long() -> None:
    for pattern, _shown in handoff._MASKS:
        assert "*" not in pattern.pattern
        assert "+" not in pattern.pattern.replace("%+-", "")


def test_number_is_not_shown_in_part_because_it_was_cut_in_two() -> None:
    """What masks make shorter brings what comes later into view, but never the place of the cut."""
    addresses = ("a" * 64 + "@") * 100
    assert len(handoff.masked(addresses)) == handoff.SHOWN
    assert handoff.masked(addresses).count("a***@") == handoff.SHOWN // 5 - 1


def test_whoever_has_lost_the_office_hears_and_says_nothing_more_in_its_name(scene: Scene) -> None:
    officer, student = scene.staff("F1", Role.FINANCE), scene.student()
    number = ask(scene, student)
    take(scene, officer, number)
    with scene.office.work() as work:
        work.session.execute(delete(RoleRow).where(RoleRow.person_id == officer))
    for person in (student, officer):
        with pytest.raises(Refused, match="officer_gone"):
            say(scene, person, "还在吗？")
    assert run_out(scene) == 1
    assert look(scene, number).state != State.OPEN
