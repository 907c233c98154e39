"""One contract for every channel: whoever is on it can do everything, and sees everything."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from bot.play import Stage
from tests.channels.everywhere import OnTelegram, OnTheWeb, OnWecom, Someone
from tests.channels.telegram.house import SPEED
from tests.channels.telegram.house import House as TelegramHouse
from tests.channels.wecom.house import House as WecomHouse
from tests.peers.telegram.bot_api import BotApi
from tests.peers.wecom.simulator import Simulator

KIND = "我要一份中文成绩单，带绩点"
COVERAGE = "集中教学和所级教学合在一起"
LONG = (
    "。".join(f"第{n}条：毕业前请核对成绩单上的姓名、专业、课程和成绩" for n in range(1, 31)) + "。"
)
New = Callable[[str], Someone]


@pytest.fixture(params=["web", "telegram", "wecom"])
def new(request: pytest.FixtureRequest, stage: Callable[..., Stage]) -> Iterator[New]:
    """People of the demo, on this channel."""
    with ExitStack() as open_:
        match request.param:
            case "telegram":
                yield telegram(stage(), open_)
            case "wecom":
                yield wecom(stage(), open_)
            case _:
                here = stage()
                yield lambda who: OnTheWeb(here, who)


def telegram(stage: Stage, open_: ExitStack) -> New:
    api = open_.enter_context(BotApi(clock=lambda: time.monotonic() * SPEED))
    house = TelegramHouse(stage, api)
    open_.enter_context(house.serving)
    api.wait_for(lambda: api.webhook.url)
    addresses = iter(range(700_000_001, 700_000_100))
    return lambda who: OnTelegram(house, who, next(addresses))


def wecom(stage: Stage, open_: ExitStack) -> New:
    simulator = open_.enter_context(Simulator())
    house = open_.enter_context(WecomHouse(stage, simulator))

    def make(who: str) -> Someone:
        one = OnWecom(house, who)
        one.say("你好")  # a member who has never written has no account yet
        return one

    return make


def test_everything_can_be_pressed_from_the_first_question_to_the_file(new: New) -> None:
    student, officer = new("enrolled"), new("unit_officer")
    officer.say("你好")
    student.say(KIND)
    for label in (COVERAGE, "求职", "提交申请"):
        student.press(label)
    assert "T260302-0001" in student.words()
    assert student.pictures() == 1, "the preview is seen where it is asked for"
    assert "林若溪" in officer.words()
    officer.press("同意")
    assert "已通过审批" in student.words()
    student.press("办理订单")
    student.press("确认订单")
    student.show_who()
    (file,) = student.files()
    assert file.startswith(b"%PDF-")


def test_every_button_can_also_be_answered_by_its_number(new: New) -> None:
    student = new("enrolled")
    student.say(KIND)
    for number in ("2", "1", "1"):
        student.say(number)
    assert "T260302-0001" in student.words()


def test_every_button_can_also_be_answered_in_words(new: New) -> None:
    student = new("enrolled")
    student.say(KIND)
    for words in ("合在一起", "求职", "提交申请"):
        student.say(words)
    assert "T260302-0001" in student.words()


def test_what_a_decision_rests_on_is_read_on_every_channel(new: New) -> None:
    student, officer = new("enrolled"), new("unit_officer")
    officer.say("你好")
    student.say(KIND)
    for words in ("合在一起", "因为要去德国读博士，学校要求在五月底以前寄到", "提交申请"):
        student.say(words)
    for fact in (
        "林若溪",
        "20231800000001",
        "化学研究所",
        "因为要去德国读博士，学校要求在五月底以前寄到",
    ):
        assert fact in officer.words(), fact


def test_a_long_announcement_comes_whole_and_cut_at_the_ends_of_sentences(new: New) -> None:
    student, affairs = new("enrolled"), new("academic_affairs")
    student.say("你好")
    affairs.say("群发通知")
    for words in ("在读学生", "全部单位", LONG, "不用英文", "发出"):
        affairs.say(words)
    student.say("谢谢")
    said = [piece for piece in student.pieces() if "条：" in piece]
    whole = "".join(said).replace("\n", "").replace("【通知】", "")
    assert LONG in whole
    for piece in said[:-1]:
        assert piece.rstrip().endswith("。"), piece[-20:]


def test_a_file_that_nobody_expects_is_answered(new: New) -> None:
    student = new("enrolled")
    student.say("你好")
    before = student.words()
    student.attach("奖状.pdf", b"%PDF-1.4 and some more bytes of it")
    assert len(student.words()) > len(before)


def test_a_button_of_yesterday_does_no_harm(new: New) -> None:
    student = new("enrolled")
    student.say(KIND)
    student.say("不办了")
    try:
        student.press(COVERAGE)
    except LookupError:
        return  # the channel has taken it away, which is as good
    assert "T260302-0001" not in student.words()
