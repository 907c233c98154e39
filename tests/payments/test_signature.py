"""Nobody but the bank can say that something is paid."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from backend.clock import SetClock
from backend.payments.provider import ForgedNotice, MalformedNotice, PaymentNotice
from backend.payments.sandbox import SandboxInProduction, SandboxProvider
from backend.payments.sandbox.courier import notice_body
from backend.payments.sandbox.signature import NONCE, SIGNATURE, TIMESTAMP, Signer
from tests.payments.scene import START, Scene


def signer(scene: Scene) -> Signer:
    return Signer.at(scene.folder / "sandbox-bank.pem")


def sent(scene: Scene, order: str | None = None) -> tuple[dict[str, str], bytes]:
    """A genuine notice as it goes over the line."""
    order = order or scene.confirm()
    scene.pay(order)
    charge = scene.sandbox.charge(scene.token(order))
    assert charge is not None
    body = notice_body(charge)
    return signer(scene).headers(body, scene.clock.now()), body


def read(scene: Scene, headers: dict[str, str], body: bytes) -> PaymentNotice:
    return scene.sandbox.read_notice(headers, body, scene.clock.now())


def test_what_the_bank_sends_is_what_was_paid(scene: Scene) -> None:
    order = scene.confirm()
    headers, body = sent(scene, order)
    notice = read(scene, headers, body)
    assert notice == scene.sandbox.query(order)
    assert (notice.order_number, notice.amount_fen, notice.currency) == (order, 500, "CNY")


def test_a_notice_signed_with_another_key_pays_nothing(scene: Scene, tmp_path: Path) -> None:
    _, body = sent(scene)
    headers = Signer.at(tmp_path / "thief.pem").headers(body, scene.clock.now())
    with pytest.raises(ForgedNotice, match="wrong signature"):
        read(scene, headers, body)


def test_an_old_notice_rewritten_for_another_order_pays_nothing(scene: Scene) -> None:
    mine, yours = scene.confirm(), scene.confirm()
    headers, body = sent(scene, mine)
    with pytest.raises(ForgedNotice, match="wrong signature"):
        read(scene, headers, body.replace(mine.encode(), yours.encode()))


@pytest.mark.parametrize("header", [TIMESTAMP, NONCE])
def test_an_old_notice_made_to_look_new_pays_nothing(scene: Scene, header: str) -> None:
    headers, body = sent(scene)
    headers[header] = str(int(scene.clock.now().timestamp()) + 1)
    with pytest.raises(ForgedNotice, match="wrong signature"):
        read(scene, headers, body)


@pytest.mark.parametrize(
    ("seconds", "genuine"), [(-301, False), (-300, True), (300, True), (301, False)]
)
def test_a_notice_counts_within_five_minutes_of_its_time(
    scene: Scene, seconds: int, genuine: bool
) -> None:
    headers, body = sent(scene)
    scene.pass_time(timedelta(seconds=seconds))
    if genuine:
        assert read(scene, headers, body).amount_fen == 500
    else:
        with pytest.raises(ForgedNotice, match="stale"):
            read(scene, headers, body)


def test_what_was_paid_to_another_merchant_pays_nothing_here(scene: Scene) -> None:
    headers, body = sent(scene)
    with pytest.raises(ForgedNotice, match="another merchant"):
        scene.open_bank("somebody-else").read_notice(headers, body, scene.clock.now())


@pytest.mark.parametrize("missing", [TIMESTAMP, NONCE, SIGNATURE])
def test_a_notice_without_its_signature_pays_nothing(scene: Scene, missing: str) -> None:
    headers, body = sent(scene)
    del headers[missing]
    with pytest.raises(MalformedNotice):
        read(scene, headers, body)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (TIMESTAMP, ""),
        (TIMESTAMP, "soon"),
        (TIMESTAMP, "-1"),
        (TIMESTAMP, "1" * 5000),
        (TIMESTAMP, "１７７２４１３２００"),
        (NONCE, ""),
        (NONCE, "a\nb"),
        (SIGNATURE, "***"),
        (SIGNATURE, "签名"),
    ],
)
def test_an_unreadable_header_is_refused_and_breaks_nothing(
    scene: Scene, header: str, value: str
) -> None:
    headers, body = sent(scene)
    headers[header] = value
    with pytest.raises(ForgedNotice):
        read(scene, headers, body)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"amount_fen":500', b'"amount_fen":"500"'),
        (b'"amount_fen":500', b'"amount_fen":5.5'),
        (b'"amount_fen":500', b'"amount_fen":-500'),
        (b'"amount_fen":500', b'"amount_fen":true'),
        (b'"currency":"CNY",', b""),
        (b'"currency":"CNY"', b'"currency":"CNY","free":true'),
        (b"+00:00", b""),
        (b"{", b"["),
        (b"{", b"\xff{"),
    ],
)
def test_even_a_signed_body_must_have_the_form_of_a_notice(
    scene: Scene, old: bytes, new: bytes
) -> None:
    _, body = sent(scene)
    assert old in body
    body = body.replace(old, new, 1)
    with pytest.raises(MalformedNotice, match="body"):
        read(scene, signer(scene).headers(body, scene.clock.now()), body)


def test_the_key_is_readable_by_its_owner_only_and_stays_the_same(tmp_path: Path) -> None:
    path = tmp_path / "new" / "key.pem"
    first = Signer.at(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["key.pem"]
    Signer.at(path).verify(first.headers(b"x", START), b"x", START)


def test_no_real_document_can_be_bought_with_play_money(tmp_path: Path) -> None:
    with pytest.raises(SandboxInProduction, match="cannot be used in production"):
        SandboxProvider(
            tmp_path / "bank",
            merchant="demo-merchant",
            notify_url="http://registrar.test/pay/notify/sandbox",
            clock=SetClock(START),
            production=True,
        )
    assert not (tmp_path / "bank").exists()
