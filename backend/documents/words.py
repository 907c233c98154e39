"""The fixed words on a transcript, in each language, and how dates, terms and names are written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from backend.documents.facts import Coverage, Language

SHANGHAI = ZoneInfo("Asia/Shanghai")

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_TERMS = {
    "1": ("秋季学期", "Autumn term"),
    "2": ("春季学期", "Spring term"),
    "3": ("夏季学期", "Summer term"),
}
# Curly quotation marks are in the font in full width only.
_STRAIGHT = {"‘": "'", "’": "'", "“": '"', "”": '"'}


@dataclass(frozen=True, slots=True)
class Words:
    """One language of the layout."""

    language: Language
    title: str
    coverage: dict[Coverage, str]
    coverage_note: dict[Coverage, str]
    period: dict[Coverage, str]
    name: str
    student_number: str
    unit: str
    major: str
    level: str
    levels: dict[str, str]
    enrolled: str
    graduated: str
    status: str
    not_graduated: str
    columns: dict[str, str]
    degree_mark_note: str
    period_note: str
    continued: str
    nothing_follows: str
    courses_total: str
    credits_total: str
    gpa: str
    notes: str
    number: str  # behind the number of a note
    percent_note: str
    letter_note: str
    word_note: str
    kept_note: str
    page: Callable[[int, int], str]
    issued: str
    verification: str
    code: str
    how_to_verify: str
    how_to_check_seal: str
    watermark: str
    data: str  # what the attached file is
    preview_note: str
    demo_note: str


ZH = Words(
    language=Language.ZH,
    title="研究生成绩单",
    coverage={
        Coverage.CENTRALIZED: "北京集中教学阶段",
        Coverage.COMBINED: "集中教学与所级教学",
    },
    coverage_note={
        Coverage.CENTRALIZED: "本成绩单所列为北京集中教学阶段所修课程，不含所级教学课程。",
        Coverage.COMBINED: "本成绩单所列为集中教学与所级教学所修课程。",
    },
    period={Coverage.CENTRALIZED: "集中", Coverage.COMBINED: "所级"},
    name="姓名",
    student_number="学号",
    unit="培养单位",
    major="专业",
    level="培养层次",
    levels={"master": "硕士研究生", "doctor": "博士研究生"},
    enrolled="入学日期",
    graduated="毕业日期",
    status="学籍状态",
    not_graduated="在读",
    columns={
        "code": "课程编号",
        "name": "课程名称",
        "period": "教学",
        "hours": "学时",
        "credits": "学分",
        "score": "成绩",
        "degree": "学位课",
    },
    degree_mark_note="“✓”为学位课。",
    period_note="“集中”为北京集中教学课程，“所级”为培养单位所级教学课程。",
    continued="（续）",
    nothing_follows="以下空白",
    courses_total="课程门数",
    credits_total="总学分",
    gpa="平均学分绩点（GPA）",
    notes="说明",
    number="．",
    percent_note="数字成绩为百分制。",
    letter_note="字母成绩为等级制。",
    word_note="文字成绩按登记原文列出。",
    kept_note="",
    page=lambda number, total: f"第 {number} 页 共 {total} 页",
    issued="签发日期",
    verification="在线验证",
    code="验证码",
    how_to_verify="扫描二维码，或打开以下网址验证真伪：",
    how_to_check_seal="在 Adobe 阅读器中点击右侧印章，可查看签名验证状态。",
    watermark="预览 · 不作证明使用",
    data="成绩单数据，与各页所印一致",
    preview_note="预览件，供本人核对姓名、专业、课程及成绩。正式文件在此处印有二维码与验证码，并加盖电子印章。",
    demo_note="演示 DEMO · 数据与印章均为虚构，不作证明使用",
)

EN = Words(
    language=Language.EN,
    title="Official Transcript of Graduate Studies",
    coverage={
        Coverage.CENTRALIZED: "Centralized teaching in Beijing",
        Coverage.COMBINED: "Centralized teaching and institute teaching",
    },
    coverage_note={
        Coverage.CENTRALIZED: "This transcript lists the courses taken during centralized teaching "
        "in Beijing. Courses taught at the institute are not included.",
        Coverage.COMBINED: "This transcript lists the courses of both centralized teaching and "
        "institute teaching.",
    },
    period={Coverage.CENTRALIZED: "Central", Coverage.COMBINED: "Institute"},
    name="Name",
    student_number="Student No.",
    unit="Institute / School",
    major="Major",
    level="Level",
    levels={"master": "Master's programme", "doctor": "Doctoral programme"},
    enrolled="Enrolled on",
    graduated="Graduated on",
    status="Status",
    not_graduated="Currently enrolled",
    columns={
        "code": "Course code",
        "name": "Course",
        "period": "Taught",
        "hours": "Hours",
        "credits": "Credits",
        "score": "Score",
        "degree": "Degree",
    },
    degree_mark_note="✓ marks a degree course.",
    period_note="Central: taught centrally in Beijing. Institute: taught at the institute.",
    continued=" (continued)",
    nothing_follows="End of record",
    courses_total="Courses",
    credits_total="Total credits",
    gpa="Grade point average (GPA)",
    notes="Notes",
    number=".",
    percent_note="Scores in figures are out of 100.",
    letter_note="Scores in letters are letter grades.",
    word_note="Scores in words are translated from the register: ",
    kept_note="Scores in Chinese are printed as they stand in the register.",
    page=lambda number, total: f"Page {number} of {total}",
    issued="Date of issue",
    verification="Online verification",
    code="Code",
    how_to_verify="Scan the QR code, or open this address:",
    how_to_check_seal="In Adobe Reader, click the seal to see the status of the signature.",
    watermark="PREVIEW · NOT VALID",
    data="The data of this transcript, as printed on its pages",
    preview_note="Preview for the student to check name, major, courses and scores. The issued "
    "transcript bears a QR code, a verification code and the electronic seal here.",
    demo_note="演示 DEMO · Fictitious data and seal, not valid as proof",
)


def words(language: Language) -> Words:
    return ZH if language is Language.ZH else EN


def date_in_words(day: date, language: Language) -> str:
    if language is Language.ZH:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def iso_date_in_words(day: str, language: Language) -> str:
    """Raises ValueError when `day` is not an ISO date."""
    return date_in_words(date.fromisoformat(day), language)


def issue_date(moment: datetime, language: Language) -> str:
    """The day in Beijing. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("the time of issue has no time zone")
    return date_in_words(moment.astimezone(SHANGHAI).date(), language)


def term_in_words(term: str, language: Language) -> str:
    """“2021-2022-1” as “2021–2022学年 秋季学期”; anything else as it is."""
    start, _, rest = term.partition("-")
    end, _, number = rest.partition("-")
    if not (start.isdigit() and end.isdigit() and number in _TERMS):
        return term
    if language is Language.ZH:
        return f"{start}–{end}学年　{_TERMS[number][0]}"
    return f"{start}–{end}, {_TERMS[number][1]}"


def gpa_in_words(value: str, scale: str | None) -> str:
    """As printed: ``3.72 / 4.0``."""
    return f"{value} / {scale}" if scale else value


def grouped(code: str) -> str:
    """A code in groups of four, as people read it aloud."""
    plain = code.replace("-", "")
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def straight(text: str) -> str:
    """With quotation marks that are as wide as Latin letters."""
    return text if text.isascii() else replaced(text, _STRAIGHT)


def replaced(text: str, others: dict[str, str]) -> str:
    """With single characters in place of others; quicker than `str.translate`."""
    for old, new in others.items():
        text = text.replace(old, new)
    return text
