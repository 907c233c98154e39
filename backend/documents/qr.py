"""The QR code of the verification address, as PDF drawing operators."""

from functools import lru_cache

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

# Any mask gives a valid symbol; trying all eight for the best-looking one takes eight times longer.
_MASK = 2
_QUIET = 2  # modules; the page around it is white, so less than four is enough


@lru_cache(maxsize=8)
def operators(text: str) -> tuple[str, int]:
    """Filled rectangles in units of one module, and the side in modules, quiet zone included."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    rows = code.get_matrix()
    side = len(rows)
    found: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        while x < side:
            if not row[x]:
                x += 1
                continue
            start = x
            while x < side and row[x]:
                x += 1
            found.append(f"{start + _QUIET} {side - 1 - y + _QUIET} {x - start} 1 re")
    return " ".join(found) + " f", side + 2 * _QUIET
