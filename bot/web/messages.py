"""Reading the conversation, and taking what a person says, presses or sends."""

from typing import Any

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backend import accounts
from backend.models import Conversation
from bot import history
from bot.attachments import TooManyFiles, received
from bot.limits import Limit
from bot.links import Links
from bot.receive import Reception, TooLong
from bot.sent import Sent
from bot.web.incoming import (
    json_of,
    key_in,
    name_of,
    own_page_only,
    upload_of,
    whole,
    without_surrogates,
)
from bot.web.sessions import Sessions, hashed, token_of
from bot.web.signing_in import language_of
from bot.web.words import Refusal, TooFast

CHANNEL = accounts.WEB


class Messages:
    """``limit`` holds for a person's messages, presses and files together, however they come."""

    def __init__(
        self, reception: Reception, sessions: Sessions, links: Links, limit: Limit
    ) -> None:
        self._reception = reception
        self._office = reception.office
        self._sessions = sessions
        self._links = links
        self._limit = limit

    def routes(self) -> list[Route]:
        return [
            Route("/api/messages", self.read, methods=["GET"]),
            Route("/api/messages", self.post, methods=["POST"]),
            Route("/api/attachments", self.attach, methods=["POST"]),
        ]

    async def read(self, request: Request) -> Response:
        after = whole(request.query_params.get("after", "0"))

        def find() -> dict[str, Any]:
            conversation_id = self.conversation(self._sessions.person(token_of(request)))
            with self._office.read() as work:
                return {
                    "messages": history.messages(work, self._links, conversation_id, after),
                    "typing": history.typing(work, conversation_id),
                }

        return JSONResponse(await run_in_threadpool(find))

    async def post(self, request: Request) -> Response:
        own_page_only(request)
        body = await json_of(request)
        seq = await run_in_threadpool(self.take, token_of(request), body)
        return JSONResponse({"seq": seq}, status_code=202)

    def take(self, token: str, body: dict[str, Any]) -> int:
        """Accept what the bearer says or presses, and return its place; raises Refusal."""
        person_id = self._sessions.person(token)
        key, text, press = key_in(body), body.get("text"), body.get("press")
        if isinstance(press, str) and press:
            kind, content = "pressed", {"press": without_surrogates(press[:200])}
        elif isinstance(text, str) and text.strip():
            kind, content = "said", {"text": without_surrogates(text)}
        else:
            raise Refusal(400, "empty")
        self._not_too_fast(person_id)
        return self._accept(token, person_id, key, kind, content)

    async def attach(self, request: Request) -> Response:
        own_page_only(request)
        person_id = await run_in_threadpool(self._sessions.person, token_of(request))
        await run_in_threadpool(self._not_too_fast, person_id)
        fields, new = await upload_of(request, person_id, fields=4)
        if new is None:
            raise Refusal(400, "no_file")
        key = key_in(fields)
        try:
            content = await run_in_threadpool(received, self._office, new)
        except TooManyFiles:
            raise Refusal(429, "too_many_files", file=name_of(new.name)) from None
        seq = await run_in_threadpool(
            self._accept, token_of(request), person_id, key, "attached", content
        )
        return JSONResponse({"seq": seq}, status_code=202)

    def _not_too_fast(self, person_id: int) -> None:
        wait = self._limit.take(str(person_id))
        if wait:
            with self._office.read() as work:
                raise TooFast(wait, language_of(work, person_id))

    def _accept(
        self, token: str, person_id: int, key: str, kind: str, content: dict[str, Any]
    ) -> int:
        content = content | {"browser": hashed(token)}
        sent = Sent(CHANNEL, str(person_id), person_id, key, kind, content)
        try:
            return self._reception.accept(sent).seq
        except TooLong:
            raise Refusal(413, "too_long") from None

    def conversation(self, person_id: int) -> int:
        with self._office.read() as work:
            found = work.session.scalar(
                select(Conversation.id).where(
                    Conversation.institution_id == work.institution,
                    Conversation.person_id == person_id,
                )
            )
        if found is not None:
            return found
        with self._office.work(person_id) as work:
            return accounts.conversation_of(work, person_id)
