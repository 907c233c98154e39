"""Serves the peer until it is stopped: ``python -m tests.peers.wechatpay --folder F --port P``."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from tests.peers.wechatpay.platform import PAYEE
from tests.peers.wechatpay.server import NotInProduction, Server, refuse_production


def main() -> int:
    reading = argparse.ArgumentParser(prog="python -m tests.peers.wechatpay")
    reading.add_argument("--folder", type=Path, required=True, help="keeps what the peer knows")
    reading.add_argument("--port", type=int, default=0)
    reading.add_argument("--host", default="127.0.0.1")
    reading.add_argument("--public-host", default="", help="how payers reach it, if otherwise")
    reading.add_argument("--while-read", action="store_true", help="end with the standard input")
    reading.add_argument("--payee", default=PAYEE, help="who is paid, as the payer reads it")
    reading.add_argument("--production", action="store_true", help="refuse to run")
    given = reading.parse_args()
    try:
        refuse_production(given.production)
    except NotInProduction as error:
        sys.stderr.write(f"{error}\n")
        return 2
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    if given.while_read:
        threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    server = Server(
        given.folder.resolve(),
        host=given.host,
        port=given.port,
        public_host=given.public_host,
        payee=given.payee,
        allow_http=True,  # the demonstration listens without a certificate
    )
    with server:
        print(server.gateway, flush=True)
        over.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
