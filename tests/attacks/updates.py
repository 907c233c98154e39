"""Incremental saving attacks (CCS 2019): what was signed stays as it is, and something is put behind."""

from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.attacks.corpus import PLAIN, kind
from tests.attacks.materials import Materials
from tests.attacks.pdf import (
    Update,
    add_to,
    byte_range,
    dictionary,
    number_of,
    pages,
    put,
    section,
    stream,
    updated,
)

FAMILY = "incremental saving"
A4 = (0, 0, 595, 842)


def page_of(writer: Update, drawn: bytes) -> generic.DictionaryObject:
    content = writer.add_object(stream(drawn))
    return dictionary(Type="/Page", MediaBox=A4, Contents=content, Resources=dictionary())


def content_of_first_page(pdf: bytes) -> int:
    def found(reader: PdfFileReader) -> Any:
        return pages(reader)[0].raw_get("/Contents")

    return number_of(pdf, found)


@kind(FAMILY, "appended", "appended_pages")
def page_appended(m: Materials) -> bytes:
    """One more page, with courses nobody took."""
    return updated(m.genuine, lambda w: w.insert_page(page_of(w, b"0 0 m 9 9 l S")))


@kind(FAMILY, "appended", "content_replaced")
def content_replaced(m: Materials) -> bytes:
    def change(writer: Update) -> None:
        put(writer, pages(writer)[0], "/Contents", writer.add_object(stream(b"0 0 9 9 re f")))

    return updated(m.genuine, change)


@kind(FAMILY, "appended", "content_replaced")
def content_object_overwritten(m: Materials) -> bytes:
    """The very object of the page's content, written once more."""
    number = content_of_first_page(m.genuine)
    return section(m.genuine, [(number, b"<< /Length 12 >>\nstream\n0 0 9 9 re f\nendstream")])


@kind(FAMILY, "appended", "content_replaced")
def pages_exchanged(m: Materials) -> bytes:
    """The page tree is another, and so is every page."""

    def change(writer: Update) -> None:
        tree = writer.root["/Pages"]
        page = page_of(writer, b"0 0 m 9 9 l S")
        page[generic.pdf_name("/Parent")] = writer.root.raw_get("/Pages")
        tree[generic.pdf_name("/Kids")] = generic.ArrayObject([writer.add_object(page)])
        put(writer, tree, "/Count", generic.NumberObject(1))

    return updated(m.genuine, change)


@kind(FAMILY, "appended", "content_replaced")
def page_removed(m: Materials) -> bytes:
    """The failed courses were on the first."""

    def change(writer: Update) -> None:
        tree = writer.root["/Pages"]
        del tree["/Kids"][0]
        put(writer, tree, "/Count", generic.NumberObject(len(tree["/Kids"])))

    return updated(m.genuine, change)


@kind(FAMILY, "appended", "content_replaced")
def page_cropped(m: Materials) -> bytes:
    """The lower half is cut off."""

    def change(writer: Update) -> None:
        put(writer, pages(writer)[0], "/CropBox", generic.ArrayObject(
            generic.NumberObject(n) for n in (0, 421, 595, 842)
        ))  # fmt: skip

    return updated(m.genuine, change)


@kind(FAMILY, "appended", "unknown_change")
def objects_without_a_table(m: Materials) -> bytes:
    """Readers that mend files find the last object of a number."""
    number = content_of_first_page(m.genuine)
    body = b"<< /Length 12 >>\nstream\n0 0 9 9 re f\nendstream"
    return m.genuine + b"\n%d 0 obj\n%s\nendobj\n" % (number, body)


@kind(FAMILY, "appended", "second_signature")
def signature_repeated(m: Materials) -> bytes:
    """The signature's object once more, as if it covered what is behind it too."""
    place = byte_range(m.genuine)
    before = m.genuine.rfind(b" 0 obj", 0, place.first)
    number = int(m.genuine[:before].split()[-1])
    body = m.genuine[before + 6 : m.genuine.find(b"endobj", place.end)]
    return section(m.genuine, [(number, body)])


@kind(FAMILY, "appended", "metadata_changed")
def keywords_changed(m: Materials) -> bytes:
    """The verification code of somebody else."""

    def change(writer: Update) -> None:
        info = writer.trailer["/Info"]
        put(writer, info, "/Keywords", generic.pdf_string("registrar-code:3XPA9D2FH5RTK7QM"))

    return updated(m.genuine, change)


@kind(FAMILY, "appended", "metadata_changed")
def title_changed(m: Materials) -> bytes:
    def change(writer: Update) -> None:
        put(writer, writer.trailer["/Info"], "/Title", generic.pdf_string("博士学位证书"))

    return updated(m.genuine, change)


@kind(FAMILY, "appended", "script")
def script_on_opening(m: Materials) -> bytes:
    def change(writer: Update) -> None:
        action = dictionary(S="/JavaScript", JS="app.alert('genuine')")
        put(writer, writer.root, "/OpenAction", action)

    return updated(m.genuine, change)


@kind(FAMILY, "appended", "script")
def script_on_a_page(m: Materials) -> bytes:
    def change(writer: Update) -> None:
        action = dictionary(S="/JavaScript", JS="this.getField('Seal')")
        put(writer, pages(writer)[0], "/AA", dictionary(O=action))

    return updated(m.genuine, change)


@kind(FAMILY, "appended", "form_filled")
def form_filled(m: Materials) -> bytes:
    """A field of a form over a score."""

    def change(writer: Update) -> None:
        field = dictionary(
            Type="/Annot",
            Subtype="/Widget",
            FT="/Tx",
            T="score",
            V="100",
            Rect=(400, 400, 440, 415),
            F=4,
        )
        reference = writer.add_object(field)
        add_to(writer, pages(writer)[0], "/Annots", reference)
        add_to(writer, writer.root["/AcroForm"], "/Fields", reference)

    return updated(m.genuine, change)


@kind(FAMILY, "appended", "attachment_replaced")
def attachment_replaced(m: Materials) -> bytes:
    """Machines that read the attached data are told other scores than the pages show."""

    def change(writer: Update) -> None:
        data = writer.add_object(stream(b'{"gpa": "4.0"}', Type="/EmbeddedFile"))
        file = writer.add_object(
            dictionary(Type="/Filespec", F="transcript.json", EF=dictionary(F=data))
        )
        names = dictionary(EmbeddedFiles=dictionary(Names=["transcript.json", file]))
        put(writer, writer.root, "/Names", names)

    return updated(m.genuine, change)


@kind(FAMILY, "appended", "archive_added")
def evidence_replaced(m: Materials) -> bytes:
    """A store of evidence in which some other certificate is good."""

    def change(writer: Update) -> None:
        answer = writer.add_object(stream(bytes.fromhex("30030a0100")))
        store = dictionary(Type="/DSS", OCSPs=[answer])
        put(writer, writer.root, "/DSS", writer.add_object(store))

    return updated(m.genuine, change)


@kind(FAMILY, "appended", "content_replaced")
def pages_hidden_in_layers(m: Materials) -> bytes:
    """What was drawn belongs to a layer that is off."""

    def change(writer: Update) -> None:
        layer = writer.add_object(dictionary(Type="/OCG", Name="scores"))
        off = dictionary(OCGs=[layer], D=dictionary(OFF=[layer]))
        put(writer, writer.root, "/OCProperties", off)
        page = pages(writer)[0]
        before = writer.add_object(stream(b"/OC /Off BDC"))
        after = writer.add_object(stream(b"EMC"))
        page["/Resources"][generic.pdf_name("/Properties")] = dictionary(Off=layer)
        writer.update_container(page["/Resources"])
        array = generic.ArrayObject([before, page.raw_get("/Contents"), after])
        put(writer, page, "/Contents", array)

    return updated(m.genuine, change)


@kind("trailing", "appended", "junk")
def trailing_nul(m: Materials) -> bytes:
    return m.genuine + bytes(100)


@kind("trailing", "appended", "junk")
def trailing_end_mark(m: Materials) -> bytes:
    """As some mail programs do, and as the first step of an attack."""
    return m.genuine + b"\n%%EOF\n"


@kind("trailing", "appended", "junk")
def trailing_newline(m: Materials) -> bytes:
    return m.genuine + b"\n"


@kind("trailing", "appended", "junk")
def trailing_archive(m: Materials) -> bytes:
    """A PDF that is a ZIP file too."""
    return m.genuine + b"PK\x05\x06" + bytes(18)


@kind("trailing", "appended", "junk", levels=PLAIN)
def trailing_digits(m: Materials) -> bytes:
    """Whoever looks for a number in it at every digit is busy for hours."""
    return m.genuine + b"1" * 1_000_000


@kind("trailing", "appended", "junk", levels=PLAIN)
def trailing_blanks(m: Materials) -> bytes:
    return m.genuine + b"1 1" + b" " * 1_000_000


@kind("trailing", "appended", "script")
def trailing_html(m: Materials) -> bytes:
    """A PDF that is a web page too."""
    return m.genuine + b"<html><script>document.write('genuine')</script></html>"


@kind("trailing", "appended")
def another_document_behind(m: Materials) -> bytes:
    """Readers look for the end first: they show the other student's file."""
    return m.genuine + m.other


@kind("trailing", "appended", "unknown_change")
def tables_in_a_circle(m: Materials) -> bytes:
    """The newest table names itself as the one before it."""
    at = len(m.genuine) + len(b"7 0 obj\nnull\nendobj\n")
    number = 7
    return section(m.genuine, [(number, b"null")], prev=at)


@kind("trailing", "appended", "unknown_change")
def tables_of_two_kinds(m: Materials) -> bytes:
    """Readers of different age see different files (hybrid cross-references)."""
    number = content_of_first_page(m.genuine)
    body = b"<< /Length 12 >>\nstream\n0 0 9 9 re f\nendstream"
    return section(m.genuine, [(9999, body)], extra=b"/XRefStm %d" % number)
