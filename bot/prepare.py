"""Everything an installation needs before it can serve; each part is made once."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from backend.clock import local_date
from backend.database import Database
from backend.documents.issue import SigningKey
from backend.migrations.run import upgrade
from backend.models import Institution
from backend.policy import notices
from backend.sealing import Sealer
from bot.settings import Settings

Say = Callable[[str], None]
INSTITUTION_ZH = "中国科学院大学"
MODEL = "model"
FONTS = "fonts"


class NotReady(RuntimeError):
    """Something is missing that only the administrator can give; the message says what."""


def prepare(settings: Settings, say: Say, *, now: datetime | None = None) -> None:
    """Data folder, fonts, model, keys, tables and, for the demo, people. Safe to repeat.

    ``now`` is the day the demo's data and key begin with.
    """
    now = now or datetime.now(UTC)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    signing_key(settings, now)  # first, since without one nothing else is of use
    prepare_fonts(settings.data / FONTS, say)
    prepare_model(settings.data / MODEL, say)
    database = Database(settings.database)
    try:
        upgrade(database)
        load_first_data(settings, database, now)
    finally:
        database.close()


def prepare_fonts(folder: Path, say: Say) -> None:
    if not (folder.is_dir() and any(folder.glob("*.ttf"))):
        from backend.documents import fonts  # noqa: PLC0415 - slow to import, and needed once

        fonts.prepare(folder, say)


def prepare_model(folder: Path, say: Say) -> None:
    """Train the embedded interpreter where its cache is missing or its examples have changed."""
    from nlu.embedded import is_current  # noqa: PLC0415

    if is_current(folder):
        return
    say("正在训练语言理解模型，只需一次 · Training the interpreter, once only")
    from nlu.train import train  # noqa: PLC0415 - scikit-learn takes seconds to import

    train(progress=say).save(folder)


def load_first_data(settings: Settings, database: Database, now: datetime) -> None:
    """The published rules; in the demo also the people and the values that the notice lacks."""
    with database.write() as session:
        if settings.demo:
            from backend.registry import demo  # noqa: PLC0415

            demo.load(session, sealer(settings), local_date(now))
        else:
            institution(session, settings.institution)
        notices.load(session, settings.institution, demo=settings.demo)


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


def sealer(settings: Settings) -> Sealer:
    return Sealer.from_text(settings.secret("personal-data"))


def signing_key(settings: Settings, now: datetime | None = None) -> SigningKey:
    """The institution's key, or in the demo one that says it is a demo. Raises NotReady."""
    if settings.signing_key:
        return SigningKey(
            settings.signing_key, settings.signing_certificate, settings.signing_chain
        )
    if not settings.demo:
        raise NotReady(
            "没有签名密钥：请设置 REGISTRAR_SIGNING_KEY（PKCS#12 或 PEM）。"
            " No signing key: set REGISTRAR_SIGNING_KEY (PKCS#12 or PEM)."
        )
    from backend.documents.demo_ca import demo_signing_key  # noqa: PLC0415

    return demo_signing_key(settings.data / "demo-ca", INSTITUTION_ZH, now=now)


def main() -> None:
    """``python -m bot.prepare``: what takes long and belongs to the checkout, for the tests."""
    cache = Settings().data
    prepare_fonts(cache / FONTS, print)
    prepare_model(cache / MODEL, print)


if __name__ == "__main__":
    main()
