"""Why graduation, a transfer out or a back-entry cannot go on: the sentences, and what helps."""

from collections.abc import Callable, Mapping

from dialogs.engine.words import Words, _, plain
from dialogs.exam.back_entry_words import KINDS
from dialogs.exam.graduation_words import numbers, points
from dialogs.proofs.kinds import TYPES

Facts = Mapping[str, object]


def too_late(facts: Facts) -> Words:
    """What is later than may be entered belongs to another service (E9)."""
    kind, told = str(facts["kind"]), {"month": facts["month"], "last": facts["last"]}
    if kind == "exemption":
        return Words(
            _("{month} 办的免考不能补登：只能补到 {last}。之后办的请走“申请免考”。").msgid, told
        )
    if kind == "transfer_in":
        return Words(
            _("{month} 办的转入不能补登：只能补到 {last}。之后办的要在外省先办转出。").msgid, told
        )
    return _(
        "{month} 的{what}不能补登：只能补到 {last}，之后的成绩平台上都有。",
        what=KINDS.get(kind, plain(kind)),
        **told,
    )


SENTENCES: dict[str, Callable[[Facts], Words]] = {
    "no_major": lambda f: _("准考证 {ticket} 还没有专业，不能申请毕业。", ticket=f["ticket"]),
    "graduation_filed": lambda f: _("已经申请过毕业：{number}。", number=f["number"]),
    "score_leaving": lambda f: _(
        "有成绩正在申请转出（{numbers}），要先撤回或者等有了结果，才能申请毕业。",
        numbers=numbers(f),
    ),
    "appraisal_not_set": lambda f: _("自我鉴定要写多少字还没有公布，申请毕业暂时不开放。"),
    "appraisal_length": lambda f: _(
        "自我鉴定要 {least} 到 {most} 字，现在是 {written} 字。",
        least=f["least"],
        most=f["most"],
        written=f["written"],
    ),
    "credits_short": lambda f: _(
        "学分不够：已有 {earned}，应修 {total}。可以考其他课程，或者办免考、补登。",
        earned=points(f["earned"]),
        total=points(f["total"]),
    ),
    "mobile_needed": lambda f: _("要填一个本人常用的手机号码，11 位。"),
    "option_needed": lambda f: _("这个专业要选一项加考选项。"),
    "gap_unexplained": lambda f: _(
        "“{course}（{code}）”没有合格成绩，要写 {least} 到 {most} 字的说明。",
        course=f["course"],
        code=f["code"],
        least=f["least"],
        most=f["most"],
    ),
    "no_prior_diploma": lambda f: _("专科毕业不用交前置学历凭证。"),
    "prior_diploma_needed": lambda f: _("本科毕业要交前置学历的毕业证书。"),
    "wrong_second_proof": lambda f: _(
        "{year} 年毕业的，和毕业证书一起交的应该是{needed}（以 {split} 年为界）。",
        year=f["year"],
        needed=TYPES.get(str(f["needed"]), TYPES["other"]),
        split=f["split"],
    ),
    "score_gone": lambda f: _(
        "“{course}（{code}）”的成绩已经转出或者失效，不能再计入。",
        course=f["course"],
        code=f["code"],
    ),
    "fee_not_set": lambda f: _("没有缴费提示：请联系主考学校咨询缴费办法。"),
    "transfer_incomplete": lambda f: _("转入转出的信息要填全。"),
    "no_score_chosen": lambda f: _("至少选一条要转出的成绩。"),
    "score_cannot_leave": lambda f: _(
        "“{course}（{code}）”的这条成绩不能转出：只有合格、还在计入的成绩可以。",
        course=f["course"],
        code=f["code"],
    ),
    "score_in_use": lambda f: _(
        "“{course}（{code}）”的成绩已经用在 {number} 里了。",
        course=f["course"],
        code=f["code"],
        number=f["number"],
    ),
    "graduation_under_way": lambda f: _(
        "已经申请毕业（{number}），补登要在申请毕业之前办。", number=f["number"]
    ),
    "month_in_future": lambda f: _("{month} 还没有到。", month=f["month"]),
    "too_late_for_back_entry": too_late,
    "entry_filed": lambda f: _(
        "“{course}（{code}）”已经补登过：{number}。",
        course=f["course"],
        code=f["code"],
        number=f["number"],
    ),
    "already_there": lambda f: _(
        "“{course}（{code}）”平台上已经有了，不用补登。", course=f["course"], code=f["code"]
    ),
    "score_left": lambda f: _(
        "“{course}（{code}）”的这条成绩已经转出，不能再补登。", course=f["course"], code=f["code"]
    ),
    "score_needed": lambda f: _("要填合格成绩，{least} 到 100 分。", least=f["least"]),
    "proof_incomplete": lambda f: _("当时免考的凭证要填全：种类、编号、时间和省份。"),
}
NEXT: dict[str, tuple[Words, str]] = {
    "graduation_filed": (_("毕业进度"), "exam_graduation_status"),
    "graduation_under_way": (_("毕业进度"), "exam_graduation_status"),
    "score_leaving": (_("转出进度"), "transfer_out_status"),
    "score_in_use": (_("我的申请"), "my_applications"),
    "credits_short": (_("还差什么"), "exam_checklist"),
    "no_major": (_("还差什么"), "exam_checklist"),
    "appraisal_not_set": (_("还差什么"), "exam_checklist"),
    "fee_not_set": (_("毕业进度"), "exam_graduation_status"),
    "entry_filed": (_("我补登的"), "back_entries"),
    "already_there": (_("我补登的"), "back_entries"),
}
EVENTS: dict[str, Words] = {
    "reapply": _("考生已重新申请"),
    "open_payment": _("可以缴费了"),
    "window_over": _("缴费时间已过"),
}
