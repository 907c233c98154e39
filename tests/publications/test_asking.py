"""``registrar ask`` knows what staff have published, where anything has been set up."""

import json
from collections.abc import Callable
from pathlib import Path

from bot.asking import answer_lines, published_here
from bot.play import Stage
from bot.settings import Settings

PUBLISHING = """人物 教务 = academic_affairs

教务 > 《2026年成绩单通知.txt》
教务 > [全部照这样]
教务 > [不代替]
教务 > [修改]
教务 > [实行日期]
教务 > 2026-03-02
教务 > [发布]
"""
QUESTION = "签证面谈要加急怎么办"


def test_what_staff_have_published_is_answered_at_the_keyboard_too(
    stage: Callable[..., Stage],
) -> None:
    playing = stage()
    playing.play(PUBLISHING)
    published = published_here(Settings(data=playing.data, demo=True, database_url=""))
    assert [one.title for one in published] == ["《关于调整研究生电子成绩单收费和办理时限的通知》"]
    (told,) = map(json.loads, answer_lines([QUESTION], published=published))
    assert told["quotes"][0]["document"] == published[0].title
    assert "面谈预约单" in told["quotes"][0]["text"]
    (without,) = map(json.loads, answer_lines([QUESTION]))
    assert without["abstained"]


def test_where_nothing_is_set_up_the_shipped_documents_answer(tmp_path: Path) -> None:
    assert published_here(Settings(data=tmp_path / "none", demo=True, database_url="")) == ()
