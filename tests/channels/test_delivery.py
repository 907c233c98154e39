"""What is said reaches people on channels one pushes to: once, in order, within the limits."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from backend import accounts
from backend.identity import bindings, links
from backend.models import ChatAccount, Delivery, Outbound, Person
from backend.registry.demo import FEATURED
from bot.channels.port import Blocked, Limits, Parcel, Rate, Unreachable, Unsendable
from bot.channels.port import Desk as AnyDesk
from bot.deliver import Dispatcher
from bot.play import Stage
from bot.receive import Accepted
from tests.channels.counting import counts
from tests.channels.everywhere import signs_in
from tests.channels.sending import sending

PATIENCE = 30  # seconds until a test that hangs is given up


def in_two(text: str) -> list[str]:
    return [text[:12], text[12:]] if len(text) > 12 else [text]


class Platform:
    """A messenger that shows what it is given, and can be told to misbehave."""

    def __init__(self, name: str = "telegram", limits: Limits | None = None) -> None:
        self.name = name
        self.limits = limits or Limits()
        self.shown: list[tuple[str, str]] = []  # address, words
        self.closed: list[tuple[list[str], str]] = []
        self.trouble: list[Exception] = []  # raised by the next calls

    def parts(self, parcel: Parcel, desk: AnyDesk) -> Sequence[str]:
        return in_two(parcel.body["text"])

    async def send(self, address: str, parcel: Parcel, part: str, desk: AnyDesk) -> str:
        await asyncio.sleep(0)
        if self.trouble:
            raise self.trouble.pop(0)
        self.shown.append((address, part))
        return f"{self.name}{len(self.shown)}"

    async def close(
        self, address: str, parcel: Parcel, remote: Sequence[str], desk: AnyDesk
    ) -> None:
        self.closed.append((list(remote), parcel.closed))


class Phone:
    """One person's account on a platform."""

    def __init__(self, stage: Stage, who: str, address: str, channel: str = "telegram") -> None:
        self.stage, self.address, self.channel = stage, address, channel
        self.sent = 0
        number = number_of(who)
        with stage.assistant.office.work() as work:
            person = work.session.scalars(select(Person).where(Person.number == number)).one()
            self.person = person.id
            work.session.add(
                ChatAccount(
                    institution_id=work.institution,
                    channel=channel,
                    address=address,
                    person_id=person.id,
                    conversation_id=accounts.conversation_of(work, person.id),
                    last_seen_at=work.now,
                    bound_at=work.now,
                )
            )

    def say(self, text: str) -> Accepted:
        self.sent += 1
        accepted = self.stage.assistant.reception.hear(
            self.channel, self.address, f"m{self.sent}", "said", {"text": text}
        )
        self.stage.news()
        return accepted


def number_of(key: str) -> str:
    return next(one.number for one in FEATURED if one.key == key)


def dispatcher(stage: Stage, platform: Platform, holder: str = "one") -> Dispatcher:
    assistant = stage.assistant
    return Dispatcher(assistant.office, platform, assistant.links, holder)


def sent_on(stage: Stage, platform: Platform) -> list[str]:
    asyncio.run(dispatcher(stage, platform).settle())
    return [words for _, words in platform.shown]


def deliveries(stage: Stage) -> list[Delivery]:
    with stage.assistant.office.read() as work:
        return list(work.session.scalars(select(Delivery).order_by(Delivery.id)))


def later(stage: Stage, time: timedelta) -> None:
    stage.clock.set(stage.clock.now() + time)


async def once(one: Dispatcher) -> None:
    """One look, and what it starts."""
    async with asyncio.TaskGroup() as sending:
        await one._round(sending)


def test_an_answer_comes_back_where_the_question_was_asked(stage: Callable[..., Stage]) -> None:
    here = stage()
    student, platform = Phone(here, "enrolled", "700"), Platform()
    student.say("你好")
    words = sent_on(here, platform)
    assert words
    assert "林若溪" in words[0]
    assert {address for address, _ in platform.shown} == {"700"}
    assert {one.state for one in deliveries(here)} == {"sent"}


def test_what_was_sent_is_not_sent_again_by_the_next_process(stage: Callable[..., Stage]) -> None:
    here = stage()
    student, platform = Phone(here, "enrolled", "700"), Platform()
    student.say("你好")
    first = sent_on(here, platform)
    later(here, timedelta(minutes=1))
    asyncio.run(dispatcher(here, platform, "two").settle())
    assert [words for _, words in platform.shown] == first


def test_after_a_crash_between_two_parts_only_the_rest_is_sent(stage: Callable[..., Stage]) -> None:
    here = stage()
    student, platform = Phone(here, "enrolled", "700"), Platform()
    student.say("你好")
    whole = list(Platform().parts(parcel_for(here), None))  # type: ignore[arg-type]
    assert len(whole) > 1
    with here.assistant.office.work() as work:
        delivery = work.session.scalars(select(Delivery)).first()
        assert delivery is not None
        delivery.remote = ["before"]
    assert sent_on(here, platform)[: len(whole) - 1] == whole[1:]


def parcel_for(here: Stage) -> Parcel:
    with here.assistant.office.read() as work:
        said = work.session.scalars(select(Outbound).order_by(Outbound.id)).first()
        assert said is not None
        return Parcel("k", said.token, said.body, said.created_at)


def test_messages_of_one_chat_come_in_the_order_they_were_said(
    stage: Callable[..., Stage],
) -> None:
    here = stage()
    student, platform = Phone(here, "enrolled", "700"), Platform()
    for words in ("你好", "我要办成绩单", "集中教学", "中文"):
        student.say(words)
    platform.trouble = [Unreachable("slow", wait=5)]
    sent_on(here, platform)
    assert platform.shown == [], "what was said later waits for what was said first"
    later(here, timedelta(seconds=6))
    sent_on(here, platform)
    with here.assistant.office.read() as work:
        said = [one.body["text"] for one in work.session.scalars(select(Outbound))]
    assert [words for _, words in platform.shown] == [
        part for text in said for part in in_two(text)
    ]


def test_a_notice_reaches_a_blocked_account_s_owner_on_another_channel(
    stage: Callable[..., Stage],
) -> None:
    here = stage()
    student = Phone(here, "enrolled", "700")
    other = Phone(here, "enrolled", "lin", channel="wecom")
    later(here, timedelta(minutes=1))
    student.say("你好")
    telegram, wecom = Platform("telegram"), Platform("wecom")
    telegram.trouble = [Blocked("by the user")]
    sent_on(here, telegram)
    assert telegram.shown == []
    sent_on(here, wecom)
    assert wecom.shown
    assert {address for address, _ in wecom.shown} == {other.address}
    states = {(one.channel, one.state) for one in deliveries(here)}
    assert states == {("telegram", "replaced"), ("wecom", "sent")}


def test_a_message_that_no_platform_takes_holds_nothing_up(stage: Callable[..., Stage]) -> None:
    here = stage()
    student, platform = Phone(here, "enrolled", "700"), Platform()
    student.say("你好")
    platform.trouble = [Unsendable("too strange")]
    student.say("我要办成绩单")
    assert sent_on(here, platform)
    assert next(one.state for one in deliveries(here)) == "failed"
    with here.assistant.office.read() as work:
        assert counts(work)["telegram"]["failed"] == 1


def test_an_answer_of_yesterday_is_not_pushed_any_more(stage: Callable[..., Stage]) -> None:
    here = stage()
    student, platform = Phone(here, "enrolled", "700"), Platform()
    student.say("你好")
    later(here, timedelta(days=2))
    assert sent_on(here, platform) == []
    assert {one.state for one in deliveries(here)} == {"expired"}


def test_a_code_or_a_link_that_is_over_is_not_pushed_any_more(
    stage: Callable[..., Stage],
) -> None:
    here = stage()
    one, two = Phone(here, "unit_officer", "800"), Phone(here, "unit_officer", "liu", "wecom")
    with here.assistant.office.work() as work:
        for account in work.session.scalars(select(ChatAccount)):
            account.bound_at = work.now - timedelta(days=3)
    for words in ("解除绑定", "1"):
        one.say(words)
    (shown,) = (each for each in deliveries(here) if each.channel == two.channel)
    assert shown.expires_at == shown.made_at + timedelta(minutes=5)
    later(here, timedelta(minutes=6))
    assert sent_on(here, Platform("wecom")) == []


def test_an_offer_to_bind_is_not_pushed_once_it_is_over(stage: Callable[..., Stage]) -> None:
    here = stage()
    student = Phone(here, "enrolled", "lin", "wecom")
    with here.assistant.office.work() as work:
        link = links.new(work, links.START, person=student.person)
    with here.assistant.office.work() as work:
        bindings.offer_by_start(work, link.id, "telegram", "701")
    here.news()
    (offer,) = deliveries(here)
    assert (offer.channel, offer.expires_at) == ("telegram", link.expires_at)
    later(here, timedelta(minutes=11))
    assert sent_on(here, Platform()) == []


def test_no_more_is_sent_than_the_platform_takes(stage: Callable[..., Stage]) -> None:
    here = stage()
    student = Phone(here, "enrolled", "700")
    platform = Platform(limits=Limits(chat=(Rate(2, 60.0),)))
    for words in ("你好", "我要办成绩单", "集中教学"):
        student.say(words)
    one = dispatcher(here, platform)

    async def a_while() -> None:
        async with sending(one):
            async with asyncio.timeout(PATIENCE):
                while len(platform.shown) < 2:
                    await asyncio.sleep(0.02)
            await asyncio.sleep(0.3)  # in which a third would come

    asyncio.run(a_while())
    assert len(platform.shown) == 2
    two = dispatcher(here, platform, "two")
    later(here, timedelta(seconds=20))
    asyncio.run(once(two))
    assert len(platform.shown) == 2, "whoever takes over knows what was sent before"


def test_only_one_process_at_a_time_sends_on_a_channel(stage: Callable[..., Stage]) -> None:
    here = stage()
    student, platform = Phone(here, "enrolled", "700"), Platform()
    first, second = dispatcher(here, platform, "one"), dispatcher(here, platform, "two")
    assert first._hold()
    assert not second._hold()
    student.say("你好")
    asyncio.run(once(second))
    assert platform.shown == []
    later(here, timedelta(seconds=16))
    assert second._hold(), "the lease of one that has died is taken over"


def test_every_officer_asked_sees_who_decided(stage: Callable[..., Stage]) -> None:
    here = stage()
    here.cast("小林", "enrolled")
    here.cast("刘老师", "unit_officer")
    Phone(here, "unit_officer", "800")
    platform = Platform()
    apply(here)
    sent_on(here, platform)
    assert any("等您审批" in words for _, words in platform.shown)
    here.play("刘老师 > [同意]")
    sent_on(here, platform)
    assert any("已由" in words and "同意" in words for _, words in platform.closed)
    assert all(remote for remote, _ in platform.closed)


def apply(here: Stage) -> None:
    here.play(
        "\n".join(
            [
                "小林 > 我要一份中文成绩单，带绩点，集中教学",
                "小林 > 求职",
                "小林 > [提交申请]",
            ]
        )
    )


@pytest.mark.parametrize("trouble", [RuntimeError("a fault of ours")])
def test_a_fault_of_ours_is_tried_again(stage: Callable[..., Stage], trouble: Exception) -> None:
    here = stage()
    student, platform = Phone(here, "enrolled", "700"), Platform()
    student.say("你好")
    platform.trouble = [trouble]
    assert sent_on(here, platform) == []
    later(here, timedelta(seconds=3))
    assert sent_on(here, platform)


def test_nobody_is_woken_at_night_by_what_can_wait(stage: Callable[..., Stage]) -> None:
    here = stage()
    here.cast("刘老师", "unit_officer")
    student, platform = Phone(here, "enrolled", "700"), Platform()
    for words in ("我要一份中文成绩单，带绩点，集中教学", "求职"):
        student.say(words)
    signs_in(here, "enrolled")
    here.news()
    student.say("提交申请")
    sent_on(here, platform)
    before = len(platform.shown)
    here.clock.set(datetime(2026, 3, 2, 15, 0, tzinfo=UTC))  # 23:00 in Shanghai
    here.play("刘老师 > [同意]")
    assert len(sent_on(here, platform)) == before
    assert [one.state for one in deliveries(here)][-1] == "waiting"
    here.clock.set(datetime(2026, 3, 3, 0, 0, tzinfo=UTC))  # 08:00
    assert any("已通过审批" in words for words in sent_on(here, platform)[before:])


def test_a_database_that_is_away_for_a_moment_does_not_end_the_sending(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = stage()
    student, platform = Phone(here, "enrolled", "700"), Platform()
    student.say("你好")
    one = dispatcher(here, platform)
    sent = one._rows.sent
    away = [True, True]

    def failing(*what: object) -> None:
        if away:
            away.pop()
            raise RuntimeError("the database is away")
        sent(*what)  # type: ignore[arg-type]

    monkeypatch.setattr(one._rows, "sent", failing)
    monkeypatch.setattr(one._rows, "put_off", failing)

    async def a_while() -> None:
        async with sending(one) as (running,):
            async with asyncio.timeout(PATIENCE):
                while {one.state for one in deliveries(here)} != {"sent"}:
                    assert not running.done(), "nobody would be sent anything until the next start"
                    await asyncio.sleep(0.1)
            assert not running.done(), "nobody would be sent anything until the next start"

    asyncio.run(a_while())
    assert {one.state for one in deliveries(here)} == {"sent"}


def test_a_server_that_is_told_to_stop_while_news_come_stops(stage: Callable[..., Stage]) -> None:
    here = stage()

    async def stopped(steps: int) -> bool:
        one = dispatcher(here, Platform())
        running = asyncio.create_task(one.run())
        await asyncio.sleep(0.05)  # it waits for news
        one.ring()
        for _step in range(steps):
            await asyncio.sleep(0)
        running.cancel()
        done, _waiting = await asyncio.wait([running], timeout=2)
        running.cancel()  # a stop that was lost must not hold up this test
        return running in done

    assert [asyncio.run(stopped(steps)) for steps in range(6)] == [True] * 6
