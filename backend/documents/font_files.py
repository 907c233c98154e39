"""Which fonts documents are set in, and where they are kept. Light to import, for every process."""

from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGE = "justmytype-intl-cjk"
STYLES = {400: "Regular", 700: "Bold"}

# Raise it when the way instances are made changes.
_MAKING = 1


@cache
def edition() -> str:
    """Names the set of fonts; another one may have other characters. ``0.1.0-1``"""
    return f"{version(PACKAGE)}-{_MAKING}"


def instance_path(folder: Path, weight: int) -> Path:
    return folder / f"NotoSansSC-{weight}-{edition()}.ttf"


def absent(folder: Path) -> list[int]:
    """The weights of this edition that have not been prepared in ``folder``."""
    return [weight for weight in STYLES if not instance_path(folder, weight).is_file()]
