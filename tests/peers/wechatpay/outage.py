"""What may go wrong with an answer."""

import threading
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

KINDS = {
    "system": "500 SYSTEM_ERROR",
    "frequency": "429 FREQUENCY_LIMITED",
    "gateway": "502 with a page of HTML",
    "hang": "no answer for a while, then the connection ends",
    "cut": "the connection ends within the answer",
    "unsigned": "right, without a signature",
    "forged": "signed with a key that nobody knows",
    "probe": "with the signature WeChat Pay tests merchants with",
    "altered": "changed after it was signed",
    "certificate": "signed as before public keys, with a certificate's serial",
}
PROBE = "WECHATPAY/SIGNTEST/"
ERRORS = {
    "system": (500, b'{"code":"SYSTEM_ERROR","message":"\xe7\xb3\xbb\xe7\xbb\x9f\xe9\x94\x99"}'),
    "frequency": (429, b'{"code":"FREQUENCY_LIMITED","message":"\xe9\xa2\x91\xe7\x8e\x87"}'),
}


class Cut(Response):
    """Promises more than it sends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = {"type": "http.response.start", "status": 200}
        await send({**started, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b'{"', "more_body": False})


@dataclass
class Outage:
    kind: str
    path: str = ""  # of the requests it meets: how it begins
    times: int | None = 1  # None: until it is over
    done: bool = False  # whether what was asked for is done nevertheless
    seconds: float = 30.0  # of hanging

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind}: one of {', '.join(KINDS)}")
        if self.kind not in ("hang", "cut", "gateway", *ERRORS):
            self.done = True

    def instead_of(self, answer: Response) -> Response:
        match self.kind:
            case "system" | "frequency":
                status, body = ERRORS[self.kind]
                return Response(body, status, media_type="application/json")
            case "gateway":
                return Response(
                    "<html><h1>502 Bad Gateway</h1></html>", 502, media_type="text/html"
                )
            case "hang" | "cut":
                return Cut()
            case "unsigned":
                for name in [n for n in answer.headers if n.startswith("wechatpay-")]:
                    del answer.headers[name]
            case "probe":
                signature = answer.headers.get("wechatpay-signature", "")
                answer.headers["wechatpay-signature"] = PROBE + signature[len(PROBE) :]
            case "altered":
                changed = bytes(answer.body).replace(b'":"', b'": "', 1)
                answer = Response(changed or b" ", answer.status_code, dict(answer.headers))
                answer.headers["content-length"] = str(len(answer.body))
        return answer


class Outages:
    def __init__(self) -> None:
        self._planned: list[Outage] = []
        self._lock = threading.Lock()
        self._over = threading.Event()

    def plan(self, outage: Outage) -> None:
        with self._lock:
            self._planned.append(outage)
            self._over.clear()

    def end(self) -> None:
        """Everything works again."""
        with self._lock:
            self._planned.clear()
            self._over.set()

    def release(self) -> None:
        self._over.set()

    def next(self, path: str) -> Outage | None:
        with self._lock:
            for outage in self._planned:
                if path.startswith(outage.path):
                    if outage.times is not None:
                        outage.times -= 1
                        if outage.times <= 0:
                            self._planned.remove(outage)
                    return outage
        return None

    def hang(self, outage: Outage) -> None:
        self._over.wait(outage.seconds)
