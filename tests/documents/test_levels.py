"""Each level proves what it promises to a validator not written here, and no file is of a lower one."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from asn1crypto import cms, parser
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.ades import AdESPassed, ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from backend.documents import archive, proving
from backend.documents.container import Container, stamped
from backend.documents.errors import NoEvidence, SigningRefused, Unstamped
from backend.documents.finishing import finish, stamper
from backend.documents.hole import Hole, prepare
from backend.documents.materials import Level
from tests.documents.levels import EVIDENT, Maker

Issued = Callable[[Level], bytes]


def roots(maker: Maker) -> list[Any]:
    return [
        proving.certificates(file.read_bytes())[0]
        for file in (maker.pki.root, maker.pki.stamp_root)
    ]


def seal_of(pdf: bytes) -> EmbeddedPdfSignature:
    (found,) = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    return found


@pytest.mark.parametrize("level", list(Level))
def test_another_validator_finds_it_whole_and_trusted(
    issued: Issued, maker: Maker, level: Level
) -> None:
    pdf = issued(level)
    context = ValidationContext(trust_roots=roots(maker), moment=datetime.now(UTC))
    status = validate_pdf_signature(seal_of(pdf), context)
    assert status.bottom_line
    assert status.docmdp_ok
    if level is Level.B_LTA:
        assert status.modification_level is ModificationLevel.LTA_UPDATES
    else:
        assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    stamp = status.timestamp_validity
    if level is Level.B_B:
        assert stamp is None
    else:
        assert stamp is not None
        assert stamp.valid
        assert stamp.trusted
        assert abs(stamp.timestamp - datetime.now(UTC)).total_seconds() < 600


@pytest.mark.parametrize("level", EVIDENT)
def test_it_can_be_validated_from_what_it_carries_alone(
    issued: Issued, maker: Maker, level: Level
) -> None:
    reader = PdfFileReader(BytesIO(issued(level)))
    store = DocumentSecurityStore.read_dss(reader)
    options = {"trust_roots": roots(maker), "allow_fetching": False, "revocation_mode": "require"}
    status = validate_pdf_signature(
        reader.embedded_regular_signatures[0],
        store.as_validation_context(dict(options)),
        ts_validation_context=store.as_validation_context(dict(options)),
    )
    assert status.bottom_line
    assert status.timestamp_validity
    assert status.timestamp_validity.trusted


@pytest.mark.parametrize("level", EVIDENT)
def test_it_carries_the_evidence_of_both_chains_and_nothing_else(
    issued: Issued, maker: Maker, level: Level
) -> None:
    store = DocumentSecurityStore.read_dss(PdfFileReader(BytesIO(issued(level))))
    evidence = maker.evidence(level)
    assert evidence
    assert {one.dump() for one in store.load_certs()} == set(evidence.certificates)
    assert set(evidence.certificates) == {*maker.path(), *maker.authority.path()}
    assert (len(store.ocsps), len(store.crls)) == (1, 2)


@pytest.mark.parametrize("level", [Level.B_B, Level.B_T])
def test_lower_levels_carry_no_evidence(issued: Issued, level: Level) -> None:
    assert b"/DSS" not in issued(level)


def test_a_file_for_archives_passes_as_one(issued: Issued, maker: Maker) -> None:
    """EN 319 102-1, 5.6.3, as pyHanko does it: with revocation information of the file alone."""
    reader = PdfFileReader(BytesIO(issued(Level.B_LTA)))
    (last,) = reader.embedded_timestamp_signatures
    assert last.field_name == "Archive"
    trusted = ValidationContext(trust_roots=roots(maker), moment=datetime.now(UTC))
    stamp = validate_pdf_timestamp(last, trusted)
    assert stamp.intact
    assert stamp.valid
    assert stamp.trusted
    assert stamp.coverage is SignatureCoverageLevel.ENTIRE_FILE
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=roots(maker)),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    found = asyncio.run(
        ades_lta_validation(
            reader.embedded_regular_signatures[0],
            PdfSignatureValidationSpec(
                SignatureValidationSpec(
                    cert_validation_policy=policy,
                    ts_cert_validation_policy=policy,
                )
            ),
        )
    )
    assert found.ades_subindic is AdESPassed.OK


def test_an_rsa_key_signs_at_every_level(maker: Maker) -> None:
    pdf = maker.issued(Level.B_LTA, "seal-rsa")
    context = ValidationContext(trust_roots=roots(maker), moment=datetime.now(UTC))
    assert validate_pdf_signature(seal_of(pdf), context).bottom_line


def test_the_time_stamp_is_written_as_the_container_writes_it(maker: Maker) -> None:
    made = maker.made(Level.B_T)
    pdf = finish(made, maker.authority)
    hole = Hole(*made.hole)
    raw = bytes.fromhex(pdf[hole.start + 1 : hole.end - 1].decode())
    written = raw[: parser.peek(raw)]
    found = cms.ContentInfo.load(written, strict=True)["content"]
    token = found["signer_infos"][0]["unsigned_attrs"][0]["values"][0].dump()
    certificates = [one.chosen for one in found["certificates"]]
    own = next(one for one in certificates if sha256(one.dump()).hexdigest() == made.certificate)
    container = Container(own, certificates)
    assert container.fill(made.digest, made.signature, token) == written
    assert stamped(container.fill(made.digest, made.signature), token) == written


class Other:
    """An authority that does something else."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self.stamp = answer

    def close(self) -> None:
        pass


def away(_: bytes) -> bytes:
    raise Unstamped("away")


@pytest.mark.parametrize("level", [Level.B_T, *EVIDENT])
def test_without_a_stamp_there_is_no_file(maker: Maker, level: Level) -> None:
    made = maker.made(level)
    with pytest.raises(Unstamped):
        finish(made, Other(away))
    with pytest.raises(SigningRefused, match="none is configured"):
        finish(made, None)


def test_without_the_second_stamp_there_is_no_file_for_archives(maker: Maker) -> None:
    made = maker.made(Level.B_LTA)
    first = sha256(made.signature).digest()

    def once(digest: bytes) -> bytes:
        return maker.authority.stamp(digest) if digest == first else away(digest)

    with pytest.raises(Unstamped):
        finish(made, Other(once), maker.evidence(Level.B_LTA))


def test_who_stamps_is_who_the_evidence_is_about(maker: Maker) -> None:
    made, evidence = maker.made(Level.B_LT), maker.evidence(Level.B_LT)
    assert evidence
    token = maker.authority.stamp(sha256(made.signature).digest())
    assert stamper(token) in evidence.certificates
    others = replace(evidence, certificates=maker.path())
    with pytest.raises(NoEvidence, match="another signer"):
        finish(made, maker.authority, others)


def test_a_stamp_larger_than_its_place_is_refused(maker: Maker) -> None:
    with pytest.raises(SigningRefused, match="has room for"):
        finish(maker.made(Level.B_T), Other(lambda _: b"\x30\x82\x40\x00" + bytes(0x4000)))


def test_a_level_with_evidence_is_not_made_without(maker: Maker) -> None:
    with pytest.raises(ValueError, match="evidence belongs to"):
        maker.made_with(Level.B_LT, None)
    with pytest.raises(ValueError, match="evidence belongs to"):
        maker.made_with(Level.B_T, maker.evidence(Level.B_LT))


def test_archives_add_two_objects_and_nothing_else(issued: Issued) -> None:
    pdf = issued(Level.B_LTA)
    signed, _ = archive.without(pdf)
    assert pdf[len(signed) :].count(b" 0 obj") == 2
    with pytest.raises(ValueError, match="one place"):
        prepare(pdf)
