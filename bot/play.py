"""Plays conversation scripts on an assistant of its own: what is written happens, and is written down."""

import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from inspect import signature
from mimetypes import guess_type
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from backend import accounts, media_types
from backend.blobs import NewFile
from backend.clock import SHANGHAI, SetClock
from backend.documents.workshop import Workshop
from backend.errors import Refused
from backend.jobs import DirectJobs
from backend.models import AuditEntry, Conversation, Outbound, Person
from backend.pictures.studio import Here
from backend.registry.demo import CASES, FEATURED
from backend.tasks import housekeeping
from bot import history, next_release, outside, printing
from bot.assemble import Assistant, assemble
from bot.attachments import received
from bot.outside import Outside
from bot.prepare import prepare
from bot.pump import HandPump
from bot.script import (
    Cast,
    Impossible,
    Moment,
    NotOffered,
    Operation,
    ScriptError,
    Step,
    Utterance,
    is_played,
    read,
)
from bot.scripted_reader import ScriptedReader
from bot.sent import Sent
from bot.settings import DEMO_MARK, Settings
from dialogs.catalog import DIALOGS
from nlu.interpreter import Interpreter

OWN_CHANNEL = "play"
START = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)  # a Monday


class Stage(Outside):
    """An assistant on a fresh copy of the demo, with a clock and jobs that go when told."""

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
        self.messages = 0
        self.audited = 0
        self.jobs = DirectJobs()
        self.reader = ScriptedReader()
        self.pump = HandPump()
        self.assistant = self.assemble()
        for name, entries in (policies or {}).items():
            self.replace_policy(name, entries)
        with self.assistant.office.read() as work:
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

    # --- playing ----------------------------------------------------------------------------

    def play(self, script: str) -> str:
        """The script with all that the assistant says and does written anew."""
        played: list[str] = []
        for number, line in enumerate(script.splitlines(), 1):
            if is_played(line):
                continue
            played.append(line)
            try:
                if step := read(line):
                    self.take(step)
            except (LookupError, Refused, NoResultFound) as error:
                so_far = "\n".join(played[-12:])
                raise ScriptError(number, why(error), so_far) from error
            played += self.news()
        return "\n".join(played) + "\n"

    def take(self, step: Step) -> None:
        match step:
            case Cast():
                self.cast(step.who, step.key)
            case Moment():
                self.clock.set(step.at)
                housekeeping(self.assistant.office)
            case Utterance():
                self.say(step)
            case Operation():
                self.operate(step)

    def operate(self, step: Operation) -> None:
        if step.name not in OPERATIONS:
            raise Impossible(f"没有这种操作 there is no such operation: {step.name}")
        happen = OPERATIONS[step.name]
        try:
            signature(happen).bind(self, *step.arguments)
        except TypeError as error:
            raise Impossible(f"“{step.name}”后面的内容不对 {error}") from None
        try:
            happen(self, *step.arguments)
        except ValueError as error:  # a sum that is no number
            raise Impossible(f"“{step.name}”后面的内容不对 {error}") from error

    def cast(self, who: str, key: str) -> None:
        number = next((one.number for one in FEATURED if one.key == key), CASES.get(key, key))
        with self.assistant.office.read() as work:
            person = work.session.scalar(select(Person).where(Person.number == number))
        if person is None:
            raise Impossible(f"没有编号为 {number} 的人 nobody has this number")
        self.people[who] = person.id
        self.names[person.id] = who
        self.heard[who] = 0

    def say(self, one: Utterance) -> None:
        for name in (one.who, one.whose or one.who):
            if name not in self.people:
                raise Impossible(f"没有介绍过“{name}” nobody of this name has come in")
        person = self.people[one.who]
        kind = "said"
        body: dict[str, Any] = {"text": one.text}
        if one.file:
            kind, body = "attached", self.attached(person, one.file)
        elif one.label or one.token:
            shown_to = self.people[one.whose or one.who]
            kind, body = "pressed", {"press": one.token or self.button(shown_to, one.label)}
        self.messages += 1
        for _ in range(one.times):
            channel = self.channels.get(one.who, OWN_CHANNEL)
            self.assistant.reception.accept(
                Sent(channel, str(person), person, f"m{self.messages}", kind, body)
            )

    def attached(self, person: int, name: str) -> dict[str, Any]:
        path = self.files / name if self.files else None
        if path is None or path.parent != self.files or not path.is_file():
            return {"name": name, "type": "application/pdf", "size": 1000}
        kind = guess_type(name)[0] or media_types.UNKNOWN
        file = NewFile(path.read_bytes(), person, name, kind)
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

    def news(self) -> list[str]:
        """Take turns and run jobs until nothing moves, and tell what was said and done."""
        told: list[str] = []

        def job(name: str) -> None:
            told.append(printing.job(name))

        while True:
            turns = self.pump.run(self.assistant.reception.take_turns)
            told += self.said()
            told += self.done()
            jobs = self.jobs.run_all(self.assistant.office, told=job)
            if not turns and not jobs:
                return told

    def said(self) -> list[str]:
        lines = []
        for who, person in self.people.items():
            with self.assistant.office.read() as work:
                conversation = work.session.scalar(
                    select(Conversation.id).where(Conversation.person_id == person)
                )
                if conversation is None:
                    continue
                links = self.assistant.links
                news = history.messages(work, links, conversation, self.heard[who])
            for message in news:
                self.heard[who] = message["seq"]
                if message["from"] == "assistant":
                    lines.append(printing.said(who, message))
        return lines

    def done(self) -> list[str]:
        with self.assistant.office.read() as work:
            rows = work.session.scalars(
                select(AuditEntry).where(AuditEntry.id > self.audited).order_by(AuditEntry.id)
            ).all()
        lines = []
        for row in rows:
            self.audited = row.id
            actor = self.names.get(row.actor_id or 0, "某人" if row.actor_id else "系统")
            lines.append(printing.done(row, actor))
        return lines

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


OPERATIONS: dict[str, Callable[..., None]] = {
    **outside.OPERATIONS,
    "重启": Stage.restart,
    "新版本": Stage.deploy,
    "换到": Stage.move,
}


def why(error: Exception) -> str:
    match error:
        case Impossible() | Refused():
            return str(error)
        case NoResultFound():
            return "登记库里没有 the registry has no such row"
    return f"找不到 not found: {error.args[0] if error.args else error}"


def fresh_data(prepared: Path, into: Path) -> Path:
    """A data folder of its own for one play, from one that has been prepared."""
    into.mkdir(parents=True)
    for name in ("registrar.db", "secrets", "demo-ca", DEMO_MARK):
        source = prepared / name
        if source.is_dir():
            shutil.copytree(source, into / name)
        else:
            shutil.copy(source, into / name)
    for name in ("fonts", "model"):
        (into / name).symlink_to((prepared / name).resolve())
    return into


def play_fresh(script: str, cache: Path, files: Path | None = None) -> str:
    """Play on an instance that has never been used; fonts and model come from the cache."""
    with TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared"
        prepared.mkdir()
        cache.mkdir(parents=True, exist_ok=True)
        for name in ("fonts", "model"):
            (cache / name).mkdir(exist_ok=True)
            (prepared / name).symlink_to((cache / name).resolve())
        prepare(Settings(data=prepared, demo=True, database_url=""), lambda _: None, now=START)
        stage = Stage(prepared, files=files)
        try:
            return stage.play(script)
        finally:
            stage.close()
            stage.assistant.office.workshop.close()
