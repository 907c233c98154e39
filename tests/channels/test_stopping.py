"""An announcement that is stopped reaches nobody more, wherever it lies at that moment."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from backend import broadcasts
from backend.broadcasts import Audience, Progress
from backend.consent import Consent
from backend.errors import Refused
from backend.models import ChatAccount, Delivery, Outbound, Person
from backend.work import Work
from bot import fallback
from bot.channels.port import Desk as AnyDesk
from bot.channels.port import Parcel, Unreachable
from bot.play import Stage
from tests.channels.test_delivery import Phone, Platform, deliveries, number_of, sent_on


def announced(here: Stage) -> str:
    """It lies in everybody's conversation and has not been taken there."""
    with here.assistant.office.work(affairs(here)) as work:
        consent = Consent(affairs(here), "发出", "zh", "")
        begun = broadcasts.begin(work, "停电通知", "", Audience.ENROLLED, None, consent)
    here.jobs.run_all(here.assistant.office)
    return begun.number


def affairs(here: Stage) -> int:
    number = number_of("academic_affairs")
    with here.assistant.office.read() as work:
        return work.session.scalars(select(Person.id).where(Person.number == number)).one()


def stopped(here: Stage, number: str) -> int:
    with here.assistant.office.work(affairs(here)) as work:
        return broadcasts.stop(work, number).told


def progress(here: Stage, number: str) -> Progress:
    with here.assistant.office.read() as work:
        found: Any = broadcasts.find(work, number)
        return broadcasts.progress(work, found)


def said(here: Stage, number: str) -> int:
    with here.assistant.office.read() as work:
        return len(work.session.scalars(select(Outbound).where(Outbound.about == number)).all())


def test_what_waits_in_conversations_is_not_said_once_it_is_stopped(
    stage: Callable[..., Stage],
) -> None:
    here, platform = stage(), Platform()
    Phone(here, "enrolled", "700")
    number = announced(here)
    before = progress(here, number)
    assert (before.told, before.waiting) == (0, before.people), "nobody has it yet"
    assert stopped(here, number) == 0
    here.news()
    assert said(here, number) == 0
    assert not any("停电" in words for words in sent_on(here, platform))
    after = progress(here, number)
    assert (after.told, after.waiting) == (0, 0)


def test_what_is_said_but_not_pushed_is_not_pushed_once_it_is_stopped(
    stage: Callable[..., Stage],
) -> None:
    here, platform = stage(), Platform()
    Phone(here, "enrolled", "700")
    number = announced(here)
    here.news()
    before = progress(here, number)
    assert (before.told, before.waiting) == (before.people, 1)
    assert stopped(here, number) == before.people
    assert not any("停电" in words for words in sent_on(here, platform))


def test_an_announcement_that_is_out_cannot_be_stopped(stage: Callable[..., Stage]) -> None:
    here, platform = stage(), Platform()
    Phone(here, "enrolled", "700")
    number = announced(here)
    here.news()
    assert any("停电" in words for words in sent_on(here, platform))
    with pytest.raises(Refused, match="broadcast_over"):
        stopped(here, number)


def test_what_is_stopped_while_it_fails_is_not_tried_again_nor_anywhere_else(
    stage: Callable[..., Stage],
) -> None:
    here = stage()
    Phone(here, "enrolled", "700")
    Phone(here, "enrolled", "lin", channel="wecom")
    number = announced(here)
    here.news()
    platforms = [Stopping(here, number, channel) for channel in ("telegram", "wecom")]
    for platform in platforms:
        assert sent_on(here, platform) == []
    (delivery,) = deliveries(here)
    assert (delivery.state, delivery.why) == ("expired", "stopped")


def test_what_is_stopped_as_it_goes_another_way_goes_nowhere(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = stage()
    Phone(here, "enrolled", "700")
    Phone(here, "enrolled", "lin", channel="wecom")
    number = announced(here)
    here.news()
    (delivery,) = deliveries(here)
    found = fallback.another_account

    def just_before(work: Work, lost: Delivery, besides: str = "") -> ChatAccount | None:
        other = found(work, lost, besides)
        work.session.execute(
            update(Delivery)
            .where(Delivery.id == lost.id)
            .values(state="expired", why="stopped")
            .execution_options(synchronize_session=False)
        )
        return other

    monkeypatch.setattr(fallback, "another_account", just_before)
    with here.assistant.office.work() as work:
        assert fallback.fall_back(work, [delivery.id], "away") == []
    assert [one.state for one in deliveries(here)] == ["expired"]
    assert said(here, number)


class Stopping(Platform):
    """Its calls fail, and meanwhile somebody stops the announcement."""

    def __init__(self, here: Stage, number: str, name: str) -> None:
        super().__init__(name)
        self.here, self.number = here, number

    async def send(self, address: str, parcel: Parcel, part: str, desk: AnyDesk) -> str:
        await asyncio.to_thread(stopped, self.here, self.number)
        raise Unreachable("slow", wait=3600)
