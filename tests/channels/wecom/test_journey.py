"""A student and an officer with WeCom on their phones, through the real wire formats."""

from tests.channels.wecom.house import House
from tests.peers.wecom.simulator import Phone


def test_words_typed_in_wecom_are_answered_in_wecom(house: House, student: Phone) -> None:
    assert student.says("你好") == {"statuses": [200], "reply": "", "text": ""}
    house.settle()
    assert "林若溪" in student.words()
