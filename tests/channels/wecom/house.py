"""An assistant with the demo's people, reached through WeCom's wire and nothing else."""

import asyncio
import socket
import threading
import time
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette

from backend.models import Blob, ChatAccount, Conversation, Inbound
from backend.registry.demo import FEATURED
from backend.sealing import Sealer
from bot.channels.wecom.wecom import Wecom
from bot.deliver import Dispatcher
from bot.play import Stage
from bot.sections import WecomSettings
from tests.peers.wecom.simulator import SETTINGS, Phone, Simulator

T = TypeVar("T")
SEALER = Sealer(b"of this installation alone, 32 bytes")


def number_of(key: str) -> str:
    return next((one.number for one in FEATURED if one.key == key), key)


class House:
    """One process of the program; several may share the data of one stage."""

    def __init__(self, stage: Stage, simulator: Simulator) -> None:
        self.stage = stage
        self.simulator = simulator
        self.office = stage.assistant.office
        self.reception = stage.assistant.reception
        settings = WecomSettings.model_validate({**SETTINGS, "api_url": simulator.url})
        self.loop = asyncio.new_event_loop()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/wecom/callback"
        self.wecom = Wecom(settings, self.office, self.reception, SEALER, pause=0.01)
        app = Starlette(routes=self.wecom.routes(), lifespan=lambda _: self.wecom.running())
        config = uvicorn.Config(app, lifespan="on", ws="none", log_level="warning")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.passed = 0.0  # seconds that nobody had to sit through
        self.dispatcher = Dispatcher(
            self.office,
            self.wecom.channel,
            stage.assistant.links,
            f"house {id(self)}",
            lambda: time.monotonic() + self.passed,
        )
        self.tell_time()

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.server.serve(sockets=[self.socket]))
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()

    def __enter__(self) -> "House":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(30)
        assert not self.thread.is_alive(), "the server does not end"

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    # --- time -------------------------------------------------------------------------------

    def tell_time(self) -> None:
        self.simulator.control("time", at=int(self.office.clock.now().timestamp()))

    def later(self, **span: float) -> None:
        passed = timedelta(**span)
        self.passed += passed.total_seconds()
        self.stage.clock.set(self.stage.clock.now() + passed)
        self.tell_time()

    # --- people -----------------------------------------------------------------------------

    def phone(self, who: str, userid: str = "", **more: Any) -> Phone:
        """The phone of somebody of the demo, whose user id is their number unless said."""
        return Phone(self.simulator, userid or number_of(who), self.url, **more)

    def settle(self) -> None:
        """Turns are taken, files fetched, jobs run and messages sent until nothing moves."""
        self.run(self.wecom.fetching.settle())
        self.stage.news()
        self.run(self.dispatcher.settle())

    # --- what has come of it ----------------------------------------------------------------

    def heard(self, userid: str) -> list[Inbound]:
        with self.office.read() as work:
            return list(
                work.session.scalars(
                    select(Inbound)
                    .join(ChatAccount, ChatAccount.id == Inbound.account_id)
                    .where(ChatAccount.address == userid, Inbound.message_key.is_not(None))
                    .order_by(Inbound.id)
                )
            )

    def account(self, userid: str) -> ChatAccount | None:
        with self.office.read() as work:
            return work.session.scalar(select(ChatAccount).where(ChatAccount.address == userid))

    def blob(self, blob_id: str) -> tuple[Blob, bytes]:
        with self.office.read() as work:
            blob = work.session.get_one(Blob, blob_id)
        return blob, self.office.blobs.get(blob.key)

    def speak(self, userid: str, language: str) -> None:
        with self.office.work() as work:
            account = work.session.scalars(
                select(ChatAccount).where(ChatAccount.address == userid)
            ).one()
            work.session.get_one(Conversation, account.conversation_id).language = language
