"""检查照片 (a picture file): each rule with what was measured, and how to mend what is not right (R15)."""

import re

from backend import authority
from backend.authority import Role
from backend.models import Blob
from backend.photos import looking
from backend.photos.filecheck import Severity, Verdict, passes
from backend.photos.verdict_words import MENDING, SAID_NOTHING, TITLES, UNCHECKED, UNITS
from backend.registry import students
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Card
from dialogs.engine.slots import Slot, fixed
from dialogs.engine.turn import Attached
from dialogs.engine.words import Bilingual, Joined, Speech, Words, _, lines, plain
from dialogs.uploads import upload_button

SENT = "photo"
CAME = fixed("photo.came", _("照片"))
PICTURES = re.compile(r"\.(jpe?g|png|gif|bmp|webp|heic|heif|tiff?)$", re.IGNORECASE)
ON_ITS_WAY = {"no_dpi", "recompressed", "pixels", "too_small", "name_platform"}
MARKS = {Severity.OK: "✓", Severity.FAIL: "✗", Severity.WARN: "！", Severity.UNKNOWN: "？"}


def is_staff(work: Work, person: int | None) -> bool:
    """Whoever uploads pictures for others (R16)."""
    held = authority.roles(work, person) if person else set()
    return bool(held & {Role.UNIT_OFFICER, Role.STUDENT_AFFAIRS})


def may_send(work: Work, person: int | None, file: Attached) -> bool:
    """Whether a picture that nobody asked for is one to be checked."""
    if person is None or not file.blob_id:
        return False
    pictured = PICTURES.search(file.name) or file.media_type.startswith("image/")
    return bool(pictured) and (is_staff(work, person) or students.find(work, person) is not None)


def check_photo(chat: Chat, work: Work) -> None:
    came = chat.known(CAME)
    blob_id = chat.ask(picture_slot())
    look = looking.ask(work, blob_id, looking.Came.from_text(came))
    if look.done_at is None:
        chat.wait(looking.key(blob_id), _("正在检查照片，请稍等。"))
    verdicts = looking.verdicts(work, look)
    file = work.session.get_one(Blob, blob_id)
    failed = sum(one.severity is Severity.FAIL for one in verdicts)
    words: list[Speech] = [outcome(verdicts, failed)]
    on_its_way = any(one.severity is Severity.FAIL and one.code in ON_ITS_WAY for one in verdicts)
    if look.recompressed or (on_its_way and failed):
        words.append(
            _("聊天软件发“照片”时会压缩、改名。请以“文件”发原件，或者从网页上传原件再查一次。")
        )
    if not is_staff(work, chat.person):
        words.append(_("这里只检查，不上传；照片由所在单位研究生部上传到学籍系统（R16）。"))
    buttons = [chat.button(_("再查一张"), "check_photo", lasting=True)]
    if failed:
        buttons.append(upload_button(chat, work))
    chat.say(lines(*words), card=verdict_card(chat, file.name, verdicts), buttons=buttons)


def picture_slot() -> Slot[str]:
    prompt = _(
        "请把照片文件发到这里（以“文件”发原件，不要当“照片”发），我按 R15 一条一条查。"
        "文件名用学号或身份证号。"
    )
    return Slot(SENT, prompt, _("照片"), str, lambda _said: None, revisable=False)


def outcome(verdicts: list[Verdict], failed: int) -> Words:
    if not passes(verdicts):
        return _("有 {count} 处不合要求，改好之前不能上传：", count=failed)
    if any(one.severity is Severity.WARN for one in verdicts):
        return _("硬性要求都符合；有几处请人工看一下：")
    return _("符合要求。")


def verdict_card(chat: Chat, name: str, verdicts: list[Verdict]) -> Card:
    rows = [(title(one), verdict_words(one)) for one in verdicts]
    return chat.card(_("照片检查：{name}", name=name), *rows)


def title(verdict: Verdict) -> Words:
    return _("{title}（{rule}）", title=Bilingual(*TITLES[verdict.code]), rule=verdict.rule)


def verdict_words(verdict: Verdict) -> Joined:
    """``✗ 413×626（要求 480×640）：…``"""
    parts: list[Speech] = [plain(f"{MARKS[verdict.severity]} "), measured_words(verdict)]
    if verdict.limit and verdict.severity is not Severity.UNKNOWN:
        parts.append(_("（要求 {limit}）", limit=verdict.limit))
    unlooked = verdict.severity is Severity.UNKNOWN and not verdict.measured
    if verdict.severity is not Severity.OK and not unlooked and verdict.code in MENDING:
        parts.append(_("：{mending}", mending=Bilingual(*MENDING[verdict.code])))
    return Joined(tuple(parts), "", "")


def measured_words(verdict: Verdict) -> Speech:
    if verdict.severity is Severity.UNKNOWN and not verdict.measured:
        return Bilingual(*UNCHECKED[verdict.code])
    if not verdict.measured:
        return Bilingual(*SAID_NOTHING)
    unit = UNITS.get(verdict.code, ("", ""))
    return Bilingual(verdict.measured + unit[0], verdict.measured + unit[1])
