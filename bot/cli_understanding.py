"""The commands of ``registrar`` on what people mean: parse, ask, unclear, retrain.

As in ``cli.py`` each imports what it needs when it runs: a command should not wait for the others'.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from bot.keyboard import say, settings_here, typed


def add_understanding(sub: Any) -> None:
    unclear = sub.add_parser("unclear", help="messages that were not understood, and their labels")
    unclear.add_argument(
        "--export",
        type=Path,
        nargs="?",
        const=Path(),
        metavar="FILE",
        help="write the labelled ones as training data; by default learnt/learnt.yml in the data",
    )
    unclear.set_defaults(run=run_unclear)

    retrain = sub.add_parser("retrain", help="train on what was taught; publish if it is no worse")
    retrain.add_argument(
        "--learnt",
        type=Path,
        metavar="FILE",
        help="learn from this file as it is; by default what staff have labelled is exported first",
    )
    retrain.add_argument("--dry-run", action="store_true", help="measure, and publish nothing")
    retrain.add_argument("--forget", action="store_true", help="go back to the model as shipped")
    retrain.set_defaults(run=run_retrain)

    parse = sub.add_parser("parse", help="read utterances, print what they mean as JSON")
    parse.set_defaults(run=run_parse)

    ask = sub.add_parser("ask", help="read questions, print what the documents say as JSON")
    ask.add_argument(
        "--shipped", action="store_true", help="only the documents that ship with the assistant"
    )
    ask.set_defaults(run=run_ask)


def run_unclear(arguments: argparse.Namespace) -> int:
    from bot import learning  # noqa: PLC0415

    settings = settings_here()
    export = learning.learnt_file(settings) if arguments.export == Path() else arguments.export
    return learning.run_unclear(settings, export, say)


def run_retrain(arguments: argparse.Namespace) -> int:
    from bot import learning  # noqa: PLC0415

    return learning.run_retrain(
        settings_here(),
        arguments.learnt,
        say,
        only_measure=arguments.dry_run,
        forget=arguments.forget,
    )


def run_parse(arguments: argparse.Namespace) -> int:
    from bot.prepare import MODEL, prepare_model  # noqa: PLC0415
    from bot.understanding import extractor_here, interpreter_of  # noqa: PLC0415
    from nlu.parse_lines import parse_lines  # noqa: PLC0415

    settings = settings_here()
    extractor = extractor_here(settings)
    prepare_model(settings.data / MODEL, lambda words: print(words, file=sys.stderr))
    for line in parse_lines(interpreter_of(settings, extractor), typed()):
        print(line, flush=True)
    return 0


def run_ask(arguments: argparse.Namespace) -> int:
    from bot.asking import answer_lines, published_here  # noqa: PLC0415

    published = None if arguments.shipped else published_here(settings_here())
    for line in answer_lines(typed(), published=published):
        print(line, flush=True)
    return 0
