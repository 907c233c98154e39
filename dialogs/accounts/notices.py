"""What people are told when an account is bound or unbound, and the code for a step-up."""

from backend.identity import exam_tickets, links
from backend.models import ChatAccount, Person, StepUpCode
from backend.sealing import masked_name, masked_number
from backend.work import Event, Work
from dialogs import refusals
from dialogs.accounts.names import account_name
from dialogs.engine.chat import Chat
from dialogs.engine.words import Bilingual, _, lines
from dialogs.menu import menu


def nobody_else(work: Work, event: Event) -> list[int]:
    """It is meant for one conversation, which the event names itself."""
    return []


def its_person(work: Work, event: Event) -> list[int]:
    return [int(event.facts["person"])]


def still_theirs(work: Work, event: Event) -> ChatAccount | None:
    """The account, unless it was unbound before this could be said."""
    account = work.session.get(ChatAccount, event.facts["account"])
    return account if account and account.person_id == event.facts["person"] else None


def offered(chat: Chat, work: Work, event: Event) -> None:
    """At an account that is nobody's: whose it would be by the link it has opened."""
    link = links.live(work, event.facts["link"], links.START)
    account = work.session.get(ChatAccount, event.facts["account"])
    if link is None or link.person_id is None or account is None or account.person_id is not None:
        return
    person = work.session.get_one(Person, link.person_id)
    chat.say(
        _(
            "要把这个账号绑定给 {name}（{number}）吗？绑定之后，在这里说的、办的都算 {name} 的。"
            "不是您本人，或者链接是别人发来的，请不要按。",
            name=Bilingual(masked_name(person.name), masked_name(person.name_en or person.name)),
            number=masked_number(person.number),
        ),
        buttons=[chat.button(_("绑定"), "bind_by_start", style="primary", link=link.id)],
        until=link.expires_at,
    )


def bound(chat: Chat, work: Work, event: Event) -> None:
    """At the account itself: whose it is now, and what was wanted before."""
    account = still_theirs(work, event)
    if account is None:
        return
    person = work.session.get_one(Person, event.facts["person"])
    name = Bilingual(masked_name(person.name), masked_name(person.name_en or person.name))
    said = [
        _(
            "绑定好了：这个账号现在是 {name}（{number}）的。",
            name=name,
            number=masked_number(person.number),
        )
    ]
    tickets = exam_tickets.held(work, person.id)
    if len(tickets) > 1:
        said.append(
            _("您有 {count} 个准考证，都已连上，说“换准考证”可以切换（E2）。", count=len(tickets))
        )
    if event.facts["dropped"]:
        said.append(_("绑定之前填了一半的内容没有带过来，请重新办理。"))
    wish = str(event.facts["wish"])
    go_on = [chat.button(_("接着办"), wish, style="primary")] if wish else []
    chat.say(lines(*said), buttons=go_on or menu(work, person.id, chat.language))


def announced(chat: Chat, work: Work, event: Event) -> None:
    """On the person's other channels, so that a stranger's binding is noticed."""
    account = still_theirs(work, event)
    if account is None:
        return
    chat.say(
        _(
            "您的 {account} 刚刚绑定（{at}）。不是您本人的话，请马上按“解除绑定”。",
            account=account_name(account),
            at=account.bound_at,
        ),
        buttons=[
            chat.button(
                _("解除绑定"),
                "unbind_account",
                style="danger",
                lasting=True,
                account=str(account.id),
            )
        ],
    )


def unbound(chat: Chat, work: Work, event: Event) -> None:
    """At the account, which is nobody's now."""
    chat.say(_("这个账号已解除绑定，我不再知道您是谁。要办业务时，请重新登录并绑定。"))


def password_reset(chat: Chat, work: Work, event: Event) -> None:
    """On all accounts of the person: a stranger may have asked for it in their name."""
    chat.say(
        lines(
            _(
                "您的自考账号已恢复初始密码（E1），网页上的登录都已退出。请尽快登录，设置新密码。"
                "不是您本人要求的话，请马上联系："
            ),
            refusals.office(work, "exam_technical"),
        )
    )


def step_up_code(chat: Chat, work: Work, event: Event) -> None:
    """On the second channel: a link, since what is written here stays readable."""
    account = work.session.get_one(ChatAccount, event.facts["account"])
    code = work.session.get(StepUpCode, event.facts["code"])
    if code is None:  # the account has been unbound meanwhile
        return
    chat.say(
        _(
            "有人正在 {account} 上办理您的业务，需要验证码。是您本人的话，请打开看，五分钟内有效；"
            "不是的话，不要告诉任何人。",
            account=account_name(account),
        ),
        buttons=[chat.link(_("看验证码"), f"code:{code.id}")],
        until=code.expires_at,
    )
