"""The pages of a transcript (T8): A4, in Chinese or English, as a preview or for signing."""

from io import BytesIO

from backend.documents import archival, form, qr, record, table
from backend.documents.canvas import new_canvas
from backend.documents.facts import Gpa, Language, TranscriptFacts
from backend.documents.fonts import Fonts
from backend.documents.materials import Issue
from backend.documents.notes import notes
from backend.documents.pen import Pen
from backend.documents.words import (
    Words,
    gpa_in_words,
    grouped,
    iso_date_in_words,
    issue_date,
    words,
)

A4 = (595.28, 841.89)
LEFT = 48.0
RIGHT = A4[0] - LEFT
WIDTH = RIGHT - LEFT
FOOT = 44.0
_SMALLEST = 5.5  # points; smaller text is not read on paper

# Where the visible signature goes on the last page: x1, y1, x2, y2 in points. A round seal of a
# university is 40 to 42 mm wide.
SEAL_BOX = (428, 68, 544, 184)
_CLOSING = 192.0  # top of the block with QR code and seal

# Prefix of the code among the PDF's keywords; `verify` looks it up.
CODE_KEYWORD = "registrar-code:"


def render(
    facts: TranscriptFacts, *, fonts: Fonts, issue: Issue | None, field: form.Field | None = None
) -> bytes:
    """Draw the transcript. Without `issue` it is a preview: watermark, no QR code, no seal area.

    `field` leaves a place for its signature.

    The same facts and issue give the same bytes. Raises MissingGlyph when a character could not
    be shown, ValueError when the facts do not make a transcript.
    """
    if not facts.courses:
        raise ValueError("a transcript needs at least one course")
    if facts.gpa is Gpa.WITH and facts.gpa_value is None:
        raise ValueError("a transcript with GPA needs its value")
    w = words(facts.language)
    buffer = BytesIO()
    canvas = new_canvas(
        buffer,
        A4,
        lang="zh-CN" if facts.language is Language.ZH else "en",
        moment=issue.issued_at if issue else None,
    )
    pen = Pen(canvas, fonts, latin=facts.language is Language.EN)
    _describe(pen, facts, w, issue)

    head = _Head(pen, facts, w)
    tail = _Tail(pen, facts, w)
    cols = table.columns(facts, LEFT, WIDTH)
    later_top = A4[1] - 84.0
    density, pages = table.fewest_pages(
        facts,
        w,
        cols,
        pen,
        first=head.bottom - FOOT - 8,
        later=later_top - FOOT - 8,
        tail=tail.height + _CLOSING - FOOT - 8,
    )
    for number, page in enumerate(pages, 1):
        if number == 1:
            head.draw()
            top = head.bottom
        else:
            _running_head(pen, facts, w)
            top = later_top
        end = table.draw(pen, w, cols, page, top=top, density=density)
        if number == len(pages):
            tail.draw(end)
            _closing(pen, w, issue)
            if field is not None:
                form.add(canvas, field)
        _foot(pen, facts, w, issue, page=w.page(number, len(pages)))
        if issue is None:
            _watermark(pen, w)
        canvas.showPage()
    pen.check()
    if issue is not None:
        data = record.record(facts, issue)
        differs = record.unprinted(data, pen.printed)
        if differs:
            raise ValueError(f"the pages do not say what the data say: {', '.join(differs)}")
        archival.declare(canvas)
        archival.attach(canvas, record.as_json(data), w.data)
    canvas.save()
    return buffer.getvalue()


def _gap(w: Words) -> str:
    return "　" if w.language is Language.ZH else " · "


def _describe(pen: Pen, facts: TranscriptFacts, w: Words, issue: Issue | None) -> None:
    canvas = pen.canvas
    canvas.setTitle(f"{facts.institution}{_gap(w)}{w.title}")
    canvas.setAuthor(facts.institution)
    canvas.setSubject(w.coverage[facts.coverage])
    canvas.setCreator("registrar-assistant")
    canvas.setKeywords(CODE_KEYWORD + issue.code if issue else w.watermark)


class _Head:
    """Institution, title, and the facts of the student, on the first page."""

    def __init__(self, pen: Pen, facts: TranscriptFacts, w: Words) -> None:
        self.pen, self.facts, self.w = pen, facts, w
        chinese = w.language is Language.ZH
        language = w.language
        graduated = facts.graduated_on
        # The unit has a line of its own: in English its name is long.
        lines = (
            ((w.name, facts.name), (w.student_number, facts.student_number)),
            ((w.unit, facts.unit),),
            (
                (w.major, facts.major),
                (w.level, w.levels.get(facts.level, facts.level)),
            ),
            (
                (w.enrolled, iso_date_in_words(facts.enrolled_on, language)),
                (w.graduated, iso_date_in_words(graduated, language))
                if graduated
                else (w.status, w.not_graduated),
            ),
        )
        self.label = 56.0 if chinese else 84.0
        self.half = WIDTH * 0.55
        self.lines = [
            [
                (label, pen.wrap(text, 9.5, self._room(column, len(line))))
                for column, (label, text) in enumerate(line)
            ]
            for line in lines
        ]
        size = 21.0 if chinese else 18.0
        self.heading = (size, pen.wrap(facts.institution, size, WIDTH, bold=True))
        self.top = A4[1] - 62.0
        heading_height = (size + 6) * (len(self.heading[1]) - 1)
        self.facts_top = self.top - heading_height - 56
        self.bottom = (
            self.facts_top - 12 - sum(6 + 12.5 * self._rows(line) for line in self.lines) - 8
        )

    def _room(self, column: int, columns: int) -> float:
        width = WIDTH - self.half if column else self.half if columns > 1 else WIDTH
        return width - self.label - 10

    @staticmethod
    def _rows(line: list[tuple[str, list[str]]]) -> int:
        return max(len(text) for _, text in line)

    def draw(self) -> None:
        pen, w = self.pen, self.w
        middle = A4[0] / 2
        size, lines = self.heading
        y = self.top
        for line in lines:
            pen.text(middle, y, line, size, bold=True, align=0.5)
            y -= size + 6
        y += size + 6 - 24
        pen.text(middle, y, w.title, 14, align=0.5)
        pen.text(middle, y - 17, w.coverage[self.facts.coverage], 9.5, align=0.5, grey=0.3)
        y = self.facts_top - 16
        for cells in self.lines:
            for column, (label, value) in enumerate(cells):
                x = LEFT + 4 + column * self.half
                pen.text(x, y, label, 9, grey=0.4)
                for index, line in enumerate(value):
                    pen.text(x + self.label, y - 12.5 * index, line, 9.5)
            y -= 6 + 12.5 * self._rows(cells)


class _Tail:
    """Totals and notes, below the last course."""

    def __init__(self, pen: Pen, facts: TranscriptFacts, w: Words) -> None:
        self.pen, self.w = pen, w
        self.totals = [
            (w.courses_total, str(len(facts.courses))),
            (w.credits_total, facts.total_credits),
        ]
        if facts.gpa is Gpa.WITH and facts.gpa_value is not None:
            self.totals.append((w.gpa, gpa_in_words(facts.gpa_value, facts.gpa_scale)))
        self.notes = [
            (f"{number}{w.number}", pen.wrap(text, 7.5, WIDTH - 52))
            for number, text in enumerate(notes(facts), 1)
        ]
        self.height = 24 + 22 + 10.5 * sum(len(lines) for _, lines in self.notes) + 8

    def draw(self, top: float) -> None:
        pen = self.pen
        y = top - 16
        x = LEFT + 4
        for label, value in self.totals:
            pen.text(x, y, label, 9, grey=0.35)
            x += pen.fonts.width(label, pen.fonts.regular, 9) + 6
            pen.text(x, y, value, 10, bold=True)
            x += pen.fonts.width(value, pen.fonts.bold, 10) + 26
        # What stands below the last course is said to be nothing, so that nothing can be added.
        pen.text(RIGHT - 4, y, f"— {self.w.nothing_follows} —", 8, align=1.0, grey=0.35)
        y -= 19
        pen.text(LEFT + 4, y, self.w.notes, 7.5, bold=True, grey=0.3)
        for number, lines in self.notes:
            pen.text(LEFT + 36, y, number, 7.5, grey=0.3)
            for line in lines:
                pen.text(LEFT + 48, y, line, 7.5, grey=0.3)
                y -= 10.5


def _closing(pen: Pen, w: Words, issue: Issue | None) -> None:
    """QR code, verification code, date of issue and the place of the seal."""
    pen.line(LEFT, _CLOSING, RIGHT, width=0.4, grey=0.6)
    if issue is None:
        y = 140.0
        for line in pen.wrap(w.preview_note, 9, WIDTH - 40):
            pen.text(A4[0] / 2, y, line, 9, align=0.5, grey=0.35)
            y -= 14
        return
    side = 100.0
    bottom = 78.0
    operators, modules = qr.operators(issue.verify_url)
    canvas = pen.canvas
    canvas.saveState()
    canvas.setFillGray(0)
    canvas.translate(LEFT, bottom)
    canvas.scale(side / modules, side / modules)
    canvas.addLiteral(operators)
    canvas.restoreState()

    x = LEFT + side + 12
    width = SEAL_BOX[0] - 12 - x
    y = bottom + side - 14
    pen.text(x, y, w.verification, 10, bold=True)
    y -= 18
    pen.text(x, y, w.code, 8.5, grey=0.35)
    lead = pen.fonts.width(w.code, pen.fonts.regular, 8.5) + 8
    for line in pen.wrap(grouped(issue.code), 10, width - lead, bold=True):
        pen.text(x + lead, y, line, 10, bold=True)
        y -= 13
    y -= 4
    for text, gap in ((w.how_to_verify, 0), (issue.verify_url, 5), (w.how_to_check_seal, 0)):
        for line in pen.wrap(text, 7.5, width):
            pen.text(x, y, line, 7.5, grey=0.2)
            y -= 10.5
        y -= gap
    date = f"{w.issued}  {issue_date(issue.issued_at, w.language)}"
    half = pen.fonts.width(date, pen.fonts.regular, 8.5) / 2
    pen.text(min((SEAL_BOX[0] + SEAL_BOX[2]) / 2, RIGHT - half), 55, date, 8.5, align=0.5)


def _running_head(pen: Pen, facts: TranscriptFacts, w: Words) -> None:
    y = A4[1] - 58.0
    pen.text(LEFT + 4, y, facts.institution, 9.5, bold=True, room=WIDTH * 0.48)
    pen.text(LEFT + 4, y - 14, f"{w.title}{_gap(w)}{w.coverage[facts.coverage]}", 9, grey=0.3)
    pen.text(RIGHT - 4, y, facts.name, 9.5, align=1.0, room=WIDTH * 0.5)
    pen.text(RIGHT - 4, y - 14, facts.student_number, 9, align=1.0, grey=0.3)


def _foot(pen: Pen, facts: TranscriptFacts, w: Words, issue: Issue | None, *, page: str) -> None:
    pen.line(LEFT, FOOT, RIGHT, width=0.4, grey=0.6)
    y = FOOT - 12
    # A name that would be too small to read here stands at the head of every page.
    room = WIDTH * 0.33
    person = f"{facts.name}　{facts.student_number}"
    if pen.fonts.width(person, pen.fonts.regular, _SMALLEST) > room:
        person = facts.student_number
    middle = f"{w.code} {grouped(issue.code)}" if issue else w.watermark
    pen.text(LEFT, y, person, 7.5, grey=0.35, room=room)
    pen.text(A4[0] / 2, y, middle, 7.5, align=0.5, grey=0.35, room=WIDTH * 0.32)
    pen.text(RIGHT, y, page, 7.5, align=1.0, grey=0.35)
    if issue and issue.demo:
        pen.text(A4[0] / 2, A4[1] - 28, w.demo_note, 8, align=0.5, grey=0.25)


def _watermark(pen: Pen, w: Words) -> None:
    canvas = pen.canvas
    for y in (190, 421, 652):
        canvas.saveState()
        canvas.setFillAlpha(0.22)
        canvas.translate(A4[0] / 2, y)
        canvas.rotate(28)
        pen.text(0, -16, w.watermark, 46, bold=True, align=0.5, grey=0.45)
        canvas.restoreState()
