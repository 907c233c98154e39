"""拍照的表格 (tables about photographs): sent by student affairs, looked through, and published (P1)."""

import re
from hashlib import sha256

from backend.authority import Role, holds, require
from backend.clauses import library
from backend.clauses.shooting import PHOTO_NOTICE
from backend.models import Blob, PhotoSchedule, PhotoTable
from backend.photos import importing, schedule, schedule_annex, schedule_publishing
from backend.photos.schedule import Shooting
from backend.photos.schedule_publishing import Difference
from backend.registry import units
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Card
from dialogs.engine.slots import Invalid, Option, Slot, option_meant
from dialogs.engine.turn import Attached, Said
from dialogs.engine.words import Bilingual, Speech, Words, _, lines, listed, plain
from dialogs.photos.words import turn_words

SENT = "table"
ANNEX = "annex"
TABLES = (".csv", ".xlsx")
IMPORTING = re.compile(
    r"^(我要|我想|帮我|请)?(导入|上传|更新)(毕业)?(拍照|拍摄|照片|采集码)(的)?(安排|名单|表格?|时间表)?[。!！]?$"
    r"|^(i want to |please |let me )?import (the )?photo (schedule|roster|codes)[.!]?$"
    # Announced without saying which: there are no other tables that somebody sends.
    r"|^(我|我要|我想|我来)?(发|传|上传|导入)(给你)?(一个|一份|一张|个|份|张)?(表|表格)(给你)?[。!！]?$"
    r"|^(i want to |i am going to |let me |i'll |i will )?(send|upload)( you)? (a |the )?table[.!]?$",
    re.IGNORECASE,
)
PUBLISHING = re.compile(
    r"^(我要|我想|帮我|请)?发布(毕业)?(拍照|拍摄)(的)?(安排|时间表)[。!！]?$"
    r"|^(i want to |please |let me )?publish the photo schedule[.!]?$"
)
KINDS: dict[str, Words] = {
    "photo_slots": _("拍摄安排"),
    "photo_roster": _("拍摄名单"),
    "photo_codes": _("图像采集码"),
    "photographed": _("已拍摄"),
}
SHOWN = 6


def may_send(work: Work, person: int | None, file: Attached) -> bool:
    named = file.name.lower().endswith(TABLES)
    return (
        named
        and bool(file.blob_id)
        and person is not None
        and holds(work, person, Role.STUDENT_AFFAIRS)
    )


def import_photo_table(chat: Chat, work: Work) -> None:
    """A schedule is published only after a look at what it changes; other tables count at once."""
    require(work, Role.STUDENT_AFFAIRS)
    sent = sent_table(chat, work)
    if sent == ANNEX:
        annex(chat, work)
        return
    table = importing.ask(work, sent)
    if table.done_at is None:
        chat.wait(importing.key(sent), _("正在读这份表格，请稍等。"))
    if chat.once("report"):
        tell_report(chat, work, table)
    draft = schedule.find(work, table.schedule) if table.schedule else None
    if draft is not None and draft.state == schedule.State.DRAFT:
        publish(chat, work, draft)


def publish_photo_schedule(chat: Chat, work: Work) -> None:
    """A draft that is waiting: imported by command, or left."""
    require(work, Role.STUDENT_AFFAIRS)
    waiting = schedule.drafts(work)
    if not waiting:
        chat.say(
            _("没有等着发布的拍摄安排。"),
            buttons=[chat.button(_("导入拍照表格"), "import_photo_table", lasting=True)],
        )
        return
    publish(chat, work, waiting[0])


def sent_table(chat: Chat, work: Work) -> str:
    """The id of the file, or ``ANNEX``. Asks until what comes is called a table."""
    place = 1
    while (sent := chat.ask(table_slot(place))) != ANNEX:
        file = work.session.get(Blob, sent)
        if file is None or file.name.lower().endswith(TABLES):
            break
        if chat.once(f"no_table.{place}"):
            chat.say(_("“{name}”不是表格，没有收下；这里只收 CSV 或 XLSX。", name=file.name))
        place += 1
    return sent


def table_slot(place: int) -> Slot[str]:
    name = SENT if place == 1 else f"{SENT}.{place}"
    prompt = _(
        "请把表格发到这里（CSV 或 XLSX）：拍摄安排、拍摄名单、图像采集码，或者已拍摄名单，按表头认。"
        "也可以先按 2024 年通知的附件1 建一份拍摄安排。"
    )
    options = (Option(ANNEX, _("用通知的附件1")),)

    def parse(stored: str) -> str:
        if not stored:
            raise Invalid(_("这份文件没有收到，请再发一次。"))
        return stored

    def read(said: Said) -> str | None:
        return option_meant(said.words, options)

    return Slot(name, prompt, _("表格"), parse, read, options, revisable=False)


def annex(chat: Chat, work: Work) -> None:
    """The table of the notice, as it was read for answers; made once in a conversation."""
    if chat.once("annex"):
        notice = next(one for one in library.shipped() if one.id == PHOTO_NOTICE)
        made = schedule_annex.from_annex(work, notice)
        chat.say(_("从附件1 读出 {rows} 个单位的安排。", rows=made.rows))
        if made.unknown:
            chat.say(
                _(
                    "有 {count} 个单位在学籍里没有同名的，没有收进来：{names}。",
                    count=len(made.unknown),
                    names=listed(*map(plain, made.unknown)),
                )
            )
    waiting = schedule.drafts(work)
    if not waiting:
        chat.say(_("这份草稿已经处理过了。"))
        return
    publish(chat, work, waiting[0])


def tell_report(chat: Chat, work: Work, table: PhotoTable) -> None:
    if not table.applied:
        why = [Bilingual(zh, en) for _line, _column, _value, zh, en in table.problems]
        chat.say(lines(_("这份表格没有导入。"), *why))
        return
    rows: list[tuple[Words, Speech]] = [
        (_("表格"), KINDS[table.kind]),
        (
            _("行数"),
            _(
                "新增 {added}，更新 {changed}，未变 {unchanged}，拒收 {refused}",
                added=table.added,
                changed=table.changed,
                unchanged=table.unchanged,
                refused=table.refused,
            ),
        ),
    ]
    rows += [
        (_("第 {line} 行", line=line), problem_words(column, value, zh, en))
        for line, column, value, zh, en in table.problems
    ]
    files = []
    if table.report_id is not None:
        blob = work.session.get_one(Blob, table.report_id)
        files = [chat.file(blob)] if blob.deleted_at is None else []
    words = _("已读完，还没有对学生生效：") if table.kind == importing.SLOTS else _("已导入：")
    chat.say(words, card=chat.card(_("导入结果"), *rows), files=files)


def problem_words(column: str, value: str, zh: str, en: str) -> Words:
    what = f"{column}“{value}”" if value else column
    return _("{what}：{why}", what=what, why=Bilingual(zh, en))


def publish(chat: Chat, work: Work, draft: PhotoSchedule) -> None:
    """What the draft changes, and how many are told; then it counts (P1)."""
    changes = schedule_publishing.difference(work, draft)
    season = schedule.season_of(work, draft).code
    if not changes.added and not changes.gone:
        chat.say(_("和已经发布的完全一样，不用再发布。"))
        schedule_publishing.discard(work, draft.number)
        return
    consent = chat.confirm(
        _(
            "请核对{season}届的拍摄安排。发布后马上生效，安排变了的 {count} 人会收到通知，其他人不会。",
            season=season,
            count=len(changes.moved),
        ),
        card=changes_card(chat, work, draft, changes),
        facts=digest(draft, changes),
        agree=_("发布"),
        others=[Option("discard", _("丢掉这份草稿"))],
    )
    if chat.chosen == "discard":
        schedule_publishing.discard(work, draft.number)
        chat.say(_("已丢掉 {number}，原来的安排不变。", number=draft.number))
        return
    done = schedule_publishing.publish(work, draft.number, consent)
    chat.say(
        _(
            "已发布 {number}。安排变了的 {count} 人会收到通知。",
            number=draft.number,
            count=len(done.moved),
        )
    )


def digest(draft: PhotoSchedule, changes: Difference) -> str:
    shown = (draft.number, draft.version, changes.added, changes.gone, changes.moved)
    return sha256(repr(shown).encode()).hexdigest()


def changes_card(chat: Chat, work: Work, draft: PhotoSchedule, changes: Difference) -> Card:
    rows: list[tuple[Words, Speech]] = [
        (
            _("场次"),
            _(
                "新 {added}，取消 {gone}，不变 {kept}",
                added=len(changes.added),
                gone=len(changes.gone),
                kept=changes.kept,
            ),
        )
    ]
    rows += [(_("新"), row_words(work, *one)) for one in changes.added[:SHOWN]]
    rows += [(_("取消"), row_words(work, *one)) for one in changes.gone[:SHOWN]]
    left = len(changes.added[SHOWN:]) + len(changes.gone[SHOWN:])
    if left:
        rows.append((_("还有"), _("{count} 行没有列出", count=left)))
    return chat.card(_("拍摄安排 {number}", number=draft.number), *rows)


def row_words(work: Work, unit: int, turn: Shooting) -> Words:
    return _("{unit}：{turn}", unit=Bilingual(*units.name(work, unit)), turn=turn_words(turn))
