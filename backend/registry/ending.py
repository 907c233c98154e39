"""Roles that a file takes away. Authority is asked for at every use, so it ends with the import."""

from typing import cast

from sqlalchemy import Table, delete, insert

from backend.models import AuditEntry, Role
from backend.registry.entry import Registry
from backend.registry.upsert import TARGETS, Row, existing


def end_roles(registry: Registry, rows: list[Row]) -> int:
    """Takes away those of ``rows`` that are held, each with an entry in the audit; how many.

    Nothing else is touched: a role that nobody holds, or holds no longer, is left as it is.
    """
    goal = TARGETS["roles"]
    held = existing(registry.session, registry.institution, goal, rows) if rows else {}
    ended = [
        found
        for row in rows
        if (found := held.get(tuple(row[column] for column in goal.key))) is not None
    ]
    if not ended:
        return 0
    codes = {key: code for code, key in registry.unit_ids.items()}
    table = cast(Table, Role.__table__)
    registry.session.execute(
        delete(table).where(
            table.c.institution_id == registry.institution,
            table.c.id.in_([found["id"] for found in ended]),
        )
    )
    registry.session.execute(
        insert(AuditEntry),
        [
            {
                "institution_id": registry.institution,
                "at": registry.now,
                "actor_id": registry.actor,
                "subject": f"person:{found['person_id']}",
                "event": "end_role",
                "from_state": found["role"],
                "to_state": "",
                "why": f"unit {codes[found['unit_id']]}" if found["unit_id"] else "",
            }
            for found in ended
        ],
    )
    return len(ended)
