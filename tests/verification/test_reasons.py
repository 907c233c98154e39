"""Even our own key, used by mistake or by a thief, makes nothing else genuine; and each reason is the
right one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509

from backend.documents import making, record
from backend.documents.facts import TranscriptFacts
from backend.documents.fonts import Fonts
from backend.documents.materials import Level, SigningKey
from backend.documents.sign import Signer
from backend.verification.findings import Findings
from backend.verification.judge import judge
from tests.documents.samples import ISSUE, SEAL, facts
from tests.peers.pki import Pki
from tests.verification import asking
from tests.verification.levels import Levels

NOW = ISSUE.issued_at + timedelta(days=30)
ANOTHER = "Z7QM3XPA9D2FH5RT"
Sign = Callable[[bytes], bytes]


def codes(found: Findings) -> list[str]:
    return [one.code for one in found.verdict.reasons]


@pytest.fixture
def unsigned(typefaces: Fonts, signing_key: SigningKey) -> bytes:
    return making.render_unsigned(
        facts(), ISSUE, fonts=typefaces, container=Signer(signing_key).container, seal=SEAL
    )


@pytest.fixture
def sign(signing_key: SigningKey) -> Sign:
    signer = Signer(signing_key)
    return lambda pdf: signer.sign(pdf, level=Level.B_B, when=ISSUE.issued_at).pdf


def judged(pdf: bytes, root: bytes, **more: Any) -> Findings:
    return asking.findings(pdf, trust_roots=[root], now=NOW, **more)


def swapped(pdf: bytes, old: bytes, new: bytes) -> bytes:
    """With something of the same length in its place, so that nothing else moves."""
    assert pdf.count(old) == 1, old
    assert len(old) == len(new)
    return pdf.replace(old, new)


def test_signing_these_pages_as_they_are_makes_a_genuine_file(
    unsigned: bytes, sign: Sign, root: bytes
) -> None:
    assert codes(judged(sign(unsigned), root)) == ["genuine"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"/P 1 >>", b"/P 2 >>", "changes_allowed"),
        (b"/P 1 >>", b"/P 3 >>", "changes_allowed"),
        (b"/Perms << /DocMDP", b"/Perms << /DocMDQ", "changes_allowed"),
        (b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached", "weak_algorithm"),
        (b"(registrar-code:", b"(registrar-cade:", "no_code"),
        (b"(registrar-code:K7QM", b"(registrar-code:Z7QM", "code_of_another"),
        (b"/AF ", b"/AG ", "attachment_differs"),
        (b"(Seal)", b"(Sial)", "genuine"),  # a name is a name
    ],
)
def test_what_our_key_signs_must_be_what_we_issue(
    unsigned: bytes, sign: Sign, root: bytes, old: bytes, new: bytes, why: str
) -> None:
    assert codes(judged(sign(swapped(unsigned, old, new)), root)) == [why]


def test_a_range_that_is_not_the_signatures_own_is_refused(
    unsigned: bytes, sign: Sign, root: bytes
) -> None:
    filter_, moment = b"/Filter /Adobe.PPKLite ", b" /M (D:20261122023000Z)"
    pdf = swapped(unsigned, filter_, b"/X <<".ljust(len(filter_)))
    pdf = swapped(pdf, moment, b" >>".ljust(len(moment)))
    assert codes(judged(sign(pdf), root)) == ["not_whole_file"]


def test_one_signature_that_is_listed_twice_is_refused(
    unsigned: bytes, sign: Sign, root: bytes
) -> None:
    start = unsigned.index(b"/Fields [") + 9
    end = unsigned.index(b"] /SigFlags 3", start)
    field = unsigned[start:end]
    twice = b"/Fields [" + field + b" " + field + b"]"
    old = unsigned[start - 9 : end + 13]
    pdf = sign(swapped(unsigned, old, twice.ljust(len(old))))
    assert codes(judged(pdf, root)) == ["several_signatures"]


def better_score(data: dict[str, Any]) -> None:
    data["courses"][0]["score"] = data["courses"][0]["score_text"] = "99"


def other_name(data: dict[str, Any]) -> None:
    data["holder"]["name"] = "另一人"


def more_credits(data: dict[str, Any]) -> None:
    data["totals"]["credits"] = "99"


def later_issue(data: dict[str, Any]) -> None:
    data["issue"]["issued_on"] = "2030-01-01"


def no_totals(data: dict[str, Any]) -> None:
    del data["totals"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (better_score, "课程和成绩"),
        (other_name, "姓名或学号"),
        (more_credits, "总计"),
        (later_issue, "验证码或签发日期"),
        (no_totals, "随附数据"),
    ],
)
def test_data_of_a_better_student_are_refused_though_our_key_signed_them(
    make: Callable[[TranscriptFacts], bytes],
    root: bytes,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[dict[str, Any]], None],
    where: str,
) -> None:
    honest = record.record

    def false(*given: Any) -> dict[str, Any]:
        data = honest(*given)
        change(data)
        return data

    monkeypatch.setattr(record, "record", false)
    monkeypatch.setattr(record, "unprinted", lambda *_: [])  # what would have stopped it here
    found = judged(make(facts()), root)
    assert codes(found) == ["attachment_differs"]
    assert where in found.verdict.reasons[0].zh
    assert found.data is not None
    assert found.data.attachment == "differs"


@pytest.mark.parametrize("data", [b"{}", b"[]", b"", b"{" * 100_000, b'{"type":"transcript"}'])
def test_data_that_are_none_are_refused(
    make: Callable[[TranscriptFacts], bytes],
    root: bytes,
    monkeypatch: pytest.MonkeyPatch,
    data: bytes,
) -> None:
    monkeypatch.setattr(record, "as_json", lambda _: data)
    assert codes(judged(make(facts()), root)) == ["attachment_differs"]


def test_the_qr_code_of_another_document_is_refused(
    typefaces: Fonts, signing_key: SigningKey, root: bytes
) -> None:
    address = ISSUE.verify_url.replace(ISSUE.code, ANOTHER)
    made = making.make(
        facts(),
        replace(ISSUE, verify_url=address),
        fonts=typefaces,
        signer=Signer(signing_key),
        seal=SEAL,
    )
    assert codes(judged(made.pdf, root)) == ["code_of_another"]


# --- whose it is -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def levels(typefaces: Fonts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Levels]:
    pki = Pki(tmp_path_factory.mktemp("pki"))
    yield Levels(pki, typefaces)
    pki.close()


def asked(levels: Levels, pdf: bytes, *roots: bytes) -> Findings:
    now = levels.issue.issued_at + timedelta(days=30)
    return judge(pdf, asking.asked(levels.listed(), now=now, roots=roots))


def test_the_true_signature_of_another_institution_is_called_that(levels: Levels) -> None:
    pdf = levels.make(Level.B_B, seal="other-seal")
    root = levels.pki.certificate("other-root").read_bytes()
    found = asked(levels, pdf, root)
    assert codes(found) == ["other_institution"]
    certificate = x509.load_pem_x509_certificate(levels.pki.certificate("other-seal").read_bytes())
    (name,) = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    assert str(name.value) in found.verdict.reasons[0].zh
    assert found.signature is None
    assert codes(asked(levels, pdf)) == ["foreign"]


def test_a_false_signature_of_another_institution_names_nobody(levels: Levels) -> None:
    pdf = levels.make(Level.B_B, seal="other-seal")
    root = levels.pki.certificate("other-root").read_bytes()
    changed = pdf.replace(b"(Seal)", b"(Sael)", 1)
    assert changed != pdf
    assert codes(asked(levels, changed, root)) == ["foreign"]


def test_whom_our_own_authority_has_certified_too_is_not_us(levels: Levels) -> None:
    found = asked(levels, levels.make(Level.B_B, seal="seal-rsa"))
    assert codes(found) == ["other_institution"]


def test_a_file_of_another_code_that_is_on_record_there_is_told_so(
    unsigned: bytes, sign: Sign, root: bytes
) -> None:
    found = judged(sign(unsigned), root)
    assert codes(found.against(None, of_another=True)) == ["code_of_another"]
