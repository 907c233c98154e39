"""Conversation scripts: Markdown in which people and the assistant speak, played as written.

    人物 李明 = enrolled
    时间 2026-03-02 09:00
    李明 > 我要办成绩单
    李明 < 要中文的还是英文的？ [中文] [英文]
      · 任务 draw_preview

``>`` is said by a person (``[中文]`` presses a button, ``《name.pdf》`` sends a file, ``×3`` at the
end sends the same message so many times). ``<`` is said to them, and ``·`` are effects: jobs and
audit rows. ``操作`` lines do what happens outside the chat; ``OPERATIONS`` lists them. Playing
returns the script with everything the assistant says and does as it really was.
"""

import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select, update

from backend import orders, transcripts
from backend.authority import Role
from backend.clock import SHANGHAI, SetClock
from backend.documents.workshop import Workshop
from backend.errors import Refused
from backend.jobs import DirectJobs
from backend.models import (
    AuditEntry,
    Conversation,
    Course,
    Credential,
    Grade,
    Outbound,
    Person,
    PolicyVersion,
)
from backend.models import Role as RoleRow
from backend.payments import settle
from backend.payments.provider import PaymentNotice
from backend.registry.demo import FEATURED
from backend.tasks import housekeeping
from backend.work import Work
from bot import history
from bot.assemble import Assistant, assemble
from bot.prepare import prepare
from bot.pump import HandPump
from bot.receive import Sent
from bot.settings import DEMO_MARK, Settings
from nlu.interpreter import Interpreter

START = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)  # a Monday
SPOKEN = re.compile(r"(?P<who>\S+) > (?P<what>.*?)(?: ×(?P<times>\d))?$")
ACTED = re.compile(r"操作 (?P<what>\S+)(?: (?P<rest>.*))?$")
PEOPLE = re.compile(r"人物 (?P<who>\S+) = (?P<key>\S+)$")
TIME = re.compile(r"时间 (\d{4}-\d\d-\d\d \d\d:\d\d)$")
EFFECT = "  · "


class ScriptError(ValueError):
    """A line that means nothing; names the line."""


class Stage:
    """An assistant on a fresh copy of the demo, with a clock and jobs that go when told."""

    def __init__(
        self,
        data: Path,
        *,
        workshop: Workshop | None = None,
        interpreter: Interpreter | None = None,
        policy: dict[str, Any] | None = None,
    ) -> None:
        """``policy`` replaces entries of the transcript policy before anything is said."""
        self.data = data
        self.clock = SetClock(START)
        self.workshop = workshop
        self.interpreter = interpreter
        self.people: dict[str, int] = {}
        self.names: dict[int, str] = {}
        self.heard: dict[str, int] = {}
        self.messages = 0
        self.audited = 0
        self.jobs = DirectJobs()
        self.pump = HandPump()
        self.assistant = self.assemble()
        if policy:
            self.replace_policy(policy)
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
            if " < " in line or line.startswith(EFFECT):
                continue
            played.append(line)
            try:
                self.line(line)
            except (LookupError, Refused) as error:
                so_far = "\n".join(played[-12:])
                raise ScriptError(f"line {number}: {error}\n{so_far}") from error
            played += self.news()
        return "\n".join(played) + "\n"

    def line(self, line: str) -> None:
        if cast := PEOPLE.match(line):
            self.cast(cast["who"], cast["key"])
        elif moment := TIME.match(line):
            self.clock.set(datetime.strptime(moment[1], "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI))
            housekeeping(self.assistant.office)
        elif spoken := SPOKEN.match(line):
            self.say(spoken["who"], spoken["what"], int(spoken["times"] or 1))
        elif acted := ACTED.match(line):
            OPERATIONS[acted["what"]](self, *(acted["rest"] or "").split())

    def cast(self, who: str, key: str) -> None:
        number = next((one.number for one in FEATURED if one.key == key), key)
        with self.assistant.office.read() as work:
            person = work.session.scalar(select(Person).where(Person.number == number))
        if person is None:
            raise LookupError(f"nobody has the number {number}")
        self.people[who] = person.id
        self.names[person.id] = who
        self.heard[who] = 0

    def say(self, who: str, what: str, times: int) -> None:
        person = self.people[who]
        kind = "said"
        body: dict[str, Any] = {"text": what}
        if file := re.fullmatch(r"《(.+)》", what):
            kind, body = "attached", {"name": file[1], "type": "application/pdf", "size": 1000}
        elif label := re.fullmatch(r"\[(.+)\]", what):
            kind, body = "pressed", {"press": self.button(person, label[1])}
        elif press := re.fullmatch(r"press:(\S+)", what):
            kind, body = "pressed", {"press": press[1]}
        self.messages += 1
        for _ in range(times):
            self.assistant.reception.accept(
                Sent("play", str(person), person, f"m{self.messages}", kind, body)
            )

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
        raise LookupError(f"nobody was shown a button [{label}]")

    def news(self) -> list[str]:
        """Take turns and run jobs until nothing moves, and tell what was said and done."""
        told: list[str] = []

        def job(name: str) -> None:
            told.append(f"{EFFECT}任务 {name}")

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
                    lines.append(f"{who} < {written(message)}")
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
            why = f"（{one_line(row.why)}）" if row.why else ""
            subject = "付款" if row.subject.startswith("payment:") else row.subject
            lines.append(
                f"{EFFECT}{subject} {row.event}: {row.from_state or '无'} → {row.to_state}，{actor}{why}"
            )
        return lines

    # --- what happens outside the chat ------------------------------------------------------

    def pay(self, number: str, *_: str) -> None:
        """Somebody pays at the cashier, and the provider's notice comes in."""
        self.pay_unheard(number)
        self.notify(number)

    def pay_unheard(self, number: str, *_: str) -> None:
        """Somebody pays at the cashier, and the notice is lost."""
        with self.assistant.office.read() as work:
            order = orders.find(work, number)
            if order is None:
                raise LookupError(number)
        url = self.assistant.payments.pay_url(order)
        self.assistant.payments.pay(url.rsplit("/", 1)[-1], self.clock.now())

    def notify(self, number: str, *_: str) -> None:
        """The notice of a payment comes (again)."""
        notice = self.assistant.payments.query(number)
        if notice is None:
            raise LookupError(f"{number} has not been paid")
        self.settle(notice)

    def settle(self, notice: PaymentNotice) -> None:
        with self.assistant.office.work() as work:
            settle.take(work, notice)

    def pay_other(self, number: str, yuan: str) -> None:
        """A notice about another sum than the order's."""
        notice = PaymentNotice(
            "sandbox", f"other-{number}", number, int(yuan) * 100, "CNY", self.clock.now()
        )
        self.settle(notice)

    def pay_late(self, number: str, yuan: str) -> None:
        """A notice about money that came after the order had expired."""
        self.settle(
            PaymentNotice(
                "sandbox", f"late-{number}", number, int(yuan) * 100, "CNY", self.clock.now()
            )
        )

    def restart(self, *_: str) -> None:
        """The process ends and another begins."""
        self.close()
        self.assistant = self.assemble()

    def grade(self, number: str, score: str) -> None:
        """The registry corrects the first score of a student."""
        with self.assistant.office.work() as work:
            student = work.session.scalars(select(Person.id).where(Person.number == number)).one()
            first = work.session.scalars(
                select(Grade.id)
                .join(Course, Course.id == Grade.course_id)
                .where(Grade.student_id == student)
                .order_by(Grade.term, Course.code)
            ).first()
            work.session.execute(update(Grade).where(Grade.id == first).values(score=score))

    def rename(self, number: str, name: str) -> None:
        """The registry corrects a name."""
        with self.assistant.office.work() as work:
            work.session.execute(update(Person).where(Person.number == number).values(name=name))

    def dismiss(self, who: str) -> None:
        """Somebody loses their roles."""
        with self.assistant.office.work() as work:
            rows = work.session.scalars(
                select(RoleRow).where(
                    RoleRow.person_id == self.people[who], RoleRow.role == Role.UNIT_OFFICER
                )
            )
            for row in rows:
                work.session.delete(row)

    def revoke(self, number: str, why: str) -> None:
        """An issued document is revoked in the records."""
        with self.assistant.office.work() as work:
            application = transcripts.find(work, number)
            if application is None:
                raise LookupError(number)
            work.session.execute(
                update(Credential)
                .where(Credential.application_id == application.id)
                .values(status="revoked", status_why=why, status_since=work.now)
            )

    def unset_policy(self, *entries: str) -> None:
        """The institution has not decided these yet."""
        self.replace_policy(dict.fromkeys(entries))

    def unset_calendar(self, *_: str) -> None:
        """Nobody has said yet which days are off."""
        with self.assistant.office.work() as work:
            self.latest_policy(work, "calendar").body = {}
        self.assistant.office.policies.clear()

    def replace_policy(self, entries: dict[str, Any]) -> None:
        with self.assistant.office.work() as work:
            row = self.latest_policy(work, "transcript")
            row.body = {**row.body, **entries}
        self.assistant.office.policies.clear()

    def latest_policy(self, work: Work, name: str) -> PolicyVersion:
        return work.session.scalars(
            select(PolicyVersion)
            .where(PolicyVersion.name == name)
            .order_by(PolicyVersion.version.desc())
            .limit(1)
        ).one()


OPERATIONS: dict[str, Callable[..., None]] = {
    "支付": Stage.pay,
    "付款没通知": Stage.pay_unheard,
    "迟到付款": Stage.pay_late,
    "再次通知": Stage.notify,
    "付错金额": Stage.pay_other,
    "重启": Stage.restart,
    "没有定": Stage.unset_policy,
    "没有日历": Stage.unset_calendar,
    "改成绩": Stage.grade,
    "改姓名": Stage.rename,
    "免去职务": Stage.dismiss,
    "撤销": Stage.revoke,
}


def written(message: dict[str, Any]) -> str:
    """A message in one line."""
    parts = [one_line(message["text"])]
    if card := message["card"]:
        rows = "；".join(f"{name}：{one_line(value)}" for name, value in card["rows"])
        parts.append(f"【{card['title']}｜{rows}】")
    if message["pictures"]:
        parts.append(f"（图 {len(message['pictures'])} 张）")
    parts += [f"《{file['name']}》" for file in message["files"]]
    parts += [
        f"[{button['label']} ↗]" if "url" in button else f"[{button['label']}]"
        for button in message["buttons"]
    ]
    return " ".join(part for part in parts if part)


def one_line(text: str) -> str:
    return text.replace("\n", " / ")


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


def play_fresh(script: str, cache: Path) -> str:
    """Play on an instance that has never been used; fonts and model come from the cache."""
    with TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared"
        prepared.mkdir()
        cache.mkdir(parents=True, exist_ok=True)
        for name in ("fonts", "model"):
            (cache / name).mkdir(exist_ok=True)
            (prepared / name).symlink_to((cache / name).resolve())
        prepare(Settings(data=prepared, demo=True, database_url=""), lambda _: None, now=START)
        stage = Stage(prepared)
        try:
            return stage.play(script)
        finally:
            stage.close()
            stage.assistant.office.workshop.close()
