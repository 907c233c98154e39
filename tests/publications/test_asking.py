"""``registrar ask`` knows what staff have published, where anything has been set up."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.clauses.library import shipped
from backend.models import Unit, UnitName
from bot.asking import Published, answer_lines, published_here
from bot.cli import main
from bot.play import Stage
from bot.settings import NotReady, Settings

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
    assert [one.title for one in published.documents] == [
        "《关于调整研究生电子成绩单收费和办理时限的通知》"
    ]
    (told,) = map(json.loads, answer_lines([QUESTION], published=published))
    assert told["quotes"][0]["document"] == published.documents[0].title
    assert "面谈预约单" in told["quotes"][0]["text"]
    (without,) = map(json.loads, answer_lines([QUESTION]))
    assert without["abstained"]


def test_a_demo_folder_is_read_as_one_by_the_commands(
    stage: Callable[..., Stage],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    playing = stage()
    playing.play(PUBLISHING)
    monkeypatch.setenv("REGISTRAR_DATA", str(playing.data))
    monkeypatch.delenv("REGISTRAR_DEMO", raising=False)
    monkeypatch.setattr("bot.cli_understanding.typed", lambda: StringIO(QUESTION + "\n"))
    assert main(["ask"]) == 0
    (told,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert "面谈预约单" in told["quotes"][0]["text"]
    with playing.assistant.office.work() as work:
        work.session.add(Unit(institution_id=work.institution, code="Z9"))
        work.session.flush()
        unit = work.session.scalars(select(Unit).where(Unit.code == "Z9")).one()
        work.session.add(
            UnitName(
                unit_id=unit.id, valid_from=date(2020, 1, 1), name_zh="星际茶学所", name_en="Tea"
            )
        )
    monkeypatch.setattr("bot.cli_understanding.typed", lambda: StringIO("星际茶学所的成绩单\n"))
    assert main(["parse"]) == 0
    (parsed,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert ("unit", "星际茶学所") in {(one["entity"], one["value"]) for one in parsed["entities"]}


def test_real_data_are_not_silently_left_out(stage: Callable[..., Stage]) -> None:
    """A folder that cannot be used as asked is an error, not an installation without notices."""
    playing = stage()
    with pytest.raises(NotReady):
        published_here(Settings(data=playing.data, database_url=""))


def test_what_was_the_rule_once_says_what_has_taken_its_place() -> None:
    (first, *_) = shipped()
    later = first.model_copy(
        update={
            "id": "later",
            "title": "《新通知》",
            "since": "2026-01",
            "supersedes": (first.id,),
            "clauses": (),
        }
    )
    (told,) = map(json.loads, answer_lines(["以前成绩单怎么收费"], published=Published((later,))))
    assert not told["abstained"]
    assert {one["superseded_by"] for one in told["quotes"]} == {"《新通知》"}


def test_where_nothing_is_set_up_the_shipped_documents_answer(tmp_path: Path) -> None:
    assert (
        published_here(Settings(data=tmp_path / "none", demo=True, database_url="")) == Published()
    )
