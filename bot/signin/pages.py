"""Signing in: choosing a provider, coming back from it, and the press that binds.

GET changes nothing that matters: chats fetch the links in them by themselves.
"""

import logging
from collections.abc import Mapping
from secrets import token_urlsafe

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from backend.errors import Refused
from backend.identity import bindings, links, sign_ins, stepup
from backend.models import AccountLink, Person, SignIn
from backend.sealing import masked_name, masked_number
from backend.work import Work
from bot.links import Links
from bot.signin.doorway import COOKIE, FRESH, HEADERS, OVER, Doorway, account_of, person_with
from bot.signin.provider import NotProved, Provider, Unavailable
from dialogs.engine.words import _

PURPOSES = {"bind": links.BIND, "step-up": links.STEP_UP}
log = logging.getLogger(__name__)


class Pages:
    """``own`` are the providers with pages of our own: where each begins, by name, with titles."""

    def __init__(
        self,
        doorway: Doorway,
        links: Links,
        providers: list[Provider],
        own: Mapping[str, tuple[str, str, str]],
    ) -> None:
        self._doorway = doorway
        self._office = doorway.office
        self._links = links
        self._providers = {provider.name: provider for provider in providers}
        self._own = own

    def routes(self) -> list[Route]:
        return [
            Route("/sign-in", self.choose),
            Route("/sign-in/with/{provider}", self.depart),
            Route("/sign-in/back/{provider}", self.come_back),
            Route("/sign-in/confirm", self.ask, methods=["GET"]),
            Route("/sign-in/confirm", self.bind, methods=["POST"]),
            Route("/bind/{token}", self.choose),
            Route("/bind/{token}/with/{provider}", self.depart),
            Route("/step-up/{token}", self.choose),
            Route("/step-up/{token}/with/{provider}", self.depart),
            Route("/code/{token}", self.code),
        ]

    # --- where to sign in -------------------------------------------------------------------

    async def choose(self, request: Request) -> Response:
        """The providers, and what it is for."""
        purpose, link_id = self._link(request)
        shown = await run_in_threadpool(self._about, purpose, link_id) if purpose else {}
        if shown is None:
            return self._doorway.refused(request, Refused("link_over"))
        base = request.url.path.rstrip("/") + "/with/"
        ways = [
            (one.name, one.title_zh, one.title_en)
            for one in self._providers.values()
            if one.can_renew or purpose != "step-up"
        ]
        ways += [(name, zh, en) for name, (_path, zh, en) in self._own.items()]
        context = {
            "purpose": purpose or "chat",
            "ways": [{"url": base + name, "zh": zh, "en": en} for name, zh, en in ways],
            **shown,
        }
        return self._doorway.page(request, "sign_in.html", context)

    def _link(self, request: Request) -> tuple[str, str | None]:
        """The purpose of the address, and the link's id if the token is ours."""
        token = request.path_params.get("token")
        if token is None:
            return "", None
        purpose = request.url.path.split("/")[1]
        return purpose, self._links.read_one_time(purpose, token)

    def _about(self, purpose: str, link_id: str | None) -> dict[str, str] | None:
        with self._office.read() as work:
            link = links.live(work, link_id, PURPOSES[purpose])
            return account_of(work, link) if link else None

    async def depart(self, request: Request) -> Response:
        """A sign-in begins in this browser."""
        if answer := self._doorway.too_many(request):
            return answer
        name = request.path_params["provider"]
        purpose, link_id = self._link(request)
        if name not in self._providers and name not in self._own:
            return self._doorway.over(request)
        if purpose and await run_in_threadpool(self._about, purpose, link_id) is None:
            return self._doorway.refused(request, Refused("link_over"))
        token = await run_in_threadpool(self._begin, name, link_id if purpose else None)
        if name in self._own:
            return self._doorway.go(self._own[name][0], token)
        state = token_urlsafe(24)
        try:
            departure = await self._providers[name].depart(
                self._back(name), state, fresh=purpose == "step-up"
            )
        except Unavailable as error:
            return self._unavailable(request, name, error)

        def note() -> None:
            with self._office.work() as work:
                sign_ins.await_answer(work, token, state, departure.kept)

        await run_in_threadpool(note)
        response = RedirectResponse(departure.url, 303, headers=dict(HEADERS))
        self._doorway.keep(response, token)
        return response

    def _begin(self, name: str, link_id: str | None) -> str:
        with self._office.work() as work:
            return sign_ins.begin(work, name, link_id)

    def _back(self, name: str) -> str:
        return f"{self._office.base_url}/sign-in/back/{name}"

    # --- coming back ------------------------------------------------------------------------

    async def come_back(self, request: Request) -> Response:
        """The provider's answer: for this browser, once."""
        if answer := self._doorway.too_many(request):
            return answer
        name, query = request.path_params["provider"], dict(request.query_params)
        provider, token = self._providers.get(name), self._doorway.token(request)
        taken = await run_in_threadpool(self._take, name, token, query.get("state", ""))
        if provider is None or taken is None:
            return self._doorway.over(request)
        kept, fresh = taken
        try:
            who = await provider.who(query, self._back(name), kept, fresh=fresh)
        except NotProved as error:
            log.info("a sign-in by %s was not taken: %s", name, error.why)
            text = _("没有登录成功，请再试一次。")
            return self._doorway.message(request, OVER, text, 403, way_on="/sign-in")
        except Unavailable as error:
            return self._unavailable(request, name, error)
        person = who if isinstance(who, int) else await run_in_threadpool(self._person, who)
        if person is None:
            text = _("您的账号在学校的名册里没有对应的人，请联系技术支持。")
            return self._doorway.message(request, OVER, text, 403, way_on="")
        return await self._doorway.welcome(request, token, person, fresh=fresh)

    def _take(self, name: str, token: str, state: str) -> tuple[Mapping[str, object], bool] | None:
        with self._office.work() as work:
            one = sign_ins.take_answer(work, token, state)
            if one is None or one.provider != name:
                return None
            link = work.session.get(AccountLink, one.link_id) if one.link_id else None
            return dict(one.kept), bool(link and link.purpose == links.STEP_UP)

    def _person(self, number: str) -> int | None:
        with self._office.read() as work:
            return person_with(work, number)

    def _unavailable(self, request: Request, name: str, error: Unavailable) -> Response:
        log.warning("signing in by %s does not work: %s", name, error)
        text = _("学校的登录系统现在连不上，请过一会儿再试。")
        return self._doorway.message(request, OVER, text, 503, way_on="/sign-in")

    # --- the press that binds ---------------------------------------------------------------

    async def ask(self, request: Request) -> Response:
        """Which account, and whose it would be."""
        token = self._doorway.token(request)

        def find() -> dict[str, str] | None:
            with self._office.read() as work:
                one, link = self._to_confirm(work, token)
                if one is None or link is None:
                    return None
                person = work.session.get_one(Person, one.person_id)
                return account_of(work, link) | {
                    "name": masked_name(person.name),
                    "number": masked_number(person.number),
                }

        found = await run_in_threadpool(find)
        if found is None:
            return self._doorway.refused(request, Refused("link_over"))
        return self._doorway.page(request, "bind.html", found)

    async def bind(self, request: Request) -> Response:
        form = await self._doorway.form(request)
        if form is None:
            return self._doorway.foreign(request)
        token = self._doorway.token(request)
        try:
            done = await run_in_threadpool(self._bind, token, form.get("answer") == "bind")
        except Refused as refused:
            return self._doorway.refused(request, refused)
        heading = _("绑定好了") if done else _("没有绑定")
        text = _("回到那个对话，就可以接着办了。") if done else _("什么都没有改变。")
        response = self._doorway.message(request, heading, text, way_on="")
        response.delete_cookie(COOKIE)
        return response

    def _bind(self, token: str, agreed: bool) -> bool:
        """Raises Refused where somebody was faster, or it took too long."""
        with self._office.read() as work:
            one, link = self._to_confirm(work, token)
        if one is None or link is None or one.person_id is None:
            raise Refused("link_over")
        with self._office.work(one.person_id) as work:
            sign_ins.end(work, token)
            if agreed:
                bound = bindings.bind_by_link(work, link.id, one.person_id)
                if one.kept.get(FRESH):
                    stepup.grant_files(work, bound.account)
        return agreed

    def _to_confirm(self, work: Work, token: str) -> tuple[SignIn | None, AccountLink | None]:
        one = sign_ins.find(work, token)
        if one is None or one.person_id is None:
            return None, None
        return one, links.live(work, one.link_id, links.BIND)

    # --- a code for another channel ---------------------------------------------------------

    async def code(self, request: Request) -> Response:
        """The digits that were asked for elsewhere, for as long as they are good."""
        code_id = self._links.read_one_time("code", request.path_params["token"])

        def find() -> str | None:
            with self._office.read() as work:
                return stepup.shown(work, code_id) if code_id else None

        digits = await run_in_threadpool(find)
        if digits is None:
            text = _("这个验证码已经用过，或者过了五分钟。")
            return self._doorway.message(request, _("验证码已失效"), text, 410, way_on="")
        return self._doorway.page(request, "code.html", {"digits": digits})
