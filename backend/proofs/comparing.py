"""A proof beside what was read on it, beside who its owner is, and beside the proofs of others.

All that is found here is for reviewers; nobody learns whose proof theirs resembles.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from backend.models import Person, Proof, ProofPicture
from backend.pictures import alike, gate
from backend.proofs.reading import SURE, plain
from backend.proofs.readings import differences, read
from backend.work import Work


def compare(work: Work, proof: Proof, number: str, pictures: Sequence[ProofPicture]) -> None:
    """With what was read, with who its owner is, and with proofs of others."""
    owner = work.session.get_one(Person, proof.owner_id)
    for picture in pictures:
        for one in differences(work, number, proof.month, [picture.id]):
            gate.note(work, picture, one.code, "reviewer")
        name, sure = read(work, picture.id).get("name", ("", 0.0))
        if name and sure >= SURE and plain(name) != plain(owner.name):
            gate.note(work, picture, "name_differs", "reviewer")
        if (same := _same_file(work, picture)) is not None:
            gate.note(work, picture, "same_as_other", "reviewer", other=same)
            gate.forget(work, picture, "looks_like_other")  # which says less
    if pictures and proof.number_index and (one_ := _same_number(work, proof)) is not None:
        gate.note(work, pictures[0], "number_of_other", "reviewer", other=one_)


def _of_others(work: Work, picture: ProofPicture) -> list[ColumnElement[bool]]:
    """Pictures of live proofs that somebody else has filed."""
    return [
        ProofPicture.institution_id == work.institution,
        ProofPicture.owner_id != picture.owner_id,
        ProofPicture.proof_id == Proof.id,
        Proof.ended_at.is_(None),
    ]


def _same_file(work: Work, picture: ProofPicture) -> int | None:
    others = select(func.min(ProofPicture.id)).where(
        *_of_others(work, picture),
        ProofPicture.sha256 == picture.sha256,
    )
    return work.session.scalar(others)


def alike_of_another(
    work: Work, owner: int, type_: str, likeness: bytes
) -> tuple[int, float] | None:
    """The picture of somebody else that looks most like it, and how far from it, if it is near.

    It looks at every picture of that type: for a job, never in a turn. Pictures that have not been
    filed yet count too, so that of two it does not matter who files first.
    """
    others = (
        select(ProofPicture.id, ProofPicture.likeness)
        .outerjoin(Proof, Proof.id == ProofPicture.proof_id)
        .where(
            ProofPicture.institution_id == work.institution,
            ProofPicture.owner_id != owner,
            ProofPicture.type == type_,
            ProofPicture.likeness.is_not(None),
            Proof.ended_at.is_(None),
        )
        .execution_options(yield_per=1000)
    )
    nearest = min(
        (
            (alike.distance(likeness, one), other)
            for other, one in work.session.execute(others)
            if one is not None
        ),
        default=None,
    )
    if nearest is None or nearest[0] > alike.ALIKE:
        return None
    return nearest[1], nearest[0]


def _same_number(work: Work, proof: Proof) -> int | None:
    """A picture of the proof of somebody else that has the same number, typed or read."""
    others = select(func.min(Proof.id)).where(
        Proof.institution_id == work.institution,
        Proof.owner_id != proof.owner_id,
        Proof.type == proof.type,
        Proof.number_index == proof.number_index,
        Proof.ended_at.is_(None),
    )
    return work.session.scalar(others)
