"""Why an exemption or a review cannot go on: the sentences, and what helps."""

from collections.abc import Callable, Mapping

from backend.exam.matrix import Missing
from dialogs.exemption_words import missing_words
from dialogs.words import Bilingual, Words, _

Facts = Mapping[str, object]


def course(facts: Facts) -> Bilingual:
    return Bilingual(str(facts["course"]), str(facts["course_en"]))


def missing(facts: Facts) -> Words:
    lacking = facts["missing"]
    found = (
        [one for one in lacking if isinstance(one, Missing)] if isinstance(lacking, list) else []
    )
    return missing_words(found)


SENTENCES: dict[str, Callable[[Facts], Words]] = {
    "matrix_not_set": lambda f: _("学校还没有定下用什么凭证可以免考哪门课，免考暂时不开放。"),
    "no_way": lambda f: _(
        "“{course}（{code}）”用什么凭证可以免考，手册没有写，学校也还没有定下，现在不能申请。",
        course=course(f),
        code=f["code"],
    ),
    "exemption_filed": lambda f: _(
        "“{course}（{code}）”已经申请过免考：{number}。",
        course=course(f),
        code=f["code"],
        number=f["number"],
    ),
    "already_passed": lambda f: _(
        "“{course}（{code}）”已经有合格成绩，不用免考。", course=course(f), code=f["code"]
    ),
    "proof_missing": lambda f: _(
        "“{course}（{code}）”的凭证不齐。{missing}。",
        course=course(f),
        code=f["code"],
        missing=missing(f),
    ),
    "picture_needed": lambda f: _("每种凭证至少要有一张图片。"),
    "nothing_changed": lambda f: _("凭证和原来的一样。重新提交要改凭证，或者再加别的凭证。"),
    "too_many_courses": lambda f: _("一次最多申请 {most} 门。", most=f["most"]),
    "second_look_needed": lambda f: _(
        "{number} 按规定要请同事复核，不能直接决定。", number=f["number"]
    ),
    "own_second_look": lambda f: _(
        "{number} 是您请同事复核的，要由另一位审核人决定。", number=f["number"]
    ),
    "nobody_for_second_look": lambda f: _("{number} 没有别的审核人可以复核。", number=f["number"]),
    "used_in_graduation": lambda f: _(
        "{number} 已经计入通过审核的毕业申请 {graduation}，不能撤销。",
        number=f["number"],
        graduation=f["graduation"],
    ),
    "no_such_reason": lambda f: _("这条理由已经不在学校的规定里了，请重新选。"),
}
NEXT: dict[str, tuple[Words, str]] = {
    "exemption_filed": (_("看进度"), "exemption_status"),
    "already_passed": (_("看进度"), "exemption_status"),
    "no_way": (_("看进度"), "exemption_status"),
    "own_second_look": (_("待我审核"), "staff_inbox"),
    "second_look_needed": (_("待我审核"), "staff_inbox"),
}
EVENTS: dict[str, Words] = {
    "change": _("考生已修改"),
    "resubmit": _("考生已重新提交"),
    "refer": _("已请同事复核"),
    "send_back": _("已退回再看"),
    "revoke": _("已撤销"),
}
