"""Saying who one is, leaving; and choosing a person, which is the demo's way of signing in.

Elsewhere people sign in on the pages of ``bot/signin``.
"""

from typing import Any

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backend.accounts import conversation_of
from backend.models import Conversation, Person
from backend.office import Office
from backend.registry.demo import FEATURED
from backend.work import Work
from bot.tokens import Tokens
from bot.web.incoming import json_of, own_page_only, without_surrogates
from bot.web.sessions import COOKIE, Sessions, token_of
from bot.web.words import Refusal

ROLES = {
    "unit_officer": ("培养单位教育管理干部", "Education officer"),
    "academic_affairs": ("教务部", "Office of Academic Affairs"),
    "candidate": ("自考考生", "Exam candidate"),
    "exam_reviewer": ("自考审核人", "Exam reviewer"),
    "exam_office": ("自考办", "Self-study Exam Office"),
    "student_affairs": ("学生处", "Student Affairs Office"),
    "finance": ("财务处", "Finance Office"),
    "administrator": ("系统管理员", "Administrator"),
}
LANGUAGES = ("zh", "en")
STUDENT = ("学生", "Student")


class SigningIn:
    def __init__(self, office: Office, sessions: Sessions, tokens: Tokens) -> None:
        self._office = office
        self._sessions = sessions
        self._tokens = tokens

    def routes(self, *, demo: bool) -> list[Route]:
        found = [
            Route("/api/session", self.session, methods=["GET"]),
            Route("/api/session", self.change, methods=["PATCH"]),
            Route("/api/session", self.leave, methods=["DELETE"]),
        ]
        if demo:
            found += [
                Route("/api/people", self.people, methods=["GET"]),
                Route("/api/session", self.become, methods=["POST"]),
            ]
        return found

    async def people(self, _: Request) -> Response:
        def find() -> list[dict[str, Any]]:
            numbers = [one.number for one in FEATURED]
            with self._office.read() as work:
                rows = work.session.scalars(
                    select(Person).where(
                        Person.institution_id == work.institution, Person.number.in_(numbers)
                    )
                )
                there = {row.number: row for row in rows}
            return [
                {
                    "id": one.key,
                    "name": there[one.number].name,
                    "name_en": there[one.number].name_en,
                    "about": one.role_zh,
                    "about_en": one.role_en,
                    "role": ROLES.get(one.key, STUDENT)[0],
                    "role_en": ROLES.get(one.key, STUDENT)[1],
                }
                for one in FEATURED
                if one.number in there
            ]

        return JSONResponse(await run_in_threadpool(find))

    async def become(self, request: Request) -> Response:
        """This browser's session of before ends: there is one person behind its cookie."""
        own_page_only(request)
        key = without_surrogates(str((await json_of(request)).get("person", "")))
        before = request.cookies.get(COOKIE, "")
        person, token = await run_in_threadpool(self._begin, key, before)
        response = JSONResponse(self._shown(person, person.language) | {"token": token})
        self._sessions.give(response, token)
        return response

    def _begin(self, key: str, before: str) -> tuple[Person, str]:
        number = next((one.number for one in FEATURED if one.key == key), key)
        with self._office.read() as work:
            person = work.session.scalar(
                select(Person).where(
                    Person.institution_id == work.institution, Person.number == number
                )
            )
        if person is None:
            raise Refusal(404, "no_such_person")
        if before:
            self._sessions.end(before)
        return person, self._sessions.begin(person.id, proved=True)

    async def session(self, request: Request) -> Response:
        def find() -> dict[str, str]:
            with self._office.read() as work:
                person_id = self._sessions.of(work, token_of(request))
                person = work.session.get_one(Person, person_id)
                return self._shown(person, language_of(work, person.id))

        return JSONResponse(await run_in_threadpool(find))

    async def change(self, request: Request) -> Response:
        """The language of the conversation from now on; the page's own control asks for it."""
        own_page_only(request)
        language = (await json_of(request)).get("language")
        if language not in LANGUAGES:
            raise Refusal(400, "no_such_language")

        def change() -> dict[str, str]:
            person_id = self._sessions.person(token_of(request))
            with self._office.work(person_id) as work:
                conversation_of(work, person_id)
                person = work.session.get_one(Person, person_id)
                person.language = language
                mine = select(Conversation).where(Conversation.person_id == person.id)
                conversation = work.session.scalars(mine.with_for_update()).one()
                conversation.language = language
                conversation.state = {**conversation.state, "chosen": True}
                return self._shown(person, language)

        return JSONResponse(await run_in_threadpool(change))

    async def leave(self, request: Request) -> Response:
        own_page_only(request)
        await run_in_threadpool(self._sessions.end, token_of(request))
        response = Response(status_code=204)
        response.delete_cookie(COOKIE)
        return response

    def _shown(self, person: Person, language: str) -> dict[str, str]:
        """``id`` tells people apart in one browser, and nothing else."""
        return {
            "id": self._tokens.name("person", str(person.id)),
            "name": person.name,
            "name_en": person.name_en,
            "language": language,
        }


def language_of(work: Work, person_id: int) -> str:
    """The conversation's, which may have changed in the course of it."""
    of_talk = select(Conversation.language).where(Conversation.person_id == person_id)
    return work.session.scalar(of_talk) or work.session.get_one(Person, person_id).language
