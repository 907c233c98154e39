"""The least that serves a page: Starlette with an empty route, run as the assistant is run."""

import socket
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class Announcing(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print("ready", flush=True)


async def nothing(request: Request) -> Response:
    return Response("")


def main(port: int) -> None:
    app = Starlette(routes=[Route("/", nothing)])
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning")
    Announcing(config).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
