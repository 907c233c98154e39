"""What the words that open the dialog say already: which entry, its new value, and from when."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from unicodedata import normalize

from dialogs.engine.full_dates import full_dates
from dialogs.engine.slots import Invalid, Slot, plainest
from dialogs.engine.turn import Meant, Said
from dialogs.policies.entry import Entry

NOTHING = Meant("", 0.0, ())
FROM = re.compile(
    r"[,，。;；]?\s*(?:从|自)?\s*(?P<day>\d{4}-\d\d-\d\d)\s*(?:日?起)?\s*(?:开始)?(?:实行|执行|生效|施行)[。！!]?",
)
CLAUSE = re.compile(r"[(（][^)）]*[)）]")
TO = re.compile(
    r"(?:改|调整?|设置?|定|换|变更?|延长?|推迟|提前|放宽|缩短|提高|降低|涨)(?:成|为|到|至)|[:：]|\bto\b"
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """``value`` is None where the words have none, ``valid_from`` where they do not say from when."""

    key: str
    value: str | None = None
    valid_from: date | None = None


def spoken(words: str, known: Mapping[str, Entry], today: date) -> Spoken | None:
    """The one entry that is named, with its value if the words have one that may stand."""
    full = full_dates(words, today)
    valid_from = None
    if said_from := FROM.search(full):
        valid_from = date.fromisoformat(said_from["day"])
        words = full = FROM.sub("", full)
    key = entry_named(full, known.values())
    if key is None:
        return None
    return Spoken(key, value_in(words, full, known[key]), valid_from)


def entry_named(words: str, entries: Iterable[Entry]) -> str | None:
    """By the longest title that stands in the words; otherwise by how people speak of it."""
    typed = plainest(words)
    named = [(len(name), one.name) for one in entries for name in names(one) if name in typed]
    if named:
        longest = max(length for length, _key in named)
        keys = {key for length, key in named if length == longest}
        return keys.pop() if len(keys) == 1 else None
    keys = {one.name for one in entries if one.spoken_of is not None and one.spoken_of(words)}
    return keys.pop() if len(keys) == 1 else None


def names(entry: Entry) -> list[str]:
    titles = (entry.title.into("zh"), entry.title.into("en"))
    return [plainest(CLAUSE.sub("", one)) for one in titles]


def value_in(words: str, full: str, entry: Entry) -> str | None:
    slot: Slot[Any] = entry.slot("value")
    text = full if entry.dated else words
    if entry.spoken_of is None:
        text = after_title(normalize("NFKC", text), entry)
        text = text[after.end() :] if (after := TO.search(text)) else text
        if not text.strip(" 。!！"):
            return None
    try:
        stored = slot.read(Said(text.strip(" 。!！"), NOTHING))
        if stored is not None:
            slot.parse(stored)
    except (Invalid, ValueError):
        return None
    return stored


def after_title(text: str, entry: Entry) -> str:
    """Nothing where the title does not stand in the text as it is."""
    titles = (entry.title.into("zh"), entry.title.into("en"))
    bare = (CLAUSE.sub("", normalize("NFKC", one)).strip() for one in titles)
    return next((text[text.index(one) + len(one) :] for one in bare if one and one in text), "")


def with_full_dates(slot: Slot[Any], today: date) -> Slot[Any]:
    """The same question, which takes short dates too."""

    def read(said: Said) -> str | None:
        return slot.read(Said(full_dates(said.text, today), said.meaning))

    return replace(slot, read=read)
