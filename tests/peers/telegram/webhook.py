"""Pushing updates to a webhook as the platform does: one after another of each chat, until taken."""

import http.client
import json
import threading
import time
from collections import deque
from typing import Any
from urllib.parse import urlsplit

TRIES = 6


class Webhook:
    def __init__(self) -> None:
        self.url = ""
        self.secret = ""
        self.allowed: list[str] = []
        self.pushed: list[tuple[int, int]] = []  # update id and the status it was answered with
        self._queues: dict[int, deque[dict[str, Any]]] = {}
        self._changed = threading.Condition()
        self._stopped = False

    def set(self, url: str, secret: str, allowed: list[str]) -> None:
        self.url, self.secret, self.allowed = url, secret, allowed

    def push(self, chat: int, update: dict[str, Any]) -> None:
        if self.allowed and not any(kind in update for kind in self.allowed):
            return
        with self._changed:
            queue = self._queues.setdefault(chat, deque())
            queue.append(update)
            if len(queue) == 1:
                threading.Thread(target=self._work, args=(chat,), daemon=True).start()

    def _work(self, chat: int) -> None:
        queue = self._queues[chat]
        while True:
            update = queue[0]
            for attempt in range(TRIES):
                if self._stopped:
                    return
                status = self.deliver(update)
                if status // 100 == 2:
                    break
                time.sleep(0.05 * 2**attempt)
            with self._changed:
                queue.popleft()
                self._changed.notify_all()
                if not queue:
                    return

    def deliver(self, update: dict[str, Any] | bytes, secret: str | None = None) -> int:
        """Push this once, now; returns the status."""
        body = update if isinstance(update, bytes) else json.dumps(update).encode()
        parts = urlsplit(self.url)
        headers = {"content-type": "application/json"}
        if wanted := self.secret if secret is None else secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = wanted
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            connection.request("POST", parts.path, body, headers)
            status = connection.getresponse().status
        except OSError:
            status = 0
        finally:
            connection.close()
        if isinstance(update, dict):
            self.pushed.append((int(update.get("update_id", 0)), status))
        return status

    def quiet(self, seconds: float = 30) -> None:
        """Until everything has been pushed."""
        with self._changed:
            done = self._changed.wait_for(lambda: not any(self._queues.values()), seconds)
            assert done, "updates were not taken"

    def stop(self) -> None:
        self._stopped = True
