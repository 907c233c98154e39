"""The days off are typed as the notice of the year has them; what is unclear is never guessed."""

from datetime import date

import pytest

from dialogs.engine.slots import Invalid
from dialogs.engine.turn import Said
from dialogs.engine.words import plain
from dialogs.policies import calendar
from dialogs.policies.calendar import changed_days, days_slot, with_days
from nlu.interpreter import Parse

OFF = days_slot("off", plain("?"), title=plain("off"), weekend=False)
WORKED = days_slot("worked", plain("?"), title=plain("worked"), weekend=True)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("2027-01-01", ["2027-01-01"]),
        ("2027年1月1日", ["2027-01-01"]),
        ("2027.1.1，2027/5/3", ["2027-01-01", "2027-05-03"]),
        ("２０２７年１月１日", ["2027-01-01"]),
        ("2027年1月1日、2月8日至9日", ["2027-01-01", "2027-02-08", "2027-02-09"]),
        ("2027-04-30~2027-05-03", ["2027-04-30", "2027-05-03"]),  # a weekend is off anyway
        ("2027年4月30日（周五）到5月3日（周一）。", ["2027-04-30", "2027-05-03"]),
        ("2027年12月31日至2028年1月3日", ["2027-12-31", "2028-01-03"]),
        ("2027-01-01\n2027-01-01", ["2027-01-01"]),
        ("2027年没有", []),
    ],
)
def test_dates_are_read_as_people_write_them(words: str, days: list[str]) -> None:
    read = OFF.parse(words)
    assert [one.isoformat() for year in read.values() for one in year] == days


@pytest.mark.parametrize(
    "words",
    [
        "1月1日",
        "2027年2月29日",
        "2027-13-01",
        "2027年5月3日至1日",
        "2027-01-01至2027-12-31",
        "2027-01-01 元旦",
        "1970-01-01",
        "下周一",
    ],
)
def test_what_is_no_list_of_days_is_said_so(words: str) -> None:
    with pytest.raises(Invalid):
        OFF.parse(words)


def test_a_list_of_days_without_end_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[int] = []

    def counted(form: str, words: str) -> str:
        read.append(len(words))
        return words

    monkeypatch.setattr(calendar, "normalize", counted)
    words = "2027-01-01 " * 1_000
    assert OFF.read(Said(words, Parse())) == words
    with pytest.raises(Invalid, match="太长"):
        OFF.parse(words)
    assert max(read) <= calendar.WRITTEN


def test_only_a_weekend_can_be_worked_instead() -> None:
    assert WORKED.parse("2027年2月13日") == {2027: (date(2027, 2, 13),)}
    with pytest.raises(Invalid):
        WORKED.parse("2027年2月12日")


def test_a_new_year_leaves_the_days_of_the_others_alone() -> None:
    old = (date(2026, 10, 1), date(2027, 1, 1))
    new = with_days(old, OFF.parse("2027年1月4日"))
    assert new == (date(2026, 10, 1), date(2027, 1, 4))
    assert with_days(new, OFF.parse("2026年没有")) == (date(2027, 1, 4),)
    assert changed_days(old, new).into("zh") == "增加 2027-01-04；去掉 2027-01-01"
    assert with_days(None, OFF.parse("2027-01-01")) == (date(2027, 1, 1),)
