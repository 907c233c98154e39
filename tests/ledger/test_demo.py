"""What was paid before there was a conversation is in the books of a fresh demo, once."""

from pathlib import Path

import pytest

from bot.ledger import check
from bot.prepare import prepare_data
from bot.settings import Settings
from tests.ledger.books import START


def test_the_books_of_a_fresh_demo_add_up_however_often_it_is_started(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data=tmp_path / "data", demo=True, database_url="", production=False)
    for _ in range(2):
        prepare_data(settings, now=START)
    assert check(settings) == 0
    assert "1 entries, 2 lines" in capsys.readouterr().out
