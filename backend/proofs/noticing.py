"""What a reviewer has to look at in the proofs of a case."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select

from backend.models import Application, PictureFinding, PictureReading, Proof, ProofPicture
from backend.proofs import keeping
from backend.proofs.reading import SURE
from backend.work import Work


def findings(work: Work, applications: Sequence[Application]) -> Counter[int]:
    """What was noticed about their pictures, and proofs without any, by the case's id: a person has
    to look at that."""
    pictured = select(ProofPicture.id).where(ProofPicture.proof_id == Proof.id).exists()
    bare = (
        select(Proof.application_id, func.count())
        .where(Proof.application_id.in_(_ids(applications)), Proof.ended_at.is_(None), ~pictured)
        .group_by(Proof.application_id)
    )
    counted = {case: count for case, count in work.session.execute(bare) if case is not None}
    return in_pictures(work, applications) + Counter(counted)


def in_pictures(work: Work, applications: Sequence[Application]) -> Counter[int]:
    """The same where a proof may do without a picture."""
    found = (
        select(Proof.application_id, func.count())
        .join(ProofPicture, ProofPicture.proof_id == Proof.id)
        .join(PictureFinding, PictureFinding.picture_id == ProofPicture.id)
        .where(Proof.application_id.in_(_ids(applications)), Proof.ended_at.is_(None))
        .group_by(Proof.application_id)
    )
    return Counter({case: count for case, count in work.session.execute(found) if case is not None})


def _ids(applications: Sequence[Application]) -> list[int]:
    return [one.id for one in applications]


def surely_read(work: Work, proof: Proof, field: str) -> str:
    """What was surely read on its pictures; "" where nothing was."""
    for picture in keeping.pictures_of(work, proof.id):
        text, sure = keeping.read(work, picture.id).get(field, ("", 0.0))
        if text and sure >= SURE:
            return text
    return ""


def unread(work: Work, proof: Proof) -> tuple[str, ...]:
    """Of "number" and "name" what no machine has compared with the pictures: there is no reader
    here, or it found nothing. Without a picture there is nothing to compare."""
    if not keeping.pictures_of(work, proof.id):
        return ()
    return tuple(field for field in _compared(proof) if not surely_read(work, proof, field))


def has_unread(work: Work, application: Application) -> bool:
    """Whether somebody has to compare what was typed with a picture."""
    return bool(with_unread(work, [application]))


def with_unread(work: Work, applications: Sequence[Application]) -> set[int]:
    """Those of them, by id; asked for all at once."""
    rows = work.session.execute(
        select(Proof, ProofPicture.id)
        .join(ProofPicture, ProofPicture.proof_id == Proof.id)
        .where(Proof.application_id.in_(_ids(applications)), Proof.ended_at.is_(None))
    ).all()
    read = _surely_read(work, [picture for _proof, picture in rows])
    fields: defaultdict[Proof, set[str]] = defaultdict(set)
    for proof, picture in rows:
        fields[proof] |= read[picture]
    lacking = (one for one, known in fields.items() if not known.issuperset(_compared(one)))
    return {one.application_id for one in lacking if one.application_id is not None}


def _compared(proof: Proof) -> tuple[str, ...]:
    return ("number", "name") if proof.number_sealed is not None else ("name",)


def _surely_read(work: Work, pictures: Sequence[int]) -> defaultdict[int, set[str]]:
    """The fields of each that were."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    if work.sealer is None:
        return found
    sure = PictureReading.picture_id.in_(pictures), PictureReading.confidence >= SURE
    for row in work.session.scalars(select(PictureReading).where(*sure)):
        if work.sealer.open(row.text_sealed):
            found[row.picture_id].add(row.field)
    return found
