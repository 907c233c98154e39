"""Who is told when, who need not come again, who must not wait (P1, P5, P6)."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from backend.clauses import library
from backend.clauses.shooting import PHOTO_NOTICE
from backend.clock import SHANGHAI
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.models import Photographed, PhotoRoster, PhotoSlot
from backend.photos import attendance, reminders, schedule, schedule_annex, schedule_publishing
from backend.photos.attendance import Standing
from tests.backend.scene import Scene
from tests.photos import season

NINE = time(9, 0)


def at(scene: Scene, day: date, hour: int, minute: int = 0) -> None:
    scene.clock.set(datetime.combine(day, time(hour, minute), SHANGHAI))


def told(scene: Scene, name: str) -> list[int]:
    return [int(event.facts["person"]) for event in scene.events if event.name == name]


def took(scene: Scene, person: int, day: date) -> None:
    with scene.office.work() as work:
        work.session.add(
            Photographed(person_id=person, taken_on=day, institution_id="demo", way="group")
        )


def standing(scene: Scene, person: int) -> Standing:
    with scene.office.read(person) as work:
        return attendance.of_person(work, person).standing


def sweep(scene: Scene) -> int:
    with scene.office.work() as work:
        return reminders.send_due(work)


def test_only_whoever_has_to_be_elsewhere_is_told_of_a_new_schedule(scene: Scene) -> None:
    affairs = season.affairs(scene)
    here, there = scene.student("S1"), scene.student("S2", unit=scene.maths)
    season.listed(scene, here, there)
    first = season.draft(
        scene, (scene.physics, season.DAY, NINE), (scene.maths, season.DAY, time(10, 0))
    )
    assert season.publish(scene, first, affairs).moved == []
    second = season.draft(
        scene, (scene.physics, season.DAY, NINE), (scene.maths, date(2026, 3, 17), NINE)
    )
    changes = season.publish(scene, second, affairs)
    assert (len(changes.added), len(changes.gone), changes.kept) == (1, 1, 1)
    assert told(scene, "photo.moved") == [there]


def test_another_place_moves_people_and_a_translation_does_not(scene: Scene) -> None:
    affairs, student = season.affairs(scene), scene.student("S1")
    season.listed(scene, student)
    turn = (scene.physics, season.DAY, NINE)
    season.publish(scene, season.draft(scene, turn), affairs)
    with scene.office.work(affairs) as work:
        same = schedule.find(work, season_draft := season.draft(scene, turn))
        assert same is not None
        assert schedule_publishing.difference(work, same).moved == []
        schedule_publishing.discard(work, season_draft)
    moved = season.draft(scene, turn, place="东区礼堂")
    assert season.publish(scene, moved, affairs).moved == [student]


def test_a_turn_that_is_over_and_taken_away_troubles_nobody(scene: Scene) -> None:
    affairs, student = season.affairs(scene), scene.student("S1")
    season.listed(scene, student)
    season.publish(scene, season.draft(scene, (scene.physics, season.DAY, NINE)), affairs)
    at(scene, season.DAY, 18)
    later = season.draft(scene, (scene.maths, date(2026, 3, 20), NINE))
    assert season.publish(scene, later, affairs).moved == []


def test_only_student_affairs_publish_and_only_a_draft(scene: Scene) -> None:
    affairs, officer = season.affairs(scene), scene.officer()
    number = season.draft(scene, (scene.physics, season.DAY, NINE))
    with pytest.raises(NotAllowed):
        season.publish(scene, number, officer)
    season.publish(scene, number, affairs)
    with pytest.raises(AlreadyHandled):
        season.publish(scene, number, affairs)
    with pytest.raises(Refused, match="no_such_schedule") as refused:
        season.publish(scene, "PS1999-1", affairs)
    assert refused.value.code == "no_such_schedule"


def test_the_annex_of_the_notice_becomes_a_draft_row_by_row(scene: Scene) -> None:
    affairs = season.affairs(scene)
    notices = {one.id: one for one in library.shipped()}
    with scene.office.work(affairs) as work:
        made = schedule_annex.from_annex(work, notices[PHOTO_NOTICE])
        turns = schedule.rows(work, made.draft)[scene.physics]
    assert (made.rows, len(made.unknown)) == (1, 41)
    (turn,) = turns
    assert turn.begins_at == datetime(2024, 10, 21, 9, 30, tzinfo=SHANGHAI)
    assert turn.ends_at == datetime(2024, 10, 21, 10, 30, tzinfo=SHANGHAI)
    assert (turn.group_no, turn.approximate) == (1, True)
    other = next(one for name, one in notices.items() if name != PHOTO_NOTICE)
    with scene.office.work(affairs) as work, pytest.raises(Refused, match="no_annex") as refused:
        schedule_annex.from_annex(work, other)
    assert refused.value.code == "no_annex"


def test_everybody_is_reminded_once_the_evening_before_and_once_two_hours_before(
    scene: Scene,
) -> None:
    affairs = season.affairs(scene)
    coming, done, spared = scene.student("S1"), scene.student("S2"), scene.student("S3")
    season.listed(scene, coming, done, spared)
    season.publish(scene, season.draft(scene, (scene.physics, season.DAY, time(8, 30))), affairs)
    took(scene, done, season.DAY)
    took(scene, spared, date(2025, 3, 1))
    at(scene, season.DAY - timedelta(days=1), 17, 59)
    assert sweep(scene) == 0
    at(scene, season.DAY - timedelta(days=1), 18)
    assert (sweep(scene), sweep(scene)) == (1, 0)
    at(scene, season.DAY, 6, 29)
    assert sweep(scene) == 0
    at(scene, season.DAY, 6, 30)
    assert (sweep(scene), sweep(scene)) == (1, 0)
    assert told(scene, "photo.remind_evening") == told(scene, "photo.remind_hours") == [coming]
    at(scene, season.DAY, 8, 31)
    assert sweep(scene) == 0


def test_a_group_is_reminded_of_its_own_turn_and_whoever_has_none_of_every_one(
    scene: Scene,
) -> None:
    affairs = season.affairs(scene)
    first, second, neither = scene.student("S1"), scene.student("S2"), scene.student("S3")
    season.listed(scene, first, second, neither)
    number = season.draft(
        scene,
        (scene.physics, season.DAY, NINE),
        (scene.physics, season.DAY + timedelta(days=1), NINE),
    )
    with scene.office.work() as work:
        groups = {first: 1, second: 2, neither: 7}
        for row in work.session.scalars(select(PhotoRoster)):
            row.group_no = groups[row.person_id]
        for group, slot in enumerate(
            work.session.scalars(select(PhotoSlot).order_by(PhotoSlot.day)), 1
        ):
            slot.group_no = group
    season.publish(scene, number, affairs)
    at(scene, season.DAY - timedelta(days=1), 18)
    sweep(scene)
    assert told(scene, "photo.remind_evening") == [first, neither]
    at(scene, season.DAY, 18)
    sweep(scene)
    assert told(scene, "photo.remind_evening") == [first, neither, second, neither]


def test_a_thousand_who_come_later_keep_nobody_from_being_reminded(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "AT_ONCE", 2)
    affairs = season.affairs(scene)
    later = [scene.student(f"L{n}", unit=scene.maths) for n in range(4)]
    soon = scene.student("S1")
    season.listed(scene, *later, soon)
    season.publish(
        scene,
        season.draft(
            scene, (scene.maths, season.DAY, time(15, 0)), (scene.physics, season.DAY, NINE)
        ),
        affairs,
    )
    at(scene, season.DAY, 7, 30)
    assert sweep(scene) == 1
    assert told(scene, "photo.remind_hours") == [soon]
    at(scene, season.DAY, 13, 30)
    assert [sweep(scene) for _ in range(3)] == [2, 2, 0]


def test_whoever_is_moved_after_a_reminder_is_reminded_of_the_new_day(scene: Scene) -> None:
    affairs, student = season.affairs(scene), scene.student("S1")
    season.listed(scene, student)
    season.publish(scene, season.draft(scene, (scene.physics, season.DAY, NINE)), affairs)
    at(scene, season.DAY - timedelta(days=1), 18)
    assert sweep(scene) == 1
    later = season.DAY + timedelta(days=3)
    season.publish(scene, season.draft(scene, (scene.physics, later, NINE)), affairs)
    at(scene, season.DAY, 7)
    assert sweep(scene) == 0
    at(scene, later - timedelta(days=1), 18)
    assert sweep(scene) == 1


@pytest.mark.parametrize(
    ("taken", "still"),
    [(date(2024, 3, 2), True), (date(2024, 3, 1), False), (date(2026, 2, 1), True)],
)
def test_an_earlier_picture_counts_for_two_years_from_its_day(
    scene: Scene, taken: date, still: bool
) -> None:
    affairs, student = season.affairs(scene), scene.student("S1")  # it is 2 March 2026
    season.listed(scene, student)
    season.publish(scene, season.draft(scene, (scene.physics, season.DAY, NINE)), affairs)
    took(scene, student, taken)
    with scene.office.read(student) as work:
        assert (attendance.of_person(work, student).earlier is not None) == still
    with scene.office.read(affairs) as work:
        assert (attendance.missing(work, None) == []) == still


def test_the_standing_follows_the_clock_and_the_record(scene: Scene) -> None:
    affairs, student, stranger = season.affairs(scene), scene.student("S1"), scene.student("S2")
    assert standing(scene, student) == Standing.NO_SEASON
    season.listed(scene, student)
    season.publish(scene, season.draft(scene, (scene.physics, season.DAY, NINE)), affairs)
    assert standing(scene, stranger) == Standing.NOT_LISTED
    assert standing(scene, student) == Standing.TO_COME
    at(scene, season.DAY, 8)
    assert standing(scene, student) == Standing.TODAY
    at(scene, season.DAY, 10)
    assert standing(scene, student) == Standing.MISSED
    took(scene, student, season.DAY)
    assert standing(scene, student) == Standing.DONE


def test_an_officer_sees_the_own_unit_and_students_see_no_list(scene: Scene) -> None:
    affairs, officer = season.affairs(scene), scene.officer()
    here, there = scene.student("S1"), scene.student("S2", unit=scene.maths)
    season.listed(scene, here, there)
    season.publish(
        scene,
        season.draft(scene, (scene.physics, season.DAY, NINE), (scene.maths, season.DAY, NINE)),
        affairs,
    )
    with scene.office.read(officer) as work:
        mine = attendance.missing(work, attendance.units_of(work))
    assert [one.person_id for one in mine] == [here]
    with scene.office.read(affairs) as work:
        assert len(attendance.missing(work, attendance.units_of(work))) == 2
    with scene.office.read(here) as work, pytest.raises(NotAllowed):
        attendance.units_of(work)


def test_the_card_is_filled_in_from_the_registry(scene: Scene) -> None:
    student = scene.student("S1")
    with scene.office.read(student) as work:
        card = attendance.makeup(work, student)
    assert card is not None
    assert (card.school_code, card.school_name) == ("14430", "中国科学院大学")
    assert (card.unit_code, card.unit_name) == ("0001", "物理研究所")
