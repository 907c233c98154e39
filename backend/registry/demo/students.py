"""Three hundred students of nobody's: one for every branch of the rules T1 to T5, and many more.

Those with a ``case`` are written out, the others are drawn at random, always the same.
"""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from backend.registry.demo.names import invented_name
from backend.registry.demo.units import CHEMISTRY, UNITS

SEED = 20200430  # the day of the notice
TOTAL = 300
BEFORE_NOTICE = date(2020, 3, 20)  # an e-mail before the window of T3


@dataclass(frozen=True, slots=True)
class DemoStudent:
    """``courses`` is how many results there are; ``emailed`` what was asked for by e-mail (T3)."""

    number: str
    name: str
    name_en: str
    unit: str
    enrolled_on: date
    graduated_on: date | None
    case: str = ""
    level: str = "master"
    kind: str = "academic"
    major: int = 0
    central: bool = True
    language: str = "zh"
    courses: int = 14
    emailed: tuple[tuple[str, str, date], ...] = ()


def number(year: int, serial: int) -> str:
    return f"{year}18{serial:08d}"


def september(year: int) -> date:
    return date(year, 9, 1)


def july(year: int) -> date:
    return date(year, 7, 1)


def case(
    case: str, serial: int, name: str, name_en: str, enrolled: int, graduated: int | None, unit: str
) -> DemoStudent:
    return DemoStudent(
        number(enrolled, serial),
        name,
        name_en,
        unit,
        september(enrolled),
        july(graduated) if graduated else None,
        case,
    )


COMPUTING, MECHANICS, ASTRONOMY, PHYSICS, BOTANY, PSYCHOLOGY, MATHEMATICS = (
    unit.code for unit in UNITS[1:]
)
EVERY_KIND = tuple(
    (language, gpa, date(2020, 4, 1 + index))
    for index, (language, gpa) in enumerate(
        (language, gpa) for language in ("zh", "en") for gpa in ("with", "without")
    )
)
LONG_NAME = "Maximiliane Alexandra Wolfeschlegelsteinhausen-Bergerdorff de la Santísima Trinidad"

CASES = (
    case("enrolled_master", 1, "林若溪", "LIN Ruoxi", 2023, None, CHEMISTRY),
    case("graduated_master", 1, "周明远", "ZHOU Mingyuan", 2016, 2019, COMPUTING),
    case("before_2001", 1, "赵建国", "ZHAO Jianguo", 1998, 2001, MECHANICS),
    replace(
        case("officer_and_student", 1, "陈景行", "CHEN Jingxing", 2022, None, CHEMISTRY),
        level="doctor",
        major=1,
    ),
    replace(
        case("before_2001_institute", 2, "吴立新", "WU Lixin", 1999, 2002, PHYSICS),
        central=False,
        courses=0,
    ),
    case("2001_central", 1, "孙志强", "SUN Zhiqiang", 2001, 2004, MATHEMATICS),
    case("2012_central", 1, "徐佳怡", "XU Jiayi", 2012, 2015, ASTRONOMY),
    replace(
        case("2012_institute", 2, "高海燕", "GAO Haiyan", 2012, 2015, BOTANY),
        central=False,
        courses=9,
    ),
    case("2013_central", 1, "何文博", "HE Wenbo", 2013, 2016, PSYCHOLOGY),
    replace(
        case("2013_institute", 2, "郭静怡", "GUO Jingyi", 2013, 2016, PHYSICS),
        central=False,
        courses=8,
    ),
    replace(
        case("enrolled_doctor", 1, "罗天翔", "LUO Tianxiang", 2024, None, COMPUTING),
        level="doctor",
        courses=10,
    ),
    replace(
        case("enrolled_institute", 2, "宋雨桐", "SONG Yutong", 2024, None, BOTANY),
        central=False,
        courses=7,
    ),
    replace(
        case("graduated_doctor", 1, "郑浩然", "ZHENG Haoran", 2015, 2020, PHYSICS), level="doctor"
    ),
    replace(
        case("emailed_one_kind", 1, "韩欣悦", "HAN Xinyue", 2014, 2017, CHEMISTRY),
        emailed=(("en", "with", date(2020, 3, 25)),),
    ),
    replace(
        case("emailed_every_kind", 2, "唐梦洁", "TANG Mengjie", 2014, 2017, PSYCHOLOGY),
        emailed=EVERY_KIND,
    ),
    replace(
        case("emailed_last_day", 2, "冯俊杰", "FENG Junjie", 2015, 2018, MECHANICS),
        emailed=(("zh", "without", date(2020, 4, 29)),),
    ),
    replace(
        case("emailed_too_early", 3, "董诗涵", "DONG Shihan", 2015, 2018, ASTRONOMY),
        emailed=(("zh", "with", BEFORE_NOTICE),),
    ),
    replace(
        case("no_grades", 1, "程一诺", "CHENG Yinuo", 2025, None, MATHEMATICS),
        courses=0,
        central=True,
    ),
    replace(case("one_course", 2, "曹望舒", "CAO Wangshu", 2025, None, PSYCHOLOGY), courses=1),
    replace(
        case("sixty_courses", 2, "袁卓然", "YUAN Zhuoran", 2016, 2022, COMPUTING),
        courses=60,
        level="doctor",
    ),
    case("rare_character", 2, "邓䶮", "DENG Yan", 2023, None, PHYSICS),
    # 𰻞 (U+30EDE) is in few fonts or none: issuing must refuse clearly instead of printing a gap.
    case("character_without_glyph", 3, "许𰻞", "XU Biang", 2023, None, MECHANICS),
    case("minority_name", 4, "阿依努尔·买买提江", "AYNUR Memetjan", 2023, None, BOTANY),
    replace(
        case("long_english_name", 3, "玛克西米莉安娜", LONG_NAME, 2024, None, ASTRONOMY),
        language="en",
    ),
    replace(
        case("professional_master", 3, "傅嘉树", "FU Jiashu", 2016, 2019, PSYCHOLOGY),
        kind="professional",
        major=1,
    ),
    replace(
        case("equivalent", 3, "沈清扬", "SHEN Qingyang", 2014, 2018, MATHEMATICS),
        kind="equivalent",
        major=1,
    ),
    case("same_name_first", 5, "刘思源", "LIU Siyuan", 2023, None, CHEMISTRY),
    case("same_name_second", 6, "刘思源", "LIU Siyuan", 2023, None, CHEMISTRY),
)

ENROLLED_COHORTS = (2022, 2023, 2024, 2025)
DOCTOR_ONLY = 2022  # a master of that year would be past the end of the studies
GRADUATED_COHORTS = tuple(range(1997, 2022))


def students() -> tuple[DemoStudent, ...]:
    """All of them, the written ones first."""
    random = Random(SEED)  # noqa: S311 - repeatable data, not secrets
    serials: dict[int, int] = {}
    for written in CASES:
        year = written.enrolled_on.year
        serials[year] = max(serials.get(year, 0), int(written.number[6:]))
    drawn = []
    for _ in range(TOTAL - len(CASES)):
        student = draw(random)
        year = student.enrolled_on.year
        serials[year] = serials.get(year, 0) + 1
        drawn.append(replace(student, number=number(year, serials[year])))
    return CASES + tuple(drawn)


def draw(random: Random) -> DemoStudent:
    enrolled = random.random() < 0.4
    year = random.choice(ENROLLED_COHORTS if enrolled else GRADUATED_COHORTS)
    doctor = year == DOCTOR_ONLY or random.random() < 0.3
    name, name_en = invented_name(random)
    unit = random.choice(UNITS)
    kinds = ("academic",) * 6 + ("professional",) * 3 + ("equivalent",)
    before_2001 = year < 2001
    return DemoStudent(
        number="",
        name=name,
        name_en=name_en,
        unit=unit.code,
        enrolled_on=september(year),
        graduated_on=None if enrolled else july(year + (5 if doctor else 3)),
        level="doctor" if doctor else "master",
        kind="academic" if doctor else random.choice(kinds),
        major=random.randrange(len(unit.majors)),
        central=random.random() < 0.75,
        courses=random.randint(4, 10) if before_2001 else random.randint(8, 18),
        emailed=drawn_requests(random, year),
    )


def drawn_requests(random: Random, year: int) -> tuple[tuple[str, str, date], ...]:
    if not 2001 <= year <= 2019 or random.random() < 0.9:
        return ()
    language, gpa = random.choice(("zh", "en")), random.choice(("with", "without"))
    return ((language, gpa, date(2020, 4, random.randint(1, 29))),)
