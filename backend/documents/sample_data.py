"""What stands on the sample proofs of the manual's chapter 5 (E10). All of it is invented.

The manual's own pictures show people's papers; these are drawn anew. Numbers begin with 999, which no
issuer uses.
"""

from collections.abc import Mapping
from dataclasses import dataclass

EDITION = "1"  # raise it when what is drawn changes
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Row:
    """``mark`` is the number of the ring around the value; 0 for none."""

    label: str
    value: str
    mark: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """``marks`` says what a ringed value is, in Chinese and in English, in the order of the rings;
    ``tall``: upright paper, otherwise lying."""

    title: str
    subtitle: str
    rows: tuple[Row, ...]
    issuer: str
    marks: tuple[tuple[str, str], ...]
    tall: bool = True
    colour: tuple[int, int, int] = (46, 112, 84)


_NUMBER = ("证书编号：抄到“编号”", "证书编号 (certificate number): copy it as the number")
_MONTH = ("考试时间：抄到“获取时间”", "考试时间 (date of the exam): the month obtained")
_NAME = ("姓名：要和登记的一样", "姓名 (name): must be the registered one")


def _pets(level: str) -> Sample:
    return Sample(
        "全国英语等级考试合格证书",
        "Public English Test System Certificate",
        (
            Row("姓名", "样例（虚构）", 3),
            Row("身份证件号码", "（不用抄）"),
            Row("级别", level),
            Row("考试时间", "2017年9月", 2),
            Row("笔试", "合格"),
            Row("口试", "合格"),
            Row("证书编号", "99931052017001234", 1),
        ),
        "演示考试中心",
        (_NUMBER, _MONTH, _NAME),
        tall=False,
    )


SAMPLES: Mapping[str, Sample] = {
    "pets3": _pets("三级"),
    "pets3_notice": Sample(
        "全国英语等级考试成绩通知单",
        "PETS score notice",
        (
            Row("考生姓名", "样例（虚构）", 3),
            Row("准考证号", "99931052017005678", 1),
            Row("身份证件号码", "（不用抄）"),
            Row("考试时间", "2017年9月", 2),
            Row("级别", "三级"),
            Row("笔试成绩", "71分"),
            Row("口试成绩", "—"),
        ),
        "演示考试中心",
        (
            ("准考证号：抄到“编号”", "准考证号 (ticket number): copy it as the number"),
            _MONTH,
            _NAME,
        ),
    ),
    "cet4": Sample(
        "全国大学英语四级考试成绩报告单",
        "College English Test Band 4",
        (
            Row("姓名", "样例（虚构）", 3),
            Row("学校", "演示大学"),
            Row("考试时间", "2018年6月", 2),
            Row("总分", "512"),
            Row("证书编号", "999052181001234", 1),
        ),
        "演示考试委员会",
        (_NUMBER, _MONTH, _NAME),
        tall=False,
        colour=(38, 84, 140),
    ),
    "pets2": _pets("二级"),
    "registration_record": Sample(
        "教育部学历证书电子注册备案表",
        "Electronic registration record",
        (
            Row("更新日期", "2026年1月15日", 4),
            Row("姓名", "样例（虚构）", 3),
            Row("性别", "女"),
            Row("入学时间", "2001年9月1日"),
            Row("毕业时间", "2005年7月1日", 2),
            Row("学历层次", "本科"),
            Row("毕业院校", "演示大学"),
            Row("专业名称", "行政管理"),
            Row("证书编号", "9999 9120 0505 0012 34"),
            Row("毕结业结论", "毕业"),
            Row("在线验证码", "9999 1234 5678", 1),
        ),
        "在线验证有效期 1–6 个月，可以延长",
        (
            ("在线验证码：抄到“在线验证码”", "在线验证码 (online verification code): copy it"),
            ("毕业时间：抄到“毕业时间”", "毕业时间 (date of graduation): the month"),
            _NAME,
            ("更新日期：提交前先延长有效期", "更新日期 (updated on): extend it before you submit"),
        ),
        colour=(150, 60, 50),
    ),
    "authentication_report": Sample(
        "中国高等教育学历认证报告",
        "Authentication report",
        (
            Row("报告编号", "9990001", 1),
            Row("打印日期", "2014年3月31日"),
            Row("姓名", "样例（虚构）", 3),
            Row("性别", "女"),
            Row("层次", "本科"),
            Row("院校名称", "演示大学"),
            Row("专业名称", "行政管理"),
            Row("学习形式", "普通全日制"),
            Row("毕业日期", "2001年7月", 2),
            Row("证书编号", "999991200105001234"),
        ),
        "演示认证中心",
        (
            ("报告编号：抄到“报告编号”", "报告编号 (report number): copy it"),
            ("毕业日期：抄到“毕业时间”", "毕业日期 (date of graduation): the month"),
            _NAME,
        ),
        colour=(120, 90, 30),
    ),
}
