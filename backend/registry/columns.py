"""The columns of every kind of file. ``docs/import.md`` shows this table; a test compares them."""

from backend.registry import columns_exam, columns_photo
from backend.registry.column import Column, optional
from backend.registry.limits import UnreadableFile
from backend.registry.values import (
    GPA,
    KINDS,
    LANGUAGES,
    LEVELS,
    PERIODS,
    ROLES,
    TRUTH,
    as_code,
    as_credit_tenths,
    as_day,
    as_hours,
    as_id_number,
    as_score,
    as_term,
    as_text,
    one_of,
)

STUDENT_NUMBER = Column("number", "学号", "student number", as_code, limit=32)
PERSON_NUMBER = Column("number", "学号或工号", "number", as_code, limit=32)
UNIT_CODE = Column("unit", "培养单位代码", "unit code", as_code, limit=32)
COURSE_CODE = Column("code", "课程编号", "course code", as_code, limit=32)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "units": (
        UNIT_CODE,
        Column("valid_from", "名称启用日期", "valid from", as_day),
        Column("name_zh", "单位中文名称", "unit name (Chinese)", as_text),
        Column("name_en", "单位英文名称", "unit name (English)", as_text, limit=200),
    ),
    "people": (
        PERSON_NUMBER,
        Column("name", "姓名", "name", as_text),
        optional("name_en", "英文姓名", "name (English)", as_text, 200, empty=""),
        optional("language", "使用语言", "language", one_of(LANGUAGES), empty="zh"),
        optional("id_number", "身份证号", "id number", as_id_number, 30),
    ),
    "students": (
        STUDENT_NUMBER,
        UNIT_CODE,
        Column("level", "培养层次", "level", one_of(LEVELS)),
        Column("kind", "学位类型", "kind", one_of(KINDS)),
        Column("major_zh", "专业", "major (Chinese)", as_text),
        Column("major_en", "专业英文名称", "major (English)", as_text, limit=200),
        Column("enrolled_on", "入学日期", "enrolled on", as_day),
        Column("graduated_on", "毕业日期", "graduated on", as_day, blank=True),
        Column("central_teaching", "参加北京集中教学", "central teaching", one_of(TRUTH)),
    ),
    "roles": (
        PERSON_NUMBER,
        Column("role", "角色", "role", one_of(ROLES)),
        optional("unit", "培养单位代码", "unit code", as_code, 32),
        optional("revoked", "撤销", "revoked", one_of(TRUTH), empty=False),
    ),
    "courses": (
        COURSE_CODE,
        Column("name_zh", "课程名称", "course name (Chinese)", as_text, limit=200),
        Column("name_en", "课程英文名称", "course name (English)", as_text, limit=300),
        Column("credit_tenths", "学分", "credits", as_credit_tenths),
        optional("hours", "学时", "hours", as_hours),
    ),
    "grades": (
        STUDENT_NUMBER,
        COURSE_CODE,
        Column("term", "学年学期", "term", as_term),
        Column("score", "成绩", "score", as_score),
        Column("degree_course", "学位课", "degree course", one_of(TRUTH)),
        Column("period", "教学阶段", "period", one_of(PERIODS)),
    ),
    "email_requests": (
        STUDENT_NUMBER,
        Column("language", "成绩单语言", "transcript language", one_of(LANGUAGES)),
        Column("gpa", "GPA", "gpa", one_of(GPA)),
        Column("requested_on", "申请日期", "requested on", as_day),
    ),
    **columns_exam.COLUMNS,
    **columns_photo.COLUMNS,
}
"""In the order in which they have to be imported."""

KEYS: dict[str, tuple[str, ...]] = {
    "units": ("unit", "valid_from"),
    "people": ("number",),
    "students": ("number",),
    "roles": ("number", "role", "unit"),
    "courses": ("code",),
    "grades": ("number", "code", "term"),
    "email_requests": ("number", "language", "gpa", "requested_on"),
    **columns_exam.KEYS,
    **columns_photo.KEYS,
}
"""What makes two rows of a file speak of the same thing."""


def heading(cell: str) -> str:
    """A heading without what people write differently: spaces, underscores, case, parentheses."""
    return "".join(cell.replace("_", " ").replace("（", "(").replace("）", ")").casefold().split())


def places(kind: str, headings: list[str]) -> tuple[dict[str, int], list[str]]:
    """Where each column of ``kind`` is, and the headings that are none of them.

    Raises UnreadableFile when a required one is missing or one is there twice.
    """
    found: dict[str, int] = {}
    others = []
    names = {heading(name): c.key for c in COLUMNS[kind] for name in (c.zh, c.en)}
    for place, cell in enumerate(headings):
        key = names.get(heading(cell))
        if key is None:
            if cell:
                others.append(cell)
        elif key in found:
            raise UnreadableFile("heading_twice", heading=cell)
        else:
            found[key] = place
    missing = [c.zh for c in COLUMNS[kind] if c.required and c.key not in found]
    if missing:
        raise UnreadableFile("missing_columns", kind=kind, missing="、".join(missing))
    return found, others


def kind_of(headings: list[str]) -> str:
    """The kind that all required columns are there for; with several, the one with most columns."""
    fitting = {}
    for kind in COLUMNS:
        try:
            fitting[kind] = len(places(kind, headings)[0])
        except UnreadableFile:
            continue
    most = max(fitting.values(), default=0)
    best = [kind for kind, count in fitting.items() if count == most]
    if len(best) != 1:
        raise UnreadableFile("unknown_kind", kinds="、".join(COLUMNS))
    return best[0]
