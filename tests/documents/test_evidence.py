"""Evidence is what our own authorities really say now, and documents carry nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from backend.documents import proving
from backend.documents.errors import NoEvidence, Unstamped
from backend.documents.evidence import MOST_CRL, EvidenceKeeper, in_order
from backend.documents.timestamps import TimeStampAuthority
from tests.documents.asking import Change, Meddler, at, sent
from tests.peers.pki import Pki

Keeper = Callable[..., tuple[EvidenceKeeper, Meddler]]


def path_of(pki: Pki, name: str = "seal") -> tuple[bytes, ...]:
    key = pki.key(name)
    assert key.certificate
    assert key.chain
    own, *_ = proving.certificates(key.certificate.read_bytes())
    above = proving.certificates(key.chain.read_bytes())
    return in_order(own.dump(), [one.dump() for one in reversed(above)])


@pytest.fixture(scope="module")
def stamps(pki: Pki) -> tuple[bytes, ...]:
    authority = TimeStampAuthority(pki.tsa(), pki.stamp_root, proving.check_stamp)
    found = authority.path()
    authority.close()
    return found


@pytest.fixture
def now() -> datetime:
    """What authorities say of a certificate counts for minutes: the hour at which a test begins."""
    return datetime.now(UTC)


@pytest.fixture
def keeper(stamps: tuple[bytes, ...]) -> Keeper:
    def keep(change: Change | None = None) -> tuple[EvidenceKeeper, Meddler]:
        meddler = Meddler(change)
        return EvidenceKeeper(proving.prove, lambda: stamps, transport=meddler), meddler

    return keep


def only(where: str, change: Change) -> Change:
    return lambda request: change(request) if where in str(request.url) else request


def elsewhere(path: str) -> Change:
    return lambda request: sent(request, path=path)


def test_evidence_is_of_both_chains_and_nothing_else(
    keeper: Keeper, pki: Pki, stamps: tuple[bytes, ...], now: datetime
) -> None:
    found, meddler = keeper()
    evidence = found.ready(path_of(pki), now)
    assert evidence.certificates == (*path_of(pki), *stamps)
    assert (len(evidence.ocsps), len(evidence.crls)) == (1, 2)
    assert [url.removeprefix(pki.url) for url in meddler.asked] == [
        *("/ucas/ocsp/interm", "/ucas/crls/root/latest.crl", "/stamps/crls/stamp-root/latest.crl")
    ]
    later = datetime.now(UTC)  # the responder's own time, which it has taken since
    assert now < evidence.until <= later + timedelta(minutes=11)


def test_it_is_asked_for_again_at_half_of_its_life(keeper: Keeper, pki: Pki, now: datetime) -> None:
    found, meddler = keeper()
    first = found.ready(path_of(pki), now)
    half = now + (first.until - now) / 2
    assert found.ready(path_of(pki), half - timedelta(seconds=1)) is first
    assert len(meddler.asked) == 3
    assert found.ready(path_of(pki), half + timedelta(seconds=1)) is not first
    assert len(meddler.asked) == 6


def test_while_the_authorities_are_away_it_counts_to_its_end_and_no_longer(
    keeper: Keeper, pki: Pki, now: datetime
) -> None:
    found, meddler = keeper()
    first = found.ready(path_of(pki), now)
    meddler.change = lambda _: httpx.Response(503)
    late = first.until - timedelta(seconds=30)
    assert found.ready(path_of(pki), late) is first
    asked = len(meddler.asked)
    assert found.ready(path_of(pki), late + timedelta(seconds=1)) is first
    assert len(meddler.asked) == asked  # not for every document again
    with pytest.raises(NoEvidence, match="503"):
        found.ready(path_of(pki), first.until)


def test_another_key_has_evidence_of_its_own(keeper: Keeper, pki: Pki, now: datetime) -> None:
    found, _ = keeper()
    first = found.ready(path_of(pki), now)
    other = found.ready(path_of(pki, "seal2"), now)
    assert path_of(pki, "seal2")[0] in other.certificates
    assert path_of(pki)[0] not in other.certificates
    assert first is not other


def test_a_list_serves_where_there_is_no_responder(keeper: Keeper, pki: Pki, now: datetime) -> None:
    found, _ = keeper()
    evidence = found.ready(path_of(pki, "seal-crl"), now)
    assert (len(evidence.ocsps), len(evidence.crls)) == (0, 3)


def test_a_list_serves_while_the_responder_is_away(keeper: Keeper, pki: Pki, now: datetime) -> None:
    found, _ = keeper(only("/ocsp/", lambda _: httpx.Response(500)))
    evidence = found.ready(path_of(pki), now)
    assert (len(evidence.ocsps), len(evidence.crls)) == (0, 3)


@pytest.mark.parametrize(
    ("name", "why"),
    [("seal-revoked", "revoked"), ("seal-expired", "Expired"), ("seal-silent", "neither")],
)
def test_there_is_none_for_a_certificate_that_may_not_sign(
    keeper: Keeper, pki: Pki, name: str, why: str, now: datetime
) -> None:
    found, _ = keeper()
    with pytest.raises(NoEvidence, match=why):
        found.ready(path_of(pki, name), now)


UNREADABLE = httpx.Response(200, content=b"<html>sign in</html>")


@pytest.mark.parametrize(
    "change",
    [
        only("/ocsp/", elsewhere("/ucas/ocsp/undelegated")),
        only("/ocsp/", elsewhere("/neighbour/ocsp/other")),
        only(
            "/ocsp/",
            lambda request: at(
                request, f"{datetime.now(UTC) - timedelta(days=3):%Y-%m-%dT00:00:00}Z"
            ),
        ),
        only("/ocsp/", lambda _: UNREADABLE),
        only("/ocsp/", lambda _: httpx.Response(200, content=b"\x30\x03\x0a\x01\x06")),
        only("/crls/root", elsewhere("/ucas/crls/forged/latest.crl")),
        only("/crls/root", elsewhere("/neighbour/crls/other-root/latest.crl")),
        only(
            "/crls/root",
            lambda r: at(r, f"{datetime.now(UTC) - timedelta(days=70):%Y-%m-%dT00:00:00}Z"),
        ),
        only("/crls/root", lambda _: UNREADABLE),
        only("/crls/stamp-root", lambda _: httpx.Response(404)),
        only("/crls/root", lambda _: httpx.Response(200, content=bytes(MOST_CRL + 1))),
        only("/crls/", lambda _: httpx.Response(301, headers={"location": "http://10.0.0.1/x"})),
        only("/crls/", lambda _: httpx.Response(301, headers={"location": "file:///etc/passwd"})),
    ],
    ids=[
        *("OCSP by nobody's delegate", "OCSP of others", "OCSP of the past", "OCSP in HTML"),
        *("OCSP unauthorized", "CRL forged", "CRL of others", "CRL of the past", "CRL in HTML"),
        *("CRL away", "CRL huge", "redirect inside", "redirect to a file"),
    ],
)
def test_no_answer_but_a_right_one_is_evidence(
    keeper: Keeper, pki: Pki, change: Change, now: datetime
) -> None:
    found, meddler = keeper(change)
    with pytest.raises(NoEvidence):
        found.ready(path_of(pki), now)
    assert all(url.startswith(pki.url) for url in meddler.asked)


def test_a_certificate_the_responder_does_not_know_has_none(pki: Pki, now: datetime) -> None:
    def unknown(request: httpx.Request) -> httpx.Request:
        body = bytearray(request.read())
        body[-1] ^= 0x40  # of the serial number
        return sent(request, body=bytes(body))

    found = EvidenceKeeper(proving.prove, transport=Meddler(only("/ocsp/", unknown)))
    with pytest.raises(NoEvidence):
        found.ready(path_of(pki), now)


def test_who_stamps_must_not_be_revoked_either(keeper: Keeper, pki: Pki, now: datetime) -> None:
    authority = TimeStampAuthority(pki.tsa("tsa-revoked"), pki.stamp_root, proving.check_stamp)
    found = EvidenceKeeper(proving.prove, authority.path)
    with pytest.raises(NoEvidence, match="time stamps' certificate is revoked"):
        found.ready(path_of(pki), now)
    authority.close()


def test_without_a_time_stamp_authority_there_is_no_evidence(pki: Pki, now: datetime) -> None:
    def away() -> tuple[bytes, ...]:
        raise Unstamped("away")

    with pytest.raises(Unstamped):
        EvidenceKeeper(proving.prove, away).ready(path_of(pki), now)


def test_when_and_why_a_certificate_was_revoked_is_learned(
    keeper: Keeper, pki: Pki, now: datetime
) -> None:
    found, _ = keeper()
    good = found.status(path_of(pki), now)
    assert (good.status, good.revoked_at) == ("good", None)
    assert good.until
    revoked = found.status(path_of(pki, "seal-revoked"), now)
    assert (revoked.status, revoked.why, revoked.until) == ("revoked", "key_compromise", None)
    assert revoked.revoked_at
    assert revoked.revoked_at < now
    silent = found.status(path_of(pki, "seal-silent"), now)
    assert (silent.status, silent.until) == ("unknown", None)


def test_a_key_found_revoked_is_asked_about_at_once(
    keeper: Keeper, pki: Pki, now: datetime
) -> None:
    found, _ = keeper()
    (mark, path) = (
        found.status(path_of(pki, "seal-revoked"), now).fingerprint,
        path_of(pki, "seal-revoked"),
    )
    asked: dict[str, datetime | None] = {mark: now}
    assert not found.due(mark, asked, now)
    with pytest.raises(NoEvidence):
        found.ready(path, now)
    assert found.due(mark, asked, now)


def test_the_way_up_is_found_in_any_order(pki: Pki) -> None:
    path = path_of(pki)
    others = [*path_of(pki, "seal-crl")[1:], *path_of(pki, "seal2"), *path[1:]]
    assert in_order(path[0], others) == path
    assert in_order(path[0], []) == path[:1]
