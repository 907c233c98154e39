"""No view is shown after a stop, however close they come; two at once are both counted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier, Event
from time import monotonic, sleep

import pytest
from sqlalchemy import func, select

from backend.models import ShareView
from backend.sharing import making, opening
from backend.sharing.opening import Shown
from tests.sharing.conftest import Sharers

PATIENCE = 30.0


def test_no_view_is_shown_after_the_stop_was_told(scene: Sharers) -> None:
    """Many look while the owner stops; whoever begins after the owner has read "stopped" sees none."""
    share = scene.share(tell=False)
    together, stopped = Barrier(5), Event()
    names = count()
    after: list[object] = []

    def look() -> None:
        together.wait(PATIENCE)
        until = monotonic() + PATIENCE
        while monotonic() < until:
            over = stopped.is_set()
            found = scene.look(share, f"browser {next(names)}")
            if over:
                after.append(found)
                return

    def stop() -> None:
        together.wait(PATIENCE)
        while scene.now(share).views < 5:
            sleep(0.001)
        scene.stop(share)
        stopped.set()

    with ThreadPoolExecutor(5) as pool:
        for done in [pool.submit(stop), *[pool.submit(look) for _ in range(4)]]:
            done.result(PATIENCE * 2)
    assert after == [None] * 4
    with scene.office.read() as work:
        kept = work.session.scalar(select(func.count()).select_from(ShareView))
        latest = work.session.scalar(select(func.max(ShareView.at)))
    ended = scene.now(share)
    assert ended.views == kept
    assert ended.stopped_at is not None
    assert latest is not None
    assert latest <= ended.stopped_at


def test_a_look_under_way_ends_before_the_stop_and_a_later_one_waits_for_it(
    scene: Sharers,
) -> None:
    """On PostgreSQL, where two write at a time: the row of the link decides who was first."""
    if scene.office.database.dialect == "sqlite":
        pytest.skip("on SQLite one transaction writes at a time")
    share = scene.share()
    order: list[str] = []

    def held(act: Callable[[], object], taken: Event, go_on: Event, name: str) -> object:
        found = act()
        taken.set()
        assert go_on.wait(PATIENCE)
        order.append(name)
        return found

    def stop(taken: Event, go_on: Event) -> None:
        with scene.office.work(scene.owner) as work:
            held(lambda: making.stop(work, share.id), taken, go_on, "stop")

    def look(taken: Event, go_on: Event) -> object:
        with scene.office.work() as work:
            found = opening.view(work, share.id, key="", browser="b", network="n")
            return held(lambda: found, taken, go_on, "look")

    first_in, let_first_go, now = Event(), Event(), Event()
    now.set()
    with ThreadPoolExecutor(2) as pool:
        looking = pool.submit(look, first_in, let_first_go)
        assert first_in.wait(PATIENCE)
        stopping = pool.submit(stop, Event(), now)
        sleep(0.2)
        assert not stopping.done(), "it waits for the look that came first"
        let_first_go.set()
        assert isinstance(looking.result(PATIENCE), Shown)
        stopping.result(PATIENCE)
    assert order == ["look", "stop"]
    assert scene.look(share) is None


def test_a_look_that_meets_the_stop_waits_and_then_shows_nothing(scene: Sharers) -> None:
    if scene.office.database.dialect == "sqlite":
        pytest.skip("on SQLite one transaction writes at a time")
    share = scene.share()
    stopping, go_on = Event(), Event()

    def stop() -> None:
        with scene.office.work(scene.owner) as work:
            making.stop(work, share.id)
            stopping.set()
            assert go_on.wait(PATIENCE)

    with ThreadPoolExecutor(2) as pool:
        ended = pool.submit(stop)
        assert stopping.wait(PATIENCE)
        looked = pool.submit(scene.look, share)
        sleep(0.2)
        assert not looked.done()
        go_on.set()
        ended.result(PATIENCE)
        assert looked.result(PATIENCE) is None
    assert scene.now(share).views == 0


def test_a_look_that_meets_a_revocation_waits_and_then_shows_no_facts(scene: Sharers) -> None:
    if scene.office.database.dialect == "sqlite":
        pytest.skip("on SQLite one transaction writes at a time")
    share = scene.share()
    revoking, go_on = Event(), Event()

    def revoke() -> None:
        with scene.office.work(scene.affairs) as work:
            scene.fall_in(work, "revoked", "成绩有误")
            revoking.set()
            assert go_on.wait(PATIENCE)

    with ThreadPoolExecutor(2) as pool:
        ended = pool.submit(revoke)
        assert revoking.wait(PATIENCE)
        looked = pool.submit(scene.look, share)
        sleep(0.2)
        assert not looked.done()
        go_on.set()
        ended.result(PATIENCE)
        found = looked.result(PATIENCE)
    assert isinstance(found, Shown)
    assert (found.status, found.facts) == ("revoked", None)


def test_two_who_look_at_once_are_both_counted(scene: Sharers) -> None:
    share, together = scene.share(), Barrier(4)

    def look(name: str) -> None:
        together.wait(PATIENCE)
        scene.look(share, name)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look, "abcd"))
    assert scene.now(share).views == 4
    assert len(scene.told("share.viewed")) == 1
