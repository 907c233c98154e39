"""What offices publish outside the chat in a conversation script."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from backend.clock import SHANGHAI
from backend.models import PolicyVersion
from backend.work import Work
from bot.assemble import Assistant


class OutsidePolicies:
    """Rules that change, and rules that nobody has made yet."""

    assistant: Assistant

    def unset_policy(self, *entries: str) -> None:
        """The institution has not decided these yet: of the transcripts' policy, or ``invoice.tax_rate``."""
        for entry in entries:
            name, _dot, last = entry.rpartition(".")
            self.replace_policy(name or "transcript", {last: None})

    def unset_calendar(self, *_: str) -> None:
        """Nobody has said yet which days are off."""
        with self.assistant.office.work() as work:
            self.latest_policy(work, "calendar").body = {}
        self.assistant.office.policies.clear()

    def replace_policy(self, name: str, entries: dict[str, Any]) -> None:
        with self.assistant.office.work() as work:
            row = self.latest_policy(work, name)
            row.body = {**row.body, **entries}
        self.assistant.office.policies.clear()

    def set_review_fee(self, fen: str) -> None:
        """The exam office publishes the review fee, in fen; "没有": none is set."""
        with self.assistant.office.read() as work:
            now = self.latest_policy(work, "exam").body["graduation"]
        fee = None if fen == "没有" else int(fen)
        self.replace_policy("exam", {"graduation": now | {"review_fee_fen": fee}})

    def set_window(self, service: str, opens: str, closes: str) -> None:
        """The exam office publishes another window of a service: whole days, 09:00 to 16:00."""
        first, last = date.fromisoformat(opens), date.fromisoformat(closes)
        window = {
            "service": service,
            "session": "",
            "opens_at": datetime.combine(first, time(9), SHANGHAI).isoformat(),
            "closes_at": datetime.combine(last, time(16), SHANGHAI).isoformat(),
        }
        with self.assistant.office.read() as work:
            now = self.latest_policy(work, "exam").body["windows"]
        others = [one for one in now if one["service"] != service]
        self.replace_policy("exam", {"windows": [*others, window]})

    def latest_policy(self, work: Work, name: str) -> PolicyVersion:
        return work.session.scalars(
            select(PolicyVersion)
            .where(PolicyVersion.name == name)
            .order_by(PolicyVersion.version.desc())
            .limit(1)
        ).one()
