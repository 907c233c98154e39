"""Nobody keeps the database waiting with piles of marks, and nobody's name is changed for it."""

import re
import sys
from collections.abc import Callable
from unicodedata import combining, normalize

import pytest
from sqlalchemy import select

from backend import marks
from backend.identity import confidential
from backend.models import Inbound
from bot.play import Stage
from bot.receive import TEXT_LIMIT
from dialogs.engine import turn
from dialogs.engine.chat import Chat
from dialogs.engine.dialog import Dialog
from dialogs.engine.turn import READ_AT_MOST
from dialogs.engine.words import plain
from tests.dialogs.conftest import Chatter, chatter

__all__ = ["chatter"]

PILES = (
    "a" + "\u0344" * 6000 + "\u0f73" * 5999,
    "é" + "\u0301\u0323" * 5999,
    "カ" + "\uff9e\u0344" * 5999,
)


def longest_pile(text: str) -> int:
    """How many characters in a row are sorted, at most."""
    longest = now = 0
    for character in normalize("NFKD", text):
        now = now + 1 if combining(character) else 0
        longest = max(longest, now)
    return longest


@pytest.mark.parametrize("text", PILES)
def test_piles_of_marks_are_cut_to_what_is_sorted_at_once(text: str) -> None:
    assert longest_pile(text) > 10_000
    assert longest_pile(marks.with_few(text)) <= 3 * marks.MOST
    assert longest_pile(confidential.plain(text)) <= 3


def test_whatever_is_sorted_counts_as_a_mark() -> None:
    every = (chr(code) for code in range(sys.maxunicode + 1))
    sorted_ = {one for one in every if combining(normalize("NFKD", one)[0])}
    assert {one for one in sorted_ if not marks.is_mark(one)} == set()


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Thị Phượng",
        normalize("NFD", "Nguyễn Thị Phượng muốn xin bảng điểm"),
        "བསྒྲུབས་ཀྱི་ཧཱུྃ་བཀྲ་ཤིས་བདེ་ལེགས།",
        "ས\u0f71\u0f72\u0f74\u0f7c\u0f7e",
        "שָׁלוֹם",
        "ﾊﾞｶﾞ",
        "नमस्ते",
        "x̧̛̄̌",
        "王小明",
        "👩‍🎓🇨🇳",
    ],
)
def test_words_and_names_stay_as_they_were_typed(text: str) -> None:
    assert marks.with_few(text) == text


def test_what_is_said_is_kept_without_piles(stage: Callable[..., Stage]) -> None:
    here = stage()
    here.assistant.reception.hear("telegram", "1", "m1", "said", {"text": PILES[0][:TEXT_LIMIT]})
    with here.assistant.office.read() as work:
        bodies = work.session.scalars(select(Inbound.body)).all()
    kept = [body["text"] for body in bodies if "text" in body]
    assert [longest_pile(text) <= 3 * marks.MOST for text in kept] == [True]


def test_only_the_beginning_is_looked_through_for_what_a_dialog_is_called(
    chatter: Callable[..., Chatter], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def counted(form: str, words: str) -> str:
        read.append(len(words))
        return words

    def script(chat: Chat, _work: object) -> None:
        chat.say(plain("好了"))

    monkeypatch.setattr(turn, "normalize", counted)
    talk = chatter()
    talk.dialogs = {"order": Dialog(script, plain("order"), said=re.compile("^办"))}
    assert talk.say("办" + "x" * 11_999) == ["好了"]
    assert read
    assert max(read) <= READ_AT_MOST
