"""What runs in a process of the workshop; fonts, key and seal stay loaded between tasks."""

import gc
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread

from backend.documents import making, pages, sample_pages, scores
from backend.documents.errors import NoEvidence
from backend.documents.facts import TranscriptFacts
from backend.documents.fonts import Fonts
from backend.documents.keyring import Keyring
from backend.documents.materials import Evidence, Issue, Level, Made, Picture, Proved, Seal
from backend.documents.preview import pictures
from backend.documents.score_facts import ScoreFacts
from backend.documents.sign import Signer


@dataclass
class _State:
    fonts_folder: Path
    keyring: Keyring
    seal: Seal
    fonts: Fonts | None = None
    signer: Signer | None = None

    # Loaded at the first use, so that a bad key gives its own error and not a broken pool.
    def loaded_fonts(self) -> Fonts:
        if self.fonts is None:
            self.fonts = Fonts(self.fonts_folder)
            gc.collect()
            gc.freeze()  # fonts and libraries stay: looking through them costs more than a page
        return self.fonts

    def signer_at(self, now: datetime, barred: Mapping[str, str]) -> Signer:
        """Whoever signs now. Raises SigningRefused and TokenAway."""
        source = self.keyring.current(now, barred)
        if self.signer is None or self.signer.source is not source:
            self.signer = Signer(source)
        return self.signer


_states: list[_State] = []


def start(fonts_folder: Path, keyring: Keyring | None, seal: Seal) -> None:
    # Ctrl-C is for the server, which closes the workshop in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_server, daemon=True).start()
    _states[:] = [_State(fonts_folder, keyring or Keyring(None, None), seal)]


def _end_with_server() -> None:
    server = parent_process()
    if server is not None:
        server.join()
        os._exit(1)  # the server was killed and nobody will take the result


def warm() -> None:
    _states[0].loaded_fonts()
    _states[0].keyring.warm()


def preview(facts: TranscriptFacts) -> list[Picture]:
    return pictures(pages.render(facts, fonts=_states[0].loaded_fonts(), issue=None))


def score_table(facts: ScoreFacts, as_of: str) -> bytes:
    return scores.render(facts, as_of, fonts=_states[0].loaded_fonts())


def score_pictures(facts: ScoreFacts, as_of: str) -> list[Picture]:
    return pictures(score_table(facts, as_of))


def sample(name: str, language: str) -> Picture:
    return sample_pages.draw(_states[0].fonts_folder, name, language)


def make(
    facts: TranscriptFacts,
    issue: Issue,
    barred: Mapping[str, str],
    level: Level,
    evidence: Evidence | None,
) -> Made:
    state = _states[0]
    signer = state.signer_at(issue.issued_at, barred)
    if evidence is not None and signer.der not in evidence.certificates:
        raise NoEvidence("another key signs than a moment ago")
    return making.make(
        facts,
        issue,
        fonts=state.loaded_fonts(),
        signer=signer,
        seal=state.seal,
        level=level,
        evidence=evidence,
    )


def check_stamp(token: bytes, digest: bytes, chain: bytes, now: datetime) -> tuple[bytes, ...]:
    from backend.documents import proving  # noqa: PLC0415 - pyHanko, which drawing does without

    return proving.check_stamp(token, digest, chain, now)


def prove(
    certificate: bytes,
    chain: tuple[bytes, ...],
    ocsps: tuple[bytes, ...],
    crls: tuple[bytes, ...],
    now: datetime,
    stamping: bool,
) -> Proved:
    from backend.documents import proving  # noqa: PLC0415

    return proving.prove(certificate, chain, ocsps, crls, now, stamping=stamping)
