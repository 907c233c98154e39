"""A clause as it is quoted: its words, the document and its date, and in English a rendering."""

import re

from backend.clauses.clause import Document
from backend.clauses.library import Entry
from dialogs.engine.words import Bilingual, Joined, Speech, _, plain

_EMPHASIS = re.compile(r"\*\*")  # of the degree manual's source; no part of its words
_MONTHS = "January February March April May June July August September October November December"


def rendered(english: str) -> Bilingual:
    """For who reads English only; it binds nobody. A published document may have none."""
    if not english:
        return Bilingual("", "\n(There is no English translation of this document.)")
    return Bilingual("", f"\nTranslation (the Chinese text prevails): “{english}”")


def quoted(entry: Entry) -> Speech:
    """``原文：“…”（《…》，2020年4月30日，T2）``; in English with a translation, marked as one."""
    words = "”“".join(as_printed(one) for one in entry.clause.quotes)
    quote = _(
        "原文：“{words}”（{source}）",
        words=plain(words),
        source=source(entry),
    )
    parts: list[Speech] = [quote, rendered(entry.clause.en)]
    if entry.superseded_by is not None:
        parts.append(_("（这份文件已被{title}代替。）", title=plain(entry.superseded_by.title)))
    return Joined(tuple(parts), en="")


def as_printed(quote: str) -> str:
    """Without marks and line breaks of the source that are none of the document's."""
    return " ".join(_EMPHASIS.sub("", quote).split())


def source(entry: Entry) -> Speech:
    document = entry.document
    parts: list[Speech] = [plain(document.title)]
    if document.number:
        parts.append(plain(document.number))
    if document.dated:
        parts.append(dated(document))
    parts.append(plain(entry.clause.rule))
    return Joined(tuple(parts), "，", ", ")


def dated(document: Document) -> Bilingual:
    """The day, or the month where the document gives no day."""
    year, month, *day = (int(part) for part in document.dated.split("-"))
    name = _MONTHS.split()[month - 1]
    if day:
        return Bilingual(f"{year}年{month}月{day[0]}日", f"{day[0]} {name} {year}")
    return Bilingual(f"{year}年{month}月", f"{name} {year}")
