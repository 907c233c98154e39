"""Documents at every level, certified and stamped by the authorities of the tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from backend.documents import making, proving
from backend.documents.evidence import EvidenceKeeper, in_order
from backend.documents.finishing import finish
from backend.documents.fonts import Fonts
from backend.documents.materials import Evidence, Level, Made
from backend.documents.sign import Signer
from backend.documents.timestamps import TimeStampAuthority
from tests.documents import samples
from tests.peers.pki import Pki

EVIDENT = (Level.B_LT, Level.B_LTA)


class Maker:
    """Does what a job does, without the workshop's processes."""

    def __init__(self, pki: Pki, typefaces: Fonts) -> None:
        self.pki = pki
        self.issue = replace(samples.ISSUE, issued_at=datetime.now(UTC).replace(microsecond=0))
        self.authority = TimeStampAuthority(pki.tsa(), pki.stamp_root, proving.check_stamp)
        self.keeper = EvidenceKeeper(proving.prove, self.authority.path, kept=timedelta(hours=1))
        self._typefaces = typefaces

    def path(self, name: str = "seal") -> tuple[bytes, ...]:
        key = self.pki.key(name)
        assert key.certificate
        assert key.chain
        own, above = (
            [one.dump() for one in proving.certificates(file.read_bytes())]
            for file in (key.certificate, key.chain)
        )
        return in_order(own[0], above)

    def evidence(self, level: Level, name: str = "seal") -> Evidence | None:
        if level not in EVIDENT:
            return None
        return self.keeper.ready(self.path(name), datetime.now(UTC))

    def made(self, level: Level, name: str = "seal") -> Made:
        return self.made_with(level, self.evidence(level, name), name)

    def made_with(self, level: Level, evidence: Evidence | None, name: str = "seal") -> Made:
        return making.make(
            samples.facts(),
            self.issue,
            fonts=self._typefaces,
            signer=Signer(self.pki.key(name)),
            seal=samples.SEAL,
            level=level,
            evidence=evidence,
        )

    def issued(self, level: Level, name: str = "seal") -> bytes:
        return finish(self.made(level, name), self.authority, self.evidence(level, name))

    def close(self) -> None:
        self.authority.close()
        self.keeper.close()
