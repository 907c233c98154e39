"""Issued documents: handing them out for a month, saying whether they stand, and taking them back
where they are wrong (T7, T8, T10)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from secrets import choice
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, exists, false, select, update
from sqlalchemy.orm import Session

from backend import authority, follows, transcripts
from backend.authority import Role
from backend.documents.facts import TranscriptFacts
from backend.documents.materials import Level
from backend.documents.verdict import Issued
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


def with_code(work: Work, code: str) -> Credential | None:
    """``code`` is a normal one."""
    return work.session.scalar(
        select(Credential).where(
            Credential.institution_id == work.institution, Credential.code == code
        )
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


def revoke(work: Work, application: Application, credential: Credential, why: str) -> None:
    """It must not be used any more; whoever verifies it is told so, and why (T8, T10).

    Nobody may do this alone: it is called by ``revocations.confirm`` and by nothing else.
    """
    transcripts.WORKFLOW.take(work, application, "revoke", why=why, reason=why)
    _end(work, credential, "revoked", why)


def reissue(work: Work, application: Application, credential: Credential, why: str) -> None:
    """The next document is made from what the registry says now; called by ``revocations.reissue``."""
    transcripts.take_fresh_snapshot(work, application)
    transcripts.WORKFLOW.take(work, application, "reissue", why=why, reason=why)
    _end(work, credential, "superseded", why)
    transcripts.have_it_made(work, application)


def ended_last(work: Work, application: Application, status: str) -> Credential | None:
    """The latest of its documents that was "revoked", or "superseded"."""
    return work.session.scalar(
        select(Credential)
        .where(Credential.application_id == application.id, Credential.status == status)
        .order_by(Credential.id.desc())
        .limit(1)
    )


def succeed(work: Work, application: Application) -> None:
    """The document that was superseded points on to the one that has just been issued instead."""
    newest = of_application(work, application)
    if newest is not None and newest.status == "issued":
        work.session.execute(
            update(Credential)
            .where(
                Credential.application_id == application.id,
                Credential.status == "superseded",
                Credential.superseded_by_id.is_(None),
            )
            .values(superseded_by_id=newest.id)
        )


def newest(work: Work, credential: Credential) -> Credential:
    """The last of the documents that superseded one another; it may have been revoked."""
    while credential.superseded_by_id is not None:
        credential = work.session.get_one(Credential, credential.superseded_by_id)
    return credential


def _end(work: Work, credential: Credential, status: str, why: str) -> None:
    """It stops standing; its holder is told by the case, and here whoever checked it lately."""
    credential.status, credential.status_why, credential.status_since = status, why, work.now
    work.session.flush()
    follows.tell(work, credential.id, f"document.{status}")


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
        .order_by(Application.id)
    ).all()
    for _, application in due:
        transcripts.WORKFLOW.take(work, application, "expire")
    return len(due)


@dataclass(frozen=True, slots=True)
class Totals:
    """What a document says in sum, to be compared with the paper at hand; as printed."""

    courses: int
    credits: str
    gpa: str | None
    scale: str | None


def totals_of(facts: TranscriptFacts) -> Totals:
    return Totals(len(facts.courses), facts.total_credits, facts.gpa_value, facts.gpa_scale)


@dataclass(frozen=True, slots=True)
class Standing(Issued):
    """What anybody may know who has the code: no more than what proves the paper at hand."""

    number: str
    masked_name: str
    language: str
    gpa: str
    coverage: str
    institution: str
    totals: Totals | None


_issued, _person, _case = Credential.__table__.c, Person.__table__.c, Application.__table__.c
_next = Credential.__table__.alias("next").c
# Looked for where something has followed at all; the last of several may have been revoked.
_newer = case(
    (
        _issued.superseded_by_id.is_not(None),
        exists().where(_next.application_id == _issued.application_id, _next.status == "issued"),
    ),
    else_=false(),
).label("newer")
_STANDINGS = (  # of the columns alone: no objects are made for a look
    select(
        *(_issued.code, _issued.status, _issued.status_since, _issued.status_why),
        *(_newer, _issued.issued_at, _issued.download_until, _issued.sha256),
        *(_issued.size, _issued.level, _issued.certificate, _issued.language, _issued.gpa),
        *(_issued.coverage, _issued.institution_id, _issued.totals, _person.name, _case.number),
    )
    .join(Person.__table__, _person.id == _issued.holder_id)
    .join(Application.__table__, _case.id == _issued.application_id)
)
_BY_CODE = _STANDINGS.where(
    _issued.institution_id == bindparam("institution"),
    _issued.code.in_(bindparam("codes", expanding=True)),
)
_BY_FILE = _STANDINGS.where(
    _issued.institution_id == bindparam("institution"), _issued.sha256 == bindparam("sha256")
).limit(1)


def standing(session: Session, institution: str, typed: str, now: datetime) -> Standing | None:
    """None where no document has this code (T8)."""
    code = normal_code(typed)
    return standings(session, institution, [code], now).get(code)


def standings(
    looking: Session | Connection, institution: str, codes: Collection[str], now: datetime
) -> dict[str, Standing]:
    """Of every code that a document has, in one statement; the codes are normal ones (T8)."""
    rows = looking.execute(_BY_CODE, {"institution": institution, "codes": list(codes)})
    return {row.code: _standing(row, now) for row in rows}


def with_file(
    looking: Session | Connection, institution: str, sha256: str, now: datetime
) -> Standing | None:
    """The document that was issued as these very bytes."""
    row = looking.execute(_BY_FILE, {"institution": institution, "sha256": sha256}).first()
    return _standing(row, now) if row else None


def _standing(row: Row[*tuple[Any, ...]], now: datetime) -> Standing:
    return Standing(
        code=row.code,
        status="genuine" if row.status == "issued" else row.status,
        status_since=row.status_since,
        status_why=row.status_why,
        newer=row.newer,
        issued_at=row.issued_at,
        downloadable=row.download_until >= now,
        sha256=row.sha256,
        size=row.size,
        level=Level(row.level),
        certificate=row.certificate,
        number=row.number,
        masked_name=masked_name(row.name),
        language=row.language,
        gpa=row.gpa,
        coverage=row.coverage,
        institution=row.institution_id,
        totals=Totals(**row.totals) if row.totals else None,
    )
