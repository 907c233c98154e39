"""What is said of a file, and of one that is compared with the record of issue."""

import json
import pickle
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backend.documents.verdict import Outcome, Verdict, addition, appended, reason
from backend.documents.verdict_texts import ADDITIONS, REASONS
from backend.verification.findings import Findings, Question
from backend.verification.inspector import Away, Inspector
from tests.verification import fake

FILE, CODE = b"%PDF-1.7 issued", fake.CODE
QUESTION = Question((), (), (), "https://x.cn", datetime(2026, 3, 3, tzinfo=UTC), None)
HOLE = re.compile(r"{(\w+)}")


def codes(found: Findings) -> list[str]:
    return [one.code for one in found.verdict.reasons]


def judged(data: bytes, finding: fake.Finding) -> Findings:
    return fake.FakeInspector({data: finding}).judge(data, QUESTION)


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_is_said_in_both_languages_with_the_same_facts(code: str) -> None:
    zh, en = REASONS[code]
    assert re.search("[\u4e00-\u9fff]", zh)
    assert zh.endswith("。")
    assert en.isascii()
    assert en.endswith(".")
    assert set(HOLE.findall(zh)) == set(HOLE.findall(en))
    said = reason(code, **dict.fromkeys(HOLE.findall(zh), "x"))
    assert "{" not in said.zh + said.en


@pytest.mark.parametrize("kind", ADDITIONS)
def test_whoever_added_something_is_told_what_in_both_languages(kind: str) -> None:
    said = appended([addition(kind, 2), addition("script")])
    assert ADDITIONS[kind][0].format(n=2) in said.zh
    assert ADDITIONS[kind][1].format(n=2) in said.en
    assert "脚本" in said.zh


def test_a_fact_is_said_in_the_language_of_the_sentence() -> None:
    said = reason("attachment_differs", where=("总学分", "total credits"))
    assert (said.zh.count("总学分"), said.en.count("total credits")) == (1, 1)


def test_nothing_but_a_whole_file_that_is_on_record_is_called_genuine() -> None:
    every = [Verdict(False, (reason(code, **_any(code)),), "") for code in REASONS]
    assert [one for one in every if one.outcome is Outcome.GENUINE] == []
    kinds = {one.reasons[0].code: one.outcome for one in every}
    assert kinds["superseded"] is Outcome.SUPERSEDED
    assert kinds["revoked"] is Outcome.REVOKED
    assert kinds["picture_only"] is Outcome.RECORD_ONLY
    unknown = {code for code, kind in kinds.items() if kind is Outcome.UNKNOWN}
    assert unknown == {"not_checked", "no_qr", "several_qr"}


def _any(code: str) -> dict[str, object]:
    return dict.fromkeys(HOLE.findall(REASONS[code][0]), "x")


def test_the_very_file_on_record_is_genuine() -> None:
    found = judged(FILE, fake.signed_here()).against(fake.issued(FILE))
    assert (found.verdict.outcome, codes(found)) == (Outcome.GENUINE, ["genuine"])
    assert found.as_issued is True


@pytest.mark.parametrize("status", ["superseded", "revoked"])
def test_a_file_that_was_taken_back_is_not_called_genuine_though_every_byte_is(status: str) -> None:
    found = judged(FILE, fake.signed_here()).against(fake.issued(FILE, status=status))
    assert (found.verdict.outcome, codes(found)) == (Outcome(status), [status])
    assert not found.verdict.genuine
    assert found.as_issued is True
    assert "2026-03-02" in found.verdict.reasons[0].zh


def test_a_file_of_ours_that_no_record_knows_is_not_genuine() -> None:
    found = judged(FILE, fake.signed_here()).against(None)
    assert (found.verdict.outcome, codes(found)) == (Outcome.NOT_GENUINE, ["unknown_code"])
    assert found.as_issued is None


def test_the_file_of_another_under_this_code_is_told_to_be_anothers() -> None:
    other = fake.issued(b"%PDF-1.7 another")
    found = judged(FILE, fake.signed_here()).against(other)
    assert codes(found) == ["differs_from_issued"]
    found = judged(FILE, fake.signed_here()).against(other, of_another=True)
    assert (found.verdict.outcome, codes(found)) == (Outcome.NOT_GENUINE, ["code_of_another"])


def test_where_something_was_added_it_is_known_that_all_that_was_issued_is_there() -> None:
    longer = FILE + b" more"
    finding = fake.added_to(FILE, addition("junk", 5))
    found = judged(longer, finding).against(fake.issued(FILE))
    assert (found.verdict.outcome, codes(found)[0]) == (Outcome.NOT_GENUINE, "appended")
    assert (found.as_issued, found.begins_as_issued) == (False, True)
    other = judged(longer, finding).against(fake.issued(b"%PDF-1.7 another"))
    assert not other.begins_as_issued


def test_a_picture_never_gets_more_than_what_its_code_leads_to() -> None:
    seen = judged(b"\xff\xd8", fake.picture(CODE))
    assert seen.against(fake.issued(FILE)).verdict.outcome is Outcome.RECORD_ONLY
    assert seen.against(fake.issued(b"\xff\xd8")).verdict.outcome is Outcome.RECORD_ONLY
    revoked = seen.against(fake.issued(FILE, status="revoked"))
    assert (revoked.verdict.outcome, codes(revoked)) == (
        Outcome.REVOKED,
        ["revoked", "picture_only"],
    )
    assert codes(seen.against(None)) == ["qr_unknown_code"]


def test_where_nobody_can_judge_nothing_is_said_of_the_file() -> None:
    away: Inspector = Away()
    found = away.judge(FILE, QUESTION)
    assert (found.verdict.outcome, codes(found)) == (Outcome.UNKNOWN, ["not_checked"])
    assert found.against(fake.issued(FILE)).verdict.outcome is Outcome.UNKNOWN


def test_findings_come_unchanged_out_of_the_process_that_judges() -> None:
    found = judged(FILE + b"x", fake.added_to(FILE, addition("junk", 1)))
    assert pickle.loads(pickle.dumps(found)) == found
    asked = replace(QUESTION, issued_at=fake.SIGNED)
    assert pickle.loads(pickle.dumps(asked)) == asked


def test_a_verdict_for_machines_leaves_out_what_is_not_known() -> None:
    told = json.loads(json.dumps(judged(FILE, fake.refused("not_pdf")).verdict.to_json()))
    assert set(told) == {"genuine", "verdict", "reasons", "sha256", "size"}
    assert (told["genuine"], told["verdict"]) == (False, "not_genuine")


def test_asking_whether_a_file_is_genuine_loads_nothing_that_parses_it() -> None:
    # asn1crypto is there for what our own authorities answer.
    program = (
        "import sys\n"
        "import backend.office, backend.verification.report\n"
        "heavy = {'pyhanko', 'reportlab', 'pypdfium2', 'zxingcpp', 'pkcs11'}\n"
        "heavy |= {f'backend.verification.{one}' for one in ('cms', 'structure', 'judge')}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
