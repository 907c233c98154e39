"""Rasa's server as an interpreter, with the embedded one behind it."""

import asyncio
import logging
import ssl
import threading
from collections.abc import Collection
from typing import Any

import httpx

from backend.clock import Clock, SystemClock
from nlu.breaker import Breaker
from nlu.entities.extractor import EntityExtractor
from nlu.interpreter import Interpreter, Parse
from nlu.normalize import LONGEST, normalize
from nlu.rasa_answer import BadAnswer, Unsure, merged, read_parse
from nlu.standing import Reason, Record, Standing

LARGEST = 256 * 1024  # bytes of an answer; a real one has five thousand
CONNECTIONS = 16
KEPT_OPEN = 2.0  # seconds; Rasa itself closes idle connections after five
log = logging.getLogger(__name__)


class RemoteInterpreter:
    """Fills the port by asking Rasa, and where it does not answer in time, or is unsure, ``fallback``.

    ``deadline`` is in seconds and holds for the whole question, not for each packet of the answer.
    An answer that names an intent outside ``intents`` is none. Entities are found here: Rasa's own,
    if its pipeline finds any, are added where ours found nothing.
    """

    def __init__(
        self,
        url: str,
        fallback: Interpreter,
        extractor: EntityExtractor,
        intents: Collection[str],
        *,
        deadline: float,
        token: str = "",
        breaker: Breaker | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._fallback, self._extractor = fallback, extractor
        self._intents = frozenset(intents)
        self._deadline = deadline
        self._breaker = breaker or Breaker()
        self._record = Record(clock or SystemClock())
        self._http = httpx.AsyncClient(
            base_url=url,
            params={"token": token} if token else {},
            headers={"accept-encoding": "identity"},
            timeout=deadline,
            limits=httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=KEPT_OPEN),
            verify=ssl.create_default_context(),
            trust_env=False,  # a proxy for the web has no business with what people say
            follow_redirects=False,
        )
        self._closed = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="rasa", daemon=True)
        self._thread.start()

    def parse(self, text: str) -> Parse:
        """Never raises."""
        words = text if len(text) <= LONGEST else normalize(text)
        if self._closed or not normalize(words):
            return self._fallback.parse(text)
        if not self._breaker.allows():
            return self._instead(text, Reason.PAUSE)
        try:
            parse = read_parse(self._asked(words), words, self._intents)
        except Unsure:
            self._breaker.succeeded()
            return self._instead(text, Reason.UNSURE)
        except Exception as error:  # the port promises an answer, and the fallback has one
            self._breaker.failed()
            return self._instead(text, reason(error))
        self._breaker.succeeded()
        if self._record.rasa():
            log.warning("Rasa answers again")
        theirs = parse.entities if words == text else ()  # others count in shortened words
        found = merged(self._extractor.extract(text), theirs)
        return Parse(parse.intent, parse.confidence, parse.ranking, found)

    def standing(self) -> Standing:
        return self._record.standing()

    def close(self) -> None:
        """Rasa is asked nothing after this."""
        self._closed = True
        asyncio.run_coroutine_threadsafe(self._http.aclose(), self._loop).result(timeout=5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def _instead(self, text: str, why: Reason) -> Parse:
        if self._record.embedded(why):
            log.warning("Rasa is left out (%s): the embedded interpreter answers", why)
        return self._fallback.parse(text)

    def _asked(self, words: str) -> bytes:
        """Raises TimeoutError, httpx.HTTPError or BadAnswer."""
        asking = asyncio.run_coroutine_threadsafe(self._answer(words), self._loop)
        return asking.result(timeout=self._deadline * 2)  # a loop that hangs is a deadline missed

    async def _answer(self, words: str) -> bytes:
        question: dict[str, Any] = {"text": words}
        body = bytearray()
        async with (
            asyncio.timeout(self._deadline),
            self._http.stream("POST", "/model/parse", json=question) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise BadAnswer(f"status {answer.status_code}")
            async for part in answer.aiter_raw():
                body += part
                if len(body) > LARGEST:
                    raise BadAnswer("too long")
        return bytes(body)


def reason(error: Exception) -> Reason:
    """What is told of a failure."""
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return Reason.SLOW
    if isinstance(error, httpx.TransportError):
        return Reason.DOWN
    return Reason.BAD
