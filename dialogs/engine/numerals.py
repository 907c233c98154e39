"""Whole numbers as people write them: 12, １２, 十二, 两."""

import re
from unicodedata import normalize

_DIGITS = {
    **{digit: value for value, digit in enumerate("零一二三四五六七八九")},
    **{digit: value for value, digit in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    **{"两": 2, "俩": 2, "仨": 3},
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_CHINESE = "".join((*_DIGITS, *_TENS))
NUMERAL = re.compile(rf"\d{{1,9}}|[{_CHINESE}]{{1,7}}")


def whole_number(numeral: str) -> int | None:
    """``二百零五`` is 205; digits alone (``二〇二六``) are read one by one. None where it is none."""
    words = normalize("NFKC", numeral)
    if words.isascii() and words.isdigit() and len(words) <= 9:
        return int(words)
    if not words or any(one not in _CHINESE for one in words):
        return None
    if len(words) > 1 and not any(one in _TENS for one in words):
        return int("".join(str(_DIGITS[one]) for one in words))
    total, digit = 0, 0
    last = 10_000
    for one in words:
        if one in _TENS:
            if _TENS[one] >= last:
                return None
            last = _TENS[one]
            total += (digit or 1) * last
            digit = 0
        elif digit:
            return None
        else:
            digit = _DIGITS[one]
    return total + digit


def numbers_in(words: str) -> list[int]:
    """Every number that stands in the words."""
    found = (whole_number(one) for one in NUMERAL.findall(normalize("NFKC", words)))
    return [one for one in found if one is not None]
