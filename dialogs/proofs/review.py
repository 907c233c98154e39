"""Proofs as reviewers see them: the fields as they were typed, beside what was read on the pictures.

The whole number of a certificate is shown to whoever has opened the case, to be compared with the
picture; what is pushed to a phone, and what a consent keeps, has it masked.
"""

from collections.abc import Iterator

from backend.models import Application, Proof
from backend.proofs import keeping, noticing
from backend.proofs.reading import plain as without_spaces
from backend.reviewing import sheets
from backend.reviewing.sheets import Attachment
from backend.sealing import masked_number
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Picture
from dialogs.engine.words import Joined, Speech, Words, _, lines, listed, plain
from dialogs.proofs import findings
from dialogs.proofs.kinds import Kind, kind_words, month_words, number_words
from dialogs.proofs.slots import province_words

# What is said to the owner in the second person.
TO_REVIEWERS: dict[str, Words] = {
    "number_differs": _("填写的编号和图上读到的不一样（E5）。"),
    "wrong_form": _("图上的凭证好像不是所选的那一种（E5）。"),
    "blurred_a_little": _("图片有点模糊（E5）。"),
    "dark_a_little": _("图片偏暗（E5）。"),
}
UNREAD: dict[tuple[str, ...], Words] = {
    ("number", "name"): _("图上文字未自动核对"),
    ("number",): _("图上的编号未自动核对"),
    ("name",): _("图上的姓名未自动核对"),
}
THUMBNAILS = 2  # in one prompt; a platform takes so many messages a minute only


def rows(work: Work, application: Application, *, whole: bool) -> list[tuple[Words, Speech]]:
    """Every proof the case rests on; ★ marks what was read otherwise. ``whole``: numbers in full."""
    places: dict[int, list[int]] = {}
    for one in sheets.attachments(work, application):
        places.setdefault(one.proof.id, []).append(one.place)
    proofs = keeping.of_application(work, application.id)
    told: list[tuple[Words, Speech]] = []
    for place, proof in enumerate(proofs, 1):
        told.append((_("凭证 {place}", place=place), proof_words(work, proof, places, whole)))
        if warnings := finding_words(work, proof):
            told.append((_("请留意"), lines(*warnings)))
    return told


def proof_words(work: Work, proof: Proof, places: dict[int, list[int]], whole: bool) -> Speech:
    """Kind, number, month, province and which pictures, in one row."""
    shown = str if whole else masked_number
    parts: list[Speech] = [kind_words(Kind(proof.type, proof.grade))]
    if number := keeping.number_of(work, proof):
        seen = noticing.surely_read(work, proof, "number")
        told = _("{what} {number}", what=number_words(proof.type), number=shown(number))
        parts.append(compared(told, seen and shown(seen), seen == without_spaces(number)))
    if proof.month:
        seen = noticing.surely_read(work, proof, "month")
        told = _("{what} {month}", what=month_words(proof.type), month=proof.month)
        parts.append(compared(told, seen, seen == proof.month))
    if proof.score is not None:
        parts.append(_("{score} 分", score=proof.score))
    if proof.province:
        parts.append(province_words(proof.province))
    parts.append(attached(places.get(proof.id, [])))
    if unread := noticing.unread(work, proof):
        parts.append(UNREAD[unread])
    if proof.remark:
        parts.append(_("备注：{remark}", remark=plain(proof.remark)))
    return Joined(tuple(parts), "，", ", ")


def attached(places: list[int]) -> Words:
    """How many pictures, and which of all of the case."""
    if not places or places == [1]:
        return _("附件 {count} 张", count=len(places))
    if len(places) == 1:
        return _("附件 1 张：图 {first}", first=places[0])
    return _(
        "附件 {count} 张：图 {first} 至 {last}",
        count=len(places),
        first=places[0],
        last=places[-1],
    )


def compared(told: Words, seen: str, same: bool) -> Words:
    if not seen:
        return told
    if same:
        return _("{told}（与图上一致）", told=told)
    return _("{told}（★ 图上读到 {seen}）", told=told, seen=seen)


def finding_words(work: Work, proof: Proof) -> list[Words]:
    found = {one.code: one for one in keeping.findings(work, proof.id, reviewer=True)}
    if not keeping.pictures_of(work, proof.id):
        return [_("这份凭证没有图片。")]
    return [TO_REVIEWERS.get(one.code) or findings.words(one) for one in found.values()]


def in_short(work: Work, application: Application) -> Speech:
    """The kinds of its proofs, in a list of cases."""
    proofs = keeping.of_application(work, application.id)
    return listed(*(kind_words(Kind(one.type, one.grade)) for one in proofs))


def thumbnails(chat: Chat, work: Work, found: list[Attachment]) -> list[Picture]:
    """The first pictures, small; all of them by [看图]."""
    return list(_shown(chat, work, found[:THUMBNAILS], small=True))


def large(chat: Chat, work: Work, attachment: Attachment) -> list[Picture]:
    """None where the file is gone."""
    return list(_shown(chat, work, [attachment], small=False))


def _shown(chat: Chat, work: Work, found: list[Attachment], *, small: bool) -> Iterator[Picture]:
    for one in found:
        if (blob := sheets.file_of(work, one, small=small)) is not None:
            yield chat.picture(blob, title(one))


def title(one: Attachment) -> Words:
    kind = kind_words(Kind(one.proof.type, one.proof.grade))
    return _("图 {place}：{kind}", place=one.place, kind=kind)
