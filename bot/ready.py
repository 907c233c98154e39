"""``registrar check``: what is missing or wrong, part by part, in words; nothing is changed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import httpx

from backend.blobs import BlobStore
from backend.database import Database
from backend.migrations.run import current, head
from bot.channels.wecom import checking
from bot.channels.wecom.crypto import AES_KEY, WRONG_KEY
from bot.prepare import check_signing_key, signing_key
from bot.settings import NotReady, Settings, TelegramSettings, WecomSettings


class State(StrEnum):
    GOOD = "✓"
    BAD = "✗"
    NOTE = "·"  # not set up, or worth knowing


@dataclass(frozen=True, slots=True)
class Finding:
    state: State
    part: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.state} {self.part}：{self.zh} {self.en}"


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Every part on its own: what is wrong with one does not keep the others from being looked at."""
    for part, looks in (
        ("数据 data", database),
        ("文件 files", files),
        ("签名 signing", signing),
        ("地址 address", address),
        ("登录 sign-in", sign_in),
    ):
        for state, zh, en in guarded(looks, settings):
            yield Finding(state, part, zh, en)
    async for found in wecom(settings):
        yield Finding(found[0], "企业微信 WeCom", *found[1:])
    async for found in telegram(settings):
        yield Finding(found[0], "Telegram", *found[1:])
    async for found in single_sign_on(settings):
        yield Finding(found[0], "登录 sign-in", *found[1:])


Found = tuple[State, str, str]


def guarded(look: Callable[[Settings], Iterator[Found]], settings: Settings) -> Iterator[Found]:
    try:
        yield from look(settings)
    except NotReady as missing:
        yield State.BAD, str(missing), ""
    except Exception as error:
        yield State.BAD, f"检查时出错（{type(error).__name__}）。", "The check itself failed."


def database(settings: Settings) -> Iterator[Found]:
    if settings.database.startswith("sqlite") and not (settings.data / "registrar.db").exists():
        yield (
            State.NOTE,
            "还没有数据库，第一次启动时建立。",
            "No database yet: the first start makes it.",
        )
        return
    here = Database(settings.database)
    try:
        with here.read() as session:
            step = current(session)
    except Exception as error:
        yield (
            State.BAD,
            f"连不上数据库（{type(error).__name__}）：请看 REGISTRAR_DATABASE_URL。",
            "The database cannot be reached.",
        )
        return
    finally:
        here.close()
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
    store = BlobStore(settings.blob_store)
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


def signing(settings: Settings) -> Iterator[Found]:
    if settings.demo:
        yield State.NOTE, "用演示密钥，印章上会写明演示。", "The demo's key: the seal says so."
        return
    signing_key(settings)
    check_signing_key(settings)
    yield State.GOOD, "签名密钥能用。", "The signing key works."


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
    if settings.has_sign_in and not settings.demo:
        return
    if settings.production:
        yield (
            State.BAD,
            "没有登录方式：请设置统一身份认证（sign_in.oidc 或 sign_in.cas）或自考登录（sign_in.exam）。",
            "No way to sign in is set up.",
        )
    else:
        yield State.NOTE, "没有登录方式；演示时直接选人。", "The demo lets one choose who to be."


async def wecom(settings: Settings) -> AsyncIterator[Found]:
    given = settings.wecom
    if given is None:
        yield State.NOTE, "没有设置。", "Not set up."
        return
    for found in wecom_form(given):
        yield found
    async for found in wecom_answers(settings, given):
        yield found
    yield (
        State.NOTE,
        f"回调地址应填 {settings.base_url}/wecom/callback。",
        "The callback address to enter.",
    )


def wecom_form(given: WecomSettings) -> Iterator[Found]:
    if not AES_KEY.fullmatch(given.aes_key.get_secret_value()):
        yield State.BAD, *WRONG_KEY
    if not given.corp_id.startswith("ww"):
        yield State.NOTE, "corp_id 一般以 ww 开头，请核对。", "A corp_id usually begins with ww."


async def wecom_answers(settings: Settings, given: WecomSettings) -> AsyncIterator[Found]:
    """A token of its own is asked for, not kept: the running server's stays as it is."""
    query = {"corpid": given.corp_id, "corpsecret": given.secret.get_secret_value()}
    try:
        async with httpx.AsyncClient(base_url=given.api_url, timeout=10) as http:
            answer = (await http.get("/cgi-bin/gettoken", params=query)).json()
            if answer.get("errcode"):
                yield State.BAD, *wecom_words(int(answer["errcode"]))
                return
            yield State.GOOD, "corp_id 和 secret 正确。", "The corp id and secret are right."
            token = {"access_token": answer["access_token"], "agentid": given.agent_id}
            agent = (await http.get("/cgi-bin/agent/get", params=token)).json()
            if agent.get("errcode"):
                yield State.BAD, *wecom_words(int(agent["errcode"]))
                return
            name = agent.get("name", "")
            yield State.GOOD, f"应用“{name}”可用。", "The application answers."
            for words in checking.problems(agent, settings.base_url):
                yield State.BAD, *words
    except (httpx.HTTPError, ValueError, KeyError) as error:
        yield (
            State.BAD,
            f"连不上企业微信（{type(error).__name__}）：请看网络和 wecom.api_url。",
            "WeCom cannot be reached.",
        )


def wecom_words(code: int) -> tuple[str, str]:
    zh, en = checking.CODES.get(code, ("企业微信拒绝了。", "WeCom refused."))
    return f"{zh.rstrip('。')}（{code}）。", en


async def telegram(settings: Settings) -> AsyncIterator[Found]:
    given = settings.telegram
    if given is None:
        yield State.NOTE, "没有设置。", "Not set up."
        return
    try:
        async with httpx.AsyncClient(timeout=10) as http:
            async for found in telegram_answers(http, settings, given):
                yield found
    except (httpx.HTTPError, ValueError, KeyError) as error:
        yield (
            State.BAD,
            f"连不上 Telegram（{type(error).__name__}）：请看网络和 telegram.api_url。",
            "Telegram cannot be reached.",
        )


async def telegram_answers(
    http: httpx.AsyncClient, settings: Settings, given: TelegramSettings
) -> AsyncIterator[Found]:
    base = f"{given.api_url}/bot{given.token.get_secret_value()}"
    me = (await http.get(f"{base}/getMe")).json()
    if not me.get("ok"):
        yield State.BAD, "token 不对，请在 BotFather 核对。", "The token is wrong."
        return
    yield State.GOOD, f"机器人是 @{me['result'].get('username', '')}。", "The bot answers."
    if given.polling:
        yield State.NOTE, "用轮询收消息，只适合开发。", "Polling is for development."
        return
    hook = (await http.get(f"{base}/getWebhookInfo")).json().get("result", {})
    wanted = f"{settings.base_url}/telegram/webhook"
    if hook.get("url") != wanted:
        yield (
            State.NOTE,
            f"webhook 还不是 {wanted}，启动时会设。",
            "The next start sets the webhook.",
        )
    elif hook.get("last_error_message"):
        yield (
            State.BAD,
            f"Telegram 送不到 webhook：{hook['last_error_message']}",
            "Telegram cannot deliver to the webhook.",
        )
    else:
        waiting = hook.get("pending_update_count", 0)
        yield State.GOOD, f"webhook 正常，{waiting} 条待收。", "The webhook is fine."


async def single_sign_on(settings: Settings) -> AsyncIterator[Found]:
    means = settings.sign_in
    asked = []
    if means.oidc:
        issuer = means.oidc.issuer.rstrip("/")
        asked.append(("OIDC", f"{issuer}/.well-known/openid-configuration"))
    if means.cas:
        asked.append(("CAS", f"{means.cas.url}/login"))
    async with httpx.AsyncClient(timeout=10, follow_redirects=True) as http:
        for name, url in asked:
            try:
                (await http.get(url)).raise_for_status()
            except httpx.HTTPError as error:
                yield (
                    State.BAD,
                    f"{name} 打不开 {url}（{type(error).__name__}）。",
                    f"{name} cannot be reached.",
                )
            else:
                yield State.GOOD, f"{name} 可用。", f"{name} answers."
    if means.exam:
        yield State.GOOD, "自考登录已开（E1）。", "The exam office's own sign-in is on."


def check(settings: Settings, say: Callable[[str], None]) -> int:
    """Says every finding; 1 when something is wrong."""

    async def run() -> bool:
        good = True
        async for finding in examine(settings):
            say(str(finding))
            good = good and finding.state is not State.BAD
        return good

    return 0 if asyncio.run(run()) else 1
