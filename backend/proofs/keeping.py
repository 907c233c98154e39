"""Proofs as rows: kept with what their owner agreed to, compared with what was read and with others'."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from backend import blobs
from backend.errors import NotAllowed, Refused
from backend.models import PictureReading, Proof, ProofPicture
from backend.pictures import gate
from backend.pictures.findings import Finding
from backend.proofs.comparing import compare
from backend.proofs.reading import SURE, plain
from backend.proofs.readings import Proposal, differences, proposal, read
from backend.work import Work

ANSWER = "answer"  # the type of a proof that holds pictures sent to a reviewer who asked

__all__ = [
    "ANSWER",
    "Proposal",
    "attach",
    "differences",
    "end",
    "findings",
    "given",
    "new",
    "number_of",
    "of_application",
    "pictures_of",
    "proposal",
    "read",
]


def new(
    work: Work,
    owner: int,
    type: str,
    grade: str,
    number: str,
    month: str,
    province: str,
    remark: str,
    pictures: Sequence[int],
    *,
    score: int | None = None,
    originals_days: int | None = None,
) -> Proof:
    """Keep a proof, and compare it: whatever is found about others is for reviewers only.

    The same picture may serve several proofs of its owner: it is kept once more. The original ends
    after ``originals_days``, or with ``gate.UNFILED`` where no policy says. Raises NotAllowed for
    pictures of others, Refused ``picture_stopped`` for what has not passed the gate.
    """
    if work.sealer is None:
        raise RuntimeError("there is no key for personal data")
    for picture_id in pictures:
        picture = work.session.get(ProofPicture, picture_id)
        if picture is None or picture.owner_id != owner:
            raise NotAllowed
        if picture.state != "checked" or gate.stops(work, picture_id):
            raise Refused("picture_stopped", picture.rule)
    typed = plain(number)
    read_number = next(
        (
            text
            for picture_id in pictures
            for field, (text, sure) in read(work, picture_id).items()
            if field == "number" and sure >= SURE and text != typed
        ),
        "",
    )
    proof = Proof(
        institution_id=work.institution,
        owner_id=owner,
        type=type,
        grade=grade,
        number_sealed=work.sealer.seal(number) if number else None,
        number_index=work.sealer.index(typed) if typed else None,
        read_number_index=work.sealer.index(read_number) if read_number else None,
        month=month,
        score=score,
        province=province,
        remark=remark,
        created_at=work.now,
    )
    work.session.add(proof)
    work.session.flush()
    for picture_id in pictures:
        _claim(work, proof, work.session.get_one(ProofPicture, picture_id), originals_days)
    compare(work, proof, number, pictures_of(work, proof.id))
    return proof


def _claim(work: Work, proof: Proof, picture: ProofPicture, days: int | None) -> None:
    if picture.proof_id is not None:
        picture = _again(work, picture)
    picture.proof_id = proof.id
    for blob_id in (picture.blob_id, picture.thumb_blob_id):
        if blob_id is not None:
            blobs.keep(work, blob_id, expires_at=None)
    until = work.now + (gate.UNFILED if days is None else timedelta(days=days))
    blobs.keep(work, picture.original_blob_id, expires_at=until)
    work.session.flush()


def _again(work: Work, picture: ProofPicture) -> ProofPicture:
    """One diploma may be shown for several courses: the same files, another row."""
    names = [column.key for column in ProofPicture.__table__.columns if column.key != "id"]
    copy = ProofPicture(**{name: getattr(picture, name) for name in names})
    work.session.add(copy)
    work.session.flush()
    for one in gate.findings(work, picture.id, reviewer=True):
        gate.note(
            work,
            copy,
            one.code,
            one.severity,
            measured=one.measured,
            limit=one.limit,
            other=one.other,
        )
    rows = work.session.scalars(
        select(PictureReading).where(PictureReading.picture_id == picture.id)
    ).all()
    for row in rows:
        work.session.add(
            PictureReading(
                picture_id=copy.id,
                field=row.field,
                text_sealed=row.text_sealed,
                confidence=row.confidence,
                box=row.box,
            )
        )
    work.session.flush()
    return copy


def of_application(work: Work, application_id: int) -> list[Proof]:
    """The proofs that count for a case, in the order in which they were given."""
    rows = select(Proof).where(Proof.application_id == application_id, Proof.ended_at.is_(None))
    return list(work.session.scalars(rows.order_by(Proof.id)))


def given(work: Work, application_id: int) -> list[Proof]:
    """What the form gave, in that order: without the pictures that answered a reviewer."""
    return [one for one in of_application(work, application_id) if one.type != ANSWER]


def pictures_of(work: Work, proof_id: int) -> list[ProofPicture]:
    rows = select(ProofPicture).where(ProofPicture.proof_id == proof_id)
    return list(work.session.scalars(rows.order_by(ProofPicture.id)))


def number_of(work: Work, proof: Proof) -> str:
    if work.sealer is None or proof.number_sealed is None:
        return ""
    return work.sealer.open(proof.number_sealed)


def attach(work: Work, application_id: int, proofs: Sequence[int]) -> None:
    """These are what the case rests on from now on; those the form gave before and that are not
    among them end, and what answered a reviewer stays. Raises NotAllowed for proofs of others, and
    for those of another case."""
    for before in given(work, application_id):
        if before.id not in proofs:
            end(work, before)
    for proof_id in proofs:
        proof = work.session.get(Proof, proof_id)
        if proof is None or proof.application_id not in (None, application_id):
            raise NotAllowed
        if work.actor is not None and proof.owner_id != work.actor:
            raise NotAllowed
        proof.application_id = application_id
    work.session.flush()


def end(work: Work, proof: Proof) -> None:
    """Another has taken its place. Its original goes at once; what was decided on stays to be seen."""
    proof.ended_at = work.now
    work.session.flush()
    for picture in pictures_of(work, proof.id):
        if not _serves_still(work, picture.original_blob_id):
            blobs.keep(work, picture.original_blob_id, expires_at=work.now)


def _serves_still(work: Work, original: str) -> bool:
    """Whether another proof of its owner rests on the same file."""
    live = (
        select(Proof.id)
        .join(ProofPicture, ProofPicture.proof_id == Proof.id)
        .where(ProofPicture.original_blob_id == original, Proof.ended_at.is_(None))
    )
    return work.session.scalar(live.limit(1)) is not None


def findings(work: Work, proof_id: int, *, reviewer: bool) -> list[Finding]:
    """Everything that was found about the pictures of a proof."""
    return [
        one
        for picture in pictures_of(work, proof_id)
        for one in gate.findings(work, picture.id, reviewer=reviewer)
    ]
