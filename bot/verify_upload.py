"""A file or a picture on the public page: it is judged and its report shown, and nothing is kept (T8)."""

import asyncio
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from backend import credentials, document_checks
from backend.clock import local_text
from backend.verification.inspector import MAX_BYTES
from backend.verification.report import Report
from bot.limits import Limit
from bot.verification import (
    HEADERS,
    MOST,
    WAIT,
    Verification,
    asker_of,
    shown_headline,
)
from bot.web.incoming import form_of, sent_from_here
from bot.web.words import Refusal
from dialogs.verification.report_words import both, parts
from dialogs.verification.report_words import shown as shown_part
from dialogs.verification.verdict_words import Report as Told
from dialogs.verification.verdict_words import further_reasons, headline

PER_MINUTE = 20  # files from one address
AT_ONCE = 2  # in this process; so many processes judge
PATIENCE = 15.0  # seconds in which whoever comes third waits; one file takes 5 at most
NO_FILE = ("请先选一个文件。", "Please choose a file first.")
FOREIGN_PAGE = ("请在本页选择文件。", "Please choose the file on this very page.")
SLOWLY = (
    "刚才从这里验了很多文件，请过一分钟再试。",
    "Many files were checked from here just now. Please try again in a minute.",
)
BUSY = (
    "现在验证的人很多，请过一会儿再试；也可以先输入验证码查询。",
    "Many people are checking files right now. Please try again in a moment, or look the code up.",
)


class VerifyUploads:
    """``limit`` is for files of one address."""

    def __init__(self, pages: Verification, limit: Limit) -> None:
        self._pages = pages
        self._office = pages.office
        self._limit = limit
        self._places = asyncio.Semaphore(AT_ONCE)
        self._page = pages.templates.get_template("verify_report.html")

    def routes(self) -> list[Route]:
        return [
            Route("/v", self.take, methods=["POST"]),
            Route("/v/", self.take, methods=["POST"]),
            Route("/v/{code}", self.take, methods=["POST"]),
        ]

    async def take(self, request: Request) -> Response:
        code = credentials.normal_code(request.path_params.get("code", "")[:64])
        if not sent_from_here(request):
            return self._pages.ask(request, 403, wrong=FOREIGN_PAGE)
        if self._limit.take(asker_of(request)):
            headers = {"Retry-After": str(WAIT)}
            return self._pages.ask(request, 429, wrong=SLOWLY, headers=headers)
        try:
            async with form_of(request, MAX_BYTES) as form:
                file = form.get("file")
                if not isinstance(file, UploadFile) or not (file.filename or file.size):
                    return self._pages.ask(request, 400, wrong=NO_FILE)
                report = await self._judged(file, code or None)
        except Refusal as refused:
            if refused.status_code != 413:
                raise
            return self._pages.ask(request, 413, wrong=too_large(refused))
        except TimeoutError:
            headers = {"Retry-After": "10"}
            return self._pages.ask(request, 503, wrong=BUSY, headers=headers)
        checked = local_text(self._office.clock.now())
        html = self._page.render(context_of(report.to_json(), checked))
        return HTMLResponse(html, headers=HEADERS)  # a verdict is no error, whichever it is

    async def _judged(self, file: UploadFile, expected: str | None) -> Report:
        """When there is a place; no more files than that are in memory. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            await self._places.acquire()
        try:
            data = await file.read()
            return await run_in_threadpool(document_checks.judged, self._office, data, expected)
        finally:
            self._places.release()


def context_of(report: Told, checked: str) -> dict[str, Any]:
    """What the page of a report needs."""
    document = report["document"]
    return {
        "head": shown_headline(headline(report)),
        "reasons": [both(one) for one in further_reasons(report)],
        "parts": [shown_part(one) for one in parts(report)],
        "code": document["code"] if document else "",
        "checked": checked,
        "most": MOST,
    }


def too_large(refused: Refusal) -> tuple[str, str]:
    name = f"《{refused.file}》" if refused.file else "文件"
    return (
        f"{name}太大了，最大 {MOST} MB。签发的成绩单都小得多；照片请用小一点的尺寸，或者只拍二维码。",
        f"The file is too large: {MOST} MB at most. Issued transcripts are far smaller; please take"
        " a smaller picture, or one of the QR code only.",
    )
