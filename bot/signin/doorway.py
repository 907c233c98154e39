"""What all pages of a sign-in share: the browser's cookie, how they look, and where it ends."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates

from backend import accounts
from backend.errors import Refused
from backend.identity import exam_tickets, links, sign_ins, stepup
from backend.models import AccountLink, ChatAccount, Person
from backend.office import Office
from backend.work import Work
from bot.limits import Limit
from bot.verification import neighbourhood
from bot.web import sessions
from bot.web.incoming import body_of, sent_from_here
from bot.web.sessions import Sessions
from dialogs.accounts.names import account_name
from dialogs.engine.words import Words, _
from dialogs.refusals import SENTENCES

COOKIE = "sign-in"
ACCOUNTS = "/accounts"
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
FRESH = "fresh"  # kept with a sign-in that binds: whether a password was typed just now
FORM_LIMIT = 4096  # bytes
OVER = _("登录没有完成")
AGAIN = _("这次登录已经结束或过期，请从头再来。")


class Doorway:
    """``limit`` is for what one address opens and sends."""

    def __init__(
        self, office: Office, sessions: Sessions, templates: Jinja2Templates, limit: Limit
    ) -> None:
        self.office = office
        self.sessions = sessions
        self._templates = templates
        self._limit = limit

    # --- coming in --------------------------------------------------------------------------

    def token(self, request: Request) -> str:
        return request.cookies.get(COOKIE, "")

    def too_many(self, request: Request) -> Response | None:
        """An answer for an address that opens more than people do."""
        wait = self._limit.take(address_of(request))
        if not wait:
            return None
        words = _("这里的登录太频繁，请过 {seconds} 秒再试。", seconds=int(wait) + 1)
        return self.message(request, _("请稍等"), words, 429)

    async def form(self, request: Request) -> dict[str, str] | None:
        """What our own page sends; None for what another one does."""
        if not sent_from_here(request):
            return None
        body = await body_of(request, FORM_LIMIT)
        sent = parse_qs(body.decode("utf-8", "replace"), max_num_fields=16)
        return {name: values[0] for name, values in sent.items()}

    # --- going out --------------------------------------------------------------------------

    def page(
        self, request: Request, name: str, context: Mapping[str, Any], status: int = 200
    ) -> Response:
        return self._templates.TemplateResponse(
            request, name, dict(context), status, headers=dict(HEADERS)
        )

    def message(
        self, request: Request, heading: Words, text: Words, status: int = 200, *, way_on: str = "/"
    ) -> Response:
        context = {
            "heading_zh": heading.into("zh"),
            "heading_en": heading.into("en"),
            "text_zh": text.into("zh"),
            "text_en": text.into("en"),
            "action_url": way_on,
            "action_zh": "回到对话" if way_on == "/" else "重新登录",
            "action_en": "Back to the chat" if way_on == "/" else "Sign in again",
        }
        return self.page(request, "message.html", context, status)

    def refused(self, request: Request, refused: Refused) -> Response:
        return self.message(request, OVER, SENTENCES[refused.code](refused.facts), 410, way_on="")

    def over(self, request: Request) -> Response:
        return self.message(request, OVER, AGAIN, 410, way_on="/sign-in")

    def foreign(self, request: Request) -> Response:
        return self.message(request, OVER, _("请在登录页面里操作。"), 403, way_on="/sign-in")

    def go(self, path: str, token: str | None = None) -> Response:
        response = RedirectResponse(path, 303, headers=dict(HEADERS))
        if token:
            self.keep(response, token)
        return response

    def keep(self, response: Response, token: str) -> None:
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(sign_ins.LIFETIME.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=self.office.base_url.startswith("https"),
        )

    # --- whoever has signed in --------------------------------------------------------------

    async def welcome(
        self, request: Request, token: str, person_id: int, *, fresh: bool
    ) -> Response:
        """It is known now who sits there: to the chat, to the question whether to bind, or back.

        ``fresh``: they have shown it this moment, and were not just signed in somewhere.
        """
        here = request.cookies.get(sessions.COOKIE, "")
        try:
            path, new = await run_in_threadpool(self._settle, token, person_id, here, fresh)
        except Refused as refused:
            return self.refused(request, refused)
        if path is None:
            return self.over(request)
        if path == "/":
            return await self._into_the_chat(request, person_id, proved=fresh)
        if path == "/sign-in/confirm":
            return self.go(path, new)
        if path == "done":
            text = _("回到对话，那里会接着办。")
            response = self.message(request, _("登录好了"), text, way_on="")
        else:
            response = self.go(path)
        if new:
            self.sessions.give(response, new)
        response.delete_cookie(COOKIE)
        return response

    def _settle(
        self, token: str, person_id: int, here: str, fresh: bool
    ) -> tuple[str | None, str | None]:
        """Where to, and the new token of this browser for there, if any."""
        with self.office.work(person_id) as work:
            one = sign_ins.find(work, token)
            if one is None:
                return None, None
            exam_tickets.link(work, person_id)
            link = work.session.get(AccountLink, one.link_id) if one.link_id else None
            if link is not None and link.purpose == links.BIND:
                one.person_id, one.kept = person_id, {FRESH: fresh}
                work.session.flush()
                return "/sign-in/confirm", sign_ins.renew(work, one)
            sign_ins.end(work, token)
            if link is not None:
                if not fresh:
                    raise Refused("link_over")
                return self._step_up(work, link, person_id, here)
            return "/", None

    def _step_up(
        self, work: Work, link: AccountLink, person_id: int, here: str
    ) -> tuple[str, str | None]:
        """For the account of the link; on the web, for this browser's session or a new one."""
        account = work.session.get(ChatAccount, link.account_id)
        browser, new = "", None
        if account is not None and account.channel == accounts.WEB:
            if not self.sessions.is_of(work, here, person_id):
                new = self.sessions.open(work, person_id)
            browser = sessions.hashed(new or here)
        stepup.by_sign_in(work, link.id, person_id, browser)
        return (ACCOUNTS if link.wish == ACCOUNTS else "done"), new

    async def _into_the_chat(self, request: Request, person_id: int, *, proved: bool) -> Response:
        """This browser's session of before ends: there is one person behind its cookie."""
        before = request.cookies.get(sessions.COOKIE, "")

        def begin() -> str:
            if before:
                self.sessions.end(before)
            return self.sessions.begin(person_id, proved=proved)

        response = self.go("/")
        self.sessions.give(response, await run_in_threadpool(begin))
        response.delete_cookie(COOKIE)
        return response


def person_with(work: Work, number: str) -> int | None:
    """The id of whoever has this student or staff number."""
    return work.session.scalar(
        select(Person.id).where(Person.institution_id == work.institution, Person.number == number)
    )


def account_of(work: Work, link: AccountLink | None) -> dict[str, str]:
    """What the account of a link is called, in both languages."""
    account = work.session.get(ChatAccount, link.account_id) if link and link.account_id else None
    if account is None:
        return {}
    name = account_name(account)
    return {"account_zh": name.into("zh"), "account_en": name.into("en")}


def address_of(request: Request) -> str:
    return neighbourhood(request.client.host if request.client else "")
