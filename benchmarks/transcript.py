"""A transcript from facts to signed file, in one process whose fonts and key are loaded."""

import gc
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from pyhanko.sign import signers

from backend.documents import demo_ca, font_files, fonts, making, pages, proving
from backend.documents.facts import TranscriptFacts
from backend.documents.finishing import finish
from backend.documents.materials import Level, SigningKey
from backend.documents.sign import Signer
from backend.documents.timestamps import TimeStampAuthority
from benchmarks import plain_pdf
from benchmarks.measure import Row, Section, cpu_row, interleaved, shown
from bot.settings import Settings
from tests.documents import samples
from tests.peers.pki import Pki

ROUNDS = 20
FILES = 200


def rsa_key(folder: Path) -> SigningKey:
    """An RSA-2048 key with a certificate of its own."""
    folder.mkdir()
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Benchmark")])
    since = samples.ISSUE.issued_at - timedelta(days=400)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=3650))
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, False, False, False, False),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return SigningKey(folder / "key.pem", folder / "certificate.pem", None)


def raw(key: SigningKey) -> Any:
    """Signs bytes with the bare key."""
    private = load_pem_private_key(key.key.read_bytes(), None)
    if isinstance(private, ec.EllipticCurvePrivateKey):
        return lambda data: private.sign(data, ec.ECDSA(hashes.SHA256()))
    assert isinstance(private, rsa.RSAPrivateKey)
    return lambda data: private.sign(data, padding.PKCS1v15(), hashes.SHA256())


def stock(key: SigningKey) -> signers.SimpleSigner:
    """pyHanko's own signer."""
    chain = (str(key.chain),) if key.chain else ()
    found = signers.SimpleSigner.load(  # type: ignore[no-untyped-call]
        str(key.key), str(key.certificate), ca_chain_files=chain
    )
    if not isinstance(found, signers.SimpleSigner):
        raise RuntimeError(f"pyHanko cannot load {key}")
    return found


_makers: list[Callable[[], bytes]] = []


def start(folder: Path, key: SigningKey) -> None:
    """What a process of the workshop loads once."""
    faces, signer = fonts.Fonts(folder), Signer(key)

    def make() -> bytes:
        return making.make(
            samples.facts(), samples.ISSUE, fonts=faces, signer=signer, seal=samples.SEAL
        ).pdf

    _makers[:] = [make]
    gc.collect()
    gc.freeze()


def make_one(_: int) -> bytes:
    return _makers[0]()


def rate(folder: Path, key: SigningKey, processes: int) -> float:
    """Signed files a second from so many processes, handed over to this one."""
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=start, initargs=(folder, key)
    ) as pool:
        list(pool.map(make_one, range(20 * processes)))
        begun = time.perf_counter()
        list(pool.map(make_one, range(FILES)))
        return FILES / (time.perf_counter() - begun)


def stamped(key: SigningKey, faces: fonts.Fonts, pki: Pki) -> dict[str, list[float]]:
    """Wall seconds of one file at B-T: whole, and without waiting for the authority's stamp."""
    authority = TimeStampAuthority(pki.tsa(), pki.stamp_root, proving.check_stamp, seconds=30)
    signer, taken = Signer(key), dict[str, list[float]](whole=[], without=[])
    issue = replace(samples.ISSUE, issued_at=datetime.now(UTC))
    try:
        for number in range(ROUNDS + 2):
            began = time.perf_counter()
            made = making.make(
                samples.facts(),
                issue,
                fonts=faces,
                signer=signer,
                seal=samples.SEAL,
                level=Level.B_T,
            )
            signed = time.perf_counter()
            token = authority.stamp(sha256(made.signature).digest())
            waited = time.perf_counter()
            finish(made, Stamped(token), None)
            ended = time.perf_counter()
            if number > 1:
                taken["whole"].append(ended - began)
                taken["without"].append(ended - waited + signed - began)
    finally:
        authority.close()
    return taken


@dataclass(frozen=True, slots=True)
class Stamped:
    """Has a stamp at hand."""

    token: bytes

    def stamp(self, digest: bytes) -> bytes:
        return self.token

    def path(self) -> tuple[bytes, ...]:
        return ()

    def close(self) -> None:
        """Nothing was opened."""


def measure(original: Settings, folder: Path) -> Iterator[Section]:
    facts, issue, seal = samples.facts(), samples.ISSUE, samples.SEAL
    faces = fonts.Fonts(original.data / "fonts")
    plain_pdf.register(font_files.instance_path(faces.folder, 400))
    curve = demo_ca.demo_signing_key(folder / "p256", "中国科学院大学", now=issue.issued_at)
    big = rsa_key(folder / "rsa")
    signer, big_signer = Signer(curve), Signer(big)
    raw_curve, raw_big = raw(curve), raw(big)
    stock_curve, stock_big = stock(curve), stock(big)
    drawn = pages.render(facts, fonts=faces, issue=issue)

    def make(with_: Signer, about: TranscriptFacts = facts) -> bytes:
        return making.make(about, issue, fonts=faces, signer=with_, seal=seal).pdf

    many = samples.facts(count=60)
    gc.collect()
    gc.freeze()  # as in a worker; for all alike
    found = interleaved(
        {
            "p256": lambda: make(signer),
            "rsa": lambda: make(big_signer),
            "60": lambda: make(signer, many),
            "floor p256": lambda: raw_curve(pages.render(facts, fonts=faces, issue=issue)),
            "floor rsa": lambda: raw_big(pages.render(facts, fonts=faces, issue=issue)),
            "raw p256": lambda: raw_curve(drawn),
            "raw rsa": lambda: raw_big(drawn),
            "peer p256": lambda: plain_pdf.sign(plain_pdf.draw(facts, issue), stock_curve),
            "peer rsa": lambda: plain_pdf.sign(plain_pdf.draw(facts, issue), stock_big),
        },
        rounds=ROUNDS,
    )
    gc.unfreeze()
    one, two = (rate(faces.folder, curve, processes) for processes in (1, 2))
    pki = Pki(folder / "pki")
    try:
        levels = {name: median(each) for name, each in stamped(curve, faces, pki).items()}
    finally:
        pki.close()
    peer = "reportlab tables + stock pyHanko"
    yield Section(
        "Transcript: draw and sign one file",
        [
            cpu_row(
                "P-256 (the demo's key)", found["p256"], "draw + raw P-256", found["floor p256"]
            ),
            cpu_row("P-256 (the demo's key)", found["p256"], "raw RSA-2048", found["raw rsa"]),
            cpu_row("P-256 (the demo's key)", found["p256"], f"{peer}, P-256", found["peer p256"]),
            cpu_row("RSA-2048", found["rsa"], "draw + raw RSA-2048", found["floor rsa"]),
            cpu_row("RSA-2048", found["rsa"], f"{peer}, RSA-2048", found["peer rsa"]),
            cpu_row("drawing + raw P-256", found["floor p256"], "raw P-256", found["raw p256"]),
            cpu_row("60 courses", found["60"], "16 courses", found["p256"]),
            Row(
                "P-256, B-T, wall",
                shown(levels["whole"]),
                "without the stamp",
                shown(levels["without"]),
                levels["whole"] / levels["without"],
                note="an authority on this machine, its answer and its check included",
            ),
            Row("2 processes", f"{two:.0f}/s", "1 process", f"{one:.0f}/s", two / one),
        ],
        f"Medians of {ROUNDS}, interleaved, in one process; {len(facts.courses)} courses, one page, "
        f"PDF/A-3b with the data attached. The peer is neither and attaches nothing. Processes "
        f"make {FILES} files and hand them over, as those of the workshop do.",
    )
