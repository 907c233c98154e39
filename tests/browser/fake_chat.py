"""The state of the fake server: conversations, who is connected, and faults to switch on."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.browser.script import JSON, reply

T = TypeVar("T")


@dataclass
class Conversation:
    messages: list[JSON] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    sockets: set[WebSocket] = field(default_factory=set)
    typing: bool = False


@dataclass
class FakeChat:
    """What the server knows, and the faults a test can switch on."""

    conversations: dict[str, Conversation] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    received: list[JSON] = field(default_factory=list)
    refuse_posts: bool = False
    refuse_sockets: bool = False
    refuse_press: bool = False
    echo_twice: bool = False
    refuse_history: bool = False
    too_fast: bool = False
    demo: bool = True
    languages: dict[str, str] = field(default_factory=dict)
    sockets_opened: int = 0
    base: str = ""
    loop: asyncio.AbstractEventLoop | None = None

    def of(self, person: str) -> Conversation:
        return self.conversations.setdefault(person, Conversation())

    def clear(self) -> None:
        fresh = FakeChat(base=self.base, loop=self.loop)
        self.run(self.drop())
        for name, value in vars(fresh).items():
            setattr(self, name, value)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run on the server's own loop, from a test's thread."""
        if self.loop is None:
            raise RuntimeError("the server is not running")
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def drop(self) -> None:
        """The line breaks for everybody."""
        for conversation in self.conversations.values():
            for socket in list(conversation.sockets):
                with suppress(RuntimeError, WebSocketDisconnect):
                    await socket.close(1012)
            conversation.sockets.clear()

    async def frame(self, person: str, frame: JSON) -> None:
        for socket in list(self.of(person).sockets):
            with suppress(RuntimeError, WebSocketDisconnect):
                await socket.send_json(frame)

    async def put(self, person: str, **content: Any) -> int:
        conversation = self.of(person)
        message: JSON = {
            "seq": len(conversation.messages) + 1,
            "from": "assistant",
            "at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            "text": "",
            "lang": "zh",
            "card": None,
            "buttons": [],
            "pictures": [],
            "files": [],
            "used": False,
        } | content
        conversation.messages.append(message)
        for _ in range(2 if self.echo_twice else 1):
            await self.frame(person, {"type": "message", "message": message})
        return int(message["seq"])

    def say(self, person: str, **content: Any) -> int:
        return self.run(self.put(person, **content))

    async def typing(self, person: str, on: bool) -> None:
        self.of(person).typing = on
        await self.frame(person, {"type": "typing", "on": on})

    async def hear(self, person: str, body: JSON) -> int:
        """One message of a person: echoed once per id, then answered from the script."""
        conversation = self.of(person)
        self.received.append({"person": person, **body})
        if body["id"] in conversation.ids:
            return conversation.ids[body["id"]]
        text = str(body.get("text") or label_of(conversation, body.get("press")))
        seq = await self.put(person, id=body["id"], text=text, **{"from": "me"})
        conversation.ids[body["id"]] = seq
        if body.get("press"):
            await self.use(person, str(body["press"]))
        await self.typing(person, True)
        for content in reply(text):
            await self.put(person, **content)
        await self.typing(person, False)
        return seq

    async def use(self, person: str, press: str) -> None:
        for message in self.of(person).messages:
            if any(button.get("press") == press for button in message["buttons"]):
                message["used"] = True
                await self.frame(person, {"type": "updated", "message": message})


def label_of(conversation: Conversation, press: object) -> str:
    for message in conversation.messages:
        for button in message["buttons"]:
            if button.get("press") == press:
                return str(button["label"])
    return "?"
