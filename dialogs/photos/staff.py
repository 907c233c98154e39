"""未拍照名单 (who is missing): the list for officers, as a table, and a reminder to all on it."""

import re
from datetime import datetime

from backend.clock import local_date
from backend.errors import NotAllowed
from backend.identity.stepup import Purpose
from backend.photos import attendance, missing_table, reminders, schedule
from backend.photos.attendance import Missing
from backend.policy import store
from backend.registry import units
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.message import Card
from dialogs.engine.slots import fixed
from dialogs.engine.words import Bilingual, Joined, Speech, _, lines
from dialogs.photos.files import is_staff
from dialogs.photos.words import day_words

MISSING = re.compile(
    r"(还?没有?|未)(拍|照|采集)(毕业)?(照片?|图像)?的?(学生|同学|人|名单)|谁(还)?没(拍|采集)|未拍照名单"
    r"|\b(who has|students who have)( not|n't) been photographed\b|\bmissing photos?\b"
)
ASKED_AT = fixed("asked_at", _("名单"))
SHOWN = 10


def photo_missing(chat: Chat, work: Work) -> None:
    """Those of one's units, those who must not wait any longer first."""
    mine = attendance.units_of(work)
    if schedule.current(work) is None:
        chat.say(_("还没有发布毕业照的拍摄安排。"))
        return
    people = attendance.missing(work, mine)
    if not people:
        chat.say(_("名单上的学生都拍过了，或者往年的照片还能用（P5）。"))
        return
    urgent = [one for one in people if one.urgent]
    words: list[Speech] = [
        _(
            "还有 {count} 人没有拍毕业照，其中 {codes} 人没有采集码。",
            count=len(people),
            codes=sum(not one.has_code for one in people),
        )
    ]
    if urgent:
        until = store.photo(work).makeup.until
        words.append(
            _("{count} 人错过了集体拍摄，补拍快到期了，不能再等（P6）。", count=len(urgent))
            if until is None
            else _(
                "{count} 人错过了集体拍摄，补拍到 {day}前，不能再等（P6）。",
                count=len(urgent),
                day=day_words(until),
            )
        )
    moment = work.now.isoformat()
    chat.say(
        lines(*words),
        card=missing_card(chat, work, people),
        buttons=[
            chat.button(_("导出表格"), "export_photo_missing", lasting=True, asked_at=moment),
            chat.button(_("提醒这 {count} 人", count=len(people)), "remind_photo_missing"),
        ],
    )


def missing_card(chat: Chat, work: Work, people: list[Missing]) -> Card:
    ordered = sorted(people, key=lambda one: (not one.urgent, not one.missed))
    rows = [
        (
            _("{name}（{number}）", name=one.name, number=one.number),
            Joined(tuple(states(work, one)), "；", "; "),
        )
        for one in ordered[:SHOWN]
    ]
    if len(people) > SHOWN:
        rows.append((_("还有"), Joined((_("{count} 人，导出表格看", count=len(people) - SHOWN),))))
    return chat.card(_("未拍照名单"), *rows)


def states(work: Work, one: Missing) -> list[Speech]:
    found: list[Speech] = [Bilingual(*units.name(work, one.unit_id))]
    if one.group_no is not None:
        found.append(_("第 {group} 组", group=one.group_no))
    found.append(_("有采集码") if one.has_code else _("没有采集码"))
    if one.urgent:
        found.append(_("错过了，不能再等"))
    elif one.missed:
        found.append(_("错过了集体拍摄"))
    return found


def export_photo_missing(chat: Chat, work: Work) -> None:
    """The whole list as a workbook, as it is now."""
    attendance.units_of(work)
    asked = chat.known(ASKED_AT) or work.now.isoformat()
    moment = datetime.fromisoformat(asked)
    step_up.require(chat, work, Purpose.BULK)
    blob = missing_table.ask(work, moment)
    if blob is None:
        chat.wait(missing_table.key(work.actor or 0, moment), _("正在做表格，请稍等。"))
    chat.say(
        _(
            "未拍照名单，{day}的情况。里面有学生信息，请妥善保管。",
            day=day_words(local_date(moment)),
        ),
        files=[chat.file(blob)],
        until=blob.expires_at,
    )


def remind_photo_missing(chat: Chat, work: Work) -> None:
    """Everybody on the list at once; read once more before it goes out."""
    if not is_staff(work, chat.person):
        raise NotAllowed
    people = attendance.missing(work, attendance.units_of(work))
    step_up.require(chat, work, Purpose.BULK)
    consent = chat.confirm(
        _(
            "给名单上的 {count} 人各发一条提醒：时间地点、着装、采集码，错过了的发补拍办法。",
            count=len(people),
        ),
        facts=",".join(str(one.person_id) for one in people),
        agree=_("发提醒"),
    )
    told = reminders.remind_missing(work, None, consent)
    chat.say(_("已提醒 {count} 人。", count=len(told)))
