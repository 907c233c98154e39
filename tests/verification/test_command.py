"""``registrar verify`` on another machine and on ours: what it calls genuine can be relied on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.documents import demo_ca
from backend.documents.materials import SigningKey
from bot.cli import main
from bot.schemas import FOLDER
from tests.documents.samples import ISSUE

Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Where nothing is installed but the program."""
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    monkeypatch.setenv("REGISTRAR_DATA", str(tmp_path / "empty" / "data"))

    def verify(pdf: bytes, *words: str | Path | None) -> tuple[int, dict[str, Any]]:
        path = tmp_path / "a.pdf"
        path.write_bytes(pdf)
        status = main(["verify", str(path), *(str(one) for one in words)])
        return status, json.loads(capsys.readouterr().out)

    return verify


def first(found: dict[str, Any]) -> str:
    code: str = found["reasons"][0]["code"]
    return code


def test_whoever_names_no_certificate_is_told_nothing(run: Run, signed: bytes) -> None:
    status, found = run(signed)
    assert (status, first(found), found["genuine"]) == (1, "no_roots", False)


def test_with_the_issuers_certificate_a_file_is_genuine_elsewhere_too(
    run: Run, signed: bytes, signing_key: SigningKey
) -> None:
    named = ("--trust", signing_key.chain, "--signer", signing_key.certificate)
    status, found = run(signed, *named)
    # The key of the tests is dated like the sample, whenever they run.
    assert first(found) in ("genuine", "certificate_expired")
    assert status == (0 if found["genuine"] else 1)
    assert found["code"] == ISSUE.code
    status, found = run(signed + b" ", *named)
    assert (status, first(found)) == (1, "appended")


def test_a_root_alone_does_not_say_who_issued_a_file(
    run: Run, signed: bytes, signing_key: SigningKey
) -> None:
    status, found = run(signed, "--trust", signing_key.chain)
    assert (status, first(found), found["genuine"]) == (1, "signature_only", False)
    assert "signer" not in found


def test_the_certificate_of_somebody_else_makes_it_foreign(
    run: Run, signed: bytes, tmp_path: Path
) -> None:
    other = demo_ca.demo_signing_key(tmp_path / "o", "某大学")
    status, found = run(signed, "--trust", other.chain, "--signer", other.certificate)
    assert (status, first(found)) == (1, "foreign")


def test_the_whole_report_has_the_published_form(
    run: Run, signed: bytes, signing_key: SigningKey
) -> None:
    schema = json.loads((FOLDER / "verification-report-1.json").read_bytes())
    named = ("--report", "--trust", signing_key.chain, "--signer", signing_key.certificate)
    for pdf in (signed, signed + b"x", b"%PDF-", b""):
        _, found = run(pdf, *named)
        Draft202012Validator(schema).validate(found)


def test_a_file_that_is_not_there_is_said_to_be(
    run: Run, signed: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(tmp_path / "none.pdf"), "--report"]) == 1
    assert json.loads(capsys.readouterr().out)["reasons"][0]["code"] == "no_file"


def test_whoever_upgraded_and_verifies_at_once_is_told_what_to_do_first(
    run: Run, signed: bytes, signing_key: SigningKey, tmp_path: Path
) -> None:
    data = tmp_path / "empty" / "data"
    data.mkdir()
    (data / "registrar.db").touch()  # tables of an earlier release hold no certificates
    named = ("--trust", signing_key.chain, "--signer", signing_key.certificate)
    status, found = run(signed, *named)
    assert (status, first(found), found["genuine"]) == (1, "no_record", False)
    assert "registrar setup" in found["reasons"][0]["zh"]
