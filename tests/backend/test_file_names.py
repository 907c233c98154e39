"""What a file's name says is known, and no number of it is kept."""

import pytest

from backend import file_names
from backend.file_names import NameFacts
from tests.backend.scene import SEALER

GOOD, WRONG = "110101199003070011", "110101199003070012"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (f"{GOOD}.jpg", "id_number"),
        (f"{WRONG}.JPG", "id_number"),
        ("11010119900307001x.jpeg", "id_number"),
        ("20231800000001.jpg", "student_number"),
        ("K00000001.jpg", "student_number"),
        ("photo.jpg", "platform"),
        ("mmexport1700000000000.jpg", "platform"),
        ("IMG_2024.JPG", "platform"),
        ("微信图片_20240101.jpg", "platform"),
        ("Screenshot_2026-03-02-10-10-10_com.tencent.mm.jpg", "platform"),
        ("DSC_0012 副本.jpg", "platform"),
        ("照片张三.jpg", "other"),
        ("林若溪.jpg", "other"),
        (f"{GOOD}林若溪.jpg", "other"),
        ("", "other"),
    ],
)
def test_what_a_name_is(name: str, kind: str) -> None:
    assert file_names.facts(name, SEALER).kind == kind


def test_an_id_number_is_found_again_by_its_index_and_never_kept() -> None:
    facts = file_names.facts(f"C:\\photos\\{GOOD}.jpg", SEALER)
    assert facts == NameFacts("id_number", True, SEALER.index(GOOD))
    assert GOOD not in str(facts.to_json())
    assert not file_names.facts(f"{WRONG}.jpg", SEALER).valid_check_digit
    assert NameFacts.from_json(facts.to_json()) == facts


def test_without_a_key_there_is_no_index() -> None:
    assert file_names.facts(f"{GOOD}.jpg", None).index == ""
