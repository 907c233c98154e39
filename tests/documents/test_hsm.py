"""Keys that never leave their token, with SoftHSM 2 as the token."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from asn1crypto.core import OctetString
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pkcs11 import Attribute, KeyType, ObjectClass
from pkcs11.util.ec import encode_named_curve_parameters

from backend.documents import keys, keys_pkcs11, making
from backend.documents.errors import SigningRefused, TokenAway
from backend.documents.fonts import Fonts
from backend.documents.keyring import Keyring
from backend.documents.materials import TokenKey
from backend.documents.sign import Signer
from backend.documents.workshop import Workshop
from bot.keys_adding import NewKey, put
from bot.prepare import keyring_of, prepare_data
from bot.settings import Settings
from tests.documents.key_files import NOW, Issuer
from tests.documents.samples import ISSUE, SEAL, facts
from tests.verification.asking import verify

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
PIN, WRONG = "735190", "111111"


@dataclass
class Token:
    """One token in a drawer of its own; it can be taken out of the drawer."""

    module: Path
    label: str
    drawer: Path

    def key(self, label: str, certificate: Path | None, chain: Path | None) -> TokenKey:
        return TokenKey(self.module, self.label, PIN, label, "", certificate, chain)

    def take_out(self) -> None:
        self.drawer.rename(self.drawer.with_suffix(".out"))
        self.drawer.mkdir()

    def put_back(self) -> None:
        shutil.rmtree(self.drawer)
        self.drawer.with_suffix(".out").rename(self.drawer)


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Token]:
    tool = shutil.which("softhsm2-util")
    module = next((Path(path) for path in MODULES if Path(path).is_file()), None)
    if tool is None or module is None:
        pytest.skip("softhsm2 is not installed")
    drawer, conf = tmp_path / "tokens", tmp_path / "softhsm2.conf"
    drawer.mkdir()
    conf.write_text(f"directories.tokendir = {drawer}\nobjectstore.backend = file\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(conf))
    subprocess.run(
        [tool, "--init-token", "--free", "--label", "seals", "--pin", PIN, "--so-pin", "8642097"],
        check=True,
        capture_output=True,
    )
    pkcs11.lib(str(module)).reinitialize()  # the drawer of an earlier test may be open still
    keys_pkcs11.forget()
    yield Token(module, "seals", drawer)
    keys_pkcs11.forget()


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@contextmanager
def logged_in(token: Token) -> Iterator[Any]:
    """To put something on the token, as its owner does with a program of their own."""
    keys_pkcs11.forget()
    there = pkcs11.lib(str(token.module)).get_token(token_label=token.label)
    with there.open(user_pin=PIN, rw=True) as session:
        yield session


def generate(token: Token, kind: str, label: str) -> Any:
    """A key pair on the token; its public half."""
    with logged_in(token) as session:
        if kind == "rsa":
            public, _ = session.generate_keypair(
                KeyType.RSA, 2048, store=True, label=label, id=label.encode()
            )
            return rsa.RSAPublicNumbers(
                int.from_bytes(public[Attribute.PUBLIC_EXPONENT]),
                int.from_bytes(public[Attribute.MODULUS]),
            ).public_key()
        curve = {"p256": ("secp256r1", ec.SECP256R1()), "p384": ("secp384r1", ec.SECP384R1())}[kind]
        parameters = session.create_domain_parameters(
            KeyType.EC,
            {Attribute.EC_PARAMS: encode_named_curve_parameters(curve[0])},
            local=True,
        )
        public, _ = parameters.generate_keypair(store=True, label=label, id=label.encode())
        point = OctetString.load(public[Attribute.EC_POINT]).native
        return ec.EllipticCurvePublicKey.from_encoded_point(curve[1], point)


def certified(token: Token, issuer: Issuer, tmp_path: Path, kind: str = "p256") -> TokenKey:
    certificate, chain = tmp_path / f"{kind}.pem", tmp_path / "root.pem"
    public = generate(token, kind, kind)
    certificate.write_bytes(issuer.certify(public).public_bytes(Encoding.PEM))
    chain.write_bytes(issuer.root.public_bytes(Encoding.PEM))
    return token.key(kind, certificate, chain)


@pytest.mark.parametrize("kind", ["rsa", "p256", "p384"])
def test_document_signed_by_a_token_is_genuine(
    kind: str, token: Token, issuer: Issuer, typefaces: Fonts, tmp_path: Path
) -> None:
    key = certified(token, issuer, tmp_path, kind)
    made = making.make(facts(), ISSUE, fonts=typefaces, signer=Signer(key), seal=SEAL)
    root = issuer.root.public_bytes(Encoding.PEM)
    assert verify(made.pdf, trust_roots=[root], now=ISSUE.issued_at).genuine


def test_certificate_on_the_token_is_found_by_its_key(
    token: Token, issuer: Issuer, tmp_path: Path
) -> None:
    public = generate(token, "p256", "seal")
    certificate = issuer.certify(public)
    key = token.key("seal", None, None)
    with pytest.raises(SigningRefused) as none:
        keys.load(key)
    assert none.value.reason == "not_found"
    put_certificate(token, "seal", certificate)
    pins = tmp_path / "pin"
    pins.write_text(PIN)
    (tmp_path / "root.pem").write_bytes(issuer.root.public_bytes(Encoding.PEM))
    new = NewKey(
        "hsm",
        None,
        chain=tmp_path / "root.pem",
        module=token.module,
        token="seals",
        label="seal",
        pin_file=pins,
    )
    info = put(tmp_path / "keys", new, [], NOW)
    assert info.der == certificate.public_bytes(Encoding.DER)
    token.take_out()
    try:  # who only looks needs no token
        assert Keyring(tmp_path / "keys", None).current(NOW).certificate == certificate
    finally:
        token.put_back()


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Grows by one whenever the token refuses a PIN, which counts towards its being locked."""
    seen: list[object] = []
    kept = keys_pkcs11.Refusals.refuse

    def refuse(self: keys_pkcs11.Refusals) -> None:
        seen.append(self)
        kept(self)

    monkeypatch.setattr(keys_pkcs11.Refusals, "refuse", refuse)
    return seen


def put_certificate(token: Token, label: str, certificate: x509.Certificate) -> None:
    with logged_in(token) as session:
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                Attribute.TOKEN: True,
                Attribute.ID: label.encode(),
                Attribute.LABEL: label,
                Attribute.SUBJECT: certificate.subject.public_bytes(),
                Attribute.VALUE: certificate.public_bytes(Encoding.DER),
            }
        )


def test_server_whose_settings_name_a_token_signs_with_it_and_starts_while_it_is_away(
    token: Token, issuer: Issuer, fonts_folder: Path, tmp_path: Path
) -> None:
    certificate = issuer.certify(generate(token, "p256", "seal"), days=3650)
    put_certificate(token, "seal", certificate)
    keys_pkcs11.forget()
    held = {"module": token.module, "token": "seals", "label": "seal", "pin": PIN}
    settings = Settings(data=tmp_path / "data", signing={"pkcs11": held})
    prepare_data(settings)
    shop = Workshop(fonts_folder, keyring_of(settings), SEAL)
    try:
        made = shop.make(facts(), replace(ISSUE, issued_at=NOW))
        assert made.certificate == keys.fingerprint(certificate)
        token.take_out()
        with pytest.raises(TokenAway):
            shop.make(facts(), replace(ISSUE, issued_at=NOW))
        prepare_data(settings)
        token.put_back()
        assert shop.make(facts(), replace(ISSUE, issued_at=NOW)).certificate == made.certificate
    finally:
        shop.close()


def test_wrong_pin_is_tried_once_by_all_processes_together(
    token: Token, issuer: Issuer, refusals: list[object], tmp_path: Path
) -> None:
    key = replace(certified(token, issuer, tmp_path), pin=WRONG)
    folder = tmp_path / "keys"
    folder.mkdir()
    for _ in range(4):
        keys_pkcs11.forget()  # as in a process that begins
        with pytest.raises(SigningRefused) as refused:
            keys.try_out(Keyring(folder, key).current(NOW))
        assert refused.value.reason == "pin"
        assert WRONG not in f"{refused.value!r} {key!r}"
    assert len(refusals) == 1
    keys.try_out(keys.load(replace(key, pin=PIN), pins=folder))  # which is another
    for path in folder.glob(".pin-*"):
        assert WRONG.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


def test_wrong_pin_is_tried_once_where_nothing_is_kept(
    token: Token, issuer: Issuer, refusals: list[object], tmp_path: Path
) -> None:
    key = replace(certified(token, issuer, tmp_path), pin=WRONG)
    source = keys.load(key)
    for _ in range(3):
        with pytest.raises(SigningRefused):
            source.sign(b"x")
    assert len(refusals) == 1
    keys.try_out(keys.load(replace(key, pin=PIN)))


def test_token_that_is_taken_out_and_put_back_signs_again(
    token: Token, issuer: Issuer, tmp_path: Path
) -> None:
    source = keys.load(certified(token, issuer, tmp_path))
    keys.try_out(source)
    token.take_out()
    for _ in range(2):
        with pytest.raises(TokenAway):
            source.sign(b"x")
    token.put_back()
    keys.try_out(source)


def test_two_keys_of_one_token_sign_by_turns(token: Token, issuer: Issuer, tmp_path: Path) -> None:
    one = keys.load(certified(token, issuer, tmp_path, "rsa"))
    other = keys.load(certified(token, issuer, tmp_path, "p256"))
    for _ in range(2):
        keys.try_out(one)
        keys.try_out(other)
    token.take_out()
    with pytest.raises(TokenAway):
        one.sign(b"x")
    token.put_back()
    keys.try_out(other)
    keys.try_out(one)


def test_key_that_is_not_there_or_not_the_certificates_is_refused(
    token: Token, issuer: Issuer, tmp_path: Path
) -> None:
    key = certified(token, issuer, tmp_path, "p256")
    for other, reason in (
        (replace(key, label="nobody"), "not_found"),
        (replace(key, token="nowhere"), ""),
        (replace(key, module=tmp_path / "none.so"), "unreadable"),
    ):
        with pytest.raises((SigningRefused, TokenAway)) as refused:
            keys.try_out(keys.load(other))
        assert getattr(refused.value, "reason", "") == reason
    for kind in ("p384", "rsa"):
        certified(token, issuer, tmp_path / ".", kind)
        with pytest.raises(SigningRefused) as pair:
            keys.try_out(keys.load(replace(key, label=kind)))
        assert pair.value.reason == "wrong_pair"


def test_pin_is_in_no_description_of_a_key(token: Token, tmp_path: Path) -> None:
    key = token.key("x", None, None)
    ring = Keyring(tmp_path, key)
    assert PIN not in f"{key!r} {key} {ring!r} {ring.all()!r}"
    assert os.environ["SOFTHSM2_CONF"].startswith(str(tmp_path))
