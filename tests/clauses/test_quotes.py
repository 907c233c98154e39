"""What is quoted to people stands in the documents, word for word."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.policy.notices import OFFICES
from dialogs.catalog import DIALOGS

FOLDER = Path(__file__).parents[2] / "backend" / "clauses"
FILES = sorted(FOLDER.glob("*.yml"))
RULES = {"T": 10, "R": 17, "D": 12, "E": 11, "P": 7}


@cache
def document(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def clauses() -> list[dict[str, Any]]:
    return [clause for path in FILES for clause in document(path)["clauses"]]


def without_spaces(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_quote_stands_in_its_document(path: Path) -> None:
    source = FOLDER / "documents" / document(path)["document"]["source"]
    text = without_spaces(source.read_text(encoding="utf-8"))
    invented = [
        (clause["id"], quote)
        for clause in document(path)["clauses"]
        for quote in clause["quotes"]
        if without_spaces(quote) not in text
    ]
    assert invented == []


def test_every_rule_can_be_asked_about_in_both_languages() -> None:
    ruled = {re.findall(r"^[A-Z]\d+", clause["rule"])[0] for clause in clauses()}
    assert ruled == {f"{part}{n}" for part, most in RULES.items() for n in range(1, most + 1)}
    for clause in clauses():
        assert clause["quotes"], clause["id"]
        for said in ("en", "fact", "fact_en", "asked"):
            assert clause[said], (clause["id"], said)


def test_clauses_name_only_what_there_is() -> None:
    ids = [clause["id"] for clause in clauses()]
    assert len(ids) == len(set(ids))
    for clause in clauses():
        assert set(clause["conflicts"]) <= set(ids), clause["id"]
        assert not clause["dialog"] or clause["dialog"] in DIALOGS, clause["id"]
        assert not clause["office"] or clause["office"] in OFFICES["offices"], clause["id"]


def test_what_is_measured_was_not_learnt_by_heart_and_has_its_clause() -> None:
    ids = {clause["id"] for clause in clauses()}
    asked = {without_spaces(one) for clause in clauses() for one in clause["asked"]}
    for path in sorted(Path(__file__).parent.glob("*-test.yml")):
        for one in yaml.safe_load(path.read_text(encoding="utf-8")):
            assert set(one["ids"]) <= ids, one
            assert without_spaces(one["q"]) not in asked, one
