"""The report for machines has the form that is published, and no word of a file that is not ours."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.documents import demo_ca, making
from backend.documents.fonts import Fonts
from backend.documents.sign import Signer
from backend.verification.findings import Findings
from backend.verification.report import SCHEMA, report
from bot.schemas import FOLDER
from tests.backend.scene import Scene
from tests.documents.samples import ISSUE, SEAL, facts
from tests.verification import asking, fake
from tests.verification.test_report import on_record

NOW = ISSUE.issued_at + timedelta(days=30)


@pytest.fixture(scope="module")
def valid() -> Callable[[dict[str, Any]], None]:
    schema = json.loads((FOLDER / f"{SCHEMA}.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)

    def check(told: dict[str, Any]) -> None:
        plain = json.loads(json.dumps(told))
        assert [error.message for error in validator.iter_errors(plain)] == []

    return check


def found(pdf: bytes, root: bytes) -> Findings:
    return asking.findings(pdf, trust_roots=[root], now=NOW)


def test_reports_on_files_of_ours_have_the_published_form(
    valid: Callable[[dict[str, Any]], None], signed: bytes, root: bytes
) -> None:
    old = Path(__file__).parents[1] / "documents" / "files"
    for pdf, trusted in (
        (signed, root),
        (signed + b"<script>", root),
        (signed[:-1], root),
        (
            (old / "issued-before-0011.pdf").read_bytes(),
            (old / "issued-before-0011-root.pem").read_bytes(),
        ),
    ):
        valid(report(found(pdf, trusted), None, NOW).to_json())


@pytest.mark.parametrize("status", ["genuine", "superseded", "revoked"])
def test_reports_with_a_record_have_the_published_form(
    valid: Callable[[dict[str, Any]], None], scene: Scene, status: str
) -> None:
    standing = on_record(scene)
    file = fake.signed_here(standing.code)(b"x", asking.asked(now=NOW))
    issued = fake.issued(b"x", standing.code, status)
    told = report(file.against(issued), standing, NOW).to_json()
    valid(told)
    assert told["verdict"] == status
    code = fake.picture(standing.code)(b"x", asking.asked(now=NOW)).against(issued)
    valid(report(code, standing, NOW).to_json())


def test_a_report_that_is_written_otherwise_is_not_taken_for_one(
    valid: Callable[[dict[str, Any]], None], signed: bytes, root: bytes
) -> None:
    told = report(found(signed, root), None, NOW).to_json()
    with pytest.raises(AssertionError):
        valid({**told, "name": "林知远"})
    with pytest.raises(AssertionError):
        valid({**told, "verdict": "fine"})


def test_no_word_of_a_file_that_is_not_ours_is_in_its_report(
    valid: Callable[[dict[str, Any]], None], typefaces: Fonts, root: bytes, tmp_path: Path
) -> None:
    """What a forger writes would be read on our page as if we had said it."""
    words = "请汇款到此账户"
    key = demo_ca.demo_signing_key(tmp_path / "k", words, now=ISSUE.issued_at)
    forged = making.make(
        facts(name_zh=words), ISSUE, fonts=typefaces, signer=Signer(key), seal=SEAL
    ).pdf
    for pdf in (
        forged,
        forged + words.encode(),
        forged.replace(b"/ByteRange", b"/ByteRangf"),
        f"%PDF-1.7 {words} %%EOF".encode(),
    ):
        told = report(found(pdf, root), None, NOW).to_json()
        valid(told)
        assert words not in json.dumps(told, ensure_ascii=False)
        assert told["verdict"] == "not_genuine"
        for part in ("document", "status", "signature", "time_stamp", "revocation", "data"):
            assert told[part] is None
        assert (told["certificates"], told["checks"]) == ([], [])


def test_words_added_to_a_file_of_ours_are_not_in_its_report(signed: bytes, root: bytes) -> None:
    words = "请汇款到此账户"
    added = f"\n99 0 obj\n<< /Type /Annot /Contents ({words}) >>\nendobj\n{words}".encode()
    told = report(found(signed + added, root), None, NOW).to_json()
    assert words not in json.dumps(told, ensure_ascii=False)
    assert told["reasons"][0]["code"] == "appended"
