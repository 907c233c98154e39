"""Proofs as reviewers see them: the fields as they were typed, beside what was read on the pictures."""

from collections.abc import Iterator

from backend.models import Application, Blob, Proof
from backend.proofs import keeping
from backend.proofs.reading import SURE
from backend.proofs.reading import plain as without_spaces
from backend.sealing import masked_number
from backend.work import Work
from dialogs import picture_findings
from dialogs.chat import Chat
from dialogs.message import Picture
from dialogs.proof_kinds import Kind, kind_words, month_words, number_words
from dialogs.proof_slots import province_words
from dialogs.words import Joined, Speech, Words, _, lines, listed, plain

# What is said to the owner in the second person.
TO_REVIEWERS: dict[str, Words] = {
    "number_differs": _("填写的编号和图上读到的不一样（E5）。"),
    "wrong_form": _("图上的凭证好像不是所选的那一种（E5）。"),
    "blurred_a_little": _("图片有点模糊（E5）。"),
    "dark_a_little": _("图片偏暗（E5）。"),
}
THUMBNAILS = 2  # in one prompt; a platform takes so many messages a minute only


def rows(work: Work, application: Application) -> list[tuple[Words, Speech]]:
    """Every proof the case rests on; ★ marks what was read otherwise."""
    proofs = keeping.of_application(work, application.id)
    told: list[tuple[Words, Speech]] = []
    for place, proof in enumerate(proofs, 1):
        told.append((_("凭证 {place}", place=place), proof_words(work, proof)))
        if warnings := finding_words(work, proof):
            told.append((_("请留意"), lines(*warnings)))
    return told


def proof_words(work: Work, proof: Proof) -> Speech:
    """Kind, number, month, province and how many pictures, in one row."""
    parts: list[Speech] = [kind_words(Kind(proof.type, proof.grade))]
    if number := keeping.number_of(work, proof):
        typed = masked_number(number)
        seen = read(work, proof, "number")
        told = _("{what} {number}", what=number_words(proof.type), number=typed)
        parts.append(compared(told, seen and masked_number(seen), seen == without_spaces(number)))
    if proof.month:
        seen = read(work, proof, "month")
        told = _("{what} {month}", what=month_words(proof.type), month=proof.month)
        parts.append(compared(told, seen, seen == proof.month))
    if proof.province:
        parts.append(province_words(proof.province))
    parts.append(_("附件 {count} 张", count=len(keeping.pictures_of(work, proof.id))))
    if proof.remark:
        parts.append(_("备注：{remark}", remark=plain(proof.remark)))
    return Joined(tuple(parts), "，", ", ")


def compared(told: Words, seen: str, same: bool) -> Words:
    if not seen:
        return told
    if same:
        return _("{told}（与图上一致）", told=told)
    return _("{told}（★ 图上读到 {seen}）", told=told, seen=seen)


def read(work: Work, proof: Proof, field: str) -> str:
    """What was surely read on its pictures; "" where nothing was."""
    for picture in keeping.pictures_of(work, proof.id):
        text, sure = keeping.read(work, picture.id).get(field, ("", 0.0))
        if text and sure >= SURE:
            return text
    return ""


def finding_words(work: Work, proof: Proof) -> list[Words]:
    found = {one.code: one for one in keeping.findings(work, proof.id, reviewer=True)}
    if not keeping.pictures_of(work, proof.id):
        return [_("这份凭证没有图片。")]
    return [TO_REVIEWERS.get(one.code) or picture_findings.words(one) for one in found.values()]


def in_short(work: Work, application: Application) -> Speech:
    """The kinds of its proofs, in a list of cases."""
    proofs = keeping.of_application(work, application.id)
    return listed(*(kind_words(Kind(one.type, one.grade)) for one in proofs))


def thumbnails(chat: Chat, work: Work, application: Application) -> list[Picture]:
    """The first pictures, small; all of them at full size by [看图]."""
    return list(_pictures(chat, work, application, small=True))[:THUMBNAILS]


def pictures(chat: Chat, work: Work, application: Application) -> list[Picture]:
    return list(_pictures(chat, work, application, small=False))


def _pictures(
    chat: Chat, work: Work, application: Application, *, small: bool
) -> Iterator[Picture]:
    place = 0
    for proof in keeping.of_application(work, application.id):
        for picture in keeping.pictures_of(work, proof.id):
            place += 1
            blob_id = picture.thumb_blob_id if small else picture.blob_id
            blob = work.session.get(Blob, blob_id) if blob_id else None
            if blob is not None and blob.deleted_at is None:
                kind = kind_words(Kind(proof.type, proof.grade))
                yield chat.picture(blob, _("图 {place}：{kind}", place=place, kind=kind))
