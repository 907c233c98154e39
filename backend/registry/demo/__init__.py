"""A demo institution in which every branch of the rules T1 to T5 and E1 to E9 has somebody to show it.

Nobody in it exists. Student numbers have 14 digits (the year, 18, a serial) where real ones have
15; staff numbers begin with S, candidates' with K; exam tickets begin with 99; ID numbers lie in
the area 000000, which is no place; names are put together at random. The institution and its units
are called as in the public notices; the examining universities are invented.
"""

from dataclasses import dataclass

from backend.registry.demo.exam_people import CANDIDATES
from backend.registry.demo.loading import load
from backend.registry.demo.staff import STAFF
from backend.registry.demo.students import CASES as WRITTEN
from backend.registry.demo.units import INSTITUTION

__all__ = ["CASES", "FEATURED", "INSTITUTION", "Featured", "load"]

CASES: dict[str, str] = {student.case: student.number for student in WRITTEN} | {
    candidate.case: candidate.number for candidate in CANDIDATES
}
"""Number by what somebody is there to show: ``no_grades``, ``2012_institute``, ``k_gap``, ..."""

NAMES = {
    **{person.number: (person.name, person.name_en) for person in WRITTEN},
    **{person.number: (person.name, person.name_en) for person in STAFF},
    **{person.number: (person.name, person.name_en) for person in CANDIDATES},
}


@dataclass(frozen=True, slots=True)
class Featured:
    """Somebody to be in the demo: as whom a visitor may look around."""

    key: str
    number: str
    name: str
    name_en: str
    role_zh: str
    role_en: str


def featured(key: str, number: str, role_zh: str, role_en: str) -> Featured:
    return Featured(key, number, *NAMES[number], role_zh, role_en)


FEATURED = (
    featured(
        "enrolled",
        CASES["enrolled_master"],
        "演示：化学研究所 2023 级在读硕士研究生",
        "Demo: master's student at the Institute of Chemistry since 2023",
    ),
    featured(
        "graduated",
        CASES["graduated_master"],
        "演示：2016 年入学、2019 年毕业的硕士",
        "Demo: master's graduate, enrolled 2016, graduated 2019",
    ),
    featured(
        "before_2001",
        CASES["before_2001"],
        "演示：1998 年入学的毕业生（暂无电子成绩单）",
        "Demo: graduate who enrolled in 1998 (no electronic transcript yet)",
    ),
    featured(
        "unit_officer",
        "S00001",
        "演示：化学研究所教育管理干部，审批本所申请",
        "Demo: education officer of the Institute of Chemistry, who approves its applications",
    ),
    featured(
        "academic_affairs",
        "S00101",
        "演示：教务部工作人员",
        "Demo: staff member of academic affairs",
    ),
    featured(
        "candidate",
        CASES["k_plain"],
        "演示：自学考试考生，行政管理（专升本）",
        "Demo: candidate of the self-study exam, Public Administration (bachelor)",
    ),
    featured(
        "exam_reviewer",
        "S00601",
        "演示：主考学校（演示大学甲）自考审核人",
        "Demo: reviewer of an examining university",
    ),
    featured(
        "exam_office",
        "S00501",
        "演示：自考办工作人员",
        "Demo: staff member of the self-study exam office",
    ),
    featured(
        "student_affairs",
        "S00401",
        "演示：学生处工作人员，安排毕业照拍摄",
        "Demo: staff member of student affairs, who arrange the graduation photos",
    ),
    featured(
        "finance",
        "S00201",
        "演示：财务处工作人员，退款、发票、减免、账目",
        "Demo: staff member of finance: refunds, invoices, waivers, the books",
    ),
    featured(
        "administrator",
        "S00301",
        "演示：系统管理员",
        "Demo: administrator",
    ),
)
