"""Two members of academic affairs, and a graduate whose transcript turns out to be wrong."""

from pathlib import Path

from sqlalchemy import delete, select

from backend import credentials, revocations, second_person
from backend.authority import Role
from backend.consent import Consent
from backend.database import Database
from backend.models import ConsentRecord, Credential, Revocation
from backend.models import Role as RoleRow
from tests.backend.scene import Scene

WHY = "学分录错"


class Bench(Scene):
    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__(database, folder)
        self.colleague = self.staff("A2", Role.ACADEMIC_AFFAIRS)
        self.holder = self.graduate()
        self.document = self.issued(self.holder)

    # what they do

    def agreed_to(self, person: int, facts: str) -> Consent:
        return Consent(person, "撤销？", "zh", facts)

    def propose(self, person: int | None = None, number: str = "", why: str = WHY) -> str:
        """By the first of the two; the number of the proposal."""
        actor = person or self.affairs
        with self.office.work(actor) as work:
            consent = self.agreed_to(actor, "what the first saw")
            return revocations.propose(work, number or self.document, why, consent).number

    def agree(self, number: str, person: int | None = None) -> None:
        actor = person or self.colleague
        with self.office.work(actor) as work:
            revocations.confirm(work, number, self.agreed_to(actor, "what the second saw"))

    def decline(self, number: str, why: str = "没有错", person: int | None = None) -> None:
        actor = person or self.colleague
        with self.office.work(actor) as work:
            revocations.decline(work, number, why, self.agreed_to(actor, "seen"))

    def withdraw(self, number: str, person: int | None = None) -> None:
        actor = person or self.affairs
        with self.office.work(actor) as work:
            revocations.withdraw(work, number, self.agreed_to(actor, "seen"))

    def reissue(self, person: int | None = None, number: str = "", why: str = WHY) -> None:
        actor = person or self.colleague
        with self.office.work(actor) as work:
            revocations.reissue(work, number or self.document, why, self.agreed_to(actor, "seen"))

    def revoke(self, number: str = "", why: str = WHY) -> None:
        """By both."""
        self.agree(self.propose(number=number, why=why))

    def take_role(self, person: int, role: Role = Role.ACADEMIC_AFFAIRS) -> None:
        with self.office.work() as work:
            work.session.execute(
                delete(RoleRow).where(RoleRow.person_id == person, RoleRow.role == role)
            )

    def sweep(self) -> int:
        with self.office.work() as work:
            return revocations.lapse_due(work)

    # what is to be seen

    def proposal(self, number: str) -> Revocation:
        with self.office.read() as work:
            found = revocations.find(work, number)
            assert found is not None
            return found

    def deciders(self, number: str) -> list[int]:
        with self.office.read() as work:
            found = revocations.find(work, number)
            assert found is not None
            return second_person.deciders(work, found)

    def waiting(self, person: int) -> list[str]:
        with self.office.read(person) as work:
            return [one.number for one in revocations.waiting(work)]

    def credentials(self) -> list[Credential]:
        """Every document there ever was, oldest first."""
        with self.office.read() as work:
            return list(work.session.scalars(select(Credential).order_by(Credential.id)))

    def verdicts(self) -> list[str]:
        """What whoever verifies is told of them."""
        codes = [one.code for one in self.credentials()]
        with self.office.read() as work:
            found = credentials.standings(work.session, work.institution, codes, work.now)
        return [found[code].status for code in codes]

    def consent(self, consent_id: int | None) -> ConsentRecord:
        with self.office.read() as work:
            return work.session.get_one(ConsentRecord, consent_id)
