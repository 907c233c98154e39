"""What the pages on the phone look like; nothing of a request gets in unescaped."""

from html import escape
from sqlite3 import Row

from tests.peers.wechatpay.clock import CHINA, read

SHOP = (
    '<svg width="56" height="56" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28"'
    ' r="28" fill="#067a46"/><path d="M28 13 12 21.5 28 30l16-8.5zM18 28v7c0 3 4.5 6 10 6s10-3'
    ' 10-6v-7l-10 5.3z" fill="#fff"/></svg>'
)
DONE = (
    '<svg width="56" height="56" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28"'
    ' r="28" fill="#067a46"/><path d="m16 29 8.5 8.5L41 20" fill="none" stroke="#fff"'
    ' stroke-width="4.5" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
WRONG = (
    '<svg width="56" height="56" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28"'
    ' r="28" fill="#b3261e"/><path d="M28 15v17M28 39v2" stroke="#fff" stroke-width="4.5"'
    ' stroke-linecap="round"/></svg>'
)
REFUNDS = {
    "PROCESSING": "退款中",
    "SUCCESS": "已退款",
    "ABNORMAL": "退款异常",
    "CLOSED": "退款已关闭",
}


def both(chinese: str, english: str) -> str:
    return f'{escape(chinese)} <span lang="en">{escape(english)}</span>'


def yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02}"


def page(title: str, inner: str, refresh: str = "") -> str:
    meta = f'<meta http-equiv="refresh" content="3;url={escape(refresh)}">' if refresh else ""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'{meta}<meta name="robots" content="noindex"><title>{escape(title)}</title>'
        '<link rel="stylesheet" href="/phone/phone.css"></head><body>'
        f'<p class="demo">{both("演示：不收真钱", "Demo: no real money is taken")}</p>'
        f"<main>{inner}</main></body></html>"
    )


def rows(charge: Row, payee: str = "") -> str:
    told = [
        *([(both("收款方", "To"), payee)] if payee else []),
        (both("商品", "For"), charge["description"]),
        (both("商户单号", "Order"), charge["number"]),
    ]
    if charge["paid_at"]:
        at = read(charge["paid_at"]).astimezone(CHINA)
        told.append((both("支付时间", "Paid at"), f"{at:%Y-%m-%d %H:%M:%S}"))
        told.append((both("交易单号", "Transaction"), charge["transaction_id"]))
    lines = (f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in told)
    return f"<dl>{''.join(lines)}</dl>"


def amount(fen: int) -> str:
    return f'<p class="amount"><small>¥</small>{yuan(fen)}</p>'


def to_pay(charge: Row, payee: str, action: str, hidden: dict[str, str]) -> str:
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in hidden.items()
    )
    return page(
        "支付",
        f'<section><div class="payee">{SHOP}<h1>{escape(payee)}</h1>{amount(charge["total"])}</div>'
        f"{rows(charge)}</section>"
        f'<form method="post" action="{escape(action)}">{fields}'
        f"<button>{both('支付', 'Pay')}</button></form>",
    )


def paid(charge: Row, payee: str, back: str) -> str:
    onward = (
        f'<div class="next"><a class="button" href="{escape(back)}">'
        f"{both('返回商家', 'Back to the merchant')}</a></div>"
        if back
        else f'<div class="next"><a class="beside" href="/phone">{both("付款记录", "Payments")}</a></div>'
    )
    return page(
        "支付成功",
        f'<section><div class="payee">{DONE}<h1 class="state">{both("支付成功", "Paid")}</h1>'
        f"{amount(charge['paid'])}</div>{rows(charge, payee)}</section>{onward}",
        refresh=back,
    )


def not_payable(words: str, english: str, hint: str, hint_english: str) -> str:
    return page(
        words,
        f'<section><div class="payee">{WRONG}<h1 class="state wrong">{both(words, english)}</h1>'
        f'<p class="hint">{both(hint, hint_english)}</p></div></section>'
        f'<div class="next"><a class="beside" href="/phone">{both("付款记录", "Payments")}</a></div>',
    )


def history(charges: list[Row], refunds: list[Row]) -> str:
    lines = []
    for charge in charges:
        at = read(charge["paid_at"]).astimezone(CHINA)
        of = [one for one in refunds if one["transaction_id"] == charge["transaction_id"]]
        back = "".join(
            f'<span>{escape(one["number"])}</span><span class="back">'
            f"{REFUNDS[one['status']]} ¥{yuan(one['amount'])}</span>"
            for one in of
        )
        lines.append(
            f'<li><b>{escape(charge["description"])}</b><span class="sum">¥{yuan(charge["paid"])}'
            f"</span><span>{escape(charge['number'])}</span>"
            f"<span>{at:%m-%d %H:%M}</span>{back}</li>"
        )
    nothing = f'<p class="hint">{both("还没有付过款", "Nothing has been paid yet")}</p>'
    inner = f"<ul>{''.join(lines)}</ul>" if lines else nothing
    return page(
        "付款记录", f"<h1>{both('付款记录', 'Payments')}</h1><section class=list>{inner}</section>"
    )
