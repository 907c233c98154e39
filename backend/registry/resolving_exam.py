"""From what the exam's files say to what its tables hold; see ``resolving.py``."""

from collections.abc import Callable, Iterable

from sqlalchemy import select

from backend.errors import Refused
from backend.models import (
    ExamCandidate,
    ExamOption,
)
from backend.policy import store
from backend.policy.exam import Scores
from backend.registry.entry import Entry, Registry, persons_of
from backend.registry.exam_keys import courses_of, majors_of, tickets_of
from backend.registry.resolving_transfers import transfers_in
from backend.registry.upsert import Row

SEALED = ("phone", "mobile", "email", "address")


def exam_courses(registry: Registry, entries: list[Entry]) -> list[Row]:
    return [{"active": True, "name_en": "", **entry.values} for entry in entries]


def exam_majors(registry: Registry, entries: list[Entry]) -> list[Row]:
    rows = []
    for entry in entries:
        row = {"name_en": "", **entry.values}
        row["code"] = row.pop("major")
        row["unit_id"] = registry.unit_ids.get(row.pop("unit"))
        if row["unit_id"] is None:
            registry.refuse(entry, "unit", "unknown_unit")
        else:
            rows.append(row)
    return rows


def exam_plans(registry: Registry, entries: list[Entry]) -> list[Row]:
    majors, courses = majors_of(registry, entries), courses_of(registry, entries)
    rows = []
    for entry in entries:
        row = {"choice": "", "since": "", "until": "", **entry.values}
        major, course = majors.get(row.pop("major")), courses.get(row.pop("code"))
        if major is None:
            registry.refuse(entry, "major", "unknown_major")
        elif course is None:
            registry.refuse(entry, "code", "unknown_exam_course")
        elif row["until"] and row["until"] < row["since"]:
            registry.refuse(entry, "until", "ends_before_it_begins")
        else:
            rows.append({"major_id": major, "course_id": course, **row})
    return rows


def exam_options(registry: Registry, entries: list[Entry]) -> list[Row]:
    majors = majors_of(registry, entries)
    rows = []
    for entry in entries:
        row = {"name_en": "", **entry.values}
        row["code"] = row.pop("option")
        if (major := majors.get(row.pop("major"))) is None:
            registry.refuse(entry, "major", "unknown_major")
        else:
            rows.append({"major_id": major, **row})
    return rows


def exam_option_courses(registry: Registry, entries: list[Entry]) -> list[Row]:
    majors, courses = majors_of(registry, entries), courses_of(registry, entries)
    query = select(ExamOption.major_id, ExamOption.code, ExamOption.id).where(
        ExamOption.major_id.in_(majors.values())
    )
    options = {(major, code): key for major, code, key in registry.session.execute(query)}
    rows = []
    for entry in entries:
        major = majors.get(entry.values["major"])
        course = courses.get(entry.values["code"])
        if major is None:
            registry.refuse(entry, "major", "unknown_major")
        elif (option := options.get((major, entry.values["option"]))) is None:
            registry.refuse(entry, "option", "unknown_option")
        elif course is None:
            registry.refuse(entry, "code", "unknown_exam_course")
        else:
            rows.append({"option_id": option, "course_id": course})
    return rows


def exam_candidates(registry: Registry, entries: list[Entry]) -> list[Row]:
    """What is sealed is compared opened: sealing the same words again gives other bytes.

    A blank leaves what is known, as with ID numbers.
    """
    found = list(persons_of(registry, entries))
    people = {row["person_id"] for _entry, row in found}
    query = select(ExamCandidate).where(ExamCandidate.person_id.in_(people))
    known = {one.person_id: one for one in registry.session.scalars(query)}
    rows = []
    for entry, row in found:
        if row["born_on"] > registry.today:
            registry.refuse(entry, "born_on", "in_future")
            continue
        old = known.get(row["person_id"])
        for name in SEALED:
            if words := row.pop(name, None):
                before: bytes | None = getattr(old, f"{name}_sealed", None)
                same = before is not None and registry.sealer.open(before) == words
                row[f"{name}_sealed"] = before if same else registry.sealer.seal(words)
        rows.append(row if old is not None else {**NO_DATA, **row})
    return rows


NO_DATA = dict.fromkeys(
    ("education", "political", "household", "study_mode", "occupation", "employer", "postcode"), ""
)


def exam_tickets(registry: Registry, entries: list[Entry]) -> list[Row]:
    """A ticket never goes to another person: what was done under it would go with it.

    A blank major or day leaves what is known.
    """
    known, majors = tickets_of(registry, entries), majors_of(registry, entries)
    rows = []
    for entry, row in persons_of(registry, entries):
        number, major, day = (
            row.pop("ticket"),
            row.pop("major", None),
            row.pop("registered_on", None),
        )
        if number in known and known[number].person_id != row["person_id"]:
            registry.refuse(entry, "ticket", "ticket_of_another")
        elif major is not None and major not in majors:
            registry.refuse(entry, "major", "unknown_major")
        elif day is not None and day > registry.today:
            registry.refuse(entry, "registered_on", "in_future")
        else:
            told = {"major_id": majors.get(major or ""), "registered_on": day}
            given = {name: value for name, value in told.items() if value is not None}
            rows.append({"number": number, "active": True, **given, **row})
    return rows


def results(registry: Registry, entries: list[Entry]) -> Iterable[tuple[Entry, Row]]:
    """Each entry with a row of the score it is about."""
    tickets, courses = tickets_of(registry, entries), courses_of(registry, entries)
    month = f"{registry.today:%Y-%m}"
    for entry in entries:
        row = dict(entry.values)
        ticket, course = tickets.get(row.pop("ticket")), courses.get(row.pop("code"))
        late = next((one for one in ("session", "passed_month") if row.get(one, "") > month), None)
        if ticket is None:
            registry.refuse(entry, "ticket", "unknown_ticket")
        elif course is None:
            registry.refuse(entry, "code", "unknown_exam_course")
        elif late is not None:
            registry.refuse(entry, late, "in_future")
        else:
            row["score"], row["remark"] = row.get("score") or (None, "")
            yield (
                entry,
                {
                    "person_id": ticket.person_id,
                    "ticket_id": ticket.id,
                    "course_id": course,
                    **row,
                },
            )


def pass_mark(registry: Registry) -> int:
    """Before anything is published, the policy's own beginning."""
    try:
        return store.exam(registry.work()).scores.pass_mark
    except Refused:
        return Scores().pass_mark


def exam_scores(registry: Registry, entries: list[Entry]) -> list[Row]:
    """A pass is the pass mark of today's policy, unless the file says otherwise; no score is no
    pass."""
    mark = pass_mark(registry)
    rows = []
    for _entry, row in results(registry, entries):
        reached, said = row["score"], row.pop("passed", None)
        row["passed"] = reached is not None and (reached >= mark if said is None else said)
        row["passed_month"] = row["session"] if row["passed"] else ""
        rows.append({"source": "exam", **row})
    return rows


def exam_credits(registry: Registry, entries: list[Entry]) -> list[Row]:
    """What counts without an exam here."""
    rows = []
    for entry, row in results(registry, entries):
        whole = {"exemption", "transfer_in"}
        if {row["kind"], row["source"]} & whole and row["source"] not in (
            row["kind"],
            "back_entry",
        ):
            registry.refuse(entry, "source", "kind_and_source_differ")
        elif row["kind"] not in whole and row["score"] is None:
            registry.refuse(entry, "score", "score_needed")
        else:
            rows.append({"session": "", "passed": True, **row})
    return rows


RESOLVERS: dict[str, Callable[[Registry, list[Entry]], list[Row]]] = {
    "exam_courses": exam_courses,
    "exam_majors": exam_majors,
    "exam_plans": exam_plans,
    "exam_options": exam_options,
    "exam_option_courses": exam_option_courses,
    "exam_candidates": exam_candidates,
    "exam_tickets": exam_tickets,
    "exam_scores": exam_scores,
    "exam_credits": exam_credits,
    "transfers_in": transfers_in,
}
