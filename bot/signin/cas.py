"""CAS, the common campus protocol: a ticket for the service, checked by asking the server (CAS 2.0, 3.0).

CAS has no ``state``: it stands in the service address, which the server compares.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError

import httpx
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.sections import CasSettings
from bot.signin.provider import Departure, NotProved, Unavailable

NAMESPACE = "{http://www.yale.edu/tp/cas}"
TIMEOUT = httpx.Timeout(10)
MOST = 64 * 1024  # bytes of an answer
LONGEST_TICKET = 256  # CAS 3.0, 3.7: clients should take as many characters


class Cas:
    name = "cas"
    title_zh = "学校统一身份认证"
    title_en = "University single sign-on"
    can_renew = True

    def __init__(
        self, settings: CasSettings, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._transport = transport

    async def depart(self, back: str, state: str, *, fresh: bool) -> Departure:
        query = {"service": service(back, state)} | ({"renew": "true"} if fresh else {})
        return Departure(f"{self._settings.url}/login?{urlencode(query)}", {"state": state})

    async def who(
        self, answer: Mapping[str, str], back: str, kept: Mapping[str, Any], *, fresh: bool
    ) -> str | int:
        ticket = answer.get("ticket", "")
        if not ticket.startswith("ST-") or len(ticket) > LONGEST_TICKET or not ticket.isascii():
            raise NotProved("there is no service ticket")
        query = {"service": service(back, str(kept["state"])), "ticket": ticket}
        if fresh:
            query["renew"] = "true"
        return self._number_in(await self._validate(query))

    async def _validate(self, query: dict[str, str]) -> bytes:
        """Attributes are a matter of CAS 3.0; its address is another one."""
        version = "/p3" if self._settings.attribute else ""
        url = f"{self._settings.url}{version}/serviceValidate"
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT, transport=self._transport) as client:
                answer = await client.get(url, params=query, headers={"Accept": "application/xml"})
        except httpx.HTTPError as error:
            raise Unavailable(type(error).__name__) from None
        if answer.status_code != 200 or len(answer.content) > MOST:
            raise Unavailable(f"status {answer.status_code}")
        return answer.content

    def _number_in(self, body: bytes) -> str:
        try:
            root: Element = fromstring(body, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError):
            raise NotProved("the answer is no XML that can be read") from None
        successes = root.findall(f"{NAMESPACE}authenticationSuccess")
        failure = root.find(f"{NAMESPACE}authenticationFailure")
        if root.tag != f"{NAMESPACE}serviceResponse" or failure is not None or len(successes) != 1:
            code = failure.get("code", "")[:40] if failure is not None else "no success"
            raise NotProved(f"the ticket was not taken: {code}")
        name = self._settings.attribute
        path = f"{NAMESPACE}attributes/{NAMESPACE}{name}" if name else f"{NAMESPACE}user"
        values = {(found.text or "").strip() for found in successes[0].findall(path)}
        if len(values) != 1 or values == {""}:
            raise NotProved(f"{name or 'user'!r} holds no number, or several")
        return values.pop()


def service(back: str, state: str) -> str:
    return f"{back}?{urlencode({'state': state})}"
