"""Attacks on certified documents (S&P 2021): evil annotations and sneaky signatures lie over what was
certified; and certifications that let such things happen."""

from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.stamp import StaticStampStyle

from backend.documents.materials import SigningKey
from tests.attacks.corpus import PLAIN, kind
from tests.attacks.impostors import by_stock, stock_signer
from tests.attacks.materials import Materials
from tests.attacks.pdf import Update, add_to, dictionary, pages, stream, updated

EVIL, SNEAKY = "evil annotation", "sneaky signature"
CERTIFICATION = "certification"
OVER_A_SCORE = (400, 400, 440, 415)


def noted(pdf: bytes, look: bytes = b"", **entries: Any) -> bytes:
    """With an annotation over a score."""

    def change(writer: Update) -> None:
        note = dictionary(Type="/Annot", Rect=OVER_A_SCORE, F=4, **entries)
        if look:
            form = stream(look, Type="/XObject", Subtype="/Form", BBox=(0, 0, 40, 15))
            note[generic.pdf_name("/AP")] = dictionary(N=writer.add_object(form))
        add_to(writer, pages(writer)[0], "/Annots", writer.add_object(note))

    return updated(pdf, change)


@kind(EVIL, "appended", "annotations")
def text_over_a_score(m: Materials) -> bytes:
    return noted(m.genuine, Subtype="/FreeText", Contents="100", DA="/Helv 12 Tf 0 g")


@kind(EVIL, "appended", "annotations")
def stamp_over_a_score(m: Materials) -> bytes:
    return noted(m.genuine, b"1 g 0 0 40 15 re f", Subtype="/Stamp", Name="/Approved")


@kind(EVIL, "appended", "annotations")
def white_over_a_score(m: Materials) -> bytes:
    return noted(m.genuine, b"1 g 0 0 40 15 re f", Subtype="/Square", IC=(1, 1, 1), C=(1, 1, 1))


@kind(EVIL, "appended", "annotations")
def redaction_over_a_score(m: Materials) -> bytes:
    return noted(m.genuine, Subtype="/Redact", OverlayText="100", RO=dictionary())


@kind(EVIL, "appended", "annotations")
def link_to_a_false_verification(m: Materials) -> bytes:
    action = dictionary(S="/URI", URI="https://registrar.example.edu.evil.example/v/")
    return noted(m.genuine, Subtype="/Link", A=action)


@kind(EVIL, "appended", "annotations")
def widget_outside_the_form(m: Materials) -> bytes:
    """It looks like a field, and is in no form: tools that check forms only pass it over."""
    return noted(m.genuine, b"1 g 0 0 40 15 re f", Subtype="/Widget", FT="/Btn", Ff=65536)


class Careless(signers.PdfSigner):
    """Does not ask whether a certification lets it sign."""

    def _enforce_certification_constraints(self, _reader: PdfFileReader) -> None:
        pass


def countersigned(pdf: bytes, key: SigningKey, **metadata: object) -> bytes:
    """With a second signature, whose appearance is drawn over a score."""
    look = RawContent(b"1 g 0 0 40 15 re f")
    made = Careless(
        signers.PdfSignatureMetadata(
            field_name="Second",
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            **metadata,  # type: ignore[arg-type]
        ),
        stock_signer(key),
        stamp_style=StaticStampStyle(background=look, border_width=0),
        new_field_spec=SigFieldSpec("Second", on_page=0, box=OVER_A_SCORE),
    ).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf), strict=False))
    data: bytes = made.getvalue()
    return data


@kind(SNEAKY, "appended", "second_signature")
def signature_over_a_score(m: Materials) -> bytes:
    """What is seen of a second signature may be anything."""
    return countersigned(m.genuine, m.key_of("sneaky"))


@kind(SNEAKY, "appended", "second_signature")
def certified_once_more(m: Materials) -> bytes:
    """Whoever certifies last is shown by some readers."""
    key = m.key_of("sneaky")
    return countersigned(m.genuine, key, certify=True, docmdp_permissions=MDPPerm.ANNOTATE)


def _certified(m: Materials, permissions: MDPPerm) -> bytes:
    """By our own key with another program, which lets things be added."""
    return by_stock(m.unsigned, m.key, docmdp_permissions=permissions)


@kind(CERTIFICATION, "altered", levels=PLAIN)
def certified_for_annotations_by_another_program(m: Materials) -> bytes:
    """With our own key: it writes the signature otherwise than we do."""
    return _certified(m, MDPPerm.ANNOTATE)


@kind(CERTIFICATION, "altered", levels=PLAIN)
def certified_for_annotations_and_noted(m: Materials) -> bytes:
    return noted(_certified(m, MDPPerm.ANNOTATE), Subtype="/FreeText", Contents="100")
