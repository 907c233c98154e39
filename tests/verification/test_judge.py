"""A forged or changed transcript must never be called genuine."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter, copy_into_new_writer
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter

from backend.documents import demo_ca, making, pages
from backend.documents.fonts import Fonts
from backend.documents.materials import Level, SigningKey
from backend.documents.sign import Signer
from backend.documents.verdict import Verdict
from backend.verification.inspector import MAX_BYTES
from backend.verification.judge import judge as whole
from tests.documents.key_files import Issuer
from tests.documents.samples import ISSUE, SEAL, facts
from tests.verification.asking import asked, own, verify

NOW = ISSUE.issued_at + timedelta(days=30)
Judge = Callable[[bytes], Verdict]


@pytest.fixture
def judge(root: bytes) -> Judge:
    return lambda pdf: verify(pdf, trust_roots=[root], now=NOW)


def codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


def updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_issued_transcript_is_genuine(judge: Judge, signed: bytes) -> None:
    verdict = judge(signed)
    assert verdict.genuine
    assert codes(verdict) == ["genuine"]
    assert verdict.code == ISSUE.code
    assert verdict.signed_at == ISSUE.issued_at
    assert verdict.signer == "中国科学院大学证明专用章（演示 DEMO）"
    assert json.loads(json.dumps(verdict.to_json()))["genuine"] is True


@pytest.mark.parametrize("days", [30, 365 * 4])
def test_a_file_issued_before_signing_was_rewritten_stays_genuine(days: int) -> None:
    """Made by release 0.10, whose signature is an update of its own; kept as it was issued."""
    folder = Path(__file__).parents[1] / "documents" / "files"
    old = (folder / "issued-before-0011.pdf").read_bytes()
    trusted = (folder / "issued-before-0011-root.pem").read_bytes()
    verdict = verify(old, trust_roots=[trusted], now=ISSUE.issued_at + timedelta(days=days))
    assert codes(verdict) == ["genuine"]
    assert verdict.code == ISSUE.code
    assert verdict.signed_at == ISSUE.issued_at
    assert not verify(old[:-1] + b" ", trust_roots=[trusted], now=NOW).genuine


def add_page(writer: IncrementalPdfFileWriter) -> None:
    content = writer.add_object(generic.StreamObject(stream_data=b"0 0 m 9 9 l S"))
    page = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/MediaBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))),
            pdf_name("/Contents"): content,
            pdf_name("/Resources"): generic.DictionaryObject(),
        }
    )
    writer.insert_page(page)


def add_annotation(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (9, 9, 99, 99))),
            pdf_name("/Contents"): generic.pdf_string("100"),
        }
    )
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])
    writer.update_container(page)


def fill_form(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    field = generic.DictionaryObject(
        {
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): generic.pdf_string("score"),
            pdf_name("/V"): generic.pdf_string("100"),
        }
    )
    form["/Fields"].append(writer.add_object(field))
    writer.update_container(form["/Fields"])
    writer.update_container(form)


def change_content(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 9 9 re f"))
    writer.update_container(page)


def change_keywords(writer: IncrementalPdfFileWriter) -> None:
    info = writer.trailer["/Info"]
    info["/Keywords"] = generic.pdf_string("registrar-code:ANOTHER")
    writer.update_container(info)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (add_page, "appended_pages"),
        (add_annotation, "annotations"),
        (fill_form, "form_filled"),
        (change_content, "content_replaced"),
        (change_keywords, "metadata_changed"),
    ],
)
def test_anything_added_after_signing_is_refused_and_told(
    judge: Judge, signed: bytes, change: Callable[[IncrementalPdfFileWriter], None], kind: str
) -> None:
    verdict = judge(updated(signed, change))
    assert not verdict.genuine
    assert codes(verdict) == ["appended"]
    assert verdict.additions[0].kind == kind
    assert verdict.additions[0].zh in verdict.reasons[0].zh


@pytest.mark.parametrize("junk", [b"\n", b" ", b"%%EOF\n", b"\0" * 100, b"<script>"])
def test_trailing_junk_is_refused(judge: Judge, signed: bytes, junk: bytes) -> None:
    verdict = judge(signed + junk)
    assert codes(verdict) == ["appended"]
    assert (verdict.additions[0].kind, verdict.additions[0].n) == ("junk", len(junk))
    assert ("script" in [one.kind for one in verdict.additions]) == (junk == b"<script>")


def test_leading_junk_is_refused(judge: Judge, signed: bytes) -> None:
    assert codes(judge(b"\n" + signed)) == ["prepended"]


def test_truncated_file_is_refused(judge: Judge, signed: bytes) -> None:
    for length in (*range(9, len(signed), 4001), len(signed) - 1):
        assert codes(judge(signed[:length])) == ["truncated"], length


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_single_byte_can_be_changed(root: bytes, signed: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(signed) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda byte: byte != signed[at]))
    changed = signed[:at] + bytes([value]) + signed[at + 1 :]
    assert not verify(changed, trust_roots=[root], now=NOW).genuine


def test_no_byte_of_the_signature_itself_can_be_changed(judge: Judge, signed: bytes) -> None:
    start = signed.index(b"/Contents <", signed.index(b"/ByteRange")) + 10
    end = signed.index(b">", start) + 1
    for at in (*range(start, end, 97), end - 2, end - 1):
        byte = signed[at : at + 1]
        for other in (b"1" if byte != b"1" else b"2", byte.upper(), b" "):
            if other != byte:
                assert not judge(signed[:at] + other + signed[at + 1 :]).genuine


@settings(max_examples=200, deadline=None)
@given(junk=st.binary(max_size=400))
def test_hostile_bytes_get_an_answer_not_an_error(root: bytes, junk: bytes) -> None:
    assert not verify(junk, trust_roots=[root]).genuine
    assert not verify(b"%PDF-1.7\n" + junk, trust_roots=[root]).genuine
    head = b"%PDF-1.7\n/ByteRange [0 40 80 "
    assert not verify(head + junk, trust_roots=[root]).genuine


def test_well_formed_range_around_garbage_is_refused(judge: Judge) -> None:
    for hole in (b"<00>", b"<3080>", b"<zz>", b"<" + b"30" * 50 + b">"):
        head = b"%PDF-1.7 /ByteRange [0 0064 0000 0004]".ljust(54) + b"/Contents "
        pdf = head.replace(b"0000", b"%04d" % (64 + len(hole))) + hole + b"tail"
        assert codes(judge(pdf)) == ["gap" if hole == b"<zz>" else "invalid_signature"]


def test_empty_file_is_refused(judge: Judge) -> None:
    assert codes(judge(b"")) == ["empty"]


def test_what_is_neither_a_document_nor_a_picture_is_refused(judge: Judge) -> None:
    assert codes(judge(b"PK\x03\x04" + bytes(100))) == ["not_pdf"]
    assert codes(judge(b"\x89PNG\r\n\x1a\n" + bytes(100))) == ["unreadable"]


def test_huge_file_is_refused_unread(judge: Judge, signed: bytes) -> None:
    assert codes(judge(signed + bytes(MAX_BYTES))) == ["too_large"]


def test_unsigned_transcript_is_refused(judge: Judge, typefaces: Fonts) -> None:
    pdf = pages.render(facts(), fonts=typefaces, issue=ISSUE)
    assert codes(judge(pdf)) == ["no_signature"]


def test_encrypted_file_is_refused(judge: Judge, typefaces: Fonts) -> None:
    pdf = pages.render(facts(), fonts=typefaces, issue=ISSUE)
    writer: PdfFileWriter = copy_into_new_writer(PdfFileReader(BytesIO(pdf)))
    writer.encrypt("owner", "user")
    out = BytesIO()
    writer.write(out)
    assert codes(judge(out.getvalue())) == ["encrypted"]


def test_signature_by_a_look_alike_authority_is_refused(
    judge: Judge, typefaces: Fonts, tmp_path: Path
) -> None:
    """Same names, another key: what a forger would make."""
    other = demo_ca.demo_signing_key(tmp_path / "o", "中国科学院大学", now=ISSUE.issued_at)
    verdict = judge(sign(typefaces, other))
    assert codes(verdict) == ["foreign"]
    assert verdict.signer is None


def sign(typefaces: Fonts, key: SigningKey) -> bytes:
    return making.make(facts(), ISSUE, fonts=typefaces, signer=Signer(key), seal=SEAL).pdf


class OurKey(signers.Signer):
    """Writes the object as we do: that must not be what gives the file away."""

    def __init__(self, signer: Signer) -> None:
        encoded = signer.certificate.public_bytes(Encoding.DER)
        super().__init__(signing_cert=asn1_x509.Certificate.load(encoded))
        self._signer = signer

    async def async_sign(self, data_digest: bytes, *args: Any, **kwargs: Any) -> cms.ContentInfo:
        container = self._signer.container
        signature = self._signer.signature(container.attributes(data_digest))
        return cms.ContentInfo.load(container.fill(data_digest, signature))


def by_pyhanko(pdf: bytes, key: SigningKey, *, field: str, certify: bool, perm: MDPPerm) -> bytes:
    signer = Signer(key)
    out = signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=field,
            certify=certify,
            docmdp_permissions=perm,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
        ),
        OurKey(signer),
        new_field_spec=SigFieldSpec(field),
    ).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=signer.container.digits(Level.B_B)
    )
    data: bytes = out.getvalue()
    return data


@pytest.mark.parametrize(
    ("certify", "perm"), [(True, MDPPerm.FILL_FORMS), (True, MDPPerm.ANNOTATE), (False, None)]
)
def test_our_own_signature_that_allows_changes_is_refused(
    judge: Judge, typefaces: Fonts, signing_key: SigningKey, certify: bool, perm: MDPPerm | None
) -> None:
    pdf = pages.render(facts(), fonts=typefaces, issue=ISSUE)
    signed = by_pyhanko(
        pdf, signing_key, field="S", certify=certify, perm=perm or MDPPerm.NO_CHANGES
    )
    assert codes(judge(signed)) == ["changes_allowed"]


def test_what_allows_changes_is_refused_before_what_followed_is_looked_at(
    judge: Judge, typefaces: Fonts, signing_key: SigningKey
) -> None:
    pdf = pages.render(facts(), fonts=typefaces, issue=ISSUE)
    once = by_pyhanko(pdf, signing_key, field="A", certify=True, perm=MDPPerm.FILL_FORMS)
    twice = by_pyhanko(once, signing_key, field="B", certify=False, perm=MDPPerm.FILL_FORMS)
    assert codes(judge(twice)) == ["changes_allowed"]


def test_without_trusted_roots_nothing_is_genuine(signed: bytes) -> None:
    assert not verify(signed, trust_roots=[], now=NOW).genuine
    assert not verify(signed, trust_roots=[b"no certificate"], now=NOW).genuine


def test_expired_certificate_needs_the_record(root: bytes, signed: bytes) -> None:
    late = ISSUE.issued_at + timedelta(days=365 * 6)
    verdict = verify(signed, trust_roots=[root], now=late)
    assert codes(verdict) == ["certificate_expired"]
    assert verdict.against_record(verdict.sha256).genuine
    assert not verdict.against_record(None).genuine


def test_file_that_is_not_on_record_is_refused(root: bytes, signed: bytes) -> None:
    def judged(known: Callable[[str], str | None]) -> Verdict:
        return verify(signed, trust_roots=[root], known=known, now=NOW)

    digest = judged(lambda code: None).sha256
    assert codes(judged(lambda code: None)) == ["unknown_code"]
    assert codes(judged(lambda code: "0" * 64)) == ["differs_from_issued"]
    assert judged(lambda code: digest if code == ISSUE.code else None).genuine


def test_a_certificate_of_ours_counts_without_the_usage_that_other_programs_ask_for(
    typefaces: Fonts, tmp_path: Path
) -> None:
    """It may say digital signature alone, without content commitment: our list decides, and what
    may sign here is genuine here. The same from a stranger with every usage is not."""
    issuer = Issuer()
    ours = issuer.files(tmp_path / "ours", commits=False)
    stranger = issuer.files(tmp_path / "stranger")
    found = {}
    for name, given_ in (("ours", ours), ("stranger", stranger)):
        signer = Signer(SigningKey(given_.key, given_.certificate_file, given_.chain))
        made = making.make(facts(), ISSUE, fonts=typefaces, signer=signer, seal=SEAL)
        question = asked(own(ours.certificate, [ours.chain.read_bytes()]), now=NOW)
        found[name] = whole(made.pdf, question).verdict
    assert found["ours"].genuine
    assert found["ours"].certificate == ours.fingerprint
    assert found["stranger"].reasons[0].code == "other_institution"
