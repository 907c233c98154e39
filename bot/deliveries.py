"""The deliveries of one channel as rows: who may send, what is due, and what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from backend.accounts import BOUND
from backend.models import ChatAccount, Delivery, Lease, Outbound
from backend.office import Office
from backend.work import Work
from bot.channels.port import Parcel, Unreachable
from bot.outbox import ANSWERS, may_carry

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=30)
ATTEMPTS = 12  # about an hour; then another channel is tried, if there is one


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

    def hold(self, time: timedelta) -> bool:
        """Have the right to send for this time, if nobody else has it."""
        with self._office.work() as work:
            insert = (sqlite if work.writing.dialect.name == "sqlite" else postgresql).insert
            mine = {"holder": self._holder, "until": work.now + time}
            taken = work.writing.execute(
                insert(Lease)
                .values(name=self._lease, **mine)
                .on_conflict_do_update(
                    index_elements=[Lease.name],
                    set_=mine,
                    where=or_(Lease.holder == self._holder, Lease.until < work.now),
                )
                .returning(Lease.holder)
            )
            return taken.scalar_one_or_none() is not None

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
        """Whether it is still wanted: its account may have been unbound, or its case be over."""
        with self._office.read() as work:
            state = select(Delivery.state).where(Delivery.id == delivery_id)
            return work.session.scalar(state) == "waiting"

    def note(self, delivery_id: int, remote: list[str]) -> None:
        with self._office.work() as work:
            work.session.execute(
                update(Delivery)
                .where(Delivery.id == delivery_id, Delivery.state == "waiting")
                .values(remote=remote)
            )

    def sent(self, delivery_id: int, remote: list[str]) -> None:
        with self._office.work() as work:
            work.session.execute(
                update(Delivery)
                .where(Delivery.id == delivery_id, Delivery.state == "waiting")
                .values(state="sent", why="", remote=remote, ended_at=work.now)
            )

    def end(self, delivery_id: int, state: str, why: str) -> None:
        with self._office.work() as work:
            self._ended(work, delivery_id, state, why)

    def _ended(self, work: Work, delivery_id: int, state: str, why: str) -> None:
        work.session.execute(
            update(Delivery)
            .where(Delivery.id == delivery_id, Delivery.state == "waiting")
            .values(state=state, why=why, ended_at=work.now)
        )

    def put_off(self, due: Due, reason: Unreachable) -> None:
        """It is tried again until it expires; where there is another channel, that is tried first."""
        pause = min(FIRST_PAUSE * 2**due.attempts, LONGEST_PAUSE)
        if reason.wait is not None:
            pause = timedelta(seconds=reason.wait)
        with self._office.work() as work:
            work.session.execute(
                update(Delivery)
                .where(Delivery.id == due.id)
                .values(attempts=Delivery.attempts + 1, try_after=work.now + pause, why=reason.why)
            )
            if due.attempts + 1 >= ATTEMPTS:
                fall_back(work, [due.id])

    def blocked(self, due: Due) -> None:
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
            fall_back(work, list(left))
            for delivery_id in left:
                self._ended(work, delivery_id, "failed", "blocked")


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


def fall_back(work: Work, waiting: list[int]) -> int:
    """What cannot be delivered goes to another account of its person, where there is one."""
    moved = 0
    for delivery_id in waiting:
        lost = work.session.get_one(Delivery, delivery_id, populate_existing=True)
        other = another_account(work, lost) if lost.kind == "say" else None
        if other is None:
            continue
        said = work.session.get_one(Outbound, lost.outbound_id)
        if not may_carry(work, other.id, said.body):
            continue
        held = lost.try_after if not lost.attempts else None  # for the night, say
        lost.state, lost.ended_at = "replaced", work.now
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
                try_after=held,
            )
        )
        moved += 1
    work.session.flush()
    return moved


def another_account(work: Work, lost: Delivery) -> ChatAccount | None:
    """One in the same conversation that has not been tried; the one used last."""
    tried = select(Delivery.account_id).where(Delivery.outbound_id == lost.outbound_id)
    return work.session.scalar(
        select(ChatAccount)
        .join(Outbound, Outbound.conversation_id == ChatAccount.conversation_id)
        .where(
            Outbound.id == lost.outbound_id,
            ChatAccount.channel.in_(BOUND),
            ChatAccount.blocked_at.is_(None),
            ChatAccount.id.not_in(tried),
        )
        .order_by(ChatAccount.last_seen_at.desc())
        .limit(1)
    )


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
