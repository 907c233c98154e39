"""``python -m benchmarks [SECTION …] [--write]``: measure, and print a table with ratios.

Absolute figures depend on the machine and on what else runs on it. The ratios are taken within one
run, from measurements that took turns.
"""

import argparse
import logging
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import installation, machine, report
from benchmarks.measure import Section
from bot.settings import Settings

SECTIONS = (
    "turn",
    "broadcast",
    "transcript",
    "interpreter",
    "verification",
    "verdict",
    "photos",
    "money",
    "startup",
)
Measure = Callable[[Settings, Path], Iterator[Section]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}")
    parser.add_argument("--write", action="store_true", help=f"also into {report.DOCUMENT}")
    arguments = parser.parse_args()
    wanted = arguments.sections or SECTIONS
    if unknown := set(wanted) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    logging.basicConfig(level=logging.ERROR)
    began = time.monotonic()
    described = machine.description()
    print(described, flush=True)
    sections: list[Section] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        original = installation.prepared(installation.data_folder(folder / "original"))
        for section in wanted:
            measure: Measure = import_module(f"benchmarks.{section}").measure
            (folder / section).mkdir()
            for found in measure(original, folder / section):
                sections.append(found)
                print(f"\n{report.as_text(found)}", flush=True)
    print(f"\n{time.monotonic() - began:.0f} s in all")
    if arguments.write:
        report.write(described, sections)
    return 0


if __name__ == "__main__":
    sys.exit(main())
