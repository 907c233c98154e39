"""The public page that says whether a document is genuine, asked for as fast as it answers."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from sqlalchemy import select

from backend.models import Credential
from benchmarks.installation import QuickWorkshop, copied
from benchmarks.measure import Row, Section, shown
from benchmarks.processes import bare, cpu_seconds, free_port, registrar, settled, started
from bot.play import Stage
from bot.settings import Settings

CONNECTIONS = 8
SECONDS = 1.0  # of one burst
BURSTS = 4
TOLD = {"page": "page", "data": "as JSON"}
ISSUED = """
人物 小林 = enrolled
人物 刘老师 = unit_officer
小林 > 我想开一份英文成绩单，带绩点
小林 > [集中教学和所级教学合在一起]
小林 > [求职]
小林 > [提交申请]
刘老师 > [同意]
小林 > [办理订单]
小林 > [确认订单]
"""


def issued_code(data: Path) -> str:
    """The code of a document that was applied for, approved and issued here."""
    stage = Stage(data, workshop=QuickWorkshop())
    try:
        stage.play(ISSUED)
        with stage.assistant.office.read() as work:
            return work.session.scalars(select(Credential.code)).one()
    finally:
        stage.close()


async def burst(url: str, path: str, wanted: bytes) -> tuple[int, float]:
    """Requests answered and seconds taken by ``CONNECTIONS`` clients that never pause.

    Raises RuntimeError when an answer is not 200 or does not contain ``wanted``.
    """
    address = urlsplit(url)
    request = f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode()
    began = time.perf_counter()
    end = began + SECONDS

    async def client() -> int:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        answered = 0
        try:
            while time.perf_counter() < end:
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split()[0])
                body = await reader.readexactly(length)
                if not head.startswith(b"HTTP/1.1 200") or wanted not in body:
                    raise RuntimeError(f"{path} answered {head[:40]!r}")
                answered += 1
        finally:
            writer.close()
            await writer.wait_closed()
        return answered

    counts = await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    return sum(counts), time.perf_counter() - began


def rows(told: str, name: str, rate: dict[str, float], cost: dict[str, float]) -> Iterator[Row]:
    empty = "empty Starlette route"
    yield Row(
        f"{told}: requests a second",
        f"{rate[name]:.0f}",
        empty,
        f"{rate['empty']:.0f}",
        rate[name] / rate["empty"],
    )
    ratio = cost[name] / cost["empty"] if cost["empty"] else None
    yield Row(f"{told}: CPU a request", shown(cost[name]), empty, shown(cost["empty"]), ratio)


def measure(original: Settings, folder: Path) -> Iterator[Section]:
    data = copied(original, folder / "verification").data
    code = issued_code(data)
    port, empty_port = free_port(), free_port()
    rates: dict[str, list[float]] = {"page": [], "data": [], "empty": []}
    costs: dict[str, list[float]] = {"page": [], "data": [], "empty": []}
    with (
        started(*registrar(data, port), port) as page,
        started(*bare(empty_port), empty_port) as empty,
    ):
        settled(page.process.pid)
        contestants = {
            "page": (page, f"/v/{code}", b"T260302-0001"),
            "data": (page, f"/v/{code}.json", b"T260302-0001"),
            "empty": (empty, "/", b""),
        }
        for number in range(BURSTS + 1):  # the first is for warming
            for name, (server, path, wanted) in contestants.items():
                before = cpu_seconds(server.process.pid)
                answered, seconds = asyncio.run(burst(server.url, path, wanted))
                spent = cpu_seconds(server.process.pid) - before
                if number:
                    rates[name].append(answered / seconds)
                    costs[name].append(spent / answered)
    rate = {name: median(found) for name, found in rates.items()}
    cost = {name: median(found) for name, found in costs.items()}
    yield Section(
        "Verification page by code",
        [row for name, told in TOLD.items() for row in rows(told, name, rate, cost)],
        "The record is asked at every request; a page of which it says the same within a minute is"
        f" not drawn again, data always are. One server process, {CONNECTIONS} connections on loopback, medians of {BURSTS} bursts of"
        f" {SECONDS} s. The first ratio is better the higher, the second the lower it is.",
    )
