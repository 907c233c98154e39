"""Graduation photos: who is photographed when, collection codes, and the files that were checked."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class PhotoSeason(Base):
    """The photographs of one graduating class (届), such as "2025"."""

    __tablename__ = "photo_season"
    __table_args__ = (UniqueConstraint("institution_id", "code"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    code: Mapped[str]


class PhotoSchedule(Base):
    """One version of a season's table of shootings (P1): drafted, published, then replaced."""

    __tablename__ = "photo_schedule"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        Index(None, "season_id", "state"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]
    season_id: Mapped[int] = mapped_column(ForeignKey("photo_season.id"))
    state: Mapped[str]  # backend.photos.schedule.State
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class PhotoSlot(Base):
    """A unit's turn: a day, from when to when, and where. Times are Shanghai's (P1)."""

    __tablename__ = "photo_slot"
    __table_args__ = (UniqueConstraint("schedule_id", "unit_id", "day", "begins"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    schedule_id: Mapped[int] = mapped_column(ForeignKey("photo_schedule.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    day: Mapped[date]
    begins: Mapped[time]
    ends: Mapped[time | None]
    group_no: Mapped[int | None]
    place_zh: Mapped[str] = mapped_column(default="")
    place_en: Mapped[str] = mapped_column(default="")
    approximate: Mapped[bool] = mapped_column(default=True)  # "大约拍摄时间"


class PhotoRoster(Base):
    """Who graduates, or is about to, in a season. ``group_no`` is their own, where units have several.

    ``evening_told`` and ``hours_told`` are the days of shootings they have been reminded of.
    """

    __tablename__ = "photo_roster"

    season_id: Mapped[int] = mapped_column(ForeignKey("photo_season.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("student.person_id"), primary_key=True, index=True
    )
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    group_no: Mapped[int | None]
    evening_told: Mapped[date | None]
    hours_told: Mapped[date | None]


class CollectionCode(Base):
    """A student's 图像采集码 of a season, as CHSI gave it (P2): never made here, never logged."""

    __tablename__ = "collection_code"
    __table_args__ = (
        UniqueConstraint("season_id", "payload_index"),
        Index(None, "institution_id", "payload_index"),
    )

    season_id: Mapped[int] = mapped_column(ForeignKey("photo_season.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("student.person_id"), primary_key=True, index=True
    )
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    payload_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    payload_index: Mapped[str]  # keyed hash: no code is two people's, one may have it for years
    source: Mapped[str] = mapped_column(server_default="import")  # "import", "provider"
    valid_until: Mapped[date | None]


class CodeRequest(Base):
    """The provider has been asked for somebody's code; ``answered`` empty: it has not said yet."""

    __tablename__ = "code_request"

    person_id: Mapped[int] = mapped_column(ForeignKey("student.person_id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")  # "code", "none", "unreachable"


class CodePicture(Base):
    """The QR picture of somebody's code; of another code than ``payload_index`` it is stale."""

    __tablename__ = "code_picture"

    person_id: Mapped[int] = mapped_column(ForeignKey("student.person_id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    payload_index: Mapped[str]
    blob_id: Mapped[str | None] = mapped_column(ForeignKey("blob.id"))
    drawing_since: Mapped[datetime | None]  # it was ordered then, and has not come yet


class Photographed(Base):
    """Somebody's picture was taken on a day (P5, P6)."""

    __tablename__ = "photographed"

    person_id: Mapped[int] = mapped_column(ForeignKey("student.person_id"), primary_key=True)
    taken_on: Mapped[date] = mapped_column(primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    way: Mapped[str]  # "group", "makeup"


class GraduationPhoto(Base):
    """A picture file that passed the check (R15), byte for byte as it came (R16)."""

    __tablename__ = "graduation_photo"
    __table_args__ = (Index(None, "person_id", "kind", "replaced_at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("student.person_id"))
    enrolment_year: Mapped[int]
    kind: Mapped[str]  # "graduation"
    blob_id: Mapped[str] = mapped_column(ForeignKey("blob.id"))
    sha256: Mapped[str]
    batch_id: Mapped[int] = mapped_column(ForeignKey("photo_batch.id"))
    policy_version: Mapped[int]
    checked_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class PhotoArchive(Base):
    """An archive that came through the page for large ones: its parts, in order, with their sizes."""

    __tablename__ = "photo_archive"

    blob_id: Mapped[str] = mapped_column(ForeignKey("blob.id"), primary_key=True)  # the first part
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    parts: Mapped[list[Any]]


class PhotoBatch(Base):
    """Many picture files that are checked together. ``cursor``: how many have been looked at.

    ``unit_id`` null: of any unit. ``made_by`` is who sent it, or has taken it over from somebody who
    lost the role; null by command. ``enrolment_year`` is needed where files are named by ID numbers.
    """

    __tablename__ = "photo_batch"
    __table_args__ = (UniqueConstraint("institution_id", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]
    state: Mapped[str]  # backend.photos.batch_steering.State
    name: Mapped[str]  # of the archive or folder
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    enrolment_year: Mapped[int | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))  # null: by command
    policy_version: Mapped[int]
    total: Mapped[int]
    cursor: Mapped[int]
    passed: Mapped[int]
    failed: Mapped[int]
    runs: Mapped[int]  # how often it was begun or taken up again
    moved_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    report_id: Mapped[str | None] = mapped_column(ForeignKey("blob.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class PhotoBatchPart(Base):
    """The archive of a batch, in parts: none of it is ever whole in memory."""

    __tablename__ = "photo_batch_part"

    batch_id: Mapped[int] = mapped_column(ForeignKey("photo_batch.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    blob_id: Mapped[str] = mapped_column(ForeignKey("blob.id"))
    size: Mapped[int]


class PhotoBatchFile(Base):
    """What came of one file. ``name`` is masked where it was an ID number."""

    __tablename__ = "photo_batch_file"
    __table_args__ = (Index(None, "batch_id", "person_id"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("photo_batch.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)  # in the archive, from 0
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    name: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    passed: Mapped[bool]


class PhotoVerdict(Base):
    """What was found in a file that is against a rule, or worth a look. Rules it meets have no row."""

    __tablename__ = "photo_verdict"

    batch_id: Mapped[int] = mapped_column(ForeignKey("photo_batch.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    rule: Mapped[str]
    measured: Mapped[str]
    limit: Mapped[str]
    severity: Mapped[str]  # "fail", "warn"


class PhotoLook(Base):
    """One picture file that somebody wants checked (R15): ``measured`` once it has been looked at."""

    __tablename__ = "photo_look"

    blob_id: Mapped[str] = mapped_column(ForeignKey("blob.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    named: Mapped[dict[str, Any]]  # what its name said when it came (backend.file_names)
    recompressed: Mapped[bool]  # the channel has made another picture of it
    measured: Mapped[dict[str, Any]]


class PhotoTable(Base):
    """A table that student affairs sent in the chat, and what its import came to."""

    __tablename__ = "photo_table"

    blob_id: Mapped[str] = mapped_column(ForeignKey("blob.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    kind: Mapped[str] = mapped_column(default="")
    applied: Mapped[bool] = mapped_column(default=False)
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[Any]]  # the first ones: line, column, reason in Chinese and in English
    report_id: Mapped[str | None] = mapped_column(ForeignKey("blob.id"))
    schedule: Mapped[str] = mapped_column(default="")  # the number of the draft it went into


class PhotoFee(Base):
    """The fee of the shooting as an application, where the institution collects it itself (P3)."""

    __tablename__ = "photo_fee"
    __table_args__ = (UniqueConstraint("season_id", "person_id"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    season_id: Mapped[int] = mapped_column(ForeignKey("photo_season.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("student.person_id"))
