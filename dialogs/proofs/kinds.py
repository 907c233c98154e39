"""What proofs are called, and what stands on each: the number to copy, the month to tell."""

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.engine.words import Bilingual, Words, _


@dataclass(frozen=True, slots=True)
class Kind:
    """``grade``: "4", "6" of CET, "1" to "5" of PETS, or "" where any will do."""

    type: str
    grade: str = ""

    @property
    def key(self) -> str:
        return f"{self.type}{self.grade}"


TYPES: Mapping[str, Words] = {
    "cet": _("大学英语四、六级"),
    "pets": _("全国英语等级考试（PETS）"),
    "diploma": _("毕业证书"),
    "registration_record": _("学历证书电子注册备案表"),
    "authentication_report": _("学历认证报告"),
    "score_proof": _("成绩证明"),
    "answer": _("补充材料"),
    "other": _("其他凭证"),
}
_GRADES: Mapping[str, Words] = {
    "cet4": _("大学英语四级"),
    "cet6": _("大学英语六级"),
    **{
        f"pets{number}": _("PETS {grade}级", grade=Bilingual(grade, str(number)))
        for number, grade in enumerate("一二三四五", 1)
    },
}
_NUMBERS: Mapping[str, Words] = {
    "cet": _("证书编号"),
    "pets": _("证书编号"),
    "diploma": _("证书编号"),
    "registration_record": _("在线验证码"),
    "authentication_report": _("报告编号"),
}
_MONTHS: Mapping[str, Words] = {
    "cet": _("考试时间"),
    "pets": _("考试时间"),
    "diploma": _("毕业时间"),
    "registration_record": _("毕业时间"),
    "authentication_report": _("毕业时间"),
}


def kind_of(key: str) -> Kind:
    """The kind with this key."""
    return Kind(key[:-1], key[-1]) if key[-1].isdigit() else Kind(key)


def kind_words(kind: Kind) -> Words:
    return _GRADES.get(kind.key) or TYPES.get(kind.type) or TYPES["other"]


def number_words(type_: str) -> Words:
    """What the number to copy is called on the paper itself."""
    return _NUMBERS.get(type_, _("编号"))


def month_words(type_: str) -> Words:
    return _MONTHS.get(type_, _("获取时间"))
