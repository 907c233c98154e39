"""Numbers that stand for something: orders, applications, exam tickets, phones."""

import re
from collections.abc import Iterator

_STARTS, _ENDS = r"(?<![0-9a-z])", r"(?![0-9a-z])"
_FILED = re.compile(_STARTS + r"([a-z])\s?([0-9]{6})\s?[-_/.]?\s?([0-9]{4})" + _ENDS)
_EXAM_TICKET = re.compile(
    _STARTS
    + r"[0-9]{12}"
    + _ENDS
    + r"|(?<=准考证)(?:号码?)?(?:是|为|[::])?\s?(?P<n>[0-9]{9,15})"
    + _ENDS
)
_PHONE = re.compile(
    _STARTS + r"(?:\+?86[\s\-]?)?(1[3-9][0-9])[\s\-]?([0-9]{4})[\s\-]?([0-9]{4})" + _ENDS
)
_LANDLINE = re.compile(_STARTS + r"0[0-9]{2,3}[\s\-]?[0-9]{7,8}" + _ENDS)
_ORDERED = re.compile(
    r"订单|定单|单号|这单|那单|这笔|那笔|单子|付|缴|交费|掏钱|扣|退款|退钱|退歀|退我|发票|开票|开个?票|补个?票|票据"
    r"|order|pay|paid|bill|refund|invoice|fapiao|receipt"
)
_APPLIED = re.compile(r"申请|审|同意|撤|批了|转出|迁|application|request")


def find_numbers(text: str) -> Iterator[tuple[str, str, int, int]]:
    """``(entity, value, start, end)`` in folded text."""
    for match in _FILED.finditer(text):
        yield _of_a_case(match[1], text), f"{match[1].upper()}{match[2]}-{match[3]}", *match.span()
    for match in _EXAM_TICKET.finditer(text):
        group = "n" if match["n"] else 0
        yield "exam_ticket", match[group], *match.span(group)
    for match in _PHONE.finditer(text):
        yield "phone", "".join(match.groups()), *match.span()
    for match in _LANDLINE.finditer(text):
        yield "phone", match[0], *match.span()


def _of_a_case(letter: str, text: str) -> str:
    """D is an order's, the others are those of applications, G of a broadcast, H of a talk; under a
    letter that nothing has, what the words are about."""
    if letter == "d":
        return "order_number"
    if letter in "tghmbczwprk":
        return "application_number"
    ordered = _ORDERED.search(text) and not (
        _APPLIED.search(text) and not re.search("退|refund", text)
    )
    return "order_number" if ordered else "application_number"
