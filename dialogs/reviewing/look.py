"""看图 (the pictures of a case): all of them on one sheet with their numbers, or one of them large."""

from backend.models import Application
from backend.reviewing import doubting, reviewers, sheets
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Picture
from dialogs.engine.slots import Slot
from dialogs.engine.words import Words, _, lines, plain
from dialogs.proofs import review
from dialogs.reviewing import undo
from dialogs.reviewing.deciding import APPLICATION
from dialogs.reviewing.prompt import prompt

PLACE = Slot("picture", plain(""), _("图"), int, lambda said: None, entity="picture")


def review_look(chat: Chat, work: Work) -> None:
    """Then the question again, with the numbers in full to be compared with the pictures."""
    application = reviewers.to_decide(work, chat.ask(APPLICATION))
    words, pictures = looked_at(chat, work, application)
    asked = lines(words, _("看过了吗？请审核：")) if pictures else words
    prompt(chat, work, application, asked, opened=True, looked_at=pictures)


def look_doubted(chat: Chat, work: Work) -> None:
    """The same for whoever has to say whether an approval was wrong."""
    application, _doubted = doubting.to_settle(work, chat.ask(APPLICATION))
    words, pictures = looked_at(chat, work, application)
    undo.prompt(chat, work, application, words, pictures)


def looked_at(chat: Chat, work: Work, application: Application) -> tuple[Words, list[Picture]]:
    """The one that is wanted, or all of them on a sheet, for which the turn may have to wait."""
    found = sheets.attachments(work, application)
    if not found:
        return _("这份申请没有图片。"), []
    wanted = chat.known(PLACE) or (1 if len(found) == 1 else 0)
    chosen = next((one for one in found if one.place == wanted), None)
    if chosen is None:
        sheet = sheets.sheet(work, application)
        if sheet is None:
            key = sheets.key(application.number, chat.person or 0)
            chat.wait(key, _("正在把 {count} 张图排在一起，请稍等几秒。", count=len(found)))
        picture = chat.picture(sheet, _("{count} 张图，编号在每张上面", count=len(found)))
        return _("图的编号在每张上面，点“看图 1”看大图。"), [picture]
    large = review.large(chat, work, chosen)
    if not large:
        return _("图 {place} 的文件已经不在了。", place=chosen.place), []
    return _("{picture}。", picture=review.title(chosen)), large
