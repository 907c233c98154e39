"""验证真伪 (verifying): a file, a picture of a page or a code is sent, and its verdict is said (T8)."""

import re
from unicodedata import normalize

from backend import credentials, document_checks, follows
from backend.document_checks import by_code
from backend.identity import throttle
from backend.policy import store
from backend.publications.offices import office_of
from backend.work import Work
from dialogs import refusals
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import Slot, fixed
from dialogs.engine.turn import Attached, Said
from dialogs.engine.words import Words, _, lines
from dialogs.uploads import upload_button
from dialogs.verification import report_words
from dialogs.verification.verdict_words import Report, code_headline, further_reasons, headline

SENT = "proof_file"
TYPED = "code:"  # before a code, where an answer may also be a file
_FOUR = "[0-9a-hj-km-np-tv-zilo]{4}"  # as people read it: I, L and O are taken for digits
CODE = re.compile(rf"(?<![0-9a-z])(?:{_FOUR}[ -]?){{4}}{_FOUR}(?![0-9a-z])", re.IGNORECASE)
# Among other words: with a digit in it, and one more group with one where it is written in groups, for
# four-letter words in a row are no code.
_DIGIT = rf"(?=[a-z]{{0,3}}[0-9]){_FOUR}"
SAID = re.compile(
    rf"(?<![0-9a-z])(?:(?={_FOUR * 5}(?![0-9a-z]))(?=[a-z]*[0-9])"
    rf"|(?=(?:{_FOUR}[ -])*?{_DIGIT}[ -](?:{_FOUR}[ -])*?{_DIGIT}))"
    rf"(?:{_FOUR}[ -]?){{4}}{_FOUR}(?![0-9a-z])"
)
CHECK = fixed("check", _("核验"))
OF_CODE = fixed("code", _("验证码"))
REPORT = _("详细报告")
SHOWS_NOTHING = ("no_qr", "several_qr", "empty", "too_large", "not_pdf", "unreadable")
STANDS = ("genuine", "record_only")


def may_send(work: Work, person: int | None, file: Attached) -> bool:
    """Whether a file that nobody asked for is to be verified: a PDF, but for those whose PDFs are
    notices. Of strangers nothing is kept, and they are shown the page."""
    pdf = file.name.lower().endswith(".pdf") or file.media_type == "application/pdf"
    if person is None:
        return pdf or file.media_type.startswith("image/")
    return pdf and bool(file.blob_id) and office_of(work, person) is None


def code_in(words: str) -> str | None:
    """The code that stands in these words, as it is on record."""
    read = normalize("NFKC", words).casefold().strip()
    found = CODE.fullmatch(read) or SAID.search(read)
    return credentials.normal_code(found[0]) if found else None


def verify_document(chat: Chat, work: Work) -> None:
    """Until something was sent that can be judged."""
    place = 1
    sent = chat.known(slot(place))
    if sent is None and (named := code_in(chat.opening)):
        sent = TYPED + named
    if sent is None and chat.person is not None:
        if chat.once("how"):
            chat.say(
                _("我来核验：是不是本校签发的，有没有改动，现在还有没有效（T8）。"),
                buttons=[chat.link(_("打开验证页"), "verify:"), upload_button(chat, work)],
            )
        sent = chat.ask(slot(place))
    while sent and not judged(chat, work, sent):
        if chat.person is None:
            return
        place += 1
        sent = chat.ask(slot(place))
    if not sent:
        to_the_page(chat, work)


def slot(place: int) -> Slot[str]:
    """A file, or the code in what was typed."""
    return Slot(
        SENT if place == 1 else f"{SENT}.{place}",
        _("请发来 PDF 原件，或者一张拍下二维码的照片；也可以直接把 20 位验证码打在这里。"),
        _("要验证的文件"),
        str,
        read,
        revisable=False,
        help=_("验证码印在成绩单二维码旁边，一共 20 位，分成五组。PDF 请发原件，不要发截图。"),
    )


def read(said: Said) -> str | None:
    code = code_in(said.words)
    return TYPED + code if code else None


def judged(chat: Chat, work: Work, sent: str) -> bool:
    """Its verdict is said. False: it shows nothing, and another one is to be sent."""
    if sent.startswith(TYPED):
        return say_of_code(chat, work, sent.removeprefix(TYPED))
    return say_of_file(chat, work, sent)


def to_the_page(chat: Chat, work: Work) -> None:
    """For somebody unknown, of whom no file is kept here."""
    chat.say(
        lines(
            _(
                "请在验证页上传 PDF 原件，或者拍下二维码的照片：马上出结果，文件不保存。"
                "也可以扫成绩单上的二维码，或者直接把 20 位验证码打在这里（T8）。"
            ),
            _(
                "电子章验证失败、内容有误（T10）：{office}",
                office=refusals.office(work, "academic_affairs"),
            ),
        ),
        buttons=[chat.link(_("上传文件到验证页"), "verify:", style="primary")],
    )


def say_of_file(chat: Chat, work: Work, blob_id: str) -> bool:
    key = document_checks.key(blob_id)
    if chat.has_shown(key) and document_checks.found(work, key) is None:
        return False  # it was no use yesterday, and is forgotten
    document_checks.ask(work, blob_id)
    check = document_checks.found(work, key)
    if check is None:
        chat.wait(key, _("正在核对，请稍等。"), _("还在核对，马上就好。"))
    chat.once(key)
    found: Report = check.findings
    code, again = check.code, found["reasons"][0]["code"] in SHOWS_NOTHING
    follow = following(chat, work, found, code)
    buttons = [
        *([chat.link(_("看签发记录"), f"verify:{code}")] if code else []),
        *([chat.button(REPORT, "verification_report", lasting=True, check=key)] * (not again)),
        *follow,
    ]
    if found["verdict"] not in STANDS and not again:
        buttons.append(chat.button(_("再验一个"), "verify_document", lasting=True))
    rows = report_words.summary(found)
    chat.say(
        lines(headline(found).in_a_line(), *further_reasons(found), *promised(work, follow)),
        card=chat.card(_("核验结果"), *rows) if rows else None,
        buttons=buttons,
    )
    return not again


def say_of_code(chat: Chat, work: Work, code: str) -> bool:
    """As the page behind the QR code says it. Codes that lead nowhere are not tried without end."""
    tries = throttle.address(f"code:{follows.here(work, chat.person)}")
    if until := throttle.waiting(work, tries):
        chat.say(_("这里试了太多不存在的验证码，请 {at} 以后再试。", at=until))
        return True
    standing = credentials.standing(work.session, work.institution, code, work.now)
    if standing is None and chat.once(code):
        throttle.take(work, tries)
    found = by_code(standing, code, work.now).to_json()
    buttons: list[Button] = []
    follow: list[Button] = []
    if standing is not None:
        follow = following(chat, work, found, code)
        buttons += [chat.link(_("看签发记录"), f"verify:{code}"), *follow]
    rows = report_words.summary(found)
    chat.say(
        lines(code_headline(found).in_a_line(), *promised(work, follow)),
        card=chat.card(_("签发记录"), *rows) if rows else None,
        buttons=buttons,
    )
    return standing is not None


def promised(work: Work, follow: list[Button]) -> list[Words]:
    days = store.credential(work).follow_days
    return [_("{days} 天里它作废或者被取代，会在这里告诉您。", days=days)] if follow else []


def following(chat: Chat, work: Work, found: Report, code: str | None) -> list[Button]:
    """Whoever checked a document that stands hears of it when it does not any more; a press ends that.
    Its holder is told as the holder."""
    if code is None or found["verdict"] not in STANDS:
        return []
    document = credentials.with_code(work, code)
    where = follows.here(work, chat.person)
    if document is None or where is None or document.holder_id == chat.person:
        return []
    follows.noticed(work, document.id, where)
    return [chat.button(_("以后有变化不用告诉我"), "stop_following", code=code)]


def stop_following(chat: Chat, work: Work) -> None:
    code = chat.known(OF_CODE) or ""
    document = credentials.with_code(work, code)
    where = follows.here(work, chat.person)
    if document is not None and where is not None:
        follows.stop(work, where, document.id)
    chat.say(
        _("好的，这份文件以后有变化不再告诉您。想知道现在的状态，随时可以再验。"),
        buttons=[chat.link(_("看签发记录"), f"verify:{code}")] if document else [],
    )


def verification_report(chat: Chat, work: Work) -> None:
    """All of it, while it is kept."""
    check = document_checks.found(work, chat.known(CHECK) or "")
    if check is None:
        chat.say(
            _("详细报告只保留一天，已经删了。请再发一次文件。"),
            buttons=[chat.button(_("验证真伪"), "verify_document", lasting=True)],
        )
        return
    found: Report = check.findings
    head = headline(found)
    chat.say(
        _("{title}。核验于 {at}。", title=head.title, at=check.made_at),
        card=chat.card(REPORT, *report_words.card_rows(found)),
        buttons=[chat.link(_("打开验证页"), f"verify:{check.code or ''}")],
    )
