"""Nobody's phone rings at night for what can wait, and nothing that was held back is forgotten."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import delete

from backend import telling
from backend.clock import SHANGHAI
from backend.models import Conversation, Outbound, PolicyVersion
from backend.policy import notices, store
from backend.policy.offices import CalendarPolicy
from backend.policy.telling import TellingPolicy
from tests.backend.scene import Scene

POLICY = TellingPolicy.model_validate(notices.NOTICES_DEMO)
CALENDAR = CalendarPolicy(holidays=(date(2026, 4, 6),), worked_weekends=(date(2026, 3, 14),))
PROMPT, RESULT, URGENT = "transcript.file_for_approval", "transcript.approve", "transcript.issue"
MOMENTS = st.integers(0, 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def at(moment: str) -> datetime:
    return datetime.strptime(f"2026-{moment}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("kind", "now", "told"),
    [
        (RESULT, "03-02 21:59", "03-02 21:59"),
        (RESULT, "03-02 22:00", "03-03 07:30"),
        (RESULT, "03-03 00:10", "03-03 07:30"),
        (RESULT, "03-03 07:29", "03-03 07:30"),
        (RESULT, "03-03 07:30", "03-03 07:30"),
        (RESULT, "03-07 12:00", "03-07 12:00"),  # a Saturday
        (URGENT, "03-03 03:00", "03-03 03:00"),
    ],
)
def test_when_somebody_is_told(kind: str, now: str, told: str) -> None:
    when = telling.when_to_tell(POLICY, kind, at(now))
    assert when.astimezone(SHANGHAI) == at(told)


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("03-02 08:30", False),
        ("03-02 21:59", False),
        ("03-02 22:00", True),
        ("03-03 07:45", True),
        ("03-03 08:29", True),
        ("03-07 12:00", True),  # a Saturday
        ("03-14 12:00", False),  # a Saturday that is worked
        ("04-06 12:00", True),  # a holiday
    ],
)
def test_what_comes_out_of_hours_is_left_to_the_next_digest(now: str, left: bool) -> None:
    assert telling.gathered(POLICY, CALENDAR, PROMPT, at(now)) == left
    assert not telling.gathered(POLICY, CALENDAR, RESULT, at(now))


@given(moment=MOMENTS, kind=st.sampled_from([PROMPT, RESULT]))
def test_what_is_not_urgent_never_comes_at_night_and_always_comes(
    moment: datetime, kind: str
) -> None:
    when = telling.when_to_tell(POLICY, kind, moment)
    assert moment <= when < moment + timedelta(hours=10)
    assert time(7, 30) <= when.astimezone(SHANGHAI).time() < time(22)
    assert telling.when_to_tell(POLICY, kind, when) == when, "then it is time"


@given(moment=MOMENTS, kind=st.sampled_from([PROMPT, RESULT, URGENT]))
def test_without_a_decision_everything_is_told_at_once(moment: datetime, kind: str) -> None:
    assert telling.when_to_tell(TellingPolicy(), kind, moment) == moment
    assert not telling.gathered(TellingPolicy(), CalendarPolicy(), kind, moment)


@given(moment=MOMENTS)
def test_quiet_hours_within_one_day_are_kept_too(moment: datetime) -> None:
    siesta = TellingPolicy(quiet_from=time(12), quiet_until=time(14))
    when = telling.when_to_tell(siesta, RESULT, moment)
    local = moment.astimezone(SHANGHAI)
    if 12 <= local.hour < 14:
        assert when.astimezone(SHANGHAI).time() == time(14)
        assert when.astimezone(SHANGHAI).date() == local.date()
    else:
        assert when == moment


@pytest.mark.parametrize(
    "body",
    [
        {"quiet_from": "22:00"},
        {"quiet_until": "07:00"},
        {"quiet_from": "22:00", "quiet_until": "22:00"},
        {"quiet_from": "22:00", "quiet_until": "07:30", "digest_at": "07:00"},
        {"handoff_minutes": 1},
        {"loud_from": "08:00"},
    ],
)
def test_times_that_contradict_each_other_are_no_policy(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TellingPolicy.model_validate(body)


def prompted(scene: Scene, person: int, number: str, closed: str | None = None) -> None:
    """A prompt in somebody's conversation, made now."""
    with scene.office.work() as work:
        conversation = work.session.query(Conversation).filter_by(person_id=person).one_or_none()
        if conversation is None:
            conversation = Conversation(
                institution_id="demo", person_id=person, language="zh", state={}, next_seq=1
            )
            work.session.add(conversation)
            work.session.flush()
        row = Outbound(
            institution_id="demo",
            conversation_id=conversation.id,
            seq=conversation.next_seq,
            body={},
            actions=[],
            token=f"{person}-{number}-{conversation.next_seq}",
            about=number,
            closed=closed,
            created_at=work.now,
        )
        conversation.next_seq += 1
        work.session.add(row)


def digests(scene: Scene) -> list[dict[str, Any]]:
    scene.events.clear()
    with scene.office.work() as work:
        telling.send_digests(work)
    return [one.facts for one in scene.events if one.name == "digest"]


def test_the_digest_comes_once_to_those_to_whom_something_was_held_back(scene: Scene) -> None:
    officer, other = scene.officer("O1"), scene.officer("O2", scene.maths)
    student = scene.student()
    scene.clock.set(at("03-02 15:00"))
    prompted(scene, other, "T1")  # in hours: pushed at once
    assert digests(scene) == []
    scene.clock.set(at("03-02 23:00"))
    assert digests(scene) == [], "a digest is no urgent matter either"
    prompted(scene, officer, "T2")
    prompted(scene, officer, "T3")
    prompted(scene, other, "T4", closed="已撤回")
    prompted(scene, student, "T5")  # a question to the applicant is no prompt to decide
    scene.clock.set(at("03-03 08:29"))
    assert digests(scene) == []
    scene.clock.set(at("03-03 08:31"))
    assert digests(scene) == [{"people": [officer]}]
    assert digests(scene) == []
    scene.clock.set(at("03-04 08:31"))
    assert digests(scene) == [], "nothing has been held back since"


def test_a_prompt_that_was_still_being_written_at_the_digest_is_told_by_the_next(
    scene: Scene,
) -> None:
    officer = scene.officer()
    scene.clock.set(at("03-03 08:31"))
    assert digests(scene) == []
    scene.clock.set(at("03-03 08:29"))  # when its turn began, which is committed only now
    prompted(scene, officer, "T1")
    scene.clock.set(at("03-04 08:31"))
    assert digests(scene) == [{"people": [officer]}]


def test_what_came_over_the_weekend_is_told_on_monday_even_if_nobody_was_there_at_half_past_eight(
    scene: Scene,
) -> None:
    officer = scene.officer()
    scene.clock.set(at("03-07 11:00"))
    prompted(scene, officer, "T1")
    scene.clock.set(at("03-08 09:00"))
    assert digests(scene) == []
    scene.clock.set(at("03-09 14:00"))
    assert digests(scene) == [{"people": [officer]}]


def test_what_no_digest_tells_of_is_told_by_itself_whatever_was_once_decided(
    scene: Scene,
) -> None:
    chosen = [*notices.NOTICES_DEMO["gathered"], "transcript.ask_back", "transcript.escalate"]
    scene.set_policy("notices", date(2026, 3, 2), gathered=chosen)
    scene.clock.set(at("03-02 23:00"))
    with scene.office.read() as work:
        assert telling.left_to_digest(work, PROMPT)
        for kind in ("transcript.ask_back", "transcript.escalate"):
            assert not telling.left_to_digest(work, kind)


def test_an_installation_that_has_not_decided_holds_nothing_back(scene: Scene) -> None:
    with scene.office.work() as work:
        work.session.execute(delete(PolicyVersion).where(PolicyVersion.name == "notices"))
    with scene.office.read() as work:
        assert store.telling(work).gathered == ()
        assert telling.later(work, RESULT) is None
        assert not telling.left_to_digest(work, PROMPT)
