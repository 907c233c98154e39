"""One column of a file."""

from dataclasses import dataclass

from backend.registry.values import Reader


@dataclass(frozen=True, slots=True)
class Column:
    """A column a file must have, if ``required``; where ``blank``, a cell may say nothing, which
    means ``empty``."""

    key: str
    zh: str
    en: str
    read: Reader
    required: bool = True
    blank: bool = False
    limit: int = 100
    empty: object = None


def optional(
    key: str, zh: str, en: str, read: Reader, limit: int = 100, empty: object = None
) -> Column:
    return Column(key, zh, en, read, required=False, blank=True, limit=limit, empty=empty)
