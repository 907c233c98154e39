"""What shows that certificates are not revoked: asked of their authorities, and kept for a while.

Asked of are only the addresses that our own configured certificates name, those of the key, of the
time stamps and of the authorities above them: nothing that somebody sends here is ever followed.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from threading import Lock
from typing import Any, Protocol

import httpx
from asn1crypto import core, crl, ocsp, x509

from backend.documents.errors import NoEvidence, NotNow
from backend.documents.fetching import Unreachable, fetch, place
from backend.documents.materials import CertificateStatus, Evidence, Proved

MOST_OCSP, MOST_CRL = 64 * 1024, 1024 * 1024  # bytes
SECONDS = 5.0  # for one answer
VAIN = timedelta(minutes=5)  # before a certificate is asked about again, when nothing came of it
PAUSE = timedelta(minutes=1)  # after a vain attempt, while what is kept still counts
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the authorities said, unjudged."""

    ocsps: tuple[bytes, ...]
    crls: tuple[bytes, ...]


class Authorities:
    """Asks whoever the certificates themselves name: OCSP first (RFC 6960), a list where there is none."""

    def __init__(self, *, transport: httpx.BaseTransport | None = None) -> None:
        self._client = httpx.Client(transport=transport, trust_env=False)

    def about(self, path: Iterable[bytes]) -> Answers:
        """For every certificate of a path but its last, the root. Raises NoEvidence."""
        found = [x509.Certificate.load(one) for one in path]
        hosts = {place(url) for one in found for url in (*_responders(one), *_lists(one))} - {""}
        ocsps: list[bytes] = []
        crls: list[bytes] = []
        for one, issuer in pairwise(found):
            answer = self._status(one, issuer, hosts)
            if answer is None:
                crls.append(self._list(one, hosts))
                continue
            ocsps.append(answer)
            crls += [self._list(who, hosts) for who in _unsaid_responders(answer, issuer)]
        return Answers(tuple(dict.fromkeys(ocsps)), tuple(dict.fromkeys(crls)))

    def close(self) -> None:
        self._client.close()

    def _status(self, one: Any, issuer: Any, hosts: set[str]) -> bytes | None:
        """What a responder says; None where there is none, or it is away and there is a list."""
        why = None
        for url in _responders(one):
            try:
                return fetch(
                    self._client,
                    "POST",
                    url,
                    most=MOST_OCSP,
                    seconds=SECONDS,
                    hosts=hosts,
                    content=_question(one, issuer),
                    headers={"content-type": "application/ocsp-request"},
                )
            except Unreachable as error:
                why = error
        if why is not None and not _lists(one):
            raise NoEvidence(f"the OCSP responder cannot be reached: {why}")
        return None

    def _list(self, one: Any, hosts: set[str]) -> bytes:
        why = "the certificate names neither an OCSP responder nor a list"
        for url in _lists(one):
            try:
                return fetch(self._client, "GET", url, most=MOST_CRL, seconds=SECONDS, hosts=hosts)
            except Unreachable as error:
                why = f"the list of revoked certificates cannot be had: {error}"
        raise NoEvidence(why)


def in_order(certificate: bytes, others: Iterable[bytes]) -> tuple[bytes, ...]:
    """The certificate and those above it, as far as they are there; whoever signed is not checked."""
    above = [x509.Certificate.load(one) for one in others]
    path = [x509.Certificate.load(certificate)]
    while not path[-1].self_issued:
        issuers = [one for one in above if one.subject == path[-1].issuer and one not in path]
        named = path[-1].authority_key_identifier
        exact = [one for one in issuers if named and one.key_identifier == named]
        if not issuers:
            break
        path.append((exact or issuers)[0])
    return tuple(one.dump() for one in path)


class Prove(Protocol):
    """``proving.prove``, in a process of the workshop."""

    def __call__(
        self,
        certificate: bytes,
        chain: tuple[bytes, ...],
        ocsps: tuple[bytes, ...],
        crls: tuple[bytes, ...],
        now: datetime,
        *,
        stamping: bool,
    ) -> Proved: ...


class EvidenceKeeper:
    """The evidence for the key that signs now and for the time stamps, renewed at half of its life.

    ``stamps`` gives the certificates of the time stamps, from the authority's own on; None where there
    are none. The methods block: call them from a job.
    """

    def __init__(
        self,
        prove: Prove,
        stamps: Callable[[], tuple[bytes, ...]] | None = None,
        *,
        kept: timedelta = timedelta(hours=1),
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.kept = kept
        self._prove, self._stamps = prove, stamps
        self._authorities = Authorities(transport=transport)
        self._lock = Lock()
        self._held: Evidence | None = None
        self._renew_at: datetime | None = None
        self._asked: dict[str, datetime] = {}  # by fingerprint: not again before
        self._suspects: set[str] = set()  # said to be revoked, and not yet known to be

    def ready(self, signer: tuple[bytes, ...], now: datetime) -> Evidence:
        """What may be put into a document that is signed now; ``signer`` as of `in_order`.

        Raises NoEvidence, also when a certificate is revoked, and Unstamped.
        """
        with self._lock:
            held = self._current(signer, now)
            if held is not None and self._renew_at is not None and now < self._renew_at:
                return held
            try:
                return self._renewed(signer, now)
            except NotNow as error:
                if held is None or self._suspects:
                    self._held = None
                    raise
                log.warning("evidence could not be renewed: %s", error)
                self._renew_at = now + PAUSE
                return held

    def forget(self) -> None:
        """Ask anew for the next document: another authority stamps."""
        with self._lock:
            self._held = None

    def status(self, path: tuple[bytes, ...], now: datetime) -> CertificateStatus:
        """What is said now of a certificate that signs; "unknown" where nothing can be had."""
        mark = sha256(path[0]).hexdigest()
        self._asked[mark] = now + VAIN
        self._suspects.discard(mark)
        try:
            answers = self._authorities.about(path)
        except NoEvidence as error:
            return CertificateStatus(mark, "unknown", now, why=str(error))
        proof = self._judged(path, answers, now, stamping=False)
        until = min((now + self.kept, *_ends(answers))) if proof.status == "good" else None
        return CertificateStatus(mark, proof.status, now, until, proof.revoked_at, proof.why)

    def due(self, fingerprint: str, asked: Mapping[str, datetime | None], now: datetime) -> bool:
        """Whether it is time to ask about a registered certificate; ``asked`` says when others did."""
        if fingerprint in self._suspects:
            return True
        if fingerprint not in asked or now < self._asked.get(fingerprint, now):
            return False
        last = asked[fingerprint]
        return last is None or now - last >= self.kept / 2

    def close(self) -> None:
        self._authorities.close()

    def _current(self, signer: tuple[bytes, ...], now: datetime) -> Evidence | None:
        held = self._held
        if held is None or now >= held.until or signer[0] not in held.certificates:
            return None
        if self._stamps is not None and self._stamps()[0] not in held.certificates:
            return None
        return held

    def _renewed(self, signer: tuple[bytes, ...], now: datetime) -> Evidence:
        paths = {False: signer}
        if self._stamps is not None:
            paths[True] = self._stamps()
        found: list[Answers] = []
        for stamping, path in paths.items():
            answers = self._authorities.about(path)
            proof = self._judged(path, answers, now, stamping=stamping)
            if proof.status == "revoked" and not stamping:
                self._suspects.add(sha256(path[0]).hexdigest())
            if proof.status != "good":
                whose = "time stamps'" if stamping else "signing"
                raise NoEvidence(f"the {whose} certificate is {proof.status}: {proof.why}")
            found.append(answers)
        asked = Answers(
            tuple(dict.fromkeys(one for answers in found for one in answers.ocsps)),
            tuple(dict.fromkeys(one for answers in found for one in answers.crls)),
        )
        until = min((now + self.kept, *_ends(asked)))
        certificates = tuple(dict.fromkeys(one for path in paths.values() for one in path))
        self._held = Evidence(certificates, asked.ocsps, asked.crls, until)
        self._renew_at = now + (until - now) / 2
        return self._held

    def _judged(
        self, path: tuple[bytes, ...], answers: Answers, now: datetime, *, stamping: bool
    ) -> Proved:
        return self._prove(path[0], path[1:], answers.ocsps, answers.crls, now, stamping=stamping)


def _question(one: Any, issuer: Any) -> bytes:
    """Without a nonce, as answers are kept; the digest is the one that every responder takes."""
    asked: bytes = ocsp.OCSPRequest(
        {
            "tbs_request": {
                "request_list": [
                    {
                        "req_cert": {
                            "hash_algorithm": {"algorithm": "sha1", "parameters": core.Null()},
                            "issuer_name_hash": one.issuer.sha1,
                            "issuer_key_hash": issuer.public_key.sha1,
                            "serial_number": one.serial_number,
                        }
                    }
                ]
            }
        }
    ).dump()
    return asked


def _responders(one: Any) -> list[str]:
    return [url for url in one.ocsp_urls if place(url)]


def _lists(one: Any) -> list[str]:
    return [url for point in one.crl_distribution_points if (url := point.url) and place(url)]


def _unsaid_responders(answer: bytes, issuer: Any) -> list[Any]:
    """Responders that are not the issuer, and that must be shown not to be revoked themselves."""
    try:
        response = ocsp.OCSPResponse.load(answer, strict=True)
        if response["response_status"].native != "successful":
            return []
        found = response.basic_ocsp_response["certs"]
        return [
            one
            for one in found
            if one.dump() != issuer.dump() and one.ocsp_no_check_value is None and _lists(one)
        ]
    except Exception:  # an answer that cannot be read proves nothing, which is said elsewhere
        return []


def _ends(answers: Answers) -> list[datetime]:
    """Until when each counts, where it says so. They were judged before."""
    ends = []
    for one in answers.ocsps:
        for single in ocsp.OCSPResponse.load(one).response_data["responses"]:
            ends.append(single["next_update"].native)
    for one in answers.crls:
        ends.append(crl.CertificateList.load(one)["tbs_cert_list"]["next_update"].native)
    return [end for end in ends if end is not None]
