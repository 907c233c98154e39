"""A proof as it was told, before it is kept: how it is shown, and what a consent to it is bound to."""

from dataclasses import dataclass
from hashlib import sha256

from backend.pictures.findings import Finding
from dialogs.engine.words import Speech, Words, _, lines, plain
from dialogs.proofs import findings as picture_findings
from dialogs.proofs import slots
from dialogs.proofs.kinds import Kind, kind_words, month_words, number_words


@dataclass(frozen=True, slots=True)
class Draft:
    """A proof as it was told, before it is kept. ``findings`` are for its owner."""

    type: str
    grade: str
    number: str
    month: str
    province: str
    remark: str
    pictures: tuple[int, ...]
    findings: tuple[Finding, ...] = ()
    score: int | None = None  # as its owner tells it, where a least one is demanded

    @property
    def kind(self) -> Kind:
        return Kind(self.type, self.grade)


def rows(draft: Draft) -> list[tuple[Words, Speech]]:
    """For the card that is agreed to: the number masked, the pictures counted, what may be wrong."""
    told: list[tuple[Words, Speech]] = [(_("凭证"), kind_words(draft.kind))]
    if draft.number:
        told.append((number_words(draft.type), slots.ending(draft.number)))
    if draft.month:
        told.append((month_words(draft.type), plain(draft.month)))
    if draft.score is not None:
        told.append((_("分数"), _("{score} 分", score=draft.score)))
    if draft.province:
        told.append((_("获取省份"), slots.province_words(draft.province)))
    told.append((_("图片"), _("附件 {count} 张", count=len(draft.pictures))))
    if draft.remark:
        told.append((_("备注"), plain(draft.remark)))
    if draft.findings:
        warnings = [picture_findings.words(one) for one in draft.findings]
        told.append((_("请留意"), lines(*warnings)))
    return told


def facts(draft: Draft) -> str:
    """What a consent is bound to; it does not hold the number itself."""
    told = (draft.type, draft.grade, draft.number, draft.month, draft.province, draft.remark)
    score = () if draft.score is None else (draft.score,)
    return sha256(repr((*told, draft.pictures, *score)).encode()).hexdigest()
