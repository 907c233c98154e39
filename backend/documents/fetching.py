"""Asking authorities over HTTP: bounded in size and time, and only hosts that are known beforehand."""

import time
from collections.abc import Collection, Mapping
from urllib.parse import urljoin, urlsplit

import httpx

MOST_REDIRECTS = 3


class Unreachable(Exception):
    """No answer that can be used; says why, without what was answered."""


def fetch(
    client: httpx.Client,
    method: str,
    url: str,
    *,
    most: int,
    seconds: float,
    hosts: Collection[str],
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> bytes:
    """The body of a plain answer (200) of at most ``most`` bytes, within ``seconds`` altogether.

    A redirect is followed to ``hosts`` (``host:port``) only. Raises Unreachable.
    """
    ends = time.monotonic() + seconds
    for _ in range(MOST_REDIRECTS + 1):
        if place(url) not in hosts:
            raise Unreachable("the address leads elsewhere")
        try:
            answer = _ask(client, method, url, most, ends, content, headers, auth)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(type(error).__name__) from None
        if isinstance(answer, bytes):
            return answer
        url = urljoin(url, answer)
        auth = None  # not for wherever that leads
    raise Unreachable("too many redirects")


def place(url: str) -> str:
    """Where an address leads, as ``host:port``; empty for what is not HTTP. Raises Unreachable."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        raise Unreachable("not an address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return f"{parts.hostname}:{port}"


def _ask(
    client: httpx.Client,
    method: str,
    url: str,
    most: int,
    ends: float,
    content: bytes | None,
    headers: Mapping[str, str] | None,
    auth: tuple[str, str] | None,
) -> bytes | str:
    """The body, or where to ask instead."""
    left = ends - time.monotonic()
    if left <= 0:
        raise Unreachable("too slow")
    with client.stream(
        method,
        url,
        content=content,
        headers=dict(headers or {}),
        auth=auth or httpx.USE_CLIENT_DEFAULT,
        timeout=left,
        follow_redirects=False,
    ) as answer:
        if answer.is_redirect:
            return str(answer.headers.get("location", ""))
        if answer.status_code != httpx.codes.OK:
            raise Unreachable(f"status {answer.status_code}")
        body = bytearray()
        for part in answer.iter_bytes():
            body += part
            if len(body) > most:
                raise Unreachable("too large")
            if time.monotonic() > ends:
                raise Unreachable("too slow")
        return bytes(body)
