"""Somebody at the chat, over HTTP, as a script would do it (docs/web-protocol.md)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from html import unescape
from secrets import token_hex
from typing import Any

import httpx

from tests.server.running import PATIENCE, GaveUp, Running

Message = dict[str, Any]
CHAT = {"X-Requested-With": "chat"}


class Guest:
    """One person of the demo. ``heard`` is how far this guest has read."""

    def __init__(self, base: str, who: str) -> None:
        self.base = base
        self.who = who
        self.http = httpx.Client(base_url=base, headers=CHAT, timeout=PATIENCE, trust_env=False)
        answer = self.http.post("/api/session", json={"person": who})
        answer.raise_for_status()
        self.http.cookies.clear()
        self.token: str = answer.json()["token"]
        self.name: str = answer.json()["name"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"
        self.heard = max((message["seq"] for message in self.messages()), default=0)

    def close(self) -> None:
        self.http.close()

    # --- reading ----------------------------------------------------------------------------

    def state(self, after: int = 0) -> dict[str, Any]:
        answer = self.http.get("/api/messages", params={"after": after})
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def messages(self, after: int = 0) -> list[Message]:
        found: list[Message] = self.state(after)["messages"]
        return found

    def news(self) -> list[Message]:
        """What the assistant has said since the last look, once it has nothing more to say."""

        def quiet() -> list[Message] | None:
            state = self.state(self.heard)
            return None if state["typing"] else state["messages"]

        found: list[Message] = wait(quiet, "the assistant to finish")
        self.heard = max((message["seq"] for message in found), default=self.heard)
        return [message for message in found if message["from"] == "assistant"]

    def wait_for(self, *words: str, after: int = 0) -> Message:
        """The first message after this place with all these words in its text, card or files."""

        def look() -> Message | None:
            every = (one for one in self.messages(after) if one["from"] == "assistant")
            return next((one for one in every if all(word in shown(one) for word in words)), None)

        found: Message = wait(look, f"{self.name} to be told {words!r}", self.transcript)
        return found

    def transcript(self) -> str:
        return "\n".join(f"{one['from']}: {shown(one)}" for one in self.messages()[-8:])

    # --- talking ----------------------------------------------------------------------------

    def post(self, **body: Any) -> httpx.Response:
        return self.http.post("/api/messages", json={"id": token_hex(6), **body})

    def say(self, text: str) -> list[Message]:
        """Say it and read the answer."""
        answer = self.post(text=text)
        assert answer.status_code == 202, answer.text
        return self.news()

    def press(self, label: str, about: str = "") -> list[Message]:
        """Press the latest button with this label, under words that name ``about``."""
        answer = self.post(press=self.button(label, about)["press"])
        assert answer.status_code == 202, answer.text
        return self.news()

    def button(self, label: str, about: str = "") -> dict[str, Any]:
        for message in reversed(self.messages()):
            if about in shown(message):
                for button in message["buttons"]:
                    if button["label"] == label:
                        found: dict[str, Any] = button
                        return found
        raise GaveUp(f"no button [{label}] {about}\n{self.transcript()}")

    def attach(self, data: bytes, name: str = "证明.pdf") -> httpx.Response:
        return self.http.post(
            "/api/attachments",
            data={"id": token_hex(6)},
            files={"file": (name, data, "application/pdf")},
        )

    # --- the journey ------------------------------------------------------------------------

    def apply(
        self, words: str = "我想开一份中文成绩单，带绩点", reason: str = "求职"
    ) -> list[Message]:
        """Up to the preview and the question whether to submit."""
        said = self.say(words)
        if any(button["label"].startswith("集中教学和") for button in said[-1]["buttons"]):
            self.press("集中教学和所级教学合在一起")
        said = self.say(reason)
        return said

    def order(self) -> tuple[str, str]:
        """Of a graduate who has no free copy left: the order's number and the link to pay."""
        self.apply()
        said = self.press("确认订单")
        return number_in(said[-1], "D"), self.button("去支付")["url"]

    def pay(self, link: str) -> httpx.Response:
        """In a browser of one's own; the page once it says that it is paid."""
        with httpx.Client(timeout=PATIENCE, follow_redirects=True, trust_env=False) as browser:
            pay_on_the_phone(browser, with_code(browser, link))

            def paid() -> httpx.Response | None:
                page = browser.get(link)
                return page if "已支付" in page.text else None

            found: httpx.Response = wait(paid, f"{link} to be paid")
            return found


def with_code(browser: httpx.Client, link: str) -> httpx.Response:
    """The payment page after its press: with the code to be scanned."""
    page = browser.get(link)
    assert page.status_code == 200, page.text
    return browser.post(str(page.url), data=fields(page.text), headers=from_page(page))


def pay_on_the_phone(browser: httpx.Client, page: httpx.Response) -> httpx.Response:
    """What the code leads to is followed, and paid; the phone's page afterwards."""
    code = re.search(r'href="([^"]+/phone/scan[^"]+)"', page.text)
    assert code, page.text
    phone = browser.get(unescape(code[1]))
    assert phone.status_code == 200, phone.text
    done = browser.post(str(phone.url.copy_with(query=None)), data=fields(phone.text))
    assert "支付成功" in done.text, done.text
    return done


def get(server: Running, path: str, **more: Any) -> httpx.Response:
    return httpx.get(server.base + path, trust_env=False, **more)


def send(server: Running, method: str, path: str, **more: Any) -> httpx.Response:
    return httpx.request(method, server.base + path, trust_env=False, **more)


def from_page(page: httpx.Response) -> dict[str, str]:
    """What a browser says of a form on this page."""
    origin = f"{page.url.scheme}://{page.url.netloc.decode()}"
    return {"Origin": origin, "Sec-Fetch-Site": "same-origin", "Referer": str(page.url)}


def fields(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    assert found, page
    return {name: unescape(value) for name, value in found}


def shown(message: Message) -> str:
    """Everything a reader sees of a message."""
    parts = [message["text"]]
    if card := message["card"]:
        parts += [card["title"], *(f"{name}：{value}" for name, value in card["rows"])]
    parts += [file["name"] for file in message["files"]]
    return "\n".join(parts)


def number_in(message: Message, letter: str) -> str:
    found = re.search(rf"{letter}\d{{6}}-\d{{4}}", shown(message))
    assert found, shown(message)
    return found[0]


def wait(look: Callable[[], Any], what: str, situation: Callable[[], str] = str) -> Any:
    """Look until there is something."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if (found := look()) is not None:
            return found
        time.sleep(0.05)
    raise GaveUp(f"waited in vain for {what}\n{situation()}")
