"""Nothing but a stamp of our digest, for our request, by the authority we chose is ever used."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from asn1crypto import tsp

from backend.documents import proving
from backend.documents.errors import Unstamped
from backend.documents.timestamps import MOST_BYTES, TimeStampAuthority
from tests.documents.asking import Change, Meddler, at, sent
from tests.peers.pki import Pki

DIGEST = bytes(range(32))
Ask = Callable[..., TimeStampAuthority]


@pytest.fixture
def asking(pki: Pki) -> Iterator[Ask]:
    made: list[TimeStampAuthority] = []

    def ask(
        change: Change | None = None,
        *,
        url: str = "",
        chain: Path | None = None,
        policy: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> TimeStampAuthority:
        authority = TimeStampAuthority(
            url or pki.tsa(),
            chain or pki.stamp_root,
            proving.check_stamp,
            policy=policy,
            seconds=2,
            transport=Meddler(change),
            clock=clock,
        )
        made.append(authority)
        return authority

    yield ask
    for one in made:
        one.close()


def answering(status: int, body: bytes, kind: str = "application/timestamp-reply") -> Change:
    return lambda _: httpx.Response(status, content=body, headers={"content-type": kind})


def changed(**fields: object) -> Change:
    """Asks for something else than we did; what comes is signed by the right authority."""

    def change(request: httpx.Request) -> httpx.Request:
        asked = tsp.TimeStampReq.load(request.read())
        for name, value in fields.items():
            asked[name] = value
        return sent(request, body=asked.dump(force=True))

    return change


def other_digest(request: httpx.Request) -> httpx.Request:
    asked = tsp.TimeStampReq.load(request.read())
    asked["message_imprint"]["hashed_message"] = bytes(32)
    return sent(request, body=asked.dump(force=True))


def refusal(kind: str) -> bytes:
    status = {"status": "rejection", "status_string": ["go away"], "fail_info": {kind}}
    content: bytes = tsp.PKIStatusInfo(status).dump()
    return bytes([0x30, len(content)]) + content


def too_slow(_: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("too slow")


def test_a_stamp_comes_with_the_way_to_its_root(asking: Ask, pki: Pki) -> None:
    authority = asking()
    token = authority.stamp(DIGEST)
    own, root = authority.path()
    assert root == proving.certificates(pki.stamp_root.read_bytes())[0].dump()
    assert own in token


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (answering(200, refusal("system_failure")), "refused: rejection system_failure"),
        (answering(200, refusal("bad_alg")), "refused"),
        (answering(500, b"oops"), "status 500"),
        (answering(200, b"<html>a portal wants you to sign in</html>", "text/html"), "not answer"),
        (answering(200, b""), "not answer"),
        (answering(200, bytes(MOST_BYTES + 1)), "too large"),
        (answering(200, b"\x30\x80" + bytes(200)), "not answer"),
        (lambda _: httpx.Response(302, headers={"location": "http://evil.cn/"}), "elsewhere"),
        (lambda _: httpx.Response(302, headers={"location": "/stamps/tsa/tsa"}), "redirects"),
        (too_slow, "ReadTimeout"),
        (changed(nonce=5), "another request"),
        (other_digest, "something else"),
        (lambda request: sent(request, path="/neighbour/tsa/tsa"), "configured chain"),
        (lambda request: sent(request, path="/stamps/tsa/tsa-plain"), "configured chain"),
        (lambda request: sent(request, path="/stamps/tsa/tsa-expired"), "configured chain"),
        (lambda request: sent(request, path="/stamps/ocsp/none"), "status 4"),
        (lambda request: at(request, "2026-01-01T00:00:00+0000"), "another time"),
    ],
    ids=[
        *("refusal", "bad algorithm", "500", "HTML", "nothing", "huge", "garbage", "redirect away"),
        *("redirect for ever", "time-out", "wrong nonce", "wrong digest", "foreign signer"),
        *("signer not for stamps", "signer expired", "not found", "another day"),
    ],
)
def test_no_answer_but_the_right_one_is_used(asking: Ask, change: Change, why: str) -> None:
    with pytest.raises(Unstamped, match=why):
        asking(change).stamp(DIGEST)


def test_a_stamp_that_was_altered_is_not_used(asking: Ask, pki: Pki) -> None:
    def altered(request: httpx.Request) -> httpx.Response:
        body = bytearray(httpx.post(str(request.url), content=request.read()).content)
        body[-8] ^= 1  # inside the signature
        return httpx.Response(200, content=bytes(body))

    with pytest.raises(Unstamped, match=r"does not verify|not answer"):
        asking(altered).stamp(DIGEST)


def test_a_stamp_under_another_policy_than_asked_for_is_not_used(asking: Ask) -> None:
    with pytest.raises(Unstamped, match="another policy"):
        asking(policy="1.2.3.4").stamp(DIGEST)
    assert asking(policy="1.3.6.1.4.1.4146.2.3").stamp(DIGEST)


def test_a_stamp_is_not_used_while_the_clocks_disagree(asking: Ask) -> None:
    late = asking(clock=lambda: datetime.now(UTC) + timedelta(hours=1))
    with pytest.raises(Unstamped, match="another time"):
        late.stamp(DIGEST)


def test_an_authority_that_is_away_is_told_without_a_secret(pki: Pki) -> None:
    authority = TimeStampAuthority(
        "http://127.0.0.1:9/",
        pki.stamp_root,
        proving.check_stamp,
        username="registrar",
        password="hidden",
    )
    with pytest.raises(Unstamped, match="cannot be reached") as caught:
        authority.stamp(DIGEST)
    assert "hidden" not in repr(authority) + str(caught.value)
    authority.close()


def test_an_answer_that_drips_ends_in_time(asking: Ask) -> None:
    class Drip(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield b"0"

    with pytest.raises(Unstamped, match=r"too large|too slow"):
        asking(lambda _: httpx.Response(200, stream=Drip())).stamp(DIGEST)
