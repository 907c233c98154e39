"""A document's text as paragraphs: lines that were broken by a page's width are put together again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_CHINESE = "一二三四五六七八九十百零〇"
# What a paragraph of each level begins with, the highest first.
MARKS: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (level, re.compile(pattern))
    for level, pattern in (
        (
            0,
            rf"第\s*[{_CHINESE}\d]+\s*[章编部]|附\s*[件录]\s*(?:[{_CHINESE}\d]+\s*)?[:：]?(?=\s|$|[^。，]{{0,30}}$)",
        ),
        (1, rf"第\s*[{_CHINESE}\d]+\s*节|[{_CHINESE}]{{1,3}}\s*、"),
        (2, rf"第\s*[{_CHINESE}\d]+\s*条|[（(]\s*[{_CHINESE}]{{1,3}}\s*[)）]"),
        (
            3,
            r"\d{1,2}\s*、|\d{1,2}\s*[.．](?=\s*\D|\s*(?:19|20)\d\d)|\d{1,2}(?:\.\d{1,2}){1,3}\s+(?=\D)",
        ),
        (4, r"[（(]\s*\d{1,2}\s*[)）]|\d{1,2}\s*[)）]"),
        (5, "[①-⑳]|注\\s*[:：]|方式[" + _CHINESE + "]\\s*[:：]"),
    )
)
_ENDING = "。；：！？;:!?"
_FULL = 0.8  # of a page's width: a line that long goes on in the next
_NO_WORDS = re.compile(r"[\s\d\-—–_.·…/|]*|第\s*\d+\s*页.*|图\s*\d+[\s.：:].{0,40}")
_NUMBERS = re.compile(r"[\d\s-]*")
_LEADERS = ("…", "....")  # of a table of contents, between a heading and its page


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``text`` in one line. ``lines`` are where its lines begin and end in the document: between them
    may be a page's number. ``level`` is that of its mark (``MARKS``), None without one; ``body`` is
    what follows the mark. ``row``: of a table."""

    text: str
    lines: tuple[tuple[int, int], ...]
    level: int | None
    body: str
    row: bool = False


def paragraphs(text: str, without: Sequence[tuple[int, int]] = ()) -> list[Paragraph]:
    """``without`` are places that are none of it: a title, a signature."""
    lines = [
        one
        for one in _lines(text)
        if not _tells_nothing(one[2]) and not any(start <= one[0] < end for start, end in without)
    ]
    width = _width([len(line) for _, _, line in lines])
    found: list[list[tuple[int, int, str]]] = []
    for one in lines:
        if found and not _begins(one[2]) and _goes_on(found[-1][-1][2], width):
            found[-1].append(one)
        else:
            found.append([one])
    return [
        marked(
            joined([line for _, _, line in members]),
            tuple((start, end) for start, end, _ in members),
        )
        for members in found
    ]


def _lines(text: str) -> list[tuple[int, int, str]]:
    found, at = [], 0
    for raw in text.split("\n"):
        line = raw.strip()
        if line:
            start = at + len(raw) - len(raw.lstrip())
            found.append((start, start + len(line), line))
        at += len(raw) + 1
    return found


def _tells_nothing(line: str) -> bool:
    """A page's number, a caption, a line of a table of contents."""
    if _NO_WORDS.fullmatch(line):
        return True
    backwards = _NUMBERS.match(line[::-1])  # a pattern that ends a line would try every place in it
    numbers = line[len(line) - backwards.end() :] if backwards else ""
    heading = line.removesuffix(numbers)
    return "\t" in numbers or (any(map(str.isdecimal, numbers)) and heading.endswith(_LEADERS))


def _width(lengths: list[int]) -> int:
    """Of a page, where lines were broken by it: what nine of ten lines do not exceed."""
    return sorted(lengths)[int(len(lengths) * 0.9)] if lengths else 0


def _begins(line: str) -> bool:
    return "\t" in line or any(mark.match(line) for _, mark in MARKS)


def _goes_on(last: str, width: int) -> bool:
    return "\t" not in last and last[-1] not in _ENDING and len(last) >= width * _FULL


def joined(lines: Sequence[str]) -> str:
    """A blank only between words that are parted by blanks."""
    return "".join([lines[0], *(_blank(*two) + two[1] for two in pairwise(lines))])


def _blank(before: str, line: str) -> str:
    both_latin = before[-1].isascii() and line[0].isascii() and before[-1].isalnum()
    return " " if both_latin else ""


def marked(words: str, places: tuple[tuple[int, int], ...] = ()) -> Paragraph:
    """A paragraph by its mark."""
    for level, mark in MARKS:
        if found := mark.match(words):
            body = words[found.end() :].strip(" \u3000:：、.．")
            return Paragraph(words, places, level, body)
    return Paragraph(words, places, None, words, row="\t" in words)
