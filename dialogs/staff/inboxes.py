"""待我办理 (the inbox of whoever decides): of approvals, reviews, revocations to confirm, refunds."""

from backend import approvals as approving
from backend import authority
from backend.authority import DECIDERS, Role
from backend.reviewing import doubting, reviewers
from backend.work import Event, Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import _
from dialogs.held import listing as held_money
from dialogs.reconciliation import report as bills
from dialogs.refunds import deciding as refunds
from dialogs.reviewing import deciding, undo
from dialogs.revocations import review as revocations
from dialogs.staff import approvals


def staff_inbox(chat: Chat, work: Work) -> None:
    person = chat.person or 0
    reviews = reviewers.reviews(work, person)
    held = authority.roles(work, person)
    shown = revocations.show_waiting(chat, work)
    shown = refunds.show_waiting(chat, work) or shown
    if Role.FINANCE in held:
        shown = held_money.show_waiting(chat, work) or shown
        shown = bills.show_open(chat, work) or shown
    if Role.FINANCE in held and not held & DECIDERS and not reviews:
        if not shown:
            chat.say(_("没有等您办理的。"))
        return
    if shown and not reviews and not approving.count(work):
        return
    if not reviews or held & DECIDERS:
        approvals.staff_inbox(chat, work)
    if reviews:
        undo.waiting(chat, work)
        deciding.review_inbox(chat, work)


def digest(chat: Chat, work: Work, event: Event) -> None:
    """The morning's list, in place of what was held back out of hours."""
    person = chat.person or 0
    revocations.show_waiting(chat, work, _("早上好，有撤销等您确认："))
    refunds.show_waiting(chat, work, _("早上好，有退款等您处理："))
    if Role.FINANCE in authority.roles(work, person):
        held_money.show_waiting(chat, work, _("早上好，有款项没有处理："))
        bills.show_open(chat, work, _("早上好，对账还有差异没有处理："))
    if authority.roles(work, person) & DECIDERS and (waiting := approving.inbox(work)):
        words = _("早上好，有 {count} 份申请等您审批：", count=len(waiting))
        approvals.show_inbox(chat, work, waiting, words)
    if not reviewers.reviews(work, person):
        return
    undo.waiting(chat, work)
    if count := reviewers.count(work):
        words = _("早上好，有 {count} 份申请等您审核：", count=count)
        deciding.show_inbox(chat, work, count, 1, words)


def buttons(chat: Chat, work: Work) -> list[Button]:
    """To what waits for this person now; none where nothing does."""
    person, found = chat.person or 0, []
    held = authority.roles(work, person)
    if authority.roles(work, person) & DECIDERS and (count := approving.count(work)):
        found.append(_("待我审批（{count}）", count=count))
    reviews = reviewers.reviews(work, person)
    if reviews and (count := reviewers.count(work) + len(doubting.waiting(work))):
        found.append(_("待我审核（{count}）", count=count))
    decisions = [chat.button(words, "staff_inbox", lasting=True) for words in found]
    return [
        *revocations.count_button(chat, work),
        *refunds.count_button(chat, work),
        *(held_money.waiting_button(chat, work) if Role.FINANCE in held else []),
        *decisions,
    ]
