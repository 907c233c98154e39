"""Eight training units of the university. Names and the school code 14430 are those of its public
notices; the four digits behind it are invented."""

from dataclasses import dataclass
from datetime import date

INSTITUTION = "ucas"
INSTITUTION_ZH = "中国科学院大学"
INSTITUTION_EN = "University of Chinese Academy of Sciences"
NAMES_VALID_FROM = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """``field`` is the key of its courses; ``majors`` are what is studied there."""

    code: str
    name_zh: str
    name_en: str
    field: str
    majors: tuple[tuple[str, str], ...]


CHEMISTRY = "144309001"

UNITS = (
    DemoUnit(
        CHEMISTRY,
        "化学研究所",
        "Institute of Chemistry",
        "chemistry",
        (
            ("物理化学", "Physical Chemistry"),
            ("有机化学", "Organic Chemistry"),
            ("高分子化学与物理", "Polymer Chemistry and Physics"),
        ),
    ),
    DemoUnit(
        "144309002",
        "计算技术研究所",
        "Institute of Computing Technology",
        "computing",
        (
            ("计算机系统结构", "Computer Architecture"),
            ("计算机软件与理论", "Computer Software and Theory"),
            ("计算机应用技术", "Computer Application Technology"),
        ),
    ),
    DemoUnit(
        "144309003",
        "力学研究所",
        "Institute of Mechanics",
        "mechanics",
        (("流体力学", "Fluid Mechanics"), ("固体力学", "Solid Mechanics")),
    ),
    DemoUnit(
        "144309004",
        "国家天文台",
        "National Astronomical Observatories",
        "astronomy",
        (("天体物理", "Astrophysics"), ("天文技术与方法", "Astronomical Techniques and Methods")),
    ),
    DemoUnit(
        "144309005",
        "物理研究所",
        "Institute of Physics",
        "physics",
        (("凝聚态物理", "Condensed Matter Physics"), ("理论物理", "Theoretical Physics")),
    ),
    DemoUnit(
        "144309006",
        "植物研究所",
        "Institute of Botany",
        "botany",
        (("植物学", "Botany"), ("生态学", "Ecology")),
    ),
    DemoUnit(
        "144309007",
        "心理研究所",
        "Institute of Psychology",
        "psychology",
        (("基础心理学", "Basic Psychology"), ("应用心理学", "Applied Psychology")),
    ),
    DemoUnit(
        "144309008",
        "数学与系统科学研究院",
        "Academy of Mathematics and Systems Science",
        "mathematics",
        (("基础数学", "Pure Mathematics"), ("系统工程", "Systems Engineering")),
    ),
)
