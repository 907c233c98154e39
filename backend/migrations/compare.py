"""What counts when models and tables are compared."""

from typing import Any, Literal

from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from backend.models import Base, UTCDateTime

# DBOS keeps its own tables beside ours on SQLite (on PostgreSQL in a schema of its own).
DBOS_TABLES = frozenset(
    {
        "application_versions",
        "dbos_migrations",
        "event_dispatch_kv",
        "notifications",
        "operation_outputs",
        "queues",
        "streams",
        "workflow_events",
        "workflow_events_history",
        "workflow_input",
        "workflow_output",
        "workflow_schedules",
        "workflow_status",
    }
)


def include_name(name: str | None, kind: str, parents: object) -> bool:
    return not (kind == "table" and name in DBOS_TABLES)


def render_item(kind: str, item: object, context: AutogenContext) -> str | Literal[False]:
    """Steps must stay readable when the models have moved on, so they name no type of ours."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def options(connection: Connection) -> dict[str, Any]:
    return {
        "connection": connection,
        "target_metadata": Base.metadata,
        "include_name": include_name,
        "render_item": render_item,
        "render_as_batch": True,
        "transactional_ddl": True,
    }
