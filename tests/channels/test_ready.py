"""``registrar check`` tells an administrator what is missing or wrong, and where."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from backend.database import Database
from backend.migrations.run import upgrade
from bot.ready import check
from bot.sections import TelegramSettings, WecomSettings
from bot.settings import Settings

AES_KEY = "a" * 43


class Platforms:
    """Answers for both platforms at one address, as told."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {
            "/cgi-bin/gettoken": {"errcode": 0, "access_token": "t"},
            "/cgi-bin/agent/get": {
                "errcode": 0,
                "name": "教务助手",
                "allow_partys": {"partyid": [1]},
                "redirect_domain": "registrar.example.edu.cn",
            },
            "/botTOKEN/getMe": {"ok": True, "result": {"username": "registrar_bot"}},
            "/botTOKEN/getWebhookInfo": {"ok": True, "result": {}},
        }
        platforms = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer = platforms.answers[self.path.partition("?")[0]]
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None: ...

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def platforms() -> Iterator[Platforms]:
    made = Platforms()
    yield made
    made.close()


def settings(folder: Path, platforms: Platforms, **given: Any) -> Settings:
    return Settings(
        data=folder,
        demo=True,
        base_url="https://registrar.example.edu.cn",
        wecom=WecomSettings(
            corp_id="ww0123456789abcdef",
            agent_id=1000002,
            secret=SecretStr("very-secret"),
            token=SecretStr("token"),
            aes_key=SecretStr(given.pop("aes_key", AES_KEY)),
            api_url=platforms.url,
        ),
        telegram=TelegramSettings(token=SecretStr("TOKEN"), api_url=platforms.url),
        **given,
    )


def told(settings: Settings) -> tuple[int, str]:
    lines: list[str] = []
    status = check(settings, lines.append)
    return status, "\n".join(lines)


def test_an_administrator_sees_that_everything_is_right(
    tmp_path: Path, platforms: Platforms
) -> None:
    status, words = told(settings(tmp_path, platforms))
    assert status == 0, words
    assert "教务助手" in words
    assert "@registrar_bot" in words
    assert "https://registrar.example.edu.cn/wecom/callback" in words


@pytest.mark.parametrize(
    ("path", "answer", "expected"),
    [
        ("/cgi-bin/gettoken", {"errcode": 40001}, "secret 不对"),
        ("/cgi-bin/gettoken", {"errcode": 40013}, "corp_id（企业 ID）不对"),
        ("/cgi-bin/agent/get", {"errcode": 60020}, "可信 IP"),
        ("/cgi-bin/agent/get", {"errcode": 301002}, "agent_id 不是"),
        ("/botTOKEN/getMe", {"ok": False}, "token 不对"),
    ],
)
def test_what_a_platform_refuses_is_said_in_words(
    tmp_path: Path, platforms: Platforms, path: str, answer: dict[str, Any], expected: str
) -> None:
    platforms.answers[path] = answer
    status, words = told(settings(tmp_path, platforms))
    assert status == 1
    assert expected in words


def test_a_webhook_that_telegram_cannot_reach_is_told(tmp_path: Path, platforms: Platforms) -> None:
    url = "https://registrar.example.edu.cn/telegram/webhook"
    result = {"url": url, "last_error_message": "SSL error"}
    platforms.answers["/botTOKEN/getWebhookInfo"] = {"ok": True, "result": result}
    status, words = told(settings(tmp_path, platforms))
    assert status == 1
    assert "SSL error" in words


def test_a_platform_that_is_away_is_told_and_the_others_are_still_looked_at(
    tmp_path: Path, platforms: Platforms
) -> None:
    here = settings(tmp_path, platforms)
    assert here.wecom is not None
    here.wecom.api_url = "http://127.0.0.1:9"
    status, words = told(here)
    assert status == 1
    assert "连不上企业微信" in words
    assert "@registrar_bot" in words


def test_a_key_of_the_wrong_length_is_seen_before_the_first_message_is_lost(
    tmp_path: Path, platforms: Platforms
) -> None:
    status, words = told(settings(tmp_path, platforms, aes_key="short"))
    assert status == 1
    assert "43" in words


def test_secrets_are_never_printed(tmp_path: Path, platforms: Platforms) -> None:
    platforms.answers["/cgi-bin/gettoken"] = {"errcode": 40001, "errmsg": "invalid very-secret"}
    assert "very-secret" not in told(settings(tmp_path, platforms))[1]


def test_an_address_that_only_this_machine_reaches_is_told(
    tmp_path: Path, platforms: Platforms
) -> None:
    here = settings(tmp_path, platforms)
    here.base_url = "http://127.0.0.1:8000"
    status, words = told(here)
    assert status == 1
    assert "https" in words


@pytest.mark.parametrize("path", ["/cgi-bin/gettoken", "/cgi-bin/agent/get", "/botTOKEN/getMe"])
def test_an_answer_of_another_shape_is_told_and_the_others_are_still_looked_at(
    tmp_path: Path, platforms: Platforms, path: str
) -> None:
    platforms.answers[path] = ["not", "an", "object"]  # type: ignore[assignment]
    status, words = told(settings(tmp_path, platforms))
    assert status == 1
    assert ("教务助手" in words) != ("@registrar_bot" in words), "one of the two is well"


def test_a_database_in_another_place_is_found_there(tmp_path: Path, platforms: Platforms) -> None:
    here = settings(tmp_path, platforms, database_url=f"sqlite:///{tmp_path}/elsewhere.db")
    assert "还没有数据库" in told(here)[1]
    assert not (tmp_path / "elsewhere.db").exists()
    database = Database(here.database)
    upgrade(database)
    database.close()
    assert "表是最新的" in told(here)[1]
