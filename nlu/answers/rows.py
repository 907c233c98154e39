"""Questions about one unit's row of annex 1 (P1): "计算所几号拍", "is the Institute of Chemistry on the 24th"."""

import re

from backend.clauses import shooting
from backend.clauses.library import Library

OWN_ROW = "P1.own_slot"
SEVERAL_ROWS = "P1.school_departments"  # the one unit that has more than one
_WHEN_OR_WHERE = re.compile(
    r"几[点号日月]|哪[天日里儿]|什么时[候间]|时间|多会|啥时|地[点方]|在哪|去哪|[上下]午|早上|晚上|周[一二三四五六日]"
    r"|\d+\s*[号日点]|分组|第?\s*几\s*组|\b(when|where|what time|which (day|group)|morning|afternoon)\b|\d(st|nd|rd|th)\b"
)
_PHOTOS = re.compile(r"拍|照|采集|photo|picture|shoot")


def row_asked_for(text: str, library: Library, nearest: str) -> str:
    """The clause of the row, where a unit is named and when or where its graduates are photographed is
    what is asked; otherwise nothing. ``text`` is normalized, ``nearest`` the clause that came first."""
    row, near = library.entries.get(OWN_ROW), library.entries.get(nearest)
    if row is None or near is None or not _WHEN_OR_WHERE.search(text):
        return ""
    about = near.document is row.document or _PHOTOS.search(text)
    if not about or not shooting.named_in(row.document, text):
        return ""
    return nearest if nearest == SEVERAL_ROWS else OWN_ROW
