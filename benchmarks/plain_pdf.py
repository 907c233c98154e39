"""The peer: the same content with reportlab's own tables and pyHanko as its manual shows it."""

from io import BytesIO
from pathlib import Path
from typing import Any

import qrcode
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from backend.documents.facts import TranscriptFacts
from backend.documents.materials import Issue

FONT = "PlainNotoSansSC"


def register(font: Path) -> None:
    pdfmetrics.registerFont(TTFont(FONT, str(font)))


def draw(facts: TranscriptFacts, issue: Issue) -> bytes:
    """One transcript in Chinese."""
    body = ParagraphStyle("body", fontName=FONT, fontSize=9, leading=12, wordWrap="CJK")
    title = ParagraphStyle("title", parent=body, fontSize=18, leading=26, alignment=1)
    head = [
        Paragraph(facts.institution_zh, title),
        Paragraph(
            f"姓名：{facts.name_zh}　学号：{facts.student_number}　培养单位：{facts.unit_zh}　"
            f"专业：{facts.major_zh}　入学：{facts.enrolled_on}",
            body,
        ),
        Spacer(1, 8),
    ]
    rows: list[list[Any]] = [["课程编号", "课程", "学分", "学时", "学期", "成绩"]]
    rows += [
        [
            course.code,
            Paragraph(course.name_zh, body),
            course.credits,
            "" if course.hours is None else str(course.hours),
            course.term,
            course.score,
        ]
        for course in facts.courses
    ]
    table = Table(rows, colWidths=[90, 200, 40, 40, 80, 50], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), FONT, 8),
                ("GRID", (0, 0), (-1, -1), 0.4, (0.6, 0.6, 0.6)),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        )
    )
    picture = BytesIO()
    qrcode.make(issue.verify_url).save(picture)
    picture.seek(0)
    out = BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build(
        [
            *head,
            table,
            Paragraph(f"总学分 {facts.total_credits}　GPA {facts.gpa_value}", body),
            Paragraph(f"验证码 {issue.code}", body),
            Image(ImageReader(picture).fp, 90, 90),
        ]
    )
    return out.getvalue()


def sign(pdf: bytes, signer: signers.SimpleSigner) -> bytes:
    """A visible PAdES signature with all of pyHanko's defaults."""
    out: BytesIO = signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name="Signature", subfilter=SigSeedSubFilter.PADES, certify=True
        ),
        signer=signer,
        new_field_spec=SigFieldSpec("Signature", on_page=0, box=(428, 68, 544, 184)),
    ).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    return out.getvalue()
