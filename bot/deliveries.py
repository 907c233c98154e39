"""The deliveries of one channel as rows: who may send, what is due, and what became of it."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, cast, or_, select, update
from sqlalchemy.orm import aliased

from backend import accounts
from backend.database import insert_into
from backend.models import ChatAccount, Delivery, Lease, Outbound
from backend.office import Office
from backend.work import Work
from bot import fallback
from bot.channels.port import Parcel, Unreachable
from bot.outbox import ANSWERS

FIRST_PAUSE = timedelta(seconds=2)  # doubles
MOST_DOUBLED = 20  # times; more is longer than anything lasts
LONGEST_PAUSE = timedelta(minutes=10)
FAULT = "error"  # of ours, not of the platform
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


class Deliveries:
    """``holder`` is the name of this process."""

    def __init__(self, office: Office, channel: str, holder: str) -> None:
        self._office = office
        self._channel = channel
        self._holder = holder
        self._lease = f"send:{office.institution}:{channel}"
        self._held_until: datetime | None = None
        self._passed_at: datetime | None = None  # when the platform took something, or we began
        self._away = False  # it has taken nothing for long
        self._failing: dict[int, datetime] = {}  # deliveries, and since when

    def hold(self, time: timedelta) -> bool:
        """Have the right to send for this time, if nobody else has it."""
        with self._office.work() as work:
            mine = {"holder": self._holder, "until": work.now + time}
            taken = work.writing.execute(
                insert_into(work.writing, Lease)
                .values(name=self._lease, **mine)
                .on_conflict_do_update(
                    index_elements=[Lease.name],
                    set_=mine,
                    where=or_(Lease.holder == self._holder, Lease.until < work.now),
                )
                .returning(Lease.holder)
            )
            if taken.scalar_one_or_none() is None:
                return False
            if self._held_until is None or self._held_until < work.now:
                self._passes(work)  # for all that is known here
            self._held_until = work.now + time
            return True

    def sent_within(self, seconds: float) -> list[tuple[str, float]]:
        """The calls of the last while, oldest first: address, and how many seconds ago.

        When the parts of a half-sent message went out is not kept: they count as made just now.
        """
        with self._office.read() as work:
            sent = work.session.execute(
                select(
                    ChatAccount.address,
                    Delivery.ended_at,
                    Delivery.state,
                    Delivery.remote,
                )
                .join(ChatAccount, ChatAccount.id == Delivery.account_id)
                .where(
                    Delivery.institution_id == work.institution,
                    Delivery.channel == self._channel,
                    or_(
                        Delivery.ended_at > work.now - timedelta(seconds=seconds),
                        and_(Delivery.state == "waiting", cast(Delivery.remote, String) != "[]"),
                    ),
                )
            )
            calls = [
                (address, ago(work.now, ended))
                for address, ended, state, remote in sent
                for _ in range(max(len(remote), 1 if state in ("sent", "failed") else 0))
            ]
        return sorted(calls, key=lambda call: -call[1])

    def pick(self, besides: set[int], most: int) -> list[Due]:
        """The first waiting delivery of each account besides some, the most urgent first."""
        with self._office.read() as work:
            earlier = aliased(Delivery)
            before = and_(
                earlier.account_id == Delivery.account_id,
                earlier.state == "waiting",
                or_(
                    earlier.try_after.is_(None),
                    earlier.try_after <= work.now,
                    earlier.attempts > 0,
                    earlier.rank == ANSWERS,  # held for a moment, for whoever may show it at once
                ),
                or_(
                    earlier.rank < Delivery.rank,
                    and_(earlier.rank == Delivery.rank, said_before(earlier)),
                ),
            )
            rows = work.session.execute(
                select(Delivery, Outbound, ChatAccount.address)
                .join(Outbound, Outbound.id == Delivery.outbound_id)
                .join(ChatAccount, ChatAccount.id == Delivery.account_id)
                .where(
                    Delivery.institution_id == work.institution,
                    Delivery.channel == self._channel,
                    Delivery.state == "waiting",
                    or_(Delivery.try_after.is_(None), Delivery.try_after <= work.now),
                    Delivery.account_id.not_in(besides),
                    ~select(earlier.id).where(before).exists(),
                )
                .order_by(Delivery.rank, Delivery.outbound_id, Delivery.id)
                .limit(most)
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

    def waits(self, delivery_id: int) -> bool:
        """Whether it is still wanted: its account may have been unbound, or its time be over."""
        with self._office.read() as work:
            wanted = select(Delivery.id).where(
                Delivery.id == delivery_id,
                Delivery.state == "waiting",
                or_(Delivery.expires_at.is_(None), Delivery.expires_at > work.now),
            )
            return work.session.scalar(wanted) is not None

    def note(self, delivery_id: int, remote: list[str]) -> None:
        with self._office.work() as work:
            self._passes(work)
            work.session.execute(
                update(Delivery)
                .where(Delivery.id == delivery_id, Delivery.state == "waiting")
                .values(remote=remote)
            )

    def sent(self, delivery_id: int, remote: list[str]) -> None:
        self._failing.pop(delivery_id, None)
        with self._office.work() as work:
            self._passes(work)
            work.session.execute(
                update(Delivery)
                .where(Delivery.id == delivery_id, Delivery.state == "waiting")
                .values(state="sent", why="", remote=remote, ended_at=work.now)
            )

    def end(self, delivery_id: int, state: str, why: str) -> None:
        with self._office.work() as work:
            self._passes(work)
            self._ended(work, delivery_id, state, why)

    def _ended(self, work: Work, delivery_id: int, state: str, why: str) -> None:
        self._failing.pop(delivery_id, None)
        work.session.execute(
            update(Delivery)
            .where(Delivery.id == delivery_id, Delivery.state == "waiting")
            .values(state=state, why=why, ended_at=work.now)
        )

    def put_off(self, due: Due, reason: Unreachable) -> None:
        """It is tried again until it expires. What fails for minutes goes another way, with all that
        waits for the same account; with the whole channel's, where nothing gets through at all.

        Where the platform says how long it wants to be left alone, that is no attempt that failed: the
        pauses do not grow by it.
        """
        doubled = FIRST_PAUSE * 2 ** min(due.attempts, MOST_DOUBLED)
        pause, attempts = min(doubled, LONGEST_PAUSE), due.attempts + 1
        if reason.wait is not None:
            pause, attempts = timedelta(seconds=reason.wait), max(due.attempts, 1)
        with self._office.work() as work:
            since = self._failing.setdefault(due.id, work.now - (doubled - FIRST_PAUSE))
            failed_for = work.now - since + (pause if reason.wait is not None else timedelta())
            for_good = failed_for >= fallback.PATIENCE
            put_off = work.session.execute(
                update(Delivery)
                .where(Delivery.id == due.id, Delivery.state == "waiting")
                .values(attempts=attempts, try_after=work.now + pause, why=reason.why)
                .returning(Delivery.id)
            )
            if put_off.one_or_none() is None:
                self._failing.pop(due.id, None)
                return  # stopped or unbound while it was being sent
            if for_good or self._away or fallback.given_up_lately(work, due.account_id):
                all_of_it = fallback.of_account(work, due.account_id)
                moved = fallback.fall_back(work, all_of_it, reason.why)
                for delivery_id in moved:
                    self._failing.pop(delivery_id, None)
                if failed_for >= fallback.LATELY and reason.why == FAULT and due.id not in moved:
                    self._ended(work, due.id, "failed", FAULT)  # those behind it need not wait
            begins = for_good and not self._away and self._nothing_passes(work)
            self._away = self._away or begins
        if begins:
            log.warning("nothing gets through on %s; what can goes another way", self._channel)
            self._leave()

    def _nothing_passes(self, work: Work) -> bool:
        idle = work.now - (self._passed_at or work.now)
        return idle >= fallback.PATIENCE and fallback.several_fail(work, self._channel)

    def _leave(self) -> None:
        """All that waits on this channel and can goes to another one; the rest is tried here still."""
        after = 0
        while True:
            with self._office.work() as work:
                part = fallback.of_channel(work, self._channel, after)
                if not part:
                    return
                fallback.fall_back(work, part, "away", besides=self._channel)
                after = work.session.get_one(Delivery, part[-1]).outbound_id

    def _passes(self, work: Work) -> None:
        """The platform has just answered."""
        self._passed_at, self._away = work.now, False

    def blocked(self, due: Due) -> None:
        """Nothing reaches this address any more; what waits for it goes another way."""
        with self._office.work() as work:
            self._passes(work)
            accounts.reach(work, self._channel, due.address, blocked=True)
            left = fallback.of_account(work, due.account_id)
            fallback.fall_back(work, left, fallback.BLOCKED)
            for delivery_id in left:
                self._ended(work, delivery_id, "failed", fallback.BLOCKED)


def said_before(earlier: type[Delivery]) -> ColumnElement[bool]:
    """Of one rank, the order is that in which it was said, whatever way it has come here."""
    return or_(
        earlier.outbound_id < Delivery.outbound_id,
        and_(earlier.outbound_id == Delivery.outbound_id, earlier.id < Delivery.id),
    )


def ago(now: datetime, then: datetime | None) -> float:
    return (now - then).total_seconds() if then else 0.0


def parcel_of(delivery: Delivery, outbound: Outbound) -> Parcel:
    return Parcel(
        key=f"{delivery.id}",
        token=outbound.token,
        body=outbound.body,
        made_at=outbound.created_at,
        closed=outbound.closed or "",
        done=outbound.pressed_at is not None or outbound.closed is not None,
    )
