"""没听懂的话 (labelling): staff say what an unclear message meant, one press each."""

import re

from backend import labels, unclear
from backend.errors import AlreadyHandled
from backend.labels import Unclear
from backend.work import Work
from dialogs import refusals
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import Invalid, Option, Slot, fixed, option_meant
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _, plain
from dialogs.meanings import GROUPS, MEANINGS, OUT_OF_SCOPE, grouped

LABELLING = re.compile(
    r"^(标注|看看?)?(没|未)听懂的话[。!]?$|^教(教)?(你|助手)听懂|^(label )?unclear messages\b"
)
MESSAGE = fixed("unclear", _("没听懂的话"))
MEANING = fixed("meaning", _("意思"))
MOST_LIKELY = 3
SURE = 0.75  # of what staff say it means
SKIP, UNDO = "skip", "undo"


def label_unclear(chat: Chat, work: Work) -> None:
    """Do what was pressed with the message it was pressed under, and show the next one."""
    labels.require_labeller(work)
    number, meaning = chat.known(MESSAGE), chat.known(MEANING)
    try:
        take(chat, work, number, meaning)
    except AlreadyHandled as handled:
        chat.say(refusals.sentence(work, handled))
    show_next(chat, work)


def take(chat: Chat, work: Work, number: str | None, meaning: str | None) -> None:
    if meaning == UNDO:
        chat.say(_("已撤销，请重新选：") if labels.undo(work) else _("没有可以撤销的。"))
    elif number and meaning == SKIP:
        labels.skip(work, number)
    elif number and meaning:
        labels.label(work, number, meaning)
        if meaning == unclear.DISCARDED:
            chat.say(_("已丢弃。"))
        else:
            chat.say(_("记下了：{meaning}。", meaning=meaning_words(meaning)))


def label_otherwise(chat: Chat, work: Work) -> None:
    """None of the likely ones: found by what it is about, or said in words."""
    labels.require_labeller(work)
    number, found = chat.ask(MESSAGE), chat.ask(GROUP)
    if found in GROUPS:
        found = chat.ask(within(found))
    chat.go_on_with("label_unclear", unclear=number, meaning=found)


def show_next(chat: Chat, work: Work) -> None:
    one = labels.next_one(work)
    undo = chat.button(_("撤销上一条"), "label_unclear", meaning=UNDO)
    if one is None:
        buttons = [undo] if labels.done(work) else []
        chat.say(_("没有等着标注的话了，谢谢！"), buttons=buttons)
        return
    rows: list[tuple[Words, Speech]] = [(_("原话（已隐去个人信息）"), plain(one.words))]
    if one.suggested in MEANINGS:
        rows.append((_("同学后来选了"), MEANINGS[one.suggested]))
    chat.say(
        _("这句话是什么意思？"),
        card=chat.card(
            _("第 {place} 条，共 {count} 条", place=one.done + 1, count=one.done + one.left), *rows
        ),
        buttons=[*answers(chat, one), *([undo] if one.done else [])],
        about=one.number,
    )


def answers(chat: Chat, one: Unclear) -> list[Button]:
    likely = [name for name in one.likely if name in MEANINGS and name != OUT_OF_SCOPE]
    chosen: list[tuple[Speech, str]] = [(MEANINGS[name], name) for name in likely[:MOST_LIKELY]]
    chosen += [
        (_("与我们无关"), OUT_OF_SCOPE),
        (_("看不懂，丢弃"), unclear.DISCARDED),
        (_("跳过"), SKIP),
    ]
    buttons = [
        chat.button(
            words,
            "label_unclear",
            style="primary" if name == one.suggested else "",
            unclear=one.number,
            meaning=name,
        )
        for words, name in chosen
    ]
    other = chat.button(_("其他意思"), "label_otherwise", lasting=True, unclear=one.number)
    buttons.insert(len(chosen) - 3, other)
    return buttons


def meaning_words(name: str) -> Words:
    return MEANINGS.get(name) or plain(name)


def said_in_words(said: Said) -> str | None:
    """By the name of a meaning, or by what somebody who means it would say."""
    meant = said.sure(SURE)
    return option_meant(said.text, ALL) or (meant if meant in MEANINGS else None)


def one_of(name: str, prompt: Words, options: tuple[Option, ...]) -> Slot[str]:
    def parse(stored: str) -> str:
        if stored not in MEANINGS and stored not in GROUPS:
            raise Invalid(_("没有这个意思，请从下面选。"))
        return stored

    def read(said: Said) -> str | None:
        return option_meant(said.text, options) or said_in_words(said)

    return Slot(name, prompt, _("意思"), parse, read, options)


ALL = tuple(Option(name, words) for name, words in MEANINGS.items())
GROUP = one_of(
    "about",
    _("是关于什么的？也可以直接用自己的话说一遍它的意思。"),
    tuple(Option(name, words) for name, (words, _names) in GROUPS.items()),
)


def within(group: str) -> Slot[str]:
    options = tuple(Option(name, words) for name, words in grouped(group).items())
    return one_of(f"meaning.{group}", _("是哪一个？"), options)
