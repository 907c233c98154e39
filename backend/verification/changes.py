"""What was put after the signed part of a file, by kind, for whoever has to be told.

The verdict does not rest on it: whatever it is, the file is not the one that was issued. So what
cannot be told in time is a change that cannot be told. What follows the signed part is hostile.
"""

import gc
import re
import signal
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from threading import current_thread, main_thread
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

from backend.documents.form import ARCHIVE_FIELD
from backend.documents.verdict import Addition, addition
from backend.verification.objects import Reading, TooMuch, at

SECONDS = 0.4
# From the last digit on: to try it at every digit of a long number would take hours.
_OBJECT = re.compile(rb"\d[\s\0]+obj\b")
_SCRIPT = re.compile(rb"<script|<html|<svg|javascript|/JS\b", re.IGNORECASE)
_RANGE = re.compile(rb"/ByteRange\b")
_BY_ANY_TOOL = ("/ModDate", "/Producer")  # written by whatever changes anything else
_OF_A_PAGE = ("/Annots", "/Parent", "/AA")
_OF_THE_CATALOG = {
    "/DSS": "archive_added",
    "/Metadata": "metadata_changed",
    "/AF": "attachment_replaced",
    "/OpenAction": "script",
    "/AA": "script",
}
_ANYWAY = ("/Pages", "/AcroForm", "/Names", "/Extensions", "/Version", *_OF_THE_CATALOG)


@dataclass(frozen=True, slots=True)
class Changes:
    """``archive``: the field that is kept for the time stamp of an archive was filled."""

    additions: tuple[Addition, ...]
    archive: bool = False


def found(revision: bytes, data: bytes) -> Changes:
    """``revision`` is the signed part, with which ``data`` begins."""
    added = data[len(revision) :]
    script = _SCRIPT.search(added) is not None
    if not _OBJECT.search(added):
        kinds: dict[str, int | None] = {"junk": len(added)}
        return _told({**kinds, "script": None} if script else kinds)
    try:
        with _in_time(SECONDS):
            seen = _Comparison(revision, data)
            seen.run()
            kinds, archive = seen.kinds, seen.archive
    except Exception:  # from parsers, on whatever they meet
        kinds, archive = {}, False
    if script:
        kinds["script"] = None
    if kinds.keys() <= {"unknown_change"} and _RANGE.search(added):
        kinds = {"second_signature": None}
    return _told(kinds or {"unknown_change": None}, archive=archive)


def _entry(key: str, one: Reading) -> Any:
    return at(one.catalog, key)


def _told(kinds: dict[str, int | None], *, archive: bool = False) -> Changes:
    return Changes(tuple(addition(kind, n) for kind, n in kinds.items()), archive)


@contextmanager
def _in_time(seconds: float) -> Iterator[None]:
    """Ends what takes longer by TooMuch; in the process of an inspector this is the main thread."""
    if current_thread() is not main_thread():
        yield
        return
    collecting = gc.isenabled()
    gc.disable()  # what rings while garbage is collected is lost
    before = signal.signal(signal.SIGALRM, _ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
        signal.setitimer(signal.ITIMER_REAL, 0)
    finally:  # it rings once at most
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if collecting:
            gc.enable()


def _ring(_number: int, _frame: object) -> None:
    raise TooMuch


class _Comparison:
    """Of the signed part with the whole, as a reader shows them."""

    def __init__(self, revision: bytes, data: bytes) -> None:
        self.old = Reading(PdfFileReader(BytesIO(revision), strict=True))
        self.new = Reading(PdfFileReader(BytesIO(data), strict=False))
        self.kinds: dict[str, int | None] = {}
        self.archive = False

    def run(self) -> None:
        self._pages()
        self._fields()
        self._catalog()
        if self._described_otherwise(_BY_ANY_TOOL if self.kinds else ()):
            self.kinds["metadata_changed"] = None
        if not self.kinds:
            self.kinds["unknown_change"] = None

    def _described_otherwise(self, without: Collection[str]) -> bool:
        before = self.old.print(self.old.info(), without)
        return before != self.new.print(self.new.info(), without)

    def _differ(self, part: Callable[[Reading], object]) -> bool:
        return self.old.print(part(self.old)) != self.new.print(part(self.new))

    def _pages(self) -> None:
        before, after = self.old.pages(), self.new.pages()
        looks = [self.old.print(one, _OF_A_PAGE) for one in before]
        now = [self.new.print(one, _OF_A_PAGE) for one in after]
        more = len(now) - len(looks)
        if more > 0 and now[: len(looks)] == looks:
            self.kinds["appended_pages"] = more
        elif now != looks:
            kept = sum(one in looks for one in now)
            if kept == len(looks) and more > 0:
                self.kinds["appended_pages"] = more  # between the others
            else:
                self.kinds["content_replaced"] = None
                if more > 0:
                    self.kinds["appended_pages"] = more
        if any("/AA" in one for one in after):
            self.kinds["script"] = None
        self._annotations(before, after)

    def _annotations(self, before: list[Any], after: list[Any]) -> None:
        known = {self.old.print(one) for page in before for one in self.old.annotations(page)}
        every = [one for page in after for one in self.new.annotations(page)]
        notes = [
            one for one in every if self.new.print(one) not in known and not self.new.is_field(one)
        ]
        if notes:
            self.kinds["annotations"] = len(notes)
        here = {self.new.print(one) for one in every}
        gone = known - here
        if gone and not any(self.new.is_field(one) for one in every):
            self.kinds.setdefault("content_replaced", None)

    def _fields(self) -> None:
        known = {name: self.old.print(one) for name, one in self.old.fields()}
        signed = {name: self.old.print(self.old.value(one)) for name, one in self.old.fields()}
        for name, one in self.new.fields():
            if known.get(name) == self.new.print(one):
                continue
            value = self.new.value(one)
            if value is not None and signed.get(name) == self.new.print(value):
                self.kinds["content_replaced"] = None  # the signature only looks otherwise
                continue
            if self.new.kind(one) != "/Sig":
                self.kinds["form_filled"] = None
            elif name == ARCHIVE_FIELD.decode() and name in known:
                self.archive = True
                self.kinds["archive_added"] = None
            elif value is not None and at(value, "/Type") == "/DocTimeStamp":
                self.kinds["archive_added"] = None
            else:
                self.kinds["second_signature"] = None

    def _catalog(self) -> None:
        for key, kind in _OF_THE_CATALOG.items():
            if self._differ(partial(_entry, key)):
                self.kinds[kind] = None
        if self._differ(lambda one: one.named("/EmbeddedFiles")):
            self.kinds["attachment_replaced"] = None
        if self._differ(lambda one: one.named("/JavaScript")):
            self.kinds["script"] = None
        rest = self.old.print(self.old.catalog, _ANYWAY) != self.new.print(
            self.new.catalog, _ANYWAY
        )
        if rest:
            self.kinds["unknown_change"] = None
