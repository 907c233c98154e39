"""Requests that are signed and answers that are believed: wechatpayv3's core, with what it leaves open."""

import json
import logging
import re
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType
from wechatpayv3.utils import build_authorization, load_public_key, rsa_verify

from backend.clock import Clock
from backend.payments.provider import (
    TOLERANCE,
    ForgedNotice,
    MalformedNotice,
    ProviderUnreachable,
)
from backend.payments.wechat.answers import judged
from backend.payments.wechat.merchant import Merchant

SERIAL, STAMP = "wechatpay-serial", "wechatpay-timestamp"
NONCE, SIGNATURE = "wechatpay-nonce", "wechatpay-signature"
SIGNATURE_TYPE = "wechatpay-signature-type"
ALGORITHM = "WECHATPAY2-SHA256-RSA2048"
PROBE = "WECHATPAY/SIGNTEST/"  # begins signatures that are wrong on purpose (签名探测流量)

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
LONGEST_ANSWER = 20.0  # seconds to read all of one, however slowly it drips
LONGEST_FILE = 120.0
LARGEST_ANSWER = 256 * 1024  # bytes
LARGEST_NOTICE = 64 * 1024

logging.getLogger("httpx").setLevel(
    logging.WARNING
)  # at INFO it tells addresses; a bill's opens it


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in small letters
    body: bytes


class GuardedCore(Core):
    """Signs, verifies and decrypts as the library does; what else it does is done here instead:

    - it verifies with one key, accepts any time, and asks the network about a serial that it does not know;
    - it leaves answers with an error unverified, verifies text after decoding it, reads answers of any
      size for any time, and follows them elsewhere.

    Safe to use from several threads. Building one asks nobody.
    """

    def __init__(
        self, merchant: Merchant, clock: Clock, transport: httpx.BaseTransport | None = None
    ) -> None:
        asked_for, key = next(iter(merchant.public_keys.items()))
        super().__init__(
            mchid=merchant.mchid,
            cert_serial_no=merchant.certificate_serial,
            private_key=merchant.private_key,
            apiv3_key=merchant.apiv3_key,
            public_key=key,
            public_key_id=asked_for,
        )
        # Set afterwards, as the library has no option for another address; its methods read it here.
        self._gate_way = merchant.gateway
        self._keys = {name: load_public_key(pem) for name, pem in merchant.public_keys.items()}
        self._clock = clock
        # Proxies are those of the environment, if any.
        self._http = httpx.Client(
            base_url=merchant.gateway,
            timeout=TIMEOUT,
            follow_redirects=False,
            transport=transport,
            headers={
                "accept": "application/json",
                "accept-encoding": "identity",  # what is signed is what is sent
                "user-agent": "registrar-assistant",
                SERIAL: asked_for,
            },
        )

    def stop(self) -> None:
        self._http.close()

    # --- asking ---------------------------------------------------------------------------------

    def request(
        self, path: str, method: RequestType = RequestType.GET, data: Any = None
    ) -> dict[str, Any]:
        """What WeChat Pay answers, which every endpoint of the library returns as it is.

        Raises ProviderUnreachable, ProviderRefused, AlreadyPaid.
        """
        body = json.dumps(data).encode() if data else b""
        answer = self._exchange(method.value, path, body, LARGEST_ANSWER, LONGEST_ANSWER)
        return judged(answer.status, answer.body, lambda: self._believe(answer))

    def download(self, path: str, largest: int) -> bytes:
        """A file, which is not signed: whoever asked for it knows its digest.

        Raises ProviderUnreachable.
        """
        answer = self._exchange("GET", path, b"", largest, LONGEST_FILE)
        if answer.status != 200:
            raise ProviderUnreachable(f"status {answer.status} for a file")
        return answer.body

    def _exchange(
        self, method: str, path: str, body: bytes, largest: int, longest: float
    ) -> Answer:
        request = self._http.build_request(method, path, content=body or None)
        if body:
            request.headers["content-type"] = "application/json"
        request.headers["authorization"] = build_authorization(
            request.url.raw_path.decode("ascii"),  # as it is sent, whatever had to be escaped
            method,
            self._mchid,
            self._cert_serial_no,
            self._private_key,
            data=body.decode(),
        )
        until = time.monotonic() + longest
        try:
            with closing(self._http.send(request, stream=True)) as response:
                read = bytearray()
                for piece in response.iter_raw():
                    read += piece
                    if len(read) > largest:
                        raise ProviderUnreachable("an answer that is too large")
                    if time.monotonic() > until:
                        raise ProviderUnreachable("an answer that takes too long")
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, headers, bytes(read))
        except httpx.HTTPError as error:
            raise ProviderUnreachable(type(error).__name__) from None

    def _believe(self, answer: Answer) -> None:
        try:
            self.prove(answer.headers, answer.body, self._clock.now())
        except ForgedNotice as forged:
            # Who cannot show to be the merchant is answered without a signature: no more than a hint.
            hint = re.search(rb'"code": ?"([A-Z_]{1,40})"', answer.body)
            said = f"{answer.status} {hint[1].decode() if hint else ''}".rstrip()
            raise ProviderUnreachable(
                f"an answer ({said}) that is not WeChat Pay's: {forged.reason}"
            ) from None

    # --- believing ------------------------------------------------------------------------------

    def prove(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """The text of ``body``, once WeChat Pay has said it, just now. Asks nobody.

        ``headers`` have names in small letters. Raises ForgedNotice, MalformedNotice.
        """
        for name in (SERIAL, STAMP, NONCE, SIGNATURE, SIGNATURE_TYPE):
            if not headers.get(name):
                raise MalformedNotice(f"no header {name}")
        if headers[SERIAL] not in self._keys:
            raise ForgedNotice(f"unknown serial {headers[SERIAL][:64]!r}")
        # A line end in either could make one signature good for two bodies.
        if not re.fullmatch(r"[!-~]{1,128}", headers[NONCE]):
            raise MalformedNotice("unreadable nonce")
        if not re.fullmatch(r"[0-9]{1,11}", headers[STAMP]):
            raise MalformedNotice("unreadable timestamp")
        if abs(now.timestamp() - int(headers[STAMP])) > TOLERANCE.total_seconds():
            raise ForgedNotice("stale timestamp")
        if headers[SIGNATURE].startswith(PROBE):
            raise ForgedNotice("a probe, whose signature is wrong on purpose")
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            raise MalformedNotice("not UTF-8") from None
        if not self._verify_signature(headers, text):
            raise ForgedNotice("wrong signature")
        return text

    def _verify_signature(self, headers: Mapping[str, str], body: str) -> bool:
        """In the place of the library's: by the key with this serial, and never by asking for one."""
        key = self._keys.get(headers.get(SERIAL, ""))
        if key is None or headers.get(SIGNATURE_TYPE) != ALGORITHM:
            return False
        return bool(rsa_verify(headers[STAMP], headers[NONCE], body, headers[SIGNATURE], key))
