"""``registrar play`` and ``registrar parse``, as somebody who writes scripts or examples runs them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.server.running import COMMAND, command, environment, with_fonts_and_model

SCRIPTS = Path(__file__).parents[1] / "conversations"
SMALL = "# 打招呼\n\n人物 林若溪 = enrolled\n\n林若溪 > 你好\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_fonts_and_model(tmp_path_factory.mktemp("scripts"))


def test_a_script_is_played_and_comes_out_as_it_happened(data: Path, tmp_path: Path) -> None:
    script = tmp_path / "hello.md"
    script.write_text(SMALL, encoding="utf-8")
    done = command(data, "play", str(script))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(SMALL)
    assert "林若溪 < 林若溪，" in done.stdout
    assert list(tmp_path.iterdir()) == [script], "a play leaves nothing behind"
    assert not (data / "registrar.db").exists(), "a play takes place on an instance of its own"


def test_a_script_of_the_collection_is_played_to_the_letter(data: Path) -> None:
    script = SCRIPTS / "english.md"
    done = command(data, "play", str(script))
    assert done.returncode == 0, done.stderr
    assert done.stdout == script.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("某人 > 你好", "某人"),
        ("林若溪 > [没有这个按钮]", "没有这个按钮"),
        ("人物 王五 = 999999", "999999"),
        ("操作 变魔术", "变魔术"),
        ("操作 支付", "支付"),
        ("操作 支付 D260302-0009", "D260302-0009"),
        ("操作 付错金额 D260302-0009 许多", "许多"),
        ("操作 改成绩 999999 A", "登记库"),
        ("操作 登录 某人", "某人"),
        ("时间 2026-13-45 09:00", "2026-13-45"),
    ],
)
def test_a_line_that_cannot_happen_is_told_by_its_number_and_why(
    data: Path, tmp_path: Path, line: str, said: str
) -> None:
    script = tmp_path / "wrong.md"
    script.write_text(f"{SMALL}{line}\n", encoding="utf-8")
    done = command(data, "play", str(script))
    assert done.returncode == 1
    assert done.stdout == ""
    (told,) = done.stderr.splitlines()
    assert told.startswith(f"{script}: 第 6 行 line 6: ")
    assert said in told


def test_a_script_that_is_not_there_or_no_text_is_told_in_one_line(
    data: Path, tmp_path: Path
) -> None:
    binary = tmp_path / "binary.md"
    binary.write_bytes(b"\xff\xfe\x00\x80")
    for path, words in (
        (tmp_path / "none.md", "没有这个文件"),
        (binary, "读不了"),
        (data, "读不了"),
    ):
        done = command(data, "play", str(path))
        assert done.returncode == 1
        (told,) = done.stderr.splitlines()
        assert str(path) in told
        assert words in told


def test_each_line_is_parsed_to_one_line_of_json(data: Path) -> None:
    said = ["我想开一份中文成绩单，带绩点", "", "<script>&\\ \"'", "同意"]
    done = command(data, "parse", stdin="\n".join(said) + "\n")
    assert done.returncode == 0, done.stderr
    parsed = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["text"] for one in parsed] == said
    assert [parsed[0]["intent"], parsed[3]["intent"]] == ["apply_transcript", "affirm"]
    for one in parsed:
        assert list(one) == ["text", "intent", "confidence", "ranking", "entities"]
        assert 0 <= one["confidence"] <= 1
    assert {"language", "gpa"} & {one["entity"] for one in parsed[0]["entities"]}, parsed[0]


def test_nothing_said_is_nothing_parsed(data: Path) -> None:
    done = command(data, "parse", stdin="")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_bytes_that_are_no_text_end_nothing(data: Path) -> None:
    done = subprocess.run(
        [COMMAND, "parse"],
        env=environment(data),
        input=b"\xff\xfe\n" + "你好\n".encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert len(lines) == 2
    assert lines[1]["intent"] == "greet"
    assert done.stderr == b""
