"""Proofs (凭证): what candidates show for an exemption, a prior diploma or an old score, and pictures of it.

Not to be taken for ``Credential``, which is a document that was issued here.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class Proof(Base):
    """One proof of a person, of an application once that is filed.

    ``number_index`` finds the same number under somebody else; ``read_number_index`` is of the
    number that was read on the picture, where it is another than the one that was typed.
    ``ended_at``: another has taken its place.
    """

    __tablename__ = "proof"
    __table_args__ = (Index(None, "institution_id", "number_index"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    type: Mapped[str]  # "cet", "pets", "diploma", "registration_record", "authentication_report"…
    grade: Mapped[str] = mapped_column(server_default="")  # "4" of CET, "3" of PETS
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_index: Mapped[str | None]
    read_number_index: Mapped[str | None]
    month: Mapped[str] = mapped_column(server_default="")  # obtained in, "2018-06"
    score: Mapped[int | None]  # as its owner told it, where the policy demands a least one
    province: Mapped[str] = mapped_column(server_default="")  # its short name, 上海
    remark: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ProofPicture(Base):
    """A picture that was sent as a proof, and what the gate made of it.

    ``original_blob_id`` holds the very bytes, is shown to nobody and expires; ``blob_id`` is the copy
    that is shown, upright and without what a camera adds. ``place`` is the question it answers.
    """

    __tablename__ = "proof_picture"
    __table_args__ = (
        Index(None, "institution_id", "sha256"),
        Index(None, "owner_id", "asked_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("proof.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str]
    type: Mapped[str]
    most_bytes: Mapped[int]
    rule: Mapped[str]  # by which it was asked for: E5, E6, E9
    original_blob_id: Mapped[str] = mapped_column(ForeignKey("blob.id"), index=True)
    blob_id: Mapped[str | None] = mapped_column(ForeignKey("blob.id"), index=True)
    thumb_blob_id: Mapped[str | None] = mapped_column(ForeignKey("blob.id"), index=True)
    sha256: Mapped[str]
    likeness: Mapped[bytes | None] = mapped_column(LargeBinary)  # see backend/pictures/alike.py
    width: Mapped[int | None]
    height: Mapped[int | None]
    state: Mapped[str]  # "checking", "checked", "failed"
    reading: Mapped[str] = mapped_column(server_default="")  # "", "asked", "read", "late", "failed"
    insisted: Mapped[bool]  # its owner wants a person to look at it, whatever was found
    asked_at: Mapped[datetime] = mapped_column(index=True)
    checked_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class PictureFinding(Base):
    """What is wrong, or may be, with a picture: ``severity`` "stop", "warn" or "reviewer".

    ``other_id`` is the picture or proof of somebody else that it resembles; no applicant sees it.
    """

    __tablename__ = "picture_finding"

    picture_id: Mapped[int] = mapped_column(ForeignKey("proof_picture.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    severity: Mapped[str]
    rule: Mapped[str]
    measured: Mapped[float | None]
    limit: Mapped[float | None]
    other_id: Mapped[int | None]


class PictureReading(Base):
    """A field that was read on a picture, sealed; ``box`` is "x,y,width,height" in the shown copy."""

    __tablename__ = "picture_reading"

    picture_id: Mapped[int] = mapped_column(ForeignKey("proof_picture.id"), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)  # "number", "name", "month", "code"
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    confidence: Mapped[float]
    box: Mapped[str]


class SamplePicture(Base):
    """The drawn sample of a proof (E10) in one language, in the edition that the code draws today."""

    __tablename__ = "sample_picture"

    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"), primary_key=True)
    sample: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(primary_key=True)
    blob_id: Mapped[str | None] = mapped_column(ForeignKey("blob.id"))  # null: being drawn
    asked_at: Mapped[datetime]
