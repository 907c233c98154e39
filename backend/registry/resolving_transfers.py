"""Transfers in, from an export to the cases that follow it (E7)."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from sqlalchemy import select

from backend.exam.transfer_in import Appointment, Incoming, State, count
from backend.exam.transfer_in_registry import NoWay, follow, receive
from backend.models import ExamCourse, ExamTicket, TransferIn
from backend.registry.entry import Entry, Registry
from backend.registry.exam_keys import courses_of, majors_of, tickets_of
from backend.registry.upsert import Row
from backend.work import Work

Key = tuple[str, str, str]  # ticket, province and ticket there: one transfer


def transfers_in(registry: Registry, entries: list[Entry]) -> list[Row]:
    """One line for each score; the lines of one transfer agree on its state, and come in together.

    Where one of them is refused all of them are: a candidate who is told of half a transfer would
    look for the rest.
    """
    tickets, courses = tickets_of(registry, entries), courses_of(registry, entries)
    majors = majors_of(registry, entries)
    wrong: dict[Key, int] = {}  # the first line that is refused
    for unread in registry.unread:
        wrong.setdefault(key_of(unread.cells), unread.line)
    first: dict[Key, tuple[Entry, tuple[Any, ...]]] = {}
    right = []
    for entry in entries:
        value, key = entry.values, key_of(entry.values)
        said = tuple(value.get(name) for name in ("state", "confirm_at", "confirm_place", "reason"))
        earlier, agreed = first.setdefault(key, (entry, said))
        if value["ticket"] not in tickets:
            registry.refuse(entry, "ticket", "unknown_ticket")
        elif value["code"] not in courses:
            registry.refuse(entry, "code", "unknown_exam_course")
        elif value.get("major") and value["major"] not in majors:
            registry.refuse(entry, "major", "unknown_major")
        elif said != agreed:
            registry.refuse(entry, "state", "transfer_contradicts", first=earlier.line)
        else:
            right.append(entry)
            continue
        wrong.setdefault(key, entry.line)
    work = registry.work()
    moved: dict[Key, tuple[TransferIn, bool]] = {}
    rows = []
    for entry in right:
        value, key = entry.values, key_of(entry.values)
        if key in wrong:
            registry.refuse(entry, "code", "with_refused_line", first=wrong[key])
            continue
        if key not in moved:
            major = majors.get(value.get("major") or "")
            found = transfer_of(work, registry, entry, tickets[key[0]], major)
            if found is None:
                wrong[key] = entry.line
                continue
            moved[key] = found
        rows.append(incoming(work, moved[key], value, courses[value["code"]]))
    return rows


def key_of(cells: Mapping[str, Any]) -> Key:
    return cells["ticket"], cells["from_province"], cells["from_ticket"]


def transfer_of(
    work: Work, registry: Registry, entry: Entry, ticket: ExamTicket, major: int | None
) -> tuple[TransferIn, bool] | None:
    """The case the entry is about, brought to its state, and whether that is news of an old one.

    None where the entry has been refused.
    """
    value = entry.values
    at, place = value.get("confirm_at"), value.get("confirm_place") or ""
    if (at is not None and not place) or (value["state"] == State.INVITED and at is None):
        registry.refuse(entry, "confirm_at", "appointment_incomplete")
        return None
    if value["state"] == State.REJECTED and not value.get("reason"):
        registry.refuse(entry, "reason", "reason_needed")
        return None
    known = registry.session.scalar(
        select(TransferIn).where(
            TransferIn.ticket_id == ticket.id,
            TransferIn.from_province == value["from_province"],
            TransferIn.from_ticket == value["from_ticket"],
        )
    )
    transfer = known
    if transfer is None:
        transfer = receive(work, ticket, value["from_province"], value["from_ticket"], major)
        transfer.told_at = None
    when = Appointment(at.astimezone(UTC), place) if at is not None else None
    try:
        news = follow(work, transfer, value["state"], when, value.get("reason") or "")
    except NoWay as no_way:
        registry.refuse(entry, "state", "bad_state_step", now=no_way.args[0])
        return None
    return transfer, known is not None and news


def incoming(work: Work, found: tuple[TransferIn, bool], value: dict[str, Any], course: int) -> Row:
    transfer, news = found
    score, _remark = value.get("score") or (None, "")
    month = value.get("passed_month") or ""
    if transfer.state == State.ACCEPTED:
        count(work, transfer, [Incoming(work.session.get_one(ExamCourse, course), score, month)])
    return {
        "transfer_id": transfer.id,
        "course_id": course,
        "score": score,
        "passed_month": month,
        "changed_elsewhere": news,
    }
