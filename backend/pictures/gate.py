"""The gate: every picture that is sent as evidence is looked at before anybody relies on it.

``submit`` keeps it and asks for the look; jobs look and read (``checking.py``); what they found is
told by ``findings``. No turn waits: ``key`` and ``reading_key`` are what a dialog waits for.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from sqlalchemy import select

from backend import blobs
from backend.errors import NotAllowed, Refused
from backend.models import Blob, PictureFinding, ProofPicture
from backend.pictures.findings import DOUBTFUL, Finding, Severity
from backend.work import Work

UNFILED = timedelta(days=30)  # what belongs to nothing that was filed
LATELY = timedelta(hours=12)  # tries at one question count together
LOST = timedelta(minutes=2)  # a look that has not been had by then is asked for again
LATE = timedelta(minutes=1)  # nobody waits longer for what was read
TRIES = 2  # stops for the same doubtful reason, after which a person may be asked to look
MOST_BYTES = 1_048_576  # "单个文件不超过1M" (E5, E6)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which picture is asked for: ``place`` names the question, ``type`` what should be on it, and
    ``rule`` is by which it is asked for."""

    place: str
    type: str
    rule: str
    most_bytes: int = MOST_BYTES


def submit(work: Work, blob_id: str, wanted: Wanted) -> ProofPicture:
    """The actor's own file as an answer to this question; the same once more is the same row.

    Raises Refused ``file_gone``, NotAllowed.
    """
    if work.actor is None:
        raise NotAllowed
    known = select(ProofPicture).where(
        ProofPicture.original_blob_id == blob_id,
        ProofPicture.owner_id == work.actor,
        ProofPicture.place == wanted.place,
    )
    picture = work.session.scalars(known.order_by(ProofPicture.id.desc()).limit(1)).first()
    if picture is not None:
        _if_lost(work, picture)
        return picture
    blob = work.session.get(Blob, blob_id)
    if blob is None or blob.deleted_at is not None or blob.owner_id != work.actor:
        raise Refused("file_gone")
    if blob.expires_at is not None:
        blobs.keep(work, blob_id, expires_at=max(blob.expires_at, work.now + UNFILED))
    blob.private = True
    picture = ProofPicture(
        institution_id=work.institution,
        owner_id=work.actor,
        place=wanted.place,
        type=wanted.type,
        most_bytes=wanted.most_bytes,
        rule=wanted.rule,
        original_blob_id=blob_id,
        sha256=blob.sha256,
        state="checking",
        reading="",
        insisted=False,
        asked_at=work.now,
    )
    work.session.add(picture)
    work.session.flush()
    work.enqueue("check_picture", key(picture.id), picture=picture.id)
    return picture


def key(picture_id: int) -> str:
    return f"picture:{picture_id}"


def reading_key(picture_id: int) -> str:
    return f"reading:{picture_id}"


def own(work: Work, picture_id: int) -> ProofPicture:
    """Raises NotAllowed for another's, and for what does not exist."""
    picture = work.session.get(ProofPicture, picture_id)
    if picture is None or picture.owner_id != work.actor:
        raise NotAllowed
    return picture


def findings(work: Work, picture_id: int, *, reviewer: bool) -> list[Finding]:
    """Everything that was found for a reviewer; for its owner, without what is on others.

    What stopped a picture that its owner insists on stops it no more; reviewers see it.
    """
    rows = work.session.scalars(
        select(PictureFinding)
        .where(PictureFinding.picture_id == picture_id)
        .order_by(PictureFinding.code)
    )
    found = [
        Finding(
            row.code,
            cast(Severity, row.severity),
            row.rule,
            row.measured,
            row.limit,
            picture_id,
            row.other_id,
        )
        for row in rows
    ]
    return [one for one in found if reviewer or one.severity != "reviewer"]


def stops(work: Work, picture_id: int) -> list[Finding]:
    """Why another picture is needed."""
    return [one for one in findings(work, picture_id, reviewer=False) if one.severity == "stop"]


def may_insist(work: Work, place: str) -> int | None:
    """The last picture for a question, if its owner may have a person look at it as it is: it and
    another one before were stopped for the same doubtful reason, and for nothing else."""
    rows = work.session.execute(
        select(PictureFinding.picture_id, PictureFinding.code)
        .join(ProofPicture, ProofPicture.id == PictureFinding.picture_id)
        .where(
            ProofPicture.owner_id == work.actor,
            ProofPicture.place == place,
            ProofPicture.asked_at > work.now - LATELY,
            ProofPicture.proof_id.is_(None),
            PictureFinding.severity == "stop",
        )
        .order_by(PictureFinding.picture_id)
    ).all()
    if not rows:
        return None
    last: int = rows[-1].picture_id
    codes = {row.code for row in rows if row.picture_id == last}
    if not codes <= DOUBTFUL:
        return None
    often = any(sum(row.code == code for row in rows) >= TRIES for code in codes)
    return last if often else None


def insist(work: Work, picture_id: int) -> ProofPicture:
    """Its owner wants a person to look: what stopped it becomes the reviewer's. NotAllowed where
    nothing doubtful stopped it."""
    picture = own(work, picture_id)
    if picture.insisted:
        return picture
    if may_insist(work, picture.place) != picture_id:
        raise NotAllowed
    rows = work.session.scalars(
        select(PictureFinding).where(PictureFinding.picture_id == picture_id)
    )
    for row in rows:
        if row.severity == "stop":
            row.severity = "reviewer"
    picture.insisted = True
    note(work, picture, "insisted", "reviewer")
    return picture


def note(
    work: Work,
    picture: ProofPicture,
    code: str,
    severity: str,
    *,
    measured: float | None = None,
    limit: float | None = None,
    other: int | None = None,
) -> None:
    """One finding for each code of a picture."""
    work.session.merge(
        PictureFinding(
            picture_id=picture.id,
            code=code,
            severity=severity,
            rule=picture.rule,
            measured=measured,
            limit=limit,
            other_id=other,
        )
    )
    work.session.flush()


def forget(work: Work, picture: ProofPicture, code: str) -> None:
    """A finding that another one has made needless."""
    found = work.session.get(PictureFinding, (picture.id, code))
    if found is not None:
        work.session.delete(found)
        work.session.flush()


def _if_lost(work: Work, picture: ProofPicture) -> None:
    """A job may be lost with a restored backup: whoever comes back has it looked at once more."""
    if picture.state == "checking" and work.now - picture.asked_at > LOST:
        picture.asked_at = work.now
        work.enqueue("check_picture", f"{key(picture.id)}:{work.now:%d%H%M}", picture=picture.id)
