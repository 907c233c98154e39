"""A finance office that looks at its books, and a ledger with a month in it."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from backend.authority import Role
from backend.database import Database
from backend.ledger import exporting, postings
from backend.ledger.exporting import key
from backend.ledger.postings import Share, Source, Standing
from backend.ledger.statement import Month
from backend.models import LedgerExport, Order
from tests.backend import scene as institution

START = institution.START  # 2026-03-02, 09:00 in Shanghai
MARCH = Month(2026, 3)
FEBRUARY = Month(2026, 2)


class Scene(institution.Scene):
    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__(database, folder)
        self.finance = self.staff("F1", Role.FINANCE)
        self.buyer = self.person("B1")

    def sold(self, number: str, price_fen: int = 500, state: str = "paid") -> int:
        with self.office.work() as work:
            order = Order(
                institution_id="demo",
                number=number,
                title_zh="电子成绩单",
                title_en="Electronic transcript",
                buyer_id=self.buyer,
                state=state,
                total_fen=price_fen,
                created_at=work.now,
            )
            work.session.add(order)
            work.session.flush()
            return order.id

    def paid(self, transaction: str, order: int, fen: int = 500, kind: str = "transcript") -> int:
        with self.office.work() as work:
            return postings.payment_received(
                work,
                provider="wechat",
                transaction_id=transaction,
                amount_fen=fen,
                paid_at=work.now - timedelta(seconds=3),
                shares=[Share(order, kind, fen, Standing.SETTLED)],
            )

    def held(self, transaction: str, fen: int, why: Standing = Standing.UNKNOWN) -> int:
        with self.office.work() as work:
            return postings.payment_received(
                work,
                provider="wechat",
                transaction_id=transaction,
                amount_fen=fen,
                paid_at=work.now,
                rest=why,
            )

    def refunded(self, number: str, transaction: str, order: int, fen: int) -> None:
        with self.office.work() as work:
            postings.refund_decided(
                work,
                number=number,
                provider="wechat",
                transaction_id=transaction,
                sources=[Source(order, "transcript", fen)],
                at=work.now,
            )
        with self.office.work() as work:
            postings.refund_executed(work, number=number, amount_fen=fen, at=work.now)

    def ask(self, month: Month, language: str = "zh", person: int | None = None) -> str:
        """The number of the export that was asked for."""
        with self.office.work(person or self.finance) as work:
            return exporting.ask(work, month, language).number

    def export(self, month: Month, language: str = "zh") -> tuple[bytes, bytes]:
        """What XLSX and CSV hold once the job has run."""
        number = self.ask(month, language)
        self.direct.run_all(self.office)
        with self.office.read(self.finance) as work:
            table, plain = exporting.files(work, exporting.find(work, number))
        return self.blobs.get(table.key), self.blobs.get(plain.key)

    def exports(self) -> list[LedgerExport]:
        with self.office.read() as work:
            return list(work.session.scalars(select(LedgerExport).order_by(LedgerExport.id)))

    def done(self, number: str) -> list[bool]:
        """What those who wait for it were told."""
        own = [e for e in self.events if (e.name, e.subject) == ("job.done", key(number))]
        return [event.facts.get("ok", True) for event in own]
