"""The manual tells administrators exactly the columns that the program takes."""

import re
from pathlib import Path

from backend.registry.columns import COLUMNS, KEYS, heading

MANUAL = Path(__file__).parents[2] / "docs" / "import.md"
YES = {"是": True, "否": False}


def test_the_tables_of_the_manual_are_those_of_the_program() -> None:
    sections = re.split(r"^### ", MANUAL.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = {}
    for section in sections:
        rows = re.findall(r"^\| (.+?) \|(.*)\|$", section.split("## ")[0], flags=re.MULTILINE)
        kind = section.split()[0]
        found[kind] = [(name, *map(str.strip, rest.split("|")))[:4] for name, rest in rows[1:]]
    assert list(found) == list(COLUMNS)
    for kind, columns in COLUMNS.items():
        written = [
            (name.removesuffix(" ★"), "★" in name, en, YES[required], YES[blank])
            for name, en, required, blank in found[kind]
        ]
        assert written == [(c.zh, c.key in KEYS[kind], c.en, c.required, c.blank) for c in columns]


def test_the_order_of_import_in_the_manual_is_that_of_the_program() -> None:
    line = re.search(r"按此顺序导入：(.+)。", MANUAL.read_text(encoding="utf-8"))
    assert line
    assert re.findall(r"`(\w+)`", line[1]) == list(COLUMNS)


def test_no_heading_names_two_columns_of_a_kind() -> None:
    for columns in COLUMNS.values():
        names = [(heading(name), c.key) for c in columns for name in (c.zh, c.en)]
        assert len(dict(names)) == len(set(names))
