"""The page on which somebody who is signed in sees their chat accounts, and ends a binding."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend import accounts
from backend.clock import local_text
from backend.errors import Refused
from backend.identity import bindings, links, stepup
from backend.identity.stepup import Purpose
from backend.work import Work
from bot.links import Links
from bot.signin.doorway import ACCOUNTS, Doorway
from bot.web.sessions import hashed, token_of
from bot.web.words import Refusal
from dialogs.accounts.names import account_name


class AccountPages:
    def __init__(self, doorway: Doorway, links: Links) -> None:
        self._doorway = doorway
        self._office = doorway.office
        self._links = links

    def routes(self) -> list[Route]:
        return [
            Route(ACCOUNTS, self.show, methods=["GET"]),
            Route(ACCOUNTS, self.unbind, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        person = await self._person(request)
        if person is None:
            return self._doorway.go("/sign-in")
        context = await run_in_threadpool(self._mine, person)
        return self._doorway.page(request, "accounts.html", context)

    async def _person(self, request: Request) -> int | None:
        try:
            return await run_in_threadpool(self._doorway.sessions.person, token_of(request))
        except Refusal:
            return None

    def _mine(self, person: int) -> dict[str, object]:
        with self._office.read() as work:
            return {
                "accounts": [
                    {
                        "id": one.id,
                        "zh": account_name(one).into("zh"),
                        "en": account_name(one).into("en"),
                        "since": local_text(one.bound_at) if one.bound_at else "",
                    }
                    for one in bindings.of_person(work, person)
                ]
            }

    async def unbind(self, request: Request) -> Response:
        """At once for whoever has signed in just now; otherwise after another sign-in."""
        form = await self._doorway.form(request)
        person = await self._person(request)
        if form is None:
            return self._doorway.foreign(request)
        if person is None:
            return self._doorway.go("/sign-in")
        which = form.get("account", "")
        account = int(which) if which.isascii() and which.isdigit() and len(which) < 12 else 0

        def end() -> str:
            with self._office.work(person) as work:
                work.browser = hashed(token_of(request))
                bindings.own(work, account)
                return self._step_up(work, person) or self._end(work, account)

        try:
            return self._doorway.go(await run_in_threadpool(end))
        except Refused as refused:
            return self._doorway.refused(request, refused)

    def _step_up(self, work: Work, person: int) -> str:
        """The way to sign in anew, where that has to be."""
        web = accounts.account(work, accounts.WEB, str(person), person)
        if not stepup.due(work, web, Purpose.UNBIND) or not stepup.possible(work, web):
            return ""
        link = links.new(work, links.STEP_UP, account=web.id, person=person, wish=ACCOUNTS)
        return self._links.follow(f"step-up:{link.id}", work.now)

    def _end(self, work: Work, account: int) -> str:
        bindings.unbind(work, account, None)
        return ACCOUNTS
