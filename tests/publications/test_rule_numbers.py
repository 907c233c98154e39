"""A clause may stand under a part of a rule, however its number is typed."""

import pytest

from dialogs.engine.turn import Meant, Said
from dialogs.publications.clauses import rule_slot


@pytest.mark.parametrize(("typed", "number"), [("t2", "T2"), ("E5a", "E5a"), ("e5A ", "E5a")])
def test_staff_can_file_a_clause_under_a_part_of_a_rule(typed: str, number: str) -> None:
    slot = rule_slot("rule")
    stored = slot.read(Said(typed, Meant("", 0.0, ())))
    assert stored is not None
    assert slot.parse(stored) == number
