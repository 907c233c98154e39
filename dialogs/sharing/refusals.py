"""Why something cannot be shared, in words."""

from collections.abc import Callable, Mapping

from dialogs.engine.words import Words, _

Facts = Mapping[str, object]

SENTENCES: dict[str, Callable[[Facts], Words]] = {
    "no_such_share": lambda f: _("没有查到您的这个分享。"),
    "share_over": lambda f: _("这个分享已经结束，不用再停用；要再给对方看，请做一个新的。"),
    "too_many_shares": lambda f: _(
        "您已经有 {most} 个有效的分享，不能再多。请先停用一个。", most=f["most"]
    ),
    "share_too_long": lambda f: _("分享最长 {most} 个月，请重新选有效期。", most=f["most"]),
    "not_shareable": lambda f: _(
        "{number} 的成绩单已被取代，新的做好以后就能分享。", number=f["number"]
    ),
}
NEXT: dict[str, tuple[Words, str]] = {
    "no_such_share": (_("我的分享"), "my_shares"),
    "share_over": (_("分享成绩单"), "share_transcript"),
    "too_many_shares": (_("我的分享"), "my_shares"),
    "share_too_long": (_("分享成绩单"), "share_transcript"),
    "not_shareable": (_("我的申请"), "my_applications"),
}
