"""An announcement to 5,000 people on a platform that takes so many messages a second and no more.

The platform counts by itself. The floor is what its limit alone allows.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from backend import accounts, broadcasts
from backend.authority import Role
from backend.broadcasts import Audience
from backend.clock import SetClock
from backend.consent import Consent
from backend.models import Broadcast, ChatAccount, Person
from backend.models import Role as RoleRow
from benchmarks import installation
from benchmarks.measure import Row, Section
from bot.assemble import assemble
from bot.channels.port import Desk, Limits, Parcel, Rate
from bot.deliver import Dispatcher
from bot.play_world import START
from bot.pump import HandPump
from bot.settings import Settings

PEOPLE = 5_000
A_SECOND = 200  # calls that the platform takes


class Platform:
    """Takes ``A_SECOND`` calls in any second and drops the rest, as real ones do."""

    name = "telegram"
    limits = Limits(all=(Rate(A_SECOND, 1.0),))

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.dropped = 0
        self._calls: deque[float] = deque()

    def parts(self, parcel: Parcel, desk: Desk) -> Sequence[Any]:
        return [parcel.body["text"]]

    async def send(self, address: str, parcel: Parcel, part: Any, desk: Desk) -> str:
        now = time.monotonic()
        while self._calls and self._calls[0] <= now - 1.0:
            self._calls.popleft()
        if len(self._calls) >= A_SECOND:
            self.dropped += 1
        else:
            self._calls.append(now)
            self.shown.append(address)
        return address

    async def close(
        self, address: str, parcel: Parcel, remote: Sequence[str], desk: Desk
    ) -> None: ...


def measure(original: Settings, folder: Path) -> Iterator[Section]:
    settings = installation.copied(original, folder / "sqlite")
    pump = HandPump()
    clock = SetClock(START)  # at night nothing is pushed that can wait
    workshop = installation.QuickWorkshop()
    assistant = assemble(settings, wake=pump.wake, clock=clock, workshop=workshop)
    office = assistant.office
    try:
        with office.work() as work:
            staff = work.session.scalars(
                select(RoleRow.person_id).where(RoleRow.role == Role.ACADEMIC_AFFAIRS)
            ).first()
            people(work, PEOPLE)
        if staff is None:
            raise RuntimeError("the demo has nobody in academic affairs")
        with office.work(staff) as work:
            consent = Consent(staff, "发出", "zh", "benchmark")
            number = broadcasts.begin(work, "维护通知", "", Audience.STAFF, None, consent).number
        began, cpu = time.perf_counter(), time.process_time()
        broadcasts.run(office, number)
        put, put_cpu = time.perf_counter() - began, time.process_time() - cpu
        began, cpu = time.perf_counter(), time.process_time()
        pump.run(assistant.reception.take_turns)
        said, said_cpu = time.perf_counter() - began, time.process_time() - cpu
        platform = Platform()
        began = time.perf_counter()
        asyncio.run(send_all(Dispatcher(office, platform, assistant.links, "bench"), platform))
        sent = time.perf_counter() - began
        with office.read() as work:
            told = work.session.scalars(select(Broadcast)).one().told
    finally:
        assistant.close()
    if platform.dropped or len(set(platform.shown)) != PEOPLE or told < PEOPLE:
        raise RuntimeError(f"{platform.dropped} dropped, {len(platform.shown)} shown, {told} told")
    floor = PEOPLE / A_SECOND
    yield Section(
        f"An announcement to {PEOPLE:,} people, SQLite",
        [
            Row("put to everybody's conversation", f"{put:.1f} s", "of it CPU", f"{put_cpu:.1f} s"),
            Row("said there, one turn each", f"{said:.1f} s", "of it CPU", f"{said_cpu:.1f} s"),
            Row(
                "pushed",
                f"{sent:.1f} s",
                f"the platform's {A_SECOND} a second",
                f"{floor:.1f} s",
                sent / floor,
                f"{platform.dropped} dropped",
            ),
        ],
        "Nothing may be dropped by the platform, which counts for itself, or the run fails.",
    )


def people(work: Any, count: int) -> None:
    """Staff of no unit, each with an account on the platform."""
    for place in range(count):
        person = Person(
            institution_id=work.institution, number=f"B{place:06}", name="演示", name_en="Demo"
        )
        work.session.add(person)
    work.session.flush()
    made = work.session.scalars(select(Person.id).where(Person.number.like("B______"))).all()
    work.session.execute(
        insert(RoleRow),
        [
            {"institution_id": work.institution, "person_id": one, "role": Role.FINANCE}
            for one in made
        ],
    )
    work.session.execute(
        insert(ChatAccount),
        [
            {
                "institution_id": work.institution,
                "channel": "telegram",
                "address": f"{one}",
                "person_id": one,
                "conversation_id": accounts.conversation_of(work, one),
                "last_seen_at": work.now,
            }
            for one in made
        ],
    )


async def send_all(dispatcher: Dispatcher, platform: Platform) -> None:
    running = asyncio.create_task(dispatcher.run())
    while len(platform.shown) + platform.dropped < PEOPLE:
        await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
