"""What a trained model was made from, told without importing what trains it."""

from pathlib import Path

from nlu.training_data import TRAINING_FOLDER, fingerprint

_CODE = ("concepts.py", "features.py", "homophones.py", "model.py", "normalize.py", "train.py")


def provenance(folder: Path = TRAINING_FOLDER) -> str:
    """A hash of the examples and of the code that turns them into numbers."""
    here = Path(__file__).parent
    return "-".join([fingerprint(folder), *(fingerprint(here, name)[:8] for name in _CODE)])
