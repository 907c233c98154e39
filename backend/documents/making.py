"""From facts to the signed file: draw, seal and sign (T8)."""

from backend.documents import pages
from backend.documents import seal as seals
from backend.documents.container import Container
from backend.documents.facts import Language, TranscriptFacts
from backend.documents.fonts import Fonts
from backend.documents.form import Field
from backend.documents.materials import EVIDENT, Evidence, Issue, Level, Made, Seal
from backend.documents.sign import Signer


def make(
    facts: TranscriptFacts,
    issue: Issue,
    *,
    fonts: Fonts,
    signer: Signer,
    seal: Seal,
    level: Level = Level.B_B,
    evidence: Evidence | None = None,
) -> Made:
    """The signed transcript; from B-T on its time stamp is still to come.

    Raises MissingGlyph, SigningRefused, and ValueError when the facts do not make a transcript, a
    demo key's file would not say that it is one, or the level needs evidence that is not there.
    """
    signer.check(issue.issued_at)
    unsigned = render_unsigned(
        facts,
        issue,
        fonts=fonts,
        container=signer.container,
        seal=seal,
        level=level,
        evidence=evidence,
    )
    return signer.sign(unsigned, level=level, when=issue.issued_at)


def render_unsigned(
    facts: TranscriptFacts,
    issue: Issue,
    *,
    fonts: Fonts,
    container: Container,
    seal: Seal,
    level: Level = Level.B_B,
    evidence: Evidence | None = None,
) -> bytes:
    """The whole file but for the signature, whose place is empty (`hole.prepare`)."""
    if issue.demo != seal.demo:
        raise ValueError("the pages and the seal must agree on being a demonstration")
    if (level in EVIDENT) != (evidence is not None):
        raise ValueError(f"evidence belongs to B-LT and B-LTA, not to {level}")
    x1, y1, x2, y2 = pages.SEAL_BOX
    chinese = facts.language is Language.ZH
    field = Field(
        box=pages.SEAL_BOX,
        seal=seals.operators(seal, fonts.folder, float(min(x2 - x1, y2 - y1))),
        digits=container.digits(level),
        signer=container.name,
        reason=("电子成绩单" if chinese else "Electronic transcript")
        + (" 演示 DEMO" if issue.demo else ""),
        when=issue.issued_at,
        evidence=evidence,
        archive=level is Level.B_LTA,
    )
    return pages.render(facts, fonts=fonts, issue=issue, field=field)
