"""A candidate's scores as a picture or a PDF (E3): drawn by the workshop, kept for a week."""

from datetime import timedelta

from sqlalchemy import select

from backend import blobs
from backend.blobs import NewFile
from backend.clock import local_text
from backend.documents.errors import MissingGlyph
from backend.documents.score_facts import ScoreFacts, ScoreLine
from backend.errors import NotAllowed
from backend.exam import candidates, scores
from backend.files import written
from backend.models import Blob, ExamTicket
from backend.office import Office
from backend.registry.students import credits_text
from backend.work import Work

KEPT = timedelta(days=7)
FORMS = {"pdf": "application/pdf", "png": "image/png"}

PARTS = {
    "zh": {"theory": "理论", "practice": "实践", "exemption": "免考", "transfer_in": "转入"},
    "en": {
        "theory": "Theory",
        "practice": "Practice",
        "exemption": "Exempt",
        "transfer_in": "Transfer",
    },
}
REMARKS = {
    "zh": {"absent": "缺考", "violation": "违纪", "left": "已转出", "ended": "已失效"},
    "en": {"absent": "Absent", "violation": "Violation", "left": "Left", "ended": "Ended"},
}
FAILED = {"zh": "未通过", "en": "Not passed"}


def facts(work: Work, ticket: ExamTicket, language: str) -> ScoreFacts:
    """Everything under the ticket, fails included, newest first."""
    file = candidates.file(work, ticket)
    zh = language == "zh"
    major = "" if file.major is None else (file.major.name_zh if zh else file.major.name_en)
    return ScoreFacts(
        language=language,
        name=file.person.name if zh or not file.person.name_en else file.person.name_en,
        ticket=ticket.number,
        major=major,
        lines=tuple(line(one, language) for one in scores.history(work, ticket)),
    )


def line(one: scores.CreditLine, language: str) -> ScoreLine:
    name = one.name_zh if language == "zh" or not one.name_en else one.name_en
    why = one.gone or one.remark
    failed = "" if one.passed or why else FAILED[language]
    return ScoreLine(
        month=one.month,
        course=f"{name}({one.code})",
        part=PARTS[language][one.kind],
        score="-" if one.score is None else str(one.score),
        credits=credits_text(one.credit_tenths),
        remark=REMARKS[language].get(why, failed),
    )


def key(digest: str, form: str) -> str:
    """Under which the drawing is announced."""
    return f"scores:{form}:{digest}"


def found(work: Work, shown: ScoreFacts, form: str) -> list[Blob]:
    """The file, or its pages in order, if they are there."""
    start = file_name(shown, form, 0).split("~")[0]
    query = select(Blob).where(
        Blob.institution_id == work.institution,
        Blob.owner_id == work.actor,
        Blob.media_type == FORMS[form],
        Blob.name.startswith(start, autoescape=True),
        Blob.deleted_at.is_(None),
        Blob.expires_at > work.now + blobs.RESERVED,  # has been kept
    )
    return list(work.session.scalars(query.order_by(Blob.name)))


def order(work: Work, ticket: ExamTicket, shown: ScoreFacts, form: str) -> None:
    """Have it drawn; ``key`` is announced when it is there."""
    if ticket.person_id != work.actor:
        raise NotAllowed
    work.enqueue(
        "draw_scores",
        f"{key(shown.digest, form)}:{work.now.isoformat()}",
        ticket=ticket.id,
        language=shown.language,
        form=form,
        digest=shown.digest,
    )


def draw(office: Office, ticket: int, language: str, form: str, digest: str) -> None:
    """What the scores are by now; whoever waits sees whether it is still what they wanted."""
    with office.read() as work:
        owner = work.session.get_one(ExamTicket, ticket)
        shown, owner_id = facts(work, owner, language), owner.person_id
        as_of = local_text(work.now)
    drawn = True
    try:
        files = made(office, shown, as_of, form, owner_id)
    except MissingGlyph:
        files, drawn = [], False
    ids = written(office, files)
    with office.work() as work:
        for blob_id in ids:
            blobs.keep(work, blob_id, expires_at=work.now + KEPT)
        work.emit("job.done", key(digest, form), ok=drawn)


def made(office: Office, shown: ScoreFacts, as_of: str, form: str, owner: int) -> list[NewFile]:
    if form == "pdf":
        pdf = office.workshop.score_table(shown, as_of)
        return [NewFile(pdf, owner, file_name(shown, form, 1), FORMS[form], private=True)]
    pictures = office.workshop.score_pictures(shown, as_of)
    return [
        NewFile(
            *(one.png, owner, file_name(shown, form, page), FORMS[form], (one.width, one.height)),
            private=True,
        )
        for page, one in enumerate(pictures, 1)
    ]


def file_name(shown: ScoreFacts, form: str, page: int) -> str:
    """``自考成绩表-1f3a9c5e70~1.pdf``: by what it says, so that it is found again."""
    title = "自考成绩表" if shown.language == "zh" else "exam-scores"
    return f"{title}-{shown.digest[:10]}~{page}.{form}"
