"""A fictitious notice in every format that staff send, and files that mean harm."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

NOTICE = (Path(__file__).parents[1] / "conversations" / "files" / "2026年成绩单通知.txt").read_text(
    "utf-8"
)
ON_A_LINE = 30  # characters: the PDF breaks sentences as a page does
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CELLS = (
    ("单位", "办理时间", "地点"),
    ("化学研究所", "4月8日上午", "玉泉路校区"),
    ("物理研究所", "4月9日", "雁栖湖校区"),
)


def pdf(text: str = NOTICE, *, numbered: bool = True) -> bytes:
    """Pages of broken lines, each with its number at the foot."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = BytesIO()
    canvas = Canvas(buffer)
    broken = [
        line[at : at + ON_A_LINE]
        for line in text.splitlines()
        if line
        for at in range(0, len(line), ON_A_LINE)
    ]
    for page, first in enumerate(range(0, len(broken), 12), 1):
        canvas.setFont("STSong-Light", 12)
        for place, line in enumerate(broken[first : first + 12]):
            canvas.drawString(72, 760 - 24 * place, line)
        if numbered:
            canvas.drawString(290, 40, f"- {page} -")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def pages_without_words() -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer)
    canvas.rect(100, 100, 300, 300, fill=1)
    canvas.save()
    return buffer.getvalue()


def docx(text: str = NOTICE, *, extra: str = "", head: str = "") -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines() if line)
    xml = f'{head}<w:document xmlns:w="{W}"><w:body>{body}{extra}</w:body></w:document>'
    return archive({"word/document.xml": xml.encode()})


def table() -> str:
    rows = "".join(
        "<w:tr>"
        + "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row)
        + "</w:tr>"
        for row in CELLS
    )
    return f"<w:tbl>{rows}</w:tbl>"


def archive(files: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    return buffer.getvalue()


def bomb() -> bytes:
    """Some kilobytes that are hundreds of megabytes of XML when unpacked."""
    start = f'<w:document xmlns:w="{W}"><w:body>'.encode()
    return archive({"word/document.xml": start + b"<w:p/>" * 40_000_000})


def entities() -> str:
    """ "Billion laughs"."""
    lines = ['<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'] + [
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    return f"<!DOCTYPE x [{''.join(lines)}]>"
