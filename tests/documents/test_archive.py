"""Behind a signature stands our own archive section, byte for byte, or something else."""

from collections.abc import Callable

import pytest

from backend.documents import archive
from backend.documents.materials import Level

Issued = Callable[..., bytes]


@pytest.fixture(scope="module")
def kept(issued: Issued) -> tuple[bytes, bytes, bytes]:
    """A file for archives, the signed revision in it, and the token."""
    pdf = issued(Level.B_LTA)
    signed, token = archive.without(pdf)
    assert token
    return pdf, signed, token


def test_it_is_rebuilt_from_its_token(kept: tuple[bytes, bytes, bytes]) -> None:
    pdf, signed, token = kept
    assert signed + archive.tail(signed, token) == pdf
    assert archive.without(signed) == (signed, None)


def test_no_byte_of_it_can_be_other(kept: tuple[bytes, bytes, bytes]) -> None:
    pdf, signed, token = kept
    stamp = pdf.index(b"/Contents <", len(signed)) + len(b"/Contents <")
    content = range(stamp, stamp + 2 * len(token))  # free, but proved by its signature
    for place in range(len(signed), len(pdf)):
        if place in content or (place % 37 and stamp < place < stamp + archive.DIGITS - 8):
            continue
        changed = bytearray(pdf)
        changed[place] ^= 1
        assert archive.without(bytes(changed))[1] is None, place


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf, signed: pdf + b"\n",
        lambda pdf, signed: pdf + b"%%EOF\n",
        lambda pdf, signed: pdf[:-1],
        lambda pdf, signed: pdf + pdf[len(signed) :],
        lambda pdf, signed: signed + b"\n" + pdf[len(signed) :],
        lambda pdf, signed: pdf.replace(b"\nxref\n0 1", b"\nxref\r0 1"),
        lambda pdf, signed: signed + pdf[len(signed) :].lower(),
        lambda pdf, signed: signed[:-6] + pdf[len(signed) :],
        lambda pdf, signed: pdf[len(signed) :],
        lambda pdf, signed: b"",
        lambda pdf, signed: b"%%EOF\n",
    ],
)
def test_what_was_added_or_left_out_is_not_ours(
    kept: tuple[bytes, bytes, bytes], change: Callable[[bytes, bytes], bytes]
) -> None:
    changed = change(kept[0], kept[1])
    assert archive.without(changed) == (changed, None)


def test_a_file_not_made_for_archives_has_no_place_for_it(issued: Issued) -> None:
    with pytest.raises(ValueError, match="not a file that was made for archives"):
        archive.tail(issued(Level.B_B), b"")


def test_a_stamp_larger_than_its_place_is_refused(kept: tuple[bytes, bytes, bytes]) -> None:
    with pytest.raises(ValueError, match="has room for"):
        archive.tail(kept[1], bytes(archive.DIGITS))
