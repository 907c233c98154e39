"""A file that somebody has sent, read into clauses: PDF, DOCX, TXT or MD, told apart by their content.

Files are hostile until read: each is read in a process of its own, within bounds of time and memory.
What was found is kept (``drafts.py``), so that no turn reads a file again.
"""

import re
import resource
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from unicodedata import category, normalize

from backend.publications import docx, pdf
from backend.publications.heading import Heading, heading
from backend.publications.limits import (
    MOST_BYTES,
    MOST_CHARACTERS,
    MOST_MEMORY,
    MOST_SECONDS,
    Unreadable,
)
from backend.publications.splitting import Part, split

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RADICALS = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff]")  # fonts of PDFs have them for characters
_MARKS = re.compile(r"^[ \t]{0,3}(#{1,6}|[-*+]|>)[ \t]+|\*\*|__|`", re.MULTILINE)
_RULE_OF_TABLE = re.compile(r"^[ \t:|-]*$", re.MULTILINE)
_DASHES = "---"
_ROW_OF_TABLE = re.compile(r"^[ \t]*\|(.*)\|[ \t]*$", re.MULTILINE)
_FEW = 5
_STRANGE = frozenset({"Cn", "Co", "Cc"})


@dataclass(frozen=True, slots=True)
class Read:
    """The text with what it says of itself and its clauses, or why there are none: a code of
    :class:`Unreadable` with its facts."""

    text: str = ""
    heading: Heading = field(default_factory=Heading)
    parts: tuple[Part, ...] = ()
    refused: str = ""
    limit: int = 0


def opened(data: bytes, name: str = "") -> Read:
    """Raises :class:`Unreadable`. Runs in this process: see ``read_apart``."""
    text = read(data, name)
    head = heading(text)
    parts = split(text, head)
    if not parts:
        raise Unreadable("empty")
    return Read(text, head, tuple(parts))


def read(data: bytes, name: str = "") -> str:
    """The text without control characters, line by line; cells of a table are parted by tabs.

    Raises :class:`Unreadable`.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable("too_large", MOST_BYTES)
    text = tidied(_format(data, name)(data))
    if not text.strip():
        raise Unreadable("empty")
    if len(text) > MOST_CHARACTERS:
        raise Unreadable("too_long", MOST_CHARACTERS)
    return text


def read_apart(data: bytes, name: str = "", *, seconds: float = MOST_SECONDS) -> Read:
    """``opened`` in a process that is ended when it takes too long; whatever goes wrong is a refusal."""
    if len(data) > MOST_BYTES:
        return Read(refused="too_large", limit=MOST_BYTES)
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(there, data, name), daemon=True)
    process.start()
    there.close()
    try:
        found = here.recv() if here.poll(seconds) else Read(refused="damaged")
    except EOFError:  # it was ended by what it read
        found = Read(refused="damaged")
    finally:
        process.kill()
        process.join()
        here.close()
    return found if isinstance(found, Read) else Read(refused="damaged")


def _answer(there: Connection, data: bytes, name: str) -> None:
    with suppress(ValueError, OSError):  # not every system bounds it
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        there.send(opened(data, name))
    except Unreadable as refused:
        there.send(Read(refused=refused.code, limit=refused.limit))
    except Exception:  # a damaged file can raise nearly anything
        there.send(Read(refused="damaged"))


def _format(data: bytes, name: str) -> Callable[[bytes], str]:
    """By what the file is, whatever it is called."""
    if b"%PDF-" in data[:1024]:
        return pdf.text_of
    if data.startswith(b"PK\x03\x04"):
        return docx.text_of
    if data.startswith(_OLD_OFFICE):
        raise Unreadable("old_word")
    if data.startswith(_PICTURES):
        raise Unreadable("scanned")
    return _marked_down if name.lower().endswith((".md", ".markdown")) else plain


def plain(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or GB18030."""
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = sum(category(one) in _STRANGE and one not in "\r\n\t\f" for one in text[:20000])
        if strange <= max(_FEW, len(text[:20000]) // 100):
            return text
    raise Unreadable("not_text")


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return () if b"\0" in data else ("utf-8-sig", "gb18030")


def _marked_down(data: bytes) -> str:
    text = _RULE_OF_TABLE.sub(lambda row: "" if _DASHES in row[0] else row[0], plain(data))
    text = _ROW_OF_TABLE.sub(lambda row: "\t".join(map(str.strip, row[1].split("|"))), text)
    return _MARKS.sub("", text)


def tidied(text: str) -> str:
    text = _RADICALS.sub(lambda one: normalize("NFKC", one[0]), text)
    text = re.sub(r"\r\n?|[\f\v\u2028\u2029]", "\n", text)
    return "".join(one for one in text if one in "\n\t" or category(one)[0] != "C")
