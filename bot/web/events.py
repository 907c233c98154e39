"""The socket: what is new goes out as it comes, and what a person says comes in."""

import asyncio
import contextlib
import logging
from typing import Any, TypeGuard

from starlette.concurrency import run_in_threadpool
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from backend.office import Office
from bot import history
from bot.hub import Hub, Listener
from bot.links import Links
from bot.receive import Reception
from bot.web.incoming import dict_in, key_in, same_origin, whole
from bot.web.messages import CHANNEL, Messages
from bot.web.sessions import Sessions, token_of
from bot.web.words import Refusal, TooFast

LOOK_AGAIN = 2.0  # seconds after which a socket looks for news from other processes
SIGNED_OUT, FOREIGN_PAGE, TOO_MANY, FAULT = 4401, 4403, 4429, 1011
log = logging.getLogger(__name__)


class Events:
    def __init__(
        self, reception: Reception, sessions: Sessions, messages: Messages, links: Links, hub: Hub
    ) -> None:
        self._reception = reception
        self._office: Office = reception.office
        self._sessions = sessions
        self._messages = messages
        self._links = links
        self._hub = hub

    def routes(self) -> list[WebSocketRoute]:
        return [WebSocketRoute("/api/events", self.events)]

    async def events(self, socket: WebSocket) -> None:
        token = token_of(socket)
        try:
            person_id = await run_in_threadpool(self._sessions.person, token)
        except Refusal:
            await socket.close(SIGNED_OUT)
            return
        if not same_origin(socket):
            await socket.close(FOREIGN_PAGE)
            return
        offered = socket.scope.get("subprotocols", [])
        await socket.accept(subprotocol="chat" if "chat" in offered else None)
        conversation_id = await run_in_threadpool(self._messages.conversation, person_id)
        listener = self._hub.open(conversation_id)
        if listener is None:
            await socket.close(TOO_MANY)
            return
        try:
            await run_in_threadpool(self._reception.welcome, CHANNEL, str(person_id), person_id)
            faults = await self._converse(socket, token, conversation_id, listener)
        finally:
            self._hub.close(conversation_id, listener)
        await self._close(socket, faults)

    async def _converse(
        self, socket: WebSocket, token: str, conversation_id: int, listener: Listener
    ) -> list[Exception]:
        """Until either side ends; why, where that was not the other side's leaving."""
        after = whole(socket.query_params.get("after", "0"))
        tasks = {
            asyncio.create_task(self._listen(socket, token)),
            asyncio.create_task(self._speak(socket, token, conversation_id, listener, after)),
        }
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        return [one for one in outcomes if is_fault(one)]

    async def _close(self, socket: WebSocket, faults: list[Exception]) -> None:
        """With the reason; the page connects again where that helps, and nothing is lost."""
        if not faults:
            return
        signed_out = all(isinstance(fault, Refusal) for fault in faults)
        if not signed_out:
            log.error("a chat's line failed", exc_info=faults[0])
        with contextlib.suppress(RuntimeError):
            await socket.close(SIGNED_OUT if signed_out else FAULT)

    async def _listen(self, socket: WebSocket, token: str) -> None:
        while True:
            body, key = await socket.receive(), None
            if body["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(body["code"])
            try:
                said = dict_in(body.get("text") or body.get("bytes") or "")
                key = key_in(said)
                seq = await run_in_threadpool(self._messages.take, token, said)
            except Refusal as refusal:
                if refusal.status_code == 401:
                    raise
                await socket.send_json(frame_of(refusal, key))
            else:
                await socket.send_json({"type": "accepted", "id": key, "seq": seq})

    async def _speak(
        self, socket: WebSocket, token: str, conversation_id: int, listener: Listener, after: int
    ) -> None:
        """Send what is new, whenever there is news or LOOK_AGAIN has passed, to whoever may hear it."""
        typing: bool | None = None  # the page may have read another state before it opened this
        while True:
            listener.news.clear()
            updated, listener.updated = listener.updated, set()
            found = await run_in_threadpool(self._look, token, conversation_id, after, updated)
            for message in found["updated"]:
                await socket.send_json({"type": "updated", "message": message})
            for message in found["messages"]:
                after = message["seq"]
                await socket.send_json({"type": "message", "message": message})
            if found["typing"] != typing:
                typing = found["typing"]
                await socket.send_json({"type": "typing", "on": typing})
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN):
                    await listener.news.wait()

    def _look(
        self, token: str, conversation_id: int, after: int, updated: set[int]
    ) -> dict[str, Any]:
        """Raises Refusal when the session has ended."""
        with self._office.read() as work:
            self._sessions.of(work, token)
            changed = (
                history.messages(work, self._links, conversation_id, 0, only=updated)
                if updated
                else []
            )
            return {
                "messages": history.messages(work, self._links, conversation_id, after),
                "updated": changed,
                "typing": history.typing(work, conversation_id),
            }


def frame_of(refusal: Refusal, key: str | None) -> dict[str, Any]:
    frame = {"type": "error", "id": key, "error": refusal.detail, "text": refusal.text}
    return frame | ({"wait": refusal.wait} if isinstance(refusal, TooFast) else {})


def is_fault(outcome: object) -> TypeGuard[Exception]:
    """Anything but the other side's leaving."""
    return isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect)
