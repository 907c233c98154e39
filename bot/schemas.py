"""The published forms of data that leave this house, for programs that read them.

A schema never changes: data of another form have another name and number.
"""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

FOLDER = Path(__file__).parent / "static" / "schemas"
HEADERS = {"cache-control": "public, max-age=86400", "access-control-allow-origin": "*"}


def routes() -> list[Route]:
    published = {file.name: file.read_bytes() for file in FOLDER.glob("*.json")}

    async def schema(request: Request) -> Response:
        found = published.get(request.path_params["name"])
        if found is None:
            return PlainTextResponse("no such schema\n", 404)
        return Response(found, media_type="application/schema+json", headers=HEADERS)

    return [Route("/schemas/{name}", schema)]
