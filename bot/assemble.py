"""The composition root: the only place that knows every part and puts them together."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from backend.blobs import BlobStore
from backend.clock import Clock, SystemClock
from backend.database import Database
from backend.documents.keyring import Keyring
from backend.documents.materials import Seal
from backend.documents.workshop import Workshop
from backend.identity.means import Identity
from backend.jobs import DirectJobs, DurableJobs, JobRunner
from backend.office import Office
from backend.payments.provider import PaymentProvider
from backend.photos.codes_provider import CodeSource, HttpCodes
from backend.pictures.studio import Studio
from backend.verification.inspector import Inspector, Processes
from backend.work import Jobs
from bot.announce import announce
from bot.links import Links
from bot.prepare import (
    FONTS,
    INSTITUTION_ZH,
    check_folder,
    database_there,
    keyring_of,
    sealer,
)
from bot.receive import Reception
from bot.settings import NotReady, Settings
from bot.stamping import ready_to_sign
from bot.tokens import Tokens
from bot.understanding import extractor_of, interpreter_of
from bot.wechat_pay import wechat_pay
from dialogs.catalog import DIALOGS, engine
from dialogs.engine.dialog import Dialog
from nlu.answers.finder import ClauseFinder
from nlu.interpreter import Interpreter
from nlu.remote import RemoteInterpreter
from nlu.several import Several

SEAL = "证明专用章"
JOBS_VERSION = "1"  # for good: jobs of another version are never taken over


@dataclass
class Assistant:
    """All parts of one running assistant."""

    settings: Settings
    office: Office
    reception: Reception
    interpreter: Interpreter
    links: Links
    tokens: Tokens

    runner: JobRunner | None = None  # None where jobs run by hand

    def warm(self) -> None:
        """Start the processes that draw, sign and judge, so that the first need not wait."""
        self.office.workshop.warm()
        self.office.inspector.warm()

    def start_jobs(self) -> None:
        if self.runner:
            self.runner.start()

    def stop_jobs(self) -> None:
        if self.runner:
            self.runner.stop()

    def close(self) -> None:
        if isinstance(self.interpreter, RemoteInterpreter):
            self.interpreter.close()
        self.office.workshop.close()
        if self.office.authority:
            self.office.authority.close()
        if self.office.evidence:
            self.office.evidence.close()
        if self.office.payments:
            self.office.payments.stop()
        self.office.studio.close()
        self.office.inspector.close()
        self.office.database.close()


def assemble(
    settings: Settings,
    *,
    wake: Callable[[int], None],
    spoken: Callable[[int, frozenset[int]], None] = lambda _, __: None,
    clock: Clock | None = None,
    direct_jobs: DirectJobs | None = None,
    workshop: Workshop | None = None,
    interpreter: Interpreter | None = None,
    payments: PaymentProvider | None = None,
    studio: Studio | None = None,
    inspector: Inspector | None = None,
    dialogs: Mapping[str, Dialog] = DIALOGS,
) -> Assistant:
    """Put an assistant together on a prepared installation.

    ``direct_jobs`` run when asked to instead of in the durable queue; ``payments`` are those of the
    settings where none are given; ``workshop``, ``studio``,
    ``inspector`` and ``interpreter`` may be shared between assistants.
    """
    clock = clock or SystemClock()
    database = Database(settings.database)
    durable = DurableJobs(database) if direct_jobs is None else None
    office = office_of(
        settings,
        database,
        durable or direct_jobs or DirectJobs(),
        payments or payments_of(settings, clock),
        clock,
        workshop or workshop_of(settings, keyring_of(settings)),
    )
    ready_to_sign(settings, office)
    office.finder = ClauseFinder.load()
    office.studio = studio or office.studio
    office.inspector = inspector or Processes()
    interpreter = interpreter or understanding(settings, office)
    reception = Reception(office, engine(dialogs), Several(interpreter), wake=wake, spoken=spoken)
    tokens = tokens_of(settings)
    links = Links(settings.base_url, tokens, telegram_name(settings))
    runner = JobRunner(office, durable, version=JOBS_VERSION) if durable else None
    return Assistant(settings, office, reception, interpreter, links, tokens, runner)


@contextmanager
def office_alone(settings: Settings) -> Iterator[Office]:
    """For what an administrator does at the keyboard, which hears nobody and signs nothing: it needs
    no key and no model. Whoever is told of it is told by the server. Raises NotReady.
    """
    clock = SystemClock()
    with database_there(settings) as database:
        check_folder(settings, database)
        office = office_of(
            settings,
            database,
            DirectJobs(),
            None,
            clock,
            workshop_of(settings, None),
        )
        office.announce = lambda work: announce(work, lambda _: None, lambda _, __: None)
        yield office


def office_of(
    settings: Settings,
    database: Database,
    jobs: Jobs,
    payments: PaymentProvider | None,
    clock: Clock,
    workshop: Workshop,
) -> Office:
    return Office(
        institution=settings.institution,
        database=database,
        clock=clock,
        jobs=jobs,
        blobs=BlobStore(settings.blob_store, sealer(settings)),
        workshop=workshop,
        keyring=workshop.keyring,
        payments=payments,
        base_url=settings.base_url,
        production=settings.production,
        identity=Identity(
            mark=tokens_of(settings).name,
            pages=settings.has_sign_in,
            telegram=telegram_name(settings),
        ),
        sealer=sealer(settings),
        codes=codes_of(settings),
        roots=settings.signing.other_roots,
        stamp_roots=settings.signing.stamp_roots,
    )


def codes_of(settings: Settings) -> CodeSource | None:
    """Whom collection codes are asked of (P2); None: they only come as lists."""
    given = settings.photo_codes
    return HttpCodes(given.url, given.key.get_secret_value()) if given else None


def workshop_of(settings: Settings, keyring: Keyring | None) -> Workshop:
    seal = Seal(INSTITUTION_ZH, SEAL, demo=not settings.production)
    return Workshop(settings.data / FONTS, keyring, seal, processes=settings.signing.workers)


def tokens_of(settings: Settings) -> Tokens:
    return Tokens(settings.secret("links"))


def telegram_name(settings: Settings) -> str:
    """The bot's own, for links that open it."""
    return settings.telegram.name if settings.telegram else ""


def understanding(settings: Settings, office: Office) -> Interpreter:
    """An interpreter that knows the registry's courses and units by name."""
    with office.read() as work:
        extractor = extractor_of(work, office.clock)
    return interpreter_of(settings, extractor)


def payments_of(settings: Settings, clock: Clock) -> PaymentProvider | None:
    """Who takes the money; None, where it is only tried out: nothing can be paid. Raises NotReady."""
    found = wechat_pay(settings, clock)
    if found is None and settings.production:
        raise NotReady(
            "正式运行要先设置微信支付（wechat_pay，见 docs/payments.md）。"
            " Production needs a payment provider: set up wechat_pay."
        )
    return found
