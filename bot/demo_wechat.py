"""In the demo, WeChat Pay is played by a process of its own beside the server: no money flows, and
everything else is as with the real one — the same client, the same signatures, the same notices.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from backend.payments.provider import Way
from bot.listening import taken
from bot.payment_sections import WechatPaySettings
from bot.settings import NotReady, Settings

FOLDER = "demo-wechat-pay"
LOOKS = 20  # two seconds
PORT = "port"  # in the folder; addresses that were given out stay good after a restart
PEER = "tests.peers.wechatpay"  # an independent program, which knows nothing of this one
HERE, NEAR = "127.0.0.1", ("127.0.0.1", "localhost", "::1")
BESIDE = Path(__file__).parents[1]  # where it lies, in a checkout as in an installed package


@contextlib.contextmanager
def played(settings: Settings) -> Iterator[Settings]:
    """The settings to serve the demo with; unchanged where a real merchant is set up. Raises NotReady."""
    if not settings.demo or settings.production or settings.wechat_pay is not None:
        yield settings
        return
    folder = (settings.data / FOLDER).resolve()
    with running(folder, settings) as address:
        yield settings.model_copy(update={"wechat_pay": merchant(folder / "merchant", address)})


@contextlib.contextmanager
def running(folder: Path, settings: Settings) -> Iterator[str]:
    """Where it answers. It ends with the pipe to it, even if this process is killed."""
    public = urlsplit(settings.base_url).hostname or settings.host
    host = HERE if settings.host in NEAR else "0.0.0.0"  # noqa: S104 - as wide as the demo itself
    command = [sys.executable, "-m", PEER, "--folder", str(folder), "--host", host]
    command += ["--port", str(last_port(folder, host)), "--public-host", public]
    with subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--while-read"],
        cwd=BESIDE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    ) as process:
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise NotReady("演示用的微信支付没有起来。 The demo's WeChat Pay did not start.")
            (folder / PORT).write_text(str(urlsplit(address).port), encoding="utf-8")
            yield address
        finally:
            if process.stdin:
                process.stdin.close()
            process.terminate()


def last_port(folder: Path, host: str) -> int:
    """Where it answered the last time, if that is free; 0 for any. One that lost its server a moment
    ago may still be there.
    """
    path = folder / PORT
    known = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    port = int(known) if known.isascii() and known.isdigit() else 0
    for _ in range(LOOKS):
        if not taken(host, port):
            return port
        time.sleep(0.1)
    return 0


def merchant(folder: Path, address: str) -> WechatPaySettings:
    """What the peer has given its merchant, as an administrator would enter it."""
    given = json.loads((folder / "merchant.json").read_text(encoding="utf-8"))
    return WechatPaySettings.model_validate(
        {
            "mchid": given["mchid"],
            "appid": given["appid"],
            "merchant_serial": given["serial"],
            "private_key": folder / given["private_key"],
            "certificate": folder / given["certificate"],
            "apiv3_key": given["api_v3_key"],
            "public_keys": {given["public_key_id"]: folder / given["public_key"]},
            "ways": list(Way),
            "gateway": address,
            "scan_at": f"{given['base_url']}/phone/scan?code_url=",
        }
    )
