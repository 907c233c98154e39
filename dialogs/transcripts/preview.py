"""The look at a transcript: the real pages, watermarked (T6)."""

from backend import previews
from backend.identity.stepup import Purpose
from backend.models import Blob
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.words import _


def show_preview(chat: Chat, work: Work, digest: str) -> None:
    """Show the pages of a snapshot; whoever was sent them has seen these facts.

    They say as much of a person as the document does: a new account first shows whose it is.
    """
    if chat.has_shown(digest) and previews.seen(work, digest):
        return  # seen in this very dialog, be it days ago
    step_up.require(chat, work, Purpose.FIRST_FILE, _("成绩单预览"))
    pages = previews.pages(work, digest)
    if chat.agreeing and not previews.seen(work, digest):
        chat.say(_("成绩数据刚刚有更新，请先看一遍新的预览（T6）。"))
    if not pages:
        chat.wait(f"preview:{digest}", _("正在生成成绩单预览，请稍等几秒。"))
    if chat.once(digest):
        show_pages(chat, pages)
    previews.note_seen(work, digest)


def show_pages(chat: Chat, pages: list[Blob]) -> None:
    pictures = [
        chat.picture(
            page, _("成绩单预览，第 {page} 页，共 {count} 页", page=number, count=len(pages))
        )
        for number, page in enumerate(pages, 1)
    ]
    chat.say(
        _("这是成绩单预览，共 {count} 页，点开可以放大看。", count=len(pages)), pictures=pictures
    )
