"""Which invoice a file is: by our number in its name or in its remarks, and never by a guess.

A file that says another title or another amount than the invoice it names is nobody's: somebody else's
name would reach the wrong person.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

from sqlalchemy import select

from backend.invoices import buyers, lines, requesting
from backend.invoices.issued_seen import Seen
from backend.invoices.states import KIND, LETTER, RedState, State
from backend.models import Application, InvoiceRed, InvoiceRequest
from backend.sealing import masked_name
from backend.work import Work

OURS = re.compile(rf"{LETTER}(\d{{6}})-(\d{{4}})(-R\d{{1,2}})?", re.ASCII)
BUREAUS = re.compile(r"(?<!\d)\d{20}(?!\d)", re.ASCII)  # 发票号码 of fully digital invoices
CALLED = re.compile(r"发票号码[:：]?(\d{20}|\d{8})(?!\d)", re.ASCII)
ISSUED = frozenset({State.ISSUED, State.RED_REQUESTED, State.RED_ISSUED})
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－_", "-"))


class Outcome(StrEnum):
    MATCHED = "matched"
    BY_NAME = "by_name"  # its text could not be read: by the name of the file only
    ALREADY = "already"  # this very file has been handed over
    NO_KIND = "no_kind"  # no PDF, OFD or XML
    UNREADABLE = "unreadable"  # damaged, locked, too large
    NO_NUMBER = "no_number"
    SEVERAL = "several"  # different numbers in it, or in its name
    UNKNOWN = "unknown"  # there is no such invoice
    NOT_EXPORTED = "not_exported"  # it does not wait to be issued
    OTHER_TITLE = "other_title"
    OTHER_AMOUNT = "other_amount"


FITS = frozenset({Outcome.MATCHED, Outcome.BY_NAME})


@dataclass(frozen=True, slots=True)
class Match:
    """``number`` is the one it was found by; ``invoice_number`` the bureau's, where it is said."""

    outcome: Outcome
    number: str = ""
    application: Application | None = None
    red: InvoiceRed | None = None
    invoice_number: str = ""


def match(work: Work, name: str, seen: Seen) -> Match:
    """As things stand now. Nothing is written."""
    if not seen.kind:
        return Match(Outcome.NO_KIND)
    words = compact(seen.text)
    numbers = numbers_in(compact(name)) | numbers_in(words)
    if len(numbers) != 1:
        return Match(Outcome.SEVERAL if numbers else Outcome.NO_NUMBER)
    (number,) = numbers
    application, red = _application(work, number), _red(work, number)
    if application is None or (red is None and "-R" in number):
        return Match(Outcome.UNKNOWN, number)
    if not _waits(application, red):
        return Match(Outcome.NOT_EXPORTED, number, application, red)
    outcome = _fits(work, application, red, seen.text)
    return Match(outcome, number, application, red, bureaus_number(words, name))


def numbers_in(words: str) -> set[str]:
    return {f"{LETTER}{day}-{place}{red}" for day, place, red in OURS.findall(words)}


def bureaus_number(words: str, name: str) -> str:
    """What the tax bureau calls it, as the text says, or the name of the file (``dzfp_…_``)."""
    if found := CALLED.search(words):
        return found[1]
    found = BUREAUS.search(compact(name))
    return found[0] if found else ""


def masked_file_name(name: str) -> str:
    """The bureau's names hold the buyer's: a report shows ``dzfp_2644…_王*_2026….pdf``."""
    stem, dot, ending = name.rpartition(".")
    parts = (stem or ending).split("_")
    shown = "_".join(
        part if any(one.isascii() for one in part) else masked_name(part) for part in parts
    )
    return f"{shown}{dot}{ending}" if stem else shown


def compact(words: str) -> str:
    """Without blanks, where lines end in the middle of a number; half width, capitals, one dash."""
    return "".join(normalize("NFKC", words.translate(DASHES)).upper().split())


def _application(work: Work, number: str) -> Application | None:
    found = requesting.find(work, number.split("-R", maxsplit=1)[0])
    return found if found is not None and found.kind == KIND else None


def _red(work: Work, number: str) -> InvoiceRed | None:
    return work.session.scalar(
        select(InvoiceRed).where(
            InvoiceRed.institution_id == work.institution, InvoiceRed.number == number
        )
    )


def _waits(application: Application, red: InvoiceRed | None) -> bool:
    if red is not None:
        return red.state in (RedState.EXPORTED, RedState.ISSUED)
    return application.state == State.EXPORTED or application.state in ISSUED


def _fits(work: Work, application: Application, red: InvoiceRed | None, text: str) -> Outcome:
    if not text:
        return Outcome.BY_NAME
    request = work.session.get_one(InvoiceRequest, application.id)
    if compact(buyers.opened(work, request).title) not in compact(text):
        return Outcome.OTHER_TITLE
    fen = red.amount_fen if red is not None else lines.amount_fen(work, application)
    return Outcome.MATCHED if _says(text, fen, taken_back=red is not None) else Outcome.OTHER_AMOUNT


def _says(text: str, fen: int, *, taken_back: bool) -> bool:
    """Whether this amount stands in the text, below zero where it is taken back."""
    figures = (f"{fen // 100}.{fen % 100:02}", f"{fen // 100:,}.{fen % 100:02}")
    amount = "|".join(re.escape(one) for one in figures)
    sign = "(?:-[¥￥]?|[¥￥]-)" if taken_back else "(?<![-0-9.,])(?<!-[¥￥])"
    return re.search(f"{sign}(?:{amount})(?![0-9])", text) is not None
