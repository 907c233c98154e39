"""No file made from a true one, in any way known, is ever called genuine; and it is told why."""

import gc
import time

import pytest

from backend.documents.materials import Level
from backend.documents.verdict import Outcome
from backend.verification import judge
from backend.verification.findings import Findings
from tests.attacks import (
    annotations,
    bombs,
    impostors,
    mazes,
    mistakes,
    removal,
    rewriting,
    shadow,
    stamps,
    updates,
    wrapping,
)
from tests.attacks.corpus import KINDS, Kind
from tests.attacks.materials import LEVELS, Materials
from tests.attacks.rewriting import Missing

FAMILIES = (
    annotations,
    bombs,
    impostors,
    mazes,
    mistakes,
    removal,
    rewriting,
    shadow,
    stamps,
    updates,
    wrapping,
)

EVERY = [
    pytest.param(level, name, id=f"{level}-{name}")
    for level in LEVELS
    for name, kind in KINDS.items()
    if level in kind.levels
]


def attacked(kind: Kind, materials: Materials) -> bytes:
    """Made once for each level. Skips by name what it cannot be made with here."""
    if kind.name not in materials.made:
        try:
            materials.made[kind.name] = kind.made(materials)
        except Missing as missing:
            pytest.skip(f"{missing} is not installed")
    return materials.made[kind.name]


def found(kind: Kind, materials: Materials, data: bytes) -> Findings:
    findings = judge.judge(data, kind.question(materials))
    return findings.against(kind.record(materials, data), of_another=kind.elsewhere)


def test_the_unchanged_file_is_genuine(materials: Materials) -> None:
    """Otherwise nothing below would mean anything."""
    findings = judge.judge(materials.genuine, materials.question).against(materials.issued)
    assert [one.code for one in findings.verdict.reasons] == ["genuine"]
    assert findings.verdict.outcome is Outcome.GENUINE


@pytest.mark.parametrize(("materials", "name"), EVERY, indirect=["materials"])
def test_it_is_refused_for_the_right_reason(materials: Materials, name: str) -> None:
    kind = KINDS[name]
    data = attacked(kind, materials)
    verdict = found(kind, materials, data).verdict
    assert not verdict.genuine
    assert verdict.outcome is not Outcome.GENUINE
    assert verdict.reasons[0].code == kind.reason
    assert kind.details <= {one.kind for one in verdict.additions}


@pytest.mark.parametrize("name", [name for name in KINDS if Level.B_B in KINDS[name].levels])
def test_no_attack_takes_a_second_of_the_processor(plain: Materials, name: str) -> None:
    kind = KINDS[name]
    data = attacked(kind, plain)
    gc.freeze()  # as the process that judges: what the tests hold is not its work
    try:
        began = time.process_time()
        found(kind, plain, data)
        assert time.process_time() - began < 1
    finally:
        gc.unfreeze()


def test_there_are_as_many_kinds_as_are_known() -> None:
    assert FAMILIES
    assert len(KINDS) >= 46
