"""The fields of a proof, found in the text that was read on its picture.

What is read is only ever proposed: its owner says whether it is right. Labels stand in one box with
their value, left of it, or above it; spaces are the reader's and mean nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from backend.pictures.seen import Box, Line, Measured, Read

SURE = 0.85  # less is not proposed
NEAR_BORDER = 0.005  # of the picture's side: words go on outside it

_SPOKEN = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_NUMBERS: Mapping[str, tuple[str, str]] = {  # by type: labels, best first, and the form
    "cet": (r"证书编号|成绩报告单编号|报告单编号|准考证号码?", r"[0-9]{15}"),
    "pets": (r"证书编号|证书号码?|准考证号码?|编号", r"[0-9A-Z]{12,18}"),
    "diploma": (r"证书编号|学校编号|证书号码?|编号", r"[0-9]{17,18}|[0-9A-Z()字第号-]{4,20}"),
    "registration_record": (r"在线验证码|验证码", r"[0-9A-Z]{12,16}"),
    "authentication_report": (r"报告编号|认证编号", r"[0-9A-Z]{6,20}"),
}
_ANY_NUMBER = (r"证书编号|证书号码?|准考证号码?|编号", r"[0-9A-Z()字第号-]{5,24}")
_NAME = r"考生姓名|学生姓名|姓名|学生(?!姓名)"
_NAME_FORM = r"[\u3400-\u9fff\U00020000-\U0003ffff·]{2,12}?(?=性别|[男女,，;；]|身份|准考|出生|$)"
_MONTHS: Mapping[str, str] = {
    "cet": r"考试时间|考试日期|考试年月",
    "pets": r"考试时间|考试日期|考试年月|发证日期|签发日期",
    "diploma": r"毕\(?结?\)?业(?:日期|时间)|发证日期|签发日期",
    "registration_record": r"毕\(?结?\)?业(?:日期|时间)",
    "authentication_report": r"毕\(?结?\)?业(?:日期|时间)",
}
_ANY_MONTH = r"考试时间|考试日期|毕业日期|毕业时间|发证日期|签发日期|取得日期"
_MONTH_FORM = r"(?P<year>[12][0-9]{3})[年./-](?P<month>1[0-2]|0?[1-9])(?![0-9])"
_TITLES: Mapping[str, str] = {
    "registration_record": r"注册备案表",
    "authentication_report": r"认证报告",
    "cet": r"大学英语[四六]级|COLLEGEENGLISHTEST",
    "pets": r"全国英语等级考试|PUBLICENGLISHTEST",
    "diploma": r"毕业证书",
}
_LABEL = re.compile(r"[:：]|^(?:考生姓名|姓名|性别|准考证号|证书编号|考试时间|毕业日期|总分|级别)")
_UPDATED = re.compile(r"更新日期[:：]?([12][0-9]{3})年([0-9]{1,2})月")


@dataclass(frozen=True, slots=True)
class Field:
    """``text`` without the spaces of the reader; a month is "2018-06"."""

    text: str
    confidence: float
    box: Box


@dataclass(frozen=True, slots=True)
class _Piece:
    line: Line
    text: str

    @property
    def middle(self) -> float:
        return self.line.box.y + self.line.box.height / 2


def plain(text: str) -> str:
    """Half width, in capitals, without spaces: 全角 and the reader's gaps say nothing."""
    return re.sub(r"\s+", "", normalize("NFKC", text)).upper()


def fields(lines: Sequence[Line], type_: str) -> dict[str, Field]:
    """What is found of "number", "name" and "month"; for a registration record the number is the
    code by which it is verified online (E6)."""
    rows = _rows(lines)
    found: dict[str, Field] = {}
    labels, form = _NUMBERS.get(type_, _ANY_NUMBER)
    for label in labels.split("|"):
        if number := _value(rows, label, form):
            found["number"] = number
            break
    if name := _value(rows, _NAME, _NAME_FORM):
        found["name"] = name
    if month := _value(rows, _MONTHS.get(type_, _ANY_MONTH), _MONTH_FORM, spoken=True):
        year_month = re.search(_MONTH_FORM, month.text)
        if year_month:
            text = f"{year_month['year']}-{int(year_month['month']):02}"
            found["month"] = Field(text, month.confidence, month.box)
    return found


def faults(found: Read, type_: str, now: datetime, record_months: int) -> list[Measured]:
    """What only the text can tell: another form than was chosen, words cut off, two pages, and a
    record that can perhaps not be verified any more after ``record_months`` (E10). All of them are
    warnings."""
    texts = [plain(line.text) for line in found.lines]
    whole = "\n".join(texts)
    faults_ = []
    seen = {title for title, words in _TITLES.items() if re.search(words, whole)}
    if "registration_record" in seen or "authentication_report" in seen:
        seen.discard("diploma")  # both speak of one
    if seen and type_ in _TITLES and type_ not in seen:
        faults_.append(Measured("wrong_form"))
    width, height = found.size
    if width and any(_at_border(line.box, width, height) for line in found.lines):
        faults_.append(Measured("cropped"))
    if len(seen) > 1 or any(len(re.findall(words, whole)) > 2 for words in _TITLES.values()):
        faults_.append(Measured("several_pages"))
    if type_ == "registration_record" and (updated := _UPDATED.search(whole)):
        months = (now.year - int(updated[1])) * 12 + now.month - int(updated[2])
        if months >= record_months:
            faults_.append(Measured("record_old", months, record_months))
    return faults_


def _at_border(box: Box, width: int, height: int) -> bool:
    aside, above = width * NEAR_BORDER, height * NEAR_BORDER
    return (
        box.x < aside
        or box.y < above
        or box.x + box.width > width - aside
        or box.y + box.height > height - above
    )


def _rows(lines: Sequence[Line]) -> list[list[_Piece]]:
    """Lines side by side are a row, from left to right."""
    rows: list[list[_Piece]] = []
    for line in sorted(lines, key=lambda one: one.box.y + one.box.height / 2):
        piece = _Piece(line, plain(line.text))
        if rows and abs(rows[-1][0].middle - piece.middle) < line.box.height * 0.5:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        row.sort(key=lambda piece: piece.line.box.x)
    return rows


def _value(
    rows: list[list[_Piece]], label: str, form: str, *, spoken: bool = False
) -> Field | None:
    """What follows the label and has the form."""
    for number, row in enumerate(rows):
        for place, piece in enumerate(row):
            match = re.search(rf"(?:{label})[:：]?", piece.text)
            if match is None:
                continue
            around = [rows[one] for one in (number + 1, number - 1) if 0 <= one < len(rows)]
            for pieces in _after(row, place, match.end(), around):
                text = "".join(one.text for one in pieces)[
                    match.end() if pieces[0] is piece else 0 :
                ]
                if spoken:
                    text = text.translate(_SPOKEN)
                if value := re.match(form, text.lstrip(":：")):
                    return Field(
                        value[0], min(one.line.confidence for one in pieces), _union(pieces)
                    )
    return None


def _after(
    row: list[_Piece], place: int, end: int, around: list[list[_Piece]]
) -> Iterator[list[_Piece]]:
    """Where a value may stand: in the rest of the box and in those right of it, up to the next label;
    or in the one below it, or above."""
    piece = row[place]
    following = []
    for one in row[place + 1 :]:
        if _LABEL.search(one.text):
            break
        following.append(one)
    if piece.text[end:].strip(":："):
        yield [piece]
        for count in range(1, len(following) + 1):
            yield [piece, *following[:count]]
        return
    for count in range(1, len(following) + 1):
        yield following[:count]
    if not following:
        for near in around:
            yield from ([one] for one in near if _same_column(one, piece))


def _same_column(one: _Piece, other: _Piece) -> bool:
    a, b = one.line.box, other.line.box
    return abs((a.x + a.width / 2) - (b.x + b.width / 2)) < max(a.width, b.width)


def _union(pieces: Sequence[_Piece]) -> Box:
    boxes = [one.line.box for one in pieces]
    left, top = min(one.x for one in boxes), min(one.y for one in boxes)
    right = max(one.x + one.width for one in boxes)
    return Box(left, top, right - left, max(one.y + one.height for one in boxes) - top)
