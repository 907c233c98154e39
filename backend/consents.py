"""Keeping what a person agreed to."""

from sqlalchemy import insert

from backend.consent import Consent
from backend.errors import NotAllowed
from backend.models import ConsentRecord
from backend.work import Work

_KEEP = insert(ConsentRecord).returning(ConsentRecord.id)


def keep(work: Work, consent: Consent) -> int:
    """Store the evidence; returns its id. Consent is only ever given by the one who acts."""
    if work.actor != consent.person_id:
        raise NotAllowed
    kept = work.writing.execute(
        _KEEP,
        {
            "institution_id": work.institution,
            "person_id": consent.person_id,
            "words": consent.words,
            "language": consent.language,
            "facts": consent.facts,
            "given_at": work.now,
        },
    )
    key: int = kept.scalar_one()
    return key
