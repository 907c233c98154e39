"""What the self-study exam's registry says: a copy, imported; it is never edited here.

Only approved cases add to it, as rows whose ``application_id`` says which. Months are "YYYY-MM",
as the documents give no days; "" is a month nobody has given.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class ExamCourse(Base):
    """A course of the exam; those of graduate students are ``Course``."""

    __tablename__ = "exam_course"
    __table_args__ = (UniqueConstraint("institution_id", "code"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    code: Mapped[str]  # five digits: "00015"
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    credit_tenths: Mapped[int]  # 140 is 14 credits
    active: Mapped[bool] = mapped_column(default=True)


class ExamMajor(Base):
    """A major one can graduate in (E6). ``unit_id`` is the university that examines it (主考学校)."""

    __tablename__ = "exam_major"
    __table_args__ = (UniqueConstraint("institution_id", "code"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    code: Mapped[str]  # "120402"
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    level: Mapped[str]  # "college", "bachelor"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    total_credit_tenths: Mapped[int]


class ExamPlanCourse(Base):
    """A course of a major's plan; one that has theory and practice is there twice.

    ``required`` ones must all be passed, of every ``choice`` ("选考A") at least one; others count
    towards the credits. ``since`` and ``until`` are the months the plan has it in ("": no bound).
    """

    __tablename__ = "exam_plan_course"
    __table_args__ = (UniqueConstraint("major_id", "course_id", "kind"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    major_id: Mapped[int] = mapped_column(ForeignKey("exam_major.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("exam_course.id"))
    kind: Mapped[str]  # "theory", "practice"
    required: Mapped[bool]
    choice: Mapped[str] = mapped_column(default="")
    since: Mapped[str] = mapped_column(default="")
    until: Mapped[str] = mapped_column(default="")


class ExamOption(Base):
    """Something that may be true of a candidate and then asks for more courses (加考选项, E6)."""

    __tablename__ = "exam_option"
    __table_args__ = (UniqueConstraint("major_id", "code"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    major_id: Mapped[int] = mapped_column(ForeignKey("exam_major.id"))
    code: Mapped[str]
    name_zh: Mapped[str]  # "非政治类专科毕业"
    name_en: Mapped[str] = mapped_column(default="")


class ExamOptionCourse(Base):
    """A course that has to be passed in addition, by whoever the option is true of."""

    __tablename__ = "exam_option_course"

    option_id: Mapped[int] = mapped_column(ForeignKey("exam_option.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("exam_course.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))


class ExamCandidate(Base):
    """Personal data of a candidate, as they are shown before graduation to be confirmed (E6)."""

    __tablename__ = "exam_candidate"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    gender: Mapped[str]  # "male", "female"
    ethnicity: Mapped[str]
    born_on: Mapped[date]
    id_kind: Mapped[str]  # "居民身份证"
    education: Mapped[str] = mapped_column(default="")
    political: Mapped[str] = mapped_column(default="")
    household: Mapped[str] = mapped_column(default="")
    study_mode: Mapped[str] = mapped_column(default="")
    occupation: Mapped[str] = mapped_column(default="")
    employer: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    mobile_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class ExamCredit(Base):
    """One score, pass or fail, or what stands for one. Passed ones count, unless gone.

    ``session`` is of an exam ("2026-04", else ""); ``passed_month`` when it was obtained ("" for a
    fail). Two rows of one course differ in one of them. ``left_by`` is the transfer out it left
    with (E8); ``ended_at`` when it stopped counting for another reason, such as a revocation.
    """

    __tablename__ = "exam_credit"
    __table_args__ = (
        UniqueConstraint("ticket_id", "course_id", "kind", "source", "session", "passed_month"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("exam_ticket.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("exam_course.id"))
    kind: Mapped[str]  # "theory", "practice", "exemption", "transfer_in"
    source: Mapped[str]  # "exam", "exemption", "transfer_in", "back_entry"
    session: Mapped[str] = mapped_column(default="")
    passed_month: Mapped[str] = mapped_column(default="")
    score: Mapped[int | None]  # 0 to 100; null: no figure
    remark: Mapped[str] = mapped_column(default="")  # "absent", "violation": why there is none
    passed: Mapped[bool]
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"))
    left_by: Mapped[int | None] = mapped_column(ForeignKey("application.id"))
    ended_at: Mapped[datetime | None]


class TransferIn(Base):
    """Scores on their way here from another province (E7); nobody applies for it here.

    The appointment is ``confirm_at`` and ``confirm_place``; the reminders are sent once each.
    """

    __tablename__ = "transfer_in"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        UniqueConstraint("ticket_id", "from_province", "from_ticket"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("exam_ticket.id"))
    from_province: Mapped[str]
    from_ticket: Mapped[str]
    into_major_id: Mapped[int | None] = mapped_column(ForeignKey("exam_major.id"))
    state: Mapped[str]
    since: Mapped[datetime]
    confirm_at: Mapped[datetime | None] = mapped_column(index=True)
    confirm_place: Mapped[str] = mapped_column(default="")
    confirm_note: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")  # of a rejection
    reminded_evening_at: Mapped[datetime | None]
    reminded_hours_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]  # null: what an import has changed is yet to be told
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class TransferInCourse(Base):
    """One score on its way here."""

    __tablename__ = "transfer_in_course"

    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer_in.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("exam_course.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    score: Mapped[int | None]
    passed_month: Mapped[str] = mapped_column(default="")
