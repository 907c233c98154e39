"""Whoever sets a window writes dates as they do anywhere; a year nobody wrote is never a year lost."""

from datetime import date

import pytest

from dialogs.engine.full_dates import full_dates

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "full"),
    [
        ("改到12月1日到10日", "改到2026-12-01到2026-12-10"),
        ("2026-12-01 至 2026-12-20", "2026-12-01至 2026-12-20"),
        ("12.1-12.20", "2026-12-01-2026-12-20"),
        ("12.1-10", "2026-12-01-2026-12-10"),
        ("12/1 到 12/10", "2026-12-01 到 2026-12-10"),
        ("12月1-10日", "2026-12-01-2026-12-10"),
        ("十二月一日至十日", "2026-12-01至2026-12-10"),
        ("12月1日9点到10日16:00", "2026-12-01 9点到2026-12-10 16:00"),
        ("2026.12.1-2026.12.10", "2026-12-01-2026-12-10"),
        ("2026/12/1-12/10", "2026-12-01-2026-12-10"),
        ("明年1月5日到20日", "2027-01-05到2027-01-20"),
        ("延长到20日", "延长到2026-12-20"),
        ("提前到明天结束", "提前到2026-11-24 结束"),
        ("from Dec 1 to Dec 10", "from 2026-12-01 to 2026-12-10"),
        ("Dec 1st to 10th", "2026-12-01 to 2026-12-10"),
        ("1 December until 3 January 2027", "2026-12-01 until 2027-01-03"),
        ("12月1日到2027年1月10日", "2026-12-01到2027-01-10"),
        ("until tomorrow", "until 2026-11-24"),
    ],
)
def test_every_form_of_a_date_is_made_full(words: str, full: str) -> None:
    assert full_dates(words, TODAY) == full


@pytest.mark.parametrize(
    ("today", "words", "full"),
    [
        (date(2026, 12, 5), "12月1日到10日", "2026-12-01到2026-12-10"),  # it has begun
        (date(2026, 12, 11), "12月1日到10日", "2027-12-01到2027-12-10"),  # it is over
        (date(2026, 12, 5), "12月20日到1月10日", "2026-12-20到2027-01-10"),
        (date(2027, 1, 5), "12月20日到1月10日", "2026-12-20到2027-01-10"),
        (date(2026, 11, 23), "11月23日", "2026-11-23"),
        (date(2026, 11, 23), "11月22日", "2027-11-22"),
    ],
)
def test_a_year_that_is_not_written_is_that_of_the_next_such_day(
    today: date, words: str, full: str
) -> None:
    assert full_dates(words, today) == full


@pytest.mark.parametrize(
    "words", ["2月30日", "09:00-16:00", "2026年4月考次", "35元", "021-35367070", "200 到 800 字"]
)
def test_what_is_no_date_stays_as_it_is(words: str) -> None:
    assert full_dates(words, TODAY) == words
