"""Without a webhook, as on a developer's machine."""

from typing import Any

import pytest

from tests.channels.telegram.conftest import NewHouse
from tests.peers.telegram.bot_api import BotApi
from tests.peers.telegram.people import Person


def test_what_was_written_while_the_assistant_was_away_is_heard_in_order(
    new_house: NewHouse, api: BotApi, student: Person, officer: Person
) -> None:
    for n in range(3):
        student.say(f"第 {n} 句")
        officer.say(f"第 {n} 问")
    house = new_house(polling=True)
    api.wait_for(lambda: len(house.heard(student.id)) == len(house.heard(officer.id)) == 3)
    assert house.texts(student.id) == ["第 0 句", "第 1 句", "第 2 句"]
    assert house.texts(officer.id) == ["第 0 问", "第 1 问", "第 2 问"]
    student.say("还在吗")
    api.wait_for(lambda: len(house.heard(student.id)) == 4)
    house.settle()
    assert student.messages


def test_a_webhook_set_before_does_not_keep_a_developer_from_polling(
    new_house: NewHouse, api: BotApi, student: Person
) -> None:
    api.webhook.set("http://127.0.0.1:9/telegram/webhook", "old", [])
    house = new_house(polling=True)
    api.wait_for(lambda: not api.webhook.url)
    student.say("你好")
    api.wait_for(lambda: house.heard(student.id))


def test_a_polled_message_that_could_not_be_kept_is_taken_again(
    new_house: NewHouse, api: BotApi, student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = new_house(polling=True)
    reception = house.stage.assistant.reception
    hear = reception.hear
    failures = [RuntimeError("the database is away")]

    def failing(*arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return hear(*arguments)

    monkeypatch.setattr(reception, "hear", failing)
    student.say("第一句")
    student.say("第二句")
    api.wait_for(lambda: len(house.heard(student.id)) == 2)
    assert failures == []


def test_a_platform_that_is_away_at_the_start_is_waited_for(
    new_house: NewHouse, api: BotApi, student: Person
) -> None:
    api.failing = [(502, "Bad Gateway")]
    house = new_house()
    student.say("你好")
    api.webhook.quiet()
    assert house.texts(student.id) == ["你好"]
