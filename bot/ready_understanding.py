"""Which interpreter answers, and what Rasa's server says when ``registrar check`` asks it."""

from collections.abc import AsyncIterator
from pathlib import PurePath
from time import monotonic
from typing import Any

import httpx

from bot.finding import Found, State
from bot.prepare import MODEL
from bot.sections import RasaSettings
from bot.settings import Settings
from bot.understanding import token_of
from nlu.embedded import is_current
from nlu.rasa_model import model_name

TRIAL = "我要办成绩单"


async def understanding(settings: Settings) -> AsyncIterator[Found]:
    if is_current(settings.data / MODEL):
        yield (
            State.GOOD,
            "内置解释器的模型是最新的。",
            "The embedded interpreter's model is current.",
        )
    else:
        yield (
            State.NOTE,
            "内置解释器还没有当前的模型，下次启动时训练。",
            "The next start trains the embedded interpreter.",
        )
    given = settings.rasa
    if given is None:
        yield State.NOTE, "没有设置 Rasa，由内置解释器回答。", "Rasa is not set up."
        return
    token = token_of(settings, given)
    try:
        async with httpx.AsyncClient(
            base_url=given.url, params={"token": token}, timeout=10, trust_env=False
        ) as http:
            status = await http.get("/status")
            if status.status_code != httpx.codes.OK:
                yield State.BAD, *refused(status.status_code)
                return
            yield model(status.json())
            began = monotonic()
            parse = (await http.post("/model/parse", json={"text": TRIAL})).json()
            yield in_time(parse["intent"]["name"], monotonic() - began, given)
    except (ValueError, KeyError, TypeError):
        yield State.BAD, "Rasa 答非所问，请看 rasa.url。", "Something else answers at rasa.url."
    except httpx.HTTPError as error:
        yield (
            State.BAD,
            f"连不上 Rasa（{type(error).__name__}），由内置解释器回答：请看它是否在运行（make rasa）"
            "和 rasa.url。",
            "Rasa cannot be reached; the embedded interpreter answers.",
        )


def refused(code: int) -> tuple[str, str]:
    if code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return "Rasa 不认这个 rasa.token。", "Rasa does not accept this token."
    if code == httpx.codes.CONFLICT:
        return (
            "Rasa 没有载入模型，请重新运行 make rasa。",
            "Rasa has no model: run make rasa again.",
        )
    return f"Rasa 答非所问（HTTP {code}），请看 rasa.url。", "Something else answers at rasa.url."


def model(status: dict[str, Any]) -> Found:
    """Whether the model is of the examples, pipeline and versions as they are here."""
    served = PurePath(str(status["model_file"])).name.removesuffix(".tar.gz")
    if served == model_name():
        return State.GOOD, "Rasa 的模型是最新的。", "Rasa's model is of the examples as they are."
    return (
        State.NOTE,
        f"Rasa 的模型（{served}）与现在的训练例句不符，照样使用；重新运行 make rasa 会更新。",
        "Rasa's model is of other examples; make rasa renews it.",
    )


def in_time(intent: str, seconds: float, given: RasaSettings) -> Found:
    taken = round(seconds * 1000)
    if taken > given.deadline_ms:
        return (
            State.NOTE,
            f"Rasa 用了 {taken} 毫秒，超过 {given.deadline_ms} 毫秒的时限。",
            "Rasa is slower than its deadline: the embedded interpreter answers.",
        )
    return State.GOOD, f"Rasa {taken} 毫秒答出 {intent}。", "Rasa answers in time."
