"""What attacks are made from: files as they are issued, and keys of ours and of others."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from backend.documents import demo_ca, making, pages
from backend.documents.facts import TranscriptFacts
from backend.documents.fonts import Fonts
from backend.documents.materials import Issue, Level, SigningKey
from backend.documents.sign import Signer
from backend.documents.verdict import Issued
from backend.verification.findings import OwnCertificate, Question
from tests.documents.samples import ISSUE, SEAL, facts
from tests.verification.levels import Levels

NOW = ISSUE.issued_at + timedelta(days=30)
BASE_URL = "https://registrar.example.edu"
LEVELS = (Level.B_B, Level.B_LT, Level.B_LTA)  # that are attacked
OTHER_CODE = "3XPA9D2FH5RTK7QM"


def own(key: SigningKey) -> OwnCertificate:
    """The certificate of a key as it is listed where it signs."""
    assert key.certificate is not None
    assert key.chain is not None
    certificate = x509.load_pem_x509_certificate(key.certificate.read_bytes())
    der = certificate.public_bytes(Encoding.DER)
    return OwnCertificate(
        fingerprint=sha256(der).hexdigest(),
        der=der,
        chain=key.chain.read_bytes(),
        first_used_at=ISSUE.issued_at,
        status="good",
        revoked_at=None,
        revoked_why="",
        checked_at=ISSUE.issued_at,
    )


@dataclass
class Materials:
    """``level`` is that of the file under attack; from B-T on there are ``levels`` to make it with."""

    level: Level
    fonts: Fonts
    key: SigningKey
    folder: Path  # for keys of others
    levels: Levels | None = None
    made: dict[str, bytes] = field(default_factory=dict)  # attacks, by name

    @cached_property
    def issue(self) -> Issue:
        return self.levels.issue if self.levels else ISSUE

    @property
    def now(self) -> datetime:
        return self.issue.issued_at + timedelta(days=30 if self.levels is None else 0, minutes=5)

    @cached_property
    def signer(self) -> Signer:
        return Signer(self.key)

    @cached_property
    def genuine(self) -> bytes:
        return self.issued_for(facts(count=60))

    @cached_property
    def other(self) -> bytes:
        """Of another student, as genuine."""
        told = facts(name_zh="周明远", name_en="ZHOU Mingyuan", count=3)
        issue = replace(self.issue, code=OTHER_CODE, verify_url=_url(OTHER_CODE))
        return self.issued_for(told, issue)

    @cached_property
    def unsigned(self) -> bytes:
        """The same pages, never signed."""
        return pages.render(facts(count=60), fonts=self.fonts, issue=self.issue)

    def issued_for(self, told: TranscriptFacts, issue: Issue | None = None) -> bytes:
        """By our key, with all that belongs to the level."""
        if self.levels is not None:
            return self.levels.of(told, issue or self.issue, self.level)
        return self.signed_by(self.key, told, issue)

    def signed_by(
        self, key: SigningKey, told: TranscriptFacts | None = None, issue: Issue | None = None
    ) -> bytes:
        """Made with this program and a key of whomever."""
        made = making.make(
            told or facts(),
            issue or self.issue,
            fonts=self.fonts,
            signer=Signer(key),
            seal=SEAL,
        )
        return made.pdf

    def empty_place(self) -> bytes:
        """Drawn here with an empty place for the signature, which our key fills later."""
        return making.render_unsigned(
            facts(count=60),
            self.issue,
            fonts=self.fonts,
            container=self.signer.container,
            seal=SEAL,
        )

    def signed_here(self, unsigned: bytes) -> bytes:
        """By our own key, which nobody but us should have: even our mistakes are to be found."""
        return self.signer.sign(unsigned, level=Level.B_B, when=self.issue.issued_at).pdf

    def key_of(self, name: str, institution: str = "中国科学院大学") -> SigningKey:
        """A key with a root of its own, made with this program."""
        return demo_ca.demo_signing_key(self.folder / name, institution, now=self.issue.issued_at)

    @cached_property
    def question(self) -> Question:
        return Question(
            own=(own(self.key),),
            roots=(),
            stamp_roots=(self.levels.stamp_root,) if self.levels else (),
            base_url=BASE_URL,
            now=self.now,
            issued_at=None,
        )

    def listed(self, **changed: object) -> Question:
        """Our certificate stands otherwise."""
        (listed,) = self.question.own
        return replace(self.question, own=(replace(listed, **changed),))  # type: ignore[arg-type]

    def trusting(self, key: SigningKey) -> Question:
        """The root of another institution is known."""
        assert key.chain is not None
        return replace(self.question, roots=(key.chain.read_bytes(),))

    def at(self, now: datetime) -> Question:
        return replace(self.question, now=now)

    @cached_property
    def issued(self) -> Issued:
        return record(self.genuine)

    @contextmanager
    def at_work(self) -> Iterator[Path]:
        """A folder for programs that work on files."""
        place = self.folder / "work"
        place.mkdir(exist_ok=True)
        yield place
        for one in place.iterdir():
            one.unlink()


def record(data: bytes, status: str = "genuine", code: str = ISSUE.code) -> Issued:
    return Issued(
        code=code,
        status=status,
        status_since=NOW,
        status_why="成绩有误" if status == "revoked" else "",
        newer=status == "superseded",
        issued_at=ISSUE.issued_at,
        downloadable=True,
        sha256=sha256(data).hexdigest(),
        size=len(data),
        level=Level.B_B,
        certificate=None,
    )


def _url(code: str) -> str:
    return f"{BASE_URL}/v/{code}"
