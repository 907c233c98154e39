"""Where WeCom brings what its members send: ``/wecom/callback``.

It waits five seconds and comes three times in all, so nothing is done here that takes longer than a
turn. What cannot be told from a forgery is refused; only a failure of ours is answered with 503, so
that it is brought again.
"""

import asyncio
import logging
from xml.sax.saxutils import escape

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from backend import accounts
from backend.office import Office
from bot import passive
from bot.channels.wecom import directory, words
from bot.channels.wecom.channel import CODE_KEPT, press_code
from bot.channels.wecom.crypto import Forged, Malformed, Wrapping
from bot.channels.wecom.fetching import Fetching, language_of
from bot.channels.wecom.lent import Lent
from bot.channels.wecom.plain import harmless
from bot.channels.wecom.reading import Came, File, Opened, Press, Reach, Unreadable, Words, read
from bot.limits import Limit
from bot.receive import Reception, TooLong
from bot.sections import WecomSettings
from bot.web.incoming import body_of

PASSIVE_LIMIT = 2048  # bytes of a passive reply's words
BODY_LIMIT = 256 * 1024  # bytes; a message is a few thousand
PATH = "/wecom/callback"
log = logging.getLogger(__name__)


class Callback:
    def __init__(
        self,
        settings: WecomSettings,
        reception: Reception,
        office: Office,
        lent: Lent,
        fetching: Fetching,
        messages: Limit,
    ) -> None:
        self._settings = settings
        self._wrapping = Wrapping(settings)
        self._reception = reception
        self._office = office
        self._lent = lent
        self._fetching = fetching
        self._messages = messages

    def routes(self) -> list[Route]:
        return [
            Route(PATH, self.verify, methods=["GET"]),
            Route(PATH, self.receive, methods=["POST"]),
        ]

    async def verify(self, request: Request) -> Response:
        """The address is ours: the bare text, decrypted."""
        try:
            echo = self._wrapping.echo(request.query_params, self._office.clock.now())
        except (Forged, Malformed) as error:
            return refused(error)
        return PlainTextResponse(echo)

    async def receive(self, request: Request) -> Response:
        """One message or event; the answer is empty, or a sentence that is shown at once."""
        try:
            body = await body_of(request, BODY_LIMIT)
            now = self._office.clock.now()
            came = read(self._wrapping.message(body, request.query_params, now), self._settings)
        except (Forged, Malformed) as error:
            return refused(error)
        except ClientDisconnect:
            return Response(status_code=400)
        if came is None:
            return PlainTextResponse("")
        try:
            sentence = await self._take(came)
        except Exception:
            log.exception("a callback could not be taken")
            return Response(status_code=503)
        if sentence is None:
            return PlainTextResponse("")
        return await asyncio.to_thread(self._answer, came, sentence)

    async def _take(self, came: Came) -> dict[str, str] | None:
        """A sentence to be said at once, where no turn says it."""
        if self._messages.take(f"{directory.CHANNEL}:{came.member}"):
            return words.TOO_FAST
        person = await asyncio.to_thread(directory.recognize, self._office, came.member)
        match came:
            case Words():
                body = {"text": came.text}
                return await asyncio.to_thread(self._hear, came, "said", body)
            case Press():
                if came.code and came.task:
                    code = (press_code(came.task), came.code, CODE_KEPT)
                    await asyncio.to_thread(self._lent.put, *code)
                body = {"press": came.press}
                return await asyncio.to_thread(self._hear, came, "pressed", body)
            case File():
                await self._fetching.note(came)
            case Unreadable():
                return words.UNREADABLE[came.kind]
            case Opened():
                if person is not None:
                    welcome = (directory.CHANNEL, came.member, person)
                    await asyncio.to_thread(self._reception.welcome, *welcome)
            case Reach():
                await asyncio.to_thread(self._reach, came)
        return None

    def _hear(self, came: Came, kind: str, body: dict[str, str]) -> dict[str, str] | None:
        try:
            accepted = self._reception.hear(
                directory.CHANNEL, came.member, came.key, kind, body, passive=kind == "said"
            )
        except TooLong:
            return words.TOO_LONG
        if kind != "said":  # a press may only be acknowledged with a card
            return None
        text = passive.words_for(self._reception, accepted, PASSIVE_LIMIT)
        return dict.fromkeys(("zh", "en"), text) if text else None

    def _reach(self, came: Reach) -> None:
        with self._office.work() as work:
            accounts.reach(work, directory.CHANNEL, came.member, blocked=came.blocked)

    def _answer(self, came: Came, sentence: dict[str, str]) -> Response:
        """The passive reply (被动回复): encrypted XML."""
        now = self._office.clock.now()
        text = sentence[language_of(self._office, came.member)]
        message = (
            f"<xml><ToUserName>{escape(came.member)}</ToUserName>"
            f"<FromUserName>{escape(self._settings.corp_id)}</FromUserName>"
            f"<CreateTime>{int(now.timestamp())}</CreateTime>"
            f"<MsgType>text</MsgType><Content>{escape(harmless(text))}</Content></xml>"
        )
        return Response(self._wrapping.wrap(message, now), media_type="text/xml")


def refused(error: Exception) -> Response:
    if isinstance(error, Forged):
        log.warning("a callback was refused: %s", error)
        return Response(status_code=403)
    return Response(status_code=400)
