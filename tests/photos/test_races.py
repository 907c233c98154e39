"""Two archives with a picture of the same student, checked at the same moment."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from sqlalchemy import select

from backend.models import GraduationPhoto
from backend.photos import batch_running
from tests.backend.scene import Scene
from tests.photos import making, season

A_WHILE = 2.0  # seconds in which the second would be as far, did it not wait for the first


def test_a_student_in_two_archives_has_one_picture_in_the_register(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    students = [scene.student(number) for number in ("20210001", "20210002")]
    officer = scene.officer()
    good = making.jpeg()
    numbers = [
        season.begin(scene, officer, dict.fromkeys(names, good))
        for names in (("20210001.jpg", "20210002.jpg"), ("20210002.jpg", "20210001.jpg"))
    ]
    both, real = Barrier(2), batch_running.into_registry

    def together(*what: Any) -> None:
        real(*what)
        with contextlib.suppress(BrokenBarrierError):
            both.wait(A_WHILE)

    monkeypatch.setattr(batch_running, "into_registry", together)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(batch_running.run, scene.office, number) for number in numbers]
        for one in runs:
            one.result(timeout=60)
    assert [season.batch(scene, number).passed for number in numbers] == [2, 2]
    with scene.office.read() as work:
        photos = work.session.scalars(select(GraduationPhoto)).all()
    assert len(photos) == 4
    current = [photo.person_id for photo in photos if photo.replaced_at is None]
    assert sorted(current) == sorted(students)
