"""Whether the pages say what the attached data say: read by another program than the one that drew
them, from the file as it was sent."""

import json
from typing import Any

import pypdfium2
import zxingcpp

from backend.documents.record import SCHEMA, unprinted
from backend.verification.findings import FoundData
from backend.verification.raw import Refusal

_DPI = 100  # the QR code of a page has 0.8 mm to a module
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
# Where a difference is: never what stands there, for this is told of files that must not be relied on.
_WHERE = {
    "institution": ("学校名称", "the institution"),
    "holder": ("姓名或学号", "name or student number"),
    "programme": ("学籍信息", "the programme"),
    "courses": ("课程和成绩", "courses and scores"),
    "totals": ("总计", "the totals"),
    "notes": ("说明", "the notes"),
    "issue": ("验证码或签发日期", "verification code or date of issue"),
}
_DATA = ("随附数据", "the attached data")
_CODE = ("二维码", "the QR code")


def compare(revision: bytes, attachment: bytes, code: str | None) -> FoundData:
    """``code`` is what the file says of itself. Raises Refusal ``code_of_another`` where data or QR
    code belong to another document, and ``attachment_differs`` with where."""
    data = _parsed(attachment)
    document = pypdfium2.PdfDocument(revision)
    try:
        lines = [page.get_textpage().get_text_range() for page in document]
        address = _address(document)
    finally:
        document.close()
    try:
        issue = data["issue"]
        said, leads = issue["code"], issue["verify_url"]
        missing = unprinted(data, lines)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _differs(_DATA) from error
    if code is not None and (said != code or not leads.endswith(f"/v/{code}")):
        raise Refusal("code_of_another")
    if address != leads:
        of_another = address is not None and code is not None and not address.endswith(code)
        raise Refusal("code_of_another") if of_another else _differs(_CODE)
    if missing:
        parts = dict.fromkeys(one.partition("/")[0] for one in missing)
        raise _differs(*(_WHERE.get(one, _DATA) for one in parts))
    return FoundData("equal", SCHEMA)


def _parsed(attachment: bytes) -> dict[str, Any]:
    try:
        data = json.loads(attachment)
    except (ValueError, RecursionError) as error:
        raise _differs(_DATA) from error
    if not isinstance(data, dict) or (data.get("type"), data.get("version")) != ("transcript", 1):
        raise _differs(_DATA)
    return data


def _differs(*where: tuple[str, str]) -> Refusal:
    return Refusal(
        "attachment_differs",
        where=("、".join(zh for zh, _ in where), ", ".join(en for _, en in where)),
    )


def missing() -> Refusal:
    """Of a file that is written as those with data are, and has none."""
    return _differs(_DATA)


def _address(document: pypdfium2.PdfDocument) -> str | None:
    """Where the QR code of the last page leads."""
    page = document[len(document) - 1]
    height = page.get_height()
    # It stands at the foot, left of the seal.
    shown = page.render(
        scale=_DPI / 72, grayscale=True, crop=(0, 0, page.get_width() / 2, height * 0.7)
    )
    found = zxingcpp.read_barcodes(shown.to_numpy(), formats=_QR)
    return found[0].text if len(found) == 1 else None
