"""Sending what waits in the outbox: at least once, in the order of each chat, within every limit.

One process at a time sends on a channel (a lease), so that the platform's limits are kept by one who
knows all calls. What was sent is noted after each call; a repeat after a crash goes on there.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased
from starlette.concurrency import run_in_threadpool

from backend.accounts import BOUND
from backend.models import Blob, ChatAccount, Delivery, Lease, Outbound
from backend.office import Office
from backend.work import Work
from bot.channels.pace import Pace
from bot.channels.port import Blocked, Channel, Parcel, Stored, Unreachable, Unsendable
from bot.links import Links

LEASE = timedelta(seconds=15)
LOOK_AGAIN = 1.0  # seconds; news of this process wake at once
AT_ONCE = 16  # calls in flight
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=30)
ATTEMPTS = 12  # some three hours; then another channel is tried
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose turn it is."""

    id: int
    address: str
    account_id: int
    kind: str
    parcel: Parcel
    remote: list[str]
    attempts: int


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
    """Sends on one channel. ``run`` until cancelled; ``ring`` from any thread when there is news."""

    def __init__(self, office: Office, channel: Channel, links: Links, holder: str) -> None:
        self._office = office
        self._channel = channel
        self._desk = Desk(office, links)
        self._holder = holder
        self._lease = f"send:{office.institution}:{channel.name}"
        self._news = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pace = Pace(channel.limits)
        self._in_hand: set[int] = set()  # accounts being sent to
        self._held_until = 0.0  # monotonic; renewed when half of it is over

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
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), pause)
                self._news.clear()

    async def settle(self) -> None:
        """Send everything that is due now; for scripts and tests."""
        while True:
            async with asyncio.TaskGroup() as sending:
                await self._round(sending)
            if not await run_in_threadpool(self._pick):
                return

    async def _round(self, sending: asyncio.TaskGroup) -> float:
        """Start what is due and has room; returns the seconds until it is worth looking again."""
        if not await run_in_threadpool(self._hold):
            return LOOK_AGAIN
        now = time.monotonic()
        room = AT_ONCE - len(self._in_hand)
        wait = self._pace.wait_for_any(now)
        if room <= 0 or wait > 0:
            return max(wait, 0.02)
        soonest = LOOK_AGAIN
        for due in await run_in_threadpool(self._pick):
            if due.account_id in self._in_hand:
                continue
            wait = self._pace.wait(due.address, time.monotonic())
            if wait > 0:
                soonest = min(soonest, wait)
                continue
            self._in_hand.add(due.account_id)
            sending.create_task(self._deliver(due))
            room -= 1
            if room <= 0:
                break
        return soonest

    # --- one delivery -----------------------------------------------------------------------

    async def _deliver(self, due: Due) -> None:
        try:
            await self._send(due)
        except Unreachable as unreachable:
            await run_in_threadpool(self._put_off, due, unreachable)
        except Blocked:
            await run_in_threadpool(self._blocked, due)
        except Unsendable as never:
            log.warning("delivery %s cannot be sent: %s", due.id, never)
            await run_in_threadpool(self._end, due.id, "failed", "unsendable")
        except Exception:
            log.exception("delivery %s failed", due.id)
            await run_in_threadpool(self._put_off, due, Unreachable("error"))
        finally:
            self._in_hand.discard(due.account_id)
            self._news.set()

    async def _send(self, due: Due) -> None:
        channel, parcel = self._channel, due.parcel
        if due.kind == "close":
            await self._turn_to_call(due.address)
            await channel.close(due.address, parcel, due.remote, self._desk)
            await run_in_threadpool(self._end, due.id, "sent", "")
            return
        remote = list(due.remote)
        parts = channel.parts(parcel, self._desk)
        for part in parts[len(remote) :]:
            await self._turn_to_call(due.address)
            remote.append(await channel.send(due.address, parcel, part, self._desk))
            await run_in_threadpool(self._note, due.id, list(remote))
        await run_in_threadpool(self._end, due.id, "sent", "")

    async def _turn_to_call(self, address: str) -> None:
        while (wait := self._pace.wait(address, time.monotonic())) > 0:
            await asyncio.sleep(wait)
        self._pace.note(address, time.monotonic())

    # --- rows -------------------------------------------------------------------------------

    def _hold(self) -> bool:
        """Have the lease, or get it when nobody has it; whoever gets it learns what was sent."""
        now = time.monotonic()
        if self._held_until - now > LEASE.total_seconds() / 2:
            return True
        with self._office.work() as work:
            insert = (sqlite if work.writing.dialect.name == "sqlite" else postgresql).insert
            mine = {"holder": self._holder, "until": work.now + LEASE}
            taken = work.writing.execute(
                insert(Lease)
                .values(name=self._lease, **mine)
                .on_conflict_do_update(
                    index_elements=[Lease.name],
                    set_=mine,
                    where=or_(Lease.holder == self._holder, Lease.until < work.now),
                )
            ).rowcount
            if not taken:
                self._held_until = 0.0
            elif self._held_until < now:
                self._remember(work)
        if taken:
            self._held_until = now + LEASE.total_seconds()
        return bool(taken)

    def _remember(self, work: Work) -> None:
        self._pace = Pace(self._channel.limits)
        since = work.now - timedelta(seconds=self._pace.longest)
        sent = work.session.execute(
            select(ChatAccount.address, Delivery.ended_at, Delivery.remote)
            .join(ChatAccount, ChatAccount.id == Delivery.account_id)
            .where(
                Delivery.institution_id == work.institution,
                Delivery.channel == self._channel.name,
                Delivery.ended_at > since,
            )
            .order_by(Delivery.ended_at)
        )
        now = time.monotonic()
        self._pace.remember(
            (address, now - (work.now - ended).total_seconds())
            for address, ended, remote in sent
            for _ in range(max(len(remote), 1))
        )

    def _pick(self) -> list[Due]:
        """The first waiting delivery of each account, the most urgent first."""
        with self._office.read() as work:
            earlier = aliased(Delivery)
            before = and_(
                earlier.account_id == Delivery.account_id,
                earlier.state == "waiting",
                or_(
                    earlier.try_after.is_(None), earlier.try_after <= work.now, earlier.attempts > 0
                ),
                or_(
                    earlier.rank < Delivery.rank,
                    and_(earlier.rank == Delivery.rank, earlier.id < Delivery.id),
                ),
            )
            rows = work.session.execute(
                select(Delivery, Outbound, ChatAccount.address)
                .join(Outbound, Outbound.id == Delivery.outbound_id)
                .join(ChatAccount, ChatAccount.id == Delivery.account_id)
                .where(
                    Delivery.institution_id == work.institution,
                    Delivery.channel == self._channel.name,
                    Delivery.state == "waiting",
                    or_(Delivery.try_after.is_(None), Delivery.try_after <= work.now),
                    Delivery.account_id.not_in(self._in_hand),
                    ~select(earlier.id).where(before).exists(),
                )
                .order_by(Delivery.rank, Delivery.id)
                .limit(4 * AT_ONCE)
            ).all()
            expired = [
                one.id for one, _, _ in rows if one.expires_at and one.expires_at <= work.now
            ]
            shown = self._shown(work, [one for one, _, _ in rows if one.kind == "close"])
        if expired:
            with self._office.work() as work:
                for delivery_id in expired:
                    self._ended(work, delivery_id, "expired", "")
        return [
            Due(
                delivery.id,
                address,
                delivery.account_id,
                delivery.kind,
                parcel_of(delivery, outbound),
                shown.get(delivery.id, list(delivery.remote)),
                delivery.attempts,
            )
            for delivery, outbound, address in rows
            if delivery.id not in expired
        ]

    def _shown(self, work: Work, closing: list[Delivery]) -> dict[int, list[str]]:
        """What the platform calls the messages whose buttons are to be taken away."""
        said = {
            (one.outbound_id, one.account_id): list(one.remote)
            for one in work.session.scalars(
                select(Delivery).where(
                    Delivery.kind == "say",
                    Delivery.outbound_id.in_([one.outbound_id for one in closing]),
                )
            )
        }
        return {one.id: said.get((one.outbound_id, one.account_id), []) for one in closing}

    def _note(self, delivery_id: int, remote: list[str]) -> None:
        with self._office.work() as work:
            work.session.execute(
                update(Delivery).where(Delivery.id == delivery_id).values(remote=remote)
            )

    def _end(self, delivery_id: int, state: str, why: str) -> None:
        with self._office.work() as work:
            self._ended(work, delivery_id, state, why)

    def _ended(self, work: Work, delivery_id: int, state: str, why: str) -> None:
        work.session.execute(
            update(Delivery)
            .where(Delivery.id == delivery_id, Delivery.state == "waiting")
            .values(state=state, why=why, ended_at=work.now)
        )

    def _put_off(self, due: Due, reason: Unreachable) -> None:
        pause = min(FIRST_PAUSE * 2**due.attempts, LONGEST_PAUSE)
        if reason.wait is not None:
            pause = timedelta(seconds=reason.wait)
        with self._office.work() as work:
            if due.attempts + 1 >= ATTEMPTS:
                self._ended(work, due.id, "failed", reason.why)
                fall_back(work, [due.id])
                return
            work.session.execute(
                update(Delivery)
                .where(Delivery.id == due.id)
                .values(attempts=Delivery.attempts + 1, try_after=work.now + pause, why=reason.why)
            )

    def _blocked(self, due: Due) -> None:
        """Nothing reaches this address any more; what waits for it goes another way."""
        with self._office.work() as work:
            work.session.execute(
                update(ChatAccount)
                .where(ChatAccount.id == due.account_id)
                .values(blocked_at=work.now)
            )
            left = work.session.scalars(
                select(Delivery.id).where(
                    Delivery.account_id == due.account_id, Delivery.state == "waiting"
                )
            ).all()
            for delivery_id in left:
                self._ended(work, delivery_id, "failed", "blocked")
            fall_back(work, list(left))


def parcel_of(delivery: Delivery, outbound: Outbound) -> Parcel:
    return Parcel(
        key=f"{delivery.id}",
        token=outbound.token,
        body=outbound.body,
        made_at=outbound.created_at,
        closed=outbound.closed or "",
        done=outbound.pressed_at is not None or outbound.closed is not None,
    )


def fall_back(work: Work, failed: list[int]) -> int:
    """Messages that could not be delivered go to another account of their person, if there is one."""
    moved = 0
    for delivery_id in failed:
        lost = work.session.get_one(Delivery, delivery_id, populate_existing=True)
        if lost.kind != "say":
            continue
        before = select(Delivery.account_id).where(Delivery.outbound_id == lost.outbound_id)
        other = work.session.scalar(
            select(ChatAccount)
            .join(Outbound, Outbound.conversation_id == ChatAccount.conversation_id)
            .where(
                Outbound.id == lost.outbound_id,
                ChatAccount.channel.in_(BOUND),
                ChatAccount.blocked_at.is_(None),
                ChatAccount.id.not_in(before),
            )
            .order_by(ChatAccount.last_seen_at.desc())
            .limit(1)
        )
        if other is None:
            continue
        lost.state = "replaced"
        work.session.add(
            Delivery(
                institution_id=lost.institution_id,
                account_id=other.id,
                channel=other.channel,
                outbound_id=lost.outbound_id,
                kind="say",
                rank=lost.rank,
                state="waiting",
                remote=[],
                made_at=work.now,
                expires_at=lost.expires_at,
                attempts=0,
            )
        )
        moved += 1
    work.session.flush()
    return moved


def counts(work: Work) -> dict[str, dict[str, int]]:
    """How many deliveries stand how, by channel; for whoever watches over the server."""
    found: dict[str, dict[str, int]] = {}
    for channel, state, count in work.session.execute(
        select(Delivery.channel, Delivery.state, func.count())
        .where(Delivery.institution_id == work.institution)
        .group_by(Delivery.channel, Delivery.state)
    ):
        found.setdefault(channel, {})[state] = count
    return found


def table(session: Session, institution: str, about: str | None) -> Iterator[str]:
    """A line for each channel and state; for one case, a line for each message."""
    chosen = select(Delivery, Outbound.about, ChatAccount.address).join_from(
        Delivery, Outbound, Outbound.id == Delivery.outbound_id
    )
    if about is None:
        counted = session.execute(
            select(Delivery.channel, Delivery.state, Delivery.why, func.count())
            .where(Delivery.institution_id == institution)
            .group_by(Delivery.channel, Delivery.state, Delivery.why)
            .order_by(Delivery.channel, Delivery.state)
        )
        for channel, state, why, count in counted:
            yield f"{channel} {state} {count} {why}".rstrip()
        return
    rows = session.execute(
        chosen.join(ChatAccount, ChatAccount.id == Delivery.account_id)
        .where(Delivery.institution_id == institution, Outbound.about == about.upper())
        .order_by(Delivery.id)
    )
    for one, _about, address in rows:
        ended = one.ended_at.isoformat(timespec="seconds") if one.ended_at else ""
        yield f"{one.id} {one.channel} {address} {one.kind} {one.state} {ended} {one.why}".rstrip()
