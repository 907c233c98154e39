"""Rows of the demo into tables, without the ORM."""

from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from backend.models import Base, Institution
from backend.registry.demo.units import INSTITUTION


def put(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """All rows of one table at once, without the ORM: four thousand results take a tenth second."""
    if model is not Institution:
        rows = [{"institution_id": INSTITUTION, **row} for row in rows]
    bulk(session, model, rows)


def bulk(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    session.execute(insert(cast(Table, model.__table__)), rows)


def keys(session: Session, model: type[Base], column: str) -> dict[str, int]:
    table = cast(Table, model.__table__)
    query = select(table.c[column], table.c.id).where(table.c.institution_id == INSTITUTION)
    return {natural: key for natural, key in session.execute(query)}
