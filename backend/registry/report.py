"""What an import has done, and for each refused row why, in Chinese and in English."""

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

from backend.sealing import masked_number

ID_LIKE = re.compile(r"\d{17}[\dXx]|\d{15}", re.ASCII)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # no workbook can hold them
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHOWN = 60

WORDS: dict[str, tuple[str, str]] = {
    # The whole file
    "empty_file": ("文件是空的", "The file is empty"),
    "file_too_large": (
        "文件超过 {limit} MB，请分成几份",
        "Larger than {limit} MB: please split it",
    ),
    "unpacks_too_large": (
        "文件或其中一部分解压后超过 {limit} MB，请分成几份",
        "The file, or a part of it, has more than {limit} MB when unpacked: please split it",
    ),
    "swells": (
        "文件中的 {part} 解压后是压缩前的 {limit} 倍以上，不像表格，未读取",
        "{part} in the file unpacks to more than {limit} times its size, as no table does: not read",
    ),
    "too_many_parts": (
        "工作簿由 {limit} 个以上部分组成：请只留要导入的工作表，另存为 XLSX",
        "The workbook has more than {limit} parts: please save the one sheet to be imported",
    ),
    "too_many_strings": (
        "工作簿中不同的文字超过 {limit} 条，请分成几份",
        "More than {limit} different texts in the workbook: please split it",
    ),
    "too_much_beside_rows": (
        "工作簿中行以外的内容（格式、合并单元格等）超过 {limit} 项：请把数据复制到新的工作簿",
        "More than {limit} items beside the rows (formats, merged cells): please copy the data "
        "into a new workbook",
    ),
    "row_too_large": (
        "有一行的内容过多，不像表格，未读取",
        "One row holds more than rows of a table do: not read",
    ),
    "too_many_columns": (
        "第 {line} 行在第 {limit} 列之后还有内容：至多 {limit} 列",
        "Line {line} has content after column {limit}: at most {limit} columns",
    ),
    "cell_too_long": (
        "有单元格超过 {limit} 个字符",
        "A cell is longer than {limit} characters",
    ),
    "line_too_long": (
        "第 {line} 行超过 {limit} 个字符：是否引号不完整，或没有换行？",
        "Line {line} is longer than {limit} characters: is a quotation mark missing, or line breaks?",
    ),
    "too_many_lines": ("行数超过 {limit}", "More than {limit} lines"),
    "not_a_table": (
        "不是表格：请使用 CSV（UTF-8 或 GB18030 编码）或 XLSX",
        "Not a table: please use CSV (UTF-8 or GB18030) or XLSX",
    ),
    "old_or_protected_workbook": (
        "旧版 XLS 或加密的工作簿：请另存为不加密的 XLSX",
        "An old XLS or a protected workbook: please save it as XLSX without a password",
    ),
    "damaged_workbook": ("工作簿已损坏，无法读取", "The workbook is damaged and cannot be read"),
    "malformed_csv": (
        "第 {line} 行起引号不完整，不是正确的 CSV",
        "Not correct CSV: quotation marks do not match from line {line} on",
    ),
    "heading_twice": ("列“{heading}”出现了两次", 'Column "{heading}" is there twice'),
    "missing_columns": ("缺少列：{missing}", "Missing columns: {missing}"),
    "unknown_kind": (
        "无法从表头判断是哪一类数据（{kinds}）",
        "The headings do not tell which kind of data this is ({kinds})",
    ),
    "unknown_photo_table": (
        "从表头认不出是哪一种表格。这里收拍摄安排、拍摄名单、图像采集码、已拍摄名单四种（CSV 或 XLSX），列见“数据导入”",
        "The headings do not tell which table this is. Taken here are the schedule, the roster, the"
        " collection codes, and who has been photographed (CSV or XLSX)",
    ),
    "unknown_institution": ("没有这个机构", "There is no such institution"),
    # One cell
    "blank": ("不能为空", "Must not be blank"),
    "too_long": ("超过 {limit} 个字符", "Longer than {limit} characters"),
    "control_character": ("含有换行或不可见字符", "Contains line breaks or invisible characters"),
    "bad_code": (
        "只能由字母、数字和 . _ / ( ) - 组成",
        "May only consist of letters, digits and . _ / ( ) -",
    ),
    "number_as_decimal": (
        "编号被写成了小数（末尾是 .0）：请把这一列设为“文本”再导出",
        "A number with .0 at its end: please set this column to text and export it again",
    ),
    "bad_exam_ticket": (
        "准考证号应为 12 位数字；开头的 0 丢了的，请把这一列设为“文本”再导出",
        "An exam ticket has 12 digits; where zeros at the beginning are lost, please set this "
        "column to text and export it again",
    ),
    "bad_date": ("不是有效日期，应如 2023-09-01", "Not a date such as 2023-09-01"),
    "bad_term": ("应如 2021-2022-1（1 秋、2 春、3 夏）", "Must be like 2021-2022-1 (1, 2 or 3)"),
    "bad_score": (
        "不是有效成绩：0–100（可有一位小数）、A+ 至 F，或通过、合格等",
        "Not a score: 0–100 (one decimal), A+ to F, or a word such as 通过",
    ),
    "bad_credits": ("学分应为 0–99.9，至多一位小数", "Credits are 0–99.9 with at most one decimal"),
    "bad_hours": ("学时应为 0–2000 的整数", "Hours are a whole number from 0 to 2000"),
    "bad_id_number": (
        "证件号码格式或校验位不正确",
        "Not a correct ID number (form or check digit)",
    ),
    "bad_exam_course": (
        "自考课程代码应为 5 位数字；开头的 0 丢了的，请把这一列设为“文本”再导出",
        "A course of the exam has five digits; where zeros at the beginning are lost, please set "
        "this column to text and export it again",
    ),
    "bad_exam_score": (
        "应为 0–100 的整数，或缺考、违纪",
        "Must be a whole number from 0 to 100, or absent, or violation",
    ),
    "bad_month": ("应如 2026-04 或 2026年4月", "Must be like 2026-04"),
    "bad_moment": ("应如 2026-03-12 09:30", "Must be like 2026-03-12 09:30"),
    "bad_mobile": ("手机号码应为 11 位数字", "A mobile number has 11 digits"),
    "bad_phone": ("不是电话号码", "Not a phone number"),
    "bad_email": ("不是邮箱地址", "Not an e-mail address"),
    "bad_postcode": (
        "邮政编码应为 6 位数字；开头的 0 丢了的，请把这一列设为“文本”再导出",
        "A postcode has six digits; where zeros at the beginning are lost, please set this column "
        "to text and export it again",
    ),
    "unknown_word": ("应为以下之一：{allowed}", "Must be one of: {allowed}"),
    # One row
    "too_many_cells": ("单元格多于表头的列数", "More cells than there are headings"),
    "duplicate": (
        "与第 {first} 行是同一条，但内容不同",
        "The same as line {first}, but with different content",
    ),
    "unknown_unit": ("没有这个培养单位，请先导入 units", "No such unit: import units first"),
    "unknown_person": (
        "没有这个学号或工号，请先导入 people",
        "No such person: import people first",
    ),
    "unknown_student": ("此人没有学籍，请先导入 students", "Not a student: import students first"),
    "unknown_course": ("没有这门课程，请先导入 courses", "No such course: import courses first"),
    "graduated_before_enrolled": ("毕业日期早于入学日期", "Graduated before being enrolled"),
    "in_future": (
        "日期在今天之后（在读学生的毕业日期请留空）",
        "Lies in the future (leave the graduation day of enrolled students blank)",
    ),
    "unknown_exam_course": (
        "没有这门自考课程，请先导入 exam_courses",
        "No such course of the exam: import exam_courses first",
    ),
    "unknown_major": (
        "没有这个专业，请先导入 exam_majors",
        "No such major: import exam_majors first",
    ),
    "unknown_option": (
        "没有这个加考选项，请先导入 exam_options",
        "No such option: import exam_options first",
    ),
    "unknown_ticket": (
        "没有这个准考证号，请先导入 exam_tickets",
        "No such exam ticket: import exam_tickets first",
    ),
    "ends_before_it_begins": ("停用年月早于启用年月", "Ends before it begins"),
    "score_needed": ("这一类成绩必须有分数", "This kind needs a score"),
    "kind_and_source_differ": (
        "类型与来源不一致：免考、转入的类型与来源应相同",
        "Kind and source do not go together: both are exemption, or both transfer_in",
    ),
    "appointment_incomplete": (
        "“待现场确认”必须有确认时间和确认地点，有时间就必须有地点",
        "The state invited needs a time and a place, and a time needs a place",
    ),
    "reason_needed": ("未通过必须写明理由", "A rejection needs its reason"),
    "bad_state_step": (
        "已登记的状态不能变成这个状态（现在是：{now}）",
        "The case cannot go to this state (it is now: {now})",
    ),
    "transfer_contradicts": (
        "与同一转入的第 {first} 行状态、时间、地点或理由不同",
        "State, time, place or reason differ from line {first} of the same transfer",
    ),
    "with_refused_line": (
        "同一转入的第 {first} 行没有导入，这一行也没有导入：改好以后一起再导入",
        "Line {first} of the same transfer was refused, and so was this one: please correct it and "
        "import them together",
    ),
    "ticket_of_another": (
        "这个准考证号已属于另一人",
        "This exam ticket belongs to somebody else",
    ),
    "code_of_another": (
        "这个采集码已属于另一人",
        "This collection code belongs to somebody else",
    ),
    "unknown_season": (
        "没有这一届的拍摄安排，请先导入 photo_slots",
        "No such season: import photo_slots first",
    ),
    "bad_season": ("届应为四位年份，如 2026", "A season is a year of four digits, such as 2026"),
    "bad_clock": ("时间应如 08:30", "A time must be like 08:30"),
    "bad_group": ("组应为 1–99 的整数", "A group is a whole number from 1 to 99"),
    "bad_payload": (
        "采集码内容应为 8–500 个可见字符，没有空格",
        "A collection code has 8 to 500 visible characters and no spaces",
    ),
    "ends_before_start": ("结束不晚于开始", "Ends before it begins"),
    "unit_needed": ("教育管理干部和代办人必须有单位", "A unit officer or deputy needs a unit"),
    "unit_not_allowed": ("此角色属于全校，不能带单位", "This role is not for a single unit"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row, or with ``line`` 0 the whole file, was refused. ``value`` is fit to be shown."""

    line: int
    column: str
    value: str
    code: str
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def zh(self) -> str:
        return WORDS[self.code][0].format(**self.facts)

    @property
    def en(self) -> str:
        return WORDS[self.code][1].format(**self.facts)


@dataclass(slots=True)
class Report:
    """Counts of rows. ``applied`` is false when nothing was written because something was wrong."""

    kind: str | None
    applied: bool = True
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0  # roles taken away
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.added + self.changed + self.unchanged + self.ended + self.refused

    def write_csv(self, path: Path) -> None:
        """One line for each problem, to be opened in a spreadsheet."""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["行 line", "列 column", "内容 value", "代码 code", "原因", "reason"])
            for problem in self.problems:
                cells = (problem.column, problem.value, problem.code, problem.zh, problem.en)
                writer.writerow([problem.line or "", *map(harmless, cells)])


def harmless(cell: str) -> str:
    """A spreadsheet must not compute what somebody has put into a file, nor be unable to hold it."""
    cell = CONTROL.sub("", cell)
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def shown(column: str, cell: str) -> str:
    """A cell as a report may repeat it: cut short, and ID numbers masked in whatever column."""
    if column == "id_number":
        return masked_number(cell)[:SHOWN]
    if column == "payload":  # a collection code is its owner's alone (P2)
        return "•••"
    masked = ID_LIKE.sub(lambda match: masked_number(match[0]), cell)
    return masked if len(masked) <= SHOWN else masked[:SHOWN] + "…"
