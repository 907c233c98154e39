"""The backend as one thing: what every turn, page and job opens its work on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from backend.blobs import BlobStore
from backend.clauses.finding import Finder, NothingFound
from backend.clock import Clock
from backend.database import Database
from backend.documents.evidence import EvidenceKeeper
from backend.documents.keyring import Keyring
from backend.documents.materials import Authority, Level
from backend.documents.workshop import Workshop
from backend.identity.means import Identity
from backend.payments.provider import PaymentProvider
from backend.photos.codes_provider import CodeSource
from backend.pictures.studio import Apart, Studio
from backend.sealing import Sealer
from backend.verification.inspector import Away, Inspector
from backend.work import Jobs, Work


def tell_nobody(_: Work) -> None:
    """Until somebody is there to listen."""


@dataclass
class Office:
    """One institution's backend. ``announce`` is called with the events of each work, inside it."""

    institution: str
    database: Database
    clock: Clock
    jobs: Jobs
    blobs: BlobStore
    workshop: Workshop
    payments: PaymentProvider | None  # None: nothing can be paid here yet
    base_url: str  # where the world reaches us, for links and QR codes
    production: bool = False
    announce: Callable[[Work], None] = field(default=tell_nobody)
    policies: dict[tuple[str, int], Any] = field(default_factory=dict)  # parsed versions
    identity: Identity = field(default_factory=Identity)
    sealer: Sealer | None = None
    finder: Finder = field(default_factory=NothingFound)
    codes: CodeSource | None = None  # collection codes, besides lists that are imported (P2)
    studio: Studio = field(default_factory=Apart)  # starts nothing before its first use
    inspector: Inspector = field(default_factory=Away)
    keyring: Keyring | None = None  # None: whoever signs here is not known
    level: Level = Level.B_B  # of the signatures that are made
    roots: tuple[bytes, ...] = ()  # PEM; of other institutions, to say whose a signature is
    stamp_roots: tuple[bytes, ...] = ()  # PEM; of the authorities whose time stamps count
    authority: Authority | None = None  # of time stamps; None: signatures carry none
    evidence: EvidenceKeeper | None = None  # what authorities say of certificates; None: not asked

    @contextmanager
    def work(self, actor: int | None = None) -> Iterator[Work]:
        """A write transaction: everything in it happens, or nothing does."""
        with self.database.write() as session:
            work = Work(
                session,
                institution=self.institution,
                actor=actor,
                clock=self.clock,
                jobs=self.jobs,
                production=self.production,
                policies=self.policies,
                identity=self.identity,
                sealer=self.sealer,
                finder=self.finder,
                code_source=self.codes is not None,
            )
            yield work
            session.flush()
            self.announce(work)
        work.committed()

    @contextmanager
    def read(self, actor: int | None = None) -> Iterator[Work]:
        """Looks, and changes nothing."""
        with self.database.read() as session:
            yield Work(
                session,
                institution=self.institution,
                actor=actor,
                clock=self.clock,
                jobs=self.jobs,
                production=self.production,
                policies=self.policies,
                identity=self.identity,
                sealer=self.sealer,
                finder=self.finder,
                code_source=self.codes is not None,
            )
