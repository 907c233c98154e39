"""What people say about language, places, days and numbers reaches the dialogs as values."""

from datetime import date

import pytest

from nlu.entities.extractor import EntityExtractor

FOUND = [
    # language
    ("要英文的", "language en 英文"),
    ("英语版", "language en 英语版"),
    ("English的", "language en English"),
    ("chinese version", "language zh chinese version"),
    ("中英文各一份", "language zh 中英文, language en 中英文"),
    ("一份中一份英文", "language zh 中, language en 英文"),
    ("中文和英文都要", "language zh 中文, language en 英文"),
    ("要中文版", "language zh 中文版"),
    ("不要英文的，要中文", "language zh 中文"),
    ("不对，改成英文的", "language en 英文"),
    ("把中文换成英文", "language en 英文"),
    ("not English, Chinese", "language zh Chinese"),
    ("不要英文的", "language zh 英文"),
    ("免英语", ""),
    # gpa
    ("带绩点", "gpa with 带绩点"),
    ("附GPA的", "gpa with 附GPA"),
    ("不带GPA", "gpa without 不带GPA"),
    ("不要绩点", "gpa without 不要绩点"),
    ("无ＧＰＡ", "gpa without 无ＧＰＡ"),
    ("绩点不要", "gpa without 绩点不要"),
    ("no gpa", "gpa without no gpa"),
    ("without GPA please", "gpa without without GPA"),
    ("including my GPA", "gpa with including my GPA"),
    ("把带绩点换成不带绩点", "gpa without 不带绩点"),
    ("带不带绩点都行", ""),
    # coverage
    ("集中教学的", "coverage centralized 集中教学"),
    ("只要集中的", "coverage centralized 集中的"),
    ("雁栖湖上课那段", "coverage centralized 雁栖湖"),
    ("玉泉路集中教学期间", "coverage centralized 玉泉路"),
    ("合在一起", "coverage combined 合在一起"),
    ("全部课程", "coverage combined 全部课程"),
    ("包括所里的课", "coverage combined 包括所里的课"),
    ("集中教学和所级教学合在一起", "coverage combined 集中教学和所级教学合在一起"),
    ("只要集中教学，不要所里的课", "coverage centralized 集中教学"),
    ("所里批了吗", ""),
    # reasons, as they were typed
    ("因为出国留学要办英文成绩单", "reason 出国留学 出国留学, language en 英文"),
    ("为了求职办个中文成绩单", "reason 求职 求职, language zh 中文"),
    ("签证用的成绩单", "reason 签证 签证"),
    ("考研要用一份成绩单", "reason 考研 考研"),
    ("英文成绩单，申请留学", "language en 英文, reason 申请留学 申请留学"),
    ("理由改成落户", "reason 落户 落户"),
    ("用来报销", "reason 报销 报销"),
    ("因為要出國，辦成績單", "reason 出國 出國"),
    ("因为求职和签证", "reason 求职和签证 求职和签证"),
    ("transcript for my Job Applications", "reason Job Applications Job Applications"),
    ("I need it to apply for a visa", "reason apply for a visa apply for a visa"),
    (
        "English one for studying abroad",
        "language en English, reason studying abroad studying abroad",
    ),
    ("求职", ""),
    ("考研怎么报名", ""),
    ("不是为了出国", ""),
    ("因为就业指导中心关门了", ""),
    ("what is it for", ""),
    ("I am looking for a form", ""),
    # numbers
    ("t260302-0001", "application_number T260302-0001 t260302-0001"),
    ("Ｔ２６０３０２－０００１呢", "application_number T260302-0001 Ｔ２６０３０２－０００１"),
    ("D2603020007退款", "order_number D260302-0007 D2603020007"),
    ("换成310012345678", "exam_ticket 310012345678 310012345678"),
    ("138 0013 8000", "phone 13800138000 138 0013 8000"),
    ("+86-13800138000", "phone 13800138000 +86-13800138000"),
    ("3100123456789", ""),
    # days and months
    ("去年十月的", "year_month 2025-10 去年十月"),
    ("19年4月", "year_month 2019-04 19年4月"),
    ("1999年10月", "year_month 1999-10 1999年10月"),
    ("九九年十二月", "year_month 1999-12 九九年十二月"),
    ("2019.10", "year_month 2019-10 2019.10"),
    ("十月份", "year_month 2025-10 十月份"),
    ("last October", "year_month 2025-10 last October"),
    ("Oct 2023", "year_month 2023-10 Oct 2023"),
    ("上个月", "year_month 2026-02 上个月"),
    ("2024年2月29日", "date 2024-02-29 2024年2月29日"),
    ("2024/3/5", "date 2024-03-05 2024/3/5"),
    ("12 March 2024", "date 2024-03-12 12 March 2024"),
    ("昨天", "date 2026-03-01 昨天"),
    ("2023-02-29", ""),
    ("you may ask", ""),
    # places
    ("转到浙江", "province 浙江 浙江"),
    ("内蒙古自治区", "province 内蒙古 内蒙古自治区"),
    ("江蘇省", "province 江苏 江蘇省"),
    ("transfer to Guangdong", "province 广东 Guangdong"),
    ("湖北省武汉市洪山区", "origin_place 湖北省武汉市洪山区 湖北省武汉市洪山区"),
    ("北京市海淀区", "origin_place 北京市海淀区 北京市海淀区"),
    # lists
    ("我是计算所的", "unit 计算技术研究所 计算所"),
    ("institute of software", "unit 软件研究所 institute of software"),
    ("英语二", "course 00015 英语二"),
    ("英语（二）", "course 00015 英语（二）"),
    ("马原", "course 03709 马原"),
    ("市场营销", "course 00058 市场营销"),
    ("00015", "course 00015 00015"),
    ("99999", ""),
    ("行政管理专升本", "major 行政管理(专升本) 行政管理专升本"),
    # credentials
    ("毕业证书", "credential_type diploma 毕业证书"),
    ("电子注册备案表", "credential_type registration_record 电子注册备案表"),
    ("学历认证报告", "credential_type authentication_report 学历认证报告"),
    ("PETS3", "credential_type pets PETS3"),
    ("四级证书", "credential_type cet 四级证书"),
    ("CET-6", "credential_type cet CET-6"),
    ("计算机二级证书", "credential_type other 计算机二级证书"),
]


def _described(extractor: EntityExtractor, text: str) -> str:
    found = extractor.extract(text)
    return ", ".join(f"{e.entity} {e.value} {text[e.start : e.end]}" for e in found)


@pytest.mark.parametrize(("text", "expected"), FOUND, ids=[text for text, _ in FOUND])
def test_a_value_is_found_where_it_was_said(
    extractor: EntityExtractor, text: str, expected: str
) -> None:
    assert _described(extractor, text) == expected


def test_without_lists_names_are_kept_as_written() -> None:
    extractor = EntityExtractor(today=lambda: date(2026, 3, 2))
    assert _described(extractor, "我是遥感研究所的") == "unit 遥感研究所 遥感研究所"
    assert _described(extractor, "00015免考") == "course 00015 00015"


def test_a_value_said_twice_is_one_entity(extractor: EntityExtractor) -> None:
    assert _described(extractor, "英文，我说英文") == "language en 英文"
