"""``registrar check`` says what follows where nothing reads pictures and nothing finds faces."""

import pytest

from backend.pictures import reader
from bot.finding import State
from bot.ready_pictures import pictures
from bot.settings import Settings


@pytest.mark.parametrize("there", [True, False])
def test_an_administrator_learns_whether_pictures_are_read_and_faces_found(
    there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "installed", lambda: there)
    monkeypatch.setattr(reader, "finds_faces", lambda: there)
    found = list(pictures(Settings(demo=True)))
    assert [state for state, _zh, _en in found] == [State.GOOD if there else State.NOTE] * 2
    said = " ".join(zh for _state, zh, _en in found)
    assert ("不自动核对" in said) is not there
    assert ("make ocr" in said) is not there


def test_faces_are_not_promised_where_the_reader_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reader, "installed", lambda: False)
    assert reader.finds_faces.__wrapped__() is False
