"""Announcements reach everybody they are for, once, whatever happens in between."""

from collections import Counter

import pytest

from backend import broadcasts
from backend.broadcasts import Audience
from backend.errors import NotAllowed, Refused
from backend.work import Work
from tests.backend.scene import Scene


def begin(scene: Scene, kind: Audience = Audience.STUDENTS, unit: int | None = None) -> str:
    with scene.office.work(scene.affairs) as work:
        consent = scene.agreed(scene.affairs)
        return broadcasts.begin(work, "停电通知", "", kind, unit, consent).number


def told(scene: Scene) -> Counter[int]:
    return Counter(int(one.facts["person"]) for one in scene.events if one.name == "broadcast")


def test_after_a_crash_nobody_is_forgotten_and_nobody_is_told_twice(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    students = {scene.student(f"S{n}") for n in range(7)}
    monkeypatch.setattr(broadcasts, "BATCH", 3)
    number = begin(scene)
    batches = []
    announce = scene.office.announce

    def dying(work: Work) -> None:
        batches.append(len(work.events))
        if len(batches) == 2:
            raise RuntimeError("the power goes")
        announce(work)

    scene.office.announce = dying
    with pytest.raises(RuntimeError):
        broadcasts.run(scene.office, number)
    scene.office.announce = announce
    broadcasts.run(scene.office, number)
    broadcasts.run(scene.office, number)
    assert told(scene) == Counter(students)
    assert scene.told("broadcast.done") == [number]


def test_only_those_it_is_for_are_told(scene: Scene) -> None:
    here, elsewhere = scene.student("S1"), scene.student("S2", unit=scene.maths)
    broadcasts.run(scene.office, begin(scene, Audience.ENROLLED, scene.physics))
    assert told(scene) == Counter([here])
    assert elsewhere not in told(scene)


def test_whoever_has_not_been_told_when_it_is_stopped_will_not_be(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        scene.student(f"S{n}")
    monkeypatch.setattr(broadcasts, "BATCH", 2)
    number = begin(scene)
    announce = scene.office.announce

    def stopping(work: Work) -> None:
        """Somebody stops it as soon as the first batch is out."""
        announce(work)
        scene.office.announce = announce
        work.after_commit(lambda: stop(scene, number))

    scene.office.announce = stopping
    broadcasts.run(scene.office, number)
    broadcasts.run(scene.office, number)
    assert sum(told(scene).values()) == 2
    assert scene.told("broadcast.done") == []
    with pytest.raises(Refused, match="broadcast_over"):
        stop(scene, number)


def stop(scene: Scene, number: str) -> None:
    with scene.office.work(scene.affairs) as work:
        broadcasts.stop(work, number)


def test_only_academic_affairs_may_tell_everybody(scene: Scene) -> None:
    student = scene.student()
    with scene.office.work(student) as work, pytest.raises(NotAllowed):
        broadcasts.begin(work, "x", "", Audience.STUDENTS, None, scene.agreed(student))


def test_an_announcement_to_nobody_is_refused(scene: Scene) -> None:
    with pytest.raises(Refused, match="nobody_to_tell"):
        begin(scene, Audience.GRADUATED)
