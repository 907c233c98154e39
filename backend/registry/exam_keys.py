"""Courses, majors and tickets of the exam by what people call them, a batch at a time."""

from collections.abc import Iterable

from sqlalchemy import select

from backend.models import ExamCourse, ExamMajor, ExamTicket
from backend.registry.entry import Entry, Registry


def ids_by_code(
    registry: Registry, model: type[ExamCourse | ExamMajor], codes: Iterable[str | None]
) -> dict[str, int]:
    query = select(model.code, model.id).where(
        model.institution_id == registry.institution, model.code.in_({one for one in codes if one})
    )
    return {code: key for code, key in registry.session.execute(query)}


def courses_of(registry: Registry, entries: list[Entry]) -> dict[str, int]:
    return ids_by_code(registry, ExamCourse, (one.values["code"] for one in entries))


def majors_of(registry: Registry, entries: list[Entry]) -> dict[str, int]:
    return ids_by_code(registry, ExamMajor, (one.values.get("major") for one in entries))


def tickets_of(registry: Registry, entries: list[Entry]) -> dict[str, ExamTicket]:
    query = select(ExamTicket).where(
        ExamTicket.institution_id == registry.institution,
        ExamTicket.number.in_({one.values["ticket"] for one in entries}),
    )
    return {one.number: one for one in registry.session.scalars(query)}
