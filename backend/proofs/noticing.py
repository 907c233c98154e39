"""What a reviewer has to look at in the proofs of a case."""

from sqlalchemy import func, select

from backend.models import Application, PictureFinding, Proof, ProofPicture
from backend.work import Work


def findings(work: Work, application: Application) -> int:
    """What was noticed about its pictures, and proofs without any: a person has to look at that."""
    pictured = select(ProofPicture.id).where(ProofPicture.proof_id == Proof.id).exists()
    live = Proof.application_id == application.id, Proof.ended_at.is_(None)
    bare = select(func.count()).select_from(Proof).where(*live, ~pictured)
    return in_pictures(work, application) + work.session.scalars(bare).one()


def in_pictures(work: Work, application: Application) -> int:
    """The same where a proof may do without a picture."""
    return work.session.scalars(
        select(func.count())
        .select_from(PictureFinding)
        .join(ProofPicture, ProofPicture.id == PictureFinding.picture_id)
        .join(Proof, Proof.id == ProofPicture.proof_id)
        .where(Proof.application_id == application.id, Proof.ended_at.is_(None))
    ).one()
