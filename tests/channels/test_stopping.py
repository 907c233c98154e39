"""An announcement that is stopped reaches nobody more, wherever it lies at that moment."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from backend import broadcasts
from backend.broadcasts import Audience, Progress
from backend.consent import Consent
from backend.errors import Refused
from backend.models import Outbound, Person
from bot.play import Stage
from tests.channels.test_delivery import Phone, Platform, number_of, sent_on


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
