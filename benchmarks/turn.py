"""A whole turn, from the message's arrival to the committed reply, against writing its rows.

Three installations live through the same conversations: a reference whose changes are looked at,
one that is timed, and a copy of the reference's database that only gets the rows (the floor).
They take turns at it, turn by turn.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import URL, select

from backend import tasks
from backend.authority import Role
from backend.clock import SetClock
from backend.models import Conversation, Outbound, Person, Student, Unit
from backend.models import Role as RoleRow
from backend.registry.demo import FEATURED
from benchmarks import installation
from benchmarks.installation import plain
from benchmarks.measure import Row, Section, Series, cpu_row, wall_row
from benchmarks.rows import Floor, Reference, Statements, count
from bot.assemble import Assistant, assemble
from bot.play_world import START
from bot.pump import HandPump
from bot.sent import Sent
from bot.settings import Settings
from nlu.interpreter import Interpreter

WAITING = 9  # applications in the officer's inbox
STUDENTS = 8
CYCLES = 20
FEWEST, SECONDS = 6, 15.0  # on a busy machine it stops after these seconds, with fewer cycles
OPENS = "opens a dialog"
ANSWERS = "answers, and is asked the next question"
JOB = "answers, and a durable job is queued"
PREVIEW = "the job is done: preview and summary"
FILES = "files an application"
TOLD = "the officer is told of it"
INBOX = f"the officer's inbox of {WAITING + 1}"
APPROVES = "the officer approves"
KINDS = (OPENS, ANSWERS, JOB, PREVIEW, FILES, TOLD, INBOX, APPROVES)

# What is said in turn; [..] presses a button.
COVERAGES = ("集中教学", "合在一起")
KIND_WORDS = tuple(
    (language, gpa) for language in ("中文", "英文") for gpa in ("带绩点", "不带绩点")
)
REASONS = ("求职", "出国留学", "升学深造", "签证")


class Desk:
    """One installation whose turns are taken when told."""

    def __init__(self, settings: Settings, interpreter: Interpreter | None) -> None:
        self.pump = HandPump()
        self.assistant: Assistant = assemble(
            settings,
            wake=self.pump.wake,
            clock=SetClock(START),
            workshop=installation.QuickWorkshop(),
            interpreter=interpreter,
        )
        self.messages = 0
        self.conversations: dict[int, int] = {}  # by person, as a pump knows them

    def message(self, person: int, words: str) -> tuple[str, dict[str, Any]]:
        """Kind and body as a channel hands them in."""
        self.messages += 1
        if not words.startswith("["):
            return "said", {"text": words}
        return "pressed", {"press": self.button(person, words.strip("[]"))}

    def button(self, person: int, label: str) -> str:
        with self.assistant.office.read() as work:
            rows = work.session.execute(
                select(Outbound.token, Outbound.body)
                .join(Conversation, Conversation.id == Outbound.conversation_id)
                .where(Conversation.person_id == person, Outbound.pressed_at.is_(None))
                .order_by(Outbound.seq.desc())
                .limit(10)
            )
            for token, body in rows:
                labels = [button["label"] for button in body["buttons"] if button["press"]]
                if label in labels:
                    return f"{token}.{labels.index(label)}"
        raise LookupError(f"nobody was shown a button [{label}]")

    def say(self, person: int, kind: str, body: dict[str, Any]) -> None:
        """The whole turn of a message: made safe, understood, answered, committed."""
        reception = self.assistant.reception
        reception.accept(Sent("bench", str(person), person, f"m{self.messages}", kind, body))

    def conversation(self, person: int) -> Any:
        with self.assistant.office.read() as work:
            return work.session.execute(
                select(Conversation.id, Conversation.waiting_for).where(
                    Conversation.person_id == person
                )
            ).one()

    def take(self, person: int) -> int:
        """Take what has come for this person from others."""
        if person not in self.conversations:
            self.conversations[person] = self.conversation(person).id
        return self.assistant.reception.take_turns(self.conversations[person])

    def draw(self, person: int) -> None:
        """Run the job the conversation waits for, as the queue would."""
        _preview, _colon, digest = str(self.conversation(person).waiting_for).partition(":")
        payload = {"institution": self.assistant.office.institution, "digest": digest}
        tasks.run(self.assistant.office, "draw_preview", payload)

    def close(self) -> None:
        self.assistant.close()


@dataclass(slots=True)
class Kept:
    """What is known of one kind of turn."""

    ours: Series = field(default_factory=Series)
    floor: Series = field(default_factory=Series)
    rows: list[int] = field(default_factory=list)
    writes: list[int] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    commits: list[int] = field(default_factory=list)


class Lockstep:
    """Leads the three through one conversation after another."""

    def __init__(self, reference: Desk, timed: Desk, floor: Floor) -> None:
        self.reference = reference
        self.timed = timed
        self.floor = floor
        database = reference.assistant.office.database
        self.statements = Statements(database)
        self.changes = Reference(database.engine)
        self.kept = {kind: Kept() for kind in KINDS}

    def say(self, person: int, words: str, kind: str = "") -> None:
        """``kind`` is under which the turn is counted; none: it is not."""
        kept = self.kept[kind] if kind else Kept()
        first = self.reference.message(person, words)
        with self.statements.counted() as executed:
            self.reference.say(person, *first)
        second = self.timed.message(person, words)
        with kept.ours.once():
            self.timed.say(person, *second)
        self.follow(kept, executed)

    def take(self, person: int, kind: str = "") -> None:
        kept = self.kept[kind] if kind else Kept()
        with self.statements.counted() as executed:
            turns = self.reference.take(person)
        if turns != 1:
            raise RuntimeError(f"{turns} turns waited where one should have")
        with kept.ours.once():
            self.timed.take(person)
        self.follow(kept, executed)

    def draw(self, person: int) -> None:
        self.reference.draw(person)
        self.timed.draw(person)
        self.follow(Kept(), [0, 0])

    def follow(self, kept: Kept, executed: list[int]) -> None:
        writes = self.changes.difference(self.statements.written)
        self.statements.written.clear()
        with kept.floor.once():
            self.floor.write(writes)
        kept.rows.append(count(writes))
        kept.writes.append(len(writes))
        kept.statements.append(executed[0])
        kept.commits.append(executed[1])

    def check(self) -> None:
        """The floor is only one if it has written exactly what the turns did."""
        with self.floor.engine.connect() as connection:
            for name in self.changes.tables:
                mine = self.changes.read(connection, name)
                with self.reference.assistant.office.database.engine.connect() as other:
                    if mine != self.changes.read(other, name):
                        raise RuntimeError(f"the floor's rows of {name} are not those of the turns")


def cast(desk: Desk) -> tuple[list[int], int]:
    """Students of one unit who need approval and may choose what is covered; and their officer."""
    number = next(one.number for one in FEATURED if one.key == "unit_officer")
    with desk.assistant.office.read() as work:
        officer = work.session.scalars(select(Person.id).where(Person.number == number)).one()
        unit = work.session.scalars(
            select(RoleRow.unit_id).where(
                RoleRow.person_id == officer, RoleRow.role == Role.UNIT_OFFICER
            )
        ).first()
        students = work.session.scalars(
            select(Student.person_id)
            .join(Unit, Unit.id == Student.unit_id)
            .where(
                Unit.id == unit,
                Student.graduated_on.is_(None),
                Student.central_teaching,
                Student.person_id.not_in(select(RoleRow.person_id)),
            )
            .order_by(Student.person_id)
        ).all()
    return list(students[:STUDENTS]), officer


def requests(students: list[int]) -> Iterator[tuple[int, str, str, str, str]]:
    """A new combination every time: nobody has seen its preview, so it must be drawn."""
    for coverage in COVERAGES:
        for language, gpa in KIND_WORDS:
            for place, student in enumerate(students):
                yield student, coverage, language, gpa, REASONS[place % len(REASONS)]


def apply(play: Lockstep, request: tuple[int, str, str, str, str], *, counted: bool) -> None:
    student, coverage, language, gpa, reason = request

    def kind(name: str) -> str:
        return name if counted else ""

    play.say(student, "我要办成绩单", kind(OPENS))
    for words in (coverage, language, gpa):
        play.say(student, words, kind(ANSWERS))
    play.say(student, reason, kind(JOB))
    play.draw(student)
    play.take(student, kind(PREVIEW))
    play.say(student, "[提交申请]", kind(FILES))


def perform(play: Lockstep) -> None:
    students, officer = cast(play.reference)
    for person in (*students, officer):
        play.say(person, "你好")
    waiting = requests(students)
    for _ in range(WAITING):
        apply(play, next(waiting), counted=False)
        play.take(officer)
    end = time.monotonic() + SECONDS
    for cycle in range(-2, CYCLES):  # the first two are for warming
        if cycle >= FEWEST and time.monotonic() > end:
            break
        counted = cycle >= 0
        request = next(waiting)
        apply(play, request, counted=counted)
        play.take(officer, TOLD if counted else "")
        play.say(officer, "待审批", INBOX if counted else "")
        play.say(officer, "[同意]", APPROVES if counted else "")
        play.take(request[0])
    play.check()


@contextmanager
def desks(original: Settings, folder: Path, server: URL | None = None) -> Iterator[Lockstep]:
    """The three, on SQLite or on the PostgreSQL ``server``."""
    with ExitStack() as stack:

        def database(template: str = "template0") -> URL:
            assert server is not None
            url = installation.new_postgres_database(server, template)
            stack.callback(installation.drop_postgres_database, url)
            return url

        addresses = [""] * 3
        if server is not None:
            template = database()
            installation.prepared(installation.data_folder(folder / "template"), plain(template))
            addresses = [plain(database(template.database or "")) for _ in addresses]
        copies = [
            installation.copied(original, folder / name, address)
            for name, address in zip(("reference", "timed", "floor"), addresses, strict=True)
        ]
        reference = Desk(copies[0], None)
        stack.callback(reference.close)
        timed = Desk(copies[1], reference.assistant.interpreter)
        stack.callback(timed.close)
        floor = Floor(copies[2].database)
        stack.callback(floor.close)
        yield Lockstep(reference, timed, floor)


def section(title: str, kept: dict[str, Kept]) -> Section:
    rows: list[Row] = []
    for kind in KINDS:
        one = kept[kind]
        rows += [
            cpu_row(kind, one.ours, "its rows in Core", one.floor),
            wall_row(kind, one.ours, "its rows in Core", one.floor),
            Row(
                f"{kind}, SQL",
                f"{median(one.statements):.0f} st.",
                f"{median(one.rows):.0f} rows in Core",
                f"{median(one.writes):.0f} st.",
                median(one.statements) / median(one.writes),
                f"in {median(one.commits):.0f} transactions" if median(one.commits) > 1 else "",
            ),
        ]
    return Section(
        title,
        rows,
        f"Medians of {len(kept[FILES].ours.cpu)} turns of each kind (three times as many answers)."
        " CPU is this process's. The floor writes the very same rows in one transaction.",
    )


def measure(original: Settings, folder: Path) -> Iterator[Section]:
    with desks(original, folder / "sqlite") as play:
        perform(play)
        yield section("Turn on SQLite (file, synchronous=FULL)", play.kept)
    try:
        with (
            installation.postgres() as server,
            desks(original, folder / "postgresql", server) as play,
        ):
            perform(play)
            yield section("Turn on PostgreSQL (fsync on)", play.kept)
    except installation.NoPostgres as reason:
        yield Section("Turn on PostgreSQL", [], f"Not measured: {reason}")
