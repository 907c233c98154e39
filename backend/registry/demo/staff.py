"""The people of the demo who are not (only) students."""

from dataclasses import dataclass

from backend.authority import Role
from backend.registry.demo.exam import FIRST_UNIVERSITY, SECOND_UNIVERSITY
from backend.registry.demo.units import CHEMISTRY, UNITS


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """``unit`` is the code of the unit the role is for; none: the whole institution."""

    number: str
    name: str
    name_en: str
    role: Role
    unit: str | None = None


OFFICER_NAMES = (
    ("刘敏", "LIU Min"),
    ("杨海燕", "YANG Haiyan"),
    ("黄志强", "HUANG Zhiqiang"),
    ("马丽华", "MA Lihua"),
    ("谢立新", "XIE Lixin"),
    ("曾芳", "ZENG Fang"),
    ("彭静怡", "PENG Jingyi"),
    ("苏涛", "SU Tao"),
)

STAFF = (
    *(
        DemoStaff(f"S{serial:05d}", name, name_en, Role.UNIT_OFFICER, unit.code)
        for serial, (unit, (name, name_en)) in enumerate(zip(UNITS, OFFICER_NAMES, strict=True), 1)
    ),
    DemoStaff("S00009", "范晓芸", "FAN Xiaoyun", Role.DEPUTY, CHEMISTRY),
    DemoStaff("S00101", "卢佳怡", "LU Jiayi", Role.ACADEMIC_AFFAIRS),
    DemoStaff("S00102", "蒋文博", "JIANG Wenbo", Role.ACADEMIC_AFFAIRS),
    DemoStaff("S00201", "蔡婷", "CAI Ting", Role.FINANCE),
    DemoStaff("S00301", "欧阳磊", "OUYANG Lei", Role.ADMINISTRATOR),
    DemoStaff("S00401", "邹文静", "ZOU Wenjing", Role.STUDENT_AFFAIRS),
    DemoStaff("S00501", "戴明远", "DAI Mingyuan", Role.EXAM_OFFICE),
    DemoStaff("S00601", "洪雨桐", "HONG Yutong", Role.EXAM_REVIEWER, FIRST_UNIVERSITY),
    DemoStaff("S00602", "尹立新", "YIN Lixin", Role.EXAM_REVIEWER, FIRST_UNIVERSITY),
    DemoStaff("S00603", "黎静怡", "LI Jingyi", Role.EXAM_REVIEWER, SECOND_UNIVERSITY),
)

# The second officer of chemistry studies there: T4 leaves that application to the first one.
STUDENT_OFFICER_UNIT = CHEMISTRY
