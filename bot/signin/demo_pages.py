"""The demo's way of signing in on a page: choosing one of its people, who are all invented."""

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend.models import Person
from backend.registry.demo import FEATURED
from bot.signin.doorway import Doorway, person_with

TITLES = ("/sign-in/demo", "演示：选一个人", "Demo: choose a person")


class DemoPages:
    """Mount it only in the demo."""

    def __init__(self, doorway: Doorway) -> None:
        self._doorway = doorway

    def routes(self) -> list[Route]:
        return [
            Route("/sign-in/demo", self.show, methods=["GET"]),
            Route("/sign-in/demo", self.become, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        people = await run_in_threadpool(self._people)
        return self._doorway.page(request, "demo_sign_in.html", {"people": people})

    def _people(self) -> list[dict[str, str]]:
        with self._doorway.office.read() as work:
            numbers = [one.number for one in FEATURED]
            there = set(
                work.session.scalars(select(Person.number).where(Person.number.in_(numbers)))
            )
        return [
            {"number": one.number, "zh": f"{one.name}：{one.role_zh}", "en": one.role_en}
            for one in FEATURED
            if one.number in there
        ]

    async def become(self, request: Request) -> Response:
        form = await self._doorway.form(request)
        if form is None:
            return self._doorway.foreign(request)

        def find() -> int | None:
            with self._doorway.office.read() as work:
                return person_with(work, form.get("number", "")[:64])

        person = await run_in_threadpool(find)
        if person is None:
            return self._doorway.over(request)
        return await self._doorway.welcome(
            request, self._doorway.token(request), person, fresh=True
        )
