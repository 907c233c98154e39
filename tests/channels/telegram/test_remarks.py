"""What the channel itself has to say: seen by its owner, in order, and within the platform's limits."""

import time
from collections.abc import Callable, Iterator

import pytest

from backend import accounts
from bot.play import Stage
from tests.channels.telegram.house import SPEED, House
from tests.peers.telegram.bot_api import BotApi
from tests.peers.telegram.people import Person

VOICE = "听不了语音"


@pytest.fixture
def strict() -> Iterator[BotApi]:
    """A platform that forgives no second message in a second."""
    with BotApi(clock=lambda: time.monotonic() * SPEED, chat_burst=1) as peer:
        yield peer


@pytest.fixture
def house(stage: Callable[..., Stage], strict: BotApi) -> Iterator[House]:
    house = House(stage(), strict)
    with house.serving:
        strict.wait_for(lambda: strict.webhook.url)
        yield house


@pytest.fixture
def student(strict: BotApi, house: House) -> Person:
    person = Person(strict, 700_000_001)
    house.bind(person.id, "enrolled")
    return person


def send_voice(person: Person, n: int = 0) -> None:
    person.send(voice={"file_id": f"v{n}", "file_unique_id": f"u{n}", "duration": 1})


def test_remarks_and_answers_together_never_exceed_what_a_chat_may_be_sent(
    house: House, strict: BotApi, student: Person
) -> None:
    for n in range(5):
        send_voice(student, n)
        student.say("你好")
    house.settle()
    assert student.seen.count(VOICE) == 5
    assert strict.refused == []


def test_a_remark_comes_after_what_was_said_before(
    house: House, strict: BotApi, student: Person
) -> None:
    student.say("你好")
    strict.webhook.quiet()
    send_voice(student)
    house.settle()
    texts = [one.get("text", "") for one in student.messages]
    assert [VOICE in text for text in texts] == [False] * (len(texts) - 1) + [True]
    assert len(texts) > 1


def test_a_remark_is_not_repeated_when_the_platform_repeats_itself(
    house: House, strict: BotApi, student: Person
) -> None:
    heard = student.message(voice={"file_id": "v", "file_unique_id": "u", "duration": 1})
    for update in (51, 52):  # of which another process knows the first
        assert strict.webhook.deliver({"update_id": update, **heard}) == 200
    house.settle()
    assert student.seen.count(VOICE) == 1


def test_somebody_new_is_answered_in_the_language_of_their_phone(
    house: House, strict: BotApi
) -> None:
    foreign = Person(strict, 720_000_009, "en")
    send_voice(foreign)
    house.settle()
    assert "I cannot listen to voice messages yet" in foreign.seen
    with house.office.read() as work:
        assert accounts.person_behind(work, "telegram", str(foreign.id)) is None
