"""What is asked about a link, and how its answers are called afterwards."""

from backend.policy.credential import CredentialPolicy
from backend.sharing.making import (
    BASIC,
    COURSES,
    GPA,
    PURPOSE_LENGTH,
    RECIPIENT_LENGTH,
    SCORES,
)
from dialogs.engine.numerals import numbers_in
from dialogs.engine.slots import Invalid, Option, Slot, as_given, choice, option_meant, text
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _, plain

IN_WORDS: dict[int, tuple[str, ...]] = {
    1: ("one month", "a month"),
    2: ("two months",),
    3: ("three months",),
    4: ("four months",),
    5: ("five months",),
    6: ("six months", "半年", "half a year"),
}
UNNAMED = _("不写明")
PURPOSE = text(
    "share_purpose",
    _("用来做什么？对方会看到这句话。可以点一个，也可以自己写。"),
    title=_("用途"),
    at_most=PURPOSE_LENGTH,
    suggestions=(_("求职"), _("升学"), _("出国申请")),
    verbatim=True,
    help_=_("比如“求职”，或者“申请某某大学的博士”。打开链接的人会看到。"),
)
RECIPIENT = text(
    "share_recipient",
    _("给谁看？写单位或学校的名字，对方打开以后会看到；也可以不写。"),
    title=_("给谁看"),
    at_most=RECIPIENT_LENGTH,
    suggestions=(UNNAMED,),
    verbatim=True,
)
# From less to more; what a link shows is never more than its owner chose.
SHOWN: dict[str, tuple[tuple[str, ...], Words]] = {
    "basic": ((BASIC,), _("只有基本信息")),
    "gpa": ((BASIC, GPA), _("基本信息和 GPA")),
    "courses": ((BASIC, COURSES), _("课程和学分，不含成绩")),
    "scores": ((BASIC, COURSES, SCORES), _("课程、学分和成绩")),
    "all": ((BASIC, COURSES, SCORES, GPA), _("课程、成绩和 GPA")),
}
FIELD_NAMES: dict[str, Words] = {
    BASIC: _("姓名、单位、专业、在读或毕业"),
    COURSES: _("课程和学分"),
    SCORES: _("每门成绩"),
    GPA: _("GPA"),
}
PIN = choice(
    "share_pin",
    _("要不要口令？有口令的话，光有链接打不开。"),
    {True: _("要口令"), False: _("不要口令")},
    title=_("口令"),
    aliases={True: ("要", "设一个", "with a pin", "pin"), False: ("不要", "no pin", "without")},
    yes=True,
    no=False,
)
TELL = choice(
    "share_tell",
    _("有人看了，要不要告诉您？一小时最多一次。"),
    {True: _("告诉我"), False: _("不用告诉我")},
    title=_("有人看了"),
    aliases={True: ("要", "tell me"), False: ("不用", "不要", "don't tell me")},
    yes=True,
    no=False,
)


def shown_slot(with_gpa: bool) -> Slot[str]:
    labels = {
        name: label for name, (fields, label) in SHOWN.items() if with_gpa or GPA not in fields
    }
    return choice(
        "share_fields",
        _("对方能看到哪些？基本信息（姓名、单位、专业、在读或毕业）一定有；学号只显示一部分。"),
        labels,
        title=_("可见内容"),
        help_=_("选得少一些，对方看到的就少一些。文件本身对方看不到。"),
    )


def months_slot(policy: CredentialPolicy) -> Slot[int]:
    """Every number has its button, so that a number that is typed means the same as its place."""
    most = policy.share_months_most
    options = tuple(
        Option(
            str(months),
            _("{months} 个月", months=months) if months > 1 else _("1 个月"),
            "primary" if months == policy.share_months_first else "",
            aliases=IN_WORDS[months],
        )
        for months in range(1, most + 1)
    )

    def parse(stored: str) -> int:
        if not 1 <= int(stored) <= most:
            raise Invalid(_("要在 {least} 到 {most} 之间。", least=1, most=most))
        return int(stored)

    def read(said: Said) -> str | None:
        if (meant := option_meant(said.words, options)) is not None:
            return meant
        found = numbers_in(said.words)
        return str(found[0]) if len(found) == 1 else None

    return Slot(
        "share_months",
        _("有效多久？最长 {most} 个月。", most=most),
        _("有效期"),
        parse,
        read,
        options,
    )


def purpose_words(stored: str) -> Words:
    """For others to read: a suggestion in their language, other words literally."""
    return as_given(PURPOSE, stored)


def to_words(purpose: str, recipient: str) -> Speech:
    """``求职（某某公司）``"""
    if not recipient:
        return purpose_words(purpose)
    return _("{purpose}（{recipient}）", purpose=purpose_words(purpose), recipient=plain(recipient))
