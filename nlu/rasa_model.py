"""Which model Rasa should serve: ``python -m nlu.rasa_model`` prints its name.

The name tells what a model was made from, so that a server can be asked whether its model is of the
examples as they are.
"""

import hashlib

from nlu.training_data import TRAINING_FOLDER, fingerprint

PROJECT = TRAINING_FOLDER.parents[1]
_MADE_FROM = (
    (TRAINING_FOLDER, "*.yml"),
    (PROJECT, "config.yml"),
    (PROJECT, "lock.txt"),
    (PROJECT / "components", "*.py"),
    (PROJECT.parent, "homophones.py"),
    (PROJECT.parent, "normalize.py"),
)


def model_name() -> str:
    """Of a model of the examples, pipeline, components and versions as they are now."""
    parts = "".join(fingerprint(folder, pattern) for folder, pattern in _MADE_FROM)
    return f"registrar-{hashlib.sha256(parts.encode()).hexdigest()[:16]}"


if __name__ == "__main__":
    print(model_name())
