"""Fields are found in the text of a form, wherever its reader has cut it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from backend.pictures import reader
from backend.pictures.seen import Box, Line, Measured, Read
from backend.pictures.studio import Apart
from backend.proofs import reading
from tests.pictures.making import FORMS, jpeg, on_a_pattern, on_a_table

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def line(text: str, x: int, y: int, *, sure: float = 0.95, wide: int | None = None) -> Line:
    return Line(text, sure, Box(x, y, wide or len(text) * 20, 24))


def texts(lines: list[Line], type_: str) -> dict[str, str]:
    return {name: field.text for name, field in reading.fields(lines, type_).items()}


@pytest.mark.parametrize("name", FORMS)
def test_the_fields_of_every_form_are_found(name: str) -> None:
    type_, make, expected = FORMS[name]
    placed = make().lines
    assert texts([Line(text, sure, Box(*box)) for text, sure, *box in placed], type_) == expected


def test_a_label_may_stand_left_of_its_value_above_it_or_below_it() -> None:
    left = [line("证书编号：", 10, 10), line("999052312001234", 150, 12)]
    assert texts(left, "cet") == {"number": "999052312001234"}
    above = [line("证书编号", 10, 10), line("999052312001234", 10, 44)]
    assert texts(above, "cet") == {"number": "999052312001234"}
    below = [line("0908 8869 3519", 10, 10), line("在线验证码", 60, 44)]
    assert texts(below, "registration_record") == {"number": "090888693519"}


def test_a_table_of_several_columns_is_read_row_by_row() -> None:
    rows = [
        *(line("姓 名", 10, 10), line("张三", 120, 11), line("性 别", 300, 10), line("女", 400, 9)),
        *(line("入学时间", 10, 60), line("1998年9月1日", 120, 60)),
        *(line("毕业时间", 300, 60), line("2001年7月1日", 400, 60)),
    ]
    assert texts(rows, "registration_record") == {"name": "张三", "month": "2001-07"}


def test_numbers_that_were_cut_into_groups_are_put_together() -> None:
    cut = [line("在线验证码：9999", 10, 10), line("1234", 200, 11), line("5678", 300, 10)]
    assert texts(cut, "registration_record") == {"number": "999912345678"}


def test_full_width_and_dates_in_words_are_read() -> None:
    lines = [
        line("证书编号：９９９０５２３１２００１２３４", 10, 10),
        line("考试日期：二〇一八年六月", 10, 50),
    ]
    assert texts(lines, "cet") == {"number": "999052312001234", "month": "2018-06"}


def test_nothing_is_made_up() -> None:
    lines = [
        line("证书编号：12345", 10, 10),
        line("考试时间：2018年13月", 10, 50),
        line("电话：13800000000", 10, 90),
    ]
    assert texts(lines, "cet") == {}
    assert texts([], "cet") == {}


def test_how_sure_a_field_is_is_as_sure_as_its_least_part() -> None:
    lines = [line("证书编号：", 10, 10, sure=0.99), line("999052312001234", 150, 10, sure=0.7)]
    assert reading.fields(lines, "cet")["number"].confidence == 0.7


def test_a_hostile_text_is_read_in_no_time() -> None:
    long = [line("证书编号：" * 300 + "1" * 3000, 10, 10), line("姓名：" + "一" * 5000, 10, 60)]
    reading.fields(long, "diploma")
    reading.faults(Read(tuple(long), 0, (1000, 1000)), "diploma", NOW, 6)


def faults(name: str, type_: str) -> set[str]:
    sheet = FORMS[name][1]()
    lines = tuple(Line(text, sure, Box(*box)) for text, sure, *box in sheet.lines)
    return {one.code for one in reading.faults(Read(lines, 0, sheet.image.size), type_, NOW, 6)}


@pytest.mark.parametrize("name", FORMS)
def test_only_the_form_that_was_chosen_will_do(name: str) -> None:
    assert faults(name, FORMS[name][0]) == set()
    other = "cet" if FORMS[name][0] != "cet" else "pets"
    assert faults(name, other) == {"wrong_form"}
    assert faults(name, "other") == set()


def test_words_at_the_border_and_two_forms_on_one_picture_are_told() -> None:
    at_border = Read((line("证书编号", 2, 300),), 0, (1000, 1000))
    assert reading.faults(at_border, "cet", NOW, 6) == [Measured("cropped")]
    two = Read((line("全国大学英语四级考试", 100, 100), line("毕业证书", 600, 100)), 0, (1000, 500))
    assert Measured("several_pages") in reading.faults(two, "cet", NOW, 6)


def test_a_record_must_be_one_that_can_still_be_verified() -> None:
    for updated, old in (("2025年8月30日", True), ("2025年10月1日", False)):
        found = Read(
            (
                line("教育部学历证书电子注册备案表", 100, 100),
                line(f"更新日期：{updated}", 100, 200),
            ),
            0,
            (1000, 1000),
        )
        codes = {one.code for one in reading.faults(found, "registration_record", NOW, 6)}
        assert ("record_old" in codes) is old


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    studio = Apart()
    yield studio
    studio.close()


@pytest.mark.skipif(not reader.installed(), reason="the extra ocr is not installed (make ocr)")
class TestWithTheReader:
    """The real one, in its own process."""

    @pytest.mark.parametrize("name", FORMS)
    def test_a_photograph_of_every_form_is_read_whichever_way_up(
        self, apart: Apart, name: str
    ) -> None:
        type_, make, expected = FORMS[name]
        photo = on_a_table(make().image)
        for turn in (0, 90, 180, 270):
            found = apart.read(jpeg(photo.rotate(-turn, expand=True)))
            assert found is not None
            assert found.turn == turn
            assert texts(list(found.lines), type_) == expected

    @pytest.mark.parametrize("pattern", ["wood", "cloth", "bed"])
    def test_it_is_read_on_any_table_a_little_askew_and_badly_lit(
        self, apart: Apart, pattern: str
    ) -> None:
        type_, make, expected = FORMS["diploma"]
        photo = on_a_pattern(make().image, pattern, angle=-6).resize((1080, 1430))
        found = apart.read(jpeg(photo, quality=50))
        assert found is not None
        assert texts(list(found.lines), type_) == expected

    def test_what_has_no_text_has_none(self, apart: Apart) -> None:
        found = apart.read(jpeg(on_a_table(FORMS["cet"][1]().image).crop((0, 0, 120, 600))))
        assert found is not None
        assert (found.lines, found.turn) == ((), None)


def test_how_long_a_record_can_be_verified_is_what_the_exam_office_has_published() -> None:
    found = Read(
        (line("教育部学历证书电子注册备案表", 100, 100), line("更新日期：2025年10月1日", 100, 200)),
        0,
        (1000, 1000),
    )
    for months, old in ((6, False), (3, True)):
        codes = {one.code for one in reading.faults(found, "registration_record", NOW, months)}
        assert ("record_old" in codes) is old
