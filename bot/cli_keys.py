"""The commands of ``registrar keys``: the keys that sign documents."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.keyboard import settings_here


def add_keys(sub: Any) -> None:
    show = sub.add_parser("list", help="which keys there are, and which signs now")
    show.set_defaults(run=run_list)

    add = sub.add_parser("add", help="add a key; a running server uses it from its moment on")
    add.add_argument("name", help="how it is called here: lower-case letters, digits, hyphens")
    add.add_argument("--key", type=Path, help="PEM, or PKCS#12 where no certificate is given")
    add.add_argument("--certificate", type=Path, help="PEM; of a token's key, if it is not there")
    add.add_argument("--chain", type=Path, help="intermediate certificates and root in PEM")
    add.add_argument("--passphrase-file", type=Path, help="stays where it is; else you are asked")
    add.add_argument("--module", type=Path, help="PKCS#11: the library of the token's maker")
    add.add_argument("--token", default="", help="PKCS#11: the label of the token")
    add.add_argument("--label", default="", help="PKCS#11: the label of the key")
    add.add_argument("--key-id", default="", help="PKCS#11: the number of the key, hexadecimal")
    add.add_argument("--pin-file", type=Path, help="PKCS#11: stays where it is; else you are asked")
    add.add_argument(
        "--from",
        dest="starts",
        type=moment,
        metavar="TIME",
        help="2026-12-01T00:00, in Shanghai; by default at once",
    )
    add.set_defaults(run=run_add)

    retire = sub.add_parser("retire", help="a key signs no more; what it signed stays as it is")
    retire.add_argument("name")
    retire.add_argument("--even-last", action="store_true", help="though nothing can sign then")
    retire.add_argument("--undo", action="store_true", help="it may sign again")
    retire.set_defaults(run=run_retire)

    check = sub.add_parser("check", help="sign something that means nothing; exit 1 if it fails")
    check.add_argument("name", nargs="?", default="", help="this key only")
    check.add_argument(
        "--pin-again", action="store_true", help="try PINs once more that a token refused"
    )
    check.set_defaults(run=run_check)


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words)


def run_list(_: argparse.Namespace) -> int:
    from bot.keys import Keys  # noqa: PLC0415

    return Keys(settings_here()).show()


def run_add(arguments: argparse.Namespace) -> int:
    from bot.keys import Keys  # noqa: PLC0415
    from bot.keys_adding import NewKey  # noqa: PLC0415

    given = {name: value for name, value in vars(arguments).items() if name != "run"}
    return Keys(settings_here()).add(NewKey(**given))


def run_retire(arguments: argparse.Namespace) -> int:
    from bot.keys import Keys  # noqa: PLC0415

    return Keys(settings_here()).retire(
        arguments.name, even_last=arguments.even_last, undo=arguments.undo
    )


def run_check(arguments: argparse.Namespace) -> int:
    from bot.keys import Keys  # noqa: PLC0415

    return Keys(settings_here()).check(arguments.name, pin_again=arguments.pin_again)
