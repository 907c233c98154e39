"""An absence begins and ends on the days that were meant, or nothing is taken for understood."""

from datetime import date

import pytest

from dialogs.engine.periods import period_in

TODAY = date(2026, 3, 4)  # a Wednesday


def days(first: str, last: str | None = None) -> tuple[date, date]:
    return date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last or first}")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("我今天不在", days("03-04")),
        ("明天请假", days("03-05")),
        ("后天", days("03-06")),
        ("大后天我不在", days("03-07")),
        ("我下周出差", days("03-09", "03-15")),
        ("下星期去开会", days("03-09", "03-15")),
        ("下下周休假", days("03-16", "03-22")),
        ("这周我外出", days("03-04", "03-08")),
        ("请假到周五，李老师代我", days("03-04", "03-06")),
        ("请假到下周五", days("03-04", "03-13")),
        ("周五请假", days("03-06")),
        ("周一请假", days("03-09")),
        ("下周一到周三我去开会", days("03-09", "03-11")),
        ("下周四至下下周二", days("03-12", "03-17")),
        ("周五到周二", days("03-06", "03-10")),
        ("明天起三天", days("03-05", "03-07")),
        ("从3月9日开始请假5天", days("03-09", "03-13")),
        ("3月9日到13日我请假", days("03-09", "03-13")),
        ("3月9号—3月13号", days("03-09", "03-13")),
        ("3月28日到2日", days("03-28", "04-02")),
        ("28号到2号", days("03-28", "04-02")),
        ("2026-03-09至2026-03-13", days("03-09", "03-13")),
        ("2026年3月9日到2026年3月13日", days("03-09", "03-13")),
        ("从今天到20日", days("03-04", "03-20")),
        ("下个月我不在", days("04-01", "04-30")),
        ("这个月都不在", days("03-04", "03-31")),
        ("到10日", days("03-04", "03-10")),
        ("12月30日到1月3日", (date(2026, 12, 30), date(2027, 1, 3))),
        ("2月1日到2月3日", (date(2027, 2, 1), date(2027, 2, 3))),
        ("I am away next week", days("03-09", "03-15")),
        ("out of office until Friday", days("03-04", "03-06")),
        ("on leave tomorrow", days("03-05")),
        ("from Monday to Wednesday", days("03-09", "03-11")),
        ("next Monday to Friday", days("03-09", "03-13")),
        ("from 9 March to 13 March", days("03-09", "03-13")),
        ("March 9th through March 13th, 2026", days("03-09", "03-13")),
        ("three things: away 2026-03-09 until 2026-03-10", days("03-09", "03-10")),
    ],
)
def test_the_days_that_are_named_are_understood(words: str, meant: tuple[date, date]) -> None:
    assert period_in(words, TODAY) == meant


@pytest.mark.parametrize(
    "words",
    [
        "我要请假",
        "请假三天",  # from when?
        "周一、周三、周五不在",
        "13日到3月9日之间",
        "2026-03-13到2026-03-09",
        "下周请假两天",
        "I may be away",
        "",
    ],
)
def test_what_is_not_clear_is_asked(words: str) -> None:
    assert period_in(words, TODAY) is None


@pytest.mark.parametrize("words", ["4月31日请假", "2026-02-30", "35号到36号", "31 April"])
def test_a_day_that_does_not_exist_is_named(words: str) -> None:
    with pytest.raises(ValueError, match="3"):
        period_in(words, TODAY)
