"""The two weights every document is set in, and the check that no character is without a glyph.

Noto Sans SC covers GBK (but ≒), Extension A and a few hundred rarer characters of names. A
character outside it would come out as an empty box without any error, so every string is checked
before a document is issued.
"""

import fcntl
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from backend.documents import font_files
from backend.documents.font_files import STYLES

# Glyphs that show nothing, or turn the reading direction: a name must not contain them.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def prepare(folder: Path, progress: Callable[[str], None] = lambda _: None) -> None:
    """Write the static weights into `folder`, once; about 10 s on two cores.

    Safe when several processes start together: one works, the others wait and find it done.
    Raises RuntimeError when the font cannot be made.
    """
    if not font_files.absent(folder):
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        weights = font_files.absent(folder)
        if not weights:
            return
        progress("正在准备字体，只需一次 · Preparing the fonts, once only")
        # Subprocesses, not multiprocessing: the caller's main module must not be imported again.
        running = [
            (
                weight,
                subprocess.Popen(  # noqa: S603  our own module, no shell
                    [
                        sys.executable,
                        "-m",
                        "backend.documents.font_instance",
                        str(weight),
                        str(font_files.instance_path(folder, weight)),
                    ],
                    stderr=subprocess.PIPE,
                    text=True,
                ),
            )
            for weight in weights
        ]
        failures: list[str] = []
        for weight, process in running:
            _, errors = process.communicate()
            if process.returncode:
                failures.append(f"{weight}: {errors.strip().splitlines()[-1:]}")
            else:
                progress(f"字体已备好 · Font ready: Noto Sans SC {STYLES[weight]}")
        if failures:
            raise RuntimeError(f"fonts could not be prepared: {'; '.join(failures)}")


class _Face(TTFont):
    """A TrueType face whose text can also be copied and searched above U+FFFF."""

    def addObjects(self, doc: Any) -> None:
        subsets = list(self.state[doc].subsets)
        super().addObjects(doc)
        written = doc.idToObject["BasicFonts"].dict
        for number, subset in enumerate(subsets):
            name = self._internal_name(doc, number)
            reference = written[name].ToUnicode
            doc.idToObject[reference.name].content = to_unicode_cmap(subset)

    def _internal_name(self, doc: Any, number: int) -> str:
        name: str = doc.fontMapping[self.fontName].lstrip("/")
        return f"{name}+{number}"


def to_unicode_cmap(subset: list[int]) -> str:
    """The CMap from codes to text: UTF-16BE, at most 100 entries a block (ISO 32000-1, 9.10.3)."""
    entries = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>"
        for code, point in enumerate(subset)
    ]
    blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


class Fonts:
    """The prepared weights, loaded once in a process. Not for use in several threads at a time."""

    def __init__(self, folder: Path) -> None:
        """Raises FileNotFoundError when `prepare` has not run for this folder."""
        absent = font_files.absent(folder)
        if absent:
            raise FileNotFoundError(f"fonts are not prepared in {folder}")
        self.folder = folder
        self.regular = "NotoSansSC-Regular"
        self.bold = "NotoSansSC-Bold"
        faces = [
            _Face(name, str(font_files.instance_path(folder, weight)), asciiReadable=False)
            for name, weight in ((self.regular, 400), (self.bold, 700))
        ]
        for face in faces:
            pdfmetrics.registerFont(face)
        self._glyphs = frozenset.intersection(*(frozenset(face.face.charToGlyph) for face in faces))
        self._widths: dict[str, dict[int, float]] = {
            face.fontName: face.face.charWidths for face in faces
        }

    def missing(self, text: str) -> list[str]:
        """Characters of `text` that would not be seen, each once, in order."""
        return [
            character
            for character in dict.fromkeys(text)
            if ord(character) not in self._glyphs or unicodedata.category(character) in _UNPRINTABLE
        ]

    def width(self, text: str, font: str, size: float) -> float:
        """Width of `text` in points."""
        widths = self._widths[font]
        return sum(widths.get(ord(character), 1000) for character in text) * size / 1000
