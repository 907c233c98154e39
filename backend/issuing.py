"""Issuing a document that is paid: its file is signed, stamped where the level asks for it, and kept (T8).

Everything at the level of this installation or nothing: what lacks a stamp or evidence is made later.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from backend import audit, blobs, credentials, orders, previews, signing, transcripts
from backend.blobs import NewFile
from backend.documents.errors import MissingGlyph, NoEvidence, NotNow, SigningRefused
from backend.documents.evidence import in_order
from backend.documents.facts import Language, TranscriptFacts
from backend.documents.finishing import finish
from backend.documents.keyring import Keyring
from backend.documents.materials import EVIDENT, Evidence, Issue, KeyInfo, Made
from backend.files import written
from backend.models import Credential
from backend.office import Office
from backend.policy import store
from backend.work import Work
from backend.workdays import after_months

log = logging.getLogger(__name__)

MAKING_TIME = timedelta(days=3)  # within it, the month counts from the payment (T7)


def issue_transcript(office: Office, application: str) -> None:
    """Make, sign and keep the paid document, and hand it over (T7, T8)."""
    with office.read() as work:
        case = transcripts.find(work, application)
        if case is None or case.state != transcripts.State.PAID:
            return  # another run has done it
        request = transcripts.request_of(work, case)
        facts = previews.facts_of(work, request.snapshot)
        applicant, now, barred = case.applicant_id, work.now, signing.barred(work)
    code = credentials.new_code()
    try:
        issue = Issue(code, f"{office.base_url}/v/{code}", now, demo=not office.production)
        made = make(office, facts, issue, barred)
    except SigningRefused as error:
        with office.work() as work:
            signing.refused(work, application, error)
        return
    except MissingGlyph as error:
        with office.work() as work:
            case = transcripts.locked(work, application)
            why = "".join(error.characters)
            transcripts.WORKFLOW.take(work, case, "get_stuck", why=why, glyphs=why)
        return
    title = file_name(facts, application)
    (blob_id,) = written(office, [NewFile(made.pdf, applicant, title, "application/pdf")])
    with office.work() as work:
        case = transcripts.locked(work, application)
        if case.state != transcripts.State.PAID:
            return
        signing.used(work, office, made.certificate)
        policy = store.transcript(work, case.policy_version)
        order = orders.paid_order(work, case)
        paid = (order and order.paid_at) or now
        begins = paid if now - paid < MAKING_TIME else now  # not over before it could be made
        until = after_months(begins, policy.download_months)
        blob = blobs.keep(work, blob_id, expires_at=until)
        work.session.add(
            Credential(
                institution_id=work.institution,
                code=code,
                application_id=case.id,
                holder_id=case.applicant_id,
                kind="transcript",
                language=facts.language,
                gpa=facts.gpa,
                coverage=facts.coverage,
                snapshot=facts.digest,
                sha256=blob.sha256,
                size=blob.size,
                level=made.level,
                certificate=made.certificate,
                totals=asdict(credentials.totals_of(facts)),
                blob_id=blob.id,
                issued_at=now,
                download_until=until,
                status="issued",
                status_since=now,
            )
        )
        credentials.succeed(work, case)
        transcripts.WORKFLOW.take(work, case, "issue")


def make(office: Office, facts: TranscriptFacts, issue: Issue, barred: Mapping[str, str]) -> Made:
    """The finished file. No database session may be held meanwhile.

    Raises MissingGlyph and SigningRefused, which trying again does not change, and NotNow.
    """
    try:
        evidence = evidence_for(office, issue.issued_at, barred)
        made = office.workshop.make(facts, issue, barred, office.level, evidence)
        pdf = finish(made, office.authority, evidence)
    except NoEvidence:
        if office.evidence is not None:
            office.evidence.forget()  # whoever signs or stamps may have changed meanwhile
            ask_due(office)  # or be revoked, and then another key signs the next time
        raise
    return replace(made, pdf=pdf, finished=True)


def evidence_for(office: Office, now: datetime, barred: Mapping[str, str]) -> Evidence | None:
    """What is put into a document that is signed now; None at the levels that carry none."""
    if office.level not in EVIDENT:
        return None
    if office.evidence is None or office.keyring is None:
        raise SigningRefused(f"{office.level} needs evidence, and nobody is asked for it")
    return office.evidence.ready(signer(office.keyring, now, barred), now)


def signer(keyring: Keyring, now: datetime, barred: Mapping[str, str]) -> tuple[bytes, ...]:
    """The certificate that signs now and those above it, in DER. Raises SigningRefused, TokenAway."""
    source = keyring.current(now, barred)
    return in_order(_der(source.certificate), [_der(one) for one in source.chain])


def refresh_evidence(office: Office) -> None:
    """Know what the authorities say of our certificates, at every level; for the levels that carry
    evidence, have it at hand. Run every minute."""
    ask_due(office)
    if office.level in EVIDENT:
        with office.read() as work:
            now, barred = work.now, signing.barred(work)
        try:
            evidence_for(office, now, barred)
        except (NotNow, SigningRefused) as error:
            log.warning("there is no evidence for documents now: %s", error)


def ask_due(office: Office) -> None:
    """Ask about every certificate that it is time to ask about, and keep what is said."""
    keeper, keyring = office.evidence, office.keyring
    if keeper is None or keyring is None:
        return
    with office.read() as work:
        now = work.now
        asked = {row.fingerprint: row.checked_at for row in signing.known(work)}
    for info in keyring.all():
        if _may_be_asked(info, now) and keeper.due(info.fingerprint, asked, now):
            status = keeper.status(path_of(info), now)
            with office.work() as work:
                signing.learned(work, status)


def _may_be_asked(info: KeyInfo, now: datetime) -> bool:
    """Authorities say nothing any more of what has expired."""
    return info.authorities and info.not_after is not None and now < info.not_after


def delayed(work: Work, number: str, lacking: str) -> None:
    """A paid document waits for a "stamp", "evidence" or a "token"; it is asked for again. Whoever can
    mend it is told of each twice a day at most, and the case stays as it is."""
    case = transcripts.locked(work, number)
    if case.state != transcripts.State.PAID:
        return
    told = audit.last(work, f"signing:{lacking}", "delay")
    if told is not None and work.now - told.at < signing.TOLD_AGAIN:
        return
    audit.record(work, f"signing:{lacking}", "delay", "", "", number)
    work.emit("signing.delayed", number, lacking=lacking)


def path_of(info: KeyInfo) -> tuple[bytes, ...]:
    """The certificate of a key and those above it, in DER."""
    chain = x509.load_pem_x509_certificates(info.chain) if info.chain else []
    return in_order(info.der, [_der(one) for one in chain])


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def file_name(facts: TranscriptFacts, number: str) -> str:
    title = "电子成绩单" if facts.language is Language.ZH else "Transcript"
    return f"{title}-{number}.pdf"
