"""The QR code of a photographed or scanned page. It leads to a record and proves nothing of the picture.

Whoever made the picture is not trusted: this runs in the inspector's process, which has bounds of
memory and time, and nothing but a host's name of what the codes say is ever shown.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from urllib.parse import urlsplit

import pypdfium2
import zxingcpp
from PIL import Image
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from backend.documents.verdict import Reason, reason
from backend.pictures.kinds import TAKEN, kind_of

MOST_PIXELS = 40_000_000  # of a picture; more is not decoded
PAGES_READ = 5
_SIDE = (
    3000  # pixels: enough for a page with its code, and four times faster than a phone's picture
)
_DPI = 150
_PAGE_PIXELS = 9_000_000  # of one page, however large it says to be
_UNPACKED = 96 << 20  # bytes; five coloured pages have less
_STREAM = re.compile(rb"\bstream\r?\n")
_SCANNED = 0.5  # of a page is one picture

_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{16,20}")
_HOST = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*(:\d{1,5})?")
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_DEEPEST = 3  # times that one thing is packed
_LONGEST_HOST = 60
_ELSEWHERE = ("别处", "somewhere else")


@dataclass(frozen=True, slots=True)
class Paper:
    """Why a picture cannot be judged, and the verification code that it leads to."""

    reason: Reason
    code: str | None = None


def is_picture(data: bytes) -> bool:
    return kind_of(data) in TAKEN


def of_picture(data: bytes, base_url: str) -> Paper:
    """A PNG or JPEG, whatever it shows. Never raises for what it is."""
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG", "MPO")) as file:
            if file.width * file.height > MOST_PIXELS:
                return Paper(reason("too_costly"))
            grey = _grey(file)
    except Exception:  # a damaged picture can raise nearly anything
        return Paper(reason("unreadable"))
    return told(_texts(grey), base_url)


def of_scan(pdf: bytes, base_url: str) -> Paper | None:
    """A PDF whose pages are pictures. None where they are drawn, unreadable, or show no code.

    A page that is drawn says who it is from by its signature alone: without one it is no scan.
    """
    if _too_much(pdf):
        return None
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        return None
    try:
        texts = [text for grey in _scans(document) for text in _texts(grey)]
    except Exception:  # of a damaged page, from a parser not ours
        return None
    finally:
        document.close()
    return told(texts, base_url) if texts else None


def told(texts: Iterable[str], base_url: str) -> Paper:
    """What the QR codes of one picture come to; nobody opens where they lead."""
    codes: set[str] = set()
    hosts: set[str | None] = set()
    for text in texts:
        code, host = _meant(text, base_url)
        if code is not None:
            codes.add(code)
        elif host != _host(base_url):  # our own other addresses say nothing of a document
            hosts.add(host)
    if len(codes) + len(hosts) > 1:
        return Paper(reason("several_qr"))
    if hosts:
        return Paper(reason("foreign_qr", host=_shown(hosts.pop())))
    if codes:
        return Paper(reason("picture_only"), codes.pop())
    return Paper(reason("no_qr"))


def _meant(text: str, base_url: str) -> tuple[str | None, str | None]:
    """The verification code where there is one, else the host where there is one."""
    text = text.strip()
    if _CODE.fullmatch(text):
        return text, None
    host = _host(text)
    if host is None or host != _host(base_url):
        return None, host
    begin = urlsplit(base_url).path.rstrip("/") + "/v/"
    path = urlsplit(text).path
    code = path.removeprefix(begin).upper()
    return (code if path.startswith(begin) and _CODE.fullmatch(code) else None), host


def _host(text: str) -> str | None:
    """The host of a web address as it is; one with a user's name in front is not taken for any."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https"):
        return None
    return parts.netloc.lower() or None


def _shown(host: str | None) -> str | tuple[str, str]:
    """A host's name has no room for a message to whoever reads the answer."""
    named = (host or "").rpartition("@")[2]
    if len(named) > _LONGEST_HOST or not _HOST.fullmatch(named):
        return _ELSEWHERE
    return named


def _grey(file: Image.Image) -> Image.Image:
    if file.format in ("JPEG", "MPO"):
        file.draft("L", (_SIDE, _SIDE))
    if file.has_transparency_data:
        coloured = file.convert("RGBA")
        white = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(white, coloured).convert("L")
    return file.convert("L")


def _texts(grey: Image.Image) -> list[str]:
    """Of all QR codes on it; in its full size where nothing is found in a smaller one."""
    small = grey
    if max(grey.size) > _SIDE:
        small = grey.copy()
        small.thumbnail((_SIDE, _SIDE))
    for image in (small,) if small is grey else (small, grey):
        found = zxingcpp.read_barcodes(image, formats=_QR)
        if found:
            return [one.text for one in found]
    return []


def _too_much(pdf: bytes) -> bool:
    """Whether little bytes become many, which pdfium would unpack to the last of them.

    What is hidden from this ends with the process, which has bounds.
    """
    left = _UNPACKED
    begins = [found.end() for found in _STREAM.finditer(pdf)]
    for begin, end in pairwise([*begins, len(pdf)]):
        packed = memoryview(pdf)[begin:end]
        for _ in range(_DEEPEST):
            try:
                packed = memoryview(zlib.decompressobj().decompress(packed, left))
            except zlib.error:  # packed in another way, or not at all
                break
            left -= len(packed)
            if left <= 0:
                return True
    return False


def _scans(document: pypdfium2.PdfDocument) -> Iterator[Image.Image]:
    for number in range(min(len(document), PAGES_READ)):
        page = document[number]
        width, height = page.get_size()
        if width > 0 and height > 0 and _scanned(page, width * height):
            most = (_PAGE_PIXELS / (width * height)) ** 0.5
            bitmap = page.render(scale=min(_DPI / 72, most), grayscale=True)
            yield bitmap.to_pil().convert("L")
        page.close()


def _scanned(page: pypdfium2.PdfPage, area: float) -> bool:
    for picture in page.get_objects(filter=(FPDF_PAGEOBJ_IMAGE,)):
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) >= _SCANNED * area:
            return True
    return False
