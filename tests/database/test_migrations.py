"""The tables are what the models say, and an existing database is left intact."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from dbos import run_dbos_database_migrations
from sqlalchemy import inspect, text

from backend.database import Database
from backend.migrations.compare import DBOS_TABLES, options
from backend.migrations.run import NewerDatabase, current, head, upgrade
from backend.migrations.steps import take
from backend.models import Base


def differences(database: Database) -> list[object]:
    with database.engine.connect() as connection:
        settings = options(connection)
        del settings["connection"], settings["target_metadata"]
        context = MigrationContext.configure(connection, opts=settings)
        return list(compare_metadata(context, Base.metadata))


def test_the_steps_lead_to_the_tables_the_program_works_with(database: Database) -> None:
    assert differences(database) == []


def test_a_forgotten_step_would_be_noticed(database: Database) -> None:
    with database.write() as session:
        session.execute(text("DROP TABLE email_request"))
    assert differences(database)


def test_the_tables_of_the_job_engine_are_left_alone(database: Database, database_url: str) -> None:
    run_dbos_database_migrations(database_url)
    assert differences(database) == []
    if database.dialect == "sqlite":
        with database.engine.connect() as connection:
            others = set(inspect(connection).get_table_names()) - set(Base.metadata.tables)
        assert others - {"alembic_version", "sqlite_sequence"} <= DBOS_TABLES


def test_a_second_start_finds_nothing_to_do_and_needs_no_alembic(database_url: str) -> None:
    program = (
        "import sys\n"
        "from backend.database import Database\n"
        "from backend.migrations.run import upgrade\n"
        f"upgrade(Database({database_url!r}))\n"
        "assert 'alembic' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_an_empty_database_is_filled_and_at_the_newest_step(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/registrar.db")
    upgrade(database)
    with database.read() as session:
        assert current(session) == head()
    with database.read() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    with database.write() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    database.close()


def test_a_database_of_a_later_program_is_refused(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase):
        upgrade(database)


def test_what_an_older_program_has_kept_is_still_there_after_the_upgrade(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/registrar.db")
    take(database, "0001")
    with database.write() as session:
        for statement in (
            "INSERT INTO institution (id, name_zh, name_en) VALUES ('demo', '演示大学', 'Demo')",
            "INSERT INTO person (institution_id, number, name, name_en, language)"
            " VALUES ('demo', 'S1', '林小满', 'Lin Xiaoman', 'zh')",
            "INSERT INTO snapshot (institution_id, digest, student_id, facts, undrawable, taken_at)"
            " VALUES ('demo', 'd1', 1, '{}', '', '2026-03-02 01:00:00')",
        ):
            session.execute(text(statement))
    upgrade(database)
    assert differences(database) == []
    with database.read() as session:
        kept = session.execute(text("SELECT person.name, digest FROM snapshot JOIN person"))
        assert kept.all() == [("林小满", "d1")]
    database.close()


def test_a_document_sent_before_the_upgrade_is_read_again_and_not_published_without_clauses(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path}/registrar.db")
    take(database, "0004")
    with database.write() as session:
        for statement in (
            "INSERT INTO institution (id, name_zh, name_en) VALUES ('demo', '演示大学', 'Demo')",
            "INSERT INTO person (institution_id, number, name, name_en, language)"
            " VALUES ('demo', 'A1', '教务', '', 'zh')",
            *(
                "INSERT INTO blob (id, institution_id, owner_id, key, sha256, name, media_type, size,"
                f" created_at) VALUES ('{name}', 'demo', 1, 'k', 'd', 'n', 't', 1,"
                " '2026-03-02 01:00:00')"
                for name in ("read", "refused")
            ),
            *(
                "INSERT INTO document_draft (blob_id, institution_id, owner_id, asked_at, expires_at,"
                f" read_at, text, refused) VALUES ('{name}', 'demo', 1, '2026-03-02 01:00:00',"
                f" '2026-04-01 01:00:00', '2026-03-02 01:00:01', '{kept}', '{why}')"
                for name, kept, why in (("read", "一、每份8元。", ""), ("refused", "", "scanned"))
            ),
        ):
            session.execute(text(statement))
    upgrade(database)
    with database.read() as session:
        unread = session.scalars(text("SELECT blob_id FROM document_draft WHERE read_at IS NULL"))
        assert unread.all() == ["read"]
    database.close()
