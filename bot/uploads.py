"""The page of ``/upload/TOKEN``: one file, once, into the conversation whose link it is."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from backend.blobs import NewFile
from backend.identity import links
from backend.models import AccountLink, ChatAccount
from backend.work import Work
from bot.attachments import TooManyFiles, received
from bot.limits import Limit
from bot.links import Links
from bot.receive import Reception
from bot.sent import Sent
from bot.signin.doorway import address_of
from bot.web.incoming import sent_from_here, upload_of
from bot.web.words import Refusal, words_for

HEADERS = {
    "cache-control": "no-store"
}  # without a referrer browsers would not say where the form is
OVER = (
    "这个链接已经用过或者过期了，请回到对话，再要一个。",
    "This link is used or over. Please ask for a new one in the chat.",
)
NO_FILE = ("请先选一个文件。", "Please choose a file first.")
TAKEN = ("收到了，请回到对话。", "It has arrived. Please return to the chat.")
SLOWLY = ("请稍等一会儿再试。", "Please try again in a moment.")


class Uploads:
    """``limit`` is for what one address opens and sends."""

    def __init__(
        self, reception: Reception, links_: Links, templates: Jinja2Templates, limit: Limit
    ) -> None:
        self._reception = reception
        self._office = reception.office
        self._links = links_
        self._templates = templates
        self._limit = limit

    def routes(self) -> list[Route]:
        return [
            Route("/upload/{token}", self.show, methods=["GET"]),
            Route("/upload/{token}", self.take, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        if self._limit.take(address_of(request)):
            return self._page(request, SLOWLY, 429)
        open_ = await run_in_threadpool(self._open, request.path_params["token"])
        return self._page(request, None if open_ else OVER, 200 if open_ else 410, form=open_)

    async def take(self, request: Request) -> Response:
        if self._limit.take(address_of(request)):
            return self._page(request, SLOWLY, 429)
        token = request.path_params["token"]
        if not sent_from_here(request) or not await run_in_threadpool(self._open, token):
            return self._page(request, OVER, 410)
        try:
            _fields, file = await upload_of(request, None)
        except Refusal as refusal:
            return self._page(request, words_for(refusal.detail), refusal.status_code, form=True)
        if file is None:
            return self._page(request, NO_FILE, 400, form=True)
        try:
            done = await run_in_threadpool(self._hear, token, file)
        except TooManyFiles:
            return self._page(request, words_for("too_many_files"), 429)
        return self._page(request, TAKEN if done else OVER, 200 if done else 410)

    def _open(self, token: str) -> bool:
        with self._office.read() as work:
            return self._link(work, token) is not None

    def _link(self, work: Work, token: str) -> AccountLink | None:
        return links.live(work, self._links.read_one_time("upload", token), links.UPLOAD)

    def _hear(self, token: str, file: NewFile) -> bool:
        """The link is used by whoever is first; the file then comes in as if sent in the chat."""
        with self._office.work() as work:
            link = self._link(work, token)
            if link is None or link.account_id is None or not links.use(work, link):
                return False
            account = work.session.get_one(ChatAccount, link.account_id)
            if account.person_id != link.person_id:  # bound or unbound since
                return False
            where = (account.channel, account.address, account.person_id, f"upload:{link.id}")
        owned = NewFile(file.data, where[2], file.name, file.media_type)
        body: dict[str, Any] = received(self._office, owned)
        self._reception.accept(Sent(*where, "attached", body))
        return True

    def _page(
        self,
        request: Request,
        words: tuple[str, str] | None,
        status: int = 200,
        *,
        form: bool = False,
    ) -> Response:
        zh, en = words or ("", "")
        context = {"zh": zh, "en": en, "form": form}
        return self._templates.TemplateResponse(
            request, "upload.html", context, status, headers=dict(HEADERS)
        )
