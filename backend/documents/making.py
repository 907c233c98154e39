"""From facts to the signed file: draw, seal and sign (T8)."""

from backend.documents import pages
from backend.documents import seal as seals
from backend.documents.facts import Language, TranscriptFacts
from backend.documents.fonts import Fonts
from backend.documents.materials import Issue, Seal
from backend.documents.sign import Signer


def make(
    facts: TranscriptFacts, issue: Issue, *, fonts: Fonts, signer: Signer, seal: Seal
) -> bytes:
    """The signed transcript.

    Raises MissingGlyph, SigningRefused, and ValueError when the facts do not make a transcript or
    a demo key's file would not say that it is one.
    """
    if issue.demo != seal.demo:
        raise ValueError("the pages and the seal must agree on being a demonstration")
    pdf = pages.render(facts, fonts=fonts, issue=issue)
    x1, y1, x2, y2 = pages.SEAL_BOX
    chinese = facts.language is Language.ZH
    return signer.sign(
        pdf,
        seal=seals.operators(seal, fonts.folder, float(min(x2 - x1, y2 - y1))),
        box=pages.SEAL_BOX,
        reason=("电子成绩单" if chinese else "Electronic transcript")
        + (" 演示 DEMO" if issue.demo else ""),
        when=issue.issued_at,
    )
