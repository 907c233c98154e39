"""Whose picture a file is, by its name: an ID number or a student number and nothing else (R15)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath

from sqlalchemy import ColumnElement, select

from backend.file_names import PLATFORM, NameFacts
from backend.models import Person, Student
from backend.registry import id_numbers
from backend.sealing import masked_number
from backend.work import Work

NUMBER = re.compile(r"[A-Za-z]?\d{6,20}[A-Za-z]?", re.ASCII)
LONG = re.compile(r"\d{15,}[Xx]?", re.ASCII)  # as an ID number, or one with a slip in it
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
ID_FORM = re.compile(r"\d{17}[\dXx]", re.ASCII)


class NameKind(StrEnum):
    ID_NUMBER = "id_number"
    BAD_ID_NUMBER = "bad_id_number"  # its form, with a wrong check digit
    NUMBER = "number"  # to be looked up among student numbers
    PLATFORM = "platform"  # given by a phone or a messenger
    OTHER = "other"  # a person's name, or a number with something beside it
    OWN_ID = "own_id"  # said when it came in; the number itself was not kept
    SOME_ID = "some_id"


@dataclass(frozen=True, slots=True)
class Name:
    """``shown`` is fit to be shown: whatever may be an ID number is masked in it. ``said`` is the
    whole name of what may be a student number, for where it turned out to be one."""

    kind: NameKind
    stem: str
    shown: str
    said: str = ""

    def of(self, owner: "Owner | None") -> "Name":
        """As it is shown once its owner is looked for: a student's number is no secret."""
        return replace(self, shown=self.said) if owner and self.said else self

    def __repr__(self) -> str:
        return f"Name({self.kind}, {self.shown!r})"


@dataclass(frozen=True, slots=True)
class Owner:
    person_id: int
    number: str
    name: str
    unit_id: int
    enrolled: int  # year


def read(file_name: str) -> Name:
    """Of the last part of a path; its ending does not count."""
    path = PurePosixPath(CONTROL.sub("", file_name).replace("\\", "/"))
    stem, ending = path.stem.strip(), path.suffix
    if ID_FORM.fullmatch(stem):
        kind = NameKind.ID_NUMBER if id_numbers.valid(stem.upper()) else NameKind.BAD_ID_NUMBER
        return Name(kind, stem.upper(), masked_number(stem) + ending)
    if NUMBER.fullmatch(stem):
        return Name(NameKind.NUMBER, stem, hidden(path.name), path.name)
    kind = NameKind.PLATFORM if PLATFORM.fullmatch(stem) else NameKind.OTHER
    return Name(kind, stem, hidden(path.name))


def hidden(name: str) -> str:
    return LONG.sub(lambda found: masked_number(found[0]), name)


def told(facts: NameFacts, name: str, own_index: str | None) -> Name:
    """Of a file that came in a conversation: its ID number was not kept, only whose it was."""
    match facts.kind:
        case "id_number":
            if not facts.valid_check_digit:
                return Name(NameKind.BAD_ID_NUMBER, "", name)
            own = bool(facts.index) and facts.index == own_index
            return Name(NameKind.OWN_ID if own else NameKind.SOME_ID, "", name)
        case "student_number":
            return Name(NameKind.NUMBER, facts.number, hidden(name), name)
        case "platform":
            return Name(NameKind.PLATFORM, "", name)
    return read(name)


def owners(work: Work, names: Iterable[Name], year: int | None) -> Mapping[str, Owner]:
    """By the stem of each name that says who it is. Of several studies under one ID number the one
    that began in ``year`` counts; without a year such a name says nothing (R15, R16)."""
    numbers = {one.stem for one in names if one.kind is NameKind.NUMBER}
    ids = {one.stem for one in names if one.kind is NameKind.ID_NUMBER}
    found = {owner.number: owner for owner in of_people(work, Person.number.in_(numbers))}
    if work.sealer is None or year is None or not ids:
        return found
    by_mark = {work.sealer.index(number): number for number in ids}
    rows = of_people(work, Person.id_number_index.in_(by_mark), mark=True)
    return found | {by_mark[owner.mark]: owner for owner in rows if owner.enrolled == year}


@dataclass(frozen=True, slots=True)
class Marked(Owner):
    mark: str = ""


def of_people(work: Work, condition: ColumnElement[bool], *, mark: bool = False) -> list[Marked]:
    rows = work.session.execute(
        select(
            Person.id,
            Person.number,
            Person.name,
            Student.unit_id,
            Student.enrolled_on,
            Person.id_number_index,
        )
        .join(Student, Student.person_id == Person.id)
        .where(Person.institution_id == work.institution, condition)
    )
    return [
        Marked(key, number, name, unit, enrolled.year, index or "" if mark else "")
        for key, number, name, unit, enrolled, index in rows
    ]
