"""What was read on the pictures of a proof: proposed to its owner, and set beside what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.models import PictureReading, ProofPicture
from backend.pictures import gate
from backend.pictures.findings import SEVERITIES, Finding
from backend.proofs.reading import SURE, plain
from backend.work import Work


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was read surely enough to be asked about; "" for what was not."""

    number: str = ""
    name: str = ""
    month: str = ""

    def __bool__(self) -> bool:
        return bool(self.number)


def proposal(work: Work, pictures: Sequence[int]) -> Proposal:
    """From one's own pictures of one proof, the first that shows a field."""
    found: dict[str, str] = {}
    for picture_id in pictures:
        gate.own(work, picture_id)
        for field, (text, confidence) in read(work, picture_id).items():
            if confidence >= SURE:
                found.setdefault(field, text)
    return Proposal(**{name: found.get(name, "") for name in ("number", "name", "month")})


def read(work: Work, picture_id: int) -> dict[str, tuple[str, float]]:
    """Every field that was read, with how sure the reader was. For reviewers, and for ``proposal``."""
    if work.sealer is None:
        return {}
    rows = work.session.scalars(
        select(PictureReading).where(PictureReading.picture_id == picture_id)
    )
    return {row.field: (work.sealer.open(row.text_sealed), row.confidence) for row in rows}


def differences(work: Work, number: str, month: str, pictures: Sequence[int]) -> list[Finding]:
    """Where what was typed is not what was read: for its owner before anything is filed (E5)."""
    found = []
    for picture_id in pictures:
        picture = work.session.get_one(ProofPicture, picture_id)
        fields = read(work, picture_id)
        for field, typed in (("number", plain(number)), ("month", month)):
            text, sure = fields.get(field, ("", 0.0))
            if text and typed and sure >= SURE and text != typed:
                code = f"{field}_differs"
                found.append(Finding(code, SEVERITIES[code], picture.rule, picture=picture_id))
    return found
