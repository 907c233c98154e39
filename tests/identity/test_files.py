"""What people send comes back as a file to keep, and is never run in our name."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select

from backend.blobs import NewFile
from backend.models import Blob, Inbound
from bot.attachments import received
from tests.identity.conftest import CANDIDATE
from tests.identity.house import House, Phone

STRANGE = (
    "text/html\r\nSet-Cookie: chat=x",
    "image/png\r\n\r\n<script>",
    "图片/png",
    "image/png\x00",
    "image",
    "/",
    "a/" + "b" * 65,
    "",
)


@pytest.mark.parametrize("media_type", STRANGE)
def test_what_a_sender_calls_a_file_never_becomes_a_header(house: House, media_type: str) -> None:
    person = house.person(CANDIDATE).id
    body = received(house.office, NewFile(b"x", person, "a.bin", media_type))
    assert body["type"] == "application/octet-stream"
    with house.office.work() as work:  # as one that was kept before anybody looked
        work.session.get_one(Blob, body["blob"]).media_type = media_type
    answer = httpx.get(house.links.file(body["blob"], house.clock.now()), trust_env=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "set-cookie" not in answer.headers


def test_what_is_told_of_a_file_without_its_bytes_is_looked_at_too(
    house: House, phone: Phone
) -> None:
    file = {"name": "a.bin", "type": STRANGE[0], "size": 1}
    house.assistant.reception.hear("telegram", phone.address, "f1", "attached", file)
    with house.office.read() as work:
        [kept] = work.session.scalars(select(Inbound.body)).all()
    assert kept["type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("media_type", "shown"),
    [
        ("image/png", "inline"),
        ("image/jpeg", "inline"),
        ("image/svg+xml", "attachment"),
        ("image/svg+xml; charset=utf-8", "attachment"),
        ("image/png; x=y", "attachment"),
        ("IMAGE/SVG+XML", "attachment"),
        ("text/html", "attachment"),
        ("application/pdf", "attachment"),
    ],
)
def test_file_that_somebody_sent_runs_nothing_here(
    house: House, media_type: str, shown: str
) -> None:
    script = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    person = house.person(CANDIDATE).id
    body = received(house.office, NewFile(script, person, "picture", media_type))
    link = house.links.file(body["blob"], house.clock.now())
    answer = httpx.get(link, trust_env=False)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith(f"{shown};")
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
