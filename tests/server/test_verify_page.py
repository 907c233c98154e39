"""What the public page says of a file: the verdict first, then what it rests on; nothing is kept (T8)."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from backend.database import Database
from backend.documents.verdict import addition
from backend.models import Blob, DocumentCheck
from backend.verification.inspector import MAX_BYTES
from tests.backend.scene import Scene
from tests.server.verify_site import HERE_ONLY, Site
from tests.verification import fake

NewSite = Callable[..., Site]


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[NewSite]:
    made: list[Site] = []

    def new(**limits: int) -> Site:
        made.append(Site(Scene(database, tmp_path), **limits))
        return made[-1]

    yield new
    for one in made:
        one.close()


def send(site: Site, data: bytes, path: str = "/v", **headers: str) -> httpx.Response:
    files = {"file": ("transcript.pdf", data)}
    return site.ask("POST", path, files=files, headers=HERE_ONLY | headers)


def words(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text))


def heading(answer: httpx.Response) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.text, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split())


def test_the_issued_file_is_genuine_and_everything_that_shows_it_is_told(site: NewSite) -> None:
    here = site()
    answer = send(here, here.pdf)
    said = words(answer)
    assert (answer.status_code, heading(answer)) == (200, "真实有效 Genuine")
    assert 'class="verdict good"' in answer.text
    for told in ("林**", here.number, fake.SIGNER, "整个文件", "The whole file", "PAdES B-B"):
        assert told in said
    assert "林小满" not in said


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("foreign", "不是本校签发的", "Not issued by this institution"),
        ("altered", "不能认定为真", "Not shown to be genuine"),
        ("unknown_code", "查无此文件", "Not found"),
        ("no_qr", "没有读到二维码", "No QR code could be read"),
        ("not_checked", "暂时无法判断", "Cannot be told at the moment"),
    ],
)
def test_a_file_that_is_not_ours_is_never_green_and_nothing_of_it_is_shown(
    site: NewSite, code: str, zh: str, en: str
) -> None:
    here = site()
    data = b"%PDF <b>Mallory</b>"
    here.answers[data] = fake.refused(code)
    answer = send(here, data)
    assert (answer.status_code, heading(answer)) == (200, f"{zh} {en}")
    assert "verdict good" not in answer.text
    assert "Mallory" not in answer.text
    assert "transcript.pdf" not in answer.text
    assert here.number not in answer.text


def test_what_was_added_is_told_and_that_the_rest_is_as_issued(site: NewSite) -> None:
    here = site()
    data = here.pdf + b"one page more"
    here.answers[data] = fake.added_to(here.pdf, addition("appended_pages", 1), code=here.code)
    said = words(send(here, data))
    for told in ("1 页", "1 page(s)", f"前面 {len(here.pdf)} 字节与签发时完全一致"):
        assert told in said


def test_a_picture_leads_to_its_record_and_is_not_called_genuine(site: NewSite) -> None:
    here = site()
    here.answers[b"photo"] = fake.picture(here.code)
    answer = send(here, b"photo")
    assert heading(answer).startswith("记录属实，图片无法核验")
    assert "verdict plain" in answer.text
    assert here.number in answer.text


@pytest.mark.parametrize(
    ("status", "zh"), [("revoked", "已作废 Revoked"), ("superseded", "已被新文件取代 Superseded")]
)
def test_a_document_that_does_not_stand_is_told_from_then_on(
    site: NewSite, status: str, zh: str
) -> None:
    here = site()
    assert "真实有效" in here.get(f"/v/{here.code}").text
    here.end(status, "成绩有误")
    by_code = here.get(f"/v/{here.code}")
    by_file = send(here, here.pdf)
    assert (heading(by_code), heading(by_file)) == (zh, zh)
    for answer in (by_code, by_file):
        assert ("成绩有误" in answer.text) is (status == "revoked")


def test_another_genuine_file_is_not_taken_for_the_one_under_this_code(site: NewSite) -> None:
    here = site()
    same, other = send(here, here.pdf, f"/v/{here.code}"), send(here, here.pdf, f"/v/{'0' * 20}")
    assert heading(same) == "真实有效 Genuine"
    assert heading(other).startswith("不能认定为真")
    assert "这份文件属于另一个验证码" in other.text
    assert here.number not in other.text


def test_bytes_on_record_that_the_judge_refuses_are_called_neither_genuine_nor_false(
    site: NewSite,
) -> None:
    here = site()
    here.answers[here.pdf] = fake.refused("foreign")
    assert heading(send(here, here.pdf)).startswith("暂时无法判断")


def test_nothing_that_is_sent_is_kept(site: NewSite) -> None:
    here = site()
    blobs = select(func.count()).select_from(Blob)
    with here.scene.office.read() as work:
        before = work.session.scalar(blobs)
    send(here, here.pdf)
    send(here, b"%PDF other")
    with here.scene.office.read() as work:
        assert work.session.scalar(blobs) == before
        assert work.session.scalar(select(func.count()).select_from(DocumentCheck)) == 0


def test_who_sends_too_much_is_told_kindly_and_may_choose_again(site: NewSite) -> None:
    here = site(files_a_minute=2)
    large = send(here, b"x" * (MAX_BYTES + 5000))
    assert (large.status_code, "最大 10 MB" in large.text) == (413, True)
    send(here, here.pdf)
    late = send(here, here.pdf)
    assert (late.status_code, late.headers["retry-after"]) == (429, "60")
    for answer in (large, late):
        assert 'type="file"' in answer.text
    assert [data for data, _question in here.inspector.asked] == [here.pdf]


def test_forms_of_other_sites_and_empty_ones_are_refused_in_words(site: NewSite) -> None:
    here = site()
    foreign = send(here, here.pdf, Origin="https://evil.example")
    silent = send(here, here.pdf, Origin="null")
    nothing = here.ask("POST", "/v", data={"x": "1"}, headers=HERE_ONLY)
    assert [one.status_code for one in (foreign, silent, nothing)] == [403, 403, 400]
    assert "请先选一个文件" in nothing.text
    assert here.inspector.asked == []


def test_no_answer_is_kept_or_found_by_search_engines(site: NewSite) -> None:
    here = site()
    answers = [here.get("/v"), here.get(f"/v/{here.code}"), here.get(f"/v/{here.code}.json")]
    robots = here.get("/robots.txt")
    for answer in (*answers, send(here, here.pdf)):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
    assert robots.headers["content-type"].startswith("text/plain")
    for path in ("/v/", "/s/", "/files/", "/checkout/"):
        assert f"Disallow: {path}" in robots.text.splitlines()


def test_machines_read_the_record_without_a_name(site: NewSite) -> None:
    here = site()
    found, missing = here.get(f"/v/{here.code}.json"), here.get(f"/v/{'0' * 20}.json")
    told: dict[str, Any] = found.json()
    assert (told["verdict"], told["status"]["state"]) == ("record_only", "issued")
    assert (told["document"]["number"], told["file"]) == (here.number, None)
    assert told["document"]["totals"]["courses"] == 2
    assert "小满" not in found.text
    assert (missing.status_code, missing.json()["verdict"]) == (404, "not_genuine")
    assert missing.json()["reasons"][0]["code"] == "unknown_code"


def test_guessing_codes_comes_to_an_end_for_machines_too(site: NewSite) -> None:
    here = site(wrong_codes=2)
    tried = [here.get(f"/v/{number:020}.json").status_code for number in range(4)]
    late = here.get(f"/v/{here.code}")
    assert tried == [404, 404, 429, 429]
    assert late.status_code == 429


def test_a_database_that_is_away_makes_nothing_false(
    site: NewSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = site()

    def away(codes: list[str]) -> None:
        raise OSError

    monkeypatch.setattr(here.pages.lookups, "_look", away)
    answer = here.get(f"/v/{here.code}")
    machine = here.get(f"/v/{here.code}.json")
    assert (answer.status_code, heading(answer)) == (
        503,
        "暂时无法判断 Cannot be told at the moment",
    )
    assert (machine.status_code, machine.json()["error"]) == (503, "unavailable")
