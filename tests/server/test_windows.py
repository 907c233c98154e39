"""However many windows are opened at the same moment, one person takes no more than their share."""

import asyncio
from collections import Counter
from collections.abc import Callable

from sqlalchemy import select
from starlette.types import Message
from starlette.websockets import WebSocket

from backend.models import Person
from bot.hub import MOST_SOCKETS, Hub
from bot.limits import Limit
from bot.play import Stage
from bot.web.events import TOO_MANY, Events
from bot.web.messages import Messages
from bot.web.sessions import Sessions

AT_ONCE = 3 * MOST_SOCKETS


def test_windows_opened_all_at_once_are_no_more_than_one_after_another(
    stage: Callable[..., Stage],
) -> None:
    assistant, hub = stage().assistant, Hub()
    sessions = Sessions(assistant.office, hub)
    messages = Messages(assistant.reception, sessions, assistant.links, Limit(0, 1))
    events = Events(assistant.reception, sessions, messages, assistant.links, hub)
    with assistant.office.read() as work:
        person = work.session.scalars(select(Person.id).order_by(Person.id).limit(1)).one()
    token = sessions.begin(person)
    closed: list[int] = []

    async def all_at_once() -> None:
        leave = asyncio.Event()
        settled: list[asyncio.Event] = []

        def window() -> WebSocket:
            came = iter([{"type": "websocket.connect"}])
            open_or_not = asyncio.Event()
            settled.append(open_or_not)

            async def receive() -> Message:
                if first := next(came, None):
                    return first
                await leave.wait()
                return {"type": "websocket.disconnect", "code": 1001}

            async def send(message: Message) -> None:
                if message["type"] == "websocket.close":
                    closed.append(message["code"])
                if message["type"] in ("websocket.close", "websocket.send"):
                    open_or_not.set()

            bearer = f"Bearer {token}".encode()
            scope = {
                "type": "websocket",
                "path": "/api/events",
                "query_string": b"after=100000",  # nothing to send but whether somebody types
                "headers": [(b"authorization", bearer)],
                "subprotocols": [],
            }
            return WebSocket(scope, receive, send)

        tasks = [asyncio.create_task(events.events(window())) for _ in range(AT_ONCE)]
        await asyncio.wait_for(asyncio.gather(*(one.wait() for one in settled)), 60)
        leave.set()
        await asyncio.gather(*tasks)

    asyncio.run(all_at_once())
    assert Counter(closed) == {TOO_MANY: AT_ONCE - MOST_SOCKETS}
