"""What the name of a file says about whose picture it is, kept without the number itself."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from backend.registry import id_numbers
from backend.sealing import Sealer

Says = Literal["id_number", "student_number", "platform", "other"]

_ID_NUMBER = re.compile(r"\d{17}[\dX]", re.ASCII)
_STUDENT_NUMBER = re.compile(r"(?:[A-Z]\d{8}|\d{8,16})", re.ASCII)
PLATFORM = re.compile(  # of messengers, cameras and copies: they say nothing about a person
    r"(?:photo|image|img|pic|picture|file|mmexport|wx_camera|wechatimg|dsc|screenshot|screen|"
    r"图片|照片|微信图片|微信截图|截图|屏幕截图|qq图片|文件)[\da-z_\-. ()（）副本]*",
    re.I | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class NameFacts:
    """``kind`` is what the name without its ending is; ``valid_check_digit`` is of an ID number (GB
    11643); ``index`` is the keyed hash of the number, "" where there is none or no key; ``number``
    is a student number itself, and never an ID number."""

    kind: Says = "other"
    valid_check_digit: bool = False
    index: str = ""
    number: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "NameFacts":
        return cls(**kept)


def facts(name: str, sealer: Sealer | None) -> NameFacts:
    """R15: the name of a photo is an ID number or a student number and nothing else."""
    stem = re.split(r"[/\\]", name)[-1].rpartition(".")[0] or name
    stem = stem.strip().upper()
    if _ID_NUMBER.fullmatch(stem):
        index = sealer.index(stem) if sealer else ""
        return NameFacts("id_number", id_numbers.valid(stem), index)
    if _STUDENT_NUMBER.fullmatch(stem):
        return NameFacts("student_number", False, sealer.index(stem) if sealer else "", stem)
    return NameFacts("platform" if PLATFORM.fullmatch(stem) else "other")
