"""The verdict on a file that somebody sent: a long transcript of every level, and what is forged.

pyHanko's own validation of the same signature is held beside: it asks neither for the attached data
nor for the text of the pages, and follows every change that was made since.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from statistics import median

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from backend.documents import fonts, proving
from backend.documents.materials import Level
from backend.verification import times
from backend.verification.findings import Question
from backend.verification.inspector import Processes
from backend.verification.judge import judge
from benchmarks.measure import Row, Section, cpu_row, interleaved, shown
from bot.settings import Settings
from tests.attacks.pdf import updated, with_range
from tests.attacks.updates import page_of
from tests.documents.samples import facts
from tests.peers.pki import Pki
from tests.verification.asking import asked
from tests.verification.levels import Levels

ROUNDS = 20
COURSES = 150
PAGES = 4
LEVELS = (Level.B_B, Level.B_LT, Level.B_LTA)


def genuine(levels: Levels) -> dict[Level, bytes]:
    return {level: levels.of(facts(count=COURSES), levels.issue, level) for level in LEVELS}


def question(levels: Levels) -> Question:
    now = levels.issue.issued_at + timedelta(days=30)
    return asked(levels.listed(), now=now, stamp_roots=(levels.stamp_root,))


def forged(pdf: bytes) -> dict[str, bytes]:
    middle = len(pdf) // 2
    return {
        "no range of the signature": with_range(pdf, b""),
        "one byte changed": pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :],
        "a page appended": updated(pdf, lambda w: w.insert_page(page_of(w, b"0 0 m 9 9 l S"))),
    }


def peer(levels: Levels, pdf: bytes) -> Callable[[], object]:
    """pyHanko as it comes, with its root trusted and without asking the network."""
    root = load_cert_from_pemder(str(levels.pki.root))
    now = levels.issue.issued_at

    def validated() -> None:
        reader = PdfFileReader(BytesIO(pdf))
        context = ValidationContext(trust_roots=[root], moment=now, allow_fetching=False)
        signature = reader.embedded_regular_signatures[0]
        status = validate_pdf_signature(signature, context)  # type: ignore[no-untyped-call]
        if not status.bottom_line:
            raise RuntimeError("pyHanko does not take the file")

    return validated


def judged(pdf: bytes, asked_: Question, wanted: str) -> Callable[[], object]:
    def verdict() -> None:
        found = judge(pdf, asked_).verdict
        if found.reasons[0].code != wanted:
            raise RuntimeError(f"the verdict is {found.reasons[0].code}")

    return verdict


def anew(verdict: Callable[[], object]) -> Callable[[], object]:
    """As for a file that was never seen; the certificates of its stamps and chain are known."""

    def first() -> None:
        for kept in (proving.check_stamp, proving.shown, times.said):
            kept.cache_clear()
        verdict()

    return first


def apart(files: dict[Level, bytes], asked_: Question) -> dict[Level, float]:
    """Seconds from asking to the answer of a process that is warm."""
    inspector = Processes(1)
    taken: dict[Level, list[float]] = {level: [] for level in files}
    try:
        for number in range(ROUNDS + 2):
            for level, pdf in files.items():
                began = time.perf_counter()
                found = inspector.judge(pdf, asked_).verdict
                if not found.genuine or found.level is not level:
                    raise RuntimeError(f"{level}: the verdict is {found.reasons[0].code}")
                if number > 1:
                    taken[level].append(time.perf_counter() - began)
    finally:
        inspector.close()
    return {level: median(found) for level, found in taken.items()}


def measure(original: Settings, folder: Path) -> Iterator[Section]:
    pki = Pki(folder / "pki")
    try:
        levels = Levels(pki, fonts.Fonts(original.data / "fonts"))
        files = genuine(levels)
        asked_ = question(levels)
        for level, pdf in files.items():
            found = judge(pdf, asked_)
            if found.file is None or found.file.pages != PAGES:
                raise RuntimeError(f"{level}: not {PAGES} pages")
        bad = forged(files[Level.B_B])
        reasons = ("signature_removed", "altered", "appended")
        contestants = {
            **{str(level): anew(judged(pdf, asked_, "genuine")) for level, pdf in files.items()},
            "again": judged(files[Level.B_LTA], asked_, "genuine"),
            **{
                name: judged(pdf, asked_, reason)
                for (name, pdf), reason in zip(bad.items(), reasons, strict=True)
            },
            "peer": peer(levels, files[Level.B_B]),
        }
        series = interleaved(contestants, rounds=ROUNDS)
        walls = apart(files, asked_)
    finally:
        pki.close()
    rows = [
        cpu_row(f"genuine, {level}", series[str(level)], "pyHanko, B-B", series["peer"])
        for level in LEVELS
    ]
    again = cpu_row("the same B-LTA again", series["again"], "pyHanko, B-B", series["peer"])
    rows.append(again)
    rows += [cpu_row(name, series[name], "pyHanko, B-B", series["peer"]) for name in bad]
    rows += [
        Row(f"genuine, {level}", shown(walls[level]), "", "", note="wall, process apart")
        for level in LEVELS
    ]
    yield Section(
        f"Verdict on a file of {PAGES} pages",
        rows,
        "CPU of one verdict unless said otherwise; the text of all pages is compared with the data"
        " that are attached. Process apart: with the way there and back.",
    )
