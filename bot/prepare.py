"""Everything an installation needs before it can serve; each part is made once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import signing
from backend.clock import SetClock, SystemClock, local_date
from backend.database import Database
from backend.documents import font_files
from backend.documents import keyring as keyrings
from backend.documents.errors import SigningRefused, TokenAway
from backend.documents.keyring import Keyring
from backend.documents.keys import CONFIGURED
from backend.documents.materials import AnyKey, SigningKey, TokenKey
from backend.jobs import DirectJobs
from backend.ledger import payments as ledger
from backend.migrations.run import current, upgrade
from backend.models import Institution, Person
from backend.policy import notices
from backend.sealing import Sealer
from backend.work import Work
from bot.sections import TokenSettings
from bot.settings import DEMO_MARK, NotReady, Settings

Say = Callable[[str], None]
INSTITUTION_ZH = "中国科学院大学"
NO_DATABASE = ("还没有数据库，第一次启动时建立。", "No database yet: the first start makes it.")
MODEL = "model"
FONTS = "fonts"
KEYS = "keys"  # the keys that were added, each in a folder of its own
DEMO_KEY = "demo"
PERSONAL = "personal-data"


class NothingYet(NotReady):
    """Nothing has been set up in this folder."""


def prepare(settings: Settings, say: Say, *, now: datetime | None = None) -> None:
    """Data folder, keys, tables and, for the demo, people; fonts and model. Safe to repeat.

    ``now`` is the day the demo's data and key begin with.
    """
    prepare_data(settings, now=now)
    prepare_materials(settings, say)


def prepare_data(settings: Settings, *, now: datetime | None = None) -> None:
    """What an installation is; it takes a moment."""
    now = now or datetime.now(UTC)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    keyring_of(settings, now)  # first, since without one nothing else is of use
    keep_certificate(settings)
    check_signing_key(settings)
    database = Database(settings.database)
    try:
        upgrade(database)
        check_folder(settings, database)
        load_first_data(settings, database, now)
    finally:
        database.close()
    register_keys(settings, now)


def prepare_materials(settings: Settings, say: Say) -> None:
    """What is made from the packages and the training data, and takes long the first time."""
    prepare_fonts(settings.data / FONTS, say)
    prepare_model(settings.data / MODEL, say)


@contextmanager
def database_there(settings: Settings, words: tuple[str, str] = NO_DATABASE) -> Iterator[Database]:
    """The database for whoever only looks or mends: closed afterwards, and never made here.

    Raises NothingYet with these words where the first start has not made it.
    """
    none_yet = NothingYet(" ".join(words))
    if not settings.has_database:
        raise none_yet
    database = Database(settings.database)
    try:
        with database.read() as session:
            step = current(session)
        if step is None:
            raise none_yet
        yield database
    finally:
        database.close()


def prepare_fonts(folder: Path, say: Say) -> None:
    if font_files.absent(folder):
        from backend.documents import fonts  # noqa: PLC0415 - slow to import, and needed once

        fonts.prepare(folder, say)


def prepare_model(folder: Path, say: Say) -> None:
    """Train the embedded interpreter where its cache is missing or its examples have changed."""
    from nlu.embedded import is_current  # noqa: PLC0415
    from nlu.intents.publication import outdated  # noqa: PLC0415

    if outdated(folder):
        say(
            "出厂例句更新了，先用出厂的模型；运行 registrar retrain 再学一遍教过的话"
            " · The shipped examples have changed: registrar retrain learns again what was taught"
        )
    if is_current(folder):
        return
    say("正在训练语言理解模型，只需一次 · Training the interpreter, once only")
    from nlu.intents.train import train  # noqa: PLC0415 - scikit-learn takes seconds to import

    train(progress=say).save(folder)


def load_first_data(settings: Settings, database: Database, now: datetime) -> None:
    """The published rules; in the demo also the people and the values that the notice lacks."""
    with database.write() as session:
        if settings.demo:
            from backend.registry import demo  # noqa: PLC0415

            demo.load(session, sealer(settings), local_date(now))
        else:
            institution(session, settings.institution)
        notices.load(session, settings.institution, demo=settings.demo, today=local_date(now))
        ledger.begin(
            Work(
                session,
                institution=settings.institution,
                actor=None,
                clock=SetClock(now),
                jobs=DirectJobs(),
            )
        )


def institution(session: Session, institution_id: str) -> None:
    """The row that everything belongs to."""
    if session.get(Institution, institution_id) is None:
        session.add(
            Institution(
                id=institution_id,
                name_zh=INSTITUTION_ZH,
                name_en="University of Chinese Academy of Sciences",
            )
        )
        session.flush()


@contextmanager
def work_there(
    settings: Settings, *, writing: bool = False, sealer: Sealer | None = None
) -> Iterator[Work]:
    """What an administrator looks at, or changes (``writing``), at the keyboard, as nobody of the
    registry: with neither keys nor channels. Raises NotReady.
    """
    with database_there(settings) as database:
        if writing:
            upgrade(database)
        check_folder(settings, database)
        with database.write() if writing else database.read() as session:
            yield Work(
                session,
                institution=settings.institution,
                actor=None,
                clock=SystemClock(),
                jobs=DirectJobs(),
                sealer=sealer,
            )


def sealer(settings: Settings) -> Sealer:
    """For ID numbers and all else that is kept encrypted, with this installation's key for it.

    Raises NotReady where its file does not hold one.
    """
    return Sealer.from_text(settings.secret(PERSONAL))


def keyring_of(settings: Settings, now: datetime | None = None) -> Keyring:
    """Every key that may sign here: the one of the settings or of the demo, and those that were
    added. Raises NotReady where there is none."""
    folder = settings.data / KEYS
    added = keyrings.names(folder)
    if settings.signing_key or settings.signing.pkcs11 or settings.demo or not added:
        key = signing_key(settings, now)
        own = settings.signing_key is None and settings.signing.pkcs11 is None
        return Keyring(folder, key, DEMO_KEY if own else CONFIGURED)
    return Keyring(folder, None)


def signing_key(settings: Settings, now: datetime | None = None) -> AnyKey:
    """The key of the settings, or in the demo one that says it is a demo. Raises NotReady."""
    if token := settings.signing.pkcs11:
        held = certificate_of(settings, token)
        return TokenKey(
            token.module,
            token.token,
            token.pin.get_secret_value(),
            token.label,
            token.key_id,
            settings.signing_certificate or (held if held.is_file() else None),
            settings.signing_chain,
        )
    if settings.signing_key:
        phrase = settings.signing_passphrase
        return SigningKey(
            settings.signing_key,
            settings.signing_certificate,
            settings.signing_chain,
            phrase.get_secret_value().encode() if phrase else None,
        )
    if not settings.demo:
        raise NotReady(
            "没有签名密钥：请设置 REGISTRAR_SIGNING_KEY（试用密钥的做法见 docs/operations.md），"
            "或者用 registrar keys add 加一个；只想看演示，请加 --demo。"
            " No signing key: set REGISTRAR_SIGNING_KEY (docs/operations.md tells how to make one"
            " for a trial), or add one with registrar keys add; for the demo, add --demo."
        )
    from backend.documents.demo_ca import demo_signing_key  # noqa: PLC0415

    return demo_signing_key(settings.data / "demo-ca", INSTITUTION_ZH, now=now)


def check_signing_key(settings: Settings) -> None:
    """A key that cannot be used is found before anybody has paid. Raises NotReady.

    A token that is away now may be back when it is needed, if its certificate is known.
    """
    ring = keyring_of(settings)
    infos = ring.all()
    good = [info for info in infos if not info.problem]
    if not good:
        names = "；".join(f"{info.name}：{info.why}" for info in infos)
        raise NotReady(f"签名密钥用不了：{names}。 The signing key cannot be used.")


def register_keys(settings: Settings, now: datetime) -> None:
    """Every certificate is known before its first document."""
    with work_there(settings, writing=True) as work:
        for info in keyring_of(settings).all():
            if info.der:
                signing.register(work, info, since=now)


def keep_certificate(settings: Settings) -> None:
    """The certificate of the key on the token, so that the token is not asked for it again."""
    (settings.data / KEYS).mkdir(mode=0o700, parents=True, exist_ok=True)
    token = settings.signing.pkcs11
    if token is None or settings.signing_certificate or certificate_of(settings, token).is_file():
        return
    with suppress(TokenAway, SigningRefused):
        certificate = keyring_of(settings).find(CONFIGURED).certificate
        certificate_of(settings, token).write_bytes(certificate.public_bytes(Encoding.PEM))


def certificate_of(settings: Settings, token: TokenSettings) -> Path:
    """Where the certificate of this very key is kept."""
    key = f"{token.module}\0{token.token}\0{token.label}\0{token.key_id}".encode()
    return settings.data / KEYS / f".certificate-{sha256(key).hexdigest()[:16]}.pem"


def check_folder(settings: Settings, database: Database) -> None:
    """A demo and an institution's own data never share a folder. Raises NotReady."""
    mark = settings.data / DEMO_MARK
    with database.read() as session:
        used = session.scalar(select(Institution.id).limit(1)) is not None
        sealed = session.scalar(
            select(Person.id).where(Person.id_number_sealed.is_not(None)).limit(1)
        )
    if used and settings.demo and not mark.exists():
        raise NotReady(
            f"{settings.data} 里是真实数据，不能当演示用。 This folder holds real data, not a demo."
        )
    if used and not settings.demo and mark.exists():
        raise NotReady(
            f"{settings.data} 里是演示数据，请加 --demo，或换一个文件夹。"
            " This folder holds a demo: use --demo, or another folder."
        )
    if sealed is not None and not (settings.data / "secrets" / PERSONAL).exists():
        raise NotReady(
            f"找不到 secrets/{PERSONAL}，已加密的证件号码打不开；请从备份恢复。"
            " The key of the encrypted ID numbers is missing: restore it from the backup."
        )
    if settings.demo:
        mark.touch()


def main() -> None:
    """``python -m bot.prepare``: what takes long and belongs to the checkout, for the tests."""
    cache = Settings().data
    prepare_fonts(cache / FONTS, print)
    prepare_model(cache / MODEL, print)


if __name__ == "__main__":
    main()
