"""Pages as pictures, for showing a preview in a chat."""

from io import BytesIO

import pypdfium2
from PIL import Image

from backend.documents.materials import Picture


def pictures(pdf: bytes, *, dpi: int = 110) -> list[Picture]:
    """Every page of a PDF, in grey tones when it has no colour. ValueError when it is not a PDF."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise ValueError("not a readable PDF") from error
    try:
        document.init_forms()  # without it the seal, a form field, is not drawn
        return [_picture(page, dpi) for page in document]
    finally:
        document.close()


def _picture(page: pypdfium2.PdfPage, dpi: int) -> Picture:
    image: Image.Image = page.render(scale=dpi / 72, may_draw_forms=True).to_pil()
    page.close()
    image = image.convert("RGB")
    grey = image.convert("L")
    # A palette keeps a page of text at a third of its size, and 32 tones look the same.
    small = image.quantize(64) if _coloured(image) else grey.quantize(32)
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return Picture(out.getvalue(), image.width, image.height)


def _coloured(image: Image.Image) -> bool:
    # Measured on a thumbnail: a seal is large enough to show there.
    saturation = image.resize((64, 90)).convert("HSV").getchannel("S")
    return any(saturation.histogram()[16:])
