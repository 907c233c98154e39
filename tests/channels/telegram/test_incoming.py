"""What people send on Telegram, and what reaches the assistant of it."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from telegram import Update

from bot.limits import Limit
from tests.channels.telegram.conftest import NewHouse
from tests.channels.telegram.house import House
from tests.peers.telegram.bot_api import BotApi
from tests.peers.telegram.people import Group, Person

PDF = b"%PDF-1.7 " + b"x" * 5000


def test_everybody_is_heard_in_the_order_they_wrote_though_all_write_at_once(
    house: House, api: BotApi
) -> None:
    people = [Person(api, 710_000_000 + n) for n in range(6)]
    for n in range(8):
        for person in people:
            person.say(f"第 {n} 句")
    api.webhook.quiet()
    for person in people:
        assert house.texts(person.id) == [f"第 {n} 句" for n in range(8)]


def test_words_sent_after_a_file_are_not_heard_before_it(
    house: House, api: BotApi, student: Person
) -> None:
    """Both updates are under way at the same time, and the file takes its time."""
    house.bind(student.id, "enrolled")
    document = {"file_id": api.put_file(PDF), "file_unique_id": "u", "file_name": "a.pdf"}
    first = {"update_id": 1, **student.message(document=document)}
    second = {"update_id": 2, **student.message(text="收到了吗")}

    async def both() -> None:
        bot = house.telegram.bot
        await asyncio.gather(
            house.telegram.take(Update.de_json(first, bot)),
            house.telegram.take(Update.de_json(second, bot)),
        )

    house.serving.run(both())
    assert [one.kind for one in house.heard(student.id)] == ["attached", "said"]


def test_a_message_that_the_platform_pushes_twice_counts_once(
    house: House, api: BotApi, student: Person
) -> None:
    update = {"update_id": 11, **student.message(text="你好")}
    again = {**update, "update_id": 12}  # after the numbers have begun anew
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(api.webhook.deliver, [update, update, update, again]))
    assert answers == [200] * 4
    assert house.texts(student.id) == ["你好"]


def test_a_message_that_could_not_be_kept_is_pushed_again_and_not_lost(
    house: House, api: BotApi, student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    reception = house.stage.assistant.reception
    hear = reception.hear
    failures = [RuntimeError("the database is away")] * 2

    def failing(*arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return hear(*arguments)

    monkeypatch.setattr(reception, "hear", failing)
    student.say("你好")
    api.webhook.quiet()
    assert [status for _, status in api.webhook.pushed] == [503, 503, 200]
    assert house.texts(student.id) == ["你好"]


@pytest.mark.parametrize("secret", ["", "wrong", "密码"])
def test_nobody_else_can_speak_in_a_students_name(
    house: House, api: BotApi, student: Person, secret: str
) -> None:
    update = {"update_id": 5, **student.message(text="撤回申请")}
    api.webhook.secret = ""
    given = secret.encode().decode("latin-1")
    assert api.webhook.deliver(update, given) == 403
    assert house.heard(student.id) == []


def test_updates_that_are_none_do_no_harm(house: House, api: BotApi) -> None:
    far = {"update_id": 1, "message": {"message_id": 1, "date": 1e300, "chat": {"id": 1}}}
    bodies = {
        b"": 400,
        b"{": 400,
        b"\xff\xfe": 400,
        b"[" * 100_000: 400,
        b"{" * 1_100_000: 413,
        b"[]": 200,
        b"1": 200,
        b"null": 200,
        b"{}": 200,
        b'{"update_id": "x", "message": {}}': 200,
        b'{"update_id": 1}': 200,
        b'{"update_id": 1, "message": 1}': 200,
        b'{"update_id": 1, "message": {"message_id": 1, "date": 1}}': 200,
        b'{"update_id": 1, "callback_query": {"id": 1}}': 200,
        b'{"update_id": 1, "my_chat_member": []}': 200,
        json.dumps(far).encode(): 200,
    }
    assert {body: api.webhook.deliver(body) for body in bodies} == bodies


def test_messages_of_a_wrong_shape_do_no_harm_to_the_next_one(
    house: House, api: BotApi, student: Person
) -> None:
    shapes: list[dict[str, Any]] = [
        {"text": 5},
        {"text": ["你好"]},
        {"text": "你好", "message_id": "x"},
        {"text": "你好", "chat": {"id": "1 OR 1", "type": "private"}},
        {"text": "你好", "chat": {"id": 2**70, "type": "private"}},
        {"text": "你好", "from": {"id": 1}},
        {"document": 7},
        {"document": {"file_id": "a", "file_unique_id": "u", "file_size": "many"}},
        {"photo": [{}]},
        {"photo": "x"},
    ]
    for number, content in enumerate(shapes, 21):
        update = {"update_id": number, **student.message()}
        update["message"].update(content)
        assert api.webhook.deliver(update) == 200, content
    assert house.heard(student.id) == []
    student.say("你好")
    api.webhook.quiet()
    assert house.texts(student.id) == ["你好"]


def test_characters_that_no_database_takes_are_heard_without_them(
    house: House, api: BotApi, student: Person
) -> None:
    body = json.dumps({"update_id": 31, **student.message(text="你\x00好\ud83d")}).encode()
    assert api.webhook.deliver(body) == 200
    assert house.texts(student.id) == ["你好?"]


def test_a_message_that_is_edited_is_not_said_a_second_time(
    house: House, api: BotApi, student: Person
) -> None:
    student.say("你好")
    student.edit("你好啊")
    assert "edited_message" not in api.webhook.allowed
    update = {"update_id": 41, "edited_message": student.message(text="你好呀")["message"]}
    assert api.webhook.deliver(update) == 200
    api.webhook.quiet()
    assert house.texts(student.id) == ["你好"]


def test_in_a_group_nothing_personal_is_said_and_only_once(
    house: House, api: BotApi, student: Person
) -> None:
    house.bind(student.id, "enrolled")
    group = Group(api, -100_200_300, student)
    group.say("我的成绩单办到哪了")
    group.say("/status@registrar_peer_bot")
    group.send(photo=[])
    query = group.press_data("x.0", group.message(text="旧消息")["message"])
    house.settle()
    assert [one["text"] for one in group.messages] == [
        "群里不办个人的事，请私聊。 Please talk to me in private."
    ]
    assert api.answered[query]["text"].startswith("群里不办")
    assert house.heard(group.id) == []
    assert house.heard(student.id) == []


def test_who_blocks_the_bot_is_known_and_who_comes_back_too(
    house: House, api: BotApi, student: Person
) -> None:
    house.bind(student.id, "enrolled")
    student.block()
    api.webhook.quiet()
    account = house.account(student.id)
    assert account is not None
    assert account.blocked_at == house.stage.clock.now()
    student.unblock()
    api.webhook.quiet()
    account = house.account(student.id)
    assert account is not None
    assert account.blocked_at is None


def test_commands_do_what_the_sentences_for_them_do(house: House, api: BotApi) -> None:
    answers = {
        "/start": ("我是教务助手", "registrar"),
        "/start@registrar_peer_bot": ("我是教务助手", "registrar"),
        "/help": ("上一步", "back"),
        "/menu": ("电子成绩单", "transcript"),
        "/status": ("登录", "sign in"),
        "/cancel": ("没有", "nothing"),
    }
    for number, (command, (zh, en)) in enumerate(answers.items()):
        chinese = Person(api, 721_000_000 + number)
        foreign = Person(api, 722_000_000 + number, "en-GB")
        chinese.say(command)
        foreign.say(command)
        house.settle()
        assert zh in chinese.seen
        assert en in foreign.seen.casefold()
        assert not any("\u4e00" <= one <= "\u9fff" for one in foreign.seen), foreign.seen


def test_english_is_spoken_with_an_english_phone_until_another_language_is_chosen(
    house: House, api: BotApi
) -> None:
    foreign = Person(api, 720_000_001, "en")
    foreign.say("/start")
    house.settle()
    assert house.language(foreign.id) == "en"
    foreign.say("/language")
    house.settle()
    assert house.language(foreign.id) == "zh"
    foreign.say("hello")
    foreign.say("/menu")
    house.settle()
    assert house.language(foreign.id) == "zh"
    assert house.texts(foreign.id)[-1] == "菜单"


def test_a_question_in_english_is_answered_in_english_and_chinese_is_one_press_away(
    house: House, api: BotApi
) -> None:
    foreign = Person(api, 720_000_003)
    foreign.say("what can you do for me here")
    house.settle()
    assert house.language(foreign.id) == "en"
    assert "You wrote in English" in foreign.seen
    foreign.press("中文")
    house.settle()
    assert house.language(foreign.id) == "zh"
    foreign.say("what can you do for me here")
    house.settle()
    assert house.language(foreign.id) == "zh"


def test_the_language_of_a_student_is_not_changed_by_their_phone(house: House, api: BotApi) -> None:
    foreign = Person(api, 720_000_002, "en")
    house.bind(foreign.id, "enrolled")
    foreign.say("/help")
    house.settle()
    assert house.language(foreign.id) == "zh"
    assert house.texts(foreign.id) == ["帮助"]


def test_a_token_from_the_binding_page_is_used_and_never_stands_in_the_conversation(
    new_house: NewHouse, api: BotApi, student: Person
) -> None:
    came: list[tuple[str, str]] = []

    def bind(token: str, address: str) -> str | None:
        came.append((token, address))
        return "已绑定。" if token == "good_TOKEN-1" else None

    house = new_house(bind=bind)
    student.say("/start good_TOKEN-1")
    student.say("/start old")
    student.say("/start 不是令牌")
    house.settle()
    assert came == [("good_TOKEN-1", str(student.id)), ("old", str(student.id))]
    assert student.messages[0]["text"] == "已绑定。"
    assert house.texts(student.id) == ["你好", "你好"]


def test_who_sends_too_much_is_told_what_was_not_taken(
    new_house: NewHouse, api: BotApi, student: Person
) -> None:
    house = new_house(messages=Limit(1, 2))
    for n in range(3):
        student.say(f"第 {n} 句")
    house.settle()
    assert house.texts(student.id) == ["第 0 句", "第 1 句"]
    assert "发得太快了，这一条还没有收下" in student.seen


@pytest.mark.parametrize(
    ("user", "shown"),
    [
        ({"first_name": "Li", "last_name": "Lei"}, "Li Lei"),
        ({"first_name": "小满\u202e\n林"}, "小满林"),
        ({"first_name": "\ud83d" + "长" * 90}, "?" + "长" * 63),
        ({"first_name": "\u2067"}, ""),
    ],
)
def test_whoever_binds_an_account_sees_on_the_page_what_it_is_called(
    house: House, student: Person, api: BotApi, user: dict[str, str], shown: str
) -> None:
    student.user |= user
    update = {"update_id": 51, **student.message(text="你好")}
    assert api.webhook.deliver(json.dumps(update).encode()) == 200
    account = house.account(student.id)
    assert account is not None
    assert account.name == shown


def test_a_new_name_is_shown_and_the_old_one_is_not(
    house: House, student: Person, api: BotApi
) -> None:
    for name in ("以前", "现在"):
        student.user["first_name"] = name
        student.say("你好")
        api.webhook.quiet()
    account = house.account(student.id)
    assert account is not None
    assert account.name == "现在"


def test_the_menu_of_commands_is_in_both_languages(house: House, api: BotApi) -> None:
    for language in ("", "en"):
        names = [one["command"] for one in api.commands[language]]
        assert names == ["menu", "status", "cancel", "language", "bind", "unbind", "help"]
