"""The commands on the books: ``registrar ledger`` and ``registrar reconcile``."""

import argparse
from datetime import date
from typing import Any

from bot.keyboard import settings_here


def add_ledger(sub: Any) -> None:
    books = sub.add_parser("ledger", help="the books: what has come in, and where it is")
    commands = books.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="recompute everything; exit 1 if it does not add up")
    check.set_defaults(run=run_check)


def add_reconcile(sub: Any) -> None:
    reconcile = sub.add_parser(
        "reconcile", help="compare the payment provider's bill of a day; exit 1 if it differs"
    )
    reconcile.add_argument("day", type=date.fromisoformat, metavar="DAY", help="2026-11-22")
    reconcile.set_defaults(run=run_reconcile)


def run_check(_: argparse.Namespace) -> int:
    from bot.ledger import check  # noqa: PLC0415

    return check(settings_here())


def run_reconcile(given: argparse.Namespace) -> int:
    from bot.reconcile import reconcile  # noqa: PLC0415

    return reconcile(settings_here(), given.day)
