"""Every Markdown file here is a conversation that must happen as it is written.

``pytest --rewrite tests/conversations`` writes the assistant's lines and the effects anew; a review
then reads a diff of dialogue.
"""

import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from backend.errors import Refused
from backend.policy.first_photo import PHOTO
from backend.policy.notices import OFFICES_DEMO
from bot.play import Stage
from bot.script import EFFECT, NotOffered, ScriptError

SCRIPTS = sorted(Path(__file__).parent.glob("*.md"))


def with_other_phones() -> dict[str, Any]:
    offices: dict[str, dict[str, Any]] = OFFICES_DEMO["offices"]
    return {name: office | {"phone": "010-00000000"} for name, office in offices.items()}


# What each rule amounts to as policy data, and another value for it.
OTHER_RULES: dict[str, dict[str, dict[str, Any]]] = {
    "T1": {"transcript": {"centralized_from": 1990, "combined_from": 2002}},
    "T2": {"transcript": {"price_fen": 700, "free_copies": 2}},
    "T3": {"transcript": {"email_from": "2021-01-01", "email_until": "2021-01-02"}},
    "T4": {"transcript": {"approval_for_enrolled": False}},
    "T5": {"transcript": {"approval_for_graduated": True}},
    "T6": {"transcript": {"preview_before_order": False}},
    "T7": {"transcript": {"download_months": 3}},
    "T10": {"offices": {"offices": with_other_phones()}},
    "E5": {"exam": {"matrix": {}}},
    "R17": {"offices": {"offices": with_other_phones()}},
    "E4": {"exam": {"windows": []}},
    "E6": {
        "exam": {
            "graduation": {
                "appraisal": {"least": 600, "most": 900},
                "review_fee_fen": 2500,
                "order_hours": 72,
            },
            "prior_diploma": {"split_year": 1990},
            "notices": {"graduation": "另一份须知"},
        }
    },
    "E6g": {
        "exam": {
            "graduation": {
                "appraisal": {"least": 200, "most": 800},
                "review_fee_fen": 2500,
                "order_hours": 72,
            }
        }
    },
    "E8": {"exam": {"notices": {"transfer_out": "另一份须知"}}},
    "E9": {
        "exam": {
            "back_entry": {
                "theory_last_month": "1990-12",
                "exemption_last_month": "1990-12",
                "transfer_last_month": "1990-12",
            }
        }
    },
    "E7": {"exam": {"transfer_in": {"remind_evening_at": "18:00", "remind_hours": 5}}},
    "E11": {"exam": {"hotlines": ["400-0000-000"]}},
    "P1": {"photo": {"remind_evening_at": "19:00"}},
    "P2": {"photo": {"code_ways": ["web"]}},
    "P3": {"photo": {"fee_fen": 3000}},
    "P4": {"photo": {"dress": ["formal"]}},
    "P5": {"photo": {"keep_months": 1}},
    "P6": {"photo": {"makeup": {**PHOTO["makeup"], "school_code": "10001", "until": "2026-08-31"}}},
    "P7": {"photo": {"no_photo_warning": False}},
    "R15": {"photo": {"file": {**PHOTO["file"], "width": 358, "height": 441}}},
}

# Rules that no institution chooses by policy, and what a script that cites them has to show.
SHOWN_BY: dict[str, str] = {
    "T8": r"\[(验证真伪|打开验证页|Verify a document|Open the verification page) ↗\]",
    "T9": r"^操作 换到 \S+ wecom$",
    "E10": r"样例（E10）.*（图 1 张）",
    "E1": r"登录只在学校的网页上进行（E1）",
    "E2": r"(准考证|[Ee]xam ticket)[： ]\d{12}",
    "E3": r"(当次成绩|latest session).*E3",
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


def citing(rules: Collection[str]) -> Any:
    """A case for each script with each of these rules that it cites."""
    cases = [(path, rule) for path in SCRIPTS for rule in cited(path.read_text()) if rule in rules]
    ids = [f"{path.stem}-{rule}" for path, rule in cases]
    return pytest.mark.parametrize(("path", "rule"), cases, ids=ids)


@citing(OTHER_RULES)
def test_a_script_that_cites_a_rule_notices_when_the_rule_changes(
    path: Path, rule: str, stage: Callable[..., Stage]
) -> None:
    try:
        played = stage(**OTHER_RULES[rule]).play(path.read_text())
    except ScriptError as error:
        # a button of the script is not offered any more, or what it does is refused
        if not isinstance(error.__cause__, NotOffered | Refused):
            raise
    else:
        assert played != path.read_text()


@citing(SHOWN_BY)
def test_a_script_that_cites_a_rule_without_a_choice_shows_what_it_demands(
    path: Path, rule: str
) -> None:
    assert re.search(SHOWN_BY[rule], path.read_text(), re.MULTILINE)


def test_every_rule_that_is_cited_can_make_its_script_fail() -> None:
    told = {rule for path in SCRIPTS for rule in cited(path.read_text())}
    assert told <= OTHER_RULES.keys() | SHOWN_BY.keys()


def test_every_script_shows_effects_or_a_refusal_and_not_only_words() -> None:
    for path in SCRIPTS:
        script = path.read_text()
        assert " < " in script, f"{path.stem} has not been played"
    assert sum(EFFECT in path.read_text() for path in SCRIPTS) >= len(SCRIPTS) // 2


def test_every_rule_of_the_transcript_notice_is_cited_by_some_script() -> None:
    told = {rule for path in SCRIPTS for rule in cited(path.read_text())}
    assert told >= {f"T{number}" for number in range(1, 11)}


def test_every_rule_of_the_photo_notice_is_cited_by_some_script() -> None:
    told = {rule for path in SCRIPTS for rule in cited(path.read_text())}
    assert told >= {f"P{number}" for number in range(1, 8)} | {"R15"}
