"""Somebody at the web chat, over HTTP and its socket, and somebody at a terminal, typing."""

import json
import re
import time
from secrets import token_hex
from typing import Any

import httpx
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from bot.terminal import Terminal
from tests.channels.everywhere import Meeting, kind_of, number_of
from tests.channels.site import PATIENCE

Message = dict[str, Any]


class OnTheWeb:
    """What a page gets that keeps to docs/web-protocol.md: what is shown has come over the socket."""

    def __init__(self, meeting: Meeting, who: str) -> None:
        self.meeting, self.who = meeting, who
        self.seen: dict[int, Message] = {}
        base = meeting.site.base
        headers = {"X-Requested-With": "chat"}
        client = httpx.Client(base_url=base, headers=headers, timeout=PATIENCE, trust_env=False)
        self.http = meeting.open.enter_context(client)
        become = self.http.post("/api/session", json={"person": who})
        assert become.status_code == 200, become.text
        token = become.json()["token"]
        self.http.cookies.clear()
        self.http.headers["Authorization"] = f"Bearer {token}"
        self.wire = meeting.open.enter_context(
            connect(
                f"{base.replace('http', 'ws', 1)}/api/events?after=0",
                subprotocols=[Subprotocol("chat"), Subprotocol(f"chat.{token}")],
                max_size=None,
                max_queue=None,
                proxy=None,
            )
        )
        self.catch_up()

    # --- what they do -----------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Over the socket."""
        key = token_hex(6)
        self.wire.send(json.dumps({"id": key, "text": text}))
        while self.hear() != {"type": "accepted", "id": key}:
            pass
        self.meeting.settle()

    def press(self, label: str) -> None:
        """Over HTTP."""
        for message in reversed(self.shown()):
            for button in message["buttons"]:
                open_ = not (message["used"] or message["closed"])
                if button["label"] == label and "press" in button and open_:
                    body = {"id": token_hex(6), "press": button["press"]}
                    answer = self.http.post("/api/messages", json=body)
                    assert answer.status_code == 202, answer.text
                    self.meeting.settle()
                    return
        raise LookupError(f"no button {label}: {self.words()}")

    def decide(self, label: str) -> None:
        self.press(label)

    def attach(self, name: str, data: bytes) -> None:
        file = {"file": (name, data, kind_of(name))}
        form = {"id": token_hex(6)}
        answer = self.http.post("/api/attachments", data=form, files=file)
        assert answer.status_code == 202, answer.text
        self.meeting.settle()

    # --- what they see ----------------------------------------------------------------------

    def hear(self) -> Message:
        """The next frame: its type and, where it has one, the id it answers."""
        frame: Message = json.loads(self.wire.recv(timeout=PATIENCE))
        assert frame["type"] != "error", frame
        if frame["type"] in ("message", "updated"):
            self.seen[frame["message"]["seq"]] = frame["message"]
        return {name: value for name, value in frame.items() if name in ("type", "id")}

    def catch_up(self) -> None:
        """Until the socket has brought all that a page would be given which opened now."""
        self.meeting.settle()
        deadline = time.monotonic() + PATIENCE
        while state(self.seen.values()) != (wanted := state(self.history())):
            assert time.monotonic() < deadline, (wanted, self.seen)
            self.hear()

    def history(self) -> list[Message]:
        answer = self.http.get("/api/messages", params={"after": 0})
        assert answer.status_code == 200, answer.text
        found: list[Message] = answer.json()["messages"]
        return found

    def shown(self) -> list[Message]:
        self.catch_up()
        return [one for _, one in sorted(self.seen.items()) if one["from"] == "assistant"]

    def words(self) -> str:
        return "\n".join(self.pieces())

    def pieces(self) -> list[str]:
        return ["\n".join(readable(one)) for one in self.shown()]

    def links(self) -> list[str]:
        return [
            str(httpx.URL(self.meeting.site.base).join(button["url"]))
            for one in self.shown()
            for button in one["buttons"]
            if "url" in button
        ]

    def pictures(self) -> int:
        found = [self.fetch(one["url"]) for each in self.shown() for one in each["pictures"]]
        assert all(data.startswith(b"\x89PNG") for data in found)
        return len(found)

    def files(self) -> list[tuple[str, bytes]]:
        every = [file for message in self.shown() for file in message["files"]]
        return [(file["name"], self.fetch(file["url"])) for file in every]

    def fetch(self, url: str) -> bytes:
        answer = self.http.get(url)
        assert answer.status_code == 200, answer.text
        return answer.content


def state(messages: Any) -> dict[int, tuple[str, bool, str]]:
    """All but the links, which are made afresh."""
    return {one["seq"]: (one["text"], one["used"], one["closed"]) for one in messages}


def readable(message: Message) -> list[str]:
    card = message["card"]
    rows = [card["title"], *(f"{name}：{value}" for name, value in card["rows"])] if card else []
    open_ = [] if message["used"] or message["closed"] else message["buttons"]
    buttons = [f"[{button['label']}]" for button in open_]
    return [one for one in (message["text"], *rows, *buttons, message["closed"]) if one]


class OnTheTerminal:
    """Types numbers and words only; what stands on the screen stays there."""

    def __init__(self, meeting: Meeting, who: str) -> None:
        self.meeting, self.who = meeting, who
        self.screen: list[str] = []
        number = number_of(who)
        self.terminal = Terminal(meeting.stage.assistant, number, self.screen.append)
        self.terminal.begin()

    def say(self, text: str) -> None:
        self.look()
        self.terminal.say(text)
        self.look()

    def look(self) -> None:
        self.meeting.settle()
        self.terminal.show_news()

    def press(self, label: str) -> None:
        """The number that stands beside it where it was shown last."""
        found = re.findall(rf"^  \[(\d+)\] {re.escape(label)}$", self.words(), re.MULTILINE)
        if not found:
            raise LookupError(f"no number to type for {label}: {self.words()}")
        self.say(found[-1])

    def decide(self, label: str) -> None:
        """The number of the prompt, and then of the question what was meant by it."""
        self.press(label)
        self.press(label)

    def attach(self, name: str, data: bytes) -> None:
        """A terminal carries no files: they go over the page that one asks for."""
        self.say("上传文件")
        upload = [link for link in self.links() if "/upload/" in link][-1]
        self.meeting.site.upload(upload, name, data, kind_of(name))

    def words(self) -> str:
        return "\n".join(self.pieces())

    def pieces(self) -> list[str]:
        self.look()
        return self.screen

    def links(self) -> list[str]:
        return re.findall(r"^  ↗ .*?(https?://\S+)$", self.words(), re.MULTILINE)

    def pictures(self) -> int:
        urls = re.findall(r"^  ▣ .*?(https?://\S+)$", self.words(), re.MULTILINE)
        assert all(self.meeting.site.get(url).content.startswith(b"\x89PNG") for url in urls)
        return len(urls)

    def files(self) -> list[tuple[str, bytes]]:
        named = re.findall(
            r"^  📄 (.*?) ?[（(]\d+ B[)）].*?(https?://\S+)$", self.words(), re.MULTILINE
        )
        return [(name, self.meeting.site.get(url).content) for name, url in named]
