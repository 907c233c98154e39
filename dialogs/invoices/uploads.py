"""上传开好的发票 (finance): files or archives, matched by our numbers, reported file by file."""

import re

from backend.authority import Role, holds, require
from backend.invoices import uploading
from backend.invoices.matching import FITS, Outcome
from backend.models import Blob, InvoiceUpload
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Card
from dialogs.engine.slots import Slot
from dialogs.engine.turn import Attached
from dialogs.engine.words import Speech, Words, _, plain
from dialogs.invoices.staff import export_button
from dialogs.uploads import upload_button

SENT = "invoice_file"
ENDINGS = (".pdf", ".ofd", ".xml", ".zip")
UPLOADING = re.compile(
    r"^(我要|我想|帮我|请)?(上传|发|传|提交)(一下|一个|这批|\s)*(开好|开出|已开|开具)(了)?的?(电子)?发票(文件)?[。!！]?$"
    r"|^(发票|票)(都)?开好了[,，。!！]?(发给你|上传)?[。!！]?$"
    r"|^(i want to |please |let me )?upload (the )?(issued )?invoices[.!]?$"
)
SHOWN = 12
OUTCOMES: dict[str, Words] = {
    Outcome.MATCHED: _("对上了，已发给申请人"),
    Outcome.BY_NAME: _("按文件名对上了，已发给申请人；里面的字读不出来，请您看一眼"),
    Outcome.ALREADY: _("以前收到过，没有再发"),
    Outcome.NO_KIND: _("不是 PDF、OFD 或 XML"),
    Outcome.UNREADABLE: _("打不开，或者超过 5 MB"),
    Outcome.NO_NUMBER: _("文件名和备注里都没有我们的编号（K 开头）"),
    Outcome.SEVERAL: _("里面有几个不同的编号"),
    Outcome.UNKNOWN: _("没有这个编号"),
    Outcome.NOT_EXPORTED: _("这张没有导出过，或者已经取消、退回"),
    Outcome.OTHER_TITLE: _("抬头和申请的不一样，没有发"),
    Outcome.OTHER_AMOUNT: _("金额和申请的不一样，没有发"),
}
REFUSED: dict[str, Words] = {
    "damaged": _("这个压缩包打不开，请重新打包再发。"),
    "too_many_files": _("压缩包里最多 200 个文件，请分几次发。"),
    "too_large": _("压缩包里的文件加起来太大，请分几次发。"),
    "empty": _("压缩包是空的，请重新打包再发。"),
    "not_allowed": _("您现在不负责发票，这些文件没有处理。"),
}


def may_send(work: Work, person: int | None, file: Attached) -> bool:
    """Whether a file that nobody asked for is an issued invoice: what finance sends is one."""
    named = file.name.lower().endswith(ENDINGS)
    return named and bool(file.blob_id) and person is not None and holds(work, person, Role.FINANCE)


def upload_invoices(chat: Chat, work: Work) -> None:
    """One file or archive; the next one may follow at once."""
    require(work, Role.FINANCE)
    slot = file_slot()
    if chat.known(slot) is None and chat.once("upload"):
        chat.say(_("这里不方便发文件的话，可以在网页上传。"), buttons=[upload_button(chat, work)])
    upload = uploading.ask(work, chat.ask(slot))
    if upload.done_at is None:
        chat.wait(uploading.key(upload.blob_id), _("正在对发票，请稍等。"))
    tell(chat, work, upload)


def file_slot() -> Slot[str]:
    prompt = _("请把开好的发票发到这里：PDF、OFD、XML，或者打成一个 ZIP，最大 20 MB、200 个文件。")
    return Slot(SENT, prompt, _("发票文件"), str, lambda _said: None, revisable=False)


def tell(chat: Chat, work: Work, upload: InvoiceUpload) -> None:
    if upload.refused:
        chat.say(REFUSED[upload.refused])
        return
    left = len(upload.told) - upload.matched
    words = _("{count} 个文件对上了，已发给申请人。", count=upload.matched)
    if left:
        words = _("对上 {count} 个，没有对上 {left} 个。", count=upload.matched, left=left)
    buttons = [export_button(chat)]
    blob = work.session.get(Blob, upload.blob_id)
    if left and blob is not None and blob.name.lower().endswith(".pdf"):
        verify = chat.button(_("核验这份文件的真伪"), "verify_document", proof_file=upload.blob_id)
        buttons.append(verify)
    chat.say(words, card=report_card(chat, upload), buttons=buttons)


def report_card(chat: Chat, upload: InvoiceUpload) -> Card:
    """What did not fit first."""
    ordered = sorted(upload.told, key=lambda one: one[1] in FITS)
    rows: list[tuple[Words, Speech]] = [
        (plain(name), told_words(outcome, number)) for name, outcome, number in ordered[:SHOWN]
    ]
    if len(ordered) > SHOWN:
        rows.append((_("还有"), _("{count} 个没有列出", count=len(ordered) - SHOWN)))
    return chat.card(_("上传的发票"), *rows)


def told_words(outcome: str, number: str) -> Words:
    if not number:
        return OUTCOMES[outcome]
    return _("{number}：{what}", number=number, what=OUTCOMES[outcome])
