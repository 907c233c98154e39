"""True signatures of somebody else, and of ours where they must not count."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter

from backend.documents.materials import SigningKey
from backend.documents.verdict import Issued
from backend.verification.findings import Question
from tests.attacks.corpus import PLAIN, kind
from tests.attacks.materials import OTHER_CODE, Materials, record
from tests.attacks.pdf import byte_range
from tests.documents.samples import facts

IMPOSTOR, OURS = "impostor", "our own key"
CERTIFICATION = "certification"


def stock_signer(key: SigningKey) -> signers.SimpleSigner:
    """pyHanko as it comes, with a key."""
    assert key.certificate is not None
    assert key.chain is not None
    loaded = signers.SimpleSigner.load(
        str(key.key), str(key.certificate), ca_chain_files=(str(key.chain),)
    )
    assert loaded is not None
    return loaded


def by_stock(pdf: bytes, key: SigningKey, **metadata: object) -> bytes:
    """By another program, with a certification that allows no changes."""
    said = {
        "field_name": "Seal",
        "md_algorithm": "sha256",
        "subfilter": SigSeedSubFilter.PADES,
        "certify": True,
        "docmdp_permissions": MDPPerm.NO_CHANGES,
    } | metadata
    made = signers.PdfSigner(
        signers.PdfSignatureMetadata(**said),  # type: ignore[arg-type]
        stock_signer(key),
        new_field_spec=SigFieldSpec("Seal", on_page=-1, box=(428, 68, 544, 184)),
    ).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    data: bytes = made.getvalue()
    return data


@kind(IMPOSTOR, "foreign", levels=PLAIN)
def same_names_of_another_root(m: Materials) -> bytes:
    """Every name in the certificate is ours; whoever shows names only is deceived."""
    return m.signed_by(m.key_of("lookalike"))


@kind(IMPOSTOR, "foreign", levels=PLAIN)
def our_file_signed_anew(m: Materials) -> bytes:
    """Our pages, certified by somebody else."""
    return by_stock(m.unsigned, m.key_of("lookalike"))


def _trusting(m: Materials) -> Question:
    return m.trusting(m.key_of("institution", "另一所大学"))


@kind(IMPOSTOR, "other_institution", question=_trusting, levels=PLAIN)
def another_institution(m: Materials) -> bytes:
    """Its authority is trusted, its signature true, its program another one."""
    return by_stock(m.unsigned, m.key_of("institution", "另一所大学"))


@kind(IMPOSTOR, "other_institution", question=_trusting, levels=PLAIN)
def another_installation(m: Materials) -> bytes:
    """Of this very program, under an authority that is trusted."""
    return m.signed_by(m.key_of("institution", "另一所大学"))


@kind(IMPOSTOR, "foreign", levels=PLAIN)
def another_installation_unheard_of(m: Materials) -> bytes:
    return m.signed_by(m.key_of("institution", "另一所大学"))


@kind(IMPOSTOR, "foreign", question=_trusting, levels=PLAIN)
def another_institution_changed(m: Materials) -> bytes:
    """A false file must not be said to be anybody's."""
    made = by_stock(m.unsigned, m.key_of("institution", "另一所大学"))
    data = bytearray(made)
    data[byte_range(made).start // 2] ^= 1
    return bytes(data)


def _under_our_authority(m: Materials) -> SigningKey:
    """What an authority that certifies us certifies for others."""
    key = m.key_of("shared", "另一所大学")
    return key


def _sharing_an_authority(m: Materials) -> Question:
    (listed,) = m.question.own
    shared = _under_our_authority(m).chain
    assert shared is not None
    return replace(m.question, own=(replace(listed, chain=listed.chain + shared.read_bytes()),))


@kind(IMPOSTOR, "other_institution", question=_sharing_an_authority, levels=PLAIN)
def another_customer_of_our_authority(m: Materials) -> bytes:
    """A chain to a root of ours says who somebody is, and not that it is us."""
    return m.signed_by(_under_our_authority(m))


def _placed(m: Materials, old: bytes, new: bytes) -> bytes:
    """Our own signature of a file that says something else in one place."""
    unsigned = m.empty_place()
    assert len(old) == len(new)
    assert unsigned.count(old) >= 1
    return m.signed_here(unsigned.replace(old, new))


@kind(CERTIFICATION, "changes_allowed", levels=PLAIN)
def forms_may_be_filled(m: Materials) -> bytes:
    """P=2: whoever fills a form leaves the certification valid."""
    return _placed(m, b"/P 1 >>", b"/P 2 >>")


@kind(CERTIFICATION, "changes_allowed", levels=PLAIN)
def annotations_may_be_added(m: Materials) -> bytes:
    """P=3: the certification that evil annotations need."""
    return _placed(m, b"/P 1 >>", b"/P 3 >>")


@kind(CERTIFICATION, "changes_allowed", levels=PLAIN)
def approved_and_not_certified(m: Materials) -> bytes:
    """Without a certification anything may be added."""
    return _placed(m, b"/DocMDP", b"/DocMDX")


@kind(CERTIFICATION, "changes_allowed", levels=PLAIN)
def certification_not_in_the_catalog(m: Materials) -> bytes:
    """Readers that look into the catalog find no permissions there."""
    return _placed(m, b"/Perms ", b"/Permz ")


@kind(OURS, "differs_from_issued")
def signed_by_us_and_not_on_record(m: Materials) -> bytes:
    """With our key, for one course more: whoever steals the key has no record."""
    return m.issued_for(facts(count=61))


def _none(_m: Materials, _data: bytes) -> None:
    return None


@kind(OURS, "unknown_code", record=_none)
def code_on_no_record(m: Materials) -> bytes:
    return m.issued_for(facts(count=61))


def _other_record(m: Materials, _data: bytes) -> Issued:
    return record(m.genuine, code=OTHER_CODE)


@kind(OURS, "differs_from_issued", record=_other_record)
def another_students_file(m: Materials) -> bytes:
    """What stands under its code is another file."""
    return m.other


def _reissued(_m: Materials, data: bytes) -> Issued:
    return record(data, "superseded")


@kind(OURS, "superseded", record=_reissued)
def replaced_by_a_newer(m: Materials) -> bytes:
    return m.genuine


def _withdrawn(_m: Materials, data: bytes) -> Issued:
    return record(data, "revoked")


@kind(OURS, "revoked", record=_withdrawn)
def withdrawn_by_the_registrar(m: Materials) -> bytes:
    return m.genuine


def _late(m: Materials) -> Question:
    return m.at(m.now + timedelta(days=365 * 12))


@kind(OURS, "certificate_expired", question=_late, levels=PLAIN)
def expired_certificate(m: Materials) -> bytes:
    """Nothing proves that the file was there while the certificate was valid."""
    return m.issued_for(facts(count=61))


@kind(OURS, "outside_validity", levels=PLAIN)
def signed_before_the_certificate(m: Materials) -> bytes:
    """The clock was turned back, to a time before the certificate."""
    return _placed(m, b"(D:2026", b"(D:2019")


def _stolen(m: Materials) -> Question:
    return m.listed(status="revoked", revoked_at=m.now, revoked_why="key_compromise")


@kind(OURS, "certificate_revoked", question=_stolen)
def stolen_key(m: Materials) -> bytes:
    """Whoever has the key writes whatever time there is."""
    return m.issued_for(facts(count=61))


def _given_up(m: Materials) -> Question:
    at = m.issue.issued_at - timedelta(days=1)
    return m.listed(status="revoked", revoked_at=at, revoked_why="superseded")


@kind(OURS, "certificate_revoked", question=_given_up)
def key_used_after_it_was_given_up(m: Materials) -> bytes:
    return m.issued_for(facts(count=61))
