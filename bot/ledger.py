"""At the keyboard: whether the books add up."""

import sys

from backend.ledger import checking
from bot.prepare import work_there
from bot.settings import Settings
from dialogs.ledger.words import fault_words


def check(settings: Settings) -> int:
    """Says what was looked at and names what does not add up; 1 if anything does not."""
    with work_there(settings) as work:
        report = checking.check(work)
    print(
        f"凭证 {report.entries} 张，分录 {report.lines} 行"
        f" {report.entries} entries, {report.lines} lines"
    )
    for reference in report.foreign:
        print(f"外币付款不入账 payment in another currency, not entered: {reference}")
    for one in report.faults:
        words = fault_words(one.code, one.subject)
        print(f"对不上 · {words.into('zh')} · {words.into('en')}", file=sys.stderr)
    if report.faults:
        return 1
    print("全部对得上 everything adds up")
    return 0
