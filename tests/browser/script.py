"""What the fake server says and shows: people, replies, and one context for each page template."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from PIL import Image, ImageDraw

from backend.documents.verdict import addition
from backend.payments.opening import Ready
from backend.verification.findings import Question
from backend.verification.report import report
from bot.checkout_page import headline, picture
from bot.checkout_view import Stands
from bot.checkout_words import STANDS
from bot.verification import grouped, headline_by_code
from bot.verify_upload import context_of
from tests.verification import fake

JSON = dict[str, Any]
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
PEOPLE = [
    {
        "id": "li",
        "name": "李明",
        "name_en": "Li Ming",
        "role": "在读研究生",
        "role_en": "Student",
        "about": "申请电子成绩单，等待审批、付款",
        "about_en": "Applies for a transcript",
    },
    {"id": "wang", "name": "王芳", "role": "已毕业研究生", "about": "无需审批，直接办理"},
    {"id": "zhao", "name": "赵静", "role": "教育管理干部", "about": "审批学生的申请"},
    {"id": "chen", "name": "陈涛", "role": "自考考生", "about": "考籍、免考与毕业申请"},
    {"id": "liu", "name": "Liu Wei", "role": "管理员", "about": "账号、收费与时间安排"},
]


def reply(text: str) -> list[JSON]:
    """The script: the order of a transcript, an English question, and an echo for all else."""
    if text in ("成绩单", "中文成绩单"):
        return [
            {
                "text": "请先核对成绩单预览。姓名、专业、课程与成绩无误后再确认订单。",
                "pictures": [
                    {
                        "url": f"/files/page-{n}.png",
                        "alt": f"成绩单预览，第 {n} 页，共 2 页",
                        "width": 794,
                        "height": 1123,
                    }
                    for n in (1, 2)
                ],
            },
            {
                "text": "确认后生成订单：",
                "card": {
                    "title": "电子成绩单",
                    "rows": [
                        ["姓名", "李明"],
                        ["种类", "中文，含 GPA"],
                        ["用途", "申请出国交流"],
                        ["费用", "5.00 元（免费份额已用）"],
                    ],
                },
                "buttons": [
                    {"n": 1, "label": "确认订单", "press": "p-yes", "style": "primary"},
                    {"n": 2, "label": "保存并返回", "press": "p-save"},
                    {"n": 3, "label": "取消申请", "press": "p-no", "style": "danger"},
                ],
            },
        ]
    if text == "确认订单":
        return [
            {
                "text": "订单 T20260302-0007 已生成，请在 30 分钟内支付。",
                "buttons": [
                    {"label": "去支付 5.00 元", "url": "/checkout/demo", "style": "primary"}
                ],
            },
            {
                "text": "成绩单已签发，可下载至 4 月 2 日。\n在线验证：/v/8F3K2Q",
                "files": [
                    {
                        "url": "/files/transcript.pdf",
                        "name": "电子成绩单-李明-中文含GPA.pdf",
                        "size": 123456,
                        "type": "application/pdf",
                    }
                ],
            },
        ]
    if text == "价格":
        rows = [["中文，不带 GPA", "还有 1 份免费，之后每份 5.00 元"], ["英文，带 GPA", "5.00 元"]]
        return [{"text": "费用：", "card": {"title": "四种成绩单和费用（T2）", "rows": rows}}]
    if text == "hello":
        return [{"text": "Hello! What can I do for you?", "lang": "en"}]
    return [{"text": f"收到：{text}"}]


def page_picture(name: str) -> bytes:
    image = Image.new("RGB", (794, 1123), "white")
    draw = ImageDraw.Draw(image)
    draw.text((300, 70), f"TRANSCRIPT  {name}", fill="#1d4f91", font_size=26)
    for row in range(26):
        y = 150 + row * 34
        draw.line((70, y, 724, y), fill="#c5ccd8")
        draw.text((80, y + 8), f"Course {row + 1:02d}   Advanced topics", fill="#333", font_size=15)
        draw.text((620, y + 8), f"{80 + row % 19}", fill="#333", font_size=15)
    draw.ellipse((560, 930, 700, 1070), outline="#c0392b", width=5)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


DOCUMENT: JSON = {
    "holder": "李*",
    "kind": {"zh": "中文成绩单（含 GPA）", "en": "Transcript in Chinese, with GPA"},
    "number": "T20260302-0007",
    "issued": "2026-03-02",
    "totals": {"courses": 14, "credits": "31", "gpa": "3.72", "scale": "4.0"},
    "gpa": "3.72 / 4.0",
    "remark": None,
    "since": "",
    "why": None,
}
LINE: JSON = {
    "number": "D260302-0007",
    "title": ("电子成绩单", "Electronic transcript"),
    "case": ("T260302-0007（中文，带 GPA）", "T260302-0007 (Chinese, with GPA)"),
    "amount": "5.00",
    "payable": True,
}


def verified(status: str, **changes: object) -> JSON:
    return {
        "template": "verify.html",
        "head": headline_by_code(status),
        "document": DOCUMENT | changes if status not in ("", "unknown") else None,
        "code": fake.CODE,
        "grouped": grouped(fake.CODE),
        "demo_certificate": True,
        "checked": "2026-03-02 09:05",
        "most": 10,
    }


def reported(data: bytes, finding: fake.Finding, issued: bytes | None = None) -> JSON:
    """The page about a file; ``issued`` are the bytes on record for its code."""
    question = Question((), (), (), "https://x.cn", fake.SIGNED, None)
    record = fake.issued(issued) if issued is not None else None
    found = report(finding(data, question).against(record), None, fake.SIGNED)
    return {"template": "verify_report.html"} | context_of(found.to_json(), "2026-03-02 09:05")


def payment(stands: Stands, **changes: object) -> JSON:
    """The payment page; ``state`` of its line is as the page stands."""
    head = STANDS.get(stands)
    waiting = stands is Stands.WAITING
    words = (
        ("待支付", "Awaiting payment") if waiting else headline(head)["title"] if head else ("", "")
    )
    return {
        "template": "checkout.html",
        "state": stands,
        "head": head and headline(head),
        "lines": [LINE | {"state": words, "payable": waiting}],
        "total": "5.00",
        "holder": "李*",
        "until": "2026-03-05 09:00" if waiting else "",
        "ways": [{"way": "native", "label": ("显示付款二维码", "Show the QR code")}]
        if waiting
        else [],
        "qr": "",
        "scan_at": "",
        "h5": "",
        "ready_until": "",
        "at_once": False,
        "in_wechat": False,
        "path": "/checkout/demo",
        "form_token": "token",
        "problem": None,
    } | changes


FORM: JSON = {
    "template": "verify_form.html",
    "code": "",
    "error": False,
    "wrong": None,
    "most": 10,
}
PAGES: dict[str, JSON] = {
    "pay-waiting": payment(Stands.WAITING),
    "pay-scanned": payment(
        Stands.WAITING,
        ways=[],
        qr=picture(Ready("C1", "weixin://wxpay/bizpayurl?pr=peerCode1", NOW)),
        scan_at="/phone",
        ready_until="2026-03-02 10:50",
    ),
    "pay-phone": payment(
        Stands.WAITING,
        ways=[
            {"way": "h5", "label": ("打开微信支付", "Open WeChat Pay")},
            {"way": "native", "label": ("显示付款二维码", "Show the QR code")},
        ],
        problem=("支付平台暂时连不上。", "The payment platform cannot be reached."),
    ),
    "pay-paid": payment(Stands.PAID),
    "pay-paid-back": payment(Stands.PAID_BACK),
    "pay-expired": payment(Stands.EXPIRED),
    "pay-cancelled": payment(Stands.CANCELLED),
    "verify-genuine": verified("genuine"),
    "verify-superseded": verified(
        "superseded",
        since="2026-03-20",
    ),
    "verify-revoked": verified(
        "revoked",
        since="2026-03-20",
        why={"zh": "学籍信息有误", "en": "Wrong student record"},
    ),
    "verify-unknown": verified("unknown"),
    "verify-not_found": verified(""),
    "verify-over": verified("genuine", remark={"zh": "网上下载期已过。", "en": "Too late."}),
    "verify-form": FORM,
    "verify-form-error": FORM | {"code": "??", "error": True},
    "verify-form-wrong": FORM | {"wrong": ("请先选一个文件。", "Please choose a file first.")},
    "verify-file-genuine": reported(b"%PDF", fake.signed_here(), b"%PDF"),
    "verify-file-altered": reported(
        b"%PDF more", fake.added_to(b"%PDF", addition("appended_pages", 1)), b"%PDF"
    ),
    "verify-file-foreign": reported(b"%PDF", fake.refused("foreign")),
    "verify-file-no-code": reported(b"photo", fake.refused("no_qr")),
    "verify-file-picture": reported(b"photo", fake.picture(fake.CODE), b"%PDF"),
    "message": {
        "template": "message.html",
        "heading_zh": "链接已过期",
        "heading_en": "This link has expired",
        "text_zh": "为保护个人信息，文件链接只在短时间内有效。请回到对话重新获取。",
        "text_en": "To protect personal data, links to files are valid only for a short time. "
        "Please get a new one in the chat.",
        "action_url": "/",
        "action_zh": "返回对话",
        "action_en": "Back to the chat",
    },
}
