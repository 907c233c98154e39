"""待我办理 (the inbox of whoever decides): of approvals, of reviews, or of both."""

from backend import authority
from backend.authority import DECIDERS
from backend.reviewing import reviewers
from backend.work import Work
from dialogs import approvals, reviewing
from dialogs.chat import Chat


def staff_inbox(chat: Chat, work: Work) -> None:
    person = chat.person or 0
    reviews = reviewers.reviews(work, person)
    if not reviews or authority.roles(work, person) & DECIDERS:
        approvals.staff_inbox(chat, work)
    if reviews:
        reviewing.review_inbox(chat, work)
