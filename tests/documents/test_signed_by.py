"""Documents of earlier releases say themselves what they were signed with."""

from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from sqlalchemy import select, update

from backend import signing
from backend.database import Database
from backend.documents import signed_by
from backend.documents.materials import SigningKey
from backend.models import Credential
from tests.backend.scene import START, Scene

FILES = Path(__file__).parent / "files"


def fingerprint(key: SigningKey) -> str:
    assert key.certificate
    certificate = x509.load_pem_x509_certificate(key.certificate.read_bytes())
    return certificate.fingerprint(hashes.SHA256()).hex()


def test_signed_file_names_its_certificate_and_the_chain(
    signed: bytes, signing_key: SigningKey
) -> None:
    info = signed_by.certificate(signed, sha256(signed).hexdigest())
    assert info.fingerprint == fingerprint(signing_key)
    assert signing_key.chain
    assert info.chain.strip() == signing_key.chain.read_bytes().strip()


def test_file_of_an_earlier_release_names_its_certificate() -> None:
    pdf = (FILES / "issued-before-0011.pdf").read_bytes()
    root = x509.load_pem_x509_certificate((FILES / "issued-before-0011-root.pem").read_bytes())
    info = signed_by.certificate(pdf, sha256(pdf).hexdigest())
    x509.load_der_x509_certificate(info.der).verify_directly_issued_by(root)


@pytest.mark.parametrize("damage", ["hash", "no signature", "no pdf"])
def test_file_that_is_not_the_one_on_record_tells_nothing(damage: str, signed: bytes) -> None:
    data = {"hash": signed + b" ", "no signature": signed.replace(b"/Contents", b"/Kontents")}
    other = data.get(damage, b"nothing")
    digest = sha256(signed if damage == "hash" else other).hexdigest()
    with pytest.raises(ValueError, match=r"file|signature"):
        signed_by.certificate(other, digest)


def test_certificates_of_earlier_documents_are_found_once(
    signed: bytes, signing_key: SigningKey, database: Database, tmp_path: Path
) -> None:
    scene = Scene(database, tmp_path)
    scene.press.file = signed
    scene.issued(scene.graduate("G1"))
    scene.press.file = None
    scene.issued(scene.graduate("G2"))  # whose file is no document at all
    with scene.office.work() as work:
        work.session.execute(update(Credential).values(certificate=None))
    assert [signing.backfill(scene.office) for _ in range(2)] == [2, 0]
    with scene.office.read() as work:
        found = work.session.scalars(select(Credential.certificate).order_by(Credential.id)).all()
        (row,) = signing.known(work)
    assert found == [fingerprint(signing_key), ""]
    assert (row.fingerprint, row.first_used_at) == (found[0], START)
