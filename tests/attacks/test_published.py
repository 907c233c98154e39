"""Every class of attack that was published is in the corpus, and every reason is given to some attack."""

import pytest

from backend.documents.materials import Level
from backend.documents.verdict_texts import ADDITIONS, REASONS
from tests.attacks.test_attacks import KINDS

# Class by class, with those of our kinds that carry it out.
PUBLISHED = {
    # Mladenov, Mainka, Meyer zu Selhausen, Grothe, Schwenk: 1 Trillion Dollar Refund, CCS 2019
    "universal forgery: no range": {"range_blank", "range_null", "range_renamed"},
    "universal forgery: false range": {"range_of_zeros", "range_negative", "range_overlaps"},
    "universal forgery: no contents": {"contents_renamed", "contents_null", "contents_empty"},
    "universal forgery: false contents": {"contents_of_zeros", "contents_of_another_type"},
    "incremental saving: with a table": {"content_object_overwritten", "page_appended"},
    "incremental saving: without a table": {"objects_without_a_table"},
    "incremental saving: own table and trailer": {"shown_from_a_second_catalog"},
    "incremental saving: copied signature": {"signature_repeated"},
    "signature wrapping: second part moved": {"objects_in_the_gap"},
    "signature wrapping: own table": {"table_in_the_gap"},
    "signature wrapping: within the signature's place": {"objects_in_the_hole"},
    # Mainka, Mladenov, Rohlmann: Shadow Attacks, NDSS 2021
    "shadow: hide": {"hidden_under_a_picture"},
    "shadow: replace": {"replaced_under_a_form", "font_exchanged"},
    "shadow: hide and replace": {"hidden_and_replaced", "shown_from_a_second_catalog"},
    # Rohlmann, Mladenov, Mainka, Schwenk: Breaking the Specification, S&P 2021
    "certification: evil annotation": {"text_over_a_score", "stamp_over_a_score"},
    "certification: sneaky signature": {"signature_over_a_score"},
    "certification: permissions": {"forms_may_be_filled", "annotations_may_be_added"},
    # Mueller, Ising, Mladenov, Mainka, Schinzel, Schwenk: Processing Dangerous Paths, NDSS 2021
    "denial of service: endless tables": {"tables_in_a_circle", "page_tree_in_a_circle_behind"},
    "denial of service: packed": {"packed_gigabyte", "packed_gigabyte_behind"},
    "scripts": {"script_on_opening", "script_on_a_page"},
}
ELSEWHERE = {
    "genuine",
    "signature_only",  # nothing is on record at all: registrar verify
    "not_whole_file",  # a generic word for those that say what it is
    "unreadable",
    "several_signatures",
    "too_costly",  # the bounds of the inspector's process
    "picture_only",  # and other paper: test_pictures
    "no_qr",
    "several_qr",
    "foreign_qr",
    "qr_unknown_code",
    "not_checked",
}


@pytest.mark.parametrize("attack", PUBLISHED)
def test_it_is_tried_here(attack: str) -> None:
    assert PUBLISHED[attack] <= KINDS.keys()


def test_every_reason_that_an_attack_can_meet_is_met() -> None:
    met = {one.reason for one in KINDS.values()}
    assert met | ELSEWHERE >= REASONS.keys()
    assert met <= REASONS.keys()


def test_everything_that_can_be_added_was_added() -> None:
    added = frozenset().union(*(one.details for one in KINDS.values()))
    assert added == ADDITIONS.keys()


@pytest.mark.parametrize("level", [Level.B_B, Level.B_LT, Level.B_LTA])
def test_every_level_meets_the_attacks_on_all(level: Level) -> None:
    assert sum(level in one.levels for one in KINDS.values()) >= 90
