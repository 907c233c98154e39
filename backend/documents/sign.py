"""Signing a transcript: one certification signature, PAdES, no changes allowed, visible seal."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import cms  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from backend.documents.container import CURVES, Container, lower
from backend.documents.errors import SigningRefused
from backend.documents.materials import SigningKey

FIELD = "Seal"


class _LoadedKey(signers.Signer):
    """A signer whose key stays parsed; pyHanko's own parses it again for every signature."""

    def __init__(
        self,
        key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
        certificate: asn1_x509.Certificate,
        chain: list[asn1_x509.Certificate],
    ) -> None:
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        registry.register_multiple(chain)
        super().__init__(signing_cert=certificate, cert_registry=registry)
        self._key = key
        self.container = Container(certificate, chain)

    async def async_sign(
        self, data_digest: bytes, digest_algorithm: str, *args: Any, **kwargs: Any
    ) -> cms.ContentInfo:
        signature = await self.async_sign_raw(
            self.container.attributes(data_digest), digest_algorithm
        )
        return cms.ContentInfo.load(self.container.fill(data_digest, signature))

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(f"signatures are made with SHA-256, not {digest_algorithm}")
        digest = hashes.SHA256()
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return lower(self._key.sign(data, ec.ECDSA(digest)), self._key.curve.name)
        return self._key.sign(data, padding.PKCS1v15(), digest)


class _DatedPdfSigner(signers.PdfSigner):
    """Takes the time of signing from the caller's clock."""

    def __init__(self, when: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._when = when

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._when
        return session


class Signer:
    """One signing key, loaded once in a process."""

    def __init__(self, key: SigningKey) -> None:
        """Raises SigningRefused when key and certificate do not match, OSError, ValueError."""
        private, self.certificate, chain = _load(key)
        if not isinstance(private, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise SigningRefused("only elliptic-curve and RSA keys can sign")
        if isinstance(private, ec.EllipticCurvePrivateKey) and private.curve.name not in CURVES:
            raise SigningRefused(f"keys of the curve {private.curve.name} cannot sign")
        if _public(private.public_key()) != _public(self.certificate.public_key()):
            raise SigningRefused("the certificate does not belong to the key")
        encoded = [_asn1(certificate) for certificate in (self.certificate, *chain)]
        self._signer = _LoadedKey(private, encoded[0], encoded[1:])

    def sign(
        self,
        pdf: bytes,
        *,
        seal: bytes,
        box: tuple[int, int, int, int],
        reason: str,
        when: datetime,
    ) -> bytes:
        """Sign the whole file, with `seal` (drawing operators) in `box` on the last page.

        Raises SigningRefused when the certificate is not valid at `when` (aware).
        """
        start, end = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if when.tzinfo is None:
            raise ValueError("the time of signing has no time zone")
        if not start <= when <= end:
            state = "not yet valid" if when < start else "expired"
            raise SigningRefused(f"the signing certificate is {state}: {start} to {end}")
        style = StaticStampStyle(
            border_width=0,
            background=RawContent(seal),
            background_opacity=1.0,
            background_layout=SimpleBoxLayoutRule(
                x_align=AxisAlignment.ALIGN_MIN,
                y_align=AxisAlignment.ALIGN_MIN,
                margins=Margins(0, 0, 0, 0),
            ),
        )
        signer = _DatedPdfSigner(
            when.astimezone(UTC),
            signers.PdfSignatureMetadata(
                field_name=FIELD,
                md_algorithm="sha256",
                reason=reason,
                subfilter=SigSeedSubFilter.PADES,
                certify=True,
                docmdp_permissions=MDPPerm.NO_CHANGES,
            ),
            self._signer,
            stamp_style=style,
            new_field_spec=SigFieldSpec(FIELD, on_page=-1, box=box),
        )
        out = signer.sign_pdf(
            IncrementalPdfFileWriter(BytesIO(pdf)),
            bytes_reserved=self._signer.container.digits,
            in_place=True,
        )
        signed: bytes = out.getvalue()
        return signed


def _load(key: SigningKey) -> tuple[Any, x509.Certificate, list[x509.Certificate]]:
    data = key.key.read_bytes()
    if key.certificate is None:
        private, certificate, others = pkcs12.load_key_and_certificates(data, key.passphrase)
        if private is None or certificate is None:
            raise SigningRefused("the PKCS#12 file holds no key with its certificate")
        return private, certificate, others + _certificates(key.chain)
    return (
        serialization.load_pem_private_key(data, key.passphrase),
        x509.load_pem_x509_certificate(key.certificate.read_bytes()),
        _certificates(key.chain),
    )


def _certificates(path: Path | None) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(path.read_bytes()) if path else []


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _public(key: Any) -> bytes:
    encoded: bytes = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return encoded
