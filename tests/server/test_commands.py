"""An administrator starts the assistant and is told what is wrong; the terminal joins the chat."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import httpx
import pytest

from tests.server.guest import Guest, wait
from tests.server.running import (
    COMMAND,
    PATIENCE,
    ROOT,
    Running,
    command,
    environment,
    with_fonts_and_model,
)
from tests.server.till import Till

Come = Callable[[Running, str], Guest]
STUDENT = "20231800000001"


class Terminal:
    """``registrar chat`` at the ends of two pipes."""

    def __init__(self, data: Path, who: str) -> None:
        self.process = subprocess.Popen(
            [COMMAND, "chat", "--as", who],
            env=environment(data),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )
        self.lines: list[str] = []
        self.reader = Thread(target=self.read)
        self.reader.start()

    def read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(self.process.stdout)  # line by line, as they come

    def say(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def hears(self, words: str) -> str:
        def look() -> str | None:
            return next((line for line in list(self.lines) if words in line), None)

        line: str = wait(look, f"the terminal to show {words!r}", lambda: "".join(self.lines))
        return line

    def end(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        status = self.process.wait(60)
        self.reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status


@pytest.fixture
def terminal(mortal: Running) -> Iterator[Terminal]:
    opened = Terminal(mortal.data, STUDENT)
    yield opened
    if opened.process.poll() is None:
        opened.process.kill()
        opened.end()


def test_conversation_begun_in_the_terminal_goes_on_in_the_browser_and_back(
    mortal: Running, guests: Come, terminal: Terminal
) -> None:
    student, officer = guests(mortal, STUDENT), guests(mortal, "unit_officer")
    terminal.hears("林若溪")
    terminal.say("我想开一份中文成绩单，带绩点")
    terminal.hears("哪些课程")
    student.wait_for("哪些课程")
    student.press("集中教学和所级教学合在一起")
    terminal.hears("理由")
    terminal.say("出国留学")
    terminal.hears("请核对预览")
    student.wait_for("请核对预览")
    student.press("提交申请")
    terminal.hears("已提交")
    officer.wait_for("T2")
    officer.press("同意")
    terminal.hears("已通过审批")
    terminal.say("办理订单")
    terminal.hears("确认订单")
    terminal.say("确认订单")
    assert "http" in terminal.hears(".pdf")
    student.wait_for(".pdf")
    assert terminal.end() == 0
    shown = "".join(terminal.lines)
    assert shown.count(".pdf（") == 1
    assert "Traceback" not in shown


def test_terminal_fed_by_a_pipe_answers_everything_and_ends(tmp_path: Path) -> None:
    data = with_fonts_and_model(tmp_path / "data")
    done = command(
        data, "chat", "--demo", "--as", STUDENT, stdin="你好\n我想开一份英文成绩单\n\n合在一起\n"
    )
    assert done.returncode == 0, done.stderr
    assert "哪些课程" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["deliveries"], ["exam-password", STUDENT]])
def test_whoever_asks_too_early_is_told_so_and_the_first_start_still_goes_well(
    tmp_path: Path, words: list[str]
) -> None:
    data = with_fonts_and_model(tmp_path / "data")
    early = command(data, *words)
    assert (early.returncode, early.stdout) == (1, "")
    assert "还没有数据库" in early.stderr
    assert "Traceback" not in early.stderr
    later = command(data, "chat", "--demo", "--as", STUDENT, stdin="你好\n")
    assert later.returncode == 0, later.stderr
    assert "林若溪" in later.stdout


# --- starting -------------------------------------------------------------------------------


def test_second_start_says_that_it_is_ready_and_makes_nothing_anew(
    mortal: Running, guests: Come
) -> None:
    kept = ["secrets/links", "secrets/personal-data", "demo-ca/root.pem"]
    before = [(mortal.data / name).read_bytes() for name in kept]
    student = guests(mortal, "enrolled")
    student.say("你好")
    messages = [one["text"] for one in student.messages()]
    mortal.stop()
    assert "正在停止" in mortal.output()
    line = mortal.start()
    assert re.search(r"ready in \d+\.\d s", line)
    assert mortal.base in line
    assert [(mortal.data / name).read_bytes() for name in kept] == before
    assert [one["text"] for one in student.messages()] == messages, "signed out or forgotten"


def test_secrets_and_personal_data_can_be_read_by_nobody_else(server: Running) -> None:
    private = [
        *(server.data / "secrets").iterdir(),
        server.data / "secrets",
        server.data / "demo-ca",
        *(path for path in (server.data / "demo-ca").iterdir() if "key" in path.name),
        server.data / "registrar.db",
        server.data / "blobs",
    ]
    for path in private:
        assert path.stat().st_mode & 0o077 == 0, f"{path.name} may be read by others"


def test_port_that_is_in_use_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = command(
            with_fonts_and_model(tmp_path / "data"), "serve", "--demo", REGISTRAR_PORT=str(port)
        )
    assert done.returncode == 1
    assert f"{port} 已被占用" in done.stdout + done.stderr
    assert "REGISTRAR_PORT" in done.stdout + done.stderr


def test_a_second_server_on_the_same_data_is_refused_and_told_where_the_first_one_is(
    server: Running,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    done = command(server.data, "serve", "--demo", REGISTRAR_PORT=str(port))
    assert done.returncode == 1
    assert server.base in done.stdout + done.stderr


def test_production_without_a_key_says_what_is_missing(tmp_path: Path) -> None:
    data = with_fonts_and_model(tmp_path / "data")
    done = command(data, "serve", REGISTRAR_PRODUCTION="true")
    assert done.returncode == 1
    assert "REGISTRAR_SIGNING_KEY" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (data / "demo-ca").exists(), "production has made itself a demo key"


def real_keys(server: Running) -> dict[str, str]:
    """Of production, with the demo's certificate."""
    keys = server.data / "demo-ca"
    return {
        "REGISTRAR_PRODUCTION": "true",
        "REGISTRAR_SIGNING_KEY": str(keys / "key.pem"),
        "REGISTRAR_SIGNING_CERTIFICATE": str(keys / "certificate.pem"),
        "REGISTRAR_SIGNING_CHAIN": str(keys / "root.pem"),
    }


def test_production_without_a_merchant_says_what_is_missing_and_plays_none(
    server: Running, tmp_path: Path
) -> None:
    data = with_fonts_and_model(tmp_path / "data")
    done = command(data, "serve", **real_keys(server))
    assert done.returncode == 1, done.stdout
    assert "wechat_pay" in done.stderr
    assert "docs/payments.md" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (data / "demo-wechat-pay").exists()


def test_production_takes_no_money_through_a_peer(server: Running, tmp_path: Path) -> None:
    with Till(tmp_path / "peer") as till:
        played = till.settings()
    data = with_fonts_and_model(tmp_path / "data")
    done = command(data, "serve", **real_keys(server), **played)
    assert done.returncode == 1, done.stdout
    assert "gateway" in done.stderr
    assert "Traceback" not in done.stderr
    peer = subprocess.run(
        [sys.executable, "-m", "tests.peers.wechatpay", "--folder", str(tmp_path / "peer")],
        env=environment(data) | {"REGISTRAR_PRODUCTION": "true"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert peer.returncode == 2
    assert "not in production" in peer.stderr


def test_production_starts_with_a_real_merchant(server: Running, tmp_path: Path) -> None:
    with Till(tmp_path / "peer") as till:
        given = till.settings()
    for name in ("GATEWAY", "SCAN_AT"):
        del given[f"REGISTRAR_WECHAT_PAY__{name}"]
    running = Running(
        with_fonts_and_model(tmp_path / "data"),
        arguments=("serve",),
        **given,
        **real_keys(server),
    )
    running.start()
    try:
        assert httpx.get(f"{running.base}/health", trust_env=False).status_code == 200
        assert not (running.data / "demo-wechat-pay").exists()
    finally:
        running.stop()


def test_demo_people_are_refused_in_production(tmp_path: Path) -> None:
    data = with_fonts_and_model(tmp_path / "data")
    done = command(data, "serve", "--demo", REGISTRAR_PRODUCTION="true")
    assert done.returncode == 1
    assert "演示" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "eighty"), ("PRODUCTION", "perhaps"), ("PORT", "99999999")]
)
def test_wrong_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    done = command(tmp_path, "serve", **{f"REGISTRAR_{name}": value})
    assert done.returncode == 1
    assert f"REGISTRAR_{name}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_key_that_cannot_be_used_is_found_before_anybody_pays(
    server: Running, tmp_path: Path
) -> None:
    data = with_fonts_and_model(tmp_path / "data")
    keys = server.data / "demo-ca"
    missing = command(data, "setup", REGISTRAR_SIGNING_KEY=str(tmp_path / "none.pem"))
    foreign = command(
        data,
        "setup",
        REGISTRAR_SIGNING_KEY=str(keys / "key.pem"),
        REGISTRAR_SIGNING_CERTIFICATE=str(keys / "root.pem"),
    )
    for done in (missing, foreign):
        assert done.returncode == 1
        assert "签名密钥用不了" in done.stderr
        assert "Traceback" not in done.stderr


def test_real_people_never_end_up_in_a_demo_nor_invented_ones_among_them(
    server: Running, tmp_path: Path
) -> None:
    keys = server.data / "demo-ca"
    real = {
        "REGISTRAR_SIGNING_KEY": str(keys / "key.pem"),
        "REGISTRAR_SIGNING_CERTIFICATE": str(keys / "certificate.pem"),
        "REGISTRAR_SIGNING_CHAIN": str(keys / "root.pem"),
    }
    demo_folder = with_fonts_and_model(tmp_path / "demo")
    assert command(demo_folder, "setup", "--demo").returncode == 0
    refused = command(demo_folder, "setup", **real)
    assert refused.returncode == 1
    assert "演示数据" in refused.stderr
    own_folder = with_fonts_and_model(tmp_path / "own")
    assert command(own_folder, "setup", **real).returncode == 0
    refused = command(own_folder, "setup", "--demo")
    assert refused.returncode == 1
    assert "真实数据" in refused.stderr


def test_a_lost_key_of_the_id_numbers_is_not_quietly_replaced(tmp_path: Path) -> None:
    data = with_fonts_and_model(tmp_path / "data")
    assert command(data, "setup", "--demo").returncode == 0
    (data / "secrets" / "personal-data").unlink()
    refused = command(data, "setup", "--demo")
    assert refused.returncode == 1
    assert "secrets/personal-data" in refused.stderr
    assert not (data / "secrets" / "personal-data").exists()


@pytest.mark.parametrize("module", ["bot", "bot.cli"])
def test_whoever_has_no_command_on_the_path_runs_the_module(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, "verify", "there-is-no-such-file.pdf"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout + done.stderr
    helped = subprocess.run(
        [sys.executable, "-m", module, "--help"], capture_output=True, text=True, check=True
    )
    assert helped.stdout.startswith("usage: registrar")
