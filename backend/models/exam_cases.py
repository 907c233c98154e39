"""What candidates of the self-study exam apply for, and what those who review decide.

One row beside ``Application`` for each kind. Its unit is the examining university (主考学校).
Months are "YYYY-MM"; what is sealed is personal. ``rejected_why`` are the words the applicant is
told, ``rejected_template`` the reason of the policy they came from, if any.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class ExemptionRequest(Base):
    """One course somebody wants to be exempt from (E5).

    ``filing`` is the number of the first of those that were submitted together; ``way`` the key of
    the way of the policy's matrix that the proofs fulfil.
    """

    __tablename__ = "exemption_request"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("exam_ticket.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("exam_course.id"))
    filing: Mapped[str] = mapped_column(index=True)
    way: Mapped[str]
    rejected_why: Mapped[str] = mapped_column(default="")
    rejected_template: Mapped[str] = mapped_column(default="")


class GraduationRequest(Base):
    """Graduation (E6), with the personal data as they were confirmed.

    ``prior_month`` is that of the earlier diploma, by which its second proof is chosen ("" at
    college level); ``fee_fen`` the review fee as it was told, null where none was set.
    """

    __tablename__ = "graduation_request"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("exam_ticket.id"), index=True)
    major_id: Mapped[int] = mapped_column(ForeignKey("exam_major.id"))
    option_id: Mapped[int | None] = mapped_column(ForeignKey("exam_option.id"))
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
    appraisal: Mapped[str] = mapped_column(Text)
    prior_month: Mapped[str] = mapped_column(default="")
    fee_fen: Mapped[int | None]
    rejected_why: Mapped[str] = mapped_column(default="")
    rejected_template: Mapped[str] = mapped_column(default="")


class GraduationScore(Base):
    """A score that counted when graduation was applied for."""

    __tablename__ = "graduation_score"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    credit_id: Mapped[int] = mapped_column(ForeignKey("exam_credit.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))


class GraduationGap(Base):
    """The explanation of a course that has no score (E6): of the plan, or of the option."""

    __tablename__ = "graduation_gap"
    __table_args__ = (
        UniqueConstraint("application_id", "plan_course_id"),
        UniqueConstraint("application_id", "option_course_id"),
        CheckConstraint(
            "(plan_course_id IS NULL) <> (option_course_id IS NULL)", name="of_one_course"
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    plan_course_id: Mapped[int | None] = mapped_column(ForeignKey("exam_plan_course.id"))
    option_course_id: Mapped[int | None] = mapped_column(ForeignKey("exam_course.id"))
    explanation: Mapped[str]


class TransferOutRequest(Base):
    """Scores that are to leave for another province (E8)."""

    __tablename__ = "transfer_out_request"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("exam_ticket.id"), index=True)
    to_province: Mapped[str]
    to_ticket: Mapped[str]
    to_level: Mapped[str]  # "college", "bachelor"
    to_major: Mapped[str]
    reason: Mapped[str]
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    rejected_why: Mapped[str] = mapped_column(default="")
    rejected_template: Mapped[str] = mapped_column(default="")


class TransferOutScore(Base):
    """One of the scores that are to leave."""

    __tablename__ = "transfer_out_score"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    credit_id: Mapped[int] = mapped_column(ForeignKey("exam_credit.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))


class BackEntryRequest(Base):
    """A result from before the platform (E9); which columns it has depends on its kind."""

    __tablename__ = "back_entry_request"
    __table_args__ = (
        CheckConstraint(
            "kind NOT IN ('theory', 'practice') OR (passed_month <> '' AND score IS NOT NULL)",
            name="result_complete",
        ),
        CheckConstraint(
            "kind <> 'exemption' OR (done_month <> '' AND proof_month <> '')",
            name="exemption_dated",
        ),
        CheckConstraint(
            "kind <> 'exemption' OR (proof_type <> '' AND proof_province <> '')",
            name="exemption_proved",
        ),
        CheckConstraint(
            "kind <> 'exemption' OR proof_number_sealed IS NOT NULL", name="exemption_numbered"
        ),
        CheckConstraint(
            "kind <> 'transfer_in' OR (done_month <> '' AND into_major <> '')",
            name="transfer_dated",
        ),
        CheckConstraint(
            "kind <> 'transfer_in' OR (from_province <> '' AND from_ticket <> '')",
            name="transfer_placed",
        ),
        CheckConstraint(
            "kind IN ('theory', 'practice', 'exemption', 'transfer_in')", name="known_kind"
        ),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("exam_ticket.id"), index=True)
    kind: Mapped[str]
    course_id: Mapped[int] = mapped_column(ForeignKey("exam_course.id"))
    passed_month: Mapped[str] = mapped_column(default="")
    score: Mapped[int | None]
    done_month: Mapped[str] = mapped_column(default="")  # of the exemption or the transfer
    proof_type: Mapped[str] = mapped_column(default="")
    proof_number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    proof_month: Mapped[str] = mapped_column(default="")
    proof_province: Mapped[str] = mapped_column(default="")
    from_province: Mapped[str] = mapped_column(default="")
    from_ticket: Mapped[str] = mapped_column(default="")
    into_major: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")
    rejected_why: Mapped[str] = mapped_column(default="")
    rejected_template: Mapped[str] = mapped_column(default="")


class Decision(Base):
    """What somebody who reviews decided, or proposed to whoever looks at it a second time."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(index=True)
    stage: Mapped[str]  # "only", "first", "second"
    verdict: Mapped[
        str
    ]  # "approve", "reject", "send_back"; "doubt", "keep", "revoke" of an approval
    template: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")


class ReviewHold(Base):
    """Somebody is looking at a case, so that no colleague begins with the same one."""

    __tablename__ = "review_hold"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    until: Mapped[datetime]
