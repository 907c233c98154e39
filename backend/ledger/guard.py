"""What the database itself refuses, so that no program and no hand can spoil the ledger.

Nothing is changed or deleted; the lines of an entry come before it, add up to nothing and are at
least two; numbers run from 1 without gaps; no fact is there twice; nothing is added to an entry
that is written. On both databases these are triggers, for neither has constraints over rows.

Migrations call ``install``, and call it again after a step that copies one of the tables (SQLite
drops triggers with a table). The statements are part of history: to change a rule, add statements
for a later step and leave these as they are.
"""

from sqlalchemy import Connection, text

ENTRY_FAULTS = {
    "ledger: numbers run without gaps": """NEW.number <> (
        SELECT coalesce(max(number), 0) + 1 FROM ledger_entry
        WHERE institution_id = NEW.institution_id)""",
    "ledger: this fact is there already": """EXISTS (
        SELECT 1 FROM ledger_entry
        WHERE institution_id = NEW.institution_id AND key = NEW.key)""",
    "ledger: an entry adds up to nothing": """(
        SELECT count(*) < 2 OR sum(amount_fen) <> 0 FROM ledger_line
        WHERE institution_id = NEW.institution_id AND number = NEW.number)""",
}
LINE_FAULTS = {
    "ledger: nothing is added to a written entry": """EXISTS (
        SELECT 1 FROM ledger_entry
        WHERE institution_id = NEW.institution_id AND number = NEW.number)""",
}
ONLY_ADDED = "ledger: entries are only ever added"
CHECKED = {"ledger_entry": ENTRY_FAULTS, "ledger_line": LINE_FAULTS}


def install(connection: Connection) -> None:
    """Put every trigger there; those of the same name are replaced."""
    make = _on_sqlite if connection.dialect.name == "sqlite" else _on_postgresql
    for table, faults in CHECKED.items():
        for statement in make(table, faults):
            connection.exec_driver_sql(statement)


def missing(connection: Connection) -> list[str]:
    """The triggers that are not there or have been disabled."""
    if connection.dialect.name == "sqlite":
        there = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        there = "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
    found = set(connection.execute(text(there)).scalars())
    return sorted(set(_names(connection.dialect.name)) - found)


def _names(dialect: str) -> list[str]:
    events = ("insert", "update", "delete", *(() if dialect == "sqlite" else ("truncate",)))
    return [f"{table}_{event}" for table in CHECKED for event in events]


def _on_sqlite(table: str, faults: dict[str, str]) -> list[str]:
    checks = " ".join(
        f"SELECT RAISE(ABORT, '{words}') WHERE {wrong};" for words, wrong in faults.items()
    )
    made = [f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} BEGIN {checks} END"]
    made += [
        f"CREATE TRIGGER {table}_{event} BEFORE {event.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{ONLY_ADDED}'); END"
        for event in ("update", "delete")
    ]
    dropped = [f"DROP TRIGGER IF EXISTS {table}_{one}" for one in ("insert", "update", "delete")]
    return dropped + made


def _on_postgresql(table: str, faults: dict[str, str]) -> list[str]:
    """Writers of one institution take turns, or two that do not see each other could both be right."""
    checks = " ".join(
        f"IF {wrong} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation';"
        " END IF;"
        for words, wrong in faults.items()
    )
    made = [
        f"CREATE OR REPLACE FUNCTION {table}_checked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM pg_advisory_xact_lock(7265, hashtext(NEW.institution_id)); "
        f"{checks} RETURN NEW; END $$",
        f"CREATE OR REPLACE FUNCTION {table}_only_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{ONLY_ADDED}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE OR REPLACE TRIGGER {table}_insert BEFORE INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_checked()",
    ]
    made += [
        f"CREATE OR REPLACE TRIGGER {table}_{event} BEFORE {event.upper()} ON {table} "
        f"FOR EACH {'STATEMENT' if event == 'truncate' else 'ROW'} EXECUTE FUNCTION {table}_only_added()"
        for event in ("update", "delete", "truncate")
    ]
    return made
