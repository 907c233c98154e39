"""The world of a play: an assistant on a fresh copy of the demo, people, and a clock that is set."""

from collections.abc import Mapping
from datetime import datetime
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from sqlalchemy import select

from backend import accounts, media_types
from backend.blobs import NewFile
from backend.clock import SHANGHAI, SetClock
from backend.documents.workshop import Workshop
from backend.jobs import DirectJobs
from backend.models import AuditEntry, Conversation, Outbound, Payment, Person
from backend.payments.by_hand import ByHand
from backend.payments.provider import PaymentNotice
from backend.pictures.studio import Here
from backend.registry.demo import CASES, FEATURED
from backend.work import Work
from bot import next_release
from bot.assemble import Assistant, assemble
from bot.attachments import received
from bot.outside import Outside
from bot.pump import HandPump
from bot.script import Impossible, NotOffered
from bot.scripted_reader import ScriptedReader
from bot.settings import Settings
from dialogs.catalog import DIALOGS
from nlu.interpreter import Interpreter

START = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)  # a Monday


def past_payments(work: Work, provider: str) -> list[PaymentNotice]:
    """What was paid before the play begins: the provider's bills have it too."""
    paid = work.session.scalars(select(Payment).where(Payment.provider == provider))
    return [
        PaymentNotice(
            one.provider,
            one.transaction_id,
            one.charge_number,
            one.amount_fen,
            one.currency,
            one.paid_at,
        )
        for one in paid
    ]


class World(Outside):
    """Jobs go when told; pictures are seen as ``Here`` is told to, whatever is installed."""

    def __init__(
        self,
        data: Path,
        *,
        workshop: Workshop | None = None,
        interpreter: Interpreter | None = None,
        policies: Mapping[str, dict[str, Any]] | None = None,
        files: Path | None = None,
    ) -> None:
        """``policies`` replaces entries of policies, by their names, before anything is said.
        ``files`` is the folder of the files that are sent; one that is not there is a name only."""
        self.data = data
        self.files = files
        self.clock = SetClock(START)
        self.workshop = workshop
        self.interpreter = interpreter
        self.people: dict[str, int] = {}
        self.names: dict[int, str] = {}
        self.heard: dict[str, int] = {}
        self.channels: dict[str, str] = {}  # of who does not use the play's own
        self.dialogs = DIALOGS
        self.given: dict[str, bytes] = {}  # files that an operation has made, by their names
        self.messages = 0
        self.audited = 0
        self.jobs = DirectJobs()
        self.till = ByHand(self.clock)
        self.reader = ScriptedReader()
        self.pump = HandPump()
        self.assistant = self.assemble()
        for name, entries in (policies or {}).items():
            self.replace_policy(name, entries)
        with self.assistant.office.read() as work:
            self.till.strange = past_payments(work, self.till.name)
            self.audited = (
                work.session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1))
                or 0
            )

    def assemble(self) -> Assistant:
        settings = Settings(data=self.data, demo=True, database_url="", production=False)
        assistant = assemble(
            settings,
            wake=self.pump.wake,
            clock=self.clock,
            direct_jobs=self.jobs,
            payments=self.till,
            workshop=self.workshop,
            interpreter=self.interpreter,
            studio=Here(self.reader),
            dialogs=self.dialogs,
        )
        self.workshop = assistant.office.workshop
        self.interpreter = assistant.interpreter
        return assistant

    def close(self) -> None:
        self.assistant.office.database.close()

    def cast(self, who: str, key: str) -> None:
        number = next((one.number for one in FEATURED if one.key == key), CASES.get(key, key))
        with self.assistant.office.read() as work:
            person = work.session.scalar(select(Person).where(Person.number == number))
        if person is None:
            raise Impossible(f"没有编号为 {number} 的人 nobody has this number")
        self.people[who] = person.id
        self.names[person.id] = who
        self.heard[who] = 0

    def attached(self, person: int, name: str) -> dict[str, Any]:
        path = self.files / name if self.files else None
        data = self.given.get(name)
        if data is None and path is not None and path.parent == self.files and path.is_file():
            data = path.read_bytes()
        if data is None:
            return {"name": name, "type": "application/pdf", "size": 1000}
        file = NewFile(data, person, name, guess_type(name)[0] or media_types.UNKNOWN)
        self.reader.learn(file.data)
        return received(self.assistant.office, file)

    def button(self, person: int, label: str) -> str:
        """The latest button with this label; ``label@T260302-0001`` under words that name it."""
        label, _at, about = label.partition("@")
        with self.assistant.office.read() as work:
            rows = work.session.execute(
                select(Outbound.token, Outbound.body)
                .join(Conversation, Conversation.id == Outbound.conversation_id)
                .where(Conversation.person_id == person)
                .order_by(Outbound.seq.desc())
            ).all()
        for row in rows:
            labels = [button["label"] for button in row.body["buttons"] if button["press"]]
            if label in labels and about in str(row.body):
                return f"{row.token}.{labels.index(label)}"
        raise NotOffered(f"没有给他按钮 [{label}] nobody was shown this button")

    def restart(self, *_: str) -> None:
        """The process ends and another begins."""
        self.close()
        self.assistant = self.assemble()

    def deploy(self, *_: str) -> None:
        """The next release is put in place of this one, whoever is in the middle of something."""
        self.dialogs = DIALOGS | next_release.DIALOGS
        self.restart()

    def move(self, who: str, channel: str) -> None:
        """Somebody goes on elsewhere: "web", "terminal", or a platform they have bound."""
        if channel in accounts.BOUND:
            with self.assistant.office.read() as work:
                person = self.people[who]
                if accounts.person_behind(work, channel, str(person)) != person:
                    raise Impossible(f"{who}没有绑定 {channel} this channel is not bound")
        self.channels[who] = channel
