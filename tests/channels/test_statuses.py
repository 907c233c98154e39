"""Whoever watches over the server reads what became of every message, also of what is not pushed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from backend.models import Digest, Inbound, Outbound
from bot.play import Stage
from bot.statuses import table
from tests.backend.scene import Scene
from tests.channels.test_delivery import Phone, Platform, apply, sent_on
from tests.channels.test_delivery_rows import Box

CASE = "T260302-0001"
PROMPT = "transcript.file_for_approval"
NIGHT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
STATE = 4  # column


def lines(scene: Scene, about: str | None = CASE) -> list[list[str]]:
    with scene.office.read() as work:
        return [one.split() for one in table(work, about)]


def notice(
    scene: Scene, box: Box, *, name: str = PROMPT, failed: str | None = None, said: bool = True
) -> None:
    """One that came into this conversation, and what was last said there is what it says."""
    with scene.office.work() as work:
        work.session.add(
            Inbound(
                institution_id="demo",
                conversation_id=box.conversation,
                kind="notice",
                body={"name": name, "subject": CASE, "facts": {}},
                received_at=work.now,
                done_at=work.now if said or failed else None,
                failed=failed,
            )
        )


def test_all_that_is_pushed_is_counted_and_listed_by_case(scene: Scene) -> None:
    box = Box(scene)
    box.say("hello")
    with scene.office.work() as work:
        work.session.query(Outbound).one().about = CASE
    assert lines(scene, None) == [["telegram", "waiting", "1"]]
    assert lines(scene, CASE.lower()) == [["1", "telegram", "S1@telegram", "say", "waiting"]]


def test_a_notice_for_somebody_without_a_messenger_has_a_status(scene: Scene) -> None:
    box = Box(scene, "S1", "web")
    box.say("approved", "web")
    notice(scene, box, name="transcript.approve")
    assert lines(scene) == [["m1", "chat", "S1", "say", "unopened"]]
    scene.pass_time(timedelta(minutes=5))
    with scene.office.work() as work:
        work.session.add(
            Inbound(
                institution_id="demo",
                conversation_id=box.conversation,
                seq=2,
                kind="said",
                body={"text": "thanks"},
                received_at=work.now,
            )
        )
        at = work.now.isoformat(timespec="seconds")
    assert lines(scene) == [["m1", "chat", "S1", "say", "seen", at]]


def test_a_prompt_that_is_left_to_the_digest_says_which_one(scene: Scene) -> None:
    scene.set_policy("notices", date(2026, 1, 2), **GATHERING)
    scene.clock.set(NIGHT)
    box = Box(scene, "S1", "telegram")
    with scene.office.work() as work:
        work.session.add(
            Outbound(
                institution_id="demo",
                conversation_id=box.conversation,
                seq=1,
                body={"text": "please decide"},
                actions=[],
                token="t",
                about=CASE,
                created_at=work.now,
            )
        )
    notice(scene, box)
    assert lines(scene) == [["m1", "chat", "S1", "say", "digest", "next"]]
    scene.pass_time(timedelta(hours=10))
    with scene.office.work() as work:
        day = work.now.date()
        work.session.add(Digest(institution_id="demo", day=day, sent_at=work.now))
    assert lines(scene) == [["m1", "chat", "S1", "say", "digest", day.isoformat()]]


GATHERING = {
    "quiet_from": "22:00",
    "quiet_until": "07:30",
    "digest_at": "08:30",
    "gathered": [PROMPT],
    "urgent": [],
}


def test_a_notice_that_is_not_said_yet_or_cannot_be_is_listed_too(scene: Scene) -> None:
    box = Box(scene, "S1", "web")
    notice(scene, box, said=False)
    assert [one[STATE] for one in lines(scene)] == ["unsaid"]
    notice(scene, box, failed="1a2b3c4d")
    assert [one[STATE] for one in lines(scene)] == ["unsaid", "failed"]
    assert lines(scene)[1][-1] == "1a2b3c4d"


def test_what_is_said_of_another_case_is_not_listed(scene: Scene) -> None:
    box = Box(scene, "S1", "web")
    box.say("of another case", "web")
    scene.pass_time(timedelta(minutes=1))
    notice(scene, box, said=False)
    assert [one[0][0] for one in lines(scene)] == ["n"]


def test_every_notice_of_a_case_is_found_from_the_request_to_the_decision(
    stage: Callable[..., Stage],
) -> None:
    here = stage()
    here.cast("小林", "enrolled")
    here.cast("刘老师", "unit_officer")
    officer = Phone(here, "unit_officer", "800")
    apply(here)
    sent_on(here, Platform())
    here.clock.set(here.clock.now() + timedelta(minutes=1))
    here.play("刘老师 > [同意]")
    with here.assistant.office.read() as work:
        found = [one.split() for one in table(work, CASE)]
    assert ["telegram", officer.address] in [one[1:3] for one in found]
    unopened = [one for one in found if one[STATE] == "unopened"]
    assert unopened, "the student has only the web chat, and is told of the decision there"
