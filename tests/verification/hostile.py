"""A judge that does what a file says: the worst that a parser could be led to."""

import os
import signal

from backend.verification import judge as real
from backend.verification.findings import Findings, Question


def ready() -> None:
    """Everything has been imported."""


def judge(data: bytes, question: Question) -> Findings:
    if data == b"dies":
        os.kill(os.getpid(), signal.SIGKILL)
    while data == b"endless":
        pass
    if data == b"eats":
        bytearray(1 << 40)
    return real.judge(data, question)
