"""What the demo's self-study exam examines: universities, courses, majors, plans and options.

The examining universities are invented. Codes and names of courses are those of the manual's
sample pages and of public plans; which course which major asks for, and for how many credits, is
invented.
"""

from dataclasses import dataclass

FIRST_UNIVERSITY, SECOND_UNIVERSITY, EXAM_OFFICE = "SH9001", "SH9002", "SHEEA"
UNIVERSITIES = (  # code, names
    (FIRST_UNIVERSITY, "演示大学甲", "Demonstration University A"),
    (SECOND_UNIVERSITY, "演示大学乙", "Demonstration University B"),
    (EXAM_OFFICE, "自学考试办公室（演示）", "Self-study Examination Office (demonstration)"),
)

CATALOGUE = """
00002 | 邓小平理论概论 | Introduction to Deng Xiaoping Theory | 3
00005 | 马克思主义政治经济学原理 | Principles of Marxist Political Economy | 6
00012 | 英语（一） | English I | 7
00015 | 英语（二） | English II | 14
00016 | 日语（二） | Japanese II | 14
00018 | 计算机应用基础 | Fundamentals of Computer Application | 2
00034 | 社会学概论 | Introduction to Sociology | 6
00058 | 市场营销学 | Marketing | 5
00146 | 中国税制 | Chinese Tax System | 4
00155 | 中级财务会计 | Intermediate Financial Accounting | 8
00261 | 行政法学 | Administrative Law | 4
00277 | 行政管理学 | Public Administration | 6
00312 | 政治学概论 | Introduction to Political Science | 6
00315 | 当代中国政治制度 | Political System of Contemporary China | 6
00316 | 西方政治制度 | Western Political Systems | 6
00318 | 公共政策 | Public Policy | 4
00319 | 行政组织理论 | Theory of Administrative Organization | 4
00320 | 领导科学 | Science of Leadership | 4
00923 | 行政法与行政诉讼法（一） | Administrative Law and Litigation I | 6
01848 | 公务员制度 | Civil Service System | 4
03708 | 中国近现代史纲要 | Outline of Modern Chinese History | 2
03709 | 马克思主义基本原理概论 | Basic Principles of Marxism | 4
"""


@dataclass(frozen=True, slots=True)
class DemoExamCourse:
    code: str
    name_zh: str
    name_en: str
    credit_tenths: int


@dataclass(frozen=True, slots=True)
class DemoMajor:
    """Plans as ``00018/practice``: without a kind it is theory. ``choice`` is "选考A"."""

    code: str
    name_zh: str
    name_en: str
    level: str
    unit: str
    total_credits: int
    required: tuple[str, ...]
    choice: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    options: tuple[tuple[str, str, str, tuple[str, ...]], ...] = ()  # code, names, courses


def catalogue() -> tuple[DemoExamCourse, ...]:
    courses = []
    for line in CATALOGUE.strip().splitlines():
        code, name_zh, name_en, credits = (cell.strip() for cell in line.split("|"))
        courses.append(DemoExamCourse(code, name_zh, name_en, int(credits) * 10))
    return tuple(courses)


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COURSES = catalogue()
BACHELOR, COLLEGE = "120402", "120401"
MAJORS = (
    DemoMajor(
        BACHELOR,
        "行政管理（专升本）",
        "Public Administration (bachelor)",
        "bachelor",
        FIRST_UNIVERSITY,
        66,
        words("00018 00018/practice 00034 00315 00316 00318 00319 00320 00923 01848 03708 03709"),
        words("00015 00016"),
        words("00277 00312"),
        (
            ("politics", "政治类专科毕业", "College diploma in politics", ()),
            ("other", "非政治类专科毕业", "College diploma in another field", ("00261",)),
        ),
    ),
    DemoMajor(
        COLLEGE,
        "行政管理（专科）",
        "Public Administration (college)",
        "college",
        SECOND_UNIVERSITY,
        45,
        words("00002 00005 00012 00018 00018/practice 00058 00146 00155 00277 00312"),
    ),
)
PLANS = {major.code: (*major.required, *major.choice, *major.others) for major in MAJORS}
