"""What comes for one chat one after the other, and different chats side by side."""

import asyncio
from collections.abc import Awaitable


class InOrder:
    """A queue for each name, as long as somebody stands in it."""

    def __init__(self) -> None:
        self._turns: dict[int, asyncio.Lock] = {}  # which lets in whoever came first
        self._standing: dict[int, int] = {}

    async def run(self, name: int, work: Awaitable[None]) -> None:
        turn = self._turns.setdefault(name, asyncio.Lock())
        self._standing[name] = self._standing.get(name, 0) + 1
        try:
            async with turn:
                await work
        finally:
            self._standing[name] -= 1
            if not self._standing[name]:
                del self._standing[name], self._turns[name]
