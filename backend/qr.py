"""QR codes as pictures."""

from io import BytesIO


def picture(payload: str) -> tuple[bytes, int]:
    """A PNG and its side in pixels, large enough to be scanned from a phone's screen."""
    from qrcode.constants import ERROR_CORRECT_M  # noqa: PLC0415 - not before somebody needs one
    from qrcode.main import QRCode  # noqa: PLC0415

    code = QRCode(error_correction=ERROR_CORRECT_M, box_size=12, border=4)
    code.add_data(payload)
    code.make(fit=True)
    image = code.make_image().get_image().convert("1")
    into = BytesIO()
    image.save(into, "PNG", optimize=True)
    return into.getvalue(), int(image.width)
