"""Who may see a file that no link alone opens: its owner, and whoever may decide on what it proves."""

from sqlalchemy import or_, select

from backend import authority
from backend.authority import Role
from backend.models import Application, Blob, PhotoBatch, Proof, ProofPicture
from backend.photos import batch_steering
from backend.reviewing import sheets
from backend.work import Work


def may_see(work: Work, person_id: int, blob: Blob) -> bool:
    """Originals of proofs are shown to nobody, not even to their owner: they are kept for a dispute."""
    picture = work.session.scalars(
        select(ProofPicture)
        .where(
            or_(
                ProofPicture.blob_id == blob.id,
                ProofPicture.thumb_blob_id == blob.id,
                ProofPicture.original_blob_id == blob.id,
            )
        )
        .limit(1)
    ).first()
    if picture is None:
        gone = _report_of_another_time(work, person_id, blob) or sheets.no_longer(
            work, person_id, blob
        )
        return blob.owner_id == person_id and not gone
    if picture.original_blob_id == blob.id:
        return False
    return blob.owner_id == person_id or _decides(work, person_id, blob)


def _report_of_another_time(work: Work, person_id: int, blob: Blob) -> bool:
    """The report of a photo batch names students: whoever lost the role since sees it no more."""
    batch = work.session.scalars(select(PhotoBatch).where(PhotoBatch.report_id == blob.id)).first()
    return batch is not None and not batch_steering.may_steer(work, person_id, batch)


def _decides(work: Work, person_id: int, blob: Blob) -> bool:
    """On a case that a proof with this picture belongs to, and not on their own."""
    cases = work.session.scalars(
        select(Application)
        .join(Proof, Proof.application_id == Application.id)
        .join(ProofPicture, ProofPicture.proof_id == Proof.id)
        .where(or_(ProofPicture.blob_id == blob.id, ProofPicture.thumb_blob_id == blob.id))
    ).all()
    return any(
        case.applicant_id != person_id
        and (
            authority.holds(work, person_id, Role.EXAM_REVIEWER, case.unit_id)
            or authority.holds(work, person_id, Role.EXAM_OFFICE)
        )
        for case in cases
    )
