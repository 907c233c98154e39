"""What the student registry says: a copy, imported; it is never edited here."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class Student(Base):
    """A person's studies. ``graduated_on`` is null while enrolled."""

    __tablename__ = "student"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    level: Mapped[str]  # "master", "doctor"
    kind: Mapped[str]  # "academic", "professional", "equivalent"
    major_zh: Mapped[str]
    major_en: Mapped[str]
    enrolled_on: Mapped[date]
    graduated_on: Mapped[date | None]
    central_teaching: Mapped[bool]  # taught centrally in Beijing (T1)


class Course(Base):
    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("institution_id", "code"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    credit_tenths: Mapped[int]  # 15 is 1.5 credits
    hours: Mapped[int | None]


class Grade(Base):
    """One result of one student. ``score`` is printed as it is: "92", "A-" or "通过"."""

    __tablename__ = "grade"
    __table_args__ = (UniqueConstraint("student_id", "course_id", "term"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("student.person_id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    term: Mapped[str]  # "2021-2022-1"
    score: Mapped[str]
    degree_course: Mapped[bool]
    period: Mapped[str]  # "centralized" or "combined" (taught at the institute)


class EmailRequest(Base):
    """A transcript that was asked for by e-mail before the system existed (T3)."""

    __tablename__ = "email_request"
    __table_args__ = (UniqueConstraint("student_id", "language", "gpa", "requested_on"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("student.person_id"), index=True)
    language: Mapped[str]
    gpa: Mapped[str]
    requested_on: Mapped[date]
