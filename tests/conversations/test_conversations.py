"""Every Markdown file here is a conversation that must happen as it is written.

``pytest --rewrite tests/conversations`` writes the assistant's lines and the effects anew; a review
then reads a diff of dialogue.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.play import Stage
from bot.script import EFFECT, ScriptError

SCRIPTS = sorted(Path(__file__).parent.glob("*.md"))

# What each rule amounts to as policy data, and another value for it.
OTHER_RULES: dict[str, dict[str, Any]] = {
    "T1": {"centralized_from": 1990, "combined_from": 2002},
    "T2": {"price_fen": 700, "free_copies": 2},
    "T3": {"email_from": "2021-01-01", "email_until": "2021-01-02"},
    "T4": {"approval_for_enrolled": False},
    "T5": {"approval_for_graduated": True},
    "T6": {"preview_before_order": False},
    "T7": {"download_months": 3},
}


def cited(script: str) -> list[str]:
    line = re.search(r"^规则 (.+)$", script, re.MULTILINE)
    return line[1].split() if line else []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_people_are_told_and_get_exactly_what_the_script_says(
    path: Path, stage: Callable[..., Stage], request: pytest.FixtureRequest
) -> None:
    played = stage().play(path.read_text())
    if request.config.getoption("--rewrite"):
        path.write_text(played)
    assert played == path.read_text()


@pytest.mark.parametrize(
    ("path", "rule"),
    [(path, rule) for path in SCRIPTS for rule in cited(path.read_text()) if rule in OTHER_RULES],
    ids=lambda value: value if isinstance(value, str) else value.stem,
)
def test_a_script_that_cites_a_rule_notices_when_the_rule_changes(
    path: Path, rule: str, stage: Callable[..., Stage]
) -> None:
    try:
        played = stage(**OTHER_RULES[rule]).play(path.read_text())
    except ScriptError:
        return  # a button of the script is not offered, or what it does is refused
    assert played != path.read_text()


def test_every_script_shows_effects_or_a_refusal_and_not_only_words() -> None:
    for path in SCRIPTS:
        script = path.read_text()
        assert " < " in script, f"{path.stem} has not been played"
    assert sum(EFFECT in path.read_text() for path in SCRIPTS) >= len(SCRIPTS) // 2


def test_every_rule_of_the_transcript_notice_is_cited_by_some_script() -> None:
    told = {rule for path in SCRIPTS for rule in cited(path.read_text())}
    assert told >= {f"T{number}" for number in range(1, 11)}
