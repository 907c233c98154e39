"""Choosing several of a list, and finding one in a list that is too long for buttons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dialogs.engine.chat import Chat
from dialogs.engine.numerals import numbers_in
from dialogs.engine.slots import Invalid, Option, Slot, option_meant, plainest
from dialogs.engine.turn import BETWEEN, READ_AT_MOST, SEVERAL, Said
from dialogs.engine.words import Speech, Words, _, listed, plain

ALL, DONE = "*", "-"
PRESSED = "+"  # before the value of a button: there may be more to come
ALL_SAID = ("都", "全部", "所有", "都要", "全都要", "全选", "all", "all of them", "everything")
DONE_SAID = ("没有了", "就这些", "不用了", "够了", "done", "that is all", "nothing else")
FOUND = "="  # before the value of what was found; words to look for stand alone
NOT_A_CHOICE = _("这一项现在不能选。")


@dataclass(frozen=True, slots=True)
class Picked:
    values: tuple[str, ...]
    complete: bool


def several(
    chat: Chat,
    name: str,
    prompt: Speech,
    labels: Mapping[str, Words],
    *,
    title: Words,
    entity: str = "",
    whole: Words | None = None,
    why_not: Callable[[str], Words] = lambda _value: NOT_A_CHOICE,
) -> tuple[str, ...]:
    """Some of ``labels``, at least one, in their order. Whoever presses one is asked for more; whoever
    names them ("1、3", "英语二和高数") has named all. ``whole`` is the button for all of them;
    ``why_not`` tells of one that is named why it is not to be chosen.
    """
    picked = chat.ask(first_of(f"{name}.1", prompt, labels, title, entity, whole, why_not))
    chosen = [*picked.values]
    while not picked.complete and len(chosen) < len(labels):
        left = {value: label for value, label in labels.items() if value not in chosen}
        so_far = listed(*(labels[one] for one in chosen))
        more = _("已选：{chosen}。还有吗？", chosen=so_far)
        picked = chat.ask(more_of(f"{name}.{len(chosen) + 1}", more, left, title))
        chosen += picked.values
    return tuple(value for value in labels if value in chosen)


def first_of(
    name: str,
    prompt: Speech,
    labels: Mapping[str, Words],
    title: Words,
    entity: str,
    whole: Words | None,
    why_not: Callable[[str], Words],
) -> Slot[Picked]:
    every = [Option(ALL, whole, aliases=ALL_SAID)] if whole else []
    return some_of(name, prompt, labels, title, entity and entity + SEVERAL, every, why_not)


def more_of(name: str, prompt: Speech, left: Mapping[str, Words], title: Words) -> Slot[Picked]:
    done = Option(DONE, _("就这些"), "primary", aliases=DONE_SAID)
    return some_of(name, prompt, left, title, "", [done], revisable=False)


def some_of(
    name: str,
    prompt: Speech,
    labels: Mapping[str, Words],
    title: Words,
    entity: str,
    others: Sequence[Option],
    why_not: Callable[[str], Words] = lambda _value: NOT_A_CHOICE,
    *,
    revisable: bool = True,
) -> Slot[Picked]:
    options = (*(Option(PRESSED + one, label) for one, label in labels.items()), *others)

    def parse(stored: str) -> Picked:
        if stored in [one.value for one in others]:
            return Picked(tuple(labels) if stored == ALL else (), complete=True)
        values = tuple(stored.removeprefix(PRESSED).split(BETWEEN))
        for one in values:
            if one not in labels:
                raise Invalid(why_not(one))
        return Picked(values, complete=not stored.startswith(PRESSED))

    def read(said: Said) -> str | None:
        meant = option_meant(said.words, options)
        if meant is not None:
            return meant.removeprefix(PRESSED)
        heard = said.entities()
        named = heard.get(entity) or heard.get(entity.removesuffix(SEVERAL)) if entity else None
        values = named.split(BETWEEN) if named else named_in(said.words, labels)
        return BETWEEN.join(values) or None

    def told(stored: str) -> Speech:
        if stored in [one.value for one in others]:
            return next(one.label for one in others if one.value == stored)
        values = stored.removeprefix(PRESSED).split(BETWEEN)
        return listed(*(labels.get(one, plain(one)) for one in values))

    return Slot(
        *(name, prompt, title, parse, read, options, entity), revisable=revisable, told=told
    )


def named_in(words: str, labels: Mapping[str, Words]) -> list[str]:
    """Labels that stand in the words, or else places in the list ("1、3")."""
    typed = plainest(words)
    named = [
        value
        for value, label in labels.items()
        if any(plainest(label.into(language)) in typed for language in ("zh", "en"))
    ]
    places = [] if named else numbers_in(words)
    if not all(1 <= place <= len(labels) for place in places):
        return []
    return named or [[*labels][place - 1] for place in dict.fromkeys(places)]


def find(
    chat: Chat,
    name: str,
    prompt: Speech,
    look: Callable[[str], Sequence[tuple[str, Words]]],
    *,
    title: Words,
    entity: str = "",
    shown: int = 6,
    verbatim: bool = False,
) -> str:
    """One of a long list, by the first characters of its name. ``look`` gives what fits the words, the
    best first: value and label. What is the only one that fits is taken. ``verbatim``: names may be
    words that mean something else elsewhere ("英语").
    """
    answer = chat.ask(looked_for(f"{name}.1", prompt, (), title, entity, verbatim))
    place = 1
    while not answer.startswith(FOUND):
        fitting = look(answer)
        if len(fitting) == 1:
            return fitting[0][0]
        place += 1
        question = narrowing(answer, len(fitting), shown)
        answer = chat.ask(
            looked_for(f"{name}.{place}", question, fitting[:shown], title, verbatim=verbatim)
        )
    return answer.removeprefix(FOUND)


def narrowing(words: str, count: int, shown: int) -> Words:
    if not count:
        return _("没有找到“{words}”，换几个字再试试。", words=words)
    if count > shown:
        return _("是哪一个？还有 {more} 个没列出来，都不是就再多写几个字。", more=count - shown)
    return _("是哪一个？都不是就再写几个字。")


def looked_for(
    name: str,
    prompt: Speech,
    fitting: Sequence[tuple[str, Words]],
    title: Words,
    entity: str = "",
    verbatim: bool = False,
) -> Slot[str]:
    options = tuple(Option(FOUND + value, label) for value, label in fitting)

    def parse(stored: str) -> str:
        if stored.startswith(FOUND) and stored not in [one.value for one in options]:
            raise Invalid(NOT_A_CHOICE)
        if len(stored) > READ_AT_MOST or not stored.strip():
            raise Invalid(_("写几个字就行。"))
        return stored

    def read(said: Said) -> str | None:
        return option_meant(said.words, options) or said.words.strip().removeprefix(FOUND)

    first = not fitting
    return Slot(
        *(name, prompt, title, parse, read, options, entity),
        free=True,
        verbatim=verbatim,
        revisable=first,
    )
