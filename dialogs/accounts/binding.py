"""绑定账号 (accounts): becoming somebody in a chat, on several channels; leaving one; exam tickets.

Nobody is asked for a number or a password here: links lead to a page (E1).
"""

from backend.accounts import TELEGRAM
from backend.errors import Refused
from backend.identity import bindings, exam_tickets, links
from backend.identity.stepup import Purpose
from backend.models import ChatAccount
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.accounts.names import account_name
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.repair import sign_in_first
from dialogs.engine.slots import choice, fixed
from dialogs.engine.words import Words, _, plain

THEN = fixed("then", _("要办的业务"))
ACCOUNT = fixed("account", _("账号"))
WHAT = fixed("what", _("内容"))
LINK = fixed("link", _("链接"))
MORE = fixed("more", _("账号"))


def bind_account(chat: Chat, work: Work) -> None:
    """For nobody yet: the way to become somebody. For somebody: their accounts, and one more."""
    then, more = chat.known(THEN) or "", chat.known(MORE)
    if chat.person is None:
        become_somebody(chat, work, then)
        return
    mine = bindings.of_person(work, chat.person)
    if mine and more:
        step_up.require(chat, work, Purpose.BIND)
        give_one_more(chat, work)
    elif mine:
        listing = [(account_name(one), _("{at} 绑定", at=one.bound_at)) for one in mine]
        chat.say(
            _("您绑定的账号："),
            card=chat.card(_("绑定的账号"), *((words(name), since) for name, since in listing)),
            buttons=[
                *(ask_for_one_more(chat, work) or one_more(chat, work)),
                *(unbind_button(chat, one) for one in mine),
                chat.link(_("在网页上管理"), "accounts:"),
            ],
        )
    elif first := one_more(chat, work):
        chat.say(
            _("您还没有绑定别的账号。绑定之后，在那里也能接着办。"),
            buttons=first,
            until=work.now + links.LIFETIME,
        )
    else:
        chat.say(_("您还没有绑定别的账号，这里也没有可以绑定的渠道。"))


def become_somebody(chat: Chat, work: Work, then: str) -> None:
    button = sign_in_button(chat, work, then)
    if button is None:
        chat.say(sign_in_first)
        return
    chat.say(
        _(
            "请先登录，我才知道您是谁。请按下面的按钮，在网页上登录并绑定这个账号；"
            "链接十分钟内有效，只能用一次。请不要把证件号码和密码发到对话里。"
        ),
        buttons=[button],
        until=work.now + links.LIFETIME,
    )


def sign_in_button(chat: Chat, work: Work, then: str = "") -> Button | None:
    """To the page on which this account is bound; None where there is no such page or account."""
    if work.account is None or not work.identity.pages:
        return None
    link = links.new(work, links.BIND, account=work.account, wish=then)
    return chat.link(_("登录并绑定"), f"bind:{link.id}", style="primary")


def can_bind_more(work: Work) -> bool:
    here = work.session.get(ChatAccount, work.account) if work.account else None
    return bool(work.identity.telegram) and not (here and here.channel == TELEGRAM)


def ask_for_one_more(chat: Chat, work: Work) -> list[Button]:
    """For somebody who has accounts, and should show once more that it is they: a session that was
    left open somewhere would give a stranger an account of their own."""
    if not can_bind_more(work) or not step_up.is_due(chat, work, Purpose.BIND):
        return []
    return [more_button(chat)]


def more_button(chat: Chat) -> Button:
    return chat.button(_("绑定 Telegram"), "bind_account", style="primary", more=TELEGRAM)


def give_one_more(chat: Chat, work: Work) -> None:
    """To whoever presses, and not to all who look into the conversation once somebody has signed in."""
    if work.browser is None:
        chat.say(_("登录好了，请再按一次。"), buttons=[more_button(chat)])
        return
    chat.say(
        _("请按下面的按钮绑定，链接十分钟内有效，只能用一次。"),
        buttons=one_more(chat, work),
        until=work.now + links.LIFETIME,
    )


def one_more(chat: Chat, work: Work) -> list[Button]:
    """The link that opens Telegram and binds it."""
    if not can_bind_more(work):
        return []
    link = links.new(work, links.START, person=chat.person)
    return [chat.link(_("绑定 Telegram"), f"start:{link.id}", style="primary")]


def bind_by_start(chat: Chat, work: Work) -> None:
    """Pressed at an account that has opened somebody's link: it is theirs. What follows is said as a
    notice, in the conversation that it has from now on."""
    if work.account is None:
        raise Refused("link_over")
    bindings.bind_by_start(work, chat.known(LINK) or "", work.account)


def unbind_button(chat: Chat, account: ChatAccount) -> Button:
    return chat.button(
        _("解除绑定 {account}", account=account_name(account)),
        "unbind_account",
        style="danger",
        lasting=True,
        account=str(account.id),
    )


def unbind_account(chat: Chat, work: Work) -> None:
    """One of one's own accounts, after showing once more who one is."""
    mine = bindings.of_person(work, chat.person or 0)
    named = chat.known(ACCOUNT)
    if named is None:
        if not mine:
            chat.say(_("您没有绑定的账号。"))
            return
        if len(mine) > 1:
            chat.say(_("要解除哪一个？"), buttons=[unbind_button(chat, one) for one in mine])
            return
    account = next((one for one in mine if named in (None, str(one.id))), None)
    if account is None:
        chat.say(_("这个账号已经不是您的了，不用再解除。"))
        return
    step_up.require(chat, work, Purpose.UNBIND)
    consent = chat.confirm(
        _(
            "解除绑定 {account}？之后在那里不再能办您的业务，也收不到您的通知。",
            account=account_name(account),
        ),
        facts=f"{account.id}:{account.bound_at}",
        agree=_("解除绑定"),
    )
    name = account_name(account)
    bindings.unbind(work, account.id, consent)
    chat.say(_("已解除绑定 {account}。", account=name))


def switch_exam_ticket(chat: Chat, work: Work) -> None:
    """Another of one's own exam tickets, without signing in again (E2)."""
    mine = exam_tickets.held(work, chat.person or 0)
    if not mine:
        raise Refused("no_exam_ticket", "E2")
    current = exam_tickets.current(work, chat.person or 0)
    if len(mine) == 1:
        chat.say(_("您只有一个准考证：{number}（E2）。", number=mine[0].number))
        return
    labels: dict[str, Words] = {one.number: plain(one.number) for one in mine}
    slot = choice(
        "exam_ticket",
        _("现在用的准考证是 {number}。换成哪一个？", number=current.number)
        if current
        else _("用哪一个准考证？"),
        labels,
        title=_("准考证"),
        entity="exam_ticket",
    )
    chosen = exam_tickets.choose(work, chat.ask(slot))
    chat.say(_("好的，现在用准考证 {number}（E2）。", number=chosen.number))
    for title, answers in chat.under_way:
        if answers.get("ticket") not in (None, chosen.number):
            chat.say(
                _(
                    "正在办的“{title}”还是用 {number}，填的都在；要换成这一个，请说“不办了”，再重新办。",
                    title=title,
                    number=answers["ticket"],
                )
            )


def withheld(chat: Chat, work: Work) -> None:
    """Somebody typed what nobody should: it was not kept, and they are told why."""
    what = WITHHELD.get(chat.known(WHAT) or "", WITHHELD["password"])
    button = sign_in_button(chat, work) if chat.person is None else None
    chat.say(
        _(
            "这条消息里像是有{what}，没有保存，也没有处理。聊天记录可能被别人看到，"
            "请不要在对话里发证件号码和密码，并把这条消息删掉；登录只在学校的网页上进行（E1）。",
            what=what,
        ),
        buttons=[button] if button else [],
    )


WITHHELD: dict[str, Words] = {"id_number": _("完整的身份证号"), "password": _("密码")}


def words(speech: object) -> Words:
    return Words("{text}", {"text": speech})
