"""A document's text as paragraphs: lines that were broken by a page's width are put together again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CHINESE = "一二三四五六七八九十百零〇"
# What a paragraph of each level begins with, the highest first.
MARKS: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (level, re.compile(pattern))
    for level, pattern in (
        (
            0,
            rf"第\s*[{_CHINESE}\d]+\s*[章编部]|附\s*[件录]\s*[{_CHINESE}\d]*\s*[:：]?(?=\s|$|[^。，]{{0,30}}$)",
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
_NO_WORDS = re.compile(
    r"[\s\d\-—–_.·…/|]*|第\s*\d+\s*页.*|图\s*\d+[\s.：:].{0,40}|.*(…|\.{4,}).*\d+[\s-]*|.*\t[\d\s-]+"
)


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
        if not _NO_WORDS.fullmatch(one[2])
        and not any(start <= one[0] < end for start, end in without)
    ]
    width = _width([len(line) for _, _, line in lines])
    found: list[tuple[str, list[tuple[int, int]], str]] = []  # words, places, the last line
    for start, end, line in lines:
        if found and not _begins(line) and _goes_on(found[-1][2], width):
            words, places, _ = found[-1]
            found[-1] = (joined(words, line), [*places, (start, end)], line)
        else:
            found.append((line, [(start, end)], line))
    return [_paragraph(words, tuple(places)) for words, places, _ in found]


def _lines(text: str) -> list[tuple[int, int, str]]:
    found, at = [], 0
    for raw in text.split("\n"):
        line = raw.strip()
        if line:
            start = at + len(raw) - len(raw.lstrip())
            found.append((start, start + len(line), line))
        at += len(raw) + 1
    return found


def _width(lengths: list[int]) -> int:
    """Of a page, where lines were broken by it: what nine of ten lines do not exceed."""
    return sorted(lengths)[int(len(lengths) * 0.9)] if lengths else 0


def _begins(line: str) -> bool:
    return "\t" in line or any(mark.match(line) for _, mark in MARKS)


def _goes_on(last: str, width: int) -> bool:
    return "\t" not in last and last[-1] not in _ENDING and len(last) >= width * _FULL


def joined(words: str, line: str) -> str:
    """A blank only between words that are parted by blanks."""
    both_latin = words[-1].isascii() and line[0].isascii() and words[-1].isalnum()
    return f"{words} {line}" if both_latin else words + line


def _paragraph(words: str, places: tuple[tuple[int, int], ...]) -> Paragraph:
    for level, mark in MARKS:
        if found := mark.match(words):
            body = words[found.end() :].strip(" \u3000:：、.．")
            return Paragraph(words, places, level, body)
    return Paragraph(words, places, None, words, row="\t" in words)
