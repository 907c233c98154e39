"""Which interpreter is better: ``python -m nlu.report`` measures them and writes docs/nlu-report.md.

The embedded interpreter is trained anew and measured with letters alone and as the cascade it is. A
Rasa server is measured when one answers at ``--rasa`` (or ``RASA_URL``) under the token ``RASA_TOKEN``,
which ``make nlu-report`` takes from the installation. What cannot be measured here is named in the
report as not measured.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import httpx

from nlu import report_page
from nlu.embedded import EmbeddedInterpreter, second_opinion
from nlu.entities.extractor import EntityExtractor
from nlu.intents.meaning import MeaningModel
from nlu.intents.model import LinearModel
from nlu.intents.vectors import embedder
from nlu.interpreter import OUT_OF_SCOPE, Entity, Interpreter, Parse
from nlu.measure import Measured, measure
from nlu.remote import RemoteInterpreter
from nlu.training_data import (
    ANNOTATED_ON,
    ENTITY_TEST_FOLDER,
    TEST_FOLDER,
    Utterance,
    read,
    read_file,
)

DOCUMENT = Path(__file__).parents[1] / "docs" / "nlu-report.md"
LETTERS, CASCADE, RASA = "embedded, letters alone", "embedded, cascade", "Rasa"
TOGETHER = "Rasa, embedded where it is unsure"  # as the assistant uses it
_UNSURE = "nlu_fallback"  # what Rasa's own threshold answers
_PATIENCE = httpx.Timeout(10)
_HOLDING = """
import sys
from pathlib import Path
from nlu.embedded import EmbeddedInterpreter, second_opinion
from nlu.intents.model import LinearModel
model = LinearModel.load(Path(sys.argv[1]))
meaning = second_opinion(model) if sys.argv[2] == "cascade" else None
EmbeddedInterpreter(model, meaning=meaning).parse("how might somebody word what nobody ever asked")
print(next(l for l in open("/proc/self/status") if l.startswith("VmRSS")).split()[1])
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An interpreter and what is known of it besides its answers; None is what nobody measured."""

    name: str
    interpreter: Interpreter | None
    why_not: str = ""
    train_seconds: float | None = None
    megabytes: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """``entities`` are measured on more utterances than intents are."""

    candidate: Candidate
    measured: Measured | None
    entities: Measured | None
    by_set: dict[str, Measured]
    entities_by_set: dict[str, Measured]


def compare(
    candidates: Sequence[Candidate],
    sets: dict[str, list[Utterance]],
    entity_sets: dict[str, list[Utterance]],
    progress: Callable[[str], None] = lambda _: None,
) -> list[Result]:
    """Every candidate on every test set, and on all of them together; of ``entity_sets`` only the
    entities are a measure."""
    everything = [utterance for utterances in sets.values() for utterance in utterances]
    more = [utterance for utterances in entity_sets.values() for utterance in utterances]
    results = []
    for candidate in candidates:
        interpreter = candidate.interpreter
        if interpreter is None:
            progress(f"{candidate.name}: not measured: {candidate.why_not}")
            results.append(Result(candidate, None, None, {}, {}))
            continue
        progress(f"{candidate.name}: {len(everything)} utterances")
        results.append(
            Result(
                candidate,
                measure(interpreter, everything),
                measure(interpreter, everything + more),
                {name: measure(interpreter, some) for name, some in sets.items()},
                {name: measure(interpreter, some) for name, some in entity_sets.items()},
            )
        )
    return results


class RasaServer:
    """Rasa's own HTTP API (``POST /model/parse``) as an interpreter."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def parse(self, text: str) -> Parse:
        try:
            answer = self._client.post("/model/parse", json={"text": text})
            told = answer.raise_for_status().json()
            intent = str(told["intent"]["name"])
            return Parse(
                OUT_OF_SCOPE if intent == _UNSURE else intent,
                float(told["intent"]["confidence"]),
                tuple((str(i["name"]), float(i["confidence"])) for i in told["intent_ranking"]),
                tuple(
                    Entity(str(e["entity"]), str(e["value"]), int(e["start"]), int(e["end"]))
                    for e in told["entities"]
                ),
            )
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return Parse()


def embedded(
    folder: Path, progress: Callable[[str], None], *, anew: bool = False
) -> tuple[Candidate, Candidate]:
    """Both, trained now; ``folder`` takes the model. The second opinion, which takes minutes, is
    trained only where ``anew``, and otherwise is the one of the repository."""
    from nlu.intents.train import train  # noqa: PLC0415 - scikit-learn takes seconds to import

    progress("training the embedded interpreter")
    began = time.monotonic()
    model = train()
    took = time.monotonic() - began
    model.save(folder)
    extractor = EntityExtractor(today=lambda: ANNOTATED_ON)
    letters = Candidate(
        LETTERS,
        EmbeddedInterpreter(model, extractor),
        train_seconds=took,
        megabytes=_holding(folder, "letters"),
    )
    meaning = second_opinion(model)
    if meaning is None or embedder() is None:
        return letters, Candidate(CASCADE, None, "there are no sentence vectors on this machine")
    seconds: float | None = None
    if anew:
        from nlu.intents.train_meaning import train_meaning  # noqa: PLC0415 - scikit-learn again

        progress("training the second opinion")
        began = time.monotonic()
        meaning = train_meaning()
        seconds = took + time.monotonic() - began
    return letters, _cascade(model, meaning, extractor, folder, seconds)


def _cascade(
    model: LinearModel,
    meaning: MeaningModel,
    extractor: EntityExtractor,
    folder: Path,
    seconds: float | None,
) -> Candidate:
    return Candidate(
        CASCADE,
        EmbeddedInterpreter(model, extractor, meaning),
        train_seconds=seconds,
        megabytes=_holding(folder, "cascade"),
    )


def _holding(folder: Path, which: str) -> float | None:
    """Megabytes a process holds that has done nothing else; None where the system does not tell."""
    if not Path("/proc/self/status").exists():
        return None
    command = [sys.executable, "-c", _HOLDING, str(folder), which]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603 - ourselves
    return int(done.stdout) / 1024 if done.returncode == 0 else None


@contextmanager
def rasa(address: str, transport: httpx.BaseTransport | None = None) -> Iterator[Candidate]:
    """The server at this address, if one answers there with a model in it."""
    if not address:
        yield Candidate(RASA, None, "no address was given (--rasa or RASA_URL)")
        return
    given = {"token": token()} if token() else {}
    with httpx.Client(
        base_url=address, params=given, timeout=_PATIENCE, transport=transport
    ) as client:
        try:
            client.post("/model/parse", json={"text": "你好"}).raise_for_status().json()["intent"]
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
            yield Candidate(RASA, None, f"no server with a model answered ({type(error).__name__})")
            return
        yield Candidate(RASA, RasaServer(client))


@contextmanager
def together(address: str, server: Candidate, cascade: Candidate) -> Iterator[Candidate]:
    """Both, where both are there: what people are answered by in an installation with Rasa."""
    if server.interpreter is None or cascade.interpreter is None:
        yield Candidate(TOGETHER, None, server.why_not or cascade.why_not)
        return
    used = RemoteInterpreter(
        address,
        cascade.interpreter,
        EntityExtractor(today=lambda: ANNOTATED_ON),
        {one.intent for one in read()},
        deadline=_PATIENCE.read or 0,
        token=token(),
    )
    with closing(used):
        yield Candidate(TOGETHER, used)


def token() -> str:
    return os.environ.get("RASA_TOKEN", "")


def sets_in(folder: Path = TEST_FOLDER) -> dict[str, list[Utterance]]:
    return {path.stem: list(read_file(path)) for path in sorted(folder.glob("*.yml"))}


def machine() -> str:
    """Processor, cores, memory and versions; nothing that names the machine."""
    model, memory = platform.machine(), ""
    if (info := Path("/proc/cpuinfo")).exists():
        named = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = named[0].partition(":")[2].strip() if named else model
    if (info := Path("/proc/meminfo")).exists():
        memory = f", {int(info.read_text().split()[1]) / 1024**2:.0f} GiB"
    load = f"; load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{model}, {os.cpu_count()} cores{memory}; {platform.system()},"
        f" Python {platform.python_version()}{load}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m nlu.report", description=__doc__)
    parser.add_argument("--rasa", default=os.environ.get("RASA_URL", ""), help="its address")
    parser.add_argument("--anew", action="store_true", help="train the second opinion too: minutes")
    parser.add_argument("--out", type=Path, default=DOCUMENT)
    options = parser.parse_args(arguments)

    def say(line: str) -> None:
        print(f"· {line}", flush=True)

    described = machine()
    with TemporaryDirectory() as name, rasa(options.rasa) as server:
        letters, cascade = embedded(Path(name), say, anew=options.anew)
        with together(options.rasa, server, cascade) as both:
            candidates = [letters, cascade, server, both]
            results = compare(candidates, sets_in(), sets_in(ENTITY_TEST_FOLDER), say)
    today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()
    options.out.write_text(
        report_page.page(results, described, today, trained_on=len(read())), encoding="utf-8"
    )
    say(str(options.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
