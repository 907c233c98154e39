"""What makes a file PDF/A-3b (ISO 19005-3): metadata, the meaning of its colours, attached data.

The page itself has what the standard asks of it already: every font is embedded, nothing is
encrypted, and its streams end as they should (`canvas.Stream`).
"""

import zlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from backend.documents.canvas import Document, DocumentCanvas, Written
from backend.documents.form import text

ATTACHMENT = "transcript.json"

# The sRGB of Little CMS as Pillow's ImageCms writes it ("No copyright, use freely"), its date frozen.
_PROFILE = Path(__file__).with_name("srgb.icc")

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" \
xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Keywords>{keywords}</pdf:Keywords>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def declare(canvas: DocumentCanvas) -> None:
    """Metadata and colours; call it when title, author and the rest have been set."""
    document = canvas.document
    document.Catalog.Metadata = document.stream(
        {"Type": "/Metadata", "Subtype": "/XML"}, _metadata(document), packed=False
    )
    profile = document.stream({"N": 3, "Filter": "/FlateDecode"}, _packed_profile(), packed=False)
    document.Catalog.OutputIntents = Written(
        b"[<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB)"
        b" /Info (sRGB IEC61966-2.1) /DestOutputProfile %s >>]",
        profile,
    )
    canvas.setViewerPreference("DisplayDocTitle", "true")


def attach(canvas: DocumentCanvas, data: bytes, description: str) -> None:
    """Attach JSON that says what the pages say (ISO 32000-2, 14.13)."""
    document = canvas.document
    name = text(ATTACHMENT)
    file = document.stream(
        {
            "Type": "/EmbeddedFile",
            "Subtype": "/application#2Fjson",
            "Params": Written(
                f"<< /Size {len(data)} /ModDate (D:{_moment(document):%Y%m%d%H%M%S}Z) >>".encode()
            ),
        },
        data,
    )
    specification = document.written(
        b"<< /Type /Filespec /F " + name + b" /UF " + name + b" /Desc " + text(description)
        + b" /AFRelationship /Data /EF << /F %s /UF %s >> >>",
        *(file, file),
    )  # fmt: skip
    document.Catalog.AF = Written(b"[%s]", specification)
    document.Catalog.Names = document.written(
        b"<< /EmbeddedFiles << /Names [" + name + b" %s] >> >>", specification
    )


def _metadata(document: Document) -> bytes:
    info = document.info
    said = {
        "title": info.title,
        "author": info.author,
        "subject": info.subject,
        "keywords": info.keywords,
        "creator": info.creator,
        "producer": info.producer,
        "language": document.lang,
        "date": f"{_moment(document):%Y-%m-%dT%H:%M:%S}+00:00",
    }
    return _XMP.format(**{name: escape(value) for name, value in said.items()}).encode()


def _moment(document: Document) -> datetime:
    return datetime.fromtimestamp(document._timeStamp.t, UTC)


@cache
def _packed_profile() -> bytes:
    return zlib.compress(_PROFILE.read_bytes(), 9)
