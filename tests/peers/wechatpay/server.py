"""The peer as a server: on a port of this machine, in a thread, stopped and started again at will."""

import asyncio
import contextlib
import json
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.peers.wechatpay import api, bills, crypto, gate, phone, refunds
from tests.peers.wechatpay.clock import Clock, Now, machine
from tests.peers.wechatpay.control import Control
from tests.peers.wechatpay.errors import ApiError
from tests.peers.wechatpay.merchant import Merchant
from tests.peers.wechatpay.notices import Courier
from tests.peers.wechatpay.outage import Outage, Outages
from tests.peers.wechatpay.platform import PAYEE, Platform

LONGEST_BODY = 2**20


class NotInProduction(RuntimeError):
    """Documents would be given away for money that nobody has paid."""


def refuse_production(production: bool = False) -> None:
    """Raises NotInProduction."""
    said = os.environ.get("REGISTRAR_PRODUCTION", "").strip().lower()
    if production or said in ("1", "true", "yes", "on", "t", "y"):
        raise NotInProduction("a peer that plays WeChat Pay takes no real money: not in production")


class Server:
    """WeChat Pay for one merchant. ``folder`` keeps what it knows.

    ``public_host`` is how payers reach it where that is not ``host``.
    ``control``: whether what cannot happen to a merchant by asking may be brought about, with
    ``Server.control`` and over HTTP under ``/control/``. ``courier``: whether notices leave by
    themselves; otherwise ``Server.deliver`` takes them. ``transport`` is for notices.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        public_host: str = "",
        payee: str = PAYEE,
        control: bool = False,
        allow_http: bool = False,
        courier: bool = True,
        now: Now = machine,
        asked: Now = machine,
        refund_after: timedelta = timedelta(seconds=5),
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        refuse_production()
        self._host, self._port = host, port
        self._public_host = public_host or host
        self.platform = Platform(
            folder,
            Clock(now, asked),
            allow_http=allow_http,
            payee=payee,
            refund_after=refund_after,
        )
        self.outages = Outages()
        self._courier = Courier(self.platform, lambda: refunds.settle_due(self.platform), transport)
        self._delivers = courier
        self.control = Control(self.platform, self._courier, self.outages)
        routes = [
            Route("/v3/{rest:path}", self._api, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
            *phone.routes(self.platform),
            *(self.control.routes() if control else ()),
        ]
        self._application = Starlette(routes=routes)
        self._uvicorn: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return self.platform.base_url

    @property
    def gateway(self) -> str:
        """Where the merchant's own program on this machine asks."""
        host = "127.0.0.1" if self._host == "0.0.0.0" else self._host  # everywhere is here too
        return f"http://{host}:{self._port}"

    @property
    def merchant(self) -> Merchant:
        return self.platform.merchant

    def start(self) -> "Server":
        self.up()
        self.merchant.write(self.platform.folder / "merchant")
        if self._delivers:
            self._courier.start()
        return self

    def stop(self) -> None:
        self._courier.stop()
        self.down()

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def up(self) -> None:
        """Listen; after ``down`` on the same port."""
        listening = socket.create_server((self._host, self._port), backlog=256)
        self._port = listening.getsockname()[1]
        self.platform.base_url = f"http://{self._public_host}:{self._port}"
        config = uvicorn.Config(
            self._application,
            log_level="critical",
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        self._uvicorn = uvicorn.Server(config)
        arguments = {"sockets": [listening]}
        self._thread = threading.Thread(
            target=self._uvicorn.run, kwargs=arguments, name="wechatpay", daemon=True
        )
        self._thread.start()

    def down(self) -> None:
        """Whoever asks now is refused the connection."""
        if self._uvicorn is not None and self._thread is not None:
            self.outages.release()
            self._uvicorn.should_exit = True
            self._thread.join()
            self._uvicorn = self._thread = None

    @contextlib.contextmanager
    def unreachable(self) -> Iterator[None]:
        self.down()
        try:
            yield
        finally:
            self.up()

    def deliver(self) -> list[str]:
        """One round of notices; the outcome of every attempt."""
        return self._courier.deliver()

    async def _api(self, request: Request) -> Response:
        body = await request.body()
        query = request.scope["query_string"]
        target = request.scope["raw_path"] + (b"?" + query if query else b"")
        asked = gate.Asked(request.method, target.decode("latin-1"), request.headers, body)
        outage = self.outages.next(request.url.path)
        if outage is None or outage.done:
            answer = await run_in_threadpool(self._answer, asked, outage)
        else:
            answer = Response()
        if outage is None:
            return answer
        if outage.kind == "hang":
            await asyncio.to_thread(self.outages.hang, outage)
        return outage.instead_of(answer)

    def _answer(self, asked: gate.Asked, outage: Outage | None) -> Response:
        signer = None
        try:
            if len(asked.body) > LONGEST_BODY:
                raise ApiError(413, "PARAM_ERROR", "请求体过大")
            signer = gate.enter(self.platform, asked)
            if asked.target.startswith("/v3/billdownload/file?token="):
                token = asked.target.partition("token=")[2]
                content = bills.fetch(self.platform, token)
                return Response(content, headers={"Content-Type": "text/plain"})  # never signed
            status, said = api.perform(self.platform, asked)
        except ApiError as error:
            status, said = error.status, error.body
        text = "" if said is None else json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        return self._signed(status, text.encode(), signer, outage)

    def _signed(
        self, status: int, body: bytes, signer: gate.Signer | None, outage: Outage | None
    ) -> Response:
        """Who cannot show to be the merchant is given an answer without a signature."""
        sent = {"Request-ID": f"08{secrets.token_hex(20).upper()}-0"}
        if body:
            sent["Content-Type"] = "application/json; charset=utf-8"
        if signer is not None:
            serial, key = signer
            if outage is not None and outage.kind == "certificate":
                serial, key = self.platform.keys.platform_certificate()
            if outage is not None and outage.kind == "forged":
                key = crypto.new_key()
            stamp = str(int(self.platform.clock.now().timestamp()))
            sent |= crypto.headers(serial, stamp, body, key)
        return Response(body, status, sent)
