"""Whatever a file does to the process that judges it, people get an answer and the next file is fine."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509

from backend.documents.materials import SigningKey
from backend.pictures.studio import GIGABYTE, Room
from backend.verification import inspector as inspectors
from backend.verification.findings import Findings, Question
from backend.verification.inspector import MAX_BYTES, Processes
from tests.documents.samples import ISSUE
from tests.verification.asking import asked, own

HERE = "tests.verification.hostile:"


@pytest.fixture(scope="module")
def question(signing_key: SigningKey) -> Question:
    assert signing_key.certificate
    assert signing_key.chain
    certificate = x509.load_pem_x509_certificate(signing_key.certificate.read_bytes())
    listed = own(certificate, [signing_key.chain.read_bytes()])
    return asked(listed, now=ISSUE.issued_at + timedelta(days=30))


@pytest.fixture(scope="module")
def inspector() -> Iterator[Processes]:
    one = Processes(1)
    one.warm()
    yield one
    one.close()


def code(found: Findings) -> str:
    return found.verdict.reasons[0].code


def process(inspector: Processes) -> int:
    (room,) = inspector._rooms
    assert room.pid
    return room.pid


def test_a_genuine_file_is_found_genuine_apart(
    inspector: Processes, signed: bytes, question: Question
) -> None:
    found = inspector.judge(signed, question)
    assert code(found) == "genuine"
    assert process(inspector) != os.getpid()


def test_whoever_judges_gives_way_to_whoever_serves(
    inspector: Processes, signed: bytes, question: Question
) -> None:
    inspector.judge(signed, question)
    here, there = (os.getpriority(os.PRIO_PROCESS, pid) for pid in (0, process(inspector)))
    assert there > here


def test_after_its_process_was_killed_the_next_file_is_judged(
    inspector: Processes, signed: bytes, question: Question
) -> None:
    inspector.judge(signed, question)
    before = process(inspector)
    os.kill(before, signal.SIGKILL)
    assert code(inspector.judge(signed, question)) == "genuine"
    assert process(inspector) != before


@pytest.mark.parametrize("task", ["dies", "endless", "eats"])
def test_a_file_that_its_process_cannot_bear_is_too_costly_and_the_next_is_fine(
    monkeypatch: pytest.MonkeyPatch, signed: bytes, question: Question, task: str
) -> None:
    """With a judge that does the worst that a file could make ours do."""
    room = Room(GIGABYTE, 1.5, first=HERE + "ready")
    inspector = Processes(1)
    monkeypatch.setattr(inspectors, "JUDGE", HERE + "judge")
    monkeypatch.setattr(inspector, "_rooms", [room])
    inspector._free.get()
    inspector._free.put(room)
    try:
        assert code(inspector.judge(task.encode(), question)) == "too_costly"
        assert code(inspector.judge(signed, question)) == "genuine"
    finally:
        inspector.close()


def test_where_no_process_can_be_had_nothing_is_said_of_the_file(
    monkeypatch: pytest.MonkeyPatch, signed: bytes, question: Question
) -> None:
    inspector = Processes(1)
    room = Room(GIGABYTE, 1, first=HERE + "no such thing")
    inspector._free.get()
    inspector._free.put(room)
    try:
        assert code(inspector.judge(signed, question)) == "not_checked"
    finally:
        room.close()


def test_a_huge_file_is_not_even_handed_over(question: Question) -> None:
    inspector = Processes(1)
    assert code(inspector.judge(bytes(MAX_BYTES + 1), question)) == "too_large"
    (room,) = inspector._rooms
    assert room.pid is None


def test_two_files_are_judged_at_the_same_time(signed: bytes, question: Question) -> None:
    inspector = Processes(2)
    found: list[Findings] = []
    askers = [
        Thread(target=lambda: found.append(inspector.judge(signed, question))) for _ in range(4)
    ]
    try:
        for one in askers:
            one.start()
        for one in askers:
            one.join()
    finally:
        inspector.close()
    assert [code(one) for one in found] == ["genuine"] * 4


def test_its_process_ends_with_the_inspector(signed: bytes, question: Question) -> None:
    inspector = Processes(1)
    inspector.judge(signed, question)
    pid = process(inspector)
    inspector.close()
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.05)
    pytest.fail("the process outlived its inspector")
