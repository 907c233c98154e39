"""Drawing text line by line: no markup is parsed, and no character goes unchecked."""

from backend.documents.canvas import DocumentCanvas
from backend.documents.errors import MissingGlyph
from backend.documents.fonts import Fonts
from backend.documents.words import straight

_NEVER_LAST = set("（《「『【“‘([{")
_NEVER_FIRST = set("，。、；：！？）》」』】”’…—,.;:!?)]}%")


class Pen:
    """Draws on a canvas and remembers what it wrote there.

    Operators are written here: reportlab's text objects take half the time of drawing a page.
    """

    def __init__(self, canvas: DocumentCanvas, fonts: Fonts, *, latin: bool) -> None:
        """`latin` draws curly quotation marks straight: the font has them in full width only."""
        self.latin = latin
        self.canvas = canvas
        self.fonts = fonts
        self.printed: list[str] = []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: float = 0.0,
        grey: float = 0.0,
        room: float | None = None,
    ) -> float:
        """Draw one line; `align` is 0 for left of `x`, 0.5 centred, 1 right. `grey` 0 is black.

        Text wider than `room` points is set smaller. Returns where the line ends.
        """
        fonts = self.fonts
        font = fonts.bold if bold else fonts.regular
        text = self._quotes(text)
        width = fonts.width(text, font, size)
        if room is not None and width > room:
            size *= room / width
            width = room
        x -= align * width
        self.printed.append(text)
        if text:
            parts = fonts.shown(text, font, self.canvas.document, size)
            self.canvas.draw(f"BT {grey:.3g} g 1 0 0 1 {x:.2f} {y:.2f} Tm {parts} ET")
        return x + width

    def _quotes(self, text: str) -> str:
        return straight(text) if self.latin else text

    def line(
        self, x1: float, y: float, x2: float, *, width: float = 0.4, grey: float = 0.0
    ) -> None:
        self.canvas.draw(f"{grey:.3g} G {width:.3g} w {x1:.2f} {y:.2f} m {x2:.2f} {y:.2f} l S")

    def band(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        self.canvas.draw(f"{grey:.3g} g {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def check(self) -> None:
        """Raises MissingGlyph when anything drawn so far would be an empty box."""
        missing = self.fonts.missing("".join(self.printed))
        if missing:
            raise MissingGlyph(missing)

    def wrap(self, text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
        """Lines of at most `width` points: at spaces, between ideographs, or inside long words."""
        font = self.fonts.bold if bold else self.fonts.regular
        measure = self.fonts.width
        text = self._quotes(text)
        if measure(text, font, size) <= width:
            return [text]
        lines: list[str] = []
        line = ""
        for piece in _pieces(text, latin=self.latin):
            rest = piece
            if line and measure((line + rest).rstrip(), font, size) > width:
                lines.append(line.rstrip())
                line = ""
                rest = rest.lstrip(" ")
            while measure(rest.rstrip(), font, size) > width and len(rest) > 1:
                cut = len(rest)
                while cut > 1 and measure(rest[:cut], font, size) > width:
                    cut -= 1
                lines.append(rest[:cut])
                rest = rest[cut:]
            line += rest
        if line.strip() or not lines:
            lines.append(line.rstrip())
        return lines


def _pieces(text: str, *, latin: bool) -> list[str]:
    """Parts that are kept on one line: words with their space, single ideographs.

    In a text in Latin letters the few words in ideographs are kept whole too.
    """
    pieces: list[str] = []
    for character in text:
        if pieces and _joins(pieces[-1], character, latin=latin):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _joins(piece: str, after: str, *, latin: bool) -> bool:
    before = piece[-1]
    if after in _NEVER_FIRST or after == " " or before in _NEVER_LAST:
        return True
    if latin and (after == "=" or piece.endswith("= ")):
        return True
    if before in " -/":
        return False
    return latin or (ord(before) < 0x2E80 and ord(after) < 0x2E80)
