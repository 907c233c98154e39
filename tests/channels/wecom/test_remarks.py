"""What the channel itself has to say about files: seen by its owner, once, and within the limits."""

import asyncio
from typing import Any

from bot.channels.wecom import words
from tests.channels.sending import sending
from tests.channels.wecom.house import House
from tests.peers.wecom.simulator import Phone

A_MINUTE = 28  # of the thirty that WeCom shows; it drops the rest without a word


def about(student: Phone, key: str) -> dict[str, Any]:
    return {"member": student.userid, "key": key, "media_id": "m", "name": "a.pdf"}


def remark(house: House, *files: dict[str, Any]) -> None:
    async def all_of_them() -> None:
        for one in files:
            await house.wecom.fetching._say(one, words.TOO_LARGE)

    house.run(all_of_them())


def send_for(house: House, seconds: float) -> None:
    async def a_while() -> None:
        async with sending(house.dispatcher):
            await asyncio.sleep(seconds)

    house.run(a_while())


def test_none_of_many_remarks_is_dropped_by_the_platform(house: House, student: Phone) -> None:
    house.phone("enrolled")
    remark(house, *(about(student, f"k{n}") for n in range(40)))
    send_for(house, 3)
    assert house.simulator.dropped() == []
    assert student.words().count("超过 20 MB") == A_MINUTE, "the others wait for the next minute"


def test_a_file_that_is_fetched_again_after_a_crash_is_remarked_on_once(
    house: House, student: Phone
) -> None:
    remark(house, about(student, "k1"), about(student, "k1"), about(student, "k2"))
    house.settle()
    assert student.words().count("超过 20 MB") == 2


def test_a_remark_stands_in_the_conversation_and_after_what_was_said_before(
    house: House, student: Phone
) -> None:
    student.says("我要办成绩单")
    remark(house, about(student, "k1"))
    house.settle()
    shown = [str(one.get("text") or one["kind"]) for one in student.shown()]
    assert "超过 20 MB" in shown[-1]
    assert len(shown) > 1


def test_a_remark_is_in_the_language_of_the_conversation(house: House, student: Phone) -> None:
    student.says("你好")
    house.speak(student.userid, "en")
    remark(house, about(student, "k1"))
    house.settle()
    assert "larger than 20 MB" in student.words()
