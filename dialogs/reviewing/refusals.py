"""Why an exemption or a review cannot go on: the sentences, and what helps."""

from collections.abc import Callable, Mapping

from backend.exam.matrix import Missing
from dialogs.engine.words import Bilingual, Words, _
from dialogs.exam.exemption_words import missing_words
from dialogs.proofs.kinds import kind_of, kind_words

STANDS: dict[str, Words] = {  # by who holds it
    "exam_reviewer": _("在审核人那里"),
    "exam_office": _("在自考办那里"),
    "applicant": _("等您自己办"),
}
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
        "“{course}（{code}）”已经用准考证 {ticket} 申请过免考：{number}（{stands}），不能再申请一次。",
        course=course(f),
        code=f["code"],
        ticket=f["ticket"],
        number=f["number"],
        stands=STANDS.get(
            str(f["holder"]),
            _("已通过"),
        ),
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
    "score_too_low": lambda f: _(
        "{kind}要 {least} 分及以上才能免这门课，您写的是 {score} 分。",
        kind=kind_words(kind_of(str(f["kind"]))),
        least=f["least"],
        score=f["score"],
    ),
    "score_not_told": lambda f: _(
        "{kind}要 {least} 分及以上才能免这门课，请写上分数。",
        kind=kind_words(kind_of(str(f["kind"]))),
        least=f["least"],
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
    "own_approval": lambda f: _(
        "{number} 是您通过的，撤销不撤销要由另一位审核人决定。", number=f["number"]
    ),
    "nobody_for_second_look": lambda f: _("{number} 没有别的审核人可以复核。", number=f["number"]),
    "used_in_graduation": lambda f: _(
        "{number} 已经计入通过审核的毕业申请 {graduation}，不能撤销。",
        number=f["number"],
        graduation=f["graduation"],
    ),
    "not_decided_yet": lambda f: _("{number} 还没有通过，可以直接驳回。", number=f["number"]),
    "rejection_stands": lambda f: _(
        "{number} 是驳回的，不用撤销：考生在办理时间里可以重新提交，到时候再通过（E5）。",
        number=f["number"],
    ),
    "approval_stands": lambda f: _(
        "{number} 通过以后已经接着办了（缴费、转出或计入），这里撤销不了，请马上由自考办线下处理。",
        number=f["number"],
    ),
    "doubted_already": lambda f: _("{number} 已经有人请同事复核撤销了。", number=f["number"]),
    "no_such_reason": lambda f: _("这条理由已经不在学校的规定里了，请重新选。"),
}
NEXT: dict[str, tuple[Words, str]] = {
    "exemption_filed": (_("看进度"), "exemption_status"),
    "already_passed": (_("看进度"), "exemption_status"),
    "no_way": (_("看进度"), "exemption_status"),
    "own_second_look": (_("待我审核"), "staff_inbox"),
    "own_approval": (_("待我审核"), "staff_inbox"),
    "second_look_needed": (_("待我审核"), "staff_inbox"),
}
EVENTS: dict[str, Words] = {
    "change": _("考生已修改"),
    "resubmit": _("考生已重新提交"),
    "refer": _("已请同事复核"),
    "send_back": _("已退回再看"),
    "revoke": _("已撤销"),
    "doubt": _("已请同事复核撤销"),
    "keep": _("复核以后不撤销"),
}
