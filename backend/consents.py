"""Keeping what a person agreed to."""

from backend.consent import Consent
from backend.errors import NotAllowed
from backend.models import ConsentRecord
from backend.work import Work


def keep(work: Work, consent: Consent) -> int:
    """Store the evidence; returns its id. Consent is only ever given by the one who acts."""
    if work.actor != consent.person_id:
        raise NotAllowed
    record = ConsentRecord(
        institution_id=work.institution,
        person_id=consent.person_id,
        words=consent.words,
        language=consent.language,
        facts=consent.facts,
        given_at=work.now,
    )
    work.session.add(record)
    work.session.flush()
    return record.id
