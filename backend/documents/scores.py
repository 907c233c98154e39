"""A table of the self-study exam's scores (E3), for its candidate to keep; it certifies nothing."""

from io import BytesIO

from backend.documents.canvas import new_canvas
from backend.documents.fonts import Fonts
from backend.documents.pen import Pen
from backend.documents.score_facts import ScoreFacts, ScoreLine

A4 = (595.28, 841.89)
LEFT, RIGHT, TOP, FOOT = 48.0, 547.28, 790.0, 60.0
LINE, SIZE = 19.0, 9.5
# left edge of each column and how it is aligned: session, course, part, score, credits, remark
COLUMNS = ((0.0, 0.0), (62.0, 0.0), (292.0, 0.5), (350.0, 0.5), (405.0, 0.5), (440.0, 0.0))
NAME_ROOM, REMARK_ROOM = 205.0, 59.0

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "title": "自学考试成绩表",
        "name": "姓名",
        "ticket": "准考证",
        "major": "专业",
        "as_of": "查询时间",
        "page": "第 {page} 页，共 {count} 页",
        "foot": "由本人在考籍助手中查询，仅供自己查看，不作证明。",
        "columns": "考次 课程 类型 成绩 学分 备注",
    },
    "en": {
        "title": "Self-study Examination Scores",
        "name": "Name",
        "ticket": "Exam ticket",
        "major": "Major",
        "as_of": "As of",
        "page": "Page {page} of {count}",
        "foot": "Looked up by the candidate, for their own use; certifies nothing.",
        "columns": "Session Course Part Score Credits Remark",
    },
}


def render(facts: ScoreFacts, as_of: str, *, fonts: Fonts) -> bytes:
    """The table as a PDF. Raises MissingGlyph where no font here has a character of it."""
    words = WORDS[facts.language]
    buffer = BytesIO()
    lang = "zh-CN" if facts.language == "zh" else "en"
    canvas = new_canvas(buffer, A4, lang=lang, moment=None)
    canvas.setTitle(words["title"])
    canvas.setAuthor("")
    canvas.setSubject(words["foot"])
    canvas.setCreator("registrar-assistant")
    pen = Pen(canvas, fonts, latin=facts.language == "en")
    first = [
        f"{words['name']}: {facts.name}    {words['ticket']}: {facts.ticket}",
        f"{words['major']}: {facts.major}" if facts.major else "",
        f"{words['as_of']}: {as_of}",
    ]
    head = [line for line in first if line]
    room = int((TOP - 44 - 15 * len(head) - FOOT) / LINE) - 1
    pages = [facts.lines[at : at + room] for at in range(0, len(facts.lines), room)] or [()]
    for number, page in enumerate(pages, 1):
        pen.text(A4[0] / 2, TOP, words["title"], 17, bold=True, align=0.5)
        y = TOP - 30
        for line in head:
            pen.text(LEFT, y, line, SIZE, grey=0.2, room=RIGHT - LEFT)
            y -= 15
        draw(pen, words["columns"].split(), page, y - 4)
        pen.line(LEFT, FOOT - 8, RIGHT, grey=0.6)
        pen.text(LEFT, FOOT - 22, words["foot"], 8, grey=0.35)
        place = words["page"].format(page=number, count=len(pages))
        pen.text(RIGHT, FOOT - 22, place, 8, align=1.0, grey=0.35)
        canvas.showPage()
    pen.check()
    canvas.save()
    return buffer.getvalue()


def draw(pen: Pen, names: list[str], lines: tuple[ScoreLine, ...], top: float) -> None:
    pen.line(LEFT, top, RIGHT, width=1.0)
    y = top - LINE
    for (x, align), name in zip(COLUMNS, names, strict=True):
        pen.text(LEFT + 4 + x, y + 6, name, SIZE, bold=True, align=align)
    pen.line(LEFT, y, RIGHT, width=0.5)
    rooms = (None, NAME_ROOM, None, None, None, REMARK_ROOM)
    for line in lines:
        y -= LINE
        cells = (line.month, line.course, line.part, line.score, line.credits, line.remark)
        for (x, align), cell, room in zip(COLUMNS, cells, rooms, strict=True):
            pen.text(LEFT + 4 + x, y + 6, cell, SIZE, align=align, room=room)
        pen.line(LEFT, y, RIGHT, width=0.3, grey=0.82)
