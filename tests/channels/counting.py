"""How many deliveries stand how."""

from collections import Counter

from sqlalchemy import select

from backend.models import Delivery
from backend.work import Work


def counts(work: Work) -> dict[str, dict[str, int]]:
    """By channel and state."""
    found: dict[str, dict[str, int]] = {}
    rows = [tuple(row) for row in work.session.execute(select(Delivery.channel, Delivery.state))]
    for (channel, state), count in Counter(rows).items():
        found.setdefault(channel, {})[state] = count
    return found
