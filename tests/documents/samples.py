"""Fictitious students and courses."""

from datetime import UTC, datetime

from backend.documents.facts import CourseLine, Coverage, Gpa, Language, TranscriptFacts
from backend.documents.materials import Issue, Seal

COURSES = (
    (
        "081202M04001H",
        "高级算法设计与分析",
        "Advanced Algorithm Design and Analysis",
        "4",
        60,
        "92",
    ),
    ("081203M05007H", "机器学习", "Machine Learning", "3", 60, "88"),
    (
        "081201D01003H",
        "大规模分布式存储系统的可靠性理论与工程实践",
        "Reliability Theory and Engineering Practice of Large-Scale Distributed Storage Systems: "
        "Selected Topics",
        "2",
        40,
        "A-",
    ),
    ("010108MGX001H", "中国特色社会主义理论与实践研究", "Chinese Socialism Today", "1", 18, "85"),
    ("050200MGB001H", "硕士学位英语", "English for Master's Students", "3", 64, "81.5"),
    ("070100M01002H", "矩阵分析与应用", "Matrix Analysis and Applications", "3", 60, "95"),
    (
        "120400MGX003H",
        "科研伦理与学术规范",
        "Research Ethics and Academic Integrity",
        "1",
        20,
        "通过",
    ),
    ("081200MGX009P", "学术报告与研讨", "Seminars", "1.5", None, "通过"),
)
TERMS = ("2021-2022-1", "2021-2022-2", "2021-2022-3", "2022-2023-1", "2022-2023-2", "2023-2024-1")


def courses(count: int) -> tuple[CourseLine, ...]:
    found = []
    for index in range(count):
        code, name_zh, name_en, credits, hours, score = COURSES[index % len(COURSES)]
        round_ = index // len(COURSES)
        found.append(
            CourseLine(
                code=code,
                name_zh=name_zh + (f"（{round_ + 1}）" if round_ else ""),
                name_en=name_en + (f" ({round_ + 1})" if round_ else ""),
                credits=credits,
                hours=hours,
                term=TERMS[index * len(TERMS) // max(count, 18)],
                score=score,
                degree_course=index % 3 != 2,
                period=Coverage.COMBINED if index * 2 > count else Coverage.CENTRALIZED,
            )
        )
    return tuple(found)


def facts(
    *,
    language: Language = Language.ZH,
    gpa: Gpa = Gpa.WITH,
    coverage: Coverage = Coverage.CENTRALIZED,
    count: int = 16,
    name_zh: str = "林知远",
    name_en: str = "LIN Zhiyuan",
    graduated_on: str | None = "2024-06-30",
) -> TranscriptFacts:
    with_gpa = gpa is Gpa.WITH
    return TranscriptFacts(
        institution_zh="中国科学院大学",
        institution_en="University of Chinese Academy of Sciences",
        language=language,
        gpa=gpa,
        coverage=coverage,
        name_zh=name_zh,
        name_en=name_en,
        student_number="2021E8000123456",
        unit_zh="计算技术研究所",
        unit_en="Institute of Computing Technology, Chinese Academy of Sciences",
        major_zh="计算机科学与技术",
        major_en="Computer Science and Technology",
        level="master",
        enrolled_on="2021-09-01",
        graduated_on=graduated_on,
        courses=courses(count),
        total_credits="37.5",
        gpa_value="3.72" if with_gpa else None,
        gpa_scale="4.0" if with_gpa else None,
        gpa_note_zh="GPA 为各课程绩点按学分加权的平均值；“通过”类成绩不计入。"
        if with_gpa
        else None,
        gpa_note_en="GPA is the mean of the grade points of all courses weighted by credits; "
        "courses graded pass or fail are not counted."
        if with_gpa
        else None,
    )


ISSUE = Issue(
    code="K7QM3XPA9D2FH5RT",
    verify_url="https://registrar.example.edu/v/K7QM3XPA9D2FH5RT",
    issued_at=datetime(2026, 11, 22, 2, 30, tzinfo=UTC),
    demo=True,
)
SEAL = Seal("中国科学院大学", "证明专用章", demo=True)
