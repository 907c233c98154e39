"""Batches of pictures, and who may stop them and let them go on (R16)."""

from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from backend import authority
from backend.authority import Role
from backend.errors import NotAllowed, Refused
from backend.models import Blob, PhotoBatch, PhotoBatchFile, PhotoBatchPart, PhotoVerdict
from backend.photos.filecheck import Severity
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"  # the job gave it up; what was done stands


def moved(work: Work, batch: PhotoBatch, edge: Edge[PhotoBatch]) -> dict[str, Any]:
    over = edge.target in (State.DONE, State.STOPPED, State.FAILED)
    begins = edge.event in ("start", "resume")
    return {
        "moved_at": work.now,
        "ended_at": work.now if over else None,
        "runs": (batch.runs or 0) + begins,
    }


WORKFLOW: Workflow[PhotoBatch] = Workflow(
    "photo_batch",
    Edge("file", NEW, State.WAITING, "system", "R16"),
    Edge("start", State.WAITING, State.RUNNING, "system"),
    Edge("finish", State.RUNNING, State.DONE, "", "R16"),
    Edge("stop", State.WAITING, State.STOPPED),
    Edge("stop", State.RUNNING, State.STOPPED),
    Edge("give_up", State.WAITING, State.FAILED),
    Edge("give_up", State.RUNNING, State.FAILED),
    Edge("resume", State.STOPPED, State.RUNNING, "system"),
    Edge("resume", State.FAILED, State.RUNNING, "system"),
    moved=moved,
)


def may_steer(work: Work, person: int, batch: PhotoBatch) -> bool:
    """Student affairs any; the officers of a unit what is of their unit, whoever has sent it."""
    if authority.holds(work, person, Role.STUDENT_AFFAIRS):
        return True
    of_unit = batch.unit_id is not None
    return of_unit and authority.holds(work, person, Role.UNIT_OFFICER, batch.unit_id)


def find(work: Work, number: str) -> PhotoBatch:
    """One that the actor may steer. Raises NotAllowed."""
    batch = work.session.scalar(
        select(PhotoBatch).where(
            PhotoBatch.institution_id == work.institution, PhotoBatch.number == number
        )
    )
    if batch is None or not may_steer(work, work.actor or 0, batch):
        raise NotAllowed
    return batch


def latest(work: Work, most: int = 5) -> list[PhotoBatch]:
    """Those that the actor may steer, newest first."""
    query = select(PhotoBatch).where(PhotoBatch.institution_id == work.institution)
    actor = work.actor or 0
    if not authority.holds(work, actor, Role.STUDENT_AFFAIRS):
        mine = authority.units(work, actor, Role.UNIT_OFFICER)
        query = query.where(PhotoBatch.unit_id.in_(mine))
    return list(work.session.scalars(query.order_by(PhotoBatch.id.desc()).limit(most)))


def failures(work: Work, batch: PhotoBatch, most: int) -> list[tuple[str, str]]:
    """The first files that did not pass, each with the code of a reason."""
    rows = work.session.execute(
        select(PhotoBatchFile.name, func.min(PhotoVerdict.code))
        .join(
            PhotoVerdict,
            (PhotoVerdict.batch_id == PhotoBatchFile.batch_id)
            & (PhotoVerdict.place == PhotoBatchFile.place),
        )
        .where(
            PhotoBatchFile.batch_id == batch.id,
            PhotoBatchFile.passed.is_(False),
            PhotoVerdict.severity == Severity.FAIL,
        )
        .group_by(PhotoBatchFile.place, PhotoBatchFile.name)
        .order_by(PhotoBatchFile.place)
        .limit(most)
    )
    return [(name, code) for name, code in rows]


def stop(work: Work, number: str) -> PhotoBatch:
    batch = find(work, number)
    WORKFLOW.take(work, batch, "stop")
    return batch


def resume(work: Work, number: str) -> PhotoBatch:
    """Go on where it stopped. Raises Refused ``file_gone`` when the archive is not kept any more."""
    batch = find(work, number)
    gone = work.session.scalar(
        select(func.count())
        .select_from(PhotoBatchPart)
        .join(Blob, Blob.id == PhotoBatchPart.blob_id)
        .where(PhotoBatchPart.batch_id == batch.id, Blob.deleted_at.is_not(None))
    )
    if gone:
        raise Refused("file_gone")
    take_up(work, batch)
    again = f"{number}:{batch.runs}"
    work.enqueue("check_photos", again, number=number)
    return batch


def take_up(work: Work, batch: PhotoBatch) -> None:
    """Go on, whoever goes on: where its sender has lost the role since, it is in the actor's hands
    from now on (nobody's by command), and the report goes to them."""
    if batch.made_by is not None and not may_steer(work, batch.made_by, batch):
        batch.made_by = work.actor
    WORKFLOW.take(work, batch, "resume")


def of_number(work: Work, number: str) -> PhotoBatch:
    """One that exists."""
    return work.session.scalars(
        select(PhotoBatch).where(
            PhotoBatch.institution_id == work.institution, PhotoBatch.number == number
        )
    ).one()


def locked(work: Work, number: str) -> PhotoBatch:
    """For this transaction alone: its place is nobody else's then."""
    return work.session.scalars(
        select(PhotoBatch)
        .where(PhotoBatch.institution_id == work.institution, PhotoBatch.number == number)
        .with_for_update()
    ).one()
