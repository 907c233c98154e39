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
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase.ttfonts import TTFont

from backend.documents import font_files
from backend.documents.canvas import Document
from backend.documents.font_files import STYLES

# Glyphs that show nothing, or turn the reading direction: a name must not contain them.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


_REMEMBERED = 4096  # texts whose width is kept: the labels, and the courses that many take


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

    def __init__(self, name: str, filename: str) -> None:
        super().__init__(name, filename, asciiReadable=False)
        # Every call would copy the table out of the file, that of the glyphs ten times a document.
        vars(self.face)["get_table"] = cache(self.face.get_table)

    def shown(self, text: str, doc: Document, size: float) -> str:
        """Operators that show `text` at the place of the moment."""
        state: Any = self.state.get(doc)
        if state is not None and state.internalName is not None:
            try:
                codes = [state.assignments[ord(character)] for character in text]
            except KeyError:
                pass
            else:
                if max(codes) < 256:  # all in the first subset, as most of a page
                    return f"/{state.internalName}+0 {size:.4g} Tf <{bytes(codes).hex()}> Tj"
        return " ".join(
            f"{self.getSubsetInternalName(subset, doc)} {size:.4g} Tf <{codes.hex()}> Tj"
            for subset, codes in self.splitString(text, doc)
        )

    def addObjects(self, doc: Document) -> None:
        """Every subset as a font of its own (ISO 32000-2, 9.6.3)."""
        state: Any = self.state.pop(doc)
        face: Any = self.face
        fonts: Any = doc.idToObject["BasicFonts"]
        for number, subset in enumerate(state.subsets):
            name = f"{state.internalName}+{number}"
            base = f"{chr(65 + number // 26)}{chr(65 + number % 26)}AAAA+{face.name.decode()}"
            widths = " ".join(f"{face.getCharWidth(code):.6g}" for code in subset)
            fonts.dict[name] = doc.written(
                b"<< /Type /Font /Subtype /TrueType /Name /%b /BaseFont /%b /FirstChar 0"
                b" /LastChar %d /Widths [%b] /ToUnicode %%s /FontDescriptor %%s >>"
                % (name.encode(), base.encode(), len(subset) - 1, widths.encode()),
                doc.stream({}, to_unicode_cmap(subset).encode()),
                face.addSubsetObjects(doc, base, subset),
            )


_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange"""


def to_unicode_cmap(subset: list[int]) -> str:
    """The CMap from codes to text: UTF-16BE, at most 100 entries a block (ISO 32000-1, 9.10.3)."""
    entries = [f"<{code:02X}> <{_utf16(point)}>" for code, point in enumerate(subset)]
    blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    lines = [_CMAP]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


def _utf16(point: int) -> str:
    return f"{point:04X}" if point < 0x10000 else chr(point).encode("utf-16-be").hex().upper()


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
            _Face(name, str(font_files.instance_path(folder, weight)))
            for name, weight in ((self.regular, 400), (self.bold, 700))
        ]
        self._glyphs = frozenset.intersection(*(frozenset(face.face.charToGlyph) for face in faces))
        self._seen: set[str] = set()  # characters of which it is known that they are
        self._widths: dict[str, dict[int, float]] = {
            face.fontName: face.face.charWidths for face in faces
        }
        self._faces = {face.fontName: face for face in faces}
        self._ems = lru_cache(_REMEMBERED)(self._measured)

    def missing(self, text: str) -> list[str]:
        """Characters of `text` that would not be seen, each once, in order."""
        if self._seen.issuperset(text):
            return []
        found = [
            character
            for character in dict.fromkeys(text)
            if ord(character) not in self._glyphs or unicodedata.category(character) in _UNPRINTABLE
        ]
        self._seen.update(set(text).difference(found))
        return found

    def width(self, text: str, font: str, size: float) -> float:
        """Width of `text` in points."""
        return self._ems(text, font) * size / 1000

    def _measured(self, text: str, font: str) -> float:
        widths = self._widths[font]
        return sum([widths.get(ord(character), 1000) for character in text])

    def shown(self, text: str, font: str, document: Document, size: float) -> str:
        """PDF operators that show `text` in a document."""
        return self._faces[font].shown(text, document, size)
