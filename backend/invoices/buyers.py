"""Whom an invoice is made out to: the person by the name the registry has, or an organization."""

from dataclasses import dataclass
from enum import StrEnum
from unicodedata import category

from sqlalchemy import select

from backend.errors import Refused
from backend.invoices import tax_numbers
from backend.invoices.states import KIND
from backend.models import Application, InvoiceBatchRow, InvoiceRequest, Person
from backend.sealing import Sealer, masked_name
from backend.work import Work

LONGEST, SHORTEST = 100, 2  # characters of a title
NO_NAME = frozenset(
    {"公司", "单位", "企业", "学校", "我公司", "本公司", "我单位", "本单位", "company"}
)
FORMULA = ("=", "+", "-", "@", "'")  # no name begins so, and a spreadsheet would compute it
REMEMBERED = 3
LOOKED_THROUGH = 50  # the latest of somebody's invoices


class Kind(StrEnum):
    PERSON = "person"
    COMPANY = "company"  # whatever is no natural person


@dataclass(frozen=True, slots=True)
class Buyer:
    """``tax_number`` is "" where there is none. Sealed wherever it is kept."""

    kind: Kind
    title: str
    tax_number: str = ""

    @property
    def shown(self) -> str:
        """As lists of staff show it: people are masked."""
        return masked_name(self.title) if self.kind is Kind.PERSON else self.title

    @property
    def masked(self) -> "Buyer":
        """What may stay in the clear where the whole of it is sealed elsewhere."""
        number = tax_numbers.masked(self.tax_number) if self.tax_number else ""
        return Buyer(self.kind, masked_name(self.title), number)


def myself(work: Work) -> Buyer:
    """The person who acts, by the name the registry has."""
    person = work.session.get_one(Person, work.actor)
    return Buyer(Kind.PERSON, person.name)


def company(title: str, tax_number: str) -> Buyer:
    """Raises Refused ``bad_title``, ``bad_tax_number``. ``tax_number`` may be "": offices of government
    and organizations abroad have none."""
    number = tax_numbers.checked(tax_number).number if tax_number else ""
    return Buyer(Kind.COMPANY, tidy_title(title), number)


def tidy_title(title: str) -> str:
    """One line, without what is not seen. Raises Refused ``bad_title``."""
    seen = "".join(" " if one.isspace() else one for one in title)
    line = " ".join("".join(one for one in seen if category(one)[0] != "C").split())
    line = line.strip(" ,，。;；:：、")
    if not SHORTEST <= len(line) <= LONGEST:
        raise Refused("bad_title", why="length", least=SHORTEST, most=LONGEST)
    named = line.casefold() not in NO_NAME and any(one.isalpha() for one in line)
    if line.startswith(FORMULA) or not named:
        raise Refused("bad_title", why="form", least=SHORTEST, most=LONGEST)
    return line


def require_own(work: Work, buyer: Buyer) -> Buyer:
    """As it may be kept: a person's is their own, an organization's has been checked."""
    if buyer.kind is Kind.PERSON:
        return myself(work)
    return company(buyer.title, buyer.tax_number)


def sealed(work: Work, buyer: Buyer) -> tuple[bytes, bytes | None]:
    sealer = sealer_of(work)
    number = sealer.seal(buyer.tax_number) if buyer.tax_number else None
    return sealer.seal(buyer.title), number


def digest(work: Work, buyer: Buyer) -> str:
    """What a consent says of a buyer: it holds neither title nor number, and proves both."""
    return sealer_of(work).digest(buyer.kind, buyer.title, buyer.tax_number)


def opened(work: Work, row: InvoiceRequest | InvoiceBatchRow) -> Buyer:
    sealer = sealer_of(work)
    number = sealer.open(row.tax_number_sealed) if row.tax_number_sealed else ""
    return Buyer(Kind(row.buyer), sealer.open(row.title_sealed), number)


def remembered(work: Work) -> list[Buyer]:
    """Organizations that the person who acts had invoices made out to, the latest first."""
    rows = work.session.scalars(
        select(InvoiceRequest)
        .join(Application, Application.id == InvoiceRequest.application_id)
        .where(
            Application.institution_id == work.institution,
            Application.kind == KIND,
            Application.applicant_id == work.actor,
            InvoiceRequest.buyer == Kind.COMPANY,
        )
        .order_by(Application.id.desc())
        .limit(LOOKED_THROUGH)
    )
    return list(dict.fromkeys(opened(work, row) for row in rows))[:REMEMBERED]


def sealer_of(work: Work) -> Sealer:
    if work.sealer is None:
        raise RuntimeError("there is no key for personal data")
    return work.sealer
