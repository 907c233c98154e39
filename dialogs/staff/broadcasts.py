"""群发通知 (announcements): to whom, in which words, and how far it has come."""

import re

from sqlalchemy import select

from backend import broadcasts
from backend.authority import Role, require
from backend.broadcasts import Audience
from backend.models import Broadcast, Unit
from backend.registry import units
from backend.work import Event, Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.slots import Invalid, Option, Slot, choice, fixed, option_meant, text
from dialogs.engine.turn import Said
from dialogs.engine.words import Bilingual, Speech, Words, _, lines, plain

ANNOUNCING = re.compile(
    r"(^|我想|我要|帮我|请)(群发|发个?公告|发个?群通知|发通知给(所有|全部|大家))|群发(通知|消息|公告)"
    r"|\bbroadcast\b|\b(send|make) an announcement\b"
)
PROGRESS = re.compile(
    r"群发(的)?(进度|到哪|怎么样|情况)|\b(broadcast|announcement) (progress|status)\b"
)
AUDIENCES: dict[Audience, Words] = {
    Audience.ENROLLED: _("在读学生"),
    Audience.GRADUATED: _("已毕业学生"),
    Audience.STUDENTS: _("全部学生"),
    Audience.STAFF: _("工作人员"),
}
TO = choice("audience", _("发给谁？"), AUDIENCES, title=_("对象"))
EVERYWHERE = "all"
WORDS_ZH = text(
    "words_zh",
    _("通知的内容是什么？会原样发给每个人。"),
    title=_("内容"),
    at_most=1000,
    verbatim=True,
)
NONE = _("不用英文")
WORDS_EN = text(
    "words_en",
    _("英文内容是什么？发给用英文的人；没有就按“不用英文”。"),
    title=_("英文内容"),
    suggestions=(NONE,),
    at_most=2000,
    verbatim=True,
)
NUMBER = fixed("broadcast", _("群发"))


def broadcast(chat: Chat, work: Work) -> None:
    """One announcement, read once more before it goes out."""
    require(work, Role.ACADEMIC_AFFAIRS)
    kind = Audience(chat.ask(TO))
    unit = chat.ask(where(work))
    unit_id = None if unit == EVERYWHERE else int(unit)
    zh = chat.ask(WORDS_ZH)
    en = chat.ask(WORDS_EN)
    en = "" if en == NONE.into("zh") else en
    people = broadcasts.count(work, kind, unit_id)
    consent = chat.confirm(
        _("发给 {count} 人，发出后收不回来。确认吗？", count=people),
        card=chat.card(
            _("群发通知"),
            (_("对象"), AUDIENCES[kind]),
            (_("单位"), unit_name(work, unit_id)),
            (_("内容"), plain(zh)),
            (_("英文内容"), plain(en) if en else NONE),
        ),
        facts=f"{kind}:{unit_id}:{people}",
        agree=_("发出"),
    )
    begun = broadcasts.begin(work, zh, en, kind, unit_id, consent)
    chat.say(
        _(
            "开始群发，编号 {number}。先回答别人的问题，再发群发，不会超过平台的限制。",
            number=begun.number,
        ),
        buttons=[progress_button(chat, begun)],
    )


def where(work: Work) -> Slot[str]:
    """All units, or one of them by its code or a part of its name."""
    names = {
        str(unit.id): (unit.code, *units.name(work, unit.id))
        for unit in work.session.scalars(
            select(Unit).where(Unit.institution_id == work.institution).order_by(Unit.code)
        )
    }

    def parse(stored: str) -> str:
        if stored != EVERYWHERE and stored not in names:
            raise Invalid(_("没有这个单位。"))
        return stored

    def read(said: Said) -> str | None:
        if (meant := option_meant(said.words, options)) is not None:
            return meant
        wanted = said.words.strip()
        found = [key for key, name in names.items() if wanted in {one.lower() for one in name}]
        found = found or [
            key for key, name in names.items() if any(wanted in one.lower() for one in name)
        ]
        if len(found) != 1:
            raise Invalid(_("没有找到这个单位，请写单位的全称或代码，或者选“全部单位”。"))
        return found[0]

    options = (Option(EVERYWHERE, _("全部单位")),)
    prompt = _("哪个单位的？可以写单位的名称或代码。")
    return Slot("unit", prompt, _("单位"), parse, read, options)


def unit_name(work: Work, unit_id: int | None) -> Speech:
    return _("全部单位") if unit_id is None else Bilingual(*units.name(work, unit_id))


def broadcast_progress(chat: Chat, work: Work) -> None:
    require(work, Role.ACADEMIC_AFFAIRS)
    number = chat.known(NUMBER)
    found = [broadcasts.find(work, number)] if number else broadcasts.latest(work)
    shown = [one for one in found if one is not None]
    if not shown:
        chat.say(_("还没有群发过通知。"))
    for one in shown:
        chat.say(
            status(one), card=progress_card(chat, work, one), buttons=following(chat, work, one)
        )


def stop_broadcast(chat: Chat, work: Work) -> None:
    stopped = broadcasts.stop(work, chat.ask(NUMBER))
    chat.say(
        _(
            "已停止群发 {number}：{told} 人的对话里已经有了；还没推送的不再推送，其他人不会再收到。",
            number=stopped.number,
            told=stopped.told,
        )
    )


def progress_card(chat: Chat, work: Work, one: Broadcast) -> Card:
    state = broadcasts.progress(work, one)
    return chat.card(
        _("群发 {number}", number=one.number),
        (_("内容"), plain(short(one.words_zh))),
        (_("对象"), lines(AUDIENCES[Audience(one.audience)], unit_name(work, one.unit_id))),
        (_("进入对话"), _("{told} / {people} 人", told=state.told, people=state.people)),
        (
            _("推送"),
            _(
                "已送达 {sent}，等待 {waiting}，没有送到 {failed}",
                sent=state.sent,
                waiting=state.waiting,
                failed=state.failed,
            ),
        ),
    )


def status(one: Broadcast) -> Words:
    if one.stopped_by is not None:
        return _("已停止")
    return _("正在发") if one.ended_at is None else _("已发完")


def following(chat: Chat, work: Work, one: Broadcast) -> list[Button]:
    buttons = [progress_button(chat, one)]
    if one.ended_at is None or broadcasts.progress(work, one).waiting:
        buttons.append(
            chat.button(_("停止"), "stop_broadcast", style="danger", broadcast=one.number)
        )
    return buttons


def progress_button(chat: Chat, one: Broadcast) -> Button:
    return chat.button(_("看进度"), "broadcast_progress", lasting=True, broadcast=one.number)


def short(words: str) -> str:
    return words if len(words) <= 60 else words[:59] + "…"


# --- as notices -----------------------------------------------------------------------------


def those_told(work: Work, event: Event) -> list[int]:
    return [int(event.facts["person"])]


def whoever_began(work: Work, event: Event) -> list[int]:
    found = broadcasts.find(work, event.subject)
    return [found.made_by] if found else []


def announce(chat: Chat, work: Work, event: Event) -> None:
    found = broadcasts.to_be_said(work, event.subject)
    if found is not None:
        words = Bilingual(found.words_zh, found.words_en)
        chat.say(lines(_("【通知】"), words), about=found.number)


def done(chat: Chat, work: Work, event: Event) -> None:
    found = broadcasts.find(work, event.subject)
    if found is not None:
        chat.say(
            _("群发 {number} 已经放进 {told} 人的对话。", number=found.number, told=found.told),
            buttons=[progress_button(chat, found)],
        )
