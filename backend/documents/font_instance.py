"""Makes one static weight of Noto Sans SC from the variable font: `python -m … WEIGHT TARGET`.

reportlab draws the default master of a variable font, which is Thin here, and refuses the CFF
fonts; so the weights in use are written once as plain TrueType files.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from backend.documents.font_files import PACKAGE, STYLES

# What pages drawn glyph by glyph never read; shaping and vertical tables cost seconds to instance.
_UNUSED = ("GSUB", "GPOS", "GDEF", "BASE", "HVAR", "STAT", "vhea", "vmtx", "gasp", "prep")


def source() -> Path:
    """The variable font in the installed wheel. FileNotFoundError when it is not installed."""
    spec = find_spec("justmytype_intl_cjk")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder, "fonts", "ofl", "notosanssc", "NotoSansSC[wght].ttf")
        if path.is_file():
            return path
    raise FileNotFoundError(f"the font package {PACKAGE} is not installed")


def write_instance(weight: int, target: Path) -> None:
    """Write the weight to `target` in one step, so that no reader sees half a font."""
    part = target.with_suffix(f".{os.getpid()}.part")
    part.touch()  # where nothing can be written, that is known before the work and not after it
    try:
        # All glyphs are kept: subsetting first takes longer than the few glyphs it would save.
        font = TTFont(source(), lazy=True, recalcBBoxes=False, recalcTimestamp=False)
        for tag in _UNUSED:
            if tag in font:
                del font[tag]
        instancer.instantiateVariableFont(
            font,
            {"wght": weight},
            inplace=True,
            optimize=False,
            overlap=instancer.OverlapMode.KEEP_AND_DONT_SET_FLAGS,
        )
        # Two weights with one PostScript name would overwrite each other inside a PDF.
        style = STYLES[weight]
        for name_id, text in (
            (1, "Noto Sans SC"),
            (2, style),
            (3, f"2.004;NotoSansSC-{style}"),
            (4, f"Noto Sans SC {style}"),
            (6, f"NotoSansSC-{style}"),
            (17, style),
        ):
            font["name"].setName(text, name_id, 3, 1, 0x409)
        font["OS/2"].usWeightClass = weight
        font.save(part, reorderTables=None)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


if __name__ == "__main__":
    write_instance(int(sys.argv[1]), Path(sys.argv[2]))
