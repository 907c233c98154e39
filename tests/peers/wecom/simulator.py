"""Starts the simulator of WeCom, which is a program of its own, and talks to it."""

import base64
import json
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import pytest

HERE = Path(__file__).parent
CORP = "ww1234567890abcdef"
AGENT = 1000002
SETTINGS = {
    "corp_id": CORP,
    "agent_id": AGENT,
    "secret": "secret-of-the-application-0123456789",
    "token": "TokenOfTheCallback",
    "aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
}
"""What the administrator copies from WeCom's console; @wecom/crypto's own examples use this key."""


def install() -> None:
    """Its one package, from the committed lock; skips where that cannot be had."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("the simulator of WeCom needs node and npm, which are not installed here")
    if (HERE / "node_modules" / "@wecom" / "crypto" / "package.json").exists():
        return
    fasteners = pytest.importorskip("fasteners")
    with fasteners.InterProcessLock(str(HERE / ".installing")):
        if (HERE / "node_modules" / "@wecom" / "crypto" / "package.json").exists():
            return
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip("npm could not install @wecom/crypto for the simulator of WeCom")


class Simulator:
    def __init__(self) -> None:
        install()
        self._process = subprocess.Popen(
            ["node", "simulator.mjs", json.dumps(SETTINGS)],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        self._http = httpx.Client(base_url=self.url, timeout=60)

    def control(self, name: str, /, **what: Any) -> dict[str, Any]:
        answer = self._http.post(f"/_control/{name}", json=what)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def calls(self, path: str) -> int:
        return int(self.control("calls")["calls"].count(path))

    def dropped(self) -> list[dict[str, Any]]:
        return list(self.control("calls")["dropped"])

    def authorize(self, address: str, userid: str) -> httpx.URL:
        """Follow a sign-in address as the holder of this phone; where the browser is sent then."""
        query = httpx.URL(address).params
        answer = self._http.get("/connect/oauth2/authorize", params={**query, "as": userid})
        assert answer.status_code == 302, answer.text
        return httpx.URL(answer.headers["location"])

    def close(self) -> None:
        self._http.close()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def __enter__(self) -> "Simulator":
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.close()


class Phone:
    """One member with WeCom on the phone."""

    def __init__(self, simulator: Simulator, userid: str, callback: str, **more: Any) -> None:
        self.simulator = simulator
        self.userid = userid
        self.callback = callback
        simulator.control("member", userid=userid, **more)

    def does(self, kind: str, /, **what: Any) -> dict[str, Any]:
        """``statuses`` of all tries, and the passive ``reply``."""
        return self.simulator.control(
            "does", url=self.callback, userid=self.userid, kind=kind, **what
        )

    def says(self, text: str, **more: Any) -> dict[str, Any]:
        return self.does("text", text=text, **more)

    def sends(self, kind: str, data: bytes, /, **more: Any) -> dict[str, Any]:
        return self.does(kind, data=base64.b64encode(data).decode(), **more)

    def presses(self, label: str, **more: Any) -> dict[str, Any]:
        """The latest card with this button, unless it has been replaced."""
        for message in reversed(self.shown()):
            if message["kind"] == "card" and not message["done"]:
                for button in message["card"].get("button_list", []):
                    if button["text"] == label:
                        card = message["card"]
                        return self.does(
                            "template_card_event", key=button["key"], task=card["task_id"], **more
                        )
        raise LookupError(f"no card with a button {label}: {self.words()}")

    def shown(self) -> list[dict[str, Any]]:
        return list(self.simulator.control("phone", userid=self.userid)["messages"])

    def cards(self) -> list[dict[str, Any]]:
        return [one for one in self.shown() if one["kind"] == "card"]

    def words(self) -> str:
        """All that can be read on the phone."""
        return "\n".join(readable(message) for message in self.shown())


def readable(message: dict[str, Any]) -> str:
    if message["kind"] != "card":
        return str(message.get("text") or message.get("name"))
    card = message["card"]
    rows = [f"{one['keyname']}：{one['value']}" for one in card.get("horizontal_content_list", [])]
    buttons = [] if message["done"] else [one["text"] for one in card.get("button_list", [])]
    jumps = [f"{one['title']} {one['url']}" for one in card.get("jump_list", [])]
    title = card.get("main_title", {}).get("title", "")
    said = [title, card.get("sub_title_text", ""), *rows, *jumps, *(f"[{one}]" for one in buttons)]
    return "\n".join(one for one in [*said, message.get("replaced", "")] if one)
