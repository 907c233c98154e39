"""Documents of every level, with authorities that answer (tests/peers/pki)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from asn1crypto import pem
from cryptography import x509

from backend.documents import making, proving
from backend.documents.evidence import Authorities, in_order
from backend.documents.facts import TranscriptFacts
from backend.documents.finishing import finish
from backend.documents.fonts import Fonts
from backend.documents.materials import Evidence, Issue, Level, SigningKey
from backend.documents.sign import Signer
from backend.documents.timestamps import TimeStampAuthority
from backend.verification.findings import OwnCertificate
from tests.documents.samples import ISSUE, SEAL, facts
from tests.peers.pki import Pki
from tests.verification.asking import own

PROVED = (Level.B_LT, Level.B_LTA)


class Levels:
    """Signs with the seals of the authorities, now."""

    def __init__(self, pki: Pki, typefaces: Fonts) -> None:
        self.pki, self.typefaces = pki, typefaces
        self.issue = replace(ISSUE, issued_at=datetime.now(UTC).replace(microsecond=0))
        self.stamp_root = pki.stamp_root.read_bytes()

    def make(
        self, level: Level, *, seal: str = "seal", tsa: str = "tsa", code: str = ISSUE.code
    ) -> bytes:
        issue = replace(
            self.issue, code=code, verify_url=self.issue.verify_url.replace(ISSUE.code, code)
        )
        return self.of(facts(), issue, level, seal=seal, tsa=tsa)

    def of(
        self,
        told: TranscriptFacts,
        issue: Issue,
        level: Level,
        *,
        seal: str = "seal",
        tsa: str = "tsa",
    ) -> bytes:
        key = self.pki.key(seal)
        authority = self.authority(tsa)
        evidence = self.evidence(key, authority) if level in PROVED else None
        made = making.make(
            *(told, issue),
            fonts=self.typefaces,
            signer=Signer(key),
            seal=SEAL,
            level=level,
            evidence=evidence,
        )
        return finish(made, authority, evidence)

    def authority(self, name: str = "tsa") -> TimeStampAuthority:
        return TimeStampAuthority(
            self.pki.tsa(name), self.pki.stamp_root, proving.check_stamp, seconds=30
        )

    def evidence(self, key: SigningKey, authority: TimeStampAuthority) -> Evidence:
        assert key.certificate
        assert key.chain
        above = [der for _, _, der in pem.unarmor(key.chain.read_bytes(), multiple=True)]
        _, _, leaf = pem.unarmor(key.certificate.read_bytes())
        paths = (in_order(leaf, above), authority.path())
        authorities = Authorities()
        answers = [authorities.about(path) for path in paths]
        authorities.close()
        return Evidence(
            certificates=tuple(dict.fromkeys(one for path in paths for one in path)),
            ocsps=tuple(one for each in answers for one in each.ocsps),
            crls=tuple(one for each in answers for one in each.crls),
            until=self.issue.issued_at + timedelta(minutes=10),
        )

    def listed(self, seal: str = "seal", **known: object) -> OwnCertificate:
        key = self.pki.key(seal)
        assert key.certificate
        assert key.chain
        certificate = x509.load_pem_x509_certificate(key.certificate.read_bytes())
        return own(certificate, [key.chain.read_bytes()], **known)
