"""Is this file exactly what the institution signed?

The raw bytes are judged first, and the PDF is parsed only when a trusted key signed every byte of
it: an uploaded file is untrusted input, and PDF parsers can be led astray. After an appended page
or annotation the signature itself still counts as valid (ISO 32000-1, 12.8), so coverage of the
whole file is required, and a certification that allows no changes.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

from asn1crypto import cms, parser, x509  # type: ignore[import-untyped]
from cryptography import x509 as pyca_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko_certvalidator import ValidationContext

from backend.documents.container import Container, lower
from backend.documents.pages import CODE_KEYWORD
from backend.documents.verdict import EXPIRED, REWRITTEN, Reason, Verdict, reason

# An issued transcript of 200 courses has about 0.1 MB.
MAX_BYTES = 10 * 1024 * 1024

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]")


class _Refusal(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def verify(
    pdf: bytes,
    *,
    trust_roots: Sequence[bytes],
    known: Callable[[str], str | None] | None = None,
    now: datetime | None = None,
) -> Verdict:
    """Judge a file. Whatever the bytes are, this answers and never raises.

    `trust_roots` are PEM certificates. `known` gives the SHA-256 of the file issued under a code,
    or None when there is none; without it only the signature is judged.
    """
    digest = sha256(pdf).hexdigest()
    try:
        verdict = _judge(pdf, digest, trust_roots, now or datetime.now(UTC))
    except _Refusal as refusal:
        return Verdict(False, (reason(refusal.code),), digest)
    except Exception:  # parsers fail in many ways on hostile input; each means refusal
        return Verdict(False, (reason("unreadable"),), digest)
    if known is not None and verdict.code is not None:
        return verdict.against_record(known(verdict.code))
    return verdict


def _judge(pdf: bytes, digest: str, trust_roots: Sequence[bytes], now: datetime) -> Verdict:
    covered, container = _split(pdf)
    certificate = _trusted_signer(covered, container, trust_roots, now)

    reader = PdfFileReader(BytesIO(pdf), strict=True)
    signatures = reader.embedded_signatures
    if len(signatures) != 1:
        raise _Refusal("several_signatures" if signatures else "no_signature")
    (embedded,) = signatures
    first, length, second, rest = (int(number) for number in embedded.byte_range)
    if pdf[first : first + length] + pdf[second : second + rest] != covered:
        raise _Refusal("not_whole_file")
    if embedded.docmdp_level is not MDPPerm.NO_CHANGES:
        raise _Refusal("changes_allowed")

    # Another number in its place verifies as well; only the record tells who wrote it so.
    against: list[Reason] = [] if _low(certificate, container) else [reason(REWRITTEN)]
    signed_at = embedded.self_reported_timestamp
    validity = certificate["tbs_certificate"]["validity"]
    start, end = validity["not_before"].native, validity["not_after"].native
    if signed_at is None or not start <= signed_at <= end:
        against.append(reason("outside_validity"))
    if now > end:
        against.append(reason(EXPIRED))
    code = _code(reader)
    if code is None:
        against.append(reason("no_code"))
    return Verdict(
        genuine=not against,
        reasons=tuple(against) or (reason("genuine"),),
        sha256=digest,
        signer=str(certificate.subject.native.get("common_name") or ""),
        signed_at=signed_at.astimezone(UTC) if signed_at else None,
        code=code,
        certificate=sha256(certificate.dump()).hexdigest(),
    )


def _split(pdf: bytes) -> tuple[bytes, bytes]:
    """The bytes that the only signature covers, and the hexadecimal container between them."""
    if not pdf:
        raise _Refusal("empty")
    if len(pdf) > MAX_BYTES:
        raise _Refusal("too_large")
    if not pdf.startswith(b"%PDF-"):
        raise _Refusal("not_pdf")
    ranges = _BYTE_RANGE.findall(pdf)
    if not ranges:
        raise _Refusal("encrypted" if b"/Encrypt" in pdf else "no_signature")
    if len(ranges) > 1:
        raise _Refusal("several_signatures")
    start, length, second, rest = (int(number) for number in ranges[0])
    container = pdf[length:second]
    if start != 0 or second + rest != len(pdf):
        raise _Refusal("not_whole_file")
    if container[:1] != b"<" or container[-1:] != b">":
        raise _Refusal("not_whole_file")
    if b"/Encrypt" in pdf:
        raise _Refusal("encrypted")
    return pdf[:length] + pdf[second:], container[1:-1]


def _signed_data(container: bytes) -> cms.SignedData:
    """The CMS object; nothing but zeros may fill the rest of its place."""
    try:
        raw = bytes.fromhex(container.decode("ascii"))
        size = parser.peek(raw)
        content = cms.ContentInfo.load(raw[:size], strict=True)
        canonical = content["content_type"].native == "signed_data" and not any(raw[size:])
        # One way to write the digits, so that no byte of the file can be changed unnoticed.
        same = container == raw.hex().upper().encode()
    except ValueError as error:
        raise _Refusal("invalid_signature") from error
    if not (canonical and same):
        raise _Refusal("invalid_signature")
    return content["content"]


def _trusted_signer(
    covered: bytes, container: bytes, trust_roots: Sequence[bytes], now: datetime
) -> x509.Certificate:
    """The certificate of the key that signed `covered`, with a chain to one of our roots."""
    signed = _signed_data(container)
    try:
        roots = [
            x509.Certificate.load(certificate.public_bytes(Encoding.DER))
            for pem in trust_roots
            for certificate in pyca_x509.load_pem_x509_certificates(pem)
        ]
        certificates = [choice.chosen for choice in signed["certificates"]]
        # Judged at its last valid moment when it has expired since; that is reported apart.
        ends = [
            certificate["tbs_certificate"]["validity"]["not_after"].native
            for certificate in certificates
        ]
        context = ValidationContext(
            trust_roots=roots, moment=min([now, *ends]), allow_fetching=False
        )
        status = asyncio.run(
            async_validate_detached_cms(covered, signed, signer_validation_context=context)
        )
    except Exception as error:  # asn1crypto and pyHanko raise many kinds on malformed signatures
        raise _Refusal("invalid_signature") from error
    if not status.intact:
        raise _Refusal("altered")
    if not status.valid:
        raise _Refusal("invalid_signature")
    if not status.trusted:
        raise _Refusal("foreign")
    # Parts of the container are not protected by the signature: only the certificates of the chain
    # may be there, and nothing that a transcript's signature does not have.
    path = status.validation_path
    chain = {one.dump() for one in path.iter_certs(include_root=True)} if path else set()
    chain.update(one.dump() for one in roots)
    if not {one.dump() for one in certificates} <= chain:
        raise _Refusal("altered")
    written = Container(status.signing_cert, certificates)
    expected = written.fill(sha256(covered).digest(), _signature(signed)).hex().upper().encode()
    if container != expected.ljust(written.digits, b"0"):
        raise _Refusal("altered")
    return status.signing_cert


def _signature(signed: cms.SignedData) -> bytes:
    (signer,) = signed["signer_infos"]
    value: bytes = signer["signature"].native
    return value


def _low(certificate: x509.Certificate, container: bytes) -> bool:
    if certificate.public_key.algorithm != "ec":
        return True  # an RSA signature can only be one number
    value = _signature(_signed_data(container))
    return lower(value, certificate.public_key.curve[1]) == value


def _code(reader: PdfFileReader) -> str | None:
    try:
        words = str(reader.trailer_view["/Info"]["/Keywords"])
    except KeyError:
        return None
    return words.removeprefix(CODE_KEYWORD) if words.startswith(CODE_KEYWORD) else None
