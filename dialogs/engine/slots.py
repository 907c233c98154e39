"""Questions: what is asked, which answers there are, and how words become a value."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from unicodedata import category, normalize

from dialogs.engine.message import Length
from dialogs.engine.numerals import numbers_in
from dialogs.engine.turn import READ_AT_MOST, Said
from dialogs.engine.words import Speech, Words, _, plain, yuan

T = TypeVar("T")

# What is clearly yes or no. An interpreter also hears yes in "hm, wait": never decide by that.
YES_ZH = ("是", "是的", "好", "好的", "行", "可以", "对", "对的", "要", "没问题", "没错", "就这样")
YES_EN = ("yes", "y", "ok", "okay", "sure", "confirm", "submit", "agree", "iagree", "approve")
YES = {*YES_ZH, "确认", "确定", "同意", "提交", *YES_EN}
NO_ZH = ("不", "不是", "不要", "不用", "不了", "不对", "不行", "不同意", "先不", "算了", "没有")
NO = {*NO_ZH, "no", "n", "nope", "nothanks"}
BY_NAME = "own."  # begins the name of a slot that stands in no list of what may be changed
FILE = "file"  # the entity of slots that take a file
MONTH = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2}|\d{2}(?=\s*年))\s*[-年./]?\s*(?P<month>\d{1,2})(?!\d)"
)


class Invalid(Exception):
    """An answer that cannot be one; ``words`` tell the person why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.msgid)
        self.words = words


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Words
    style: str = ""
    aliases: tuple[str, ...] = ()  # what people say instead of the label


@dataclass(frozen=True, slots=True)
class Slot(Generic[T]):
    """One question. ``name`` may end in a domain id ("decision.T260302-0001").

    ``read`` finds the answer in what somebody said: the text to store, None when the words are not
    an answer, or Invalid. ``parse`` makes the value of what is stored, or raises Invalid.
    """

    name: str
    prompt: Speech
    title: Words  # what it is called when somebody wants to change it
    parse: Callable[[str], T]
    read: Callable[[Said], str | None]
    options: tuple[Option, ...] = ()
    entity: str = ""
    free: bool = False  # any words are an answer
    verbatim: bool = False  # and they are words to others, whatever they mention
    length: Length | None = None  # what is written in pieces, and how long it is to become
    revisable: bool = True  # may be offered to be asked again
    help: Words | None = None  # for whoever does not understand the question
    told: Callable[[str], Speech] | None = None  # a stored answer, as its author is told it


def choice(
    name: str,
    prompt: Speech,
    labels: Mapping[T, Words],
    *,
    title: Words,
    entity: str = "",
    aliases: Mapping[T, tuple[str, ...]] | None = None,
    yes: T | None = None,
    no: T | None = None,
    help_: Words | None = None,
) -> Slot[T]:
    """One of a few. ``yes`` and ``no`` are what agreeing and declining mean, where they do."""
    values = {str(value): value for value in labels}
    options = tuple(
        Option(str(value), label, aliases=(aliases or {}).get(value, ()))
        for value, label in labels.items()
    )

    def parse(stored: str) -> T:
        if stored not in values:
            raise Invalid(_("这一项现在不能选。"))
        return values[stored]

    def read(said: Said) -> str | None:
        found = said.entities()
        if entity and found.get(entity) in values:
            return found[entity]
        meant = option_meant(said.words, options)
        if meant is None and (yes, no) != (None, None):
            meant = {True: str(yes), False: str(no), None: None}[yes_or_no(said.words)]
        return meant

    return Slot(name, prompt, title, parse, read, options, entity, help=help_)


def yes_no(name: str, prompt: Speech, yes: Words, no: Words, *, danger: bool = False) -> Slot[bool]:
    """Yes or no, in one's own words too."""
    options = (Option("yes", yes, "danger" if danger else "primary"), Option("no", no))

    def parse(stored: str) -> bool:
        return stored == "yes"

    def read(said: Said) -> str | None:
        if (meant := option_meant(said.words, options)) is not None:
            return meant
        clear = yes_or_no(said.words)
        if clear is None and said.sure(0.75) == "deny":
            clear = False  # declining may be heard; agreeing must be said
        return {True: "yes", False: "no", None: None}[clear]

    return Slot(name, prompt, _("回答"), parse, read, options)


def text(
    name: str,
    prompt: Speech,
    *,
    title: Words,
    at_most: int = 200,
    suggestions: tuple[Words, ...] = (),
    entity: str = "",
    verbatim: bool = False,
    help_: Words | None = None,
) -> Slot[str]:
    """Any words, literally. Suggestions are answers to press; in Chinese, since staff read them."""

    def parse(stored: str) -> str:
        words = " ".join(tidy(stored).split())  # one line, so that it cannot pass for other rows
        if not words:
            raise Invalid(_("这里需要写几个字。"))
        if len(words) > at_most:
            raise Invalid(
                _(
                    "太长了：最多 {most} 字，您写了 {count} 字。请精简后再发一次。",
                    most=at_most,
                    count=len(words),
                )
            )
        return words

    def read(said: Said) -> str | None:
        return option_meant(said.words, options) or said.text

    options = tuple(Option(words.into("zh"), words) for words in suggestions)
    return Slot(
        *(name, prompt, title, parse, read, options, entity),
        free=True,
        verbatim=verbatim,
        help=help_,
    )


def as_given(slot: Slot[str], stored: str) -> Words:
    """An answer for others to read: a suggestion in their language, other words literally."""
    return next((one.label for one in slot.options if one.value == stored), plain(stored))


def number(
    name: str, prompt: Speech, *, title: Words, least: int, most: int, entity: str = ""
) -> Slot[int]:
    """A whole number within bounds."""

    def parse(stored: str) -> int:
        value = int(stored)
        if not least <= value <= most:
            raise Invalid(_("要在 {least} 到 {most} 之间。", least=least, most=most))
        return value

    def read(said: Said) -> str | None:
        found = numbers_in(said.words)
        return str(found[0]) if len(found) == 1 else None

    return Slot(name, prompt, title, parse, read, entity=entity)


def fen(name: str, prompt: Speech, *, title: Words, most: int) -> Slot[int]:
    """An amount of money, typed in yuan ("6", "6.5元"), stored in fen."""

    def parse(stored: str) -> int:
        value = int(stored)
        if not 0 <= value <= most:
            raise Invalid(_("金额要在 0 到 {most} 元之间。", most=most // 100))
        return value

    def read(said: Said) -> str | None:
        words = said.words.strip()
        words = re.sub(r"(元|块|块钱|yuan|rmb|cny|¥)", "", words).strip()
        if not re.fullmatch(r"\d{1,7}(\.\d{1,2})?", words):
            return None
        whole, _dot, cents = words.partition(".")
        return str(int(whole) * 100 + int(cents.ljust(2, "0")))

    return Slot(name, prompt, title, parse, read, told=lambda stored: yuan(int(stored)))


def day(name: str, prompt: Speech, *, title: Words, earliest: date, latest: date) -> Slot[date]:
    """A day: 2027-01-01, 2027年1月1日, 2027.1.1."""

    def parse(stored: str) -> date:
        value = date.fromisoformat(stored)
        if not earliest <= value <= latest:
            raise Invalid(
                _("日期要在 {earliest} 到 {latest} 之间。", earliest=earliest, latest=latest)
            )
        return value

    def read(said: Said) -> str | None:
        words = said.words
        found = re.search(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})", words)
        if not found:
            return said.entities().get("date")
        try:
            return date(*map(int, found.groups())).isoformat()
        except ValueError:
            raise Invalid(_("没有这一天：{day}。", day=found[0])) from None

    return Slot(name, prompt, title, parse, read, entity="date")


def month(name: str, prompt: Speech, *, title: Words, earliest: str, latest: str) -> Slot[str]:
    """A month, as ``2018-06``: 2018年6月, 2018.6, 201806, 18年6月, or a whole day in it."""

    def parse(stored: str) -> str:
        if not earliest <= stored <= latest:
            raise Invalid(_("要在 {earliest} 到 {latest} 之间。", earliest=earliest, latest=latest))
        return stored

    def read(said: Said) -> str | None:
        found = MONTH.search(said.words)
        if not found:
            heard = said.entities()
            return heard.get("year_month") or (heard.get("date") or "")[:7] or None
        year, month_ = int(found["year"]), int(found["month"])
        if not 1 <= month_ <= 12:
            raise Invalid(_("没有这个月：{month}。", month=found[0]))
        year += 0 if year > 99 else 2000 if year <= int(latest[2:4]) else 1900
        return f"{year}-{month_:02}"

    return Slot(name, prompt, title, parse, read, entity="year_month")


def yes_or_no(words: str) -> bool | None:
    """Clear words only; a question is neither."""
    if words.rstrip().endswith(("?", "？")):
        return None
    typed = plainest(words)
    return True if typed in YES else False if typed in NO else None


def tidy(words: str) -> str:
    """Without control characters and outer blanks; everything else stays as it was typed."""
    kept = "".join(
        character if character in "\n\t" or category(character)[0] != "C" else ""
        for character in words
    )
    return kept.strip()


def option_meant(words: str, options: tuple[Option, ...]) -> str | None:
    """The option whose label (either language) or value was typed."""
    typed = plainest(words)
    for option in options:
        labels = (option.label.into("zh"), option.label.into("en"))
        without_clause = (re.sub(r"[（(].*", "", label) for label in labels)
        names = {option.value, *labels, *without_clause, *option.aliases}
        if typed in {plainest(name) for name in names}:
            return option.value
    return None


def plainest(words: str) -> str:
    """For comparing what was typed with a label: no marks, no case, no width.

    Only the beginning: what is longer is no label, and folding has its price.
    """
    folded = normalize("NFKC", words[:READ_AT_MOST]).casefold()
    return "".join(character for character in folded if category(character)[0] in "LNS").strip()


def fixed(name: str, title: Words) -> Slot[str]:
    """Never asked in words: filled by the button that opened the dialog."""
    return Slot(
        name,
        plain(""),
        title,
        str,
        lambda said: said.entities().get(name),
        entity=name,
        revisable=False,
    )
