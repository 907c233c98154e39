"""A tax number that was miscopied is noticed before finance has to send it back; a right one passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import Refused
from backend.invoices import tax_numbers
from backend.invoices.tax_numbers import ALPHABET, check_character, checked
from backend.registry import id_numbers

# Published ones, of organizations that everybody knows, and the example of the standard itself.
KNOWN = (
    "91350100M000100Y43",
    "9144030071526726XG",
    "91440300708461136T",
    "91330100799655058B",
    "91110000802100433B",
)
CODES = st.builds(
    lambda first, area, rest: f"{first}{area:06}{rest}",
    st.sampled_from([a + b for a in "159A" for b in "1239"]),
    st.integers(110000, 659999),
    st.text(ALPHABET, min_size=9, max_size=9),
).map(lambda first: first + check_character(first))


def why(typed: str) -> str:
    with pytest.raises(Refused) as refused:
        checked(typed)
    assert refused.value.code == "bad_tax_number"
    return str(refused.value.facts["why"])


@pytest.mark.parametrize("number", KNOWN)
def test_the_numbers_of_known_organizations_pass(number: str) -> None:
    assert checked(number).number == number
    assert not checked(number).old


@pytest.mark.parametrize(
    "typed",
    [
        "91350100m000100y43",
        " 9135 0100 M000 100Y 43 ",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        "91350100-M000100Y4-3",
        "91350100\u200bM000100Y43",
    ],
)
def test_however_it_is_typed_it_is_the_same_number(typed: str) -> None:
    assert checked(typed).number == "91350100M000100Y43"


@given(CODES)
def test_every_number_that_the_standard_makes_passes(number: str) -> None:
    if id_numbers.valid(number):  # eighteen digits with a day of birth in the middle
        assert why(number) == "id_number"
    else:
        assert checked(number).number == number


@given(CODES, st.integers(8, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(number: str, place: int, other: str) -> None:
    wrong = number[:place] + other + number[place + 1 :]
    if wrong != number:
        assert why(wrong) in ("check", "id_number")


@given(CODES, st.integers(8, 15))
def test_two_neighbours_that_changed_places_are_noticed(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        assert why(swapped) in ("check", "id_number")


@given(st.text(max_size=300))
def test_whatever_is_typed_is_a_number_or_is_refused(typed: str) -> None:
    try:
        found = checked(typed)
    except Refused:
        return
    assert len(found.number) in (15, 18)
    assert found.number.isascii()


def test_what_is_wrong_is_told_apart() -> None:
    assert why("9135010") == "length"
    assert why("91350100M0001OOY43") == "letters"
    assert why("91350100M000100Y44") == "check"
    assert why("00350100M000100Y43") == "form"
    assert why("11010519491231002X") == "id_number"
    assert why("1101051949123100212") == "length"
    assert why("12345678901234567") == "sole_trader"
    assert why("11010519491231002X01") == "sole_trader"


def test_an_old_number_passes_as_such_when_its_organization_code_is_right() -> None:
    assert checked("110108717743469").old
    assert why("110108717743468") == "check"
    assert why("ABCDEF717743469") == "form"


def test_a_number_is_found_beside_the_title() -> None:
    words = "某某（北京）有限公司，税号：９１３５０１００Ｍ０００１００Ｙ４３"
    assert tax_numbers.found_in(words) == "91350100M000100Y43"
    assert tax_numbers.without(words) == "某某（北京）有限公司，税号： "
    assert tax_numbers.found_in("某某有限公司 2026 年成立") is None
