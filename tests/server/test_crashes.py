"""The power fails, and nobody loses a word, a payment or a document, or gets one twice."""

from __future__ import annotations

from collections.abc import Callable

from tests.server.guest import Guest, shown, wait
from tests.server.running import Running

EMAILED_EVERY_KIND = "20141800000002"  # has no free copy left
Come = Callable[[Running, str], Guest]


def again(mortal: Running) -> None:
    mortal.kill()
    mortal.start()


def test_dialog_goes_on_after_the_server_was_killed_in_the_middle(
    mortal: Running, guests: Come
) -> None:
    student = guests(mortal, "enrolled")
    student.say("我想开一份英文成绩单，带绩点")
    again(mortal)
    before = student.messages()
    [question, *_] = student.press("集中教学和所级教学合在一起")
    assert "理由" in question["text"]
    student.post(text="求职")
    again(mortal)  # the message was acknowledged, so it is answered now
    student.wait_for("预览", "英文，带 GPA", "求职")
    said = student.press("提交申请")
    assert "已提交" in said[-1]["text"]
    assert student.messages()[: len(before) - 1] == before[:-1], "history has changed"
    filed = [one for one in student.messages() if "已提交" in one["text"]]
    assert len(filed) == 1


def test_paid_transcript_is_delivered_exactly_once_although_the_server_was_killed(
    mortal: Running, guests: Come
) -> None:
    graduate = guests(mortal, EMAILED_EVERY_KIND)
    order, link = graduate.order()
    assert order in graduate.pay(link).text
    again(mortal)
    graduate.wait_for("收到付款", order)
    again(mortal)
    graduate.wait_for(".pdf")
    again(mortal)
    graduate.say("我的订单")
    with_file = [one for one in graduate.messages() if one["files"]]
    receipts = [one for one in graduate.messages() if "收到付款" in shown(one)]
    assert (len(with_file), len(receipts)) == (1, 1), graduate.transcript()
    assert graduate.http.get(with_file[0]["files"][0]["url"]).content.startswith(b"%PDF-")
    assert "已支付" in graduate.http.get(link).text


def test_server_leaves_no_process_behind_when_killed_or_told_to_stop(mortal: Running) -> None:
    mortal.kill()
    wait(lambda: mortal.left_behind() == [] or None, "the helpers of the killed server to end")
    killed = len(mortal.output())  # a helper whose parent is killed while it begins says so
    mortal.start()
    mortal.stop()
    wait(lambda: mortal.left_behind() == [] or None, "the helpers to end with the server")
    assert "Traceback" not in mortal.output()[killed:]
