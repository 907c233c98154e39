"""The model that this installation has taught: published whole, found by the next start.

It stands beside the one of the shipped examples (``learnt`` in the folder of the cache, a link to
the latest): its models, and the examples it learnt besides. While those and the shipped ones are what
it was trained from, it is the one in use.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from nlu import learnt
from nlu.intents.meaning import MeaningModel
from nlu.intents.model import LinearModel, UnusableModel
from nlu.intents.provenance import provenance
from nlu.learnt import Taught
from nlu.training_data import TRAINING_FOLDER

LINK = "learnt"
MEANING = "meaning.npz"
REPORT = "report.txt"


@dataclass(frozen=True, slots=True)
class Published:
    """``meaning`` is None where it was trained without sentence vectors."""

    model: LinearModel
    meaning: MeaningModel | None


def published(cache: Path, examples: Path = TRAINING_FOLDER) -> Published | None:
    """What has been published, if it was made from the examples as they are now."""
    try:
        folder = (cache / LINK).resolve(strict=True)
        model = LinearModel.load(folder)
        if model.fingerprint != provenance(examples, folder / learnt.FILE):
            return None
        meaning = MeaningModel.load(folder / MEANING) if (folder / MEANING).exists() else None
    except (OSError, UnusableModel):
        return None
    if meaning is not None and (
        meaning.fingerprint != model.fingerprint or meaning.intents != model.intents
    ):
        return None
    return Published(model, meaning)


def outdated(cache: Path, examples: Path = TRAINING_FOLDER) -> bool:
    """Something has been published, and is not used any more: an upgrade brought other examples."""
    return (cache / LINK).is_symlink() and published(cache, examples) is None


def publish(
    cache: Path,
    model: LinearModel,
    meaning: MeaningModel | None,
    examples: Sequence[Taught],
    report: str,
) -> Path:
    """In place of what was published before, at one stroke; returns where it is.

    ``examples`` are the learnt ones. A server that is running keeps what it has loaded.
    """
    cache.mkdir(parents=True, exist_ok=True)
    name = f"{LINK}-{token_hex(4)}"
    draft = cache / f".{name}"
    draft.mkdir(mode=0o700)
    try:
        model.save(draft)
        if meaning is not None:
            meaning.save(draft / MEANING)
        learnt.write(examples, draft / learnt.FILE)
        (draft / REPORT).write_text(report, "utf-8")
        draft.rename(cache / name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    link = cache / f".{name}.link"
    link.symlink_to(name)
    before = current(cache)
    os.replace(link, cache / LINK)
    for old in cache.glob(f"{LINK}-*"):
        if old.name not in (name, before):  # a server that starts this moment may read the last one
            shutil.rmtree(old, ignore_errors=True)
    return cache / name


def current(cache: Path) -> str:
    """The name of the folder in use, or nothing."""
    try:
        return os.readlink(cache / LINK)
    except OSError:
        return ""


def forget(cache: Path) -> bool:
    """From the next start on, the model of the shipped examples; False where it was that already."""
    there = (cache / LINK).is_symlink()
    (cache / LINK).unlink(missing_ok=True)
    for old in cache.glob(f"{LINK}-*"):
        shutil.rmtree(old, ignore_errors=True)
    return there
