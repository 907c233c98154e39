"""The columns of the self-study exam's files; see ``columns.py``, which takes them in."""

from backend.registry.column import Column, optional
from backend.registry.values import (
    TRUTH,
    as_code,
    as_credit_tenths,
    as_day,
    as_exam_ticket,
    as_text,
    one_of,
)
from backend.registry.values_exam import (
    CREDIT_KINDS,
    EXAM_LEVELS,
    GENDERS,
    PARTS,
    SOURCES,
    TRANSFER_STATES,
    as_email,
    as_exam_course,
    as_exam_score,
    as_mobile,
    as_moment,
    as_month,
    as_phone,
    as_postcode,
)

TICKET = Column("ticket", "准考证号", "exam ticket", as_exam_ticket)
COURSE = Column("code", "课程代码", "exam course code", as_exam_course)
MAJOR = Column("major", "专业代码", "exam major code", as_code, limit=32)
PERSON = Column("number", "学号或工号", "number", as_code, limit=32)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "exam_courses": (
        COURSE,
        Column("name_zh", "课程名称", "course name (Chinese)", as_text, limit=200),
        optional("name_en", "课程英文名称", "course name (English)", as_text, 300, empty=""),
        Column("credit_tenths", "学分", "credits", as_credit_tenths),
        optional("active", "有效", "active", one_of(TRUTH), empty=True),
    ),
    "exam_majors": (
        MAJOR,
        Column("name_zh", "专业名称", "exam major (Chinese)", as_text),
        optional("name_en", "专业英文名称", "exam major (English)", as_text, 200, empty=""),
        Column("level", "层次", "exam level", one_of(EXAM_LEVELS)),
        Column("unit", "主考学校代码", "examining university", as_code, limit=32),
        Column("total_credit_tenths", "应修学分", "total credits", as_credit_tenths),
    ),
    "exam_plans": (
        MAJOR,
        COURSE,
        Column("kind", "类型", "part", one_of(PARTS)),
        Column("required", "必考", "required", one_of(TRUTH)),
        optional("choice", "选考组", "choice", as_text, 20, empty=""),
        optional("since", "启用年月", "since", as_month, empty=""),
        optional("until", "停用年月", "until", as_month, empty=""),
    ),
    "exam_options": (
        MAJOR,
        Column("option", "加考选项", "option", as_code, limit=32),
        Column("name_zh", "选项名称", "option name (Chinese)", as_text),
        optional("name_en", "选项英文名称", "option name (English)", as_text, 200, empty=""),
    ),
    "exam_option_courses": (
        MAJOR,
        Column("option", "加考选项", "option", as_code, limit=32),
        COURSE,
    ),
    "exam_candidates": (
        PERSON,
        Column("gender", "性别", "gender", one_of(GENDERS)),
        Column("ethnicity", "民族", "ethnicity", as_text, limit=30),
        Column("born_on", "出生日期", "born on", as_day),
        Column("id_kind", "证件类型", "id kind", as_text, limit=30),
        optional("education", "学历", "education", as_text, 30, empty=""),
        optional("political", "政治面貌", "political status", as_text, 30, empty=""),
        optional("household", "户籍类型", "household", as_text, 30, empty=""),
        optional("study_mode", "学习方式", "study mode", as_text, 30, empty=""),
        optional("occupation", "职业类型", "occupation", as_text, 30, empty=""),
        optional("phone", "联系电话", "phone", as_phone, 30),
        optional("mobile", "手机号码", "mobile", as_mobile, 30),
        optional("email", "电子邮箱", "email", as_email, 120),
        optional("employer", "工作单位", "employer", as_text, empty=""),
        optional("address", "通讯地址", "address", as_text, 200),
        optional("postcode", "邮政编码", "postcode", as_postcode, 20, empty=""),
    ),
    "exam_tickets": (
        TICKET,
        PERSON,
        optional("active", "有效", "active", one_of(TRUTH), empty=True),
        optional("major", "专业代码", "exam major code", as_code, 32),
        optional("registered_on", "在籍日期", "registered on", as_day),
    ),
    "exam_scores": (
        TICKET,
        COURSE,
        Column("kind", "类型", "part", one_of(PARTS)),
        Column("session", "考次", "session", as_month),
        Column("score", "成绩", "score", as_exam_score),
        optional("passed", "合格", "passed", one_of(TRUTH)),
    ),
    "exam_credits": (
        TICKET,
        COURSE,
        Column("kind", "类型", "part", one_of(CREDIT_KINDS)),
        Column("passed_month", "通过年月", "passed", as_month),
        Column("source", "来源", "source", one_of(SOURCES)),
        optional("score", "成绩", "score", as_exam_score),
    ),
    "transfers_in": (
        TICKET,
        Column("from_province", "转出省", "from province", as_text, limit=20),
        Column("from_ticket", "原准考证号", "ticket there", as_code, limit=32),
        COURSE,
        optional("score", "成绩", "score", as_exam_score),
        optional("passed_month", "通过年月", "passed", as_month, empty=""),
        optional("major", "专业代码", "exam major code", as_code, 32),
        Column("state", "状态", "state", one_of(TRANSFER_STATES)),
        optional("confirm_at", "确认时间", "appointment", as_moment),
        optional("confirm_place", "确认地点", "place", as_text, 200, empty=""),
        optional("reason", "理由", "reason", as_text, 300, empty=""),
    ),
}

KEYS: dict[str, tuple[str, ...]] = {
    "exam_courses": ("code",),
    "exam_majors": ("major",),
    "exam_plans": ("major", "code", "kind"),
    "exam_options": ("major", "option"),
    "exam_option_courses": ("major", "option", "code"),
    "exam_candidates": ("number",),
    "exam_tickets": ("ticket",),
    "exam_scores": ("ticket", "code", "kind", "session"),
    "exam_credits": ("ticket", "code", "kind", "source", "passed_month"),
    "transfers_in": ("ticket", "from_province", "from_ticket", "code"),
}
