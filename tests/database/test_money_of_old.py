"""Money that came in before there were charges and books: after the upgrade every fen is accounted for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text

from backend.clock import SystemClock
from backend.database import Database
from backend.jobs import DirectJobs
from backend.ledger import checking, payments
from backend.ledger.balances import balances
from backend.migrations.run import upgrade
from backend.migrations.steps import take
from backend.models import Charge, Payment, PaymentShare
from backend.work import Work

WHEN = "'2026-03-02 01:00:00+00:00'"
ORDERS = {  # how each stands, what it costs, and the money that came in for it
    "D1": ("paid", 500, (("settled", 500), ("double", 500))),
    "D2": ("expired", 500, (("late", 500),)),
    "D3": ("confirmed", 500, (("mismatch", 300),)),
    "D4": ("paid", 0, ()),
    "D5": ("confirmed", 500, ()),
}


def rows() -> Iterator[str]:
    yield "INSERT INTO institution (id, name_zh, name_en) VALUES ('demo', '演示大学', 'Demo')"
    yield "INSERT INTO unit (institution_id, code) VALUES ('demo', 'U1')"
    yield (
        "INSERT INTO person (institution_id, number, name, name_en, language)"
        " VALUES ('demo', 'S1', '林小满', '', 'zh')"
    )
    yield (
        "INSERT INTO consent (institution_id, person_id, words, language, facts, given_at)"
        f" VALUES ('demo', 1, '好', 'zh', '', {WHEN})"
    )
    yield (
        "INSERT INTO policy_version (institution_id, name, version, valid_from, body,"
        " published_at, note) VALUES ('demo', 'notices', 1, '2020-04-30',"
        f" '{{\"gathered\": [\"review.filed\"]}}', {WHEN}, '')"
    )
    for number, (order, (state, fen, came_in)) in enumerate(ORDERS.items(), 1):
        yield (
            "INSERT INTO application (institution_id, number, kind, applicant_id, unit_id, state,"
            " holder, since, filed_at, policy_version, consent_id, version) VALUES ('demo',"
            f" 'T{number}', 'transcript', 1, 1, 'approved', '', {WHEN}, {WHEN}, 1, 1, 1)"
        )
        yield (
            "INSERT INTO order_ (institution_id, number, buyer_id, title_zh, title_en, state,"
            f" total_fen, created_at, version) VALUES ('demo', '{order}', 1, '成绩单',"
            f" 'Transcript', '{state}', {fen}, {WHEN}, 1)"
        )
        yield (
            "INSERT INTO order_line (institution_id, order_id, application_id, price_fen, free)"
            f" VALUES ('demo', {number}, {number}, {fen}, {'false' if fen else 'true'})"
        )
        for became, amount in came_in:
            yield (
                "INSERT INTO payment (institution_id, order_id, provider, transaction_id,"
                " amount_fen, currency, paid_at, received_at, state) VALUES ('demo',"
                f" {number}, 'wechat', '{order}-{became}', {amount}, 'CNY', {WHEN}, {WHEN},"
                f" '{became}')"
            )


@pytest.fixture
def old(database_url: str) -> Iterator[Database]:
    """A database as it was one release before."""
    if database_url.startswith("sqlite"):
        Path(str(make_url(database_url).database)).unlink()
    database = Database(database_url)
    with database.engine.begin() as connection:
        if database.dialect != "sqlite":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    take(database, "0011")
    with database.write() as session:
        for statement in rows():
            session.execute(text(statement))
    yield database
    database.close()


def test_money_from_before_the_books_is_in_them_where_it_belongs(old: Database) -> None:
    upgrade(old)
    with old.write() as session:
        work = Work(session, institution="demo", actor=None, clock=SystemClock(), jobs=DirectJobs())
        payments.begin(work)
        assert {one.number: one.state for one in session.scalars(select(Charge))} == {
            "D1": "paid",
            "D2": "paid",
            "D3": "closed",
        }
        shares = select(Payment.transaction_id, PaymentShare.state, PaymentShare.amount_fen).join(
            PaymentShare, PaymentShare.payment_id == Payment.id
        )
        assert sorted(map(tuple, session.execute(shares))) == [
            ("D1-double", "double", 500),
            ("D1-settled", "settled", 500),
            ("D2-late", "late", 500),
        ]
        assert balances(work) == {
            "platform:wechat": 1800,
            "income:transcript": -500,
            "held": -1300,
        }
        assert checking.check(work).faults == ()
        payments.begin(work)
        assert checking.check(work).faults == ()


def test_what_waits_for_finance_is_in_the_morning_message_after_the_upgrade(old: Database) -> None:
    upgrade(old)
    with old.read() as session:
        body = session.scalar(text("SELECT body FROM policy_version WHERE name = 'notices'"))
    assert "review.filed" in str(body)
    assert "refund.ask" in str(body)
