"""Plays conversation scripts on an assistant of its own: what is written happens, and is written down."""

from collections.abc import Callable
from inspect import signature
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from backend.errors import Refused
from backend.models import AuditEntry, Conversation
from backend.tasks import housekeeping
from bot import history, outside, printing
from bot.play_world import START, World
from bot.prepare import prepare
from bot.script import (
    Cast,
    Impossible,
    Moment,
    Operation,
    ScriptError,
    Step,
    Utterance,
    is_played,
    read,
)
from bot.sent import Sent
from bot.settings import Settings

OWN_CHANNEL = "play"


class Stage(World):
    """A world in which scripts are played."""

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


OPERATIONS: dict[str, Callable[..., None]] = {
    **outside.OPERATIONS,
    "重启": World.restart,
    "新版本": World.deploy,
    "换到": World.move,
}


def why(error: Exception) -> str:
    match error:
        case Impossible():
            return str(error)
        case Refused(code=code, facts=facts):
            return " ".join([code, *map(str, facts.values())])
        case NoResultFound():
            return "登记库里没有 the registry has no such row"
    return f"找不到 not found: {error.args[0] if error.args else error}"


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
