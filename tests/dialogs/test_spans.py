"""Days that are over are understood as people say them; what is not named is this month."""

from datetime import date

import pytest

from dialogs.engine.spans import span_in
from dialogs.exam.catalog import DIALOGS

TODAY = date(2026, 3, 4)  # a Wednesday


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("审核统计", "2026-03-01", "2026-03-04"),
        ("这个月审了多少", "2026-03-01", "2026-03-04"),
        ("上个月审了多少", "2026-02-01", "2026-02-28"),
        ("2月审了多少", "2026-02-01", "2026-02-28"),
        ("十二月审了多少", "2025-12-01", "2025-12-31"),
        ("十月审了多少", "2025-10-01", "2025-10-31"),
        ("2025年11月的审核统计", "2025-11-01", "2025-11-30"),
        ("2026-01", "2026-01-01", "2026-01-31"),
        ("今天驳回了几份", "2026-03-04", "2026-03-04"),
        ("上周审了多少", "2026-02-23", "2026-03-01"),
        ("本周审了多少", "2026-03-02", "2026-03-04"),
        ("今年审了多少", "2026-01-01", "2026-03-04"),
        ("今年一月审了多少", "2026-01-01", "2026-01-31"),
        ("去年的2月审了多少", "2025-02-01", "2025-02-28"),
        ("how many did we reject last month", "2026-02-01", "2026-02-28"),
        ("how many did we reject in may", "2025-05-01", "2025-05-31"),
        ("how many did we reject in sept", "2025-09-01", "2025-09-30"),
        ("how many did we reject in january 2025", "2025-01-01", "2025-01-31"),
    ],
)
def test_the_days_that_are_meant(words: str, first: str, last: str) -> None:
    found = span_in(words, TODAY)
    assert (found[0].isoformat(), found[1].isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("words", "dialog"),
    [
        ("这个月审了多少", "review_statistics"),
        ("我们上个月驳回了多少份", "review_statistics"),
        ("how many did we reject", "review_statistics"),
        ("how many did we approve in january", "review_statistics"),
        ("这份我通过错了", "revoke_approval"),
        ("m260226-0004 通过错了", "revoke_approval"),
        ("我刚才批错了", "revoke_approval"),
        ("i approved this by mistake", "revoke_approval"),
        ("把剩下的都通过", "review_approve_rest"),
        ("剩下的全部通过吧", "review_approve_rest"),
        ("approve all the rest", "review_approve_rest"),
        ("我通过了几门", None),
        ("我通过了多少学分", None),
        ("通过", None),
        ("我填错了", None),
    ],
)
def test_what_reviewers_say_reaches_its_dialog_and_what_candidates_say_none_of_them(
    words: str, dialog: str | None
) -> None:
    claimed = [name for name, one in DIALOGS.items() if one.said and one.said.search(words)]
    assert claimed == ([dialog] if dialog else [])
