"""查款 (tracing money): from what somebody reads out to finance, to the money it is about.

An order, a payment request, a refund or an invoice by its number; a payment by the number that the payer
reads on the phone; a person by student number, exam ticket or name. For finance alone, and only what is
of their own institution. That they looked is on record.
"""

import re
from dataclasses import dataclass
from unicodedata import normalize

from sqlalchemy import ColumnElement, and_, func, or_, select

from backend import cases, orders
from backend.authority import Role, require
from backend.errors import Refused
from backend.goods import GOODS
from backend.invoices.states import KIND as INVOICE
from backend.models import Application, Charge, ExamTicket, Order, Payment, Person, Refund
from backend.refunds.states import KIND as REFUND
from backend.refunds.states import payer
from backend.work import Work

NUMBERED = re.compile(r"([A-Z])(\d{6})-?(\d{4})(-[0-9A-Z]+)?")
MOST_NAMESAKES = 10


@dataclass(frozen=True, slots=True)
class Found:
    """Exactly one of them: what the words name."""

    order: Order | None = None
    charge: Charge | None = None
    payment: Payment | None = None
    case: Application | None = None  # a refund or an invoice
    people: tuple[Person, ...] = ()  # several of one name


def trace(work: Work, words: str) -> Found:
    """For finance. Raises NotAllowed, and Refused ``nothing_traced`` where it is nothing of here."""
    require(work, Role.FINANCE)
    written = " ".join(normalize("NFKC", words).split())
    number = written.replace(" ", "").upper()
    found = _numbered(work, number) or _of_provider(work, written) or _of_person(work, number)
    if found is None:
        people = named(work, written)
        found = Found(people=tuple(people)) if people else None
    if found is None:
        raise Refused("nothing_traced")
    return found


def is_money(work: Work, number: str) -> bool:
    """Whether a number of this form is of something that can be traced, and not the actor's own."""
    written = number.replace(" ", "").upper()
    found = _numbered(work, written)
    if found is None:
        return written.startswith("D") and NUMBERED.fullmatch(written) is not None
    owners = (
        found.order and found.order.buyer_id,
        found.charge and found.charge.buyer_id,
        found.case and _owner(work, found.case),
    )
    return work.actor not in owners


def _owner(work: Work, case: Application) -> int | None:
    """Nobody's of money of nobody knows whom, whoever of finance has filed it."""
    return payer(work, case) if case.kind == REFUND else case.applicant_id


def is_name(work: Work, name: str) -> bool:
    """Whether anybody here is called that. For finance."""
    require(work, Role.FINANCE)
    return work.session.scalar(select(Person.id).where(_called(work, name)).limit(1)) is not None


def named(work: Work, name: str) -> list[Person]:
    """Those of this name who have ever ordered anything, by their numbers. For finance."""
    require(work, Role.FINANCE)
    return list(
        work.session.scalars(
            select(Person)
            .where(
                _called(work, name),
                select(Order.id).where(Order.buyer_id == Person.id).exists(),
            )
            .order_by(Person.number)
            .limit(MOST_NAMESAKES)
        )
    )


def _called(work: Work, name: str) -> ColumnElement[bool]:
    return and_(
        Person.institution_id == work.institution,
        or_(Person.name == name, func.lower(Person.name_en) == name.lower()),
    )


def _numbered(work: Work, number: str) -> Found | None:
    match = NUMBERED.fullmatch(number)
    if match is None:
        return None
    letter, plain = match[1], f"{match[1]}{match[2]}-{match[3]}"
    if letter == "D":
        order = orders.find(work, plain)
        return Found(order=order) if order is not None else None
    if letter == "C" and (found := _charged(work, plain, match[4] or "")) is not None:
        return found
    case = cases.find(work, plain, [REFUND, INVOICE, *GOODS])
    if case is None or case.kind in (REFUND, INVOICE):
        return Found(case=case) if case is not None else None
    order = orders.paid_order(work, case) or orders.latest_order(work, case)
    return Found(order=order) if order is not None else None


def _charged(work: Work, plain: str, end: str) -> Found | None:
    """By all of its number, or by what comes before its random end; money that was paid for one of
    which nothing is known here."""
    number = Charge.number == plain + end if end else Charge.number.startswith(f"{plain}-")
    of_it = Payment.charge_number == plain + end
    charge = work.session.scalar(
        select(Charge).where(Charge.institution_id == work.institution, number).limit(1)
    )
    if charge is not None:
        return Found(charge=charge)
    payment = work.session.scalar(
        select(Payment).where(Payment.institution_id == work.institution, of_it).limit(1)
    )
    return Found(payment=payment) if payment is not None else None


def _of_provider(work: Work, written: str) -> Found | None:
    """As the payer reads it on the phone, in groups or not: of the payment, or of the refund."""
    together = re.sub(r"(?<=\d)[ -](?=\d)", "", written)
    spellings = {written, written.upper(), together, together.upper()}
    payment = work.session.scalar(
        select(Payment)
        .where(Payment.institution_id == work.institution, Payment.transaction_id.in_(spellings))
        .order_by(Payment.id.desc())
        .limit(1)
    )
    if payment is not None:
        return Found(payment=payment)
    case = work.session.scalar(
        select(Application)
        .join(Refund, Refund.application_id == Application.id)
        .where(
            Application.institution_id == work.institution,
            or_(Refund.refund_id.in_(spellings), Refund.bank_reference.in_(spellings)),
        )
        .order_by(Application.id.desc())
        .limit(1)
    )
    return Found(case=case) if case is not None else None


def _of_person(work: Work, number: str) -> Found | None:
    """By student number or by exam ticket."""
    tickets = select(ExamTicket.person_id).where(
        ExamTicket.institution_id == work.institution, ExamTicket.number == number
    )
    person = work.session.scalar(
        select(Person).where(
            Person.institution_id == work.institution,
            or_(Person.number == number, Person.id.in_(tickets)),
        )
    )
    return Found(people=(person,)) if person is not None else None
