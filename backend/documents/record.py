"""What a transcript says as data: the JSON attached to it, and whether the pages say the same.

The form is published as a JSON Schema (bot/static/schemas/transcript-1.json). Values that are
printed stand as they are printed, in the language of the document (`…_text`), beside the plain
ones.
"""

import json
from collections.abc import Iterable
from typing import Any

from backend.documents.facts import CourseLine, Coverage, Gpa, Language, TranscriptFacts
from backend.documents.materials import Issue
from backend.documents.notes import marks, notes, score_in_words
from backend.documents.words import (
    SHANGHAI,
    Words,
    gpa_in_words,
    grouped,
    iso_date_in_words,
    replaced,
    straight,
    term_in_words,
    words,
)

SCHEMA = "transcript-1"

# What pdfium and others give for a hyphen at the end of a line.
_HYPHENS = {"\ufffe": "-", "\x02": "-"}
_FURNITURE = 2000  # characters at most between the tables of two pages


def record(facts: TranscriptFacts, issue: Issue) -> dict[str, Any]:
    """The data of one issued copy. Raises ValueError for a time without a zone."""
    if issue.issued_at.tzinfo is None:
        raise ValueError("the time of issue has no time zone")
    w = words(facts.language)
    chinese = facts.language is Language.ZH
    issued = issue.issued_at.astimezone(SHANGHAI)
    gpa = facts.gpa is Gpa.WITH
    note = facts.gpa_note_zh if chinese else facts.gpa_note_en
    scale = marks(facts)
    return {
        "$schema": f"{issue.verify_url.removesuffix(f'/v/{issue.code}')}/schemas/{SCHEMA}.json",
        "type": "transcript",
        "version": 1,
        "language": str(facts.language),
        "issue": {
            "code": issue.code,
            "issued_on": issued.date().isoformat(),
            "issued_at": issued.isoformat(timespec="seconds"),
            "verify_url": issue.verify_url,
            "demo": issue.demo,
        },
        "institution": {"name": facts.institution},
        "holder": {
            "name": facts.name,
            "student_number": facts.student_number,
        },
        "programme": {
            "unit": facts.unit,
            "major": facts.major,
            "level": facts.level,
            "level_text": w.levels.get(facts.level, facts.level),
            "enrolled_on": facts.enrolled_on,
            "graduated_on": facts.graduated_on,
            "coverage": str(facts.coverage),
            "coverage_text": w.coverage[facts.coverage],
        },
        "courses": [
            _course(line, w, scale, facts.coverage)
            for line in sorted(facts.courses, key=lambda one: one.term)
        ],
        "totals": {
            "courses": str(len(facts.courses)),
            "credits": facts.total_credits,
            **(
                {"gpa": {"value": facts.gpa_value, "scale": facts.gpa_scale, "note": note}}
                if gpa
                else {}
            ),
        },
        "notes": notes(facts),
    }


def _course(
    line: CourseLine, w: Words, scale: dict[str, str], coverage: Coverage
) -> dict[str, Any]:
    found = {
        "code": line.code,
        "name": line.name_zh if w.language is Language.ZH else line.name_en,
        "term": line.term,
        "term_text": term_in_words(line.term, w.language),
        "hours": line.hours,
        "credits": line.credits,
        "score": line.score,
        "score_text": score_in_words(line.score, w.language),
        "degree_course": line.degree_course,
    }
    if line.score in scale:
        found["mark"] = scale[line.score]  # stands before the note that explains the score
    if coverage is Coverage.COMBINED:
        found |= {"period": str(line.period), "period_text": w.period[line.period]}
    return found


def as_json(record: dict[str, Any]) -> bytes:
    """The same data always give the same bytes; one line for each part, for people who look."""
    lines = (
        f"{json.dumps(name)}:"
        + json.dumps(record[name], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for name in sorted(record)
    )
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def unprinted(record: dict[str, Any], printed: Iterable[str]) -> list[str]:
    """The parts of the data that the pages do not say, by name; none when they agree.

    `printed` is the text in the order in which it was drawn: the pen's, or what a reader of PDFs
    finds. Line breaks and other white space do not count. Every part is looked for together with
    what stands before and after it, so that nothing is longer on the page than in the data, and
    there is no course on the page between two of the data.
    """
    w = words(Language(record["language"]))
    page = _bare("".join(printed))
    found = [name for name, text in _said(record, w) if _bare(text) not in page]
    found += [f"courses/{number}" for number in _other_rows(record, w, page)]
    if record["totals"]["courses"] != str(len(record["courses"])):
        found.append("totals/courses")
    return found


def _said(record: dict[str, Any], w: Words) -> list[tuple[str, str]]:
    """What is to be found on the pages apart from the courses, each with the words around it."""
    issue, programme, totals = record["issue"], record["programme"], record["totals"]
    graduated = programme["graduated_on"]
    head = [
        ("", w.name),
        ("holder/name", record["holder"]["name"]),
        ("", w.student_number),
        ("holder/student_number", record["holder"]["student_number"]),
        ("", w.unit),
        ("programme/unit", programme["unit"]),
        ("", w.major),
        ("programme/major", programme["major"]),
        ("", w.level),
        ("programme/level_text", programme["level_text"]),
        ("", w.enrolled),
        ("programme/enrolled_on", iso_date_in_words(programme["enrolled_on"], w.language)),
        ("", w.graduated if graduated else w.status),
        (
            "programme/graduated_on",
            iso_date_in_words(graduated, w.language) if graduated else w.not_graduated,
        ),
        ("", w.columns["code"]),
    ]
    end = [
        ("", w.courses_total),
        ("totals/courses", totals["courses"]),
        ("", w.credits_total),
        ("totals/credits", totals["credits"]),
    ]
    if "gpa" in totals:
        gpa = totals["gpa"]
        end += [("", w.gpa), ("totals/gpa", gpa_in_words(gpa["value"], gpa["scale"]))]
    end.append(("", f"— {w.nothing_follows} —{w.notes}"))
    for number, note in enumerate(record["notes"], 1):
        end += [("", f"{number}{w.number}"), (f"notes/{number - 1}", note)]
    end += [
        ("", w.verification + w.code),
        ("issue/code", grouped(issue["code"])),
        ("", w.how_to_verify),
        ("issue/verify_url", issue["verify_url"]),
        ("", w.how_to_check_seal + w.issued),
        ("issue/issued_on", iso_date_in_words(issue["issued_on"], w.language)),
    ]
    said = [
        (name, before + text + after)
        for (_, before), (name, text), (_, after) in (
            *zip(head, head[1:], head[2:], strict=False),
            *zip(end, end[1:], [*end[2:], ("", "")], strict=False),
        )
        if name
    ]
    said.append(("institution/name", record["institution"]["name"] + w.title))
    said.append(("programme/coverage_text", w.title + programme["coverage_text"] + w.name))
    if "gpa" in totals:
        said.append(("totals/gpa/note", totals["gpa"]["note"] or ""))
    return said


def _other_rows(record: dict[str, Any], w: Words, page: str) -> list[int]:
    """Numbers of courses that the page has otherwise, or with something else before them."""
    person = record["holder"]["name"] + record["holder"]["student_number"]
    feet = (_bare(person), _bare(record["holder"]["student_number"]))
    combined = record["programme"]["coverage"] == Coverage.COMBINED
    columns = _bare("".join(text for key, text in w.columns.items() if combined or key != "period"))
    found: list[int] = []
    at, term = _after(page, columns, 0), ""
    for number, course in enumerate(record["courses"]):
        row, title = _bare(_row(course)), _bare(course["term_text"])
        end = _after(page, title + row, at, here=True)
        if end < 0 and title == term:
            end = _after(page, row, at, here=True)
        if end < 0 and page.startswith(feet, at):
            top = _after(page[: at + _FURNITURE], columns, at)
            for heading in (title, title + _bare(w.continued)):
                end = max(end, _after(page, heading + row, top, here=True))
        if end < 0:
            found.append(number)
            end = max(at, _after(page, row, at))
        at, term = end, title
    if not page.startswith(_bare(w.courses_total), at):
        found.append(len(record["courses"]) - 1)
    return list(dict.fromkeys(found))


def _after(page: str, text: str, at: int, *, here: bool = False) -> int:
    """Where `text` ends, the first after `at`, or `here` at that very place; -1 when it is not."""
    place = (at if page.startswith(text, at) else -1) if here else page.find(text, max(at, 0))
    return -1 if place < 0 or at < 0 else place + len(text)


def _row(course: dict[str, Any]) -> str:
    """One course as it stands in the table, from left to right."""
    return "".join(
        (
            course["code"],
            course["name"],
            course.get("period_text", ""),
            "" if course["hours"] is None else str(course["hours"]),
            course["credits"],
            course["score_text"],
            course.get("mark", ""),
            "✓" if course["degree_course"] else "",
        )
    )


def _bare(text: str) -> str:
    return "".join(replaced(straight(text), _HYPHENS).split())
