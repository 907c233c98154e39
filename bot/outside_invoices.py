"""What happens outside the chat to invoices in a conversation script: what the tax bureau issues."""

from io import BytesIO

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from backend.invoices import buyers, lines, requesting
from backend.models import InvoiceRed
from bot.assemble import Assistant
from bot.script import Impossible

FONT = "STSong-Light"  # every viewer has its own; nothing is embedded
BUREAUS = 26_442_000_000_001_000_000


class OutsideInvoices:
    """Whatever finance does in the invoicing system, and the files it gets from there."""

    assistant: Assistant
    given: dict[str, bytes]  # files that can be sent, by their names

    def issue_invoice(self, number: str, name: str, title: str = "") -> None:
        """The bureau issues an invoice, or a red letter, and gives a file of this name; with another
        ``title`` it is somebody else's."""
        with self.assistant.office.read() as work:
            application = requesting.find(work, number.partition("-R")[0])
            if application is None:
                raise Impossible(f"没有这张发票 there is no invoice {number}")
            bought = buyers.opened(work, requesting.request_of(work, application))
            red = work.session.scalar(select(InvoiceRed).where(InvoiceRed.number == number))
            fen = red.amount_fen if red else lines.amount_fen(work, application)
        sign = "-" if red else ""
        self.given[name] = page(
            "电子发票（普通发票）",
            f"发票号码：{BUREAUS + sum(number.encode())}",
            f"名称：{title or bought.title}",
            f"价税合计（小写）¥{sign}{fen // 100}.{fen % 100:02}",
            f"备注：{number}",
        )


def page(*words: str) -> bytes:
    """A PDF with these lines."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    into = BytesIO()
    canvas = Canvas(into, invariant=True)
    canvas.setFont(FONT, 10)
    for place, line in enumerate(words):
        canvas.drawString(40, 780 - 16 * place, line)
    canvas.save()
    return into.getvalue()
