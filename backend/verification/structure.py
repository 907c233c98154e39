"""What the PDF says of itself, read only after a key of ours is shown to have signed every byte."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from backend.documents.pages import CODE_KEYWORD
from backend.verification.objects import at, items
from backend.verification.raw import Place, Refusal

_MOST_REVISIONS = 2  # before signatures were written with the page, they were added to it
_NO_CHANGES = 1
_SUBFILTER = "/ETSI.CAdES.detached"


@dataclass(frozen=True, slots=True)
class Structure:
    code: str | None
    signed_at: datetime | None  # as the signer says; aware UTC
    pages: int
    appearance: bool  # the signature can be seen on the last page
    attachment: bytes | None
    by_update: bool  # the signature was added to the page by an update, as it was before 0011
    certificates: tuple[bytes, ...]  # DER, put in to prove later that the signature was valid
    ocsps: tuple[bytes, ...]
    crls: tuple[bytes, ...]


def read(revision: bytes, place: Place) -> Structure:
    """Of the part of a file that its signature covers. Raises Refusal, and whatever the parser
    raises."""
    revisions = revision.count(b"startxref")
    if not 1 <= revisions <= _MOST_REVISIONS:
        raise Refusal("unreadable")
    reader = PdfFileReader(BytesIO(_emptied(revision, place)), strict=True)
    field, signature = _signature(reader)
    said = [int(number) for number in items(at(signature, "/ByteRange"))]
    if said != [0, place.start, place.end, place.covered - place.end]:
        raise Refusal("not_whole_file")
    if at(signature, "/SubFilter") != _SUBFILTER:
        raise Refusal("weak_algorithm")
    if not (_forbids_changes(signature) and _certifies(reader, field)):
        raise Refusal("changes_allowed")
    return Structure(
        code=_code(reader),
        signed_at=_moment(at(signature, "/M")),
        pages=int(reader.root["/Pages"]["/Count"]),
        appearance=_is_seen(reader, field),
        attachment=_attachment(reader),
        by_update=revisions > 1,
        certificates=_evidence(reader, "/Certs"),
        ocsps=_evidence(reader, "/OCSPs"),
        crls=_evidence(reader, "/CRLs"),
    )


def _emptied(revision: bytes, place: Place) -> bytes:
    """With nothing in the place of the signature, which has been judged and is long to read."""
    # One long comment: what follows stands where it stood.
    inside = b"> %" + b"0" * (place.end - place.start - 5) + b"\n"
    return revision[: place.start + 1] + inside + revision[place.end :]


def _signature(
    reader: PdfFileReader,
) -> tuple[generic.DictionaryObject, generic.DictionaryObject]:
    """The only field with a signature in it, and that signature."""
    fields = items(at(at(reader.root, "/AcroForm"), "/Fields"))
    found = [one for one in fields if at(one, "/FT") == "/Sig" and at(one, "/V") is not None]
    if len(found) != 1:
        raise Refusal("several_signatures" if found else "no_signature")
    return found[0], found[0]["/V"]


def _forbids_changes(signature: generic.DictionaryObject) -> bool:
    """ISO 32000-2, 12.8.2.2: DocMDP, and what it permits."""
    methods = [
        at(at(one, "/TransformParams"), "/P")
        for one in items(at(signature, "/Reference"))
        if at(one, "/TransformMethod") == "/DocMDP"
    ]
    return methods == [_NO_CHANGES]


def _certifies(reader: PdfFileReader, field: generic.DictionaryObject) -> bool:
    permissions = at(reader.root, "/Perms")
    if at(permissions, "/DocMDP") is None:
        return False
    return bool(permissions.raw_get("/DocMDP") == field.raw_get("/V"))


def _moment(said: object) -> datetime | None:
    if said is None:
        return None
    moment = generic.parse_pdf_date(str(said))
    return moment.astimezone(UTC)


def _code(reader: PdfFileReader) -> str | None:
    words = str(at(at(reader.trailer_view, "/Info"), "/Keywords") or "")
    return words.removeprefix(CODE_KEYWORD) if words.startswith(CODE_KEYWORD) else None


def _is_seen(reader: PdfFileReader, field: generic.DictionaryObject) -> bool:
    left, bottom, right, top = (float(one) for one in field["/Rect"])
    shown = "/AP" in field and right > left and top > bottom
    return shown and _stands_on_last_page(reader, field)


def _stands_on_last_page(reader: PdfFileReader, field: generic.DictionaryObject) -> bool:
    page: Any = reader.root["/Pages"]
    while "/Kids" in page:
        page = page["/Kids"][-1]
    return any(at(one, "/T") == field["/T"] for one in items(at(page, "/Annots")))


def _attachment(reader: PdfFileReader) -> bytes | None:
    """The data that come with the pages; the first file that the document names as such."""
    named = items(at(reader.root, "/AF"))
    if not named:
        return None
    data: bytes = named[0]["/EF"]["/F"].data
    return data


def _evidence(reader: PdfFileReader, kind: str) -> tuple[bytes, ...]:
    return tuple(one.data for one in items(at(at(reader.root, "/DSS"), kind)))
