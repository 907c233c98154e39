"""A season of shootings in the test institution."""

from datetime import date, time
from io import BytesIO

from backend.authority import Role
from backend.consent import Consent
from backend.models import (
    CollectionCode,
    PhotoBatch,
    PhotoRoster,
    PhotoSchedule,
    PhotoSlot,
)
from backend.photos import batch_intake, batch_steering, drafting, schedule_publishing
from tests.backend.scene import SEALER, Scene
from tests.photos import making

DAY = date(2026, 3, 16)


def consent(person: int) -> Consent:
    return Consent(person, "确认", "zh", "")


def draft(scene: Scene, *slots: tuple[int, date, time], place: str = "多功能厅") -> str:
    """A draft of 2026 with these turns: unit, day, beginning."""
    with scene.office.work() as work:
        key = drafting.open_draft(work.session, "demo", "2026", now=work.now, actor=None)
        for unit, day, begins in slots:
            work.session.add(
                PhotoSlot(
                    institution_id="demo",
                    schedule_id=key,
                    unit_id=unit,
                    day=day,
                    begins=begins,
                    ends=time(begins.hour + 1, begins.minute),
                    group_no=None,
                    place_zh=place,
                )
            )
        return work.session.get_one(PhotoSchedule, key).number


def publish(scene: Scene, number: str, by: int) -> schedule_publishing.Difference:
    with scene.office.work(by) as work:
        return schedule_publishing.publish(work, number, consent(by))


def listed(scene: Scene, *people: int) -> None:
    with scene.office.work() as work:
        season = drafting.season_id(work.session, "demo", "2026")
        for person in people:
            work.session.add(PhotoRoster(season_id=season, person_id=person, institution_id="demo"))


def give_code(scene: Scene, person: int, payload: str) -> None:
    with scene.office.work() as work:
        season = drafting.season_id(work.session, "demo", "2026")
        work.session.merge(
            CollectionCode(
                season_id=season,
                person_id=person,
                institution_id="demo",
                payload_sealed=SEALER.seal(payload),
                payload_index=SEALER.index(payload),
                source="import",
            )
        )


def begin(scene: Scene, officer: int, files: dict[str, bytes], year: int | None = None) -> str:
    archive = batch_intake.put(scene.office, BytesIO(making.archive(files)), "毕业照.zip")
    with scene.office.work(officer) as work:
        return batch_intake.begin(work, archive, None, year, consent(officer)).number


def batch(scene: Scene, number: str) -> PhotoBatch:
    with scene.office.read() as work:
        return batch_steering.of_number(work, number)


def affairs(scene: Scene) -> int:
    return scene.staff("SA1", Role.STUDENT_AFFAIRS)
