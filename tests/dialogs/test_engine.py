"""What a person may rely on in every dialog, shown with toy ones."""

from collections.abc import Callable

import pytest

from backend.errors import AlreadyHandled, Refused
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.repair import leave
from dialogs.engine.slots import choice, fixed, text, yes_no
from dialogs.engine.words import _, plain
from tests.dialogs.conftest import Chatter

Make = Callable[..., Chatter]

SIZE = choice(
    "size",
    plain("多大？"),
    {"big": plain("大"), "small": plain("小")},
    title=plain("大小"),
    entity="size",
)
COLOUR = choice(
    "colour",
    plain("什么颜色？"),
    {"red": plain("红"), "blue": plain("蓝")},
    title=plain("颜色"),
    entity="colour",
)
NOTE = text("note", plain("备注？"), title=plain("备注"), at_most=10)


def order(chat: Chat, work: Work) -> None:
    size, colour, note = chat.ask(SIZE), chat.ask(COLOUR), chat.ask(NOTE)
    chat.confirm(plain(f"{size} {colour} {note}？"), facts="1", agree=_("确认"))
    chat.say(plain("好了"))


def ask(chat: Chat, work: Work) -> None:
    chat.say(plain("答案"))


def test_what_was_said_at_the_start_is_not_asked_again(chatter: Make) -> None:
    talk = chatter(order=order)
    assert talk.say("大的红的", "order", size="big", colour="red") == ["备注？"]


def test_something_said_early_is_remembered_until_its_question_comes(chatter: Make) -> None:
    talk = chatter(order=order)
    assert talk.say("红的", "order", colour="red") == ["多大？"]
    assert talk.say("大") == ["备注？"]


def test_an_answer_that_cannot_be_keeps_the_earlier_one(chatter: Make) -> None:
    talk = chatter(order=order)
    talk.say("办", "order", size="big", colour="red")
    talk.say("好看")
    assert talk.say("改成紫色", "change_answer", colour="violet")[0] == "这一项现在不能选。"
    assert talk.say("确认") == ["好了"]


def test_too_long_an_answer_is_refused_with_its_length_and_nothing_is_lost(chatter: Make) -> None:
    talk = chatter(order=order)
    talk.say("办", "order", size="big", colour="red")
    answer = talk.say("字" * 10_000)
    assert "10000" in answer[0]
    assert answer[1] == "备注？"
    assert talk.say("好") == ["big red 好？"]


def test_a_release_that_asks_one_more_question_asks_only_that_one(chatter: Make) -> None:
    talk = chatter(order=order)
    talk.say("办", "order", size="big")
    paper = choice("paper", plain("什么纸？"), {"a4": plain("A4")}, title=plain("纸"))

    def newer(chat: Chat, work: Work) -> None:
        chat.ask(SIZE)
        chat.ask(paper)
        chat.ask(COLOUR)
        chat.say(plain("新的办法，好了"))

    talk.redeploy(order=newer)
    assert talk.say("红") == ["什么纸？"]
    assert talk.say("A4") == ["新的办法，好了"]


def test_a_release_that_no_longer_knows_an_answer_asks_it_again(chatter: Make) -> None:
    talk = chatter(order=order)
    talk.say("办", "order", size="big")
    smaller = choice("size", plain("多大？"), {"small": plain("小")}, title=plain("大小"))

    def newer(chat: Chat, work: Work) -> None:
        chat.ask(smaller)
        chat.ask(COLOUR)

    talk.redeploy(order=newer)
    assert talk.say("红")[-1] == "多大？"


def test_a_release_without_the_dialog_says_so_instead_of_failing(chatter: Make) -> None:
    talk = chatter(order=order)
    talk.say("办", "order")
    talk.redeploy(ask=ask)
    assert "请重新开始" in talk.say("大")[0]


def test_a_conversation_stored_by_a_newer_release_is_still_understood(chatter: Make) -> None:
    talk = chatter(order=order)
    talk.say("办", "order")
    talk.stored["mood"] = "new"
    stack = talk.stored["stack"]
    assert isinstance(stack, list)
    stack[0]["colour_of_the_sky"] = "blue"
    assert talk.say("大") == ["什么颜色？"]


def test_a_digression_comes_back_to_the_question(chatter: Make) -> None:
    talk = chatter(order=order, ask=ask)
    talk.say("办", "order")
    assert talk.say("问个事", "ask") == ["答案", "我们接着办：order。", "多大？"]


def test_a_long_answer_to_an_open_question_is_an_answer_whatever_it_sounds_like(
    chatter: Make,
) -> None:
    talk = chatter(order=order, ask=ask)
    talk.say("办", "order", size="big", colour="red")
    assert talk.say("问一下这个颜色吧", "ask", 0.8) == ["big red 问一下这个颜色吧？"]


def test_consent_is_not_given_by_a_button_that_stood_under_other_words(chatter: Make) -> None:
    price = ["5"]

    def buy(chat: Chat, work: Work) -> None:
        chat.confirm(plain(f"{price[0]} 元？"), facts=price[0], agree=_("买"))
        chat.say(plain(f"买了，{price[0]} 元"))

    talk = chatter(buy=buy)
    talk.say("买", "buy")
    stale = dict(talk.stored)
    price[0] = "6"
    assert talk.press("买") == ["内容有变化，请再看一遍。", "6 元？"]
    assert talk.press("买") == ["买了，6 元"]
    talk.stored = stale
    assert talk.say("买") == ["内容有变化，请再看一遍。", "6 元？"]


def test_nothing_can_be_asked_between_consent_and_what_it_was_given_for(chatter: Make) -> None:
    def wrong(chat: Chat, work: Work) -> None:
        chat.confirm(plain("行吗？"), facts="", agree=_("行"))
        chat.ask(SIZE)

    talk = chatter(wrong=wrong)
    talk.say("办", "wrong")
    with pytest.raises(RuntimeError):
        talk.press("行")


def test_pressing_a_prompt_is_consent_to_exactly_what_stood_above_it(chatter: Make) -> None:
    number = fixed("number", plain("编号"))
    facts = ["v1"]

    def prompt(chat: Chat, work: Work) -> None:
        card = chat.card(plain("申请"), (plain("编号"), plain("7")))
        chat.say(
            plain("请审批"),
            card=card,
            buttons=[
                chat.agreed(plain("同意"), "agree", plain("同意 7？"), card, "v1", number="7")
            ],
        )

    def agree(chat: Chat, work: Work) -> None:
        chat.ask(number)
        card = chat.card(plain("申请"), (plain("编号"), plain("7")))
        consent = chat.confirm(plain("同意 7？"), card=card, facts=facts[0], agree=plain("同意"))
        chat.say(plain(consent.words))

    talk = chatter(prompt=prompt, agree=agree)
    talk.say("看", "prompt")
    first = dict(talk.stored)
    assert talk.press("同意") == ["同意 7？\n申请\n编号: 7"]
    talk.stored = first
    facts[0] = "v2"
    assert talk.press("同意") == ["内容有变化，请再看一遍。", "同意 7？"]


def test_what_is_sealed_elsewhere_is_shown_and_not_kept_with_the_consent(chatter: Make) -> None:
    def give(chat: Chat, work: Work) -> None:
        card, kept = (chat.card(plain("税号"), (plain("号"), plain(one))) for one in ("123", "1*3"))
        consent = chat.confirm(
            plain("同意？"), card=card, kept=kept, facts="hash", agree=plain("同意")
        )
        chat.say(plain(consent.words))

    talk = chatter(give=give)
    talk.say("办", "give")
    assert talk.press("同意") == ["同意？\n税号\n号: 1*3"]


def test_a_notice_in_between_keeps_numbers_unambiguous(chatter: Make) -> None:
    talk = chatter(order=order)
    talk.say("办", "order")
    assert talk.told("T1") == ["T1"]
    assert talk.say("1") == ["什么颜色？"]


def test_numbers_can_be_said_as_people_say_them(chatter: Make) -> None:
    for words in ("2", "２", "二", "第二个", "第2个"):
        talk = chatter(order=order)
        talk.say("办", "order")
        talk.say(words)
        stack = talk.stored["stack"]
        assert isinstance(stack, list)
        assert stack[0]["answers"] == {"size": "small"}


def test_a_used_button_says_so_and_the_question_stays(chatter: Make) -> None:
    talk = chatter(order=order)
    talk.say("办", "order")
    assert talk.press("大", used=True) == ["这个按钮已经用过了。", "多大？"]


def test_a_refusal_in_the_middle_keeps_the_answers_and_offers_to_change_them(
    chatter: Make,
) -> None:
    def picky(chat: Chat, work: Work) -> None:
        if chat.ask(SIZE) == "big":
            raise Refused("no_grades", "T6", office="academic_affairs")
        chat.say(plain("小的好"))

    talk = chatter(picky=picky)
    talk.say("办", "picky")
    refusal = talk.press("大")[0]
    assert "T6" in refusal
    assert "010-69671080" in refusal
    assert talk.press("大小") == ["多大？"]
    assert talk.press("小") == ["好的，已更正。大小：大 → 小", "小的好"]


def test_who_comes_second_is_told_and_the_dialog_is_over(chatter: Make) -> None:
    def late(chat: Chat, work: Work) -> None:
        chat.ask(SIZE)
        raise AlreadyHandled(number="T1", event="approve", by=None, at="2026-03-02T01:00:00+00:00")

    talk = chatter(late=late)
    talk.say("办", "late")
    assert "已经办理过了" in talk.press("大")[0]
    assert talk.stored["stack"] == []


def asks_the_note_first(chat: Chat, work: Work) -> None:
    note, size, colour = chat.ask(NOTE), chat.ask(SIZE), chat.ask(COLOUR)
    chat.say(plain(f"{size} {colour} {note}"))


@pytest.mark.parametrize("how", ["press", "say"])
def test_an_answer_given_just_as_a_release_asks_something_else_first_still_counts(
    chatter: Make, how: str
) -> None:
    talk = chatter(order=order)
    talk.say("办", "order", size="big")
    talk.redeploy(order=asks_the_note_first)
    assert getattr(talk, how)("红") == ["备注？"]
    assert talk.say("轻放") == ["big red 轻放"]


def test_free_words_typed_just_as_a_release_asks_something_else_first_still_count(
    chatter: Make,
) -> None:
    talk = chatter(order=asks_the_note_first)
    talk.say("办", "order")
    talk.redeploy(order=order)
    assert talk.say("要红的包装") == ["多大？"]
    assert talk.press("大") == ["什么颜色？"]
    assert talk.press("蓝") == ["big blue 要红的包装？"]


def test_words_that_answered_nothing_are_no_answer_later(chatter: Make) -> None:
    talk = chatter(order=order)
    talk.say("办", "order", size="big")
    talk.redeploy(order=asks_the_note_first)
    assert talk.say("哪种好看") == ["备注？"]
    assert talk.say("轻放") == ["什么颜色？"]


def test_what_a_refused_dialog_wrote_is_undone(chatter: Make) -> None:
    def greedy(chat: Chat, work: Work) -> None:
        work.emit("something", "T1")
        raise Refused("no_grades")

    talk = chatter(greedy=greedy)
    talk.say("办", "greedy")
    assert talk.work.events == []


def waits(ready: list[bool]) -> Callable[[Chat, Work], None]:
    def dialog(chat: Chat, work: Work) -> None:
        if not ready[0]:
            chat.wait("job", plain("请稍等"))
        chat.say(plain("好了"))

    return dialog


def test_a_dialog_goes_on_by_itself_when_its_job_is_done(chatter: Make) -> None:
    ready = [False]
    talk = chatter(wait=waits(ready))
    assert talk.say("办", "wait") == ["请稍等"]
    assert talk.say("好了没")[0].startswith("还在准备")
    ready[0] = True
    assert talk.done("job") == ["好了"]
    assert talk.done("job") == []


def test_a_job_that_failed_is_told_and_can_be_tried_again(chatter: Make) -> None:
    ready = [False]
    talk = chatter(wait=waits(ready))
    talk.say("办", "wait")
    assert "没有准备成功" in talk.done("job", ok=False)[0]
    ready[0] = True
    assert talk.press("再试一次") == ["好了"]


def test_leaving_asks_first_only_when_something_would_be_lost(chatter: Make) -> None:
    talk = chatter(order=order, leave=leave)
    talk.say("办", "order")
    assert talk.say("不办了", "cancel") == ["好的，不办了。"]
    talk.say("办", "order")
    talk.press("大")
    assert talk.say("不办了", "cancel")[0].startswith("先不办")
    assert talk.say("接着办")[-1] == "什么颜色？"
    talk.say("不办了", "cancel")
    assert talk.say("不办了", "cancel") == ["好的，不办了。"]
    assert talk.stored["stack"] == []


def test_yes_and_no_in_ones_own_words(chatter: Make) -> None:
    sure = yes_no("sure", plain("确定？"), plain("是的"), plain("算了"))

    def decide(chat: Chat, work: Work) -> None:
        chat.say(plain("做" if chat.ask(sure) else "不做"))

    talk = chatter(decide=decide)
    talk.say("办", "decide")
    assert talk.say("没问题", "affirm") == ["做"]
    talk.say("办", "decide")
    assert talk.say("还是别了", "deny") == ["不做"]


DOUBTFUL = (
    *(
        "还不能确认",
        "等我确认",
        "很难同意",
        "同意吗",
        "我还没确认",
        "好贵",
        "好多错误",
        "嗯？",
        "好难啊",
    ),
    *("好的，等一下", "好的，先保存", "是的，信息有误", "没问题吗", "同意什么", "对不起", "sure?"),
    *("ok wait", "yes, reject it", "are you sure"),
)


@pytest.mark.parametrize("words", DOUBTFUL)
def test_nothing_is_agreed_to_by_words_that_hesitate(chatter: Make, words: str) -> None:
    done: list[str] = []

    def buy(chat: Chat, work: Work) -> None:
        done.append(chat.confirm(plain("5 元？"), facts="5", agree=_("买")).words)

    talk = chatter(buy=buy)
    talk.say("办", "buy")
    talk.say(words, "affirm", 0.99)
    assert done == []


def test_an_answer_never_presses_a_notice_that_came_in_between(chatter: Make) -> None:
    decided: list[str] = []

    def approve(chat: Chat, work: Work) -> None:
        decided.append(chat.confirm(plain("同意？"), facts="1", agree=plain("同意")).words)

    def note(chat: Chat, work: Work) -> None:
        chat.ask(NOTE)
        chat.confirm(plain("发布？"), facts="1", agree=plain("发布"))

    talk = chatter(note=note, approve=approve)
    talk.notice = lambda chat: chat.say(
        plain("请审批"),
        buttons=[chat.agreed(plain("同意"), "approve", plain("同意？"), None, "1")],
    )
    talk.say("办", "note")
    talk.told("T1")
    talk.say("1")
    talk.told("T2")
    talk.say("同意")
    assert decided == []


def test_a_notice_answered_by_number_is_shown_and_asked_first(chatter: Make) -> None:
    """The number may have been meant for a prompt that was on the screen before."""
    decided: list[str] = []

    def approve(chat: Chat, work: Work) -> None:
        decided.append(chat.confirm(plain("同意 7？"), facts="1", agree=plain("同意")).words)

    talk = chatter(approve=approve)
    talk.notice = lambda chat: chat.say(
        plain("请审批"),
        buttons=[chat.agreed(plain("同意"), "approve", plain("同意 7？"), None, "1")],
    )
    talk.told("T1")
    assert talk.say("1") == ["同意 7？"]
    assert decided == []
    talk.say("同意")
    assert decided == ["同意 7？"]


def test_a_notice_that_no_longer_holds_is_explained_and_not_lost(chatter: Make) -> None:
    def gone(chat: Chat) -> None:
        raise Refused("no_grades", "T6")

    talk = chatter(order=order)
    talk.notice = gone
    assert "T6" in talk.told("T1")[0]


def test_after_a_refusal_other_requests_are_heard(chatter: Make) -> None:
    def closed(chat: Chat, work: Work) -> None:
        chat.ask(SIZE)
        raise Refused("service_closed", office="academic_affairs")

    talk = chatter(closed=closed, ask=ask)
    talk.say("办", "closed")
    talk.press("大")
    assert talk.say("问个事", "ask")[0] == "答案"


def test_starting_the_same_thing_again_keeps_what_was_answered(chatter: Make) -> None:
    def menu(chat: Chat, work: Work) -> None:
        chat.say(plain("菜单"), buttons=[chat.button(plain("办理"), "order", lasting=True)])

    talk = chatter(order=order, menu=menu)
    talk.say("办", "order")
    talk.press("大")
    talk.say("菜单", "menu")
    stack = talk.stored["buttons"]
    assert isinstance(stack, list)
    assert talk.say("办", "order") == ["什么颜色？"]
