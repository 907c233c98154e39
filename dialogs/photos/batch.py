"""成批检查照片 (many picture files): an archive is sent, checked by a job, and reported file by file (R16)."""

import re

from backend import authority
from backend.authority import Role
from backend.errors import NotAllowed
from backend.identity import links
from backend.identity.stepup import Purpose
from backend.models import Blob, PhotoBatch
from backend.photos import batch_intake, batch_steering
from backend.photos.batch_steering import State
from backend.photos.verdict_words import MENDING, TITLES
from backend.registry import units
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card, File
from dialogs.engine.saying import Saying
from dialogs.engine.slots import Slot, choice, fixed
from dialogs.engine.turn import Attached
from dialogs.engine.words import Bilingual, Speech, Words, _, plain
from dialogs.photos.files import is_staff

SENT = "archive"
CHECKING = re.compile(
    r"^(我要|我想|帮我|请)?(成批|批量)(检查|查|上传)(一下)?(毕业)?照片[。!！]?$"
    r"|^(i want to |please |let me )?(check|upload) (many )?photos in bulk[.!]?$"
)
LISTING = re.compile(r"照片检查(的)?(进度|结果|记录)|\bphoto (check|batch) (progress|results?)\b")
NUMBER = fixed("batch", _("照片检查"))
ANY_YEAR = 0
SHOWN = 5
STATES: dict[State, Words] = {
    State.WAITING: _("等着开始"),
    State.RUNNING: _("正在检查"),
    State.DONE: _("完成"),
    State.STOPPED: _("已停下"),
    State.FAILED: _("没有做完"),
}


def may_send(work: Work, person: int | None, file: Attached) -> bool:
    return bool(file.blob_id) and file.name.lower().endswith(".zip") and is_staff(work, person)


def photo_batch(chat: Chat, work: Work) -> None:
    """What is checked is told before; what passed goes into the registry as it came."""
    if not is_staff(work, chat.person):
        raise NotAllowed
    slot = archive_slot()
    if chat.known(slot) is None and chat.once("upload"):
        chat.say(
            _("超过 20 MB 的压缩包请从网页上传，最大 512 MB、2 万张，链接十分钟内有效。"),
            buttons=[archive_button(chat, work)],
            until=work.now + links.LIFETIME,
        )
    archive = batch_intake.stored(work, chat.ask(slot))
    unit = asked_unit(chat, work)
    year = chat.ask(year_slot(work)) or None
    step_up.require(chat, work, Purpose.BULK)
    consent = chat.confirm(
        _("请核对。开始以后逐张按 R15 检查，通过的原样存入学籍照片，不通过的列出原因。"),
        card=chat.card(
            _("成批检查照片"),
            (_("压缩包"), plain(archive.name)),
            (
                _("大小"),
                _("{size} MB", size=f"{sum(size for _id, size in archive.parts) / 1e6:.1f}"),
            ),
            (_("单位"), unit_words(work, unit)),
            (_("入学年度"), year_words(year)),
            (_("照片种类"), _("毕业照")),
        ),
        facts=f"{[blob for blob, _size in archive.parts]}:{unit}:{year}",
        agree=_("开始检查"),
    )
    batch = batch_intake.begin(work, archive, unit, year, consent)
    chat.say(
        _("开始检查，编号 {number}；做完了告诉您，也可以随时看进度。", number=batch.number),
        buttons=following(chat, batch),
    )


def archive_slot() -> Slot[str]:
    prompt = _(
        "请把照片打成一个 ZIP 压缩包发到这里（最大 20 MB，大约 600 张）。"
        "每张用学号或身份证号命名，不要有姓名（R15）。"
    )
    return Slot(SENT, prompt, _("压缩包"), str, lambda _said: None, revisable=False)


def archive_button(chat: Chat, work: Work) -> Button:
    link = links.new(work, links.PHOTOS, account=work.account, person=chat.person)
    return chat.link(_("上传大压缩包"), f"photos:{link.id}", style="primary")


def asked_unit(chat: Chat, work: Work) -> int | None:
    """Student affairs check pictures of any unit; an officer of several says which."""
    if authority.holds(work, chat.person or 0, Role.STUDENT_AFFAIRS):
        return None
    mine = authority.units(work, chat.person or 0, Role.UNIT_OFFICER)
    if len(mine) == 1:
        return mine[0]
    labels = {
        str(unit): Words("{text}", {"text": Bilingual(*units.name(work, unit))}) for unit in mine
    }
    return int(chat.ask(choice("unit", _("是哪个单位的照片？"), labels, title=_("单位"))))


def year_slot(work: Work) -> Slot[int]:
    labels = {year: plain(str(year)) for year in batch_intake.years(work)}
    return choice(
        "year",
        _("入学年度是哪一年？用身份证号命名的必须选；都用学号命名的可以不限。"),
        labels | {ANY_YEAR: _("不限，都用学号命名")},
        title=_("入学年度"),
        aliases={ANY_YEAR: ("不限", "都用学号", "都是学号", "学号", "any", "student numbers")},
        help_=_("上传毕业照要选入学年度和照片种类（R16）；同一个身份证号可能有几段学籍。"),
    )


def unit_words(work: Work, unit: int | None) -> Speech:
    return _("全部单位") if unit is None else Bilingual(*units.name(work, unit))


def year_words(year: int | None) -> Words:
    return plain(str(year)) if year else _("不限，都用学号命名")


# --- how far it has come ----------------------------------------------------------------------


def photo_batches(chat: Chat, work: Work) -> None:
    if not is_staff(work, chat.person):
        raise NotAllowed
    number = chat.known(NUMBER)
    found = [batch_steering.find(work, number)] if number else batch_steering.latest(work)
    if not found:
        chat.say(
            _("还没有成批检查过照片。"),
            buttons=[chat.button(_("成批检查照片"), "photo_batch", lasting=True)],
        )
    for batch in found:
        chat.say(
            STATES[State(batch.state)],
            card=batch_card(chat, work, batch),
            files=batch_files(chat, work, batch),
            buttons=following(chat, batch),
        )


def stop_photo_batch(chat: Chat, work: Work) -> None:
    batch = batch_steering.stop(work, chat.ask(NUMBER))
    chat.say(
        _(
            "{number} 停下了：检查过 {done} 张，已经通过的保留。可以继续。",
            number=batch.number,
            done=batch.cursor,
        ),
        buttons=following(chat, batch),
    )


def resume_photo_batch(chat: Chat, work: Work) -> None:
    batch = batch_steering.resume(work, chat.ask(NUMBER))
    chat.say(
        _("{number} 从第 {next} 张接着检查。", number=batch.number, next=batch.cursor + 1),
        buttons=following(chat, batch),
    )


def batch_card(chat: Saying, work: Work, batch: PhotoBatch) -> Card:
    return chat.card(
        _("照片检查 {number}", number=batch.number),
        (_("压缩包"), plain(batch.name)),
        (_("状态"), STATES[State(batch.state)]),
        (_("进度"), _("{done} / {total} 张", done=batch.cursor, total=batch.total)),
        (_("通过"), plain(str(batch.passed))),
        (_("不通过"), plain(str(batch.failed))),
        (_("单位"), unit_words(work, batch.unit_id)),
        (_("入学年度"), year_words(batch.enrolment_year)),
        *failure_rows(work, batch),
    )


def failure_rows(work: Work, batch: PhotoBatch) -> list[tuple[Words, Speech]]:
    """The first files that failed; the report names every one (R16)."""
    found = batch_steering.failures(work, batch, SHOWN)
    rows: list[tuple[Words, Speech]] = [
        (plain(file), Bilingual(*MENDING.get(code, TITLES[code]))) for file, code in found
    ]
    if batch.failed > len({file for file, _code in found}):
        rows.append((_("还有"), _("其余的见报告")))
    return rows


def batch_files(chat: Saying, work: Work, batch: PhotoBatch) -> list[File]:
    """The report, to whoever sent the archive."""
    if batch.report_id is None or batch.made_by != work.actor:
        return []
    blob = work.session.get_one(Blob, batch.report_id)
    return [chat.file(blob)] if blob.deleted_at is None else []


def following(chat: Saying, batch: PhotoBatch) -> list[Button]:
    buttons = []
    if batch.state in (State.WAITING, State.RUNNING):
        buttons += [
            chat.button(_("看进度"), "photo_batches", lasting=True, batch=batch.number),
            chat.button(_("停下"), "stop_photo_batch", style="danger", batch=batch.number),
        ]
    elif batch.state in (State.STOPPED, State.FAILED) and batch.total:
        buttons.append(
            chat.button(_("继续"), "resume_photo_batch", style="primary", batch=batch.number)
        )
    return buttons
