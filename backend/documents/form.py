"""The signature field as the renderer writes it, so that a file has one revision only.

Certification that allows no changes (DocMDP, P=1), the seal as its appearance, and for archives a
second field, empty and unseen, that a time stamp fills later by two objects and nothing else.
ISO 32000-2, 12.7.5.5 and 12.8; ETSI EN 319 142-1.
"""

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from backend.documents import hole
from backend.documents.canvas import Document, DocumentCanvas, Written
from backend.documents.materials import Evidence

FIELD, ARCHIVE_FIELD = b"Seal", b"Archive"

_EXTENSIONS = b"<< /ESIC << /Type /DeveloperExtensions /BaseVersion /1.7 /ExtensionLevel 1 >> >>"
_PERMISSIONS = (
    b"[<< /Type /SigRef /TransformMethod /DocMDP"
    b" /TransformParams << /Type /TransformParams /V /1.2 /P 1 >> >>]"
)


@dataclass(frozen=True, slots=True)
class Field:
    """What the signature says about itself, and how large it can become."""

    box: tuple[int, int, int, int]  # on the page, in points
    seal: bytes  # drawing operators of the appearance
    digits: int  # hexadecimal
    signer: str
    reason: str
    when: datetime  # aware
    evidence: Evidence | None = None
    archive: bool = False  # a time stamp over everything will follow


def add(canvas: DocumentCanvas, field: Field) -> None:
    """Put the field on the page that is being drawn, which must be the last."""
    doc = canvas.document
    signature = doc.written(
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached "
        + hole.entries(field.digits)
        + f" /M (D:{field.when.astimezone(UTC):%Y%m%d%H%M%S}Z)".encode()
        + b" /Name " + text(field.signer)
        + b" /Reason " + text(field.reason)
        + b" /Reference " + _PERMISSIONS
        + b" >>"
    )  # fmt: skip
    x1, y1, x2, y2 = field.box
    seal = doc.stream(
        {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": f"[0 0 {x2 - x1} {y2 - y1}]",
            "Resources": "<< >>",
            "Filter": "/FlateDecode",
        },
        _packed(field.seal),
        packed=False,
    )
    page = doc.thisPageRef()
    shown = doc.written(
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /F 132 /T (" + FIELD + b")"
        + b" /Rect [%d %d %d %d]" % field.box
        + b" /P %s /V %s /AP << /N %s >> >>",
        *(page, signature, seal),
    )  # fmt: skip
    fields = [shown]
    if field.archive:
        fields.append(_archive(doc, page))
    for one in fields:
        canvas.annotate(one)
    catalog = doc.Catalog
    catalog.AcroForm = doc.written(
        b"<< /Fields [" + b" ".join([b"%s"] * len(fields)) + b"] /SigFlags 3 >>", *fields
    )
    catalog.Perms = Written(b"<< /DocMDP %s >>", signature)
    catalog.Extensions = Written(_EXTENSIONS)
    if field.evidence is not None:
        catalog.DSS = _evidence(doc, field.evidence)


def _archive(doc: Document, page: Any) -> Any:
    """The empty field; only where it will be filled, for readers list it as not signed."""
    return doc.written(
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /F 132 /T (" + ARCHIVE_FIELD + b")"
        + b" /Rect [0 0 0 0] /P %s >>",
        page,
    )  # fmt: skip


def _evidence(doc: Document, evidence: Evidence) -> Any:
    """The document security store (ISO 32000-2, 12.8.4.3).

    Without VRI, which is optional: it is named after the signature, which is not known yet.
    """
    parts = {
        "Certs": evidence.certificates,
        "OCSPs": evidence.ocsps,
        "CRLs": evidence.crls,
    }
    syntax, references = b"", []
    for name, found in parts.items():
        if found:
            syntax += b" /" + name.encode() + b" [" + b" ".join([b"%s"] * len(found)) + b"]"
            references += [doc.stream({}, one) for one in found]
    return doc.written(b"<< /Type /DSS" + syntax + b" >>", *references)


def text(words: str) -> bytes:
    """A text string in hexadecimal: nothing in it can be taken for PDF syntax."""
    if words.isascii():
        return b"<" + words.encode().hex().upper().encode() + b">"
    return b"<FEFF" + words.encode("utf-16-be").hex().upper().encode() + b">"


@lru_cache(maxsize=16)
def _packed(operators: bytes) -> bytes:
    return zlib.compress(operators, 9)
