"""The utterances keep the contract between what is meant (nlu) and what is done about it (dialogs)."""

import re
from collections import Counter
from pathlib import Path

import pytest

from nlu.entities.extractor import EntityExtractor
from nlu.interpreter import OUT_OF_SCOPE
from nlu.learnt import Copies, letters
from nlu.training_data import ENTITY_TEST_FOLDER, TEST_FOLDER, TRAINING_FOLDER, annotated, read

_IMPORTANT = """
apply_transcript transcript_status download_transcript verify_document my_applications my_orders
pay_order affirm deny cancel go_back change_answer ask_human help greet goodbye thank
switch_language staff_inbox ask_rule
"""
_OTHERS = """
bind_account unbind_account export_my_data delete_my_data switch_exam_ticket open_services
request_refund request_invoice get_photo_code photo_schedule check_photo registration_status
update_origin_place change_personal_data degree_status fill_degree_data apply_exemption
exemption_status exam_scores apply_exam_graduation exam_graduation_status transfer_in_status
apply_transfer_out transfer_out_status backfill_scores credential_samples publish_policy withdraw_application
absence exam_checklist review_statistics revoke_approval share_transcript my_shares stop_share ledger_report my_refunds my_invoices
price_list grant_waiver reconciliation
"""
_ENTITIES = """
language gpa coverage course credential_type exam_ticket order_number application_number phone
province origin_place major unit date year_month reason
"""
IMPORTANT, OTHERS, ENTITIES = (set(names.split()) for names in (_IMPORTANT, _OTHERS, _ENTITIES))


def test_every_service_can_be_asked_for_in_many_ways() -> None:
    counts = Counter(utterance.intent for utterance in read())
    assert set(counts) == IMPORTANT | OTHERS | {OUT_OF_SCOPE}
    assert {name: counts[name] for name in IMPORTANT if counts[name] < 60} == {}
    assert {name: counts[name] for name in OTHERS if counts[name] < 60} == {}
    assert counts[OUT_OF_SCOPE] >= 2000


def test_every_service_is_measured_on_words_of_its_own() -> None:
    counts = Counter(utterance.intent for utterance in read(TEST_FOLDER))
    assert {name: counts[name] for name in IMPORTANT if counts[name] < 20} == {}
    assert {name: counts[name] for name in OTHERS if counts[name] < 20} == {}
    assert counts[OUT_OF_SCOPE] >= 300


def test_no_measured_utterance_was_learnt_by_heart() -> None:
    learnt = Copies(read())
    measured = [*read(TEST_FOLDER), *read(ENTITY_TEST_FOLDER)]
    copies = [(one.text, copy) for one in measured if (copy := learnt.of(one.text))]
    assert copies == []


def test_the_same_words_never_mean_two_things() -> None:
    meanings: dict[str, set[str]] = {}
    for utterance in [*read(), *read(TEST_FOLDER)]:
        meanings.setdefault(letters(utterance.text), set()).add(utterance.intent)
    meanings.pop("", None)  # lone punctuation
    assert {words: names for words, names in meanings.items() if len(names) > 1} == {}


def test_a_fifth_of_the_words_is_for_people_who_write_english() -> None:
    utterances = [u for u in read() if u.intent != OUT_OF_SCOPE]
    english = [u for u in utterances if re.search("[A-Za-z]{3}", u.text)]
    assert len(english) / len(utterances) >= 0.2


def test_most_annotated_entities_are_found_by_the_grammar(extractor: EntityExtractor) -> None:
    wanted = found = 0
    for utterance in read():
        assert {entity.entity for entity in utterance.entities} <= ENTITIES
        wanted += len(utterance.entities)
        found += len(set(utterance.entities) & set(extractor.extract(utterance.text)))
    assert found / wanted >= 0.85


def test_annotations_in_every_form_rasa_allows_are_understood() -> None:
    utterance = annotated(
        '要[英文](language:en)和[中文]{"entity": "language", "value": "zh"}的[软件所](unit)', "x"
    )
    assert utterance.text == "要英文和中文的软件所"
    assert [(e.entity, e.value, e.start, e.end) for e in utterance.entities] == [
        ("language", "en", 1, 3),
        ("language", "zh", 4, 6),
        ("unit", "软件所", 7, 10),
    ]


@pytest.mark.parametrize(
    "content",
    ["[]", "version: '2.0'\nnlu: []", "version: '3.1'\nnlu:\n- intent: x\n  examples: |\n    hi"],
)
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "broken.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.yml"):
        read(tmp_path)


def test_the_data_ship_with_the_package() -> None:
    assert {path.name for path in TRAINING_FOLDER.glob("*.yml")} >= {
        "transcript.yml",
        "out_of_scope.yml",
    }
