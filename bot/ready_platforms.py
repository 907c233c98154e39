"""What WeCom, Telegram and single sign-on answer when ``registrar check`` asks them."""

from collections.abc import AsyncIterator, Iterator

import httpx

from bot.channels.wecom import checking
from bot.channels.wecom.crypto import AES_KEY, WRONG_KEY
from bot.finding import Found, State
from bot.sections import TelegramSettings, WecomSettings
from bot.settings import Settings


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
