"""What the public page, its report and the check of a file say from the moment a document ends."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.templating import Jinja2Templates

import bot
from backend import credentials
from backend.verification.findings import Question
from bot.limits import Limit
from bot.links import Links
from bot.tokens import Tokens
from bot.verification import Verification
from tests.revocations.bench import WHY, Bench
from tests.verification import fake

LINKS = Links("http://registrar.test", Tokens("a secret for links, 32 bytes long."))


@dataclass
class Page:
    """The pages of the institution, as anybody gets them."""

    pages: Verification

    def get(self, path: str) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(Starlette(routes=self.pages.routes()))
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.get(path)

        return asyncio.run(asked())


@pytest.fixture
def page(bench: Bench) -> Iterator[Page]:
    templates = Jinja2Templates(Path(bot.__file__ or "").parent / "templates")
    pages = Verification(bench.office, LINKS, templates, Limit(0, 1))
    yield Page(pages)
    pages.close()


def told(page: Page, code: str) -> tuple[str, dict[str, Any]]:
    """The page for people and the report for machines."""
    return page.get(f"/v/{code}").text, page.get(f"/v/{code}.json").json()


def judged(bench: Bench, code: str) -> tuple[str, str]:
    """Of the very file, unaltered and rightly signed: the verdict and its reason."""
    with bench.office.read() as work:
        standing = credentials.standing(work.session, work.institution, code, work.now)
        assert standing is not None
        (file,) = (one for one in bench.credentials() if one.code == code)
        data = f"{code} {file.snapshot}".encode()
        question = Question((), (), (), "http://registrar.test", work.now, standing.issued_at)
        verdict = fake.signed_here(code)(data, question).against(standing).verdict
    return verdict.outcome, verdict.reasons[0].code


def test_whoever_has_the_code_is_told_at_once_that_it_was_revoked_and_why(
    bench: Bench, page: Page
) -> None:
    (document,) = bench.credentials()
    html, report = told(page, document.code)
    assert ("真实有效" in html, report["status"]["state"]) == (True, "issued")
    assert judged(bench, document.code) == ("genuine", "genuine")
    number = bench.propose()
    assert told(page, document.code)[1] == report, "a proposal changes nothing"
    bench.pass_time(timedelta(days=1))
    bench.agree(number)
    html, report = told(page, document.code)
    assert "已作废" in html
    assert "Do not rely on it" in html
    assert "真实有效" not in html
    assert WHY in html
    assert (report["status"]["state"], report["status"]["why"]) == ("revoked", WHY)
    assert judged(bench, document.code) == ("revoked", "revoked")


def test_whoever_has_the_old_code_is_led_to_the_new_document_once_it_is_there(
    bench: Bench, page: Page
) -> None:
    (old,) = bench.credentials()
    bench.pass_time(timedelta(hours=1))
    bench.reissue()
    html, report = told(page, old.code)
    assert "已被新文件取代" in html
    assert WHY not in html, "the reason of a correction is the holder's"
    assert (report["status"]["state"], report["status"]["newer"]) == ("superseded", False)
    bench.direct.run_all(bench.office)
    _old, new = bench.credentials()
    assert told(page, old.code)[1]["status"]["newer"] is True
    assert told(page, new.code)[1]["status"]["state"] == "issued"
    assert judged(bench, old.code) == ("superseded", "superseded")
    assert judged(bench, new.code) == ("genuine", "genuine")
    bench.revoke()
    assert told(page, old.code)[1]["status"]["newer"] is False
    assert "已作废" in told(page, new.code)[0]
    assert judged(bench, new.code) == ("revoked", "revoked")
