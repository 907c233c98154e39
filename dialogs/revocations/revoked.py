"""Why a transcript was taken back, for whoever reads it: the student, and whoever verifies (T8)."""

from dialogs.engine.slots import as_given, text
from dialogs.engine.words import Words, _

WHY = text(
    "revoked_why",
    _("为什么撤销？理由会告诉学生，也会写在公开的验证页上，请不要写个人信息。"),
    title=_("理由"),
    verbatim=True,
    suggestions=(
        _("成绩有误"),
        _("学籍信息有误"),
        _("电子章验证失败"),
    ),
)


def why_words(stored: object) -> Words:
    return as_given(WHY, str(stored))
