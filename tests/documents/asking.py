"""What stands between us and the authorities: requests and answers that somebody changes."""

from collections.abc import Callable

import httpx

Change = Callable[[httpx.Request], httpx.Request | httpx.Response]


class Meddler(httpx.BaseTransport):
    """Passes requests on, or does with them what ``change`` says; ``asked`` are the addresses."""

    def __init__(self, change: Change | None = None) -> None:
        self.change = change
        self.asked: list[str] = []
        self._real = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        if self.change is not None:
            changed = self.change(request)
            if isinstance(changed, httpx.Response):
                return changed
            request = changed
        return self._real.handle_request(request)

    def close(self) -> None:
        self._real.close()


def sent(request: httpx.Request, *, path: str = "", body: bytes = b"") -> httpx.Request:
    """The same to another place, or with another body."""
    url = request.url.copy_with(path=path) if path else request.url
    headers = {name: value for name, value in request.headers.items() if name != "content-length"}
    return httpx.Request(request.method, url, headers=headers, content=body or request.read())


def at(request: httpx.Request, moment: str) -> httpx.Request:
    """As if it were asked at another time."""
    request.headers["X-Certomancer-Fake-Time"] = moment
    return request
