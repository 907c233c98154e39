"""What an administrator meets on the first day: a folder with nothing in it, or only half of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.documents.demo_ca import demo_signing_key
from bot import cli
from bot.channels.wecom import commands
from bot.prepare import prepare_data
from bot.settings import DEMO_MARK, Settings

Told = tuple[int, str, str]
Run = Callable[..., Told]
PEOPLE = "学号或工号,姓名\n20231,林若溪\n"
WRONG = "学号或工号,姓名\n20232,周明远\n20233,\n"


@pytest.fixture(autouse=True)
def folder(unconfigured: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def goes_on(*_: object) -> None:
        pytest.fail("fonts and model are made for nothing")

    monkeypatch.setattr("bot.prepare.prepare_materials", goes_on)
    return unconfigured


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """``registrar`` with these arguments: status, output, errors."""

    def run_it(*arguments: str) -> Told:
        before = os.umask(0o077)
        try:
            status = cli.main(arguments)
        finally:
            os.umask(before)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run_it


@pytest.fixture
def with_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = demo_signing_key(folder / "keys", "某大学")
    monkeypatch.setenv("REGISTRAR_SIGNING_KEY", str(key.key))
    monkeypatch.setenv("REGISTRAR_SIGNING_CERTIFICATE", str(key.certificate))
    monkeypatch.setenv("REGISTRAR_SIGNING_CHAIN", str(key.chain))


@pytest.fixture
def demo(folder: Path) -> Settings:
    settings = Settings(demo=True)
    prepare_data(settings)
    return settings


def part(out: str, name: str) -> list[str]:
    return [line for line in out.splitlines() if name in line.partition("：")[0]]


# --- registrar check ----------------------------------------------------------------------------


def test_a_check_of_a_new_folder_says_what_serve_would_say(run: Run) -> None:
    status, out, _ = run("check")
    assert status == 1
    (signing,) = part(out, "签名")
    assert signing.startswith("✗")
    assert "REGISTRAR_SIGNING_KEY" in signing
    assert "--demo" in signing
    refused, _, err = run("setup")
    assert refused == 1
    assert "没有签名密钥" in err


def test_a_check_before_the_first_demo_finds_nothing_wrong(run: Run) -> None:
    status, out, _ = run("check", "--demo")
    assert (status, "✗" in out) == (0, False)


@pytest.mark.usefixtures("with_key")
def test_an_institution_where_nobody_can_sign_in_is_not_well(run: Run) -> None:
    status, out, _ = run("check")
    assert status == 1
    (sign_in,) = part(out, "登录")
    assert sign_in.startswith("✗")
    assert "sign_in.oidc" in sign_in
    assert "演示" not in sign_in


@pytest.mark.usefixtures("with_key")
def test_one_way_to_sign_in_is_enough(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRAR_SIGN_IN__EXAM", "true")
    status, out, _ = run("check")
    assert status == 0, out


@pytest.mark.usefixtures("demo")
def test_a_check_of_a_demo_does_not_deny_the_sign_in_that_is_set_up(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "没有登录方式" in run("check")[1]
    monkeypatch.setenv("REGISTRAR_SIGN_IN__EXAM", "true")
    status, out, _ = run("check")
    assert status == 0
    assert "没有登录方式" not in out
    assert "自考登录已开" in out


# --- registrar chat -----------------------------------------------------------------------------


def test_a_chat_makes_no_demo_of_a_new_folder_unasked(run: Run, folder: Path) -> None:
    status, _, err = run("chat", "--as", "20231800000001")
    assert status == 1
    assert "--demo" in err
    assert "registrar import" in err
    assert not (folder / "var").exists()


def test_somebody_who_is_not_there_is_told_before_anything_takes_long(run: Run) -> None:
    status, _, err = run("chat", "--demo", "--as", "没有这个人")
    assert status == 1
    assert "没有学号、工号或姓名是 没有这个人 的人" in err


@pytest.mark.usefixtures("with_key")
def test_a_chat_among_ones_own_people_asks_for_the_person_first_too(run: Run, folder: Path) -> None:
    (folder / "people.csv").write_text(PEOPLE)
    assert run("import", "people.csv")[0] == 0
    status, _, err = run("chat", "--as", "20239")
    assert status == 1
    assert "20239" in err
    assert not (folder / "var" / DEMO_MARK).exists()


# --- registrar deliveries -----------------------------------------------------------------------


@pytest.mark.usefixtures("demo")
def test_where_no_message_was_pushed_none_is_said(run: Run) -> None:
    assert run("deliveries") == (0, "没有消息 none\n", "")


@pytest.mark.usefixtures("demo")
def test_a_case_that_does_not_exist_is_not_one_without_messages(run: Run) -> None:
    status, out, err = run("deliveries", "--about", "T260302-0001")
    assert (status, out) == (1, "")
    assert "T260302-0001" in err
    assert "no such case" in err


# --- registrar import ---------------------------------------------------------------------------


def test_each_report_that_is_written_is_named_and_none_is_written_for_nothing(
    run: Run, folder: Path
) -> None:
    (folder / "good.csv").write_text(PEOPLE)
    (folder / "wrong.csv").write_text(WRONG)
    status, out, err = run("import", "good.csv", "wrong.csv", "--report", "refused.csv")
    assert status == 1
    assert err == "", "progress is for a terminal"
    assert "refused-wrong.csv" in out
    assert "refused-good.csv" not in out
    assert {path.name for path in folder.glob("refused*")} == {"refused-wrong.csv"}
    run("import", "good.csv", "--report", "none.csv")
    assert not (folder / "none.csv").exists()


def test_files_of_one_name_do_not_overwrite_each_others_report(run: Run, folder: Path) -> None:
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / name / "people.csv").write_text(WRONG)
    run("import", "a/people.csv", "b/people.csv", "--report", "refused.csv")
    assert len(list(folder.glob("refused-people*.csv"))) == 2


def test_a_report_that_cannot_be_written_is_told_before_anything_is_imported(
    run: Run, folder: Path
) -> None:
    (folder / "people.csv").write_text(PEOPLE)
    status, out, err = run("import", "people.csv", "--report", "nowhere/refused.csv")
    assert (status, out) == (1, "")
    assert "nowhere/refused.csv" in err
    assert "added 1" in run("import", "people.csv")[1]


def test_what_was_undone_is_not_told_as_done(run: Run, folder: Path) -> None:
    (folder / "wrong.csv").write_text(WRONG)
    _, out, _ = run("import", "wrong.csv", "--all-or-nothing")
    assert "没有导入 nothing was imported" in out
    assert "would have been: 新增 added 1" in out


def test_a_file_that_is_no_table_is_refused_in_words_alone(run: Run, folder: Path) -> None:
    (folder / "empty.csv").write_text("")
    (folder / "other.csv").write_text("a,b\n1,2\n")
    for name in ("empty.csv", "other.csv"):
        status, out, _ = run("import", name)
        assert status == 1
        assert f"{name}（没有导入 nothing was imported）" in out
        assert "None" not in out
        assert "''" not in out
        assert "added" not in out


def test_progress_on_a_terminal_ends_its_line(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "people.csv").write_text(PEOPLE)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    _, _, err = run("import", "people.csv")
    assert err == "\r1 …\n"


# --- what signs nothing needs no key ------------------------------------------------------------


@pytest.fixture
def with_wecom(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CORP_ID", "SECRET", "TOKEN"):
        monkeypatch.setenv(f"REGISTRAR_WECOM__{name}", "ww1")
    monkeypatch.setenv("REGISTRAR_WECOM__AGENT_ID", "1")
    monkeypatch.setenv("REGISTRAR_WECOM__AES_KEY", "a" * 43)


@pytest.mark.usefixtures("with_wecom")
def test_members_are_bound_to_imported_people_before_there_is_a_key(run: Run, folder: Path) -> None:
    (folder / "people.csv").write_text(PEOPLE)
    (folder / "accounts.csv").write_text("账号,学号\nlinrx,20231\n")
    early, _, err = run("wecom", "people", "accounts.csv")
    assert early == 1
    assert "还没有数据库" in err
    assert run("import", "people.csv")[0] == 0
    status, out, err = run("wecom", "people", "accounts.csv")
    assert (status, err) == (0, "")
    assert "bound: 1" in out


@pytest.mark.usefixtures("with_wecom")
def test_the_menu_is_made_before_there_is_a_key(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    async def create(api: object) -> None:
        made.append(api)

    monkeypatch.setattr(commands.menu, "create", create)
    (folder / "people.csv").write_text(PEOPLE)
    assert run("import", "people.csv")[0] == 0
    assert run("wecom", "menu")[0] == 0
    assert len(made) == 1


# --- registrar play, registrar verify -----------------------------------------------------------


def test_a_file_without_a_conversation_is_not_played(run: Run, folder: Path) -> None:
    (folder / "hello.md").write_text("hello\n")
    status, out, err = run("play", "hello.md")
    assert (status, out) == (1, "")
    assert "没有对话" in err
    assert "tests/conversations" in err


def test_a_verdict_leaves_out_what_nobody_knows(run: Run, folder: Path) -> None:
    prepare_data(Settings(demo=True), now=datetime.now(UTC))
    (folder / "a.pdf").write_bytes(b"%PDF-1.7 nothing")
    status, out, _ = run("verify", "a.pdf")
    assert status == 1
    assert '"genuine": false' in out
    assert "null" not in out
