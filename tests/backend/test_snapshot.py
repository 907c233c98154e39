"""What was previewed is what is made (T6): any change of the data has another digest."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backend import offers, previews, tasks
from backend.documents import font_files
from backend.documents.errors import MissingGlyph
from backend.documents.facts import Coverage, Gpa, Language, TranscriptFacts
from backend.errors import Refused
from backend.models import Course, Grade, Person, Snapshot, Student, UnitName
from backend.work import Work
from tests.backend.scene import Scene


def digest(scene: Scene, student: int, gpa: Gpa = Gpa.WITHOUT) -> str:
    with scene.office.work() as work:
        return scene.facts(work, student, gpa=gpa).digest


def one(work: Work, model: type) -> Any:
    """The student's, or the first there is."""
    return work.session.scalars(select(model).limit(1)).one()


CHANGES: dict[str, tuple[type, dict[str, Any]]] = {
    "a grade": (Grade, {"score": "93"}),
    "a term": (Grade, {"term": "2022-2023-1"}),
    "a degree course": (Grade, {"degree_course": False}),
    "a period": (Grade, {"period": "combined"}),
    "a course's name": (Course, {"name_zh": "量子力学"}),
    "a course's English name": (Course, {"name_en": "Quantum Mechanics"}),
    "a course's credits": (Course, {"credit_tenths": 35}),
    "a course's hours": (Course, {"hours": 60}),
    "the major": (Student, {"major_zh": "凝聚态物理"}),
    "the English major": (Student, {"major_en": "Condensed Matter"}),
    "the level": (Student, {"level": "doctor"}),
    "the unit's name": (UnitName, {"name_zh": "物理学研究所"}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_anything_printed_needs_a_new_preview(scene: Scene, what: str) -> None:
    model, changed = CHANGES[what]
    student = scene.student()
    before = digest(scene, student)
    with scene.office.work() as work:
        row = one(work, model)
        for name, value in changed.items():
            setattr(row, name, value)
    assert digest(scene, student) != before


@pytest.mark.parametrize("changed", [{"name": "林晓曼"}, {"name_en": "Lin Xiao"}, {"number": "S9"}])
def test_a_change_of_the_person_needs_a_new_preview(scene: Scene, changed: dict[str, str]) -> None:
    student = scene.student()
    before = digest(scene, student)
    with scene.office.work() as work:
        person = work.session.get_one(Person, student)
        for name, value in changed.items():
            setattr(person, name, value)
    assert digest(scene, student) != before


def test_a_new_grade_needs_a_new_preview(scene: Scene) -> None:
    student = scene.student()
    before = digest(scene, student)
    scene.grade(student, "P300", "77")
    assert digest(scene, student) != before


def test_another_formula_for_the_gpa_needs_a_new_preview_only_where_it_is_printed(
    scene: Scene,
) -> None:
    student = scene.student()
    with_gpa, without = digest(scene, student, Gpa.WITH), digest(scene, student)
    with scene.office.read() as work:
        gpa = offers.offer(work, student).policy.gpa_formula().model_dump(mode="json")
    scene.set_policy("transcript", scene.clock.now().date(), gpa=gpa | {"note_zh": "改了"})
    assert digest(scene, student, Gpa.WITH) != with_gpa
    assert digest(scene, student) == without


def test_what_is_not_printed_asks_for_no_new_preview(scene: Scene) -> None:
    student = scene.student()
    before = digest(scene, student)
    with scene.office.work() as work:
        work.session.get_one(Person, student).language = "en"
    scene.grade(scene.student("S2", graded=False), "P100", "60")
    assert digest(scene, student) == before


def test_each_kind_and_coverage_is_a_document_of_its_own(scene: Scene) -> None:
    student = scene.student()
    with scene.office.work() as work:
        digests = {
            scene.facts(work, student, language, gpa, coverage).digest
            for language in Language
            for gpa in Gpa
            for coverage in Coverage
        }
    assert len(digests) == 8


def test_the_snapshot_keeps_the_facts_to_the_letter_and_is_taken_once(scene: Scene) -> None:
    student = scene.student()
    with scene.office.work() as work:
        facts = scene.facts(work, student, gpa=Gpa.WITH)
    with scene.office.work() as work:
        assert scene.facts(work, student, gpa=Gpa.WITH) == facts
    with scene.office.read() as work:
        assert previews.facts_of(work, facts.digest) == facts
        assert work.session.scalar(select(func.count()).select_from(Snapshot)) == 1
    assert TranscriptFacts.from_json(facts.to_json()).digest == facts.digest


def test_a_preview_is_ordered_once_however_often_one_asks(scene: Scene) -> None:
    student = scene.student()
    wanted = digest(scene, student)
    for _ in range(3):
        with scene.office.work(student) as work:
            assert previews.pages(work, wanted) == []
        scene.pass_time(timedelta(seconds=1))
    assert len(scene.jobs_asked("draw_preview")) == 1
    scene.direct.run_all(scene.office)
    with scene.office.work(student) as work:
        (page,) = previews.pages(work, wanted)
        assert page.owner_id == student
    assert scene.told("job.done") == [f"preview:{wanted}"]
    assert len(scene.jobs_asked("draw_preview")) == 1


def test_a_preview_whose_files_are_gone_is_drawn_again(scene: Scene) -> None:
    student = scene.student()
    wanted = digest(scene, student)
    with scene.office.work(student) as work:
        previews.pages(work, wanted)
    scene.direct.run_all(scene.office)
    scene.pass_time(timedelta(days=8))
    assert len(tasks.sweep_files(scene.office)) == 1
    with scene.office.work(student) as work:
        assert previews.pages(work, wanted) == []
    scene.direct.run_all(scene.office)
    with scene.office.work(student) as work:
        assert len(previews.pages(work, wanted)) == 1


def test_a_character_no_font_has_is_told_to_the_student_and_to_academic_affairs(
    scene: Scene,
) -> None:
    student = scene.student()
    wanted = digest(scene, student)
    scene.press.failing = MissingGlyph(("𠮷",))
    with scene.office.work(student) as work:
        previews.pages(work, wanted)
    scene.direct.run_all(scene.office)
    assert scene.told("transcript.undrawable") == [wanted]
    with scene.office.work(student) as work, pytest.raises(Refused) as refused:
        previews.pages(work, wanted)
    assert (refused.value.code, refused.value.rule) == ("missing_glyph", "T8")
    assert refused.value.facts == {"glyphs": "𠮷", "office": "academic_affairs"}


def test_other_fonts_are_tried_on_what_the_former_could_not_draw(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = scene.student()
    wanted = digest(scene, student)

    def asked() -> int:
        with scene.office.work(student) as work:
            pages = previews.pages(work, wanted)
        scene.direct.run_all(scene.office)
        scene.pass_time(timedelta(seconds=1))
        return len(pages)

    scene.press.failing = MissingGlyph(("𠮷",))
    assert asked() == 0
    with pytest.raises(Refused, match="missing_glyph"):
        asked()
    monkeypatch.setattr(font_files, "edition", lambda: "another")
    assert asked() == 0  # they do not have it either
    with pytest.raises(Refused, match="missing_glyph"):
        asked()
    assert len(scene.jobs_asked("draw_preview")) == 2
    monkeypatch.setattr(font_files, "edition", lambda: "a better one")
    scene.press.failing = None
    assert [asked(), asked()] == [0, 1]
    assert scene.told("transcript.undrawable") == [wanted, wanted]
