"""Whoever checked a document in the chat is told when it does not stand any more (T8, T10)."""

from datetime import timedelta

from sqlalchemy import delete, select

from backend import accounts
from backend.models import ChatAccount, Credential, DocumentCheck, DocumentFollow
from backend.policy import store
from backend.work import Work

REVOKED, SUPERSEDED = "document.revoked", "document.superseded"
EVENTS = (REVOKED, SUPERSEDED)


def noticed(work: Work, credential_id: int, conversation_id: int) -> DocumentFollow:
    """It was checked in this conversation, which hears of changes from now on for a while: also where
    it had said that it need not, since it asks again. Of one that came in between it hears at once."""
    status = work.session.execute(  # whoever ends the document waits, or has been waited for
        select(Credential.status).where(Credential.id == credential_id).with_for_update(read=True)
    ).scalar_one()
    until = work.now + timedelta(days=store.credential(work).follow_days)
    row = _row(work, credential_id, conversation_id)
    if row is None:
        row = DocumentFollow(
            institution_id=work.institution,
            credential_id=credential_id,
            conversation_id=conversation_id,
            since=work.now,
            until=until,
            stopped=False,
        )
        work.session.add(row)
    row.account_id, row.until, row.stopped = work.account, until, False
    work.session.flush()
    if status != "issued":
        tell(work, credential_id, f"document.{status}")
    return row


def here(work: Work, person_id: int | None) -> int | None:
    """The conversation that is speaking; None where it comes from no account of anybody's."""
    if person_id is not None:
        return accounts.conversation_of(work, person_id)
    account = work.session.get(ChatAccount, work.account) if work.account else None
    return account.conversation_id if account else None


def stop(work: Work, conversation_id: int, credential_id: int) -> bool:
    """It need not hear of this document. False: it would not have."""
    row = _row(work, credential_id, conversation_id)
    if row is None or row.stopped or row.until < work.now:
        return False
    row.stopped = True
    work.session.flush()
    return True


def tell(work: Work, credential_id: int, event: str) -> int:
    """``document.revoked`` or ``document.superseded``, to every conversation that follows it, once;
    returns how many. The holder is told as the holder, and not here."""
    if event not in EVENTS:
        raise ValueError(f"{event} is no change of a document")
    document = work.session.get_one(Credential, credential_id)
    holders = accounts.conversation_of(work, document.holder_id)
    rows = work.session.scalars(
        select(DocumentFollow)
        .where(
            DocumentFollow.institution_id == work.institution,
            DocumentFollow.credential_id == credential_id,
            DocumentFollow.conversation_id != holders,
            DocumentFollow.stopped.is_(False),
            DocumentFollow.until >= work.now,
        )
        .order_by(DocumentFollow.id)
        .with_for_update()
    ).all()
    for row in rows:
        row.stopped = True  # nothing else can become of it
        told = _nobodys_account(work, row)
        work.emit(event, document.code, conversation=row.conversation_id, told=told)
    work.session.flush()
    return len(rows)


def forget_due(work: Work) -> int:
    """Who followed what, and what checks found, is forgotten when its time is over."""
    follows = work.session.execute(
        delete(DocumentFollow)
        .where(DocumentFollow.institution_id == work.institution, DocumentFollow.until < work.now)
        .returning(DocumentFollow.id)
    ).all()
    checks = work.session.execute(
        delete(DocumentCheck)
        .where(
            DocumentCheck.institution_id == work.institution, DocumentCheck.expires_at < work.now
        )
        .returning(DocumentCheck.key)
    ).all()
    return len(follows) + len(checks)


def _row(work: Work, credential_id: int, conversation_id: int) -> DocumentFollow | None:
    return work.session.scalar(
        select(DocumentFollow)
        .where(
            DocumentFollow.credential_id == credential_id,
            DocumentFollow.conversation_id == conversation_id,
        )
        .with_for_update()
    )


def _nobodys_account(work: Work, row: DocumentFollow) -> int | None:
    """Where it was checked, if that is an account of nobody known here; a person is told wherever
    they want to be told."""
    account = work.session.get(ChatAccount, row.account_id) if row.account_id else None
    there = account is not None and account.conversation_id == row.conversation_id
    return account.id if account and there and account.person_id is None else None
