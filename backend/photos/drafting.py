"""The draft of a season's schedule, which imports write into; nothing of it counts yet (P1)."""

from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from backend.models import AuditEntry, PhotoSchedule, PhotoSeason

DRAFT = "draft"


def season_id(session: Session, institution: str, code: str) -> int:
    """The season of this year, made where there is none."""
    found = session.scalar(
        select(PhotoSeason.id).where(
            PhotoSeason.institution_id == institution, PhotoSeason.code == code
        )
    )
    if found is not None:
        return found
    season = PhotoSeason(institution_id=institution, code=code)
    session.add(season)
    session.flush()
    return season.id


def open_draft(
    session: Session, institution: str, code: str, *, now: datetime, actor: int | None
) -> int:
    """The id of the season's draft, begun where none is open.

    Imports run outside any ``Work``: what the edge ``draft`` of ``schedule.WORKFLOW`` would record is
    written here.
    """
    season = season_id(session, institution, code)
    found = session.scalar(
        select(PhotoSchedule.id).where(
            PhotoSchedule.season_id == season, PhotoSchedule.state == DRAFT
        )
    )
    if found is not None:
        return found
    versions = session.scalar(
        select(func.count()).select_from(PhotoSchedule).where(PhotoSchedule.season_id == season)
    )
    draft = PhotoSchedule(
        institution_id=institution,
        number=f"PS{code}-{(versions or 0) + 1}",
        season_id=season,
        state=DRAFT,
        made_by=actor,
        made_at=now,
    )
    session.add(draft)
    session.flush()
    session.execute(
        insert(AuditEntry).values(
            institution_id=institution,
            at=now,
            actor_id=actor,
            subject=draft.number,
            event="draft",
            from_state="",
            to_state=DRAFT,
            why="",
        )
    )
    return draft.id
