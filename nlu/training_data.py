"""Utterances in Rasa's YAML, the one source for every interpreter."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from nlu.interpreter import Entity

TRAINING_FOLDER = Path(__file__).parent / "rasa" / "data" / "nlu"
TEST_FOLDER = Path(__file__).parent / "rasa" / "tests"
ENTITY_TEST_FOLDER = TEST_FOLDER / "entities"
"""Dense in entities and often short of context: what they mean is measured apart, and some of it only
what was asked before could tell."""
ANNOTATED_ON = date(2026, 3, 2)
"""The day that 昨天 and 去年十月 are counted from in the annotations: a Monday."""

_ANNOTATION = re.compile(
    r"\[(?P<text>[^\]]+)\]"
    r"(?:\((?P<entity>[a-z_]+)(?::(?P<value>[^)]+))?\)|(?P<one>\{[^}]+\})|\[(?P<many>\{.+?\})\])"
)


@dataclass(frozen=True, slots=True)
class Utterance:
    """An example as a person would type it, and what it means."""

    text: str
    intent: str
    entities: tuple[Entity, ...] = ()


def read(folder: Path = TRAINING_FOLDER) -> list[Utterance]:
    """Every example below ``folder``, files in the order of their names.

    Raises ``ValueError`` naming the file when it is not Rasa 3 training data.
    """
    return [utterance for path in sorted(folder.glob("*.yml")) for utterance in read_file(path)]


def fingerprint(
    folder: Path = TRAINING_FOLDER, pattern: str = "*.yml", more: Path | None = None
) -> str:
    """A hash that changes whenever a file of ``folder`` that fits the pattern does, or ``more``,
    which counts as if it were one of them."""
    digest = hashlib.sha256()
    files = [*folder.glob(pattern), *([more] if more else [])]
    for path in sorted(files, key=lambda path: path.name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def read_file(path: Path) -> Iterator[Utterance]:
    """Every example of one file. Raises ``ValueError`` as :func:`read` does."""
    return (utterance for utterance, _ in read_described(path))


def read_described(path: Path) -> Iterator[tuple[Utterance, dict[str, Any]]]:
    """Each with its metadata, which an example has where it is written as ``text`` and ``metadata``."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not YAML: {error}") from error
    if not isinstance(document, dict) or document.get("version") != "3.1":
        raise ValueError(f'{path}: not Rasa training data of version "3.1"')
    for block in document.get("nlu", ()):
        if "intent" not in block:
            continue
        for example, described in _examples(block["examples"], path):
            yield annotated(example, block["intent"]), described


def _examples(examples: Any, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(examples, list):
        for one in examples:
            if not isinstance(one, dict) or not isinstance(one.get("text"), str):
                raise ValueError(f"{path}: an example has a text: {one!r}")
            yield one["text"].strip(), one.get("metadata") or {}
        return
    for line in examples.splitlines():
        if not line.startswith("- "):
            raise ValueError(f"{path}: an example starts with '- ': {line!r}")
        yield line[2:].strip(), {}


def annotated(example: str, intent: str) -> Utterance:
    """``要[英文](language:en)的`` as plain text with its entities' offsets."""
    text = ""
    entities: list[Entity] = []
    at = 0
    for match in _ANNOTATION.finditer(example):
        text += example[at : match.start()]
        start = len(text)
        text += match["text"]
        for described in _described(match):
            value = described.get("value", match["text"])
            entities.append(Entity(described["entity"], value, start, len(text)))
        at = match.end()
    return Utterance(text + example[at:], intent, tuple(entities))


def _described(match: re.Match[str]) -> list[dict[str, str]]:
    if match["one"]:
        return [json.loads(match["one"])]
    if match["many"]:
        found: list[dict[str, str]] = json.loads(f"[{match['many']}]")
        return found
    return [{"entity": match["entity"], "value": match["value"] or match["text"]}]
