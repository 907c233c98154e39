"""What ``registrar check`` says of the keys that sign: tried, and looked at for what is to come."""

from collections.abc import Iterator
from datetime import datetime

from backend import signing
from backend.clock import SystemClock, local_date
from backend.documents.materials import KeyInfo
from backend.models import SigningCertificate
from bot.finding import Found, State
from bot.keys import in_words, known_here, open_to_others, signs_now, tried
from bot.prepare import DEMO_KEY, KEYS, check_signing_key, keyring_of
from bot.settings import Settings

SOON = 60  # days
DEMO = ("用演示密钥，印章上会写明演示。", "The demo's key: the seal says so.")


def keys(settings: Settings) -> Iterator[Found]:
    """Each key signs something that means nothing. Raises NotReady."""
    if not settings.demo:
        check_signing_key(settings)
    elif not (settings.data / KEYS).is_dir():  # looking makes no key
        yield State.NOTE, *DEMO
        return
    now = SystemClock().now()
    ring = keyring_of(settings)
    rows = known_here(settings)
    current = signs_now(ring, rows, now)
    infos = ring.all()
    for info in infos:
        yield from broken(info, tried(ring, info), rows.get(info.fingerprint), now)
        if open_to_others(settings.data / KEYS / info.name):
            yield (
                State.NOTE,
                f"密钥 {info.name} 的文件别人读得到，请 chmod 600。",
                "Others can read the files of this key.",
            )
    own = next((info for info in infos if info.name == current), None)
    if own is None or own.not_after is None:
        yield (
            State.BAD,
            "现在没有能签名的密钥：请看 registrar keys list。",
            "No key can sign now: see registrar keys list.",
        )
    elif current == DEMO_KEY and settings.demo:
        yield State.NOTE, *DEMO
    else:
        left = (local_date(own.not_after) - local_date(now)).days
        alone = not any(signing.covers(one, own) for one in infos if not one.problem)
        yield (
            State.NOTE if left <= SOON and alone else State.GOOD,
            f"现在用 {current} 签名，证书还有 {left} 天到期。",
            "The key that signs, and the days that its certificate is valid.",
        )


def broken(
    info: KeyInfo, why: str, row: SigningCertificate | None, now: datetime
) -> Iterator[Found]:
    """A key that others stand in for is a note: what signs is told of by itself."""
    why = why or (signing.why_not(row, now) if row else "")
    if why and why != "retired":
        yield (
            State.NOTE,
            f"密钥 {info.name} 不能签名：{in_words(why)[0]}。",
            f"This key cannot sign: {in_words(why)[1]}.",
        )
