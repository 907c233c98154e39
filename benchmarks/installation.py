"""Installations to measure on: prepared once for a run, then copied."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from dbos import DBOS
from sqlalchemy import URL, text

from backend.documents.facts import TranscriptFacts
from backend.documents.materials import Evidence, Issue, Level, Made, Picture, Seal
from backend.documents.workshop import Workshop
from bot.play_world import START
from bot.prepare import prepare
from bot.settings import DEMO_MARK, Settings
from tests.databases import administration, postgresql_server

CACHE = Path("var")  # fonts and model, which take long to make


class QuickWorkshop(Workshop):
    """Hands out the same picture and file at once: where turns are measured, drawing is not."""

    def __init__(self) -> None:
        super().__init__(Path(), None, Seal("", "", demo=True))

    def preview(self, facts: TranscriptFacts) -> list[Picture]:
        return [Picture(b"\x89PNG", 595, 842)]

    def make(
        self,
        facts: TranscriptFacts,
        issue: Issue,
        barred: Mapping[str, str] | None = None,
        level: Level = Level.B_B,
        evidence: Evidence | None = None,
    ) -> Made:
        return Made(b"%PDF-1.7", Level.B_B, "", (0, 0), b"", b"", finished=True)


def data_folder(folder: Path) -> Path:
    """An empty data folder that shares the cached fonts and model."""
    folder.mkdir(parents=True)
    for name in ("fonts", "model"):
        (CACHE / name).mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to((CACHE / name).resolve())
    return folder


def settings(data: Path, database_url: str = "") -> Settings:
    return Settings(data=data, demo=True, database_url=database_url)


def prepared(data: Path, database_url: str = "") -> Settings:
    """The demo with all its people, and the tables of the job queue."""
    made = settings(data, database_url)
    prepare(made, lambda words: print(f"  {words}", flush=True), now=START)
    DBOS.migrate(made.database)
    return made


def copied(original: Settings, into: Path, database_url: str = "") -> Settings:
    """The same installation again; on SQLite with a copy of its database."""
    data_folder(into)
    for name in ("secrets", "demo-ca"):
        shutil.copytree(original.data / name, into / name)
    if not database_url:
        shutil.copy(original.data / "registrar.db", into / "registrar.db")
    (into / DEMO_MARK).touch()
    return settings(into, database_url)


class NoPostgres(RuntimeError):
    """It is not to be had on this machine; the message says why."""


@contextmanager
def postgres() -> Iterator[URL]:
    """A server that waits for the disk at every commit, as one in production does.

    Raises NoPostgres.
    """
    server = postgresql_server()
    try:
        url = server.__enter__()
    except pytest.skip.Exception as reason:
        raise NoPostgres(str(reason)) from None
    try:
        with administration(url) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM RESET {setting}"))
            connection.execute(text("SELECT pg_reload_conf()"))
        yield url
    finally:
        server.__exit__(None, None, None)


def new_postgres_database(server: URL, template: str = "template0") -> URL:
    name = f"bench_{uuid4().hex}"
    with administration(server) as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'"))
    return server.set(database=name)


def drop_postgres_database(url: URL) -> None:
    with administration(url.set(database="postgres")) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {url.database} WITH (FORCE)"))


def plain(url: URL) -> str:
    return url.render_as_string(hide_password=False)
