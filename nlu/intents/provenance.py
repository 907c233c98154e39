"""What a trained model was made from, told without importing what trains it."""

from pathlib import Path

from nlu.training_data import TRAINING_FOLDER, fingerprint

_ROOT = Path(__file__).parents[1]
_READING = ("homophones.py", "normalize.py")
_LIGHT = ("concepts.py", "features.py", "kinds.py", "model.py", "train.py")


def provenance(folder: Path = TRAINING_FOLDER, learnt: Path | None = None) -> str:
    """A hash of the examples and of the code that turns them into numbers.

    ``learnt`` is a file of examples besides, as if it stood in the folder.
    """
    return _of(folder, _LIGHT, learnt)


def _of(folder: Path, code: tuple[str, ...], more: Path | None) -> str:
    parts = [fingerprint(_ROOT, name)[:8] for name in _READING]
    parts += [fingerprint(_ROOT / "intents", name)[:8] for name in code]
    parts.append(fingerprint(_ROOT / "entities", "*.py")[:8])
    return "-".join([fingerprint(folder, more=more), *parts])
