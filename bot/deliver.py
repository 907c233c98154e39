"""Sending what waits in the outbox: at least once, in the order of each chat, within every limit.

One process at a time sends on a channel (a lease), so that the platform's limits are kept by one who
knows all calls. What was sent is noted after each call; a repeat after a crash goes on there.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from datetime import timedelta

from starlette.concurrency import run_in_threadpool

from backend.models import Blob
from backend.office import Office
from bot.channels.pace import Pace
from bot.channels.port import Blocked, Channel, Stored, Unreachable, Unsendable
from bot.deliveries import FAULT, Deliveries, Due
from bot.links import Links

LEASE = timedelta(seconds=15)
LOOK_AGAIN = 1.0  # seconds; news of this process wake at once
AT_ONCE = 16  # calls in flight
log = logging.getLogger(__name__)


class Desk:
    """What a channel may ask while it shows a message."""

    def __init__(self, office: Office, links: Links) -> None:
        self._office = office
        self._links = links

    def link(self, meaning: str) -> str:
        return self._links.follow(meaning, self._office.clock.now())

    def file_link(self, blob_id: str) -> str:
        return self._links.file(blob_id, self._office.clock.now())

    async def stored(self, blob_id: str) -> Stored | None:
        return await run_in_threadpool(self._stored, blob_id)

    def _stored(self, blob_id: str) -> Stored | None:
        with self._office.read() as work:
            blob = work.session.get(Blob, blob_id)
        if blob is None or blob.deleted_at is not None:
            return None
        try:
            return Stored(self._office.blobs.get(blob.key), blob.name, blob.media_type)
        except FileNotFoundError:
            return None


class Dispatcher:
    """Sends on one channel. ``run`` until cancelled; ``ring`` from any thread when there is news.

    ``clock`` gives the seconds that the platform's limits are counted in; it must not go back.
    """

    def __init__(
        self,
        office: Office,
        channel: Channel,
        links: Links,
        holder: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rows = Deliveries(office, channel.name, holder)
        self._channel = channel
        self._desk = Desk(office, links)
        self._clock = clock
        self._news = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pace = Pace(channel.limits)
        self._in_hand: set[int] = set()  # accounts being sent to
        self._full: dict[int, float] = {}  # accounts without room, and until when
        self._held_until = 0.0  # by the clock; renewed when half of it is over

    def ring(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as sending:
            while True:
                pause = LOOK_AGAIN
                try:
                    pause = await self._round(sending)
                except Exception:
                    log.exception("sending on %s failed", self._channel.name)
                # ``wait_for`` may lose a cancellation that comes together with news (Python 3.11).
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._news.wait()
                self._news.clear()

    async def settle(self) -> None:
        """Send everything that is due now, as the limits allow it; for scripts and tests."""
        while True:
            async with asyncio.TaskGroup() as sending:
                pause = await self._round(sending)
                nothing_to_send = not self._in_hand
            if not await run_in_threadpool(self._rows.pick, set(), 1):
                return
            if nothing_to_send:
                await asyncio.sleep(pause)

    async def _round(self, sending: asyncio.TaskGroup) -> float:
        """Start what is due and has room; returns the seconds until it is worth looking again."""
        if not await run_in_threadpool(self._hold):
            return LOOK_AGAIN
        now = self._clock()
        self._full = {account: until for account, until in self._full.items() if until > now}
        self._pace.forget_idle(now)
        room = AT_ONCE - len(self._in_hand)
        wait = self._pace.wait_for_any(now)
        if room <= 0 or wait > 0:
            return min(max(wait, 0.02), LOOK_AGAIN)  # the lease must not lapse meanwhile
        besides = self._in_hand | self._full.keys()
        for due in await run_in_threadpool(self._rows.pick, besides, 4 * AT_ONCE):
            wait = self._pace.wait(due.address, now)
            if wait > 0:
                self._full[due.account_id] = now + wait
                continue
            self._in_hand.add(due.account_id)
            sending.create_task(self._deliver(due))
            room -= 1
            if room <= 0:
                break
        return max(min([LOOK_AGAIN, *(until - now for until in self._full.values())]), 0.02)

    # --- one delivery -----------------------------------------------------------------------

    async def _deliver(self, due: Due) -> None:
        """Whatever happens to one delivery, the others go on: nothing is raised into their group."""
        try:
            await self._try(due)
        except Exception:  # not even noting it was possible: it waits still, and is picked again
            log.exception("the outcome of delivery %s could not be noted", due.id)
            await asyncio.sleep(LOOK_AGAIN)
        finally:
            self._in_hand.discard(due.account_id)
            self._news.set()

    async def _try(self, due: Due) -> None:
        try:
            await self._send(due)
        except Unreachable as unreachable:
            await run_in_threadpool(self._rows.put_off, due, unreachable)
        except Blocked:
            await run_in_threadpool(self._rows.blocked, due)
        except Unsendable as never:
            log.warning("delivery %s cannot be sent: %s", due.id, never)
            await run_in_threadpool(self._rows.end, due.id, "failed", "unsendable")
        except Exception:
            log.exception("delivery %s failed", due.id)
            await run_in_threadpool(self._rows.put_off, due, Unreachable(FAULT))

    async def _send(self, due: Due) -> None:
        channel, parcel = self._channel, due.parcel
        if due.kind == "close":
            if await self._turn_to_call(due):
                with self._pace.calling(due.address, self._clock):
                    await channel.close(due.address, parcel, due.remote, self._desk)
                await run_in_threadpool(self._rows.end, due.id, "sent", "")
            return
        remote = list(due.remote)
        parts = channel.parts(parcel, self._desk)
        for part in parts[len(remote) :]:
            if not await self._turn_to_call(due):
                return
            with self._pace.calling(due.address, self._clock):
                remote.append(await channel.send(due.address, parcel, part, self._desk))
            if len(remote) < len(parts):
                await run_in_threadpool(self._rows.note, due.id, list(remote))
        await run_in_threadpool(self._rows.sent, due.id, remote)

    async def _turn_to_call(self, due: Due) -> bool:
        """Whether it is wanted still when there is room; the room is for whoever calls at once."""
        while True:
            while (wait := self._pace.wait(due.address, self._clock())) > 0:
                await asyncio.sleep(wait)
            if not await run_in_threadpool(self._rows.waits, due.id):
                return False
            if self._pace.wait(due.address, self._clock()) <= 0:
                return True

    def _hold(self) -> bool:
        """Have the lease, or get it when nobody has it; whoever gets it learns what was sent."""
        now = self._clock()
        if self._held_until - now > LEASE.total_seconds() / 2:
            return True
        if not self._rows.hold(LEASE):
            self._held_until = 0.0
            return False
        if self._held_until < now:
            self._pace = Pace(self._channel.limits)
            self._pace.remember(
                (address, now - ago) for address, ago in self._rows.sent_within(self._pace.longest)
            )
        self._held_until = now + LEASE.total_seconds()
        return True
