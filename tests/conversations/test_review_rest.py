"""What does not fit on one list that somebody agrees to is not forgotten (E5)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.play import Stage
from dialogs.reviewing import many

SAID = "审核人 > 把剩下的都通过\n"
SCRIPT = Path(__file__).parent / "exam_review_rest.md"


def test_whoever_approves_the_rest_is_told_how_many_come_after_the_list(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "MOST", 1)
    before, said, _after = SCRIPT.read_text().partition(SAID)
    played = stage().play(before + said)
    asked = played.partition(SAID)[2]
    assert "通过下面这 1 份？" in asked
    assert "另有 2 份要一份一份看" in asked
    assert "后面还有 1 份，办完这些再说一次。" in asked
