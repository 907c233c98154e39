"""The year a question is about: "我2008级的", "大专是2000年毕业的", "16年入学"."""

import re

_YEAR = re.compile(
    r"(?<![\d.-])(?P<whole>(?:19|20)\d\d)(?![\d.-])|(?<![\d.])(?P<short>\d\d)(?=年(?!以|内|限)|级|届)"
)
_THIS_CENTURY = 50  # "49级" is of 2049 rather than of 1949, "98年" of 1998


def year_named(text: str) -> int | None:
    """None where there is none in the normalized text, or more than one."""
    found = {
        int(one["whole"]) if one["whole"] else _in_full(int(one["short"]))
        for one in _YEAR.finditer(text)
    }
    return found.pop() if len(found) == 1 else None


def _in_full(short: int) -> int:
    return short + (2000 if short < _THIS_CENTURY else 1900)
