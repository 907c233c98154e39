"""A page that takes one file, once, from whoever the link was made for, into their conversation."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from backend.accounts import Rebound
from backend.errors import Refused
from backend.identity import links
from backend.models import AccountLink, ChatAccount
from backend.work import Work
from bot.limits import Limit
from bot.links import Links
from bot.receive import Declined, Reception, nothing
from bot.sent import Sent
from bot.signin.doorway import address_of
from bot.web.incoming import sent_from_here
from bot.web.words import Refusal

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
STAYS_GOOD = (400, 413, 429)  # whoever sent the wrong file, or too many, sends another


@dataclass(frozen=True, slots=True)
class Where:
    """The conversation that the file goes into, while the link was good ``at`` that time.

    ``key`` is of the message that the file is there.
    """

    channel: str
    address: str
    person: int | None
    key: str
    at: datetime

    def sent(self, body: dict[str, Any]) -> Sent:
        return Sent(self.channel, self.address, self.person, self.key, "attached", body)


class UploadPage(ABC):
    """``limit`` is for what one address opens and sends."""

    purpose: ClassVar[str]  # of the link, and the page's place
    template: ClassVar[str]
    most: ClassVar[int]  # megabytes

    def __init__(
        self, reception: Reception, links_: Links, templates: Jinja2Templates, limit: Limit
    ) -> None:
        self._reception = reception
        self._office = reception.office
        self._links = links_
        self._templates = templates
        self._limit = limit

    @abstractmethod
    async def receive(self, request: Request, token: str) -> bool | None:
        """Take the file of the form. False: the link was used meanwhile; None: no file was chosen.

        Raises Refusal.
        """

    def may(self, work: Work, person: int | None) -> bool:
        """Whether the page is still for whoever asked for it."""
        return True

    def routes(self) -> list[Route]:
        path = f"/{self.purpose}/{{token}}"
        return [
            Route(path, self.show, methods=["GET"]),
            Route(path, self.take, methods=["POST"]),
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
            done = await self.receive(request, token)
        except Refusal as refused:
            status = refused.status_code
            return self._page(request, refused.words, status, form=status in STAYS_GOOD)
        if done is None:
            return self._page(request, NO_FILE, 400, form=True)
        return self._page(request, TAKEN if done else OVER, 200 if done else 410)

    def _open(self, token: str) -> bool:
        with self._office.read() as work:
            return self._found(work, token) is not None

    def _found(
        self, work: Work, token: str, at: datetime | None = None
    ) -> tuple[AccountLink, ChatAccount] | None:
        """The link and its account, while it is the same person's."""
        link_id = self._links.read_one_time(self.purpose, token)
        link = links.live(work, link_id, self.purpose, at)
        if link is None or link.account_id is None:
            return None
        account = work.session.get_one(ChatAccount, link.account_id)
        if account.person_id != link.person_id:  # bound or unbound since
            return None
        return (link, account) if self.may(work, link.person_id) else None

    def look(self, work: Work, token: str) -> Where | None:
        """Where the link leads; it is still good for whoever brings a file first. None: it is over."""
        found = self._found(work, token)
        if found is None:
            return None
        link, account = found
        key = f"{self.purpose}:{link.id}"
        return Where(account.channel, account.address, account.person_id, key, work.now)

    def hand_over(
        self, token: str, where: Where, body: dict[str, Any], take: Callable[[Work], Any] = nothing
    ) -> bool:
        """In one transaction the link is used, ``take`` is done, and the conversation hears of the
        file; what fails leaves the link as it was. False: it was used meanwhile, or is not theirs
        any more. Raises Refused where ``take`` does."""

        def claim(work: Work) -> None:
            found = self._found(work, token, where.at)
            if found is None or not links.use(work, found[0], where.at):
                raise Declined
            try:
                take(work)
            except Refused as refused:
                raise Declined(refused) from None

        try:
            self._reception.accept(where.sent(body), claim)
        except Declined as declined:
            if declined.why is not None:
                raise declined.why from None
            return False
        except Rebound:
            return False
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
        context = {"zh": zh, "en": en, "form": form, "most": self.most}
        return self._templates.TemplateResponse(
            request, self.template, context, status, headers=dict(HEADERS)
        )
