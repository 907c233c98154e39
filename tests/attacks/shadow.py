"""Shadow attacks (NDSS 2021): a document is prepared before it is signed, so that a change afterwards
shows what was hidden. Our files are drawn by us; what is prepared can only be signed by others."""

from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from pyhanko.pdf_utils import generic

from tests.attacks.corpus import PLAIN, kind
from tests.attacks.impostors import by_stock
from tests.attacks.materials import Materials
from tests.attacks.pdf import Update, dictionary, pages, put, section, stream, updated
from tests.attacks.updates import content_of_first_page

FAMILY = "shadow"


def prepared(m: Materials, prepare: Any) -> bytes:
    """Our pages with something hidden in them, signed by somebody else."""
    with pikepdf.open(BytesIO(m.unsigned)) as pdf:
        prepare(pdf)
        out = BytesIO()
        pdf.save(out)
    return by_stock(out.getvalue(), m.key_of("shadow"))


@kind(FAMILY, "foreign", levels=PLAIN)
def hidden_under_a_picture(m: Materials) -> bytes:
    """Hide: the picture over the true scores goes away after signing."""

    def prepare(pdf: pikepdf.Pdf) -> None:
        cover = pdf.make_stream(b"\xff\xff\xff")
        for name, value in {
            "/Type": Name.XObject,
            "/Subtype": Name.Image,
            "/Width": 1,
            "/Height": 1,
            "/ColorSpace": Name.DeviceRGB,
            "/BitsPerComponent": 8,
        }.items():
            cover[name] = value
        page = pdf.pages[0]
        page.add_resource(cover, Name.XObject, Name("/Cover"))
        page.contents_add(b"q 400 0 0 300 60 300 cm /Cover Do Q")

    def uncover(writer: Update) -> None:
        objects = pages(writer)[0]["/Resources"]["/XObject"]
        form = stream(b"", Type="/XObject", Subtype="/Form", BBox=(0, 0, 1, 1))
        objects[generic.pdf_name("/Cover")] = writer.add_object(form)
        writer.update_container(objects)

    return updated(prepared(m, prepare), uncover)


@kind(FAMILY, "foreign", levels=PLAIN)
def replaced_under_a_form(m: Materials) -> bytes:
    """Replace: a field shows its value where a reader does not draw what lies over it."""

    def prepare(pdf: pikepdf.Pdf) -> None:
        field = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T="score",
            V="60",
            Rect=Array([400, 400, 440, 415]),
            F=4,
        )
        reference = pdf.make_indirect(field)
        pdf.pages[0].Annots = pdf.make_indirect(Array([reference]))
        pdf.Root.AcroForm = Dictionary(Fields=Array([reference]))

    def change(writer: Update) -> None:
        fields = writer.root["/AcroForm"]["/Fields"]
        every = (fields[place] for place in range(len(fields)))
        field = next(one for one in every if one.get("/T") == "score")
        put(writer, field, "/V", generic.pdf_string("100"))

    return updated(prepared(m, prepare), change)


@kind(FAMILY, "foreign", levels=PLAIN)
def hidden_and_replaced(m: Materials) -> bytes:
    """Hide and replace: two contents in one file, and the update tells which is shown."""

    def prepare(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Spare = pdf.make_stream(b"0 0 9 9 re f")

    def change(writer: Update) -> None:
        put(writer, pages(writer)[0], "/Contents", writer.root.raw_get("/Spare"))

    return updated(prepared(m, prepare), change)


@kind(FAMILY, "appended", "content_replaced")
def font_exchanged(m: Materials) -> bytes:
    """Every 6 is drawn as a 9: the glyphs are no part of the page's content."""

    def change(writer: Update) -> None:
        fonts = pages(writer)[0]["/Resources"]["/Font"]
        for name in list(fonts):
            fonts[name] = dictionary(Type="/Font", Subtype="/Type1", BaseFont="/Symbol")
        writer.update_container(fonts)

    return updated(m.genuine, change)


@kind(FAMILY, "appended", "content_replaced")
def text_copied_otherwise(m: Materials) -> bytes:
    """It looks the same; who copies the text or has it read aloud gets another."""

    def change(writer: Update) -> None:
        fonts = pages(writer)[0]["/Resources"]["/Font"]
        with_text = (fonts[name] for name in fonts if "/ToUnicode" in fonts[name])
        put(writer, next(with_text), "/ToUnicode", writer.add_object(stream(b"begincmap")))

    return updated(m.genuine, change)


@kind(FAMILY, "appended", "content_replaced")
def shown_from_a_second_catalog(m: Materials) -> bytes:
    """A second catalog with pages of its own, and a trailer that names it."""
    content = content_of_first_page(m.genuine)
    objects = [
        (9001, b"<< /Type /Catalog /Pages 9002 0 R >>"),
        (9002, b"<< /Type /Pages /Count 1 /Kids [9003 0 R] >>"),
        (
            9003,
            b"<< /Type /Page /Parent 9002 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << >> >>" % content,
        ),
    ]
    return section(m.genuine, objects, root=9001)


@kind(FAMILY, "appended", "content_replaced")
def seal_exchanged(m: Materials) -> bytes:
    """The appearance of the signature is drawn anew, the signature is the old one."""

    def change(writer: Update) -> None:
        look = stream(b"1 0 0 rg 0 0 9 9 re f", Type="/XObject", Subtype="/Form", BBox=(0, 0, 9, 9))
        fields = writer.root["/AcroForm"]["/Fields"]
        for place in range(len(fields)):
            if "/AP" in fields[place]:
                put(writer, fields[place], "/AP", dictionary(N=writer.add_object(look)))

    return updated(m.genuine, change)
