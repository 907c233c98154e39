"""Where a play takes place: a data folder of its own, from one that has been prepared."""

import shutil
from pathlib import Path

from bot.settings import DEMO_MARK


def fresh_data(prepared: Path, into: Path) -> Path:
    """A data folder of its own for one play, from one that has been prepared."""
    into.mkdir(parents=True)
    for name in ("registrar.db", "secrets", "demo-ca", DEMO_MARK):
        source = prepared / name
        if source.is_dir():
            shutil.copytree(source, into / name)
        else:
            shutil.copy(source, into / name)
    for name in ("fonts", "model"):
        (into / name).symlink_to((prepared / name).resolve())
    return into
