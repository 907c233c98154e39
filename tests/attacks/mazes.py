"""Certificates of strangers that take for ever to follow: many authorities of one name."""

from datetime import timedelta
from pathlib import Path

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from backend.documents.materials import SigningKey
from tests.attacks.corpus import PLAIN, STAMPED, kind
from tests.attacks.materials import Materials
from tests.attacks.pdf import edited

FAMILY = "bomb"
AUTHORITIES = 15
Key = ec.EllipticCurvePrivateKey


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    m: Materials, subject: x509.Name, key: Key, issuer: x509.Name, by: Key, *, ca: bool
) -> x509.Certificate:
    since = m.issue.issued_at - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=900))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(by, hashes.SHA256())
    )


def maze(m: Materials, name: x509.Name, keys: list[Key]) -> list[x509.Certificate]:
    """Each authority could have certified each other, by their names."""
    following = [*keys[1:], keys[0]]
    return [
        _certificate(m, name, own, name, by, ca=True)
        for own, by in zip(keys, following, strict=True)
    ]


def new_keys() -> list[Key]:
    return [ec.generate_private_key(ec.SECP256R1()) for _ in range(AUTHORITIES)]


def key_in_a_maze(m: Materials) -> SigningKey:
    keys, own = new_keys(), ec.generate_private_key(ec.SECP256R1())
    above = maze(m, _name("X"), keys)
    leaf = _certificate(m, _name("leaf"), own, _name("X"), keys[0], ca=False)
    folder: Path = m.folder / "maze"
    folder.mkdir(exist_ok=True)
    key = SigningKey(folder / "key.pem", folder / "certificate.pem", folder / "chain.pem")
    private = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(private)
    (folder / "certificate.pem").write_bytes(leaf.public_bytes(Encoding.PEM))
    chain = b"".join(one.public_bytes(Encoding.PEM) for one in above)
    (folder / "chain.pem").write_bytes(chain)
    return key


@kind(FAMILY, "foreign", levels=PLAIN)
def certificates_in_a_maze(m: Materials) -> bytes:
    """As many ways from one to the next as there are orders of them."""
    return m.signed_by(key_in_a_maze(m))


@kind(FAMILY, "time_stamp_invalid", levels=STAMPED)
def stamp_in_a_maze(m: Materials) -> bytes:
    """The certificates that come with a time stamp are protected by nothing."""
    assert m.levels is not None
    root = x509.load_pem_x509_certificate(m.levels.stamp_root)
    made = [
        asn1_x509.Certificate.load(one.public_bytes(Encoding.DER))
        for one in maze(m, root.subject, new_keys())
    ]

    def edit(signed: cms.SignedData) -> None:
        (token,) = signed["signer_infos"][0]["unsigned_attrs"][0]["values"]
        inside = token["content"]
        kept = [one.copy() for one in inside["certificates"]]
        more = [cms.CertificateChoices("certificate", one) for one in made]
        inside["certificates"] = cms.CertificateSet([*kept, *more])

    return edited(m.genuine, edit)
