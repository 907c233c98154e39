"""A merchant's contract: made at the first start, kept, and written down for the merchant."""

import json
import secrets
import string
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.peers.wechatpay import crypto
from tests.peers.wechatpay.clock import kept, read
from tests.peers.wechatpay.store import Store

FIVE_YEARS = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True)
class Merchant:
    """What a merchant enters into its own system. The PEMs are texts."""

    mchid: str
    appid: str
    serial: str
    private_key: str
    certificate: str
    api_v3_key: str
    public_key_id: str
    public_key: str
    base_url: str

    def write(self, folder: Path) -> None:
        """``merchant.json`` with the keys beside it, under the names WeChat Pay gives them."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        files = {
            "private_key": "apiclient_key.pem",
            "certificate": "apiclient_cert.pem",
            "public_key": "pub_key.pem",
        }
        said = {name: getattr(self, name) for name in self.__slots__}
        for name, file in files.items():
            _write(folder / file, said[name])
            said[name] = file
        _write(folder / "merchant.json", json.dumps(said, indent=2) + "\n")


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


class Keys:
    """WeChat Pay's own key pairs, and what the merchant is known by."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        if store.setting("mchid") is None:
            self._sign_contract()
        if store.row("SELECT id FROM key") is None:
            self.rotate(now, timedelta())
        self.mchid = self._kept("mchid")
        self.appids = self._kept("appids").split()
        self.api_v3_key = self._kept("api_v3_key")
        self._certificate = x509.load_pem_x509_certificate(self._kept("certificate").encode())
        self.serial = f"{self._certificate.serial_number:X}"

    def _kept(self, name: str) -> str:
        value = self._store.setting(name)
        if value is None:
            raise LookupError(name)
        return value

    def _sign_contract(self) -> None:
        mchid = "16" + "".join(secrets.choice(string.digits) for _ in range(8))
        key = crypto.new_key()
        letters = string.ascii_letters + string.digits
        contract = {
            "appids": f"wx{secrets.token_hex(8)} wx{secrets.token_hex(8)}",
            "api_v3_key": "".join(secrets.choice(letters) for _ in range(32)),
            "private_key": crypto.private_pem(key),
            "certificate": certificate(key, mchid),
            "mchid": mchid,
        }
        for name, value in contract.items():
            self._store.set(name, value)

    @property
    def merchant_key(self) -> rsa.RSAPublicKey:
        key = self._certificate.public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise ValueError("not an RSA key")
        return key

    def merchant(self, base_url: str) -> Merchant:
        key_id, key = self.signing()
        return Merchant(
            mchid=self.mchid,
            appid=self.appids[0],
            serial=self.serial,
            private_key=self._kept("private_key"),
            certificate=self._kept("certificate"),
            api_v3_key=self.api_v3_key,
            public_key_id=key_id,
            public_key=crypto.public_pem(key),
            base_url=base_url,
        )

    def rotate(self, now: datetime, grace: timedelta) -> str:
        """A new pair signs from now on; the old one still does for those who ask for it."""
        mchid = self._kept("mchid")
        digits = "".join(secrets.choice(string.digits) for _ in range(8))
        key_id = f"PUB_KEY_ID_01{mchid}{now:%Y%m%d}00{digits}"
        with self._store.change() as connection:
            connection.execute(
                "UPDATE key SET retires_at = ? WHERE retires_at IS NULL", (kept(now + grace),)
            )
            connection.execute(
                "INSERT INTO key VALUES (?, ?, ?, NULL)",
                (key_id, crypto.private_pem(crypto.new_key()), kept(now)),
            )
        return key_id

    def signing(self) -> tuple[str, rsa.RSAPrivateKey]:
        row = self._store.row("SELECT id, pem FROM key WHERE retires_at IS NULL")
        if row is None:
            raise LookupError("no key signs")
        return row["id"], crypto.load(row["pem"])

    def asked_for(self, key_id: str, now: datetime) -> tuple[str, rsa.RSAPrivateKey] | None:
        """The pair that a request names; None when there is no such, or no longer."""
        row = self._store.row("SELECT * FROM key WHERE id = ?", key_id)
        if row is None or (row["retires_at"] and read(row["retires_at"]) <= now):
            return None
        return row["id"], crypto.load(row["pem"])

    def platform_certificate(self) -> tuple[str, rsa.RSAPrivateKey]:
        """The serial and key of a platform certificate, which merchants of today never had."""
        pem = self._store.setting("platform_key")
        if pem is None:
            pem = crypto.private_pem(crypto.new_key())
            self._store.set("platform_key", pem)
            self._store.set("platform_serial", f"{secrets.randbits(158) | 1 << 158:X}")
        return self._kept("platform_serial"), crypto.load(pem)


def certificate(key: rsa.RSAPrivateKey, mchid: str) -> str:
    """As the certification tool would have it; only its serial and key are ever looked at."""
    names = [
        (NameOID.COMMON_NAME, mchid),
        (NameOID.ORGANIZATION_NAME, "微信商户系统"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, "演示商户"),
        (NameOID.COUNTRY_NAME, "CN"),
    ]
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in names])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "WeChat Pay peer CA")])
    start = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(secrets.randbits(158) | 1 << 158)
        .not_valid_before(start)
        .not_valid_after(start + FIVE_YEARS)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()
