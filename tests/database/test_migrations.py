"""The tables are what the models say, and an existing database is left intact."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from dbos import run_dbos_database_migrations
from sqlalchemy import inspect, select, text

from backend.database import Database
from backend.migrations.compare import DBOS_TABLES, options
from backend.migrations.run import NewerDatabase, current, head, upgrade
from backend.migrations.steps import take
from backend.models import Base, Credential, PolicyVersion
from backend.policy.credential import CREDENTIAL, CredentialPolicy
from backend.policy.notices import CREDENTIAL_URGENT


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


def test_a_document_issued_before_the_upgrade_can_be_compared_with_its_file_and_its_totals(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path}/registrar.db")
    take(database, "0010")
    when = "'2026-03-02 01:00:00'"
    facts = '{"courses": [{}, {}], "total_credits": "5.5", "gpa_value": "3.72", "gpa_scale": "4.0"}'
    told = '{"urgent": ["photo.moved"]}'
    with database.write() as session:
        for statement in (
            "INSERT INTO institution (id, name_zh, name_en) VALUES ('demo', '演示大学', 'Demo')",
            "INSERT INTO unit (institution_id, code) VALUES ('demo', 'U1')",
            "INSERT INTO person (institution_id, number, name, name_en, language)"
            " VALUES ('demo', 'S1', '林小满', '', 'zh')",
            "INSERT INTO consent (institution_id, person_id, words, language, facts, given_at)"
            f" VALUES ('demo', 1, '好', 'zh', '', {when})",
            "INSERT INTO application (institution_id, number, kind, applicant_id, unit_id, state,"
            " holder, since, filed_at, policy_version, consent_id, version) VALUES ('demo',"
            f" 'T260302-0001', 'transcript', 1, 1, 'issued', '', {when}, {when}, 1, 1, 1)",
            "INSERT INTO snapshot (institution_id, digest, student_id, facts, undrawable, taken_at)"
            f" VALUES ('demo', 'd1', 1, '{facts}', '', {when})",
            "INSERT INTO blob (id, institution_id, key, sha256, name, media_type, size, private,"
            f" created_at) VALUES ('b1', 'demo', 'k', 'aa', 'n', 't', 72993, 0, {when})",
            "INSERT INTO credential (institution_id, code, application_id, holder_id, kind, language,"
            " gpa, coverage, snapshot, sha256, blob_id, issued_at, download_until, status,"
            " status_since, status_why) VALUES ('demo', 'C1', 1, 1, 'transcript', 'zh', 'with',"
            f" 'combined', 'd1', 'aa', 'b1', {when}, {when}, 'issued', {when}, '')",
            "INSERT INTO policy_version (institution_id, name, version, valid_from, body,"
            " published_at, note) VALUES ('demo', 'notices', 1, '2020-04-30',"
            f" '{told}', {when}, '')",
        ):
            session.execute(text(statement))
    upgrade(database)
    with database.read() as session:
        issued = session.scalars(select(Credential)).one()
        assert (issued.size, issued.level, issued.certificate) == (72993, "B-B", None)
        assert issued.totals == {"courses": 2, "credits": "5.5", "gpa": "3.72", "scale": "4.0"}
        bodies = {
            row.name: row.body
            for row in session.execute(select(PolicyVersion.name, PolicyVersion.body))
        }
        assert CredentialPolicy.model_validate(bodies["credential"]).share_months_most == 6
        assert bodies["credential"] == CREDENTIAL
        assert bodies["notices"]["urgent"] == ["photo.moved", *CREDENTIAL_URGENT]
    database.close()


def test_a_document_cannot_be_proposed_for_revocation_twice_at_a_time(database: Database) -> None:
    (index,) = [
        one
        for one in inspect(database.engine).get_indexes("revocation")
        if one["name"] == "uq_revocation_proposed"
    ]
    assert index["unique"]
    assert index["column_names"] == ["credential_id"]
    where = {str(value) for name, value in index["dialect_options"].items() if "where" in name}
    assert any("proposed" in one for one in where)
