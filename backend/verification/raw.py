"""Where the signature stands in a file, and how far it covers: told by the bytes alone.

No parser of PDF sees a file before a key of ours is shown to have signed it, for parsers can be led
astray (Mladenov et al., CCS 2019; Mainka et al., NDSS 2021).
"""

import re
from dataclasses import dataclass

from backend.verification.inspector import MAX_BYTES


class Refusal(Exception):
    """What was sent is not genuine; the code and facts are those of a reason."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def _any_spelling(name: bytes) -> bytes:
    # Each character of a name may be written as # and its number (ISO 32000-1, 7.3.5).
    return b"/" + b"".join(b"(?:%c|#%02x|#%02X)" % (one, one, one) for one in name)


_RANGE = b"/ByteRange"
_RANGES = re.compile(_any_spelling(_RANGE[1:]) + rb"(?![A-Za-z0-9#_.-])")
_FOUR = re.compile(rb"[\s\0]*\[[\s\0]*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_NOTHING = re.compile(rb"[\s\0]*(?:null\b|/|>>|\[[\s\0]*\])")
_HOLE = re.compile(rb"<[0-9A-Fa-f]*>")
_SIGNATURE = re.compile(rb"/Type\s*/Sig\b|/Adobe\.PPKLite\b|/ETSI\.CAdES\.detached\b")
_HEADER = b"%PDF-"
_END = b"%%EOF"
_NEAR = 1024  # readers look so far for the header and the end


@dataclass(frozen=True, slots=True)
class Place:
    """The first signature of a file. ``fault`` is what speaks against it where it is one of ours;
    somebody else's may be written otherwise."""

    start: int  # of "<"
    end: int  # past ">"
    covered: int  # bytes from the beginning that it says to cover, its own place included
    hole: bytes  # what stands between "<" and ">"
    fault: str | None = None


def find(pdf: bytes) -> Place:
    """Raises Refusal where no signature is, or none that covers anything."""
    _check_kind(pdf)
    if b"/Encrypt" in pdf:
        raise Refusal("encrypted")
    found = list(_RANGES.finditer(pdf))
    if not found:
        raise Refusal(_without_range(pdf))
    if any(one[0] != _RANGE for one in found):
        raise Refusal("range_forged")
    numbers = _FOUR.match(pdf, found[0].end())
    if numbers is None:
        nothing = _NOTHING.match(pdf, found[0].end())
        raise Refusal("signature_removed" if nothing else "range_forged")
    first, start, end, rest = (int(one) for one in numbers.groups())
    if first != 0 or not 0 < start < end or rest == 0:
        raise Refusal("range_forged")
    if len(found) > 1 and _same_object(pdf, found[0].end(), found[1].start()):
        raise Refusal("range_forged")
    covered = end + rest
    if pdf[start : start + 1] != b"<":
        raise Refusal(_nothing_there(pdf, start, covered))
    if pdf[start : start + 2] == b"<>":
        raise Refusal("signature_removed")
    if not pdf[:start].rstrip().endswith(b"/Contents"):
        renamed = _HOLE.fullmatch(pdf, start, end)  # or another "<" stands here by chance
        raise Refusal("signature_removed" if renamed else _nothing_there(pdf, start, covered))
    hole, fault = pdf[start + 1 : end - 1], None
    closed = pdf.find(b">", start, end)
    if covered > len(pdf):
        hole, fault = pdf[start + 1 : closed if closed > 0 else len(pdf)], "truncated"
    elif closed != end - 1 or not _HOLE.fullmatch(pdf, start, end):
        hole, fault = pdf[start + 1 : closed if closed > 0 else end], "gap"
    elif any(other.start() < covered for other in found[1:]):
        fault = "several_signatures"
    return Place(start, end, covered, hole, fault)


def _check_kind(pdf: bytes) -> None:
    if not pdf:
        raise Refusal("empty")
    if len(pdf) > MAX_BYTES:
        raise Refusal("too_large")
    if not pdf.startswith(_HEADER):
        raise Refusal("prepended" if _HEADER in pdf[:_NEAR] else "not_pdf")


def _same_object(pdf: bytes, first: int, second: int) -> bool:
    return pdf.find(b"endobj", first, second) < 0


def _whole(pdf: bytes) -> bool:
    return _END in pdf[-_NEAR:]


def _without_range(pdf: bytes) -> str:
    if not _whole(pdf):
        return "truncated"
    return "signature_removed" if _SIGNATURE.search(pdf) else "no_signature"


def _nothing_there(pdf: bytes, start: int, covered: int) -> str:
    """Why no signature stands where it is said to."""
    if covered > len(pdf) and not _whole(pdf):
        return "truncated"
    at = pdf.find(b"/Contents", max(0, start - 64), start)
    empty = re.compile(rb"/Contents[\s\0]*(?:null\b|/|>>)")
    return "signature_removed" if at >= 0 and empty.match(pdf, at) else "resaved"
