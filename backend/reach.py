"""Whom it touches that a document does not stand any more: shown before anybody agrees to it."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256

from sqlalchemy import func, select

from backend.models import Application, Conversation, Credential, DocumentFollow, Revocation, Share
from backend.sharing.making import live_at
from backend.work import Work


@dataclass(frozen=True, slots=True)
class Reach:
    """``shares`` are links that show it now, ``follows`` the conversations that checked it lately
    and will be told; ``others`` are the numbers of the holder's other documents that stand."""

    shares: int
    follows: int
    others: tuple[str, ...]


def reach(work: Work, credential: Credential) -> Reach:
    others = work.session.scalars(
        select(Application.number)
        .join(Credential, Credential.application_id == Application.id)
        .where(
            Credential.institution_id == work.institution,
            Credential.holder_id == credential.holder_id,
            Credential.status == "issued",
            Credential.id != credential.id,
        )
        .order_by(Credential.id)
    )
    return Reach(live_shares(work, credential), _follows(work, credential), tuple(others))


def live_shares(work: Work, credential: Credential) -> int:
    """Links to it that its holder has neither stopped nor let expire."""
    found = work.session.scalar(
        select(func.count())
        .select_from(Share)
        .where(
            Share.credential_id == credential.id,
            live_at(work.now),
        )
    )
    return found or 0


def _follows(work: Work, credential: Credential) -> int:
    own = select(Conversation.id).where(Conversation.person_id == credential.holder_id)
    found = work.session.scalar(
        select(func.count())
        .select_from(DocumentFollow)
        .where(
            DocumentFollow.credential_id == credential.id,
            DocumentFollow.stopped.is_(False),
            DocumentFollow.until >= work.now,
            DocumentFollow.conversation_id.not_in(own),  # its holder is told as such
        )
    )
    return found or 0


def seen(work: Work, credential: Credential, why: str, proposed: Revocation | None = None) -> str:
    """A hash of all that somebody looks at who agrees to it: any change is another question."""
    facts = {
        "code": credential.code,
        "file": credential.sha256,
        "snapshot": credential.snapshot,
        "status": credential.status,
        "why": why,
        "reach": asdict(reach(work, credential)),
        "proposal": [proposed.number, proposed.version] if proposed else None,
    }
    written = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    return sha256(written.encode()).hexdigest()
