"""Clauses of a document by its own structure: 一、 （一） 1. （1） 第X条, paragraphs, rows of tables."""

import re
from dataclasses import dataclass

from backend.publications.heading import Heading
from backend.publications.limits import MOST_CLAUSES, Unreadable
from backend.publications.paragraphs import Paragraph, joined, marked, paragraphs
from backend.publications.suggesting import questions

_STOPS = "。；，,;！？!?"
_TITLE = 30  # characters that a heading has at most
_LINE = 40
_LIST = 300  # characters up to which a list stays with the words that announce it
_SENTENCE = re.compile(r".+?[。；！？](?![”』）)])|.+", re.DOTALL)
_FACT = 120
_TELLS = 12  # characters: fewer need the label before them
_ARTICLE = re.compile(r"第[^条]{1,6}条.*[：:]$")  # announces a list of its own
_NAMED = re.compile(r"^([^，。；：:]{2,16})[：:](?!//)\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Part:
    """A clause to be, with a default for everything that staff may change.

    ``quotes`` are its exact words, white space aside; two or more where a page's number comes between.
    ``subject`` is what the document's headings call it, which may be empty."""

    quotes: tuple[str, ...]
    subject: str
    fact: str
    asked: tuple[str, ...]

    @property
    def words(self) -> str:
        return " ".join(self.quotes)


def split(text: str, heading: Heading) -> list[Part]:
    """Every clause in the document's order; raises :class:`Unreadable` when there are too many."""
    every = paragraphs(text, (heading.titled, heading.signed))
    every = every[1:] if every and is_salutation(every[0]) else every
    found: list[Part] = []
    titles: dict[int, str] = {}  # headings by level that the paragraph stands under
    place = 0
    while place < len(every):
        one = every[place]
        if one.level is not None:
            titles = {level: title for level, title in titles.items() if level < one.level}
        if is_title(one, every[place + 1 : place + 2]):
            titles[one.level or 0] = one.body or one.text
            place += 1
            continue
        taken = listed(every, place)
        members = every[place : place + taken]
        found.append(_part(quotes(text, members), subject(one, titles), heading.title))
        place += taken
        if len(found) > MOST_CLAUSES:
            raise Unreadable("too_many_clauses", MOST_CLAUSES)
    return found


def _part(quoted: tuple[str, ...], about: str, title: str) -> Part:
    words = " ".join(quoted)
    return Part(quoted, about, first_sentence(words), questions(words, about, title))


def quotes(text: str, members: list[Paragraph]) -> tuple[str, ...]:
    """The words of these paragraphs, parted where something else stands between them."""
    found: list[list[list[str]]] = []  # quotes of paragraphs of lines
    last = -1
    for one in members:
        for place, (start, end) in enumerate(one.lines):
            line = text[start:end]
            if last < 0 or text[last:start].strip():
                found.append([[line]])
            elif place:
                found[-1][-1].append(line)
            else:
                found[-1].append([line])
            last = end
    return tuple(" ".join(joined(lines) for lines in quote) for quote in found)


def is_salutation(one: Paragraph) -> bool:
    """ "各位同学：": addressed to, and nothing said."""
    return (
        one.level is None
        and len(one.text) <= 40
        and one.text[-1] in "：:"
        and not re.search(r"如下|以下|下列|\d", one.text)
    )


def is_title(one: Paragraph, following: list[Paragraph]) -> bool:
    """A marked line without a sentence, over what it is the heading of."""
    if one.level is not None and not one.body:
        return True
    if one.level is None or not following or one.row or _ARTICLE.match(one.text):
        return False
    words = one.body.rstrip("：:")
    after = following[0]
    heads = after.level is None or after.level > one.level
    return heads and len(words) <= _TITLE and not any(stop in words for stop in _STOPS + "：:")


def listed(every: list[Paragraph], place: int) -> int:
    """How many paragraphs make this clause: a short list belongs to the words that announce it, and
    lines that are no sentences (a name, a number, an address) belong together."""
    one = every[place]
    if one.row:
        return 1
    announces = one.text[-1] in "：:"
    if not announces and not is_line(one):
        return 1
    length, end = len(one.text), place + 1
    while end < len(every):
        belongs = _announced(one, every, end) if announces else is_line(every[end])
        length += len(every[end].text)
        if not belongs or length > _LIST:
            break
        end += 1
    return end - place


def _announced(by: Paragraph, every: list[Paragraph], place: int) -> bool:
    """Whether it is of the list that another paragraph announces."""
    one = every[place]
    deeper = one.level is not None and (by.level is None or one.level > by.level)
    if not (deeper or is_line(one)) or one.text[-1] in "：:":
        return False
    return not is_title(one, every[place + 1 : place + 2])


def is_line(one: Paragraph) -> bool:
    return (
        one.level is None and not one.row and len(one.text) <= _LINE and one.text[-1] not in _STOPS
    )


def subject(one: Paragraph, titles: dict[int, str]) -> str:
    named = _NAMED.match(one.body) if one.level is not None else None
    if named:
        return named[1]
    return titles[max(titles)].rstrip("：:") if titles else ""


def first_sentence(words: str) -> str:
    """The fact by default: without the mark; a row's cells in one sentence."""
    one = marked(words.strip())
    body = one.body
    label = _NAMED.match(body) if one.level is not None else None
    if label and len(body) - label.end() >= _TELLS:
        body = body[label.end() :]
    body = "，".join(part.strip() for part in body.split("\t") if part.strip())
    sentence = (_SENTENCE.match(body) or [body])[0].strip()
    if sentence[-1:] in "：:":
        sentence = body
    return sentence if len(sentence) <= _FACT else sentence[: _FACT - 1] + "…"
