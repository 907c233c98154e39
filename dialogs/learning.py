"""帮助改进 (learning): may what was not understood be kept? Asked once, never again."""

import re

from backend import unclear
from backend.unclear import Standing
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Action, Button, Message
from dialogs.engine.saying import AGREE, consent_name
from dialogs.engine.slots import Option
from dialogs.engine.talk import Talk
from dialogs.engine.turn import Said
from dialogs.engine.words import _

GIVING = re.compile(r"^(我(愿意|要|想))?帮助改进[。!]?$|^(i want to )?help improve\b")
WITHDRAWING = re.compile(
    r"^(我)?(不再|不想|不要|停止|取消|退出)(再)?帮助改进|^stop (helping to improve|keeping my words)"
    r"|^(don't|do not|stop) help(ing)? improve"
)
QUESTION = _(
    "愿意帮我听懂更多说法吗？我没听懂的话（刚才的和以后的）会加密留给老师看，用来教我，最多 {days} 天。"
    "认得出的姓名、号码、邮箱和账号先隐去，看得出说到健康或家庭的整句不留；认不出的可能还在里面，老师看到会丢弃。"
    "随时说“不再帮助改进”，留着的就删掉；已经做成的例句留下，里面没有是谁说的。",
    days=unclear.KEPT.days,
)
FACTS = "unclear messages:1"  # another number once they are used for something else
IMPROVE = _("帮助改进")
NO_THANKS = _("不用了")
DECLINING = "no"


# --- called where words were not understood -------------------------------------------------


def unclear_words(
    talk: Talk, work: Work, person: int | None, said: Said, language: str, *, torn: bool = False
) -> list[Message]:
    """Keep words that were not understood, or (``torn``) about which a question between two meanings
    was asked, where their author lets us; what there is to say besides: the question for consent,
    at the second miss in a row, once in a life, and never while something else is asked.
    """
    talk.unclear = False
    if person is None:
        return []
    if unclear.standing(work, person) is Standing.GIVEN:
        talk.unclear = bool(unclear.keep(work, person, said.text, said.meaning.ranking))
        return []
    if talk.top is not None:
        return []  # who fills in a form is not asked another thing
    if torn or talk.misses < unclear.MISSES or not unclear.can_ask(work, person):
        return []
    unclear.note_asked(work, person)
    name = consent_name(language, QUESTION.into(language), None, FACTS)
    agree = Action(dialog="help_improve", slot=name, value=AGREE)
    return [
        Message(
            QUESTION.into(language),
            language,
            buttons=(
                Button(IMPROVE.into(language), agree),
                Button(NO_THANKS.into(language), Action(dialog="decline_improving")),
            ),
        )
    ]


def went_on(talk: Talk, work: Work, person: int | None, dialog: str) -> None:
    """What somebody does after words of theirs were not understood says what they may have meant."""
    if talk.unclear and person is not None:
        unclear.suggest(work, person, dialog)
    talk.unclear = False


# --- dialogs --------------------------------------------------------------------------------


def help_improve(chat: Chat, work: Work) -> None:
    """One press under the question; words of one's own are asked once more."""
    if unclear.standing(work, chat.person or 0) is Standing.GIVEN:
        chat.say(_("您已经在帮助改进了，谢谢！"), buttons=[stop_button(chat)])
        return
    consent = chat.confirm(
        QUESTION, facts=FACTS, agree=IMPROVE, others=(Option(DECLINING, NO_THANKS),)
    )
    if chat.chosen == DECLINING:
        decline_improving(chat, work)
        return
    unclear.give(work, consent)
    chat.say(_("谢谢！老师教会我之后，我会听得更懂。"))


def decline_improving(chat: Chat, work: Work) -> None:
    if unclear.standing(work, chat.person or 0) is Standing.GIVEN:
        stop_improving(chat, work)
        return
    unclear.decline(work)
    chat.say(_("好的，不留，以后也不再问。"))


def stop_improving(chat: Chat, work: Work) -> None:
    """Without a second question: it only takes back what was given, and can be given again."""
    if unclear.standing(work, chat.person or 0) is not Standing.GIVEN:
        chat.say(_("您没有同意过，这里没有留您的话。"))
        return
    erased = unclear.withdraw(work)
    chat.say(
        _("好的，留着的 {count} 句话已删除，以后不再留。改变主意就说“帮助改进”。", count=erased)
    )


def stop_button(chat: Chat) -> Button:
    return chat.button(_("不再帮助改进"), "stop_improving")
