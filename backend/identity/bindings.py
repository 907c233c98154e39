"""Binding a chat account to a person, and ending that (E1: on a page, never in the chat)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from backend import accounts, audit
from backend.accounts import BOUND
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.identity import exam_tickets, links
from backend.models import (
    AccountLink,
    ChatAccount,
    Conversation,
    Delivery,
    Person,
    StepUp,
    StepUpCode,
)
from backend.work import Work


@dataclass(frozen=True, slots=True)
class Bound:
    """A binding that was just made. ``dropped``: something was open in the chat before."""

    account: int
    person: int
    dropped: bool


def bind_by_link(work: Work, link_id: str, person_id: int) -> Bound:
    """The account of the link becomes this person's. Raises Refused ``link_over``."""
    link = links.live(work, link_id, links.BIND)
    if link is None or link.account_id is None or not links.use(work, link):
        raise Refused("link_over")
    return bind(work, link.account_id, person_id, link.wish)


def offer_by_start(work: Work, link_id: str, channel: str, address: str) -> bool:
    """An address has opened the link of somebody who is signed in elsewhere: it is asked whether it
    is theirs, since anybody may have sent it there. False where it is theirs already.

    For the Telegram channel: ``link_id`` is what ``Links.read_one_time`` makes of the text after
    ``/start``. Raises Refused ``link_over``, or ``account_taken`` where it is somebody else's.
    """
    account = accounts.find(work, channel, address)
    if account is None:
        account = accounts.account(work, channel, address, None)
    link, account = _started(work, link_id, account)
    if account.person_id is not None:
        links.use(work, link)
        return False
    work.emit(
        "account.offered",
        subject(account.id),
        link=link.id,
        account=account.id,
        told=account.id,
        conversation=account.conversation_id,
    )
    return True


def bind_by_start(work: Work, link_id: str, account_id: int) -> Bound:
    """The account, which has said so, becomes that of whoever the link was given to. Raises Refused
    ``link_over``, ``account_taken``."""
    link, account = _started(work, link_id, work.session.get_one(ChatAccount, account_id))
    if link.person_id is None or not links.use(work, link):
        raise Refused("link_over")
    if account.person_id is not None:
        return Bound(account.id, link.person_id, dropped=False)
    return bind(work, account.id, link.person_id, link.wish)


def _started(work: Work, link_id: str, account: ChatAccount) -> tuple[AccountLink, ChatAccount]:
    """Both, while the one can still be used for the other."""
    link = links.live(work, link_id, links.START)
    if link is None or link.person_id is None or account.institution_id != link.institution_id:
        raise Refused("link_over")
    if account.person_id not in (None, link.person_id):
        raise Refused("account_taken")
    return link, account


def bind(work: Work, account_id: int, person_id: int, wish: str | None) -> Bound:
    """The account, which is nobody's, is this person's from now on. Raises Refused ``account_taken``
    where it is somebody's by now.

    The caller knows that it is theirs. Its talk goes on in the person's conversation; what was open
    in the old one is dropped, since it was filled in by nobody known. ``wish`` is offered again;
    None: the platform has told us whose it is, and nothing is said there unless something is lost.
    """
    others = pushed_to(work, person_id)
    conversation_id = accounts.conversation_of(work, person_id)
    account = work.session.get_one(ChatAccount, account_id)
    before = account.conversation_id
    taken = work.session.scalar(
        update(ChatAccount)
        .where(ChatAccount.id == account_id, ChatAccount.person_id.is_(None))
        .values(person_id=person_id, conversation_id=conversation_id, bound_at=work.now)
        .returning(ChatAccount.id)
    )
    if taken is None:
        raise Refused("account_taken")
    work.session.refresh(account)
    dropped = _close_anonymous(work, before)
    exam_tickets.link(work, person_id)
    audit.record(work, subject(account_id), "bind", "", f"person:{person_id}", account.channel)
    facts = {"person": person_id, "account": account_id}
    # told there: who the account now belongs to; told elsewhere: that it does
    if wish is not None or dropped:
        work.emit(
            "account.bound",
            subject(account_id),
            **facts,
            told=account_id,
            wish=wish or "",
            dropped=dropped,
        )
    for other in others or web_of(work, person_id):
        work.emit("account.announced", subject(account_id), **facts, told=other)
    return Bound(account_id, person_id, dropped)


def _close_anonymous(work: Work, conversation_id: int) -> bool:
    """Whether something was open in it."""
    old = work.session.scalar(
        select(Conversation)
        .where(Conversation.id == conversation_id, Conversation.person_id.is_(None))
        .with_for_update()
    )
    if old is None:
        return False
    work.session.refresh(old)
    dropped = any(frame.get("given") for frame in old.state.get("stack", []))
    old.state, old.waiting_for = {}, None
    return dropped


def unbind(work: Work, account_id: int, consent: Consent | None) -> None:
    """The account is nobody's again; raises NotAllowed for an account that is not the actor's.

    ``consent`` is None where its owner pressed the button of a page. The caller has made sure of the
    person (``stepup``). What was on its way to the account does not arrive any more.
    """
    account = own(work, account_id)
    if consent is not None:
        keep(work, consent)
    person_id = account.person_id
    language = work.session.get_one(Person, person_id).language if person_id else "zh"
    account.person_id = None
    account.bound_at = None
    account.conversation_id = accounts.new_conversation(work, None, language)
    work.session.flush()
    _forget(work, account_id)
    work.session.execute(
        update(Delivery)
        .where(Delivery.account_id == account_id, Delivery.state == "waiting")
        .values(state="expired", ended_at=work.now, why="unbound")
    )
    audit.record(work, subject(account_id), "unbind", f"person:{person_id}", "", account.channel)
    facts = {"account": account_id}
    work.emit(
        "account.unbound",
        subject(account_id),
        **facts,
        told=account_id,
        conversation=account.conversation_id,
    )


def _forget(work: Work, account_id: int) -> None:
    """Links, codes and step-ups of the account are worth nothing to whoever binds it next."""
    work.session.execute(
        update(AccountLink)
        .where(AccountLink.account_id == account_id, AccountLink.used_at.is_(None))
        .values(used_at=work.now)
    )
    mine = (StepUpCode.account_id == account_id) | (StepUpCode.shown_to == account_id)
    work.session.execute(delete(StepUpCode).where(mine))
    work.session.execute(delete(StepUp).where(StepUp.account_id == account_id))


def of_person(work: Work, person_id: int) -> Sequence[ChatAccount]:
    """The accounts somebody has bound, and may unbind."""
    return work.session.scalars(
        select(ChatAccount)
        .where(
            ChatAccount.institution_id == work.institution,
            ChatAccount.person_id == person_id,
            ChatAccount.bound_at.is_not(None),
        )
        .order_by(ChatAccount.bound_at, ChatAccount.id)
    ).all()


def own(work: Work, account_id: int) -> ChatAccount:
    """One of them, by its id. Raises NotAllowed."""
    account = work.session.get(ChatAccount, account_id)
    if (
        account is None
        or work.actor is None
        or account.institution_id != work.institution
        or account.person_id != work.actor
        or account.bound_at is None
    ):
        raise NotAllowed
    return account


def pushed_to(work: Work, person_id: int) -> list[int]:
    """Ids of the accounts on which messages reach this person without their looking."""
    return list(
        work.session.scalars(
            select(ChatAccount.id)
            .where(
                ChatAccount.institution_id == work.institution,
                ChatAccount.person_id == person_id,
                ChatAccount.channel.in_(BOUND),
            )
            .order_by(ChatAccount.id)
        )
    )


def web_of(work: Work, person_id: int) -> list[int]:
    """The account that looks into the conversation by itself."""
    account = accounts.find(work, accounts.WEB, str(person_id))
    return [account.id] if account and account.person_id == person_id else []


def subject(account_id: int) -> str:
    """What an account is called in audit and events."""
    return f"account:{account_id}"
