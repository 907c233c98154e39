"""A peer that borrowed from what it is a peer of would share its mistakes."""

import ast
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from tests.payments.peer.merchant import Client, Heard
from tests.peers import wechatpay
from tests.peers.wechatpay import NotInProduction, Server

PACKAGE = Path(wechatpay.__file__).parent
ROOT = PACKAGE.parents[2]
OURS = ("backend", "bot", "dialogs", "nlu", "wechatpayv3")
RUN = [sys.executable, "-m", "tests.peers.wechatpay", "--folder"]


def test_it_names_nothing_of_the_product_nor_the_official_client() -> None:
    named = set()
    for file in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                named.add(node.module or "")
    roots = {name.partition(".")[0] for name in named}
    assert not roots & set(OURS)
    assert all(
        name.startswith("tests.peers.wechatpay") for name in named if name.startswith("tests")
    )


def test_it_loads_nothing_of_them_either() -> None:
    program = (
        "import sys, tests.peers.wechatpay.__main__;"
        f"print([name for name in {OURS!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_it_never_runs_in_production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = [*RUN, str(tmp_path)]
    for extra, said in ((["--production"], ""), ([], "true")):
        done = subprocess.run(
            run + extra,
            cwd=ROOT,
            env={**os.environ, "REGISTRAR_PRODUCTION": said},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, "not in production" in done.stderr) == (2, True)
    monkeypatch.setenv("REGISTRAR_PRODUCTION", "True")
    with pytest.raises(NotInProduction):
        Server(tmp_path)


def test_the_program_serves_a_merchant_who_reads_its_settings(tmp_path: Path) -> None:
    environment = {**os.environ, "REGISTRAR_PRODUCTION": ""}
    process = subprocess.Popen(
        [*RUN, str(tmp_path)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        url = process.stdout.readline().strip()
        settings = json.loads((tmp_path / "merchant" / "merchant.json").read_text("utf-8"))
        assert settings["base_url"] == url
        assert settings["public_key_id"].startswith("PUB_KEY_ID_01")
        assert len(settings["api_v3_key"]) == 32
        for name in ("private_key", "certificate", "public_key"):
            file = tmp_path / "merchant" / settings[name]
            assert "-----BEGIN" in file.read_text("utf-8")
            assert file.stat().st_mode & 0o077 == 0
        assert "付款记录" in httpx.get(f"{url}/phone", trust_env=False).text
        assert httpx.post(f"{url}/control/pay", json={}, trust_env=False).status_code == 404
    finally:
        process.terminate()
        assert process.wait(30) == 0
        if process.stdout:
            process.stdout.close()


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    away = Heard([500])
    transport = httpx.MockTransport(away)
    with (
        Server(folder, control=True, courier=False, transport=transport) as first,
        Client(first) as client,
    ):
        client.native()
        client.native("T20261123-0002")
        first.control.pay("T20261123-0001")
        client.refund("R1", 400)
        assert first.deliver() == ["500"]
        merchant = first.merchant
    with (
        Server(folder, control=True, courier=False, transport=transport) as second,
        Client(second) as client,
    ):
        assert second.merchant.private_key == merchant.private_key
        assert second.merchant.api_v3_key == merchant.api_v3_key
        assert second.merchant.public_key_id == merchant.public_key_id
        assert client.query().json()["trade_state"] == "REFUND"
        assert client.query("T20261123-0002").json()["trade_state"] == "NOTPAY"
        assert client.refunded().json()["amount"]["refund"] == 400
        second.control.move(15)
        assert second.deliver()[0] == "204"
        assert client.opened(away.requests[-2])["out_trade_no"] == "T20261123-0001"


def test_its_courier_goes_by_itself(tmp_path: Path) -> None:
    heard = threading.Event()

    def hear(_: httpx.Request) -> httpx.Response:
        heard.set()
        return httpx.Response(204)

    with (
        Server(tmp_path, control=True, transport=httpx.MockTransport(hear)) as server,
        Client(server) as client,
    ):
        client.native()
        server.control.pay("T20261123-0001")
        assert heard.wait(30)
