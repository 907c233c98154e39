"""Writes the next step from what has changed in the models.

``python -m backend.migrations.make "what has changed"``; with ``--again`` the last step is written
anew, which is right only as long as nobody has taken it.
"""

import argparse
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from backend.database import Database
from backend.migrations.run import VERSIONS, head
from backend.migrations.steps import configuration, take


def make(message: str, *, again: bool = False) -> Path:
    """The new file; Alembic compares the models with an empty database that has all steps taken."""
    files = sorted(VERSIONS.glob("[0-9]*.py"))
    if again and files:
        files.pop().unlink()
    number = f"{int(head()) + 1 if files else 1:04d}"
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/compare.db")
        if files:
            take(database)
        with database.engine.connect() as connection, connection.begin():
            command.revision(configuration(connection), message, autogenerate=True, rev_id=number)
        database.close()
    (written,) = VERSIONS.glob(f"{number}_*.py")
    if find_spec("ruff"):
        for action in (("format", "--quiet"), ("check", "--fix", "--quiet")):
            subprocess.run([sys.executable, "-m", "ruff", *action, written], check=False)  # noqa: S603
    return written


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("message")
    parser.add_argument("--again", action="store_true", help="replace the last step")
    arguments = parser.parse_args()
    print(make(arguments.message, again=arguments.again))
