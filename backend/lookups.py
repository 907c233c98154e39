"""Many look-ups by code at once: all that wait are answered by one statement, with what stands then."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from backend import credentials
from backend.clock import Clock
from backend.credentials import Standing
from backend.database import Database

Answers = dict[str, Standing]


class Lookups:
    """For the one event loop that serves people. Nothing is remembered from one answer to the next, so
    that whoever asks after a document was revoked is told so."""

    def __init__(self, database: Database, institution: str, clock: Clock) -> None:
        self._database = database
        self._institution = institution
        self._clock = clock
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="lookups")
        self._waiting: dict[str, asyncio.Future[Standing | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def standing(self, code: str) -> Standing | None:
        """Of a normal code (``credentials.normal_code``); None where no document has it (T8)."""
        waiting = self._waiting.get(code)
        if waiting is None:
            loop = asyncio.get_running_loop()
            waiting = self._waiting[code] = loop.create_future()
            if self._asking is None:
                self._asking = loop.create_task(self._ask_all())
        return await asyncio.shield(waiting)  # one who leaves takes no answer from the others

    def close(self) -> None:
        self._reader.shutdown(cancel_futures=True)

    async def _ask_all(self) -> None:
        """Until nobody waits. Whoever comes while the database is asked is in the next statement."""
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                asked, self._waiting = self._waiting, {}
                try:
                    found = await loop.run_in_executor(self._reader, self._look, list(asked))
                except Exception as error:
                    for one in asked.values():
                        _fail(one, error)
                    continue
                for code, one in asked.items():
                    if not one.done():
                        one.set_result(found.get(code))
        finally:
            self._asking = None

    def _look(self, codes: list[str]) -> Answers:
        with self._database.look() as connection:
            return credentials.standings(connection, self._institution, codes, self._clock.now())


def _fail(waiting: "asyncio.Future[Standing | None]", error: Exception) -> None:
    if not waiting.done():
        waiting.set_exception(error)
        waiting.exception()  # whoever waited may have left, and nobody is to be told of it then
