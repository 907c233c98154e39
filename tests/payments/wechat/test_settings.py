"""Whoever sets up WeChat Pay learns at once what is wrong, and no play money is ever taken for real."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from pydantic import ValidationError

from backend.clock import SetClock
from backend.payments.provider import Way
from backend.payments.wechat.merchant import GATEWAY
from bot.finding import State
from bot.ready_payments import payment
from bot.settings import NotReady, Settings
from bot.wechat_pay import merchant_of, wechat_pay
from tests.payments.wechat.conftest import Account
from tests.payments.wechat.far_end import (
    APIV3_KEY,
    APPID,
    KEY_ID,
    MCHID,
    NEXT_ID,
    NOW,
    OURS,
    SERIAL,
    STRANGE,
    THEIRS,
    key,
    private_pem,
    public_pem,
)

Given = dict[str, Any]


def certificate(name: str, *, serial: str = SERIAL, until: datetime | None = None) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, MCHID)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key(name).public_key())
        .serial_number(int(serial, 16))
        .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
        .not_valid_after(until or datetime(2029, 1, 1, tzinfo=UTC))
        .sign(key(name), SHA256())
        .public_bytes(Encoding.PEM)
        .decode()
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the merchant platform hands out, and nothing of this machine."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "apiclient_key.pem").write_text(private_pem(OURS))
    (tmp_path / "apiclient_cert.pem").write_text(certificate(OURS))
    (tmp_path / "pub_key.pem").write_text(public_pem(THEIRS))
    return tmp_path


@pytest.fixture
def given(folder: Path) -> Given:
    return {
        "mchid": MCHID,
        "appid": APPID,
        "merchant_serial": SERIAL,
        "private_key": folder / "apiclient_key.pem",
        "apiv3_key": APIV3_KEY,
        "public_keys": {KEY_ID: folder / "pub_key.pem"},
    }


def faults(given: Given, **others: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        Settings(wechat_pay=given, **others)
    return str(caught.value)


# --- what is entered ------------------------------------------------------------------------


def test_what_the_platform_gives_out_is_all_that_is_needed(given: Given) -> None:
    settings = Settings(base_url="https://registrar.example.edu.cn", wechat_pay=given)
    merchant = merchant_of(settings)
    assert merchant is not None
    assert merchant.notify_url == "https://registrar.example.edu.cn/pay/notify/wechat"
    assert (merchant.ways, merchant.gateway) == (frozenset({Way.NATIVE}), GATEWAY)
    assert merchant.public_keys == {KEY_ID: public_pem(THEIRS)}
    assert wechat_pay(Settings(), SetClock(NOW)) is None


def test_notices_may_come_to_another_address(given: Given) -> None:
    merchant = merchant_of(
        Settings(wechat_pay={**given, "notify_base": "https://pay.example.edu.cn/"})
    )
    assert merchant is not None
    assert merchant.notify_url == "https://pay.example.edu.cn/pay/notify/wechat"


def test_all_of_it_can_be_in_variables(
    given: Given, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "next.pem").write_text(public_pem(STRANGE))
    for name in ("mchid", "appid", "merchant_serial", "private_key", "apiv3_key"):
        monkeypatch.setenv(f"REGISTRAR_WECHAT_PAY__{name.upper()}", str(given[name]))
    monkeypatch.setenv("REGISTRAR_WECHAT_PAY__WAYS", '["native", "jsapi"]')
    keys = f'{{"{NEXT_ID}": "next.pem", "{KEY_ID}": "pub_key.pem"}}'
    monkeypatch.setenv("REGISTRAR_WECHAT_PAY__PUBLIC_KEYS", keys)
    merchant = merchant_of(Settings())
    assert merchant is not None
    assert list(merchant.public_keys) == [NEXT_ID, KEY_ID]  # the first is the one to be asked for
    assert merchant.ways == {Way.NATIVE, Way.JSAPI}


def test_a_key_id_in_the_name_of_a_variable_keeps_its_capitals(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = given.pop("public_keys")[KEY_ID]
    monkeypatch.setenv(f"REGISTRAR_WECHAT_PAY__PUBLIC_KEYS__{KEY_ID}", str(path))
    for name, value in given.items():
        monkeypatch.setenv(f"REGISTRAR_WECHAT_PAY__{name.upper()}", str(value))
    merchant = merchant_of(Settings())
    assert merchant is not None
    assert list(merchant.public_keys) == [KEY_ID]


def test_a_file_has_them_in_its_order(given: Given, folder: Path) -> None:
    (folder / "registrar.toml").write_text(
        f"""[wechat_pay]
mchid = "{MCHID}"
appid = "{APPID}"
merchant_serial = "{SERIAL.lower()}"
private_key = "apiclient_key.pem"
apiv3_key = "{APIV3_KEY}"
ways = ["h5"]

[wechat_pay.public_keys]
{NEXT_ID} = "pub_key.pem"
{KEY_ID} = "pub_key.pem"
"""
    )
    merchant = merchant_of(Settings())
    assert merchant is not None
    assert list(merchant.public_keys) == [NEXT_ID, KEY_ID]
    assert merchant.certificate_serial == SERIAL


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("mchid", "190000010", None),
        ("mchid", "19000001091", "商户号"),
        ("mchid", "1900000109 ", "商户号"),
        ("appid", "gh_0123456789ab", "appid"),
        ("appid", "ww0123456789abcdef", None),
        ("merchant_serial", "44:4F" + SERIAL[4:], None),
        ("merchant_serial", SERIAL[1:], "序列号"),
        ("apiv3_key", APIV3_KEY + "w", "32"),
        ("apiv3_key", APIV3_KEY[1:], "32"),
        ("apiv3_key", "密" * 32, "32"),
        ("public_keys", {}, "public_keys"),
        ("public_keys", {SERIAL: "pub_key.pem"}, "PUB_KEY_ID_"),
        ("ways", [], "ways"),
        ("ways", ["alipay"], "ways"),
        ("notify_base", "http://registrar.example.edu.cn", "https"),
        ("notify_base", "https://registrar.example.edu.cn/?a=1", "?"),
        ("gateway", "http://api.mch.weixin.qq.com", "https"),
        ("gateway", "https://api.mch.weixin.qq.com/v3", "gateway"),
        ("gateway", "", "gateway"),
        ("gateway", "http://127.0.0.1:9000", None),
        ("scan_at", "http://127.0.0.1:9000/scan?code=", "scan_at"),
        ("sandbox", True, "sandbox"),
    ],
)
def test_an_administrator_is_told_which_entry_cannot_be_so(
    given: Given, name: str, value: Any, words: str | None
) -> None:
    changed = {**given, name: value}
    if words is None:
        assert Settings(wechat_pay=changed).wechat_pay is not None
    else:
        assert words in faults(changed)
        assert APIV3_KEY not in faults(changed)


@pytest.mark.parametrize("gateway", ["https://pay.example.edu.cn", "http://127.0.0.1:9000"])
def test_in_production_money_goes_through_wechat_pay_itself(given: Given, gateway: str) -> None:
    assert "gateway" in faults({**given, "gateway": gateway}, production=True)
    for own in (GATEWAY, "https://api2.mch.weixin.qq.com"):
        assert Settings(wechat_pay={**given, "gateway": own}, production=True).wechat_pay


def test_secrets_are_shown_to_nobody(given: Given) -> None:
    settings = Settings(wechat_pay=given)
    shown = repr(settings) + repr(merchant_of(settings))
    assert APIV3_KEY not in shown
    assert "PRIVATE KEY" not in shown


# --- keys -----------------------------------------------------------------------------------


def saved(form: PrivateFormat, password: bytes = b"") -> str:
    how = BestAvailableEncryption(password) if password else NoEncryption()
    return key(OURS).private_bytes(Encoding.PEM, form, how).decode()


Text = Callable[[], str] | None
"""What stands in a file, made when it is needed; None: there is no such file."""


def put(path: Path, text: Text) -> None:
    path.unlink() if text is None else path.write_text(text())


@pytest.mark.parametrize(
    "change",
    [
        lambda pem: pem,
        lambda pem: pem.replace("\n", "\r\n"),
        lambda pem: "Bag Attributes\n" + pem,
        lambda _: saved(PrivateFormat.TraditionalOpenSSL),
    ],
    ids=["as it is", "saved on Windows", "exported", "PKCS#1"],
)
def test_a_private_key_is_read_however_it_was_saved(
    given: Given, folder: Path, change: Callable[[str], str]
) -> None:
    path = folder / "apiclient_key.pem"
    path.write_bytes(change(path.read_text()).encode())
    merchant = merchant_of(Settings(wechat_pay=given))
    assert merchant is not None
    assert merchant.private_key == private_pem(OURS)
    provider = wechat_pay(Settings(wechat_pay=given), SetClock(NOW))
    assert provider is not None
    provider.stop()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("apiclient_key.pem", lambda: ""),
        ("apiclient_key.pem", lambda: "no key"),
        ("apiclient_key.pem", lambda: public_pem(OURS)),
        ("apiclient_key.pem", lambda: saved(PrivateFormat.PKCS8, b"secret")),
        ("apiclient_key.pem", None),
        ("pub_key.pem", None),
        ("pub_key.pem", lambda: "no key"),
        ("pub_key.pem", lambda: certificate(THEIRS)),
        ("pub_key.pem", lambda: private_pem(OURS)),
    ],
)
def test_a_key_that_is_none_is_named_at_the_start(
    given: Given, folder: Path, file: str, text: Text
) -> None:
    put(folder / file, text)
    with pytest.raises(NotReady, match=file):
        merchant_of(Settings(wechat_pay=given))


# --- registrar check ------------------------------------------------------------------------


def checked(given: Given, now: datetime = NOW) -> list[tuple[State, str]]:
    found = payment(Settings(wechat_pay=given), SetClock(now))
    return [(state, f"{zh} {en}") for state, zh, en in found]


def bad(found: list[tuple[State, str]]) -> str:
    return "\n".join(words for state, words in found if state is State.BAD)


def test_without_a_provider_production_is_told_so() -> None:
    ((state, zh, _),) = payment(Settings(production=True))
    assert (state, "payments.md" in zh) == (State.BAD, True)
    ((state, zh, _),) = payment(Settings())
    assert (state, "不收真钱" in zh) == (State.NOTE, True)


@pytest.mark.parametrize(
    ("corp_id", "state", "words"),
    [("", State.NOTE, "二维码"), (APPID, None, ""), ("ww0123456789abcdef", State.BAD, "企业 ID")],
)
def test_a_check_says_whether_anybody_can_pay_inside_wechat(
    given: Given, corp_id: str, state: State | None, words: str
) -> None:
    wecom = {"corp_id": corp_id, "agent_id": 1, "secret": "s", "token": "t", "aes_key": "a" * 43}
    settings = Settings(wechat_pay={**given, "ways": ["jsapi"]}, wecom=wecom if corp_id else None)
    about = [(one, zh) for one, zh, _ in payment(settings, SetClock(NOW)) if "jsapi" in zh]
    assert [one for one, _ in about] == ([] if state is None else [state])
    assert all(words in zh for _, zh in about)


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("apiclient_key.pem", lambda: "no key", "私钥"),
        ("pub_key.pem", lambda: "no key", "公钥"),
        ("pub_key.pem", lambda: public_pem(OURS), "我们自己的公钥"),
        ("apiclient_cert.pem", lambda: "no certificate", "不是商户证书"),
        ("apiclient_cert.pem", lambda: certificate(STRANGE), "不是一对"),
        ("apiclient_cert.pem", lambda: certificate(OURS, serial="5" * 40), "5" * 40),
        ("apiclient_cert.pem", lambda: certificate(OURS, until=NOW), "过期"),
        ("apiclient_cert.pem", None, "apiclient_cert.pem"),
    ],
)
def test_check_names_the_file_that_does_not_fit_before_anybody_pays(
    given: Given, folder: Path, file: str, text: Text, words: str
) -> None:
    put(folder / file, text)
    found = checked({**given, "certificate": folder / "apiclient_cert.pem"})
    assert words in bad(found)
    assert State.GOOD not in [state for state, _ in found]  # and nobody was asked


def certain(account: Account, **changed: Any) -> list[tuple[State, str]]:
    found = payment(account.settings(**changed), account)
    return [(state, f"{zh} {en}") for state, zh, en in found]


def test_check_proves_the_signatures_both_ways(account: Account) -> None:
    found = certain(account)
    assert bad(found) == ""
    assert [words for state, words in found if state is State.GOOD] == [
        "微信支付认我们的签名，我们也认它的。 Signatures are good both ways."
    ]


def test_check_warns_before_the_certificate_expires(account: Account) -> None:
    made = x509.load_pem_x509_certificate(account.server.merchant.certificate.encode())
    ahead = made.not_valid_after_utc - account.now() - timedelta(days=59)
    account.server.control.move(ahead)
    found = certain(account)
    account.server.control.move(-ahead)
    assert any("到期" in words for state, words in found if state is State.NOTE)
    assert bad(found) == ""


def strange(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


@pytest.fixture
def wrong(account: Account, folder: Path) -> Callable[[str], Given]:
    merchant = account.server.merchant

    def changed(what: str) -> Given:
        return {
            "mchid": {"mchid": MCHID},
            "serial": {"merchant_serial": SERIAL, "certificate": None},
            "private key": {
                "private_key": strange(folder, "own.pem", private_pem(OURS)),
                "certificate": None,
            },
            "public key": {
                "public_keys": {
                    merchant.public_key_id: strange(folder, "pub.pem", public_pem(STRANGE))
                }
            },
            "public key id": {"public_keys": {KEY_ID: folder / "pub_key.pem"}},
            "gateway": {"gateway": "http://127.0.0.1:9"},
        }[what]

    return changed


@pytest.mark.parametrize(
    "what", ["mchid", "serial", "private key", "public key", "public key id", "gateway"]
)
def test_check_finds_what_only_wechat_pay_can_know(
    account: Account, wrong: Callable[[str], Given], what: str
) -> None:
    assert "没有可信的回答" in bad(certain(account, **wrong(what)))
