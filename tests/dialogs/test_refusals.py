"""Every refusal can happen, has a sentence in both languages, and has been shown to somebody."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from backend import offers
from backend.errors import Refused
from backend.fees.fee import Fee
from backend.goods import GOODS
from backend.policy.entries import NotSet
from backend.policy.transcript import TranscriptPolicy
from dialogs import refusals
from dialogs.invoices import refusals as invoices
from tests.dialogs.conftest import Chatter
from tools import translations

ROOT = Path(__file__).parents[2]
Make = Callable[..., Chatter]
OTHERWISE = next(one.default for one in fields(Fee) if one.name == "unset")
ITS_OWN = {"already_handled"}  # its sentence names who was faster
ENGLISH = translations.messages(translations.catalog("en"))


def trees() -> Iterator[ast.AST]:
    for folder in ("backend", "bot", "dialogs"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.name != "refusals.py":
                yield ast.parse(path.read_text())


def raised() -> set[str]:
    """The codes that the code refuses with, be they written there, chosen before, or a fee's."""
    found = {goods.fee.unset for goods in GOODS.values()} | {OTHERWISE}
    for tree in trees():
        words = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            code = node.args[0] if node.args else None
            if name not in ("Refused", "super().__init__") or code is None:
                continue
            if isinstance(code, ast.Constant):
                if name == "Refused" or code.value in refusals.SENTENCES:
                    found.add(str(code.value))
            elif name == "Refused":
                found |= words & refusals.SENTENCES.keys()
    return found


class AnyFacts(dict[str, object]):
    """Whatever a sentence asks for."""

    def __missing__(self, name: str) -> object:
        known = {
            "until": "2026-04-02T15:59:00+00:00",
            "since": "2026-03-02",
            "entry": "gpa",
            "reason": "unused",  # of a refund
            "day": "2026-03-02",
            "state": "paid",  # of an order
            "order_fen": 500,
            "held_fen": 300,
            "why": "length",  # of what is wrong with a title or a tax number
        }
        return known.get(name, f"<{name}>")


def shown_by_scripts(msgid: str) -> bool:
    """Whether somebody is told this sentence, in either language."""
    pieces = [msgid, str(ENGLISH[msgid].string)]
    told = [
        re.compile(".+".join(map(re.escape, re.split(r"\{\w+\}", pattern)))) for pattern in pieces
    ]
    return any(one.search(line) for one in told for line in SAID)


SAID = [
    line
    for path in sorted((ROOT / "tests" / "conversations").glob("*.md"))
    for line in path.read_text().splitlines()
    if " < " in line
]
TESTS = "".join(
    path.read_text()
    for path in sorted((ROOT / "tests").rglob("test_*.py"))
    if "peers" not in path.parts and path != Path(__file__)
)


def test_every_refusal_has_a_sentence_and_every_sentence_belongs_to_a_refusal() -> None:
    assert raised() - ITS_OWN == set(refusals.SENTENCES)


@pytest.mark.parametrize("code", sorted(refusals.SENTENCES))
def test_a_refusal_has_been_met_by_somebody_in_a_script_or_a_test(code: str) -> None:
    words = refusals.SENTENCES[code](AnyFacts())
    begins = re.split(r"[，。；：{]", words.msgid)[0]
    tested = f'"{code}"' in TESTS or (len(begins) > 5 and begins in TESTS)
    assert shown_by_scripts(words.msgid) or tested


@pytest.mark.parametrize("code", sorted(refusals.SENTENCES))
def test_a_refusal_says_what_is_the_matter_in_both_languages(code: str) -> None:
    words = refusals.SENTENCES[code](AnyFacts())
    for language in ("zh", "en"):
        assert not re.search(r"[{}]", words.into(language))


def test_what_helps_after_a_refusal_exists() -> None:
    from dialogs.catalog import DIALOGS  # noqa: PLC0415 - importing it takes a while

    assert set(refusals.NEXT) <= set(refusals.SENTENCES)
    assert {dialog for _label, dialog in refusals.NEXT.values()} <= DIALOGS.keys()


def undecided() -> list[NotSet]:
    """What is refused while the institution has set nothing but what the notice gives."""
    from backend.policy.notices import TRANSCRIPT  # noqa: PLC0415

    policy = TranscriptPolicy.model_validate(TRANSCRIPT)
    found = []
    for name, method in vars(TranscriptPolicy).items():
        if callable(method) and not name.startswith("_") and name not in ("check",):
            with pytest.raises(NotSet) as refused:
                method(policy)
            found.append(refused.value)
    fee = offers.FEE
    return [*found, NotSet(fee.hours, fee.hours_rule, fee.office)]


def test_what_is_not_set_is_called_by_its_name_with_the_clause_that_needs_it(
    chatter: Make,
) -> None:
    work = chatter().work
    said = {
        str(one.facts["entry"]): (
            refusals.sentence(work, one).into("zh"),
            refusals.sentence(work, one).into("en"),
        )
        for one in undecided()
    }
    assert set(said) == {"order_hours", "gpa"}
    of_orders = {goods.fee.hours.split(".")[-1] for goods in GOODS.values()}
    assert set(said) | of_orders | invoices.NOT_SET.keys() == set(refusals.NOT_SET)
    assert "“订单有效小时”" in said["order_hours"][0]
    assert "（依据 T6）" in said["order_hours"][0]
    assert "“GPA 算法”" in said["gpa"][0]
    assert "（依据 T2）" in said["gpa"][0]
    assert "“GPA formula”" in said["gpa"][1]
    assert all("010-69671080" in sentence for pair in said.values() for sentence in pair)


def test_missing_grades_lead_to_the_office_for_contents(chatter: Make) -> None:
    refused = Refused("no_grades", "T10", office="academic_affairs")
    said = refusals.sentence(chatter().work, refused).into("zh")
    assert "（依据 T10）" in said
    assert "教务部" in said
