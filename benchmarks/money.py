"""Money: a notice of WeChat Pay read, a payment settled, a month of the ledger checked and written out."""

import csv
import io
import json
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from sqlite3 import connect
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import func, select

from backend.authority import Role
from backend.database import Database
from backend.ledger import checking, exporting, statement
from backend.ledger.statement import Month
from backend.migrations.run import upgrade
from backend.models import LedgerEntry, LedgerLine
from backend.payments.provider import ChargeAsked, Way
from benchmarks.measure import Row, Section, Series, cpu_row, interleaved, shown, wall_row
from benchmarks.rows import Floor, Reference, Statements, Write, count
from bot.settings import Settings
from bot.wechat_pay import wechat_pay
from tests.backend.scene import START
from tests.payments.scene import Scene
from tests.peers.wechatpay import Server

NOTICES, PAYMENTS, EXPORTS = 200, 40, 3
MOVEMENTS = 1_000  # payments of the month that is exported
MONTH = Month.of(START)


def measure(original: Settings, folder: Path) -> Iterator[Section]:
    yield Section(
        "WeChat Pay: one notice read",
        [notice(folder)],
        "Who sent it is proved on the raw bytes, what is encrypted in it opened, and every field of it"
        " checked; beside it one RSA verification and one AES-GCM decryption. Medians of"
        f" {NOTICES} readings.",
    )
    yield Section(
        "Payment: settled in one transaction",
        list(settled(folder)),
        "Charge, payment, order, application, ledger and what follows from them, on SQLite (file,"
        " synchronous=FULL); beside it the very rows, written with SQLAlchemy Core in one"
        f" transaction. Medians of {PAYMENTS} payments.",
    )
    yield Section(
        f"Ledger: a month of {MOVEMENTS:,} payments",
        list(month(folder)),
        "The statement as XLSX and CSV, and the hourly check that the books are right; beside them the"
        f" month's lines read by one query and written as CSV, and their sum. Medians of {EXPORTS}.",
    )


def notice(folder: Path) -> Row:
    told: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        told.append(request)
        return httpx.Response(204)

    home = folder / "wechatpay"
    home.mkdir()
    transport = httpx.MockTransport(take)
    with Server(home, courier=False, refund_after=timedelta(), transport=transport) as server:
        clock, merchant, keys = server.platform.clock, server.merchant, home / "merchant"
        given: Any = {
            "mchid": merchant.mchid,
            "appid": merchant.appid,
            "merchant_serial": merchant.serial,
            "private_key": keys / "apiclient_key.pem",
            "certificate": keys / "apiclient_cert.pem",
            "apiv3_key": merchant.api_v3_key,
            "public_keys": {merchant.public_key_id: keys / "pub_key.pem"},
            "ways": [Way.NATIVE],
            "gateway": server.url,
        }
        provider = wechat_pay(Settings(base_url="https://x.edu.cn", wechat_pay=given), clock)
        if provider is None:
            raise RuntimeError("WeChat Pay is not set up")
        until = clock.now() + timedelta(hours=1)
        provider.open(ChargeAsked("C260302-0001-BENCH", "成绩单", 500, until, Way.NATIVE))
        server.control.pay("C260302-0001-BENCH")
        server.deliver()
        (request,) = told
        headers, body, now = dict(request.headers), request.content, clock.now()
        public = load_pem_public_key((keys / "pub_key.pem").read_bytes())
        if not isinstance(public, RSAPublicKey):
            raise TypeError("WeChat Pay signs with RSA")
        found = interleaved(
            {
                "ours": lambda: provider.read_notice(headers, body, now),
                "floor": lambda: opened(public, merchant.api_v3_key.encode(), headers, body),
            },
            rounds=NOTICES,
        )
        provider.stop()
    return cpu_row("notice to payment", found["ours"], "RSA and AES-GCM alone", found["floor"])


def opened(key: RSAPublicKey, secret: bytes, headers: dict[str, str], body: bytes) -> object:
    """The least that a notice can be read by."""
    head = (headers["wechatpay-timestamp"], headers["wechatpay-nonce"])
    signed = f"{head[0]}\n{head[1]}\n".encode() + body + b"\n"
    key.verify(b64decode(headers["wechatpay-signature"]), signed, PKCS1v15(), SHA256())
    sealed = json.loads(body)["resource"]
    plain = AESGCM(secret).decrypt(
        sealed["nonce"].encode(),
        b64decode(sealed["ciphertext"]),
        sealed["associated_data"].encode(),
    )
    return json.loads(plain)


def scene(folder: Path) -> Scene:
    folder.mkdir()
    database = Database(f"sqlite:///{folder / 'registrar.db'}")
    upgrade(database)
    return Scene(database, folder)


def ordered(here: Scene, number: int) -> str:
    """An order of somebody new, with an open charge."""
    order = here.confirm(here.file(here.graduate(f"S{number:05}")))
    here.charge(order)
    return order


def settled(folder: Path) -> Iterator[Row]:
    reference, timed = scene(folder / "reference"), scene(folder / "timed")
    with (
        connect(folder / "reference" / "registrar.db") as now,
        connect(folder / "floor.db") as copy,
    ):
        now.backup(copy)
    floor = Floor(f"sqlite:///{folder / 'floor.db'}")
    database = reference.office.database
    statements, changes = Statements(database), Reference(database.engine)
    ours, theirs, rows, asked = Series(), Series(), 0, 0
    for number in range(PAYMENTS):
        known = ordered(reference, number)
        again(floor, changes, statements)
        notice = reference.pay(known)
        with statements.counted() as counts:
            reference.take(notice)
        writes = again(floor, changes, statements, theirs)
        rows, asked = count(writes), counts[0]
        paid = timed.pay(ordered(timed, number))
        with ours.once():
            timed.take(paid)
    for one in (reference, timed):
        one.office.database.close()
    floor.close()
    told = f"{rows} rows"
    note = f"{asked} statements"
    yield wall_row("one payment", ours, told, theirs, note)
    yield cpu_row("one payment", ours, told, theirs, note)


def again(
    floor: Floor, changes: Reference, statements: Statements, timed: Series | None = None
) -> list[Write]:
    """What has changed is written to the floor's copy."""
    writes = changes.difference(statements.written)
    statements.written.clear()
    writes.sort(key=lambda one: "INSERT INTO ledger_entry" in str(one[0]))  # after its lines
    with (timed or Series()).once():
        floor.write(writes)
    return writes


def month(folder: Path) -> Iterator[Row]:
    here = scene(folder / "month")
    office = here.office
    officer = here.staff("F1", Role.FINANCE)
    for number in range(MOVEMENTS):
        here.take(here.pay(ordered(here, number)))
    with office.read() as work:
        last = statement.last_number(work)
    files, plain, check, total = Series(), Series(), Series(), Series()
    for _round in range(EXPORTS):
        here.pass_time(exporting.KEPT + timedelta(seconds=1))  # what was made before is not used
        with office.work(officer) as work:
            export = exporting.ask(work, MONTH, "zh").number
        here.direct.waiting.clear()
        with files.once():
            exporting.make(office, export)
        with plain.once():
            as_csv(here)
        with check.once(), office.read() as work:
            report = checking.check(work)
        if report.faults:
            raise RuntimeError("the books are wrong")
        with total.once(), office.read() as work:
            work.session.scalar(select(func.sum(LedgerLine.amount_fen)))
    yield wall_row("statement, two files", files, "one query, as CSV", plain, f"{last} entries")
    yield Row(
        "check of the books, wall", shown(check.typical_wall), "one sum", shown(total.typical_wall)
    )
    office.database.close()


def as_csv(here: Scene) -> str:
    """The least that a month can be written out by."""
    table = io.StringIO()
    with here.office.read() as work:
        lines = work.session.execute(
            select(LedgerEntry.number, LedgerEntry.kind, LedgerLine.account, LedgerLine.amount_fen)
            .join(
                LedgerLine,
                (LedgerLine.institution_id == LedgerEntry.institution_id)
                & (LedgerLine.number == LedgerEntry.number),
            )
            .where(LedgerEntry.booked_at >= MONTH.begins, LedgerEntry.booked_at < MONTH.ends)
            .order_by(LedgerEntry.number, LedgerLine.line)
        )
        csv.writer(table).writerows(lines.all())
    return table.getvalue()
