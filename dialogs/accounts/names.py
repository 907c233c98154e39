"""What chat accounts are called."""

from backend.accounts import TELEGRAM, WEB, WECOM
from backend.models import ChatAccount
from backend.sealing import masked_number
from dialogs.engine.words import Speech, Words, _, plain

CHANNELS: dict[str, Words] = {
    TELEGRAM: plain("Telegram"),
    WECOM: _("企业微信"),
    WEB: _("网页对话"),
}


def channel_name(channel: str) -> Words:
    return CHANNELS.get(channel, plain(channel))


def account_name(account: ChatAccount) -> Speech:
    """``Telegram 账号 Li Lei（12****89）``: enough to know one's own by."""
    number = plain(masked_number(account.address))
    channel = channel_name(account.channel)
    if account.name:
        return _(
            "{channel} 账号 {name}（{number}）", channel=channel, name=account.name, number=number
        )
    return _("{channel} 账号 {number}", channel=channel, number=number)
