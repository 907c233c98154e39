"""What each kind of application is called, how it may stand, and the dialogs that deal with one.

A service adds one entry; lists, numbers that are named, orders and withdrawals then know it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend import transcript_orders, transcripts
from backend.authority import Role
from backend.consent import Consent
from backend.exam import back_entry_cases, exemptions, graduation_cases, transfer_out
from backend.models import Application
from backend.reviewing import asking
from backend.work import Work
from dialogs.engine.words import Words, _
from dialogs.exam import back_entry_words, exemption_words, graduation_words, transfer_out_words
from dialogs.titles import holder_words, title_of
from dialogs.transcripts import status


@dataclass(frozen=True, slots=True)
class CaseKind:
    """``title`` is ``T260302-0001（英文，带 GPA）``. The dialogs are called with ``application_number``:
    ``status`` tells its owner how it stands, ``decide`` shows it to ``deciders``, ``order`` leads to
    what is to be paid. In the states ``over`` nothing goes on any more.
    """

    title: Callable[[Work, Application], Words]
    states: Mapping[str, Words]
    over: frozenset[str]
    status: str
    decide: str
    deciders: frozenset[Role]
    withdrawable: Callable[[Application], bool] = lambda _: False
    withdraw: Callable[[Work, str, Consent], Application] | None = None
    order: str = ""


REVIEWERS = frozenset({Role.EXAM_REVIEWER, Role.EXAM_OFFICE})
CASES: dict[str, CaseKind] = {
    transcripts.KIND: CaseKind(
        title_of,
        status.STATES,
        frozenset(
            {
                transcripts.State.REJECTED,
                transcripts.State.WITHDRAWN,
                transcripts.State.EXPIRED,
                transcripts.State.REFUNDED,
            }
        ),
        status="transcript_status",
        decide="decide",
        deciders=frozenset({Role.UNIT_OFFICER, Role.ACADEMIC_AFFAIRS}),
        withdrawable=transcripts.withdrawable,
        withdraw=transcript_orders.withdraw,
        order="order_transcript",
    ),
    exemptions.KIND: CaseKind(
        exemption_words.title,
        exemption_words.STATES,
        exemptions.OVER,
        status="exemption_status",
        decide="review",
        deciders=frozenset({Role.EXAM_REVIEWER, Role.EXAM_OFFICE}),
        withdrawable=exemptions.withdrawable,
        withdraw=asking.withdraw,
    ),
    graduation_cases.KIND: CaseKind(
        graduation_words.title_of,
        graduation_words.STATES,
        graduation_cases.OVER,
        status="exam_graduation_status",
        decide="review",
        deciders=REVIEWERS,
        withdrawable=graduation_cases.withdrawable,
        withdraw=asking.withdraw,
        order="pay_review_fee",
    ),
    transfer_out.KIND: CaseKind(
        transfer_out_words.title_of,
        transfer_out_words.STATES,
        transfer_out.OVER,
        status="transfer_out_status",
        decide="review",
        deciders=REVIEWERS,
        withdrawable=transfer_out.withdrawable,
        withdraw=asking.withdraw,
    ),
    back_entry_cases.KIND: CaseKind(
        back_entry_words.title_of,
        back_entry_words.STATES,
        back_entry_cases.OVER,
        status="back_entries",
        decide="review",
        deciders=REVIEWERS,
        withdrawable=back_entry_cases.withdrawable,
        withdraw=asking.withdraw,
    ),
}


def case_title(work: Work, application: Application) -> Words:
    return CASES[application.kind].title(work, application)


def state_words(application: Application) -> Words:
    return CASES[application.kind].states[application.state]


def in_short(work: Work, application: Application) -> Words:
    """Its state, with whom (what waits for its owner says so itself) and since when."""
    state, holder = state_words(application), holder_words(work, application)
    if holder is None or application.holder == "applicant":
        return _("{state}，{at} 起", state=state, at=application.since)
    return _("{state}（{holder}），{at} 起", state=state, holder=holder, at=application.since)
