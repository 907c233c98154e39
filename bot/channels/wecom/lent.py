"""What WeCom has lent us for a time, shared by all processes and sealed: the access token, media ids,
the codes that a card is changed with, and media that are still to be fetched."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select, update

from backend.database import insert_into
from backend.models import Lease, PlatformToken
from backend.office import Office
from backend.sealing import Sealer
from backend.work import Work
from bot.sections import WecomSettings

SWEEPING = timedelta(minutes=5)
HELD = timedelta(seconds=30)  # longer than any answer is waited for


def of_application(settings: WecomSettings, office: Office, sealer: Sealer) -> "Lent":
    """What this application of this enterprise has been lent."""
    return Lent(office, sealer, f"wecom:{settings.corp_id}:{settings.agent_id}")


class Lent:
    """Values under names, each until its time; what is over is as if it had never been."""

    def __init__(self, office: Office, sealer: Sealer, prefix: str) -> None:
        self._office = office
        self._sealer = sealer
        self._prefix = f"{prefix}:"
        self._swept_at: datetime | None = None

    def put(self, name: str, value: Any, lifetime: timedelta) -> None:
        with self._office.work() as work:
            self._put(work, name, value, lifetime)

    def add(self, name: str, value: Any, lifetime: timedelta) -> bool:
        """Put it unless there is one under this name; says whether it was put."""
        with self._office.work() as work:
            self._sweep(work)
            over = delete(PlatformToken).where(
                PlatformToken.name == self._prefix + name, PlatformToken.expires_at <= work.now
            )
            work.session.execute(over)
            return self._made(work, PlatformToken, self._row(work, name, value, lifetime))

    def get(self, name: str) -> Any:
        """The value, or None."""
        with self._office.read() as work:
            row = work.session.get(PlatformToken, self._prefix + name)
            if row is None or row.expires_at <= work.now:
                return None
            return json.loads(self._sealer.open(row.sealed))

    def take(self, name: str) -> Any:
        """The value, which only one caller gets; None for all others."""
        with self._office.work() as work:
            return self._take(work, name)

    def _take(self, work: Work, name: str) -> Any:
        gone = (
            delete(PlatformToken)
            .where(PlatformToken.name == self._prefix + name, PlatformToken.expires_at > work.now)
            .returning(PlatformToken.sealed)
        )
        sealed = work.session.execute(gone).scalar()
        return None if sealed is None else json.loads(self._sealer.open(sealed))

    def names(self, beginning: str) -> list[str]:
        """All names with this beginning, oldest first."""
        whole = self._prefix + beginning
        with self._office.read() as work:
            found = work.session.scalars(
                select(PlatformToken.name)
                .where(
                    PlatformToken.name.startswith(whole, autoescape=True),
                    PlatformToken.expires_at > work.now,
                )
                .order_by(PlatformToken.expires_at)
            )
            return [name.removeprefix(self._prefix) for name in found]

    def _put(self, work: Work, name: str, value: Any, lifetime: timedelta) -> None:
        self._sweep(work)
        work.session.merge(PlatformToken(**self._row(work, name, value, lifetime)))
        work.session.flush()

    def _row(self, work: Work, name: str, value: Any, lifetime: timedelta) -> dict[str, Any]:
        return {
            "name": self._prefix + name,
            "sealed": self._sealer.seal(json.dumps(value)),
            "expires_at": work.now + lifetime,
        }

    def _made(self, work: Work, table: type[PlatformToken | Lease], row: dict[str, Any]) -> bool:
        """Whether there was none before."""
        insert = insert_into(work.writing, table)
        made = insert.values(row).on_conflict_do_nothing().returning(table.name)
        return work.session.execute(made).scalar() is not None

    def _sweep(self, work: Work) -> None:
        """Now and then; what is over counts for nothing until then too."""
        if self._swept_at is not None and work.now - self._swept_at < SWEEPING:
            return
        self._swept_at = work.now
        work.session.execute(
            delete(PlatformToken).where(
                PlatformToken.name.startswith(self._prefix, autoescape=True),
                PlatformToken.expires_at <= work.now,
            )
        )

    # --- what only one process may do at a time ---------------------------------------------

    def hold(self, name: str) -> str:
        """A name for whoever may do this now, for ``HELD`` at most; "" when another one may."""
        me, whole = uuid4().hex, self._prefix + name
        with self._office.work() as work:
            free = (
                update(Lease)
                .where(Lease.name == whole, Lease.until <= work.now)
                .values(holder=me, until=work.now + HELD)
                .returning(Lease.holder)
            )
            if work.session.execute(free).scalar() is not None:
                return me
            row = {"name": whole, "holder": me, "until": work.now + HELD}
            return me if self._made(work, Lease, row) else ""

    def release(self, name: str, holder: str) -> None:
        with self._office.work() as work:
            mine = delete(Lease).where(Lease.name == self._prefix + name, Lease.holder == holder)
            work.session.execute(mine)
