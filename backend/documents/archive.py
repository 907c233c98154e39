"""The time stamp over a whole file, for archives (PAdES B-LTA): two objects, written in one way only.

What follows a signature is not protected by it, and a certification that allows no changes allows
this one thing (ISO 32000-2, Table 257 and 12.8.5.3). So whoever checks a file rebuilds the section
from the token, which is all that is free in it, and compares: a byte changed, added or left out is
something else. Light to import: the server writes it, when the stamp has come.
"""

import re
from hashlib import sha256

from asn1crypto import cms, parser

from backend.documents.hole import Hole, byte_range

DIGITS = 24576  # hexadecimal, for the token with the certificates of its authority

_FIELD = re.compile(
    rb"\n(\d{1,8}) 0 obj\s*\n"
    rb"(<< /Type /Annot /Subtype /Widget /FT /Sig /F 132 /T \(Archive\) /Rect \[0 0 0 0\]"
    rb" /P \d{1,8} 0 R) >>\s*\nendobj"
)
_END = b"%%EOF\n"
_OPENING = b"<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 "


def digest(signed: bytes) -> bytes:
    """The SHA-256 that the stamp is for. Raises ValueError when the file is none of ours."""
    before, after = _around(signed)
    found = sha256(signed)
    found.update(before)
    found.update(after)
    return found.digest()


def tail(signed: bytes, token: bytes) -> bytes:
    """What follows the signed revision. Raises ValueError for a file that is none of ours, and for a
    token that does not fit."""
    digits = token.hex().upper().encode()
    if len(digits) > DIGITS:
        raise ValueError(f"the time stamp needs {len(digits)} digits and has room for {DIGITS}")
    before, after = _around(signed)
    return before + b"<" + digits.ljust(DIGITS, b"0") + b">" + after


def without(pdf: bytes) -> tuple[bytes, bytes | None]:
    """The signed revision and the token, when what follows it is exactly what `tail` writes.

    Otherwise the whole file and None. Never raises. Nothing is said of whose token it is.
    """
    end = pdf.rfind(_END, 0, max(len(pdf) - len(_END), 0)) + len(_END)
    signed, rest = pdf[:end], pdf[end:]
    if end < len(_END) or len(rest) < DIGITS:
        return pdf, None
    try:
        before, _ = _around(signed)
        raw = bytes.fromhex(rest[len(before) + 1 : len(before) + 1 + DIGITS].decode("ascii"))
        token = raw[: parser.peek(raw)]
        cms.ContentInfo.load(token, strict=True)
        same = tail(signed, token) == rest
    except (ValueError, UnicodeDecodeError):
        return pdf, None
    return (signed, token) if same else (pdf, None)


def extent(signed: bytes, rest: bytes) -> int | None:
    """How long the section is that ``rest``, which follows the signed revision, begins with; None
    where it begins otherwise. Never raises."""
    try:
        before, after = _around(signed)
    except ValueError:
        return None
    begun = bool(rest) and rest[: len(before)] == before[: len(rest)]
    return len(before) + DIGITS + 2 + len(after) if begun else None


def _around(signed: bytes) -> tuple[bytes, bytes]:
    """All of the section but the stamp: what stands before "<" and after ">"."""
    field = _one(_FIELD, signed)
    trailer = signed[signed.rindex(b"trailer") :]
    size, root, info = (
        int(_one(re.compile(rb"/" + name + rb" (\d{1,8})\b"), trailer)[1])
        for name in (b"Size", b"Root", b"Info")
    )
    first = _one(re.compile(rb"/ID\s*\[\s*<([0-9a-fA-F]{32})>"), trailer)[1]
    previous = int(_one(re.compile(rb"startxref\s+(\d{1,9})\s+%%EOF\n\Z"), trailer)[1])
    filled = b"%s 0 obj\n%s /V %d 0 R >>\nendobj\n" % (field[1], field[2], size)
    stamp = b"%d 0 obj\n%s" % (size, _OPENING)
    at = len(signed) + len(filled)
    hole = Hole(start := at + len(stamp) + len(byte_range(Hole(0, 0), 0)) + 11, start + DIGITS + 2)
    closing = b" >>\nendobj\n"
    table = (
        b"xref\n0 1\n0000000000 65535 f \n%s 1\n%010d 00000 n \n%d 1\n%010d 00000 n \n"
        b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /Prev %d /ID [<%s><%s>] >>\n"
        b"startxref\n%d\n%%%%EOF\n"
    ) % (
        *(field[1], len(signed), size, at),
        *(size + 1, root, info, previous, first, sha256(signed).hexdigest()[:32].encode()),
        hole.end + len(closing),
    )
    after = closing + table
    said = byte_range(hole, hole.end + len(after))
    return filled + stamp + said + b" /Contents ", after


def _one(pattern: re.Pattern[bytes], text: bytes) -> re.Match[bytes]:
    """What we wrote is there once. Raises ValueError for anything else."""
    found = list(pattern.finditer(text))
    if len(found) != 1:
        raise ValueError("this is not a file that was made for archives here")
    return found[0]
