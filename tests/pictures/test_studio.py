"""Whatever a picture does to the process that opens it, the next one is looked at."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.pictures.studio import GIGABYTE, Apart, Failed, Lost, Room
from tests.pictures import making


@pytest.fixture
def apart() -> Iterator[Apart]:
    studio = Apart()
    yield studio
    studio.close()


def test_nothing_starts_before_it_is_needed_and_all_ends(apart: Apart) -> None:
    assert apart.light.pid is None
    assert apart.look(making.jpeg(making.cet().image)).kind == "jpeg"
    pid = apart.light.pid
    assert pid not in (None, os.getpid())
    assert apart.reading.pid is None
    apart.close()
    assert apart.light.pid is None


def test_looking_goes_on_after_its_process_was_killed(apart: Apart) -> None:
    apart.look(b"")
    assert apart.light.pid is not None
    os.kill(apart.light.pid, signal.SIGKILL)
    assert apart.look(making.jpeg(making.cet().image)).shown


def test_a_file_that_kills_its_process_is_given_up_and_the_next_is_looked_at(apart: Apart) -> None:
    with pytest.raises(Lost):
        apart.run("os:abort")
    assert apart.look(making.jpeg(making.cet().image)).shown


def test_what_takes_too_long_is_ended() -> None:
    room = Room(memory=GIGABYTE, seconds=3)
    try:
        with pytest.raises(Lost):
            room.ask("time:sleep", 60)
        assert room.pid is None
    finally:
        room.close()


def test_a_process_that_wants_too_much_memory_does_not_get_it() -> None:
    room = Room(memory=GIGABYTE, seconds=20)
    try:
        with pytest.raises(Failed, match="memory"):
            room.ask("operator:mul", b"x", 3 * GIGABYTE)
    finally:
        room.close()


def test_a_process_without_work_goes_home_and_another_comes() -> None:
    room = Room(memory=2 * GIGABYTE, seconds=20, idle=0.2)
    try:
        assert room.ask("os:getpid") == (first := room.pid)
        while room.pid is not None:
            time.sleep(0.05)
        assert room.ask("os:getpid") != first
    finally:
        room.close()


def test_an_error_is_an_answer_and_the_process_stays(apart: Apart) -> None:
    with pytest.raises(Failed, match="JSONDecodeError"):
        apart.run("json:loads", "{")
    pid = apart.light.pid
    apart.look(b"")
    assert apart.light.pid == pid


def test_no_process_is_left_behind_when_the_server_is_killed(tmp_path: Path) -> None:
    server = tmp_path / "server.py"
    server.write_text(
        "import time\n"
        "from backend.pictures.studio import Apart\n"
        "if __name__ == '__main__':\n"
        "    studio = Apart()\n"
        "    print(studio.run('os:getpid'), flush=True)\n"
        "    time.sleep(60)\n"
    )
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, str(server)], stdout=subprocess.PIPE, env=here
    ) as process:
        assert process.stdout
        worker = int(process.stdout.readline())
        process.kill()
    for _ in range(600):
        if not Path(f"/proc/{worker}").exists():
            return
        time.sleep(0.1)
    pytest.fail("the process lives on")
