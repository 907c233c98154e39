"""An announcement to 300 people: nobody is forgotten, no limit exceeded, and its progress is true."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import insert, select
from starlette.concurrency import run_in_threadpool

from backend import accounts, broadcasts
from backend.broadcasts import Progress
from backend.models import ChatAccount, Delivery, Person, Student
from bot.channels.port import Blocked, Desk, Limits, Parcel, Rate, Unsendable
from bot.play import Stage
from tests.channels.sending import sending
from tests.channels.test_delivery import Platform, dispatcher

NUMBER = "G260302-0001"
PEOPLE = 300  # students of the demo
PARTS = 3
CHAT, ALL = Rate(2, 0.4), Rate(80, 0.4)
SLACK = 0.001  # seconds that two clocks read one after the other may differ
WORDS = "成绩单服务周六九点到十二点维护，期间不能付款。"


class Counting(Platform):
    """Counts by itself; shows nothing that comes too fast, and tells nobody."""

    def __init__(self, name: str = "telegram") -> None:
        super().__init__(name, Limits(chat=(CHAT,), all=(ALL,)))
        self.calls: list[tuple[float, str]] = []
        self.dropped: list[str] = []
        self.blocked: set[str] = set()
        self.refused: set[str] = set()
        self.most = 10**9  # shown until it pauses
        self.going_on = asyncio.Event()

    def parts(self, parcel: Parcel, desk: Desk) -> Sequence[str]:
        text = parcel.body["text"]
        size = -(-len(text) // PARTS)
        return [text[at : at + size] for at in range(0, len(text), size)]

    async def send(self, address: str, parcel: Parcel, part: str, desk: Desk) -> str:
        now = time.monotonic()
        self.calls.append((now, address))
        for rate, mine in ((CHAT, address), (ALL, None)):
            since = now - rate.seconds + SLACK
            lately = [1 for at, who in self.calls if at > since and mine in (None, who)]
            if len(lately) > rate.count:
                self.dropped.append(address)
                return "dropped"
        if address in self.blocked:
            raise Blocked("by its owner")
        if address in self.refused:
            raise Unsendable("never")
        await asyncio.sleep(0.002)
        if len(self.shown) >= self.most:
            await self.going_on.wait()
        self.shown.append((address, part))
        return f"{len(self.shown)}"

    def whole(self) -> int:
        """How many have been shown all of it."""
        seen: dict[str, list[str]] = defaultdict(list)
        for address, part in self.shown:
            seen[address].append(part)
        return sum(WORDS in "".join(parts) for parts in seen.values())


def join(here: Stage, channel: str, people: slice = slice(None)) -> list[str]:
    """Accounts of the demo's students, by their numbers."""
    with here.assistant.office.work() as work:
        students = work.session.execute(
            select(Person.id, Person.number)
            .join(Student, Student.person_id == Person.id)
            .order_by(Person.id)
        ).all()[people]
        rows = [
            {
                "institution_id": work.institution,
                "channel": channel,
                "address": one.number,
                "person_id": one.id,
                "conversation_id": accounts.conversation_of(work, one.id),
                "last_seen_at": work.now,
                "bound_at": work.now,
            }
            for one in students
        ]
        work.session.execute(insert(ChatAccount), rows)
    return [one.number for one in students]


def announce(here: Stage, words: str = WORDS) -> None:
    here.cast("教务", "academic_affairs")
    answers = ("群发通知", "全部学生", "全部单位", words, "不用英文", "[发出]")
    here.play("\n".join(f"教务 > {one}" for one in answers))


def progress(here: Stage) -> Progress:
    with here.assistant.office.read() as work:
        found = broadcasts.find(work, NUMBER)
        assert found is not None
        return broadcasts.progress(work, found)


def card(here: Stage) -> str:
    return here.play("教务 > 群发进度").splitlines()[-1]


def states(here: Stage) -> set[str]:
    with here.assistant.office.read() as work:
        return set(work.session.scalars(select(Delivery.state).distinct()))


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not await run_in_threadpool(what):
            await asyncio.sleep(0.05)


@pytest.fixture
def here(stage: Callable[..., Stage]) -> Stage:
    return stage()


def test_no_limit_is_exceeded_and_nobody_forgotten_while_the_progress_tells_the_truth(
    here: Stage,
) -> None:
    numbers = join(here, "telegram")
    assert len(numbers) == PEOPLE
    announce(here)
    assert progress(here) == Progress(PEOPLE, PEOPLE, waiting=PEOPLE, sent=0, failed=0)
    platform = Counting()
    platform.blocked, platform.refused = set(numbers[:20]), set(numbers[20:30])
    platform.most = 300

    async def play() -> None:
        async with sending(dispatcher(here, platform)):
            await until(lambda: len(platform.shown) == platform.most)
            await until(lambda: progress(here).sent == platform.whole())
            await until(lambda: progress(here).failed == 30)
            on_the_way = progress(here)
            assert 0 < on_the_way.sent < 150
            assert on_the_way.waiting == PEOPLE - 30 - on_the_way.sent
            assert (
                f"已送达 {on_the_way.sent}，等待 {on_the_way.waiting}，没有送到 30"
                in await run_in_threadpool(card, here)
            )
            platform.most = 10**9
            platform.going_on.set()
            await until(lambda: progress(here).waiting == 0)

    asyncio.run(play())
    assert platform.dropped == []
    assert platform.whole() == PEOPLE - 30
    assert len(platform.shown) == PARTS * (PEOPLE - 30), "and no part is shown twice"
    assert progress(here) == Progress(PEOPLE, PEOPLE, waiting=0, sent=PEOPLE - 30, failed=30)
    assert f"已送达 {PEOPLE - 30}，等待 0，没有送到 30" in card(here)


def test_whoever_is_reached_on_another_channel_is_counted_once(here: Stage) -> None:
    numbers = join(here, "wecom", slice(40))
    here.clock.set(here.clock.now().replace(hour=10))
    join(here, "telegram", slice(60))
    announce(here)
    telegram, wecom = Counting("telegram"), Counting("wecom")
    telegram.blocked = set(numbers[:30])

    async def play() -> None:
        async with sending(dispatcher(here, telegram), dispatcher(here, wecom)):
            await until(lambda: progress(here).waiting == 0)

    asyncio.run(play())
    assert telegram.dropped == wecom.dropped == []
    assert (telegram.whole(), wecom.whole()) == (30, 30)
    assert progress(here) == Progress(PEOPLE, PEOPLE, waiting=0, sent=60, failed=0)


def test_another_server_that_takes_over_in_the_middle_exceeds_nothing_and_repeats_nobody(
    here: Stage,
) -> None:
    join(here, "telegram", slice(100))
    announce(here)
    platform = Counting()
    platform.most = 90

    async def first() -> None:
        async with sending(dispatcher(here, platform)):
            await until(lambda: len(platform.shown) == platform.most)
            await until(lambda: progress(here).sent == platform.whole())

    async def second() -> None:
        async with sending(dispatcher(here, platform)):
            await until(lambda: progress(here).waiting == 0)

    asyncio.run(first())
    platform.most = 10**9
    asyncio.run(second())
    assert platform.dropped == []
    assert platform.whole() == 100
    assert states(here) == {"sent"}
