"""Values that people would lose if a name, a form or a neighbour were not understood."""

from datetime import date

import pytest

from nlu.entities.extractor import EntityExtractor
from nlu.interpreter import Parse
from nlu.measure import Measured, compared
from nlu.training_data import ANNOTATED_ON, ENTITY_TEST_FOLDER, TEST_FOLDER, read, read_file


@pytest.fixture(scope="module")
def unlisted() -> EntityExtractor:
    """As it is where no registry has been imported."""
    return EntityExtractor(today=lambda: ANNOTATED_ON)


def _told(extractor: EntityExtractor, text: str) -> set[tuple[str, str]]:
    return {(found.entity, found.value) for found in extractor.extract(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("英语二能免吗", {("course", "00015")}),
        ("英语（二）免考", {("course", "00015")}),
        ("近代史钢要过没过", {("course", "03708")}),
        ("马克斯主义基本原理概论多少分", {("course", "03709")}),
        ("毛概和思修", {("course", "12656"), ("course", "03706")}),
        ("馬原", {("course", "03709")}),
        ("大学语文", {("course", "04729")}),
        ("免掉04183", {("course", "04183")}),
        ("高数能免吗", {("course", "高数")}),
        ("交过一门英语一门政治", set()),
        ("学校代码14430", set()),
    ],
)
def test_a_course_is_known_by_whatever_it_is_called(
    unlisted: EntityExtractor, text: str, expected: set[tuple[str, str]]
) -> None:
    assert _told(unlisted, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "我想免考英语",
        "用六级证抵英语",
        "英语那门考了几分",
        "exempt me from English",
        "大学英语过了没",
    ],
)
def test_a_subject_is_no_transcript_s_language(unlisted: EntityExtractor, text: str) -> None:
    assert "language" not in {entity for entity, _ in _told(unlisted, text)}


@pytest.mark.parametrize(
    "text",
    ["请用中文回复我", "speak English with me", "菜单换成英文界面", "could you reply in English"],
)
def test_the_language_of_the_chat_is_no_transcript_s(unlisted: EntityExtractor, text: str) -> None:
    assert _told(unlisted, text) == set()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("英文的", "en"),
        ("English please", "en"),
        ("看不懂英文，成绩单要中文的", "zh"),
        ("哎呀选成中文了，我要的是英文", "en"),
        ("英文改成中文", "zh"),
    ],
)
def test_the_language_that_stands_is_the_one_wanted(
    unlisted: EntityExtractor, text: str, value: str
) -> None:
    assert _told(unlisted, text) == {("language", value)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("GPA去掉", "without"),
        ("GPA去掉，改一下前面选的", "without"),
        ("绩点别写上去", "without"),
        ("GPA不用体现", "without"),
        ("leave out the GPA", "without"),
        ("绩点改成带的", "with"),
        ("要显示绩点", "with"),
        ("前面说不带GPA，现在改成带GPA", "with"),
    ],
)
def test_a_gpa_taken_off_is_not_put_on(unlisted: EntityExtractor, text: str, value: str) -> None:
    assert _told(unlisted, text) == {("gpa", value)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("沪", "上海"),
        ("转去内蒙", "内蒙古"),
        ("转到广西壮族自治区", "广西"),
        ("move my record to Xi'an", "陕西"),
        ("考籍转去深圳", "广东"),
        ("臺灣", "台湾"),
        ("上海", "上海"),
    ],
)
def test_a_province_is_known_in_any_form(unlisted: EntityExtractor, text: str, value: str) -> None:
    assert _told(unlisted, text) == {("province", value)}


@pytest.mark.parametrize(
    "text", ["转到上海来的到了没", "离开上海了，帮我转走", "当年没去北京上过课"]
)
def test_where_one_is_is_not_where_records_go(unlisted: EntityExtractor, text: str) -> None:
    assert _told(unlisted, text) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我是遗传所的", {("unit", "遗传与发育生物学研究所")}),
        ("中科院化学所", {("unit", "化学研究所")}),
        ("我金属所的", {("unit", "金属所")}),
        ("我在遥感研究所", {("unit", "遥感研究所")}),
        ("我们研究所几号拍", set()),
        ("一家研究院", set()),
        ("毕业了还需不需要研究所审批", set()),
    ],
)
def test_a_unit_is_known_and_none_is_made_up(
    unlisted: EntityExtractor, text: str, expected: set[tuple[str, str]]
) -> None:
    assert _told(unlisted, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二〇一九年十月", {("year_month", "2019-10")}),
        ("九八年四月考的", {("year_month", "1998-04")}),
        ("19年10月", {("year_month", "2019-10")}),
        ("Oct 2019", {("year_month", "2019-10")}),
        ("昨儿交的", {("date", "2026-03-01")}),
        ("明后天开会", {("date", "2026-03-03"), ("date", "2026-03-04")}),
        ("补拍延到5月15日", {("date", "2026-05-15")}),
        ("对方要求九月前交", {("year_month", "2026-09")}),
        ("今天起销假", {("date", "2026-03-02")}),
        ("今天有什么能办的", set()),
        ("晚安，明天见", set()),
    ],
)
def test_days_are_counted_as_people_count_them(
    unlisted: EntityExtractor, text: str, expected: set[tuple[str, str]]
) -> None:
    assert _told(unlisted, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("订单X260311-0042付了没", {("order_number", "X260311-0042")}),
        ("A260302-0001到哪一步了", {("application_number", "A260302-0001")}),
        ("单号Ｄ２６０３０２ ００１１", {("order_number", "D260302-0011")}),
        ("准考证号是0110200456789", {("exam_ticket", "0110200456789")}),
        ("座机021-64511234", {("phone", "021-64511234")}),
    ],
)
def test_a_number_is_what_the_words_make_it(
    unlisted: EntityExtractor, text: str, expected: set[tuple[str, str]]
) -> None:
    assert _told(unlisted, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("用大专毕业证免考", {("credential_type", "diploma")}),
        ("教育部学历证书电子注册备案表的样例", {("credential_type", "registration_record")}),
        ("PETS3合格证书样图", {("credential_type", "pets")}),
        ("四六级证行吗", {("credential_type", "cet")}),
        ("毕业证编号出来没", set()),
        ("我要领毕业证", set()),
        ("swap my exam tickets", set()),
    ],
)
def test_a_certificate_shown_is_told_from_one_s_own(
    unlisted: EntityExtractor, text: str, expected: set[tuple[str, str]]
) -> None:
    assert _told(unlisted, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("专业是会计", {("major", "会计")}),
        ("汉语言文学专科考完了", {("major", "汉语言文学")}),
        ("等一下，专业应该是行政管理", {("major", "行政管理")}),
        ("会计不认付款截图", set()),
        ("我是学生处的", set()),
    ],
)
def test_a_major_is_no_colleague_and_no_language(
    unlisted: EntityExtractor, text: str, expected: set[tuple[str, str]]
) -> None:
    assert _told(unlisted, text) == expected


def test_a_reason_is_for_a_transcript_not_for_a_bill(unlisted: EntityExtractor) -> None:
    assert _told(unlisted, "申博用，办份成绩单") == {("reason", "申博")}
    assert _told(unlisted, "开张发票，报销用") == set()


def test_the_registry_s_own_names_come_first() -> None:
    extractor = EntityExtractor(
        units=["计算技术研究所（示例）"],
        courses={"CS6001": "机器学习理论与方法", "99001": "英语（二）"},
        today=lambda: date(2026, 3, 2),
    )
    assert _told(extractor, "计算所") == {("unit", "计算技术研究所（示例）")}
    assert _told(extractor, "英语二") == {("course", "99001")}
    assert _told(extractor, "cs6001") == {("course", "CS6001")}
    assert _told(extractor, "机器学习") == {("course", "CS6001")}


def _measured(extractor: EntityExtractor, name: str) -> Measured:
    utterances = (
        list(read_file(TEST_FOLDER / name))
        if name
        else read(TEST_FOLDER) + read(ENTITY_TEST_FOLDER)
    )
    parses = [Parse(u.intent, 1, (), extractor.extract(u.text)) for u in utterances]
    return compared(utterances, parses, [0.0] * len(utterances))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "strangers_first.yml",
        "strangers_second.yml",
        "strangers_third.yml",
        "entities/unseen.yml",
    ],
)
def test_what_people_name_reaches_the_dialogs(unlisted: EntityExtractor, name: str) -> None:
    measured = _measured(unlisted, name)
    assert measured.entities.f1 >= 0.95
    assert measured.spans.f1 >= 0.9
