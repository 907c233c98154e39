"""What sort of file it is, as its sender says: a type and a subtype, or nothing that is believed."""

import re

UNKNOWN = "application/octet-stream"
_NAME = r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}"  # RFC 6838, which allows twice as much
_TYPE = re.compile(rf"{_NAME}/{_NAME}")


def strict(said: str) -> str:
    """In small letters, without parameters; ``UNKNOWN`` for whatever else was said."""
    small = said.lower() if said.isascii() else ""
    return small if _TYPE.fullmatch(small) else UNKNOWN
