"""``registrar check``: what is missing or wrong, part by part, in words; nothing is changed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from secrets import token_bytes
from urllib.parse import urlsplit

from backend.blobs import BlobStore
from backend.database import Database
from backend.migrations.run import current, head
from backend.sealing import Sealer
from bot import (
    ready_keys,
    ready_money,
    ready_payments,
    ready_pictures,
    ready_platforms,
    ready_signing,
    ready_understanding,
)
from bot.configuration import Problem, unknown_variables
from bot.finding import Finding, Found, State
from bot.prepare import NO_DATABASE
from bot.settings import NotReady, Settings, top

DATA, FILES, SIGNING = "数据 data", "文件 files", "签名 signing"
ADDRESS, PAYMENT, SIGN_IN = "地址 address", "付款 payment", "登录 sign-in"
UNDERSTANDING = "理解 understanding"
PICTURES = "图片 pictures"
WECOM, TELEGRAM, SETTINGS = "企业微信 WeCom", "Telegram", "设置 settings"
PART_OF = {
    "database_url": DATA,
    "blobs": FILES,
    "signing_key": SIGNING,
    "signing_certificate": SIGNING,
    "signing_chain": SIGNING,
    "signing_passphrase": SIGNING,
    "signing": SIGNING,
    "base_url": ADDRESS,
    "wecom": WECOM,
    "telegram": TELEGRAM,
    "sign_in": SIGN_IN,
    "rasa": UNDERSTANDING,
    "wechat_pay": PAYMENT,
}


async def examine(settings: Settings, wrong: Sequence[Problem] = ()) -> AsyncIterator[Finding]:
    """Every part on its own: what is wrong with one does not keep the others from being looked at.

    ``wrong`` are entries that ``settings`` does without: what can be said of their parts is that.
    """
    unread = set()
    for problem in wrong:
        part = PART_OF.get(top(problem), SETTINGS)
        unread.add(part)
        yield Finding(State.BAD, part, str(problem), "")
    for problem in unknown_variables(Settings):
        yield Finding(State.NOTE, SETTINGS, str(problem), "")
    for part, looks in (
        (DATA, database),
        (FILES, files),
        (SIGNING, ready_keys.keys),
        (SIGNING, ready_signing.stamps),
        (SIGNING, ready_signing.evidence),
        (ADDRESS, address),
        (PAYMENT, ready_payments.payment),
        (PAYMENT, ready_money.money),
        (SIGN_IN, sign_in),
        (PICTURES, ready_pictures.pictures),
    ):
        if part not in unread:
            for state, zh, en in await asyncio.to_thread(list, guarded(looks, settings)):
                yield Finding(state, part, zh, en)
    for part, asks in (
        (UNDERSTANDING, ready_understanding.understanding),
        (WECOM, ready_platforms.wecom),
        (TELEGRAM, ready_platforms.telegram),
        (SIGN_IN, ready_platforms.single_sign_on),
    ):
        if part not in unread:
            async for state, zh, en in asked(asks, settings):
                yield Finding(state, part, zh, en)


def guarded(look: Callable[[Settings], Iterator[Found]], settings: Settings) -> Iterator[Found]:
    try:
        yield from look(settings)
    except NotReady as missing:
        yield State.BAD, str(missing), ""
    except Exception as error:
        yield failed(error)


async def asked(
    ask: Callable[[Settings], AsyncIterator[Found]], settings: Settings
) -> AsyncIterator[Found]:
    try:
        async for found in ask(settings):
            yield found
    except Exception as error:
        yield failed(error)


def failed(error: Exception) -> Found:
    return State.BAD, f"检查时出错（{type(error).__name__}）。", "The check itself failed."


def database(settings: Settings) -> Iterator[Found]:
    try:
        if not settings.has_database:
            yield State.NOTE, *NO_DATABASE
            return
        here = Database(settings.database)
        try:
            with here.read() as session:
                step = current(session)
        finally:
            here.close()
    except Exception as error:
        yield (
            State.BAD,
            f"连不上数据库（{type(error).__name__}）：请看 REGISTRAR_DATABASE_URL。",
            "The database cannot be reached.",
        )
        return
    if step == head():
        yield (
            State.GOOD,
            "数据库可用，表是最新的。",
            "The database answers; its tables are current.",
        )
    else:
        yield (
            State.NOTE,
            f"数据库在第 {step} 步，启动时升级到第 {head()} 步；请先备份。",
            "The next start upgrades the tables: make a backup first.",
        )
    if settings.production and here.dialect == "sqlite":
        yield (
            State.NOTE,
            "正式运行在 SQLite 上只能有一个服务进程。",
            "On SQLite there can be one server process only.",
        )


def files(settings: Settings) -> Iterator[Found]:
    probe = f"check/{settings.institution}"
    # with a key of this moment: looking makes no secrets
    store = BlobStore(settings.blob_store, Sealer(token_bytes(32)))
    store.put(probe, b"check")
    good = store.get(probe) == b"check"
    store.delete(probe)
    if good:
        yield State.GOOD, "文件能写、能读、能删。", "Files can be written, read and deleted."
    else:
        yield (
            State.BAD,
            "写进去的文件读出来不一样。",
            "A file comes back other than it was written.",
        )


def address(settings: Settings) -> Iterator[Found]:
    parts = urlsplit(settings.base_url)
    near = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme == "https" and not near:
        yield State.GOOD, f"对外地址是 {settings.base_url}。", "The address people reach."
    elif settings.production or settings.wecom or settings.telegram:
        yield (
            State.BAD,
            f"对外地址 {settings.base_url} 别人打不开：请把 REGISTRAR_BASE_URL 设成 https 地址。",
            "Others cannot reach this address: set REGISTRAR_BASE_URL to an https one.",
        )
    else:
        yield State.NOTE, f"只有本机能打开 {settings.base_url}。", "Only this machine reaches it."


def sign_in(settings: Settings) -> Iterator[Found]:
    if settings.demo:
        means = settings.sign_in
        if means.oidc or means.cas or means.exam:
            yield State.NOTE, "演示时也可以直接选人。", "In the demo one may also choose a person."
        else:
            yield (
                State.NOTE,
                "没有登录方式；演示时直接选人。",
                "The demo lets one choose who to be.",
            )
    elif not settings.has_sign_in:
        yield (
            State.BAD,
            "没有人能登录：请设置统一身份认证（sign_in.oidc 或 sign_in.cas）、自考登录（sign_in.exam）"
            "或企业微信，见 docs/sign-in.md。",
            "Nobody can sign in: set up sign_in.oidc, sign_in.cas, sign_in.exam or WeCom.",
        )


def check(settings: Settings, say: Callable[[str], None], wrong: Sequence[Problem] = ()) -> int:
    """Says every finding; 1 when something is wrong."""

    async def run() -> bool:
        good = True
        async for finding in examine(settings, wrong):
            say(str(finding))
            good = good and finding.state is not State.BAD
        return good

    return 0 if asyncio.run(run()) else 1
