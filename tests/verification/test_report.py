"""The report on a file: everything the verdict rests on, in values for machines."""

import json

from sqlalchemy import select

from backend import credentials, previews
from backend.credentials import Standing, Totals
from backend.documents.verdict import addition
from backend.models import Blob, Credential
from backend.verification.report import SCHEMA, Report, report
from tests.backend.scene import Scene
from tests.verification import fake
from tests.verification.test_findings import QUESTION


def on_record(scene: Scene) -> Standing:
    scene.issued(scene.graduate())
    with scene.office.read() as work:
        code = work.session.scalars(select(Credential.code)).one()
        found = credentials.standing(work.session, work.institution, code, work.now)
    assert found is not None
    return found


def told(found: Report) -> dict[str, object]:
    plain: dict[str, object] = json.loads(json.dumps(found.to_json()))
    return plain


def test_a_report_tells_what_the_verdict_rests_on(scene: Scene) -> None:
    standing = on_record(scene)
    with scene.office.read() as work:
        blob = work.session.scalars(select(Credential.blob_id)).one()
        pdf = scene.blobs.get(work.session.get_one(Blob, blob).key)
    inspector = fake.FakeInspector({pdf: fake.signed_here(standing.code)})
    findings = inspector.judge(pdf, QUESTION).against(standing)
    found = told(report(findings, standing, QUESTION.now))
    assert list(found)[:6] == [
        *("schema", "verdict", "reasons", "checked_at", "document", "status")
    ]
    assert (found["schema"], found["verdict"]) == (SCHEMA, "genuine")
    document, file = found["document"], found["file"]
    assert isinstance(document, dict)
    assert isinstance(file, dict)
    assert (document["number"], document["holder"]) == (standing.number, "林**")
    assert standing.totals is not None
    assert document["totals"]["courses"] == standing.totals.courses
    assert (file["sha256"], file["size"], file["as_issued"]) == (
        *(standing.sha256, standing.size, True),
    )
    assert "小满" not in json.dumps(found, ensure_ascii=False)


def test_a_report_on_a_changed_file_says_that_what_was_issued_is_still_in_it(scene: Scene) -> None:
    standing = on_record(scene)
    finding = fake.added_to(b"a", addition("appended_pages", 1), code=standing.code)
    findings = fake.FakeInspector({b"ab": finding}).judge(b"ab", QUESTION).against(standing)
    found = told(report(findings, standing, QUESTION.now))
    file = found["file"]
    assert isinstance(file, dict)
    assert (found["verdict"], file["as_issued"]) == ("not_genuine", False)
    assert file["added"] == [{"kind": "appended_pages", "zh": "1 页", "en": "1 page(s)", "n": 1}]


def test_a_report_on_what_is_on_no_record_names_no_document() -> None:
    findings = fake.FakeInspector({b"x": fake.refused("foreign")}).judge(b"x", QUESTION)
    found = told(report(findings, None, QUESTION.now))
    assert (found["document"], found["status"], found["signature"]) == (None, None, None)


def test_totals_are_those_of_the_facts_a_document_was_made_of(scene: Scene) -> None:
    standing = on_record(scene)
    with scene.office.read() as work:
        facts = previews.facts_of(work, work.session.scalars(select(Credential.snapshot)).one())
        sizes = work.session.scalars(select(Blob.size)).all()
        known = credentials.standings(
            work.reading, work.institution, [standing.code, "NO"], work.now
        )
        mine = credentials.with_file(work.reading, work.institution, standing.sha256, work.now)
        nobodys = credentials.with_file(work.reading, work.institution, "0" * 64, work.now)
    assert standing.totals == Totals(
        len(facts.courses), facts.total_credits, facts.gpa_value, facts.gpa_scale
    )
    assert standing.size in sizes
    assert known == {standing.code: standing}
    assert (mine, nobodys) == (standing, None)
