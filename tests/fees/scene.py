"""A graduate without free copies left, and staff who may waive what they pay."""

from datetime import date, timedelta
from pathlib import Path

from backend import offers, orders, previews, transcript_orders, transcripts
from backend.authority import Role
from backend.clock import local_date
from backend.database import Database
from backend.documents.facts import Gpa, Language
from backend.fees import listing, ordering, waivers
from backend.fees.listing import Change
from backend.fees.price import Price
from backend.models import Waiver
from tests.backend import scene as institution

PRICE = 500
TODAY = local_date(institution.START)
DAY = timedelta(days=1)


class Scene(institution.Scene):
    """Every copy costs 5 yuan; the second copy of a kind may be ordered at once."""

    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__(database, folder)
        self.set_policy(
            "transcript",
            date(2020, 5, 1),
            free_copies=0,
            preview_before_order=False,
            order_hours=24,
        )
        self.buyer = self.graduate()
        self.cashier = self.staff("F1", Role.FINANCE)
        self.events.clear()

    def approved(self, language: Language = Language.ZH) -> str:
        return self.file(self.buyer, language, Gpa.WITHOUT)

    def waive(
        self,
        *,
        by: int | None = None,
        person: int | None = None,
        kind: str = transcripts.KIND,
        times: int = 1,
        off_fen: int | None = None,
        until: date = TODAY + 30 * DAY,
        why: str = "家庭经济困难",
    ) -> str:
        giver = by or self.cashier
        with self.office.work(giver) as work:
            return waivers.give(
                work,
                person or self.buyer,
                kind,
                times=times,
                off_fen=off_fen,
                until=until,
                why=why,
                consent=self.agreed(giver),
            ).number

    def withdraw_waiver(self, number: str, by: int | None = None) -> None:
        actor = by or self.cashier
        with self.office.work(actor) as work:
            waivers.withdraw(work, number, "弄错了", self.agreed(actor))

    def waiver(self, number: str) -> Waiver:
        with self.office.read() as work:
            found = waivers.find(work, number)
            assert found is not None
            return found

    def used(self, number: str) -> int:
        with self.office.read() as work:
            return waivers.used(work, self.waiver(number))

    def price(self, number: str) -> Price:
        with self.office.read(self.application(number).applicant_id) as work:
            return ordering.price_of(work, transcripts.own(work, number))

    def change(self, number: str) -> Change | None:
        with self.office.read(self.application(number).applicant_id) as work:
            application = transcripts.own(work, number)
            return listing.change(work, application, ordering.price_of(work, application))

    def confirm_told(self, number: str, told: Price) -> str:
        """Confirm what was shown some time ago."""
        student = self.application(number).applicant_id
        with self.office.work(student) as work:
            application = transcripts.own(work, number)
            facts = previews.facts_of(work, transcripts.request_of(work, application).snapshot)
            kind = offers.Kind(facts.language, facts.gpa)
            offer = offers.KindOffer(kind, told, spent_by_email=False)
            return transcript_orders.confirm(
                work, application, facts, offer, self.agreed(student)
            ).number

    def save(self, number: str) -> str:
        with self.office.work(self.buyer) as work:
            application = transcripts.own(work, number)
            told = ordering.price_of(work, application)
            return ordering.save(work, application, told, self.agreed(self.buyer)).number

    def expire(self) -> int:
        with self.office.work() as work:
            return orders.expire_due(work)
