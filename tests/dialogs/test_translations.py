"""Both languages say the same things, completely, and the catalogue keeps up with the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dialogs.engine.words import Words
from tools import translations

SENTENCES = translations.said()
ENGLISH = {
    msgid: str(message.string)
    for msgid, message in translations.messages(translations.catalog("en")).items()
}
CHINESE = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
LONGEST = 160  # characters of a Chinese message; more is not read on a phone

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8"

msgid "好的"
msgstr "All right"

# Asked of the translators: is this too formal?
#, fuzzy
msgid "您好"
msgstr "Good day"

msgid "没人再说的话"
msgstr "Nobody says this any more"
"""
CODE = """
from dialogs.engine.words import _

def talk():
    return _("好的"), _("您好"), _("还剩 {count} 份", count=_("没有"))
"""


# --- the catalogue --------------------------------------------------------------------------


def test_an_english_reader_never_meets_an_untranslated_sentence() -> None:
    assert list(translations.problems("en", SENTENCES)) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sentence_can_be_said_with_its_parameters(language: str) -> None:
    for msgid in SENTENCES:
        names = translations.parameters(msgid)
        said = Words(msgid, {name: f"<{name}>" for name in names}).into(language)
        assert all(f"<{name}>" in said for name in names), msgid
        assert not re.search(r"[{}]", said), msgid


def test_no_english_sentence_has_chinese_words_or_marks_in_it() -> None:
    assert [text for text in ENGLISH.values() if CHINESE.search(text)] == []


def test_every_chinese_sentence_is_short_enough_to_be_read_on_a_phone() -> None:
    assert [msgid for msgid in SENTENCES if len(msgid) > LONGEST] == []


def test_sentences_end_with_a_full_stop_and_labels_do_not_in_both_languages() -> None:
    assert {
        msgid: text for msgid, text in ENGLISH.items() if msgid.endswith("。") != text.endswith(".")
    } == {}


# --- the code -------------------------------------------------------------------------------


def code() -> Iterator[tuple[str, ast.AST]]:
    for folder in translations.SOURCES:
        for path in sorted((translations.ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                yield f"{path.relative_to(translations.ROOT)}:{getattr(node, 'lineno', 0)}", node


def is_call_of(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def test_every_sentence_is_written_out_where_it_is_said_so_that_it_can_be_translated() -> None:
    built = [
        place
        for place, node in code()
        if is_call_of(node, "_")
        and isinstance(node, ast.Call)
        and not (node.args and isinstance(node.args[0], ast.Constant))
    ]
    assert built == []


def test_no_sentence_is_glued_together_from_translated_pieces() -> None:
    """Word order differs between languages: pieces go into a sentence as parameters."""
    glued = [
        place
        for place, node in code()
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Add | ast.Mod)
        and any(
            is_call_of(side, "_")
            or (
                isinstance(side, ast.Call)
                and isinstance(side.func, ast.Attribute)
                and side.func.attr == "into"
            )
            for side in (node.left, node.right)
        )
    ]
    assert glued == []


# --- the tool -------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue with one good, one doubtful and one vanished sentence; the code says two more."""
    locales = tmp_path / "dialogs" / "locales"
    locales.mkdir(parents=True)
    (tmp_path / "dialogs" / "talk.py").write_text(CODE)
    (locales / "en.po").write_text(CATALOGUE)
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "LOCALES", locales)
    return locales / "en.po"


def test_check_names_everything_a_translator_has_to_do(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert translations.main(["check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "en: fuzzy: 您好",
        "en: missing: 还剩 {count} 份",
        "en: missing: 没有",
        "en: vanished: 没人再说的话",
    ]


def test_update_keeps_translations_and_notes_and_tells_what_it_removes(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert translations.main(["update"]) == 0
    assert capsys.readouterr().out == "en: removed: 没人再说的话 | Nobody says this any more\n"
    there = translations.messages(translations.catalog("en"))
    assert {msgid: message.string for msgid, message in there.items()} == {
        "好的": "All right",
        "您好": "Good day",
        "还剩 {count} 份": "",
        "没有": "",
    }
    assert there["您好"].fuzzy
    assert there["您好"].user_comments == ["Asked of the translators: is this too formal?"]


def test_a_second_update_changes_nothing_so_that_reviews_stay_short(checkout: Path) -> None:
    translations.main(["update"])
    once = checkout.read_bytes()
    translations.main(["update"])
    assert checkout.read_bytes() == once


@pytest.mark.parametrize(
    ("translation", "named"),
    [
        ("Left: {number}", "parameters (count, number)"),
        ("Left", "parameters (count)"),
        ("Left: {count", "braces"),
    ],
)
def test_check_names_a_translation_that_would_fail_when_it_is_said(
    checkout: Path, capsys: pytest.CaptureFixture[str], translation: str, named: str
) -> None:
    checkout.write_text(
        f'{CATALOGUE}\nmsgid "还剩 {{count}} 份"\nmsgstr "{translation}"\n', encoding="utf-8"
    )
    assert translations.main(["check"]) == 1
    assert named in capsys.readouterr().out


def test_check_is_content_with_the_catalogue_that_is_shipped() -> None:
    assert translations.main(["check"]) == 0
