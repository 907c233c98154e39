"""What people send comes back as a file to keep, and is never run in our name."""

from __future__ import annotations

import httpx
import pytest

from backend.blobs import NewFile
from bot.attachments import received
from tests.identity.conftest import CANDIDATE
from tests.identity.house import House


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
