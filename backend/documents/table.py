"""The course table: its columns, its rows grouped by term, and how they fall on pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from backend.documents.facts import CourseLine, Coverage, Language, TranscriptFacts
from backend.documents.notes import marks, score_in_words
from backend.documents.pen import Pen
from backend.documents.words import Words, term_in_words

_GAP = 4.0  # points between the text of a cell and its edge


@dataclass(frozen=True, slots=True)
class Density:
    """How tight a table is set, in points."""

    size: float
    row: float
    leading: float


# From airy to dense: the first that needs the fewest pages is used.
DENSITIES = (Density(9, 17, 11), Density(9, 15, 10.8), Density(8.5, 13.4, 10.2))


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    x: float
    width: float
    align: float


Cells = tuple[list[str], ...]  # the lines of each cell of a row


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; a heading is a row whose only cell is the term."""

    cells: Cells
    height: float
    term: str
    heading: bool
    mark: str = ""  # of the note that explains the score


def columns(facts: TranscriptFacts, left: float, width: float) -> list[Column]:
    """Left to right; the course name takes what the others leave."""
    english = facts.language is Language.EN
    fixed = {
        "code": 86.0,
        "name": 0.0,
        "period": 48.0 if english else 40.0,
        "hours": 40.0,
        "credits": 44.0,
        "score": 56.0 if english else 48.0,
        "degree": 44.0,
    }
    if facts.coverage is not Coverage.COMBINED:
        del fixed["period"]
    fixed["name"] = width - sum(fixed.values())
    found: list[Column] = []
    x = left
    for key, size in fixed.items():
        found.append(Column(key, x, size, 0.0 if key in ("code", "name") else 0.5))
        x += size
    return found


def fewest_pages(
    facts: TranscriptFacts,
    w: Words,
    cols: list[Column],
    pen: Pen,
    *,
    first: float,
    later: float,
    tail: float,
) -> tuple[Density, list[list[Row]]]:
    """The rows of each page, as airy as they can be on the fewest pages; heights as `paginate`."""
    scale = marks(facts)
    cells: dict[float, list[Cells]] = {}
    found: list[tuple[Density, list[list[Row]]]] = []
    for density in DENSITIES:
        if density.size not in cells:
            cells[density.size] = wrapped(facts, w, cols, pen, density.size)
        all_rows = rows(facts, w, cells[density.size], scale, density)
        pages = paginate(all_rows, w, header=HEADER, first=first, later=later, tail=tail)
        found.append((density, pages))
        if len(pages) == 1:
            break
    return min(found, key=lambda choice: len(choice[1]))


def wrapped(
    facts: TranscriptFacts, w: Words, cols: list[Column], pen: Pen, size: float
) -> list[Cells]:
    """The lines of every cell, course by course."""
    return [
        tuple([pen.wrap(texts[column.key], size, column.width - 2 * _GAP) for column in cols])
        for texts in [_texts(line, w) for line in facts.courses]
    ]


def rows(
    facts: TranscriptFacts,
    w: Words,
    cells: list[Cells],
    scale: dict[str, str],
    density: Density,
) -> list[Row]:
    """Courses in order of their terms, each term under its heading; `scale` as `notes.marks`."""
    found: list[Row] = []
    ordered = sorted(zip(facts.courses, cells, strict=True), key=lambda course: course[0].term)
    for term, courses in groupby(ordered, key=lambda course: course[0].term):
        title = term_in_words(term, w.language)
        found.append(Row(([title],), density.row, title, heading=True))
        for line, lines in courses:
            extra = (max(map(len, lines)) - 1) * density.leading
            mark = scale.get(line.score, "")
            found.append(Row(lines, density.row + extra, title, heading=False, mark=mark))
    return found


def _texts(line: CourseLine, w: Words) -> dict[str, str]:
    return {
        "code": line.code,
        "name": line.name_zh if w.language is Language.ZH else line.name_en,
        "period": w.period[line.period],
        "hours": "" if line.hours is None else str(line.hours),
        "credits": line.credits,
        "score": score_in_words(line.score, w.language),
        "degree": "✓" if line.degree_course else "",
    }


def paginate(
    all_rows: list[Row], w: Words, *, header: float, first: float, later: float, tail: float
) -> list[list[Row]]:
    """Rows of each page. `first` and `later` are the heights for the table on a page, `header` that
    of its head line, `tail` what must follow the last row on its page.

    Raises ValueError for a row that fits on no page.
    """
    most = later - header - DENSITIES[0].row
    if any(row.height > most - tail for row in all_rows):
        raise ValueError("the name of a course is too long for a page")
    pages: list[list[Row]] = [[]]
    left = first - header
    for index, row in enumerate(all_rows):
        # A heading never stands alone at the foot of a page.
        needed = row.height + (all_rows[index + 1].height if row.heading else 0)
        if needed > left and pages[-1]:
            left = later - header
            pages.append([])
            if not row.heading:
                again = _continued(row, w)
                pages[-1].append(again)
                left -= again.height
        pages[-1].append(row)
        left -= row.height
    if left < tail:
        _make_room_for_tail(pages, w, room=most, tail=tail)
    return pages


def _continued(row: Row, w: Words) -> Row:
    return Row(([row.term + w.continued],), DENSITIES[-1].row, row.term, heading=True)


def _make_room_for_tail(pages: list[list[Row]], w: Words, *, room: float, tail: float) -> None:
    """Move the last courses to a page of their own, so that totals never stand without a course."""
    page = pages[-1]
    moved: list[Row] = []
    taken = tail
    while page and len(moved) < 4 and taken + page[-1].height <= room:
        moved.insert(0, page.pop())
        taken += moved[0].height
    if page and page[-1].heading:
        moved.insert(0, page.pop())
    if not moved[0].heading:
        moved.insert(0, _continued(moved[0], w))
    if not page and len(pages) > 1:
        pages.pop()
    pages.append(moved)


def draw(
    pen: Pen, w: Words, cols: list[Column], page: list[Row], *, top: float, density: Density
) -> float:
    """Draw one page's part of the table below `top`; returns where it ends."""
    left = cols[0].x
    right = cols[-1].x + cols[-1].width
    pen.line(left, top, right, width=1.0)
    y = top - HEADER
    for column in cols:
        _cell(pen, column, [w.columns[column.key]], y + 5.6, density, bold=True)
    pen.line(left, y, right, width=0.5)
    for row, last in _with_last(page):
        bottom = y - row.height
        if row.heading:
            pen.band(left, bottom, right - left, row.height, 0.94)
            pen.text(
                left + _GAP, bottom + _base(row, density), row.cells[0][0], density.size, bold=True
            )
        else:
            for column, lines in zip(cols, row.cells, strict=True):
                first = (
                    bottom
                    + (row.height + (len(lines) - 1) * density.leading) / 2
                    - density.size / 3
                )
                mark = row.mark if column.key == "score" else ""
                _cell(pen, column, lines, first, density, mark=mark)
            if not last:
                pen.line(left, bottom, right, width=0.3, grey=0.82)
        y = bottom
    pen.line(left, y, right, width=1.0)
    return y


HEADER = 19.0  # points; the line of column names


def _base(row: Row, density: Density) -> float:
    return row.height / 2 - density.size / 3


def _cell(
    pen: Pen,
    column: Column,
    lines: list[str],
    y: float,
    density: Density,
    *,
    bold: bool = False,
    mark: str = "",
) -> None:
    x = column.x + _GAP + column.align * (column.width - 2 * _GAP)
    for line in lines:
        end = pen.text(x, y, line, density.size, bold=bold, align=column.align)
        y -= density.leading
    if mark:
        _mark(pen, mark, end, y + density.leading, density.size)


def _mark(pen: Pen, mark: str, x: float, y: float, size: float) -> None:
    """Raised behind the score; the font's small figures are raised already."""
    if pen.latin:
        pen.text(x + 0.4, y, mark, size)
    else:
        pen.text(x + 0.8, y + size * 0.3, mark, size * 0.7)


def _with_last(page: list[Row]) -> Iterator[tuple[Row, bool]]:
    for index, row in enumerate(page):
        yield row, index == len(page) - 1 or page[index + 1].heading
