"""Drawing text line by line: no markup is parsed, and no character goes unchecked."""

from datetime import UTC, datetime
from io import BytesIO

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from backend.documents.errors import MissingGlyph
from backend.documents.fonts import Fonts

# Text armour doubles the time of writing a page, and nothing needs it today.
rl_config.useA85 = 0

_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
_NEVER_LAST = set("（《「『【“‘([{")
_NEVER_FIRST = set("，。、；：！？）》」』】”’…—,.;:!?)]}%")


class Pen:
    """A canvas that remembers which characters had no glyph."""

    def __init__(self, canvas: Canvas, fonts: Fonts, *, latin: bool) -> None:
        """`latin` draws curly quotation marks straight: the font has them in full width only."""
        self.latin = latin
        self.canvas = canvas
        self.fonts = fonts
        self._seen: dict[str, None] = {}

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
    ) -> None:
        """Draw one line; `align` is 0 for left of `x`, 0.5 centred, 1 right. `grey` 0 is black.

        Text wider than `room` points is set smaller.
        """
        font = self.fonts.bold if bold else self.fonts.regular
        text = self._quotes(text)
        if room is not None:
            size *= min(1.0, room / max(self.fonts.width(text, font, size), 1.0))
        self._seen.update(dict.fromkeys(text))
        if align:
            x -= align * self.fonts.width(text, font, size)
        canvas = self.canvas
        canvas.setFillGray(grey)
        canvas.setFont(font, size)
        canvas.drawString(x, y, text)

    def _quotes(self, text: str) -> str:
        return text.translate(_STRAIGHT) if self.latin else text

    def line(
        self, x1: float, y: float, x2: float, *, width: float = 0.4, grey: float = 0.0
    ) -> None:
        self.canvas.setStrokeGray(grey)
        self.canvas.setLineWidth(width)
        self.canvas.line(x1, y, x2, y)

    def band(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        self.canvas.setFillGray(grey)
        self.canvas.rect(x, y, width, height, stroke=0, fill=1)

    def check(self) -> None:
        """Raises MissingGlyph when anything drawn so far would be an empty box."""
        missing = self.fonts.missing("".join(self._seen))
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
        for piece in _pieces(text):
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


def _pieces(text: str) -> list[str]:
    """Parts that are kept on one line: words with their space, single ideographs."""
    pieces: list[str] = []
    for character in text:
        if not pieces or not _joins(pieces[-1][-1], character):
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _joins(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or after == " ":
        return True
    if before in _NEVER_LAST:
        return True
    if before in " -/":
        return False
    return ord(before) < 0x2E80 and ord(after) < 0x2E80


def new_canvas(
    buffer: BytesIO, size: tuple[float, float], fonts: Fonts, *, lang: str, moment: datetime | None
) -> Canvas:
    """A canvas whose file depends on what is drawn and on `moment` (its creation date) alone."""
    # Naming the first font keeps reportlab from listing Helvetica, which is not embedded.
    canvas = Canvas(
        buffer,
        pagesize=size,
        pageCompression=1,
        invariant=1,
        pdfVersion=(1, 7),
        initialFontName=fonts.regular,  # type: ignore[arg-type]
        lang=lang,
    )
    if moment is not None:
        utc = moment.astimezone(UTC)
        stamp = canvas._doc._timeStamp  # type: ignore[attr-defined]
        stamp.t = utc.timestamp()
        stamp.lt = utc.timetuple()
        stamp.YMDhms = tuple(stamp.lt)[:6]
    return canvas
