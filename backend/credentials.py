"""Issued documents: handing them out for a month, saying whether they stand, and taking them back
where they are wrong (T7, T8, T10)."""

from dataclasses import dataclass
from datetime import datetime
from secrets import choice

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import authority, transcripts
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.models import Application, Blob, Credential, Person
from backend.policy import store
from backend.sealing import masked_name
from backend.work import Work
from backend.workflow import already_handled

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that reads like something else
CODE_LENGTH = 20  # 100 bits


def new_code() -> str:
    return "".join(choice(ALPHABET) for _ in range(CODE_LENGTH))


def normal_code(typed: str) -> str:
    """A code as people type it: any case, with or without dashes, O for 0 and I or L for 1."""
    plain = "".join(character for character in typed.upper() if character.isalnum())
    return plain.translate(str.maketrans("OIL", "011"))


def of_application(work: Work, application: Application) -> Credential | None:
    return work.session.scalar(
        select(Credential)
        .where(Credential.application_id == application.id)
        .order_by(Credential.id.desc())
        .limit(1)
    )


def downloadable(work: Work, application: Application) -> tuple[Credential, Blob]:
    """The file, for its owner and within its month (T7)."""
    if application.applicant_id != work.actor:
        raise Refused("no_such_application", number=application.number)
    credential = of_application(work, application)
    if credential is None or credential.status == "superseded":  # the next one is being made
        raise Refused("not_issued_yet", number=application.number)
    if credential.status == "revoked":
        raise Refused("credential_revoked", why=credential.status_why)
    blob = work.session.get_one(Blob, credential.blob_id)
    if blob.deleted_at is not None or credential.download_until < work.now:
        months = store.transcript(work, application.policy_version).download_months
        raise Refused(
            "download_over",
            "T7",
            number=application.number,
            until=credential.download_until.isoformat(),
            months=months,
        )
    return credential, blob


def ended_file(work: Work, blob_id: str) -> bool:
    """Whether this is the file of a document that does not stand; links in old messages end too."""
    status = work.session.scalar(select(Credential.status).where(Credential.blob_id == blob_id))
    return status in ("revoked", "superseded")


def to_take_back(work: Work, number: str) -> tuple[Application, Credential]:
    """An issued document that stands, by its application; for academic affairs only, and never
    one's own (T10).

    Raises NotAllowed, and AlreadyHandled where nothing is issued or it does not stand any more.
    """
    authority.require(work, Role.ACADEMIC_AFFAIRS)
    application = transcripts.find(work, number)
    if application is None or application.applicant_id == work.actor:
        raise NotAllowed
    credential = of_application(work, application)
    allowed = transcripts.WORKFLOW.allows(application.state, "revoke")
    if credential is None or not allowed:
        raise already_handled(work, application)
    return application, credential


def revoke(work: Work, number: str, why: str, consent: Consent) -> Application:
    """It must not be used any more; whoever verifies it is told so, and why (T8, T10)."""
    application, credential = to_take_back(work, number)
    if not why.strip():
        raise Refused("reason_needed", "T10")
    keep(work, consent)
    transcripts.WORKFLOW.take(work, application, "revoke", why=why, reason=why)
    _end(work, credential, "revoked", why)
    return application


def reissue(work: Work, number: str, why: str, consent: Consent) -> Application:
    """Supersede a wrong document by one made from what the registry says now (T10).

    The old one stops standing at once, not only when the new one is there; nothing is to be paid.
    Raises Refused when the registry as it is now gives no such transcript.
    """
    application, credential = to_take_back(work, number)
    if not why.strip():
        raise Refused("reason_needed", "T10")
    keep(work, consent)
    transcripts.take_fresh_snapshot(work, application)
    transcripts.WORKFLOW.take(work, application, "reissue", why=why, reason=why)
    _end(work, credential, "superseded", why)
    transcripts.have_it_made(work, application)
    return application


def _end(work: Work, credential: Credential, status: str, why: str) -> None:
    credential.status, credential.status_why, credential.status_since = status, why, work.now
    work.session.flush()


def expire_due(work: Work) -> int:
    """Mark every issued transcript whose month is over (T7); its file goes with the blob sweep."""
    due = work.session.execute(
        select(Credential, Application)
        .join(Application, Application.id == Credential.application_id)
        .where(
            Credential.institution_id == work.institution,
            Credential.status == "issued",  # one that was superseded had a month of its own
            Credential.download_until < work.now,
            Application.state == transcripts.State.ISSUED,
        )
    ).all()
    for _, application in due:
        transcripts.WORKFLOW.take(work, application, "expire")
    return len(due)


@dataclass(frozen=True, slots=True)
class Standing:
    """What anybody may know who has the code: no more than what proves the paper at hand."""

    status: str  # "genuine", "superseded", "revoked"
    number: str
    masked_name: str
    language: str
    gpa: str
    coverage: str
    institution: str
    issued_at: datetime
    status_since: datetime
    status_why: str
    downloadable: bool  # a passed month is only a remark
    sha256: str


def standing(session: Session, typed: str, now: datetime) -> Standing | None:
    """None where no document has this code (T8)."""
    row = session.execute(
        select(Credential, Person, Application.number)
        .join(Person, Person.id == Credential.holder_id)
        .join(Application, Application.id == Credential.application_id)
        .where(Credential.code == normal_code(typed))
    ).one_or_none()
    if row is None:
        return None
    credential, person, number = row
    return Standing(
        status="genuine" if credential.status == "issued" else credential.status,
        number=number,
        masked_name=masked_name(person.name),
        language=credential.language,
        gpa=credential.gpa,
        coverage=credential.coverage,
        institution=credential.institution_id,
        issued_at=credential.issued_at,
        status_since=credential.status_since,
        status_why=credential.status_why,
        downloadable=credential.download_until >= now,
        sha256=credential.sha256,
    )
