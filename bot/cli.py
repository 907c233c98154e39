"""The ``registrar`` command."""

import argparse
import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from backend.registry.columns import COLUMNS
from bot.cli_keys import add_keys
from bot.cli_ledger import add_ledger, add_reconcile
from bot.cli_understanding import add_understanding
from bot.configuration import Misconfigured, Problem, problems
from bot.keyboard import say, settings_for, settings_here, typed
from bot.settings import NotReady, Settings, readable


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit status: 0 done, 1 refused or not ready, 2 wrong use."""
    parser = commands()
    arguments = parser.parse_args(argv)
    os.umask(0o077)  # whatever is written holds personal data
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # refusals are told, not logged
    from backend.migrations.run import NewerDatabase  # noqa: PLC0415

    try:
        status: int = arguments.run(arguments)
    except ValidationError as wrong:
        for one in problems(wrong, Settings):
            print(f"设置不对 · {one}", file=sys.stderr)
        return 1
    except Misconfigured as unreadable:
        print(f"设置不对 · {unreadable}", file=sys.stderr)
        return 1
    except (NotReady, NewerDatabase) as missing:
        print(missing, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    return status


def commands() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="registrar", description="Registrar paperwork by chat.")
    sub = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = sub.add_parser("serve", help="serve the assistant")
    serve.add_argument("--demo", action="store_true", help="with invented people and a demo key")
    serve.set_defaults(run=run_serve)

    setup = sub.add_parser("setup", help="prepare everything and stop")
    setup.add_argument("--demo", action="store_true")
    setup.set_defaults(run=run_setup)

    check = sub.add_parser("check", help="tell what is missing or wrong, channel by channel")
    check.add_argument("--demo", action="store_true", help="before the first start of a demo")
    check.set_defaults(run=run_check)

    waiting = sub.add_parser("deliveries", help="tell what became of the messages that are pushed")
    waiting.add_argument("--about", metavar="NUMBER", help="of this case or announcement only")
    waiting.set_defaults(run=run_deliveries)

    wecom = sub.add_parser("wecom", help="the application in WeCom: its menu and its people")
    add_wecom(wecom.add_subparsers(required=True, metavar="COMMAND"))

    signing = sub.add_parser("keys", help="the keys that sign documents")
    add_keys(signing.add_subparsers(required=True, metavar="COMMAND"))

    add_ledger(sub)
    add_reconcile(sub)

    password = sub.add_parser(
        "exam-password", help="let a candidate's initial password stand again"
    )
    password.add_argument("number", help="the candidate's number in the registry")
    password.set_defaults(run=run_exam_password)

    chat = sub.add_parser("chat", help="chat in the terminal")
    chat.add_argument("--as", dest="who", required=True, metavar="NUMBER", help="person's number")
    chat.add_argument("--demo", action="store_true", help="make a demo where nothing is yet")
    chat.set_defaults(run=run_chat)

    load = sub.add_parser("import", help="take a CSV or XLSX file into the registry")
    load.add_argument("file", type=Path, nargs="+")
    load.add_argument("--kind", choices=tuple(COLUMNS), help="by default told from the headings")
    load.add_argument(
        "--all-or-nothing", action="store_true", help="one refused row undoes its file"
    )
    load.add_argument("--report", type=Path, help="write refused rows to this CSV file")
    load.set_defaults(run=run_import)

    photos = sub.add_parser("photos", help="check graduation photos and keep those that pass")
    photos.add_argument("source", type=Path, nargs="?", help="a folder or a ZIP archive")
    photos.add_argument("--go-on", metavar="NUMBER", help="with a check that was interrupted")
    photos.add_argument("--year", type=int, help="enrolment year, for files named by ID numbers")
    photos.add_argument("--unit", metavar="CODE", help="only students of this unit pass")
    photos.add_argument("--report", type=Path, help="write the report to this XLSX file")
    photos.set_defaults(run=run_photos)

    add_understanding(sub)

    play = sub.add_parser("play", help="play a conversation script on a fresh instance")
    play.add_argument("script", type=Path)
    play.set_defaults(run=run_play)

    verify = sub.add_parser("verify", help="check a signed PDF; prints JSON")
    verify.add_argument("file", type=Path)
    verify.add_argument("--trust", type=Path, action="append", help="PEM file of a trusted root")
    verify.add_argument("--signer", type=Path, action="append", help="PEM file of the signer")
    verify.add_argument("--report", action="store_true", help="print all that was found")
    verify.set_defaults(run=run_verify)
    return parser


def add_wecom(sub: Any) -> None:
    menu = sub.add_parser("menu", help="create the application's menu, in place of the old one")
    menu.set_defaults(run=run_wecom)
    people = sub.add_parser("people", help="bind user ids to people of the registry")
    people.add_argument(
        "file",
        type=Path,
        nargs="?",
        help="CSV or XLSX with user ids and numbers; by default WeCom's own directory is asked",
    )
    people.set_defaults(run=run_wecom)


def run_wecom(arguments: argparse.Namespace) -> int:
    from bot.channels.wecom import commands  # noqa: PLC0415

    settings = settings_here()
    if "file" in arguments:
        return commands.run_people(settings, arguments.file)
    return commands.run_menu(settings)


def run_exam_password(arguments: argparse.Namespace) -> int:
    from bot.signin.exam_reset import run  # noqa: PLC0415

    return run(settings_here(), arguments.number)


def run_setup(arguments: argparse.Namespace) -> int:
    from bot.prepare import prepare  # noqa: PLC0415

    prepare(settings_for(arguments.demo), say)
    return 0


def run_serve(arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    settings = settings_for(arguments.demo)
    from bot.serving import serve  # noqa: PLC0415

    return serve(settings, say, began)


def run_check(arguments: argparse.Namespace) -> int:
    """Exit status 1 when something is wrong; what can be read of the settings is looked at."""
    from bot.ready import check  # noqa: PLC0415

    wrong: list[Problem] = []

    def read(**given: bool) -> Settings:
        settings, wrong[:] = readable(**given)
        return settings

    return check(settings_here(demo=arguments.demo, read=read), print, wrong)


def run_deliveries(arguments: argparse.Namespace) -> int:
    from bot.prepare import work_there  # noqa: PLC0415
    from bot.statuses import is_case, table  # noqa: PLC0415

    with work_there(settings_here()) as work:
        lines = list(table(work, arguments.about))
        if not lines and arguments.about and not is_case(work, arguments.about):
            print(f"没有这个编号 no such case: {arguments.about}", file=sys.stderr)
            return 1
    print("\n".join(lines) or "没有消息 none")
    return 0


def run_chat(arguments: argparse.Namespace) -> int:
    from bot.assemble import assemble  # noqa: PLC0415
    from bot.prepare import database_there, prepare_data, prepare_materials  # noqa: PLC0415
    from bot.pump import Pump  # noqa: PLC0415
    from bot.terminal import NO_CHAT, NobodyThere, Terminal, find_person  # noqa: PLC0415

    settings = settings_here(demo=arguments.demo)
    if not settings.demo:
        with database_there(settings, NO_CHAT):
            pass
    prepare_data(settings)
    try:
        with database_there(settings) as database, database.read() as session:
            find_person(session, settings.institution, arguments.who)
    except NobodyThere:
        print(
            f"没有学号、工号或姓名是 {arguments.who} 的人。Nobody has this number or name.",
            file=sys.stderr,
        )
        return 1
    prepare_materials(settings, say)
    pump = Pump(threads=1)
    assistant = assemble(settings, wake=pump.wake)
    pump.start(assistant.reception.take_turns)
    terminal = Terminal(assistant, arguments.who)
    assistant.start_jobs()
    try:
        terminal.run(typed())
    finally:
        pump.stop()
        assistant.stop_jobs()
        assistant.close()
    return 0


def run_import(arguments: argparse.Namespace) -> int:
    from bot.importing import Import  # noqa: PLC0415

    return Import(
        settings_here(),
        arguments.kind,
        all_or_nothing=arguments.all_or_nothing,
        report=arguments.report,
    ).run(arguments.file)


def run_photos(arguments: argparse.Namespace) -> int:
    from bot.photos_command import Photos  # noqa: PLC0415

    if (arguments.source is None) == (arguments.go_on is None):
        print(
            "要一个文件夹或压缩包，或者 --go-on 编号 give a folder or an archive, or --go-on NUMBER",
            file=sys.stderr,
        )
        return 2
    photos = Photos(
        settings_here(), year=arguments.year, unit=arguments.unit, report=arguments.report
    )
    return photos.go_on(arguments.go_on) if arguments.go_on else photos.run(arguments.source)


def run_play(arguments: argparse.Namespace) -> int:
    from bot.play import play_fresh  # noqa: PLC0415
    from bot.script import ScriptError, holds_talk  # noqa: PLC0415

    data = Settings().data
    try:
        script = arguments.script.read_text(encoding="utf-8")
    except FileNotFoundError:
        print(f"{arguments.script}: 没有这个文件 no such file", file=sys.stderr)
        return 1
    except (OSError, UnicodeDecodeError):
        print(f"{arguments.script}: 读不了这个文件 the file cannot be read", file=sys.stderr)
        return 1
    if not holds_talk(script):
        print(
            f"{arguments.script}: 里面没有对话（写法见 docs/operations.md，例子是 tests/conversations/*.md）"
            " there is no conversation in it (docs/operations.md tells how to write one)",
            file=sys.stderr,
        )
        return 1
    try:
        print(play_fresh(script, data, arguments.script.parent / "files"), end="")
    except ScriptError as wrong:
        print(f"{arguments.script}: {wrong.line}", file=sys.stderr)
        return 1
    return 0


def run_verify(arguments: argparse.Namespace) -> int:
    """Exit status 0 only for a genuine file."""
    from bot.verifying import check  # noqa: PLC0415

    checked = check(
        Settings(),
        arguments.file,
        arguments.trust or [],
        arguments.signer or [],
        whole=arguments.report,
    )
    print(json.dumps(checked.shown, ensure_ascii=False, indent=2))
    return 0 if checked.genuine else 1


if __name__ == "__main__":
    sys.exit(main())
