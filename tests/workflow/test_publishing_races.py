"""Two officers publish at once: both count, one after the other, and neither undoes the other's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

from backend.models import PolicyVersion
from backend.policy import store
from backend.work import Work
from tests.backend.scene import Scene

TODAY = date(2026, 3, 2)


def publish(work: Work, scene: Scene, **changed: Any) -> int:
    """As the dialog does: first the lock, then what is to be changed."""
    store.lock(work)
    policy = store.transcript(work).model_copy(update=changed)
    return store.publish(work, "transcript", policy, TODAY, scene.agreed(scene.affairs))


def test_of_many_publications_at_once_each_gets_a_number_and_keeps_its_change(
    scene: Scene,
) -> None:
    changes: list[dict[str, Any]] = [
        {"price_fen": 900},
        {"free_copies": 3},
        {"download_months": 5},
        {"order_hours": 9},
    ]
    together = Barrier(len(changes))

    def run(change: dict[str, Any]) -> int:
        together.wait(timeout=30)
        with scene.office.work(scene.affairs) as work:
            store.transcript(work)  # what somebody has looked at before does not count
            return publish(work, scene, **change)

    with ThreadPoolExecutor(len(changes)) as pool:
        assert sorted(pool.map(run, changes)) == [2, 3, 4, 5]
    with scene.office.read() as work:
        now = store.transcript(work)
    assert (now.price_fen, now.free_copies, now.download_months, now.order_hours) == (900, 3, 5, 9)


def test_a_publication_does_not_wait_for_people_who_file(scene: Scene) -> None:
    student = scene.student()
    with ThreadPoolExecutor(1) as pool, scene.office.work(scene.affairs) as work:
        publish(work, scene, price_fen=900)
        filing = pool.submit(scene.file, student)
        if scene.office.database.dialect != "sqlite":  # which has one writer at a time
            assert filing.result(timeout=30)
    assert scene.application(filing.result(timeout=30)).state == "waiting"


def test_what_was_published_and_undone_is_not_remembered(scene: Scene) -> None:
    class Undo(Exception):
        """The transaction is rolled back."""

    try:
        with scene.office.work(scene.affairs) as work:
            publish(work, scene, price_fen=900)
            assert store.transcript(work).price_fen == 900
            raise Undo
    except Undo:
        pass
    with scene.office.work(scene.affairs) as work:
        publish(work, scene, price_fen=800)
    with scene.office.read() as work:
        assert store.transcript(work).price_fen == 800
        assert work.session.query(PolicyVersion).filter_by(name="transcript").count() == 2
