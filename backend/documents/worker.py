"""What runs in a process of the workshop; fonts, key and seal stay loaded between tasks."""

import os
import signal
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread

from backend.documents import making, pages, sample_pages, scores
from backend.documents.errors import SigningRefused
from backend.documents.facts import TranscriptFacts
from backend.documents.fonts import Fonts
from backend.documents.materials import Issue, Picture, Seal, SigningKey
from backend.documents.preview import pictures
from backend.documents.score_facts import ScoreFacts
from backend.documents.sign import Signer


@dataclass
class _State:
    fonts_folder: Path
    signing_key: SigningKey | None
    seal: Seal
    fonts: Fonts | None = None
    signer: Signer | None = None

    # Loaded at the first use, so that a bad key gives its own error and not a broken pool.
    def loaded_fonts(self) -> Fonts:
        if self.fonts is None:
            self.fonts = Fonts(self.fonts_folder)
        return self.fonts

    def loaded_signer(self) -> Signer:
        if self.signing_key is None:
            raise SigningRefused("there is no signing key here")
        if self.signer is None:
            self.signer = Signer(self.signing_key)
        return self.signer


_states: list[_State] = []


def start(fonts_folder: Path, signing_key: SigningKey | None, seal: Seal) -> None:
    # Ctrl-C is for the server, which closes the workshop in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_server, daemon=True).start()
    _states[:] = [_State(fonts_folder, signing_key, seal)]


def _end_with_server() -> None:
    server = parent_process()
    if server is not None:
        server.join()
        os._exit(1)  # the server was killed and nobody will take the result


def warm() -> None:
    _states[0].loaded_fonts()
    _states[0].loaded_signer()


def preview(facts: TranscriptFacts) -> list[Picture]:
    return pictures(pages.render(facts, fonts=_states[0].loaded_fonts(), issue=None))


def score_table(facts: ScoreFacts, as_of: str) -> bytes:
    return scores.render(facts, as_of, fonts=_states[0].loaded_fonts())


def score_pictures(facts: ScoreFacts, as_of: str) -> list[Picture]:
    return pictures(score_table(facts, as_of))


def sample(name: str, language: str) -> Picture:
    return sample_pages.draw(_states[0].fonts_folder, name, language)


def make(facts: TranscriptFacts, issue: Issue) -> bytes:
    state = _states[0]
    return making.make(
        facts, issue, fonts=state.loaded_fonts(), signer=state.loaded_signer(), seal=state.seal
    )
