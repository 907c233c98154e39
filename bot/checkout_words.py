"""What the payment page says of how things stand, in both languages."""

from dataclasses import dataclass

from backend.payments.provider import Way
from bot.checkout_view import Stands
from dialogs.engine.words import Speech, Words, _

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Headline:
    """As ``templates/marks.html`` shows it; ``tone`` is "good", "warn" or "bad"."""

    tone: str
    icon: str
    title: Words
    text: Words


STANDS: dict[Stands, Headline] = {
    Stands.PAID: Headline("good", "tick", _("已支付"), _("款已收到，请回到对话继续。")),
    Stands.PAID_BACK: Headline(
        "good", "tick", _("已退款"), _("款已退还，请在对话里看退款的详情。")
    ),
    Stands.EXPIRED: Headline(
        "warn",
        "clock",
        _("订单已过期"),
        _("过期没有支付，已不能再付，没有扣款。还需要的话，请回到对话点“重新下单”。"),
    ),
    Stands.CANCELLED: Headline(
        "warn",
        "close",
        _("订单已取消"),
        _("取消的订单不能再付。还需要的话，请回到对话，说“我的订单”，点“重新下单”。"),
    ),
}
CHECKING = Headline(
    "warn",
    "question",
    _("正在核对付款"),
    _("支付平台说这一笔已经付过，正在入账。请不要重复支付，过一会儿刷新本页。"),
)
LABELS: dict[Way, Words] = {
    Way.JSAPI: _("微信支付"),
    Way.H5: _("打开微信支付"),
    Way.NATIVE: _("显示付款二维码"),
}
WRONG_LINK = (
    _("链接已失效"),
    _("链接不完整或者已经过期。请回到对话，说“我的订单”重新打开。"),
)
NO_PAYMENTS = _("这里还不能在线支付。")
SLOWLY = (_("操作太频繁"), _("请过一分钟再试；订单还在，没有扣款。"))
FOREIGN = (_("没有办成"), _("请从对话里打开本页再付。"))
IN_WECHAT_ONLY = _("请在微信或企业微信里打开这个链接支付。")
ON_A_PHONE_ONLY = _("请用手机浏览器打开这个链接支付。")


def away(until: object) -> Words:
    return _("支付平台暂时连不上，订单保留到 {until}，这次没有扣款。请过一会儿再试。", until=until)


def refused(numbers: Speech, office: Speech) -> Words:
    """For whoever has to telephone: what to say and to whom."""
    return _(
        "支付平台没有受理，这次没有扣款；已经通知老师处理。着急的话，请告诉老师订单号 {numbers}。{office}",
        numbers=numbers,
        office=office,
    )


def both(words: Speech) -> Pair:
    return words.into("zh"), words.into("en")
