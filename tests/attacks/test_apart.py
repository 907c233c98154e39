"""The same through the process that judges for people: it says the same, and lives on."""

from collections.abc import Iterator

import pytest

from backend.verification.inspector import Processes
from tests.attacks.materials import Materials
from tests.attacks.test_attacks import KINDS, attacked

CHOSEN = (
    "page_appended",
    "another_institution",
    "packed_gigabyte",
    "packed_gigabyte_behind",
    "deep_arrays_behind",
    "many_ranges_behind",
    "many_objects_behind",
    "deep_container",
    "nothing_at_all",
)


@pytest.fixture(scope="module")
def inspector() -> Iterator[Processes]:
    processes = Processes(1)
    yield processes
    processes.close()


@pytest.mark.parametrize("name", CHOSEN)
def test_it_is_refused_apart_too_and_the_next_file_is_judged(
    inspector: Processes, plain: Materials, name: str
) -> None:
    kind = KINDS[name]
    findings = inspector.judge(attacked(kind, plain), kind.question(plain))
    assert findings.verdict.reasons[0].code == kind.reason
    after = inspector.judge(plain.genuine, plain.question)
    assert after.against(plain.issued).verdict.genuine
