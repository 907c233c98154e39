"""The client of a time stamp authority (RFC 3161): asks, and believes nothing it did not ask for."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import randbits
from threading import Lock
from typing import Any

import httpx
from asn1crypto import cms, parser, tsp

from backend.documents.errors import Unstamped
from backend.documents.fetching import Unreachable, fetch, place

MOST_BYTES = 64 * 1024  # of an answer
APART = timedelta(minutes=10)  # its clock and ours
_GRANTED = ("granted", "granted_with_mods")
_SAID = "the time stamp authority "  # begins what administrators are told


# A token, the digest it is for, certificates in PEM, and the time: gives the path, or raises
# ValueError. It parses what strangers sent and needs pyHanko, so the workshop does it.
Check = Callable[[bytes, bytes, bytes, datetime], tuple[bytes, ...]]


class TimeStampAuthority:
    """One authority. ``chain`` holds its root and intermediate certificates in PEM."""

    def __init__(
        self,
        url: str,
        chain: Path,
        check: Check,
        *,
        username: str = "",
        password: str = "",
        policy: str = "",
        seconds: float = 5.0,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.url, self.chain = url, chain
        self._check = check
        self._auth = (username, password) if username else None
        self._policy = policy
        self._seconds = seconds
        self._clock = clock
        self._client = httpx.Client(transport=transport, trust_env=False)
        self._hosts = {place(url)}
        self._path: tuple[bytes, ...] = ()
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"TimeStampAuthority({self.url!r})"

    def stamp(self, digest: bytes) -> bytes:
        """The token in DER for a SHA-256 digest. Raises Unstamped."""
        request, nonce = self._request(digest)
        try:
            answer = fetch(
                self._client,
                "POST",
                self.url,
                most=MOST_BYTES,
                seconds=self._seconds,
                hosts=self._hosts,
                content=request,
                headers={
                    "content-type": "application/timestamp-query",
                    "accept": "application/timestamp-reply",
                },
                auth=self._auth,
            )
        except Unreachable as error:
            raise Unstamped(f"{_SAID}cannot be reached: {error}") from None
        token = self._token(answer, digest, nonce)
        try:
            path = self._check(token, digest, self.chain.read_bytes(), self._clock())
        except ValueError as error:
            raise Unstamped(f"{_SAID}is not believed: {error}") from None
        with self._lock:
            self._path = path
        return token

    def path(self) -> tuple[bytes, ...]:
        """The certificates of the last stamp, from the authority's own on; asks for one if need be.

        Raises Unstamped.
        """
        if not self._path:
            self.stamp(bytes(32))
        with self._lock:
            return self._path

    def close(self) -> None:
        self._client.close()

    def _request(self, digest: bytes) -> tuple[bytes, int]:
        nonce = randbits(63) | 1 << 62  # of one length, and never negative
        asked: dict[str, Any] = {
            "version": "v1",
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": digest,
            },
            "nonce": nonce,
            "cert_req": True,
        }
        if self._policy:
            asked["req_policy"] = self._policy
        request: bytes = tsp.TimeStampReq(asked).dump()
        return request, nonce

    def _token(self, answer: bytes, digest: bytes, nonce: int) -> bytes:
        """The token, when it is about what was asked. Who signed it is checked after that."""
        try:
            # asn1crypto takes no answer without a token, which is what a refusal is.
            content: bytes = parser.parse(answer, strict=True)[4]
            size = parser.peek(content)
            status = tsp.PKIStatusInfo.load(content[:size], strict=True)
            if status["status"].native not in _GRANTED:
                raise Unstamped(f"{_SAID}refused: {_reason(status)}")
            token = content[size:]
            signed = cms.ContentInfo.load(token, strict=True)["content"]
            said = signed["encap_content_info"]["content"].parsed
            imprint = said["message_imprint"]
            if imprint["hash_algorithm"]["algorithm"].native != "sha256":
                raise Unstamped(f"{_SAID}stamped another kind of digest")
            if imprint["hashed_message"].native != digest:
                raise Unstamped(f"{_SAID}stamped something else")
            if said["nonce"].native != nonce:
                raise Unstamped(f"{_SAID}answered another request")
            if self._policy and said["policy"].dotted != self._policy:
                raise Unstamped(f"{_SAID}used another policy")
            if abs(said["gen_time"].native - self._clock()) > APART:
                raise Unstamped(f"{_SAID}has another time than this machine")
        except Unstamped:
            raise
        except Exception:  # parsers fail in many ways on what is no time stamp
            raise Unstamped(f"{_SAID}did not answer with a time stamp") from None
        return token


def _reason(status: Any) -> str:
    """Of a refusal: what kind, never the words that came with it."""
    kinds = status["fail_info"].native or ()
    return " ".join([str(status["status"].native), *sorted(kinds)])
