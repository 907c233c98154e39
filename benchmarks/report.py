"""The table, for a terminal and for the documentation."""

from collections.abc import Iterable
from pathlib import Path

from benchmarks.measure import Row, Section

HEADINGS = ("what", "ours", "beside", "theirs", "ratio")
DOCUMENT = Path("docs/benchmarks.md")
BEGIN, END = "<!-- run: begin -->", "<!-- run: end -->"


def cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    what = f"{row.what} ({row.note})" if row.note else row.what
    return (what, row.ours, row.beside, row.theirs, ratio)


def as_text(section: Section) -> str:
    table = [HEADINGS, *(cells(row) for row in section.rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEADINGS))]

    def line(entries: Iterable[str]) -> str:
        placed = [
            entry.ljust(width) if column in (0, 2) else entry.rjust(width)
            for column, (entry, width) in enumerate(zip(entries, widths, strict=True))
        ]
        return "  ".join(placed).rstrip()

    head, *rest = table
    body = [line(head), "  ".join("-" * width for width in widths), *(line(row) for row in rest)]
    explanation = [section.explanation] if section.explanation else []
    return "\n".join([f"== {section.title}", *explanation, *body])


def as_markdown(section: Section) -> str:
    lines = [f"### {section.title}", ""]
    if section.explanation:
        lines += [section.explanation, ""]
    lines += [
        "| " + " | ".join(HEADINGS) + " |",
        "|---|---:|---|---:|---:|",
        *("| " + " | ".join(cells(row)) + " |" for row in section.rows),
    ]
    return "\n".join(lines)


def write(machine: str, sections: list[Section], path: Path = DOCUMENT) -> None:
    """Put the run into the document, between its marks. Raises ValueError where it has none."""
    text = path.read_text()
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{path} has no place for a run: {BEGIN} … {END}")
    run = "\n\n".join([f"Machine: {machine}.", *(as_markdown(section) for section in sections)])
    path.write_text(f"{before}{begin}\n{run}\n{end}{after}")
