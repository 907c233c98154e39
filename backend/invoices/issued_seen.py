"""What the studio answers about files that are said to be issued invoices (``issued_file``)."""

from dataclasses import dataclass

PDF, OFD, XML = "pdf", "ofd", "xml"
MEDIA_TYPES = {PDF: "application/pdf", OFD: "application/ofd", XML: "application/xml"}
UNPACK, LOOK = "backend.invoices.issued_file:unpacked", "backend.invoices.issued_file:seen"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """``refused``: "damaged", "too_many_files", "too_large", "empty"; then there are no files.

    A file whose bytes are None is too large, locked or damaged.
    """

    files: tuple[tuple[str, bytes | None], ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """``kind`` is "pdf", "ofd", "xml", or "" for whatever else; ``text`` is in half width, and empty
    where the pages are pictures or the file is damaged."""

    kind: str = ""
    text: str = ""
