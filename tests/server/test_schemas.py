"""The forms of our data are published where the data say they are."""

import asyncio
import json

import httpx
from starlette.applications import Starlette

from backend.documents.record import SCHEMA, record
from bot import schemas
from tests.documents.samples import ISSUE, facts

HOUSE = "https://registrar.example.edu"


def fetched(path: str) -> httpx.Response:
    async def fetch() -> httpx.Response:
        serving = httpx.ASGITransport(Starlette(routes=list(schemas.routes())))
        async with httpx.AsyncClient(transport=serving, base_url=HOUSE) as client:
            return await client.get(path)

    return asyncio.run(fetch())


def test_a_program_elsewhere_can_fetch_the_schema_that_the_data_name() -> None:
    address = record(facts(), ISSUE)["$schema"]
    assert address == f"{HOUSE}/schemas/{SCHEMA}.json"
    answer = fetched(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "public, max-age=86400"
    assert json.loads(answer.content)["properties"]["version"] == {"const": 1}


def test_nothing_else_can_be_fetched_there() -> None:
    for path in ("/schemas/transcript-2.json", "/schemas/..%2Fchat.css", "/schemas/"):
        assert fetched(path).status_code == 404
