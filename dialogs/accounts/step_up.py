"""Showing once more who one is, in the chat: by a code from a second channel, or on a page.

A dialog calls ``require`` before it asks for consent; it returns once that is done.
"""

import re

from backend.errors import Refused
from backend.identity import stepup
from backend.identity.stepup import Purpose
from backend.models import ChatAccount, StepUpCode
from backend.work import Work
from dialogs.accounts.names import channel_name
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Invalid, Option, Slot, option_meant
from dialogs.engine.turn import Said
from dialogs.engine.words import Words, _

DOCUMENT = _("文件")
ON_A_PAGE = "page"
WHY: dict[Purpose, Words] = {
    Purpose.UNBIND: _("解除绑定之前，先确认一下是您本人。"),
    Purpose.BIND: _("绑定新的账号之前，先确认一下是您本人。"),
    Purpose.BULK: _("成批办理之前，先确认一下是您本人。"),
    Purpose.BOOKS: _("这一步关系到账目，先确认一下是您本人。"),
}


def is_due(chat: Chat, work: Work, purpose: Purpose) -> bool:
    """Whether ``require`` would ask."""
    account = stepup.speaking(work, chat.person or 0)
    return stepup.due(work, account, purpose) and stepup.possible(work, account)


def require(chat: Chat, work: Work, purpose: Purpose, what: Words = DOCUMENT) -> None:
    """Ends the turn with a question until the person behind the account has shown who they are.
    ``what`` is about to be sent here, where something is.

    Raises Refused ``step_up_impossible`` where there is neither a second channel nor a page.
    """
    if not is_due(chat, work, purpose):
        return
    account = stepup.speaking(work, chat.person or 0)
    if account is None:
        raise Refused("step_up_impossible", office="technical_support")
    code = stepup.open_code(work, account)
    if code is None and not stepup.sent_lately(work, account):
        for second in stepup.seconds(work, account)[:1]:
            code = stepup.send_code(work, account, second, purpose)
    while code is not None:
        answer = chat.ask(question(work, code, why(purpose, what)))
        if answer == ON_A_PAGE:
            break
        if stepup.try_code(work, code, answer):
            return
        code = stepup.open_code(work, account)
        if code is not None:
            chat.say(_("验证码不对，请再看一下。"))
        else:
            chat.say(_("这个验证码不能再用了。"))
    on_a_page(chat, work, account, why(purpose, what))


def why(purpose: Purpose, what: Words) -> Words:
    if purpose is Purpose.FIRST_FILE:
        return _("第一次在这个账号上发{what}，先确认一下是您本人。", what=what)
    return WHY[purpose]


def question(work: Work, code: StepUpCode, reason: Words) -> Slot[str]:
    """Asked anew after each wrong answer."""
    second = work.session.get_one(ChatAccount, code.shown_to)
    options = [Option(ON_A_PAGE, _("改为在网页上登录"))] if work.identity.pages else []

    def parse(stored: str) -> str:
        if stored != ON_A_PAGE and not re.fullmatch(r"[0-9]{6}", stored):
            raise Invalid(_("验证码是六位数字。"))
        return stored

    def read(said: Said) -> str | None:
        words = re.sub(r"(?<=\d)[\s-](?=\d)", "", said.words)
        found = re.findall(r"(?<!\d)\d{6}(?!\d)", words)
        return found[0] if len(found) == 1 else option_meant(said.words, tuple(options))

    return Slot(
        f"step_up.{code.id}.{code.tries}",
        _(
            "{why}验证码已发到您的{channel}，五分钟内有效，请把六位数字发到这里。",
            why=reason,
            channel=channel_name(second.channel),
        ),
        _("验证码"),
        parse,
        read,
        tuple(options),
        revisable=False,
    )


def on_a_page(chat: Chat, work: Work, account: ChatAccount, reason: Words) -> None:
    if not work.identity.pages:
        raise Refused("step_up_impossible", office="technical_support")
    link = stepup.page_link(work, account)
    if chat.once(f"step_up.{link.id}"):
        chat.say(
            _("{why}请在网页上再登录一次，链接十分钟内有效。", why=reason),
            buttons=[chat.link(_("去登录"), f"step-up:{link.id}", style="primary")],
            until=link.expires_at,
        )
    chat.wait(
        stepup.awaited(link.id),
        _("登录好了，这里会自动接着办。"),
        still=_("还在等您登录。"),
    )
