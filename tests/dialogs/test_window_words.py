"""What the exam office says about a window changes that window, and no other (E4)."""

from datetime import datetime

import pytest

from backend.clock import SHANGHAI
from backend.errors import Refused
from backend.policy.exam import Service, Window
from dialogs.engine.slots import Invalid
from dialogs.policies.exam_windows import WINDOWS_SAID, parsed
from dialogs.policies.exam_windows_changed import changed_windows, with_windows


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


NOW = at(3, 2, 9)
OVER = Window(service=Service.EXEMPTION, opens_at=at(1, 1), closes_at=at(2, 1))
OPEN = Window(
    service=Service.EXEMPTION, session="2026年4月考次", opens_at=at(2, 20), closes_at=at(4, 1)
)
NEXT = Window(service=Service.EXEMPTION, opens_at=at(8, 1), closes_at=at(9, 1))
OTHER = Window(service=Service.GRADUATION, opens_at=at(2, 1), closes_at=at(5, 1))
OLD = (OVER, OPEN, NEXT, OTHER)


def after(words: str, old: tuple[Window, ...] = OLD) -> list[tuple[datetime, datetime, str]]:
    new = [Window.model_validate(one) for one in with_windows(old, parsed(words), NOW)]
    assert OTHER not in old or OTHER in new
    mine = sorted((one for one in new if one.service is Service.EXEMPTION), key=opening)
    return [(one.opens_at, one.closes_at, one.session) for one in mine]


def opening(one: Window) -> datetime:
    return one.opens_at


def as_it_was(one: Window) -> tuple[datetime, datetime, str]:
    return one.opens_at, one.closes_at, one.session


def test_without_a_time_a_window_is_whole_days() -> None:
    assert after("免考 2026-12-01 至 2026-12-10", ()) == [(at(12, 1), at(12, 10, 23, 59), "")]
    with_hours = after("免考 2026-12-01 9点 到 2026-12-10 下午4点", ())
    assert with_hours == [(at(12, 1, 9), at(12, 10, 16), "")]
    assert after("免考 2026-12-01 到 2026-12-10 24:00", ())[0][1] == at(12, 10, 23, 59)


@pytest.mark.parametrize(
    ("said", "hour", "minute"),
    [
        ("晚上12点", 23, 59),
        ("中午1点", 13, 0),
        ("中午12点", 12, 0),
        ("下午4点半", 16, 30),
        ("下午四点半", 16, 30),
        ("下午四点三刻", 16, 45),
        ("早上9点", 9, 0),
        ("凌晨2点", 2, 0),
        ("傍晚6点", 18, 0),
        ("晚上十一点", 23, 0),
        ("16:05", 16, 5),
    ],
)
def test_a_time_is_read_as_people_say_it(said: str, hour: int, minute: int) -> None:
    closes = at(12, 10, hour, minute)
    assert after(f"免考 2026-12-01 到 2026-12-10 {said}", ())[0][1] == closes
    assert after(f"免考延长到2026-12-10{said}", (NEXT,))[0][1] == closes


def test_another_end_leaves_the_beginning_and_the_session() -> None:
    changed = after("免考申请延长到2026-04-20")
    assert changed == [
        as_it_was(OVER),
        (at(2, 20), at(4, 20, 23, 59), "2026年4月考次"),
        as_it_was(NEXT),
    ]
    assert after("免考提前到2026-03-10结束")[1][1] == at(3, 10, 23, 59)
    assert after("免考从2026-08-15起", (NEXT,))[0][:2] == (at(8, 15), at(9, 1))


def test_what_overlaps_is_replaced_and_what_does_not_is_added() -> None:
    assert after("免考 2026-03-05 到 2026-03-20")[1] == (
        at(3, 5),
        at(3, 20, 23, 59),
        "2026年4月考次",
    )
    added = after("开放免考 2026-06-01 到 2026-06-20 2026年10月考次")
    assert added == [
        as_it_was(OVER),
        as_it_was(OPEN),
        (at(6, 1), at(6, 20, 23, 59), "2026年10月考次"),
        as_it_was(NEXT),
    ]


def test_moving_a_window_takes_the_open_one_and_not_a_session_that_is_over() -> None:
    assert after("把免考窗口改到2026-06-01到2026-06-20") == [
        as_it_was(OVER),
        (at(6, 1), at(6, 20, 23, 59), ""),
        as_it_was(NEXT),
    ]


def test_closing_a_service_keeps_what_is_over_since_people_ask_when_it_was() -> None:
    assert after("免考 没有") == after("关闭免考") == [as_it_was(OVER)]


@pytest.mark.parametrize(
    ("words", "code"),
    [("转出延长到2026-06-01", "no_window_to_move"), ("免考从2026-05-01起", "window_ends_first")],
)
def test_what_cannot_be_moved_is_refused(words: str, code: str) -> None:
    with pytest.raises(Refused) as told:
        after(words)
    assert (told.value.code, told.value.rule) == (code, "E4")


@pytest.mark.parametrize(
    "words",
    [
        "2026-12-01 到 2026-12-10",  # of which service?
        "免考和毕业 2026-12-01 到 2026-12-10",
        "免考 2026-12-01",  # its beginning or its end?
        "免考 2月30日",
        "免考 2026-12-10 到 2026-12-01",
        "免考 2026-12-01 25:00 到 2026-12-10",
        "免考 2026-12-01 到 2026-12-10 江苏省直",  # no session: what it means is not known
        "免考 2026-12-01 9点五十 到 2026-12-10",
        "免考 2026-12-01 到 2026-12-10 四点五十",
        "免考延长到2026-12-10 四点五十",
        "免考从2026-12-01改到2026-12-10",  # its end, or all of it?
        "",
    ],
)
def test_what_is_not_clear_is_asked_again(words: str) -> None:
    with pytest.raises(Invalid):
        parsed(words)


def test_the_summary_shows_old_and_new_and_the_end_of_the_day() -> None:
    new = [
        Window.model_validate(one) for one in with_windows(OLD, parsed("免考延长到2026-04-20"), NOW)
    ]
    assert changed_windows(OLD, new).into("zh") == (
        "申请免考：2026年2月20日 00:00 至 2026年4月1日 00:00，2026年4月考次"
        " → 2026年2月20日 00:00 至 2026年4月20日 24:00，2026年4月考次"
    )


@pytest.mark.parametrize(
    "words",
    [
        "毕业申请窗口什么时候开放",
        "免考能延长到12月20日吗",
        "我要申请免考",
        "毕业申请 12月10日交了，怎么还没审核",
        "请假到12月10日",
        "补登 12月1日 的成绩",
    ],
)
def test_what_a_candidate_says_is_not_taken_for_it(words: str) -> None:
    assert not WINDOWS_SAID.search(words)
