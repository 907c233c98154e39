"""reportlab's canvas and document, mended where its output falls short of PDF/A.

Nothing of reportlab itself is replaced: the repairs are in subclasses, so other documents drawn in
the same process stay as they are.
"""

import zlib
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

# Text armour doubles the time of writing a page, and nothing needs it today.
rl_config.useA85 = 0

# Half the time of the usual 6, and files of a few per cent more.
_COMPRESSION = 2


class Written(pdfdoc.PDFObject):
    """An object whose syntax is written out; ``%s`` in it stand for references."""

    def __init__(self, syntax: bytes, *references: Any) -> None:
        self._syntax = syntax
        self._references = references

    def format(self, document: Any) -> bytes:
        if not self._references:
            return self._syntax
        return self._syntax % tuple(one.format(document) for one in self._references)


class Stream(pdfdoc.PDFStream):
    """A stream with the end of line before `endstream` that ISO 19005-3, 6.1.7.1 asks for."""

    def format(self, document: Any) -> bytes:
        if self.filters:
            self.packed(self.content)
        body: bytes = super().format(document)
        return body.removesuffix(b"endstream\n") + b"\nendstream\n"

    def packed(self, content: str | bytes) -> None:
        raw = content.encode() if isinstance(content, str) else content
        self.dictionary = pdfdoc.PDFDictionary(
            self.dictionary.dict | {"Filter": pdfdoc.PDFName("FlateDecode")}
        )
        self.content, self.filters = zlib.compress(raw, _COMPRESSION), None


class _Catalog(pdfdoc.PDFCatalog):
    """With the entries that reportlab does not know, written in place."""

    AcroForm: Any
    AF: Any
    DSS: Any
    Extensions: Any
    Metadata: Any
    Names: Any
    OutputIntents: Any
    Perms: Any

    def __init__(self, begun: pdfdoc.PDFCatalog) -> None:
        self.__dict__.update(begun.__dict__)
        more = ["AF", "DSS", "Extensions", "OutputIntents", "Perms"]
        self.__NoDefault__ = [*begun.__NoDefault__, *more]


class Document(pdfdoc.PDFDocument):
    """What a canvas of `new_canvas` fills."""

    Catalog: _Catalog
    _timeStamp: Any

    def __init__(self, *, lang: str, moment: datetime | None) -> None:
        super().__init__(compression=1, invariant=1, pdfVersion=(1, 7), lang=lang)
        self.lang = lang
        self.Catalog = self._catalog = _Catalog(self.Catalog)
        if moment is not None:
            utc = moment.astimezone(UTC)
            stamp = self._timeStamp
            stamp.t = utc.timestamp()
            stamp.lt = utc.timetuple()
            stamp.YMDhms = tuple(stamp.lt)[:6]

    def Reference(self, obj: Any, name: str | None = None) -> Any:
        if type(obj) is pdfdoc.PDFStream:  # every stream passes here before it is written
            obj.__class__ = Stream
        return super().Reference(obj, name)  # type: ignore[no-untyped-call]

    def addPage(self, page: Any) -> None:
        page.Trans = None  # reportlab writes an empty transition, which PDF/A has no room for
        super().addPage(page)

    def written(self, syntax: bytes, *references: Any) -> Any:
        """A reference to a new object."""
        return self.Reference(Written(syntax, *references))

    def stream(self, entries: dict[str, Any], content: bytes, *, packed: bool = True) -> Any:
        """A reference to a new stream; not `packed`, it is written as it is."""
        found = Stream(pdfdoc.PDFDictionary(entries), content)
        if packed:
            found.packed(content)
        return self.Reference(found)


class DocumentCanvas(Canvas):
    """A canvas over a `Document`."""

    _annotationrefs: list[Any]
    _code: list[str]

    def __init__(self, buffer: BytesIO, size: tuple[float, float], document: Document) -> None:
        super().__init__(buffer, pagesize=size, pageCompression=1, invariant=1)
        self._doc = self.document = document

    def _make_preamble(self) -> None:
        # reportlab's names a font that is not embedded.
        self._preamble = "1 0 0 1 0 0 cm"

    def annotate(self, reference: Any) -> None:
        """Put an annotation on the page that is being drawn."""
        self._annotationrefs.append(reference)

    def draw(self, operators: str) -> None:
        """Add drawing operators as they are."""
        self._code.append(operators)


def new_canvas(
    buffer: BytesIO, size: tuple[float, float], *, lang: str, moment: datetime | None
) -> DocumentCanvas:
    """A canvas whose file depends on what is drawn and on `moment` (its creation date) alone."""
    return DocumentCanvas(buffer, size, Document(lang=lang, moment=moment))
