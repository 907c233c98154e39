"""The look at a transcript before it is asked for or ordered, bound to the data it shows (T6)."""

from typing import Any

from sqlalchemy import bindparam, insert, select

from backend.documents import font_files
from backend.documents.facts import Coverage, Gpa, Language, TranscriptFacts
from backend.errors import Refused
from backend.models import Blob, PreviewPage, PreviewSeen, Snapshot
from backend.offers import Offer
from backend.policy.transcript import TranscriptPolicy
from backend.registry import students
from backend.work import Work


def facts_today(
    work: Work, given: Offer, language: Language, gpa: Gpa, coverage: Coverage
) -> TranscriptFacts:
    """What the document would say now; kept as a snapshot under its digest (T6)."""
    if coverage not in given.coverages:
        why = dict(given.refused)
        raise why.get(coverage) or why[None]
    facts = students.transcript_facts(work, given.file, given.policy, language, gpa, coverage)
    if not facts.courses:
        raise Refused("no_grades", "T10", office="academic_affairs")
    if drawing(work, facts.digest) is None:
        work.session.add(
            Snapshot(
                institution_id=work.institution,
                digest=facts.digest,
                student_id=given.file.person_id,
                facts=facts.to_json(),
                taken_at=work.now,
            )
        )
        work.session.flush()
        work.forget(("drawing", facts.digest))
    return facts


DRAWING = select(Snapshot.undrawable, Snapshot.undrawable_in).where(
    Snapshot.institution_id == bindparam("institution"), Snapshot.digest == bindparam("digest")
)


def drawing(work: Work, digest: str) -> Any:
    """What kept a snapshot from being drawn; None when there is no such snapshot."""
    where = {"institution": work.institution, "digest": digest}
    return work.once(
        ("drawing", digest), lambda: work.reading.execute(DRAWING, where).one_or_none()
    )


PAGES = (
    select(Blob)
    .join(PreviewPage, PreviewPage.blob_id == Blob.id)
    .where(
        PreviewPage.institution_id == bindparam("institution"),
        PreviewPage.digest == bindparam("digest"),
        Blob.deleted_at.is_(None),
    )
    .order_by(PreviewPage.page)
)


def pages(work: Work, digest: str) -> list[Blob]:
    """The watermarked pages; while there are none they are being drawn, started by asking.

    ``preview:<digest>`` is the key under which the drawing is announced. Raises Refused when no
    font here has a character of the data: never an empty box (T8).
    """
    hindrance = drawing(work, digest)
    if hindrance.undrawable and hindrance.undrawable_in == font_files.edition():
        raise Refused("missing_glyph", "T8", glyphs=hindrance.undrawable, office="academic_affairs")
    where = {"institution": work.institution, "digest": digest}
    if pages := work.session.scalars(PAGES, where).all():
        return list(pages)
    # Whoever draws it now ends after this turn, and then finds the dialog that waits for it.
    snapshot = work.session.get_one(Snapshot, (work.institution, digest), with_for_update=True)
    pages = work.session.scalars(PAGES, where).all()
    if not pages and snapshot.drawing_since is None:
        snapshot.drawing_since = work.now
        work.enqueue("draw_preview", f"{digest}:{work.now.isoformat()}", digest=digest)
    return list(pages)


SEEN = select(PreviewSeen.seen_at).where(
    PreviewSeen.institution_id == bindparam("institution"),
    PreviewSeen.person_id == bindparam("person"),
    PreviewSeen.digest == bindparam("digest"),
)
SEE = insert(PreviewSeen)


def seen(work: Work, digest: str) -> bool:
    if work.actor is None:
        return False
    where = {"institution": work.institution, "person": work.actor, "digest": digest}
    found = work.once(("seen", digest), lambda: work.reading.execute(SEEN, where).scalar())
    return found is not None


def note_seen(work: Work, digest: str) -> None:
    """The pages are on their way to the person who acts (T6)."""
    if work.actor is None or seen(work, digest):
        return
    row = {
        "institution_id": work.institution,
        "person_id": work.actor,
        "digest": digest,
        "seen_at": work.now,
    }
    work.writing.execute(SEE, row)
    work.forget(("seen", digest))


def require_seen(work: Work, policy: TranscriptPolicy, digest: str) -> None:
    """T6: whoever confirms has seen exactly these facts."""
    if policy.preview_before_order and not seen(work, digest):
        raise Refused("preview_first", "T6")


def facts_of(work: Work, digest: str) -> TranscriptFacts:
    return TranscriptFacts.from_json(
        work.session.get_one(Snapshot, (work.institution, digest)).facts
    )
