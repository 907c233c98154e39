"""分享成绩单 (sharing): a link to what the record says, for whom its owner wants to see it."""

from backend import transcripts
from backend.identity.stepup import Purpose
from backend.models import Share
from backend.policy import store
from backend.sharing import making
from backend.sharing.making import Terms
from backend.work import Work
from backend.workdays import after_months
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import Slot, choice
from dialogs.engine.words import Speech, _, lines, listed
from dialogs.orders.ordering import APPLICATION
from dialogs.sharing import terms
from dialogs.titles import title_of

MOST_OFFERED = 6
PIN_THERE = _("口令在“看口令”里，只显示十分钟；请另外告诉对方，不要和链接放在一起。")


def share_transcript(chat: Chat, work: Work) -> None:
    """One link for one document; whoever gets it needs no account, and never sees the file."""
    number = which(chat, work)
    if number is None:
        return
    application, credential = making.to_share(work, number)
    making.check_room(work)
    step_up.require(chat, work, Purpose.FIRST_FILE, _("分享链接"))
    policy = store.credential(work)
    purpose = chat.ask(terms.PURPOSE)
    recipient = ""
    if purpose in {option.value for option in terms.PURPOSE.options}:
        answer = chat.ask(terms.RECIPIENT)
        recipient = "" if answer == terms.UNNAMED.into("zh") else answer
    fields, _label = terms.SHOWN[chat.ask(terms.shown_slot(credential.gpa == "with"))]
    months = chat.ask(terms.months_slot(policy))
    wanted = Terms(
        purpose, recipient, fields, months, pin=chat.ask(terms.PIN), tell=chat.ask(terms.TELL)
    )
    title = title_of(work, application)
    ask = (
        _(
            "请确认：把 {title}的核验信息分享出去？有链接和口令的人能看到下面这些，看不到文件本身。随时可以停用。",
            title=title,
        )
        if wanted.pin
        else _(
            "请确认：把 {title}的核验信息分享出去？有链接的人都能看到下面这些，看不到文件本身。随时可以停用。",
            title=title,
        )
    )
    consent = chat.confirm(
        ask,
        card=chat.card(
            _("分享"),
            (_("用途"), terms.to_words(purpose, recipient)),
            (_("对方能看到"), listed(*(terms.FIELD_NAMES[field] for field in fields))),
            (_("有效到"), _("{at}", at=after_months(work.now, months))),
            (_("口令"), _("要口令") if wanted.pin else _("不要口令")),
            (_("有人看了"), _("告诉我") if wanted.tell else _("不用告诉我")),
        ),
        facts=f"{credential.code}:{credential.status}",
        agree=_("生成链接"),
    )
    share = making.make(work, number, wanted, consent)
    hand_over(chat, share)


def which(chat: Chat, work: Work) -> str | None:
    """The number of the application whose document it is; None where there is nothing to share."""
    named = chat.known(APPLICATION)
    if named is not None:
        return named
    found = making.shareable(work)[:MOST_OFFERED]
    if not found:
        nothing_yet(chat, work)
        return None
    if len(found) == 1:
        return found[0][0].number
    titles = {application.number: title_of(work, application) for application, _one in found}
    document: Slot[str] = choice("share_which", _("要分享哪一份？"), titles, title=_("成绩单"))
    return chat.ask(document)


def nothing_yet(chat: Chat, work: Work) -> None:
    if transcripts.of_person(work, chat.person or 0):
        way_on = chat.button(_("我的申请"), "my_applications", style="primary")
    else:
        way_on = chat.button(_("申请电子成绩单"), "apply_transcript", style="primary")
    chat.say(_("您现在没有有效的电子成绩单，所以没有可以分享的。"), buttons=[way_on])


def hand_over(chat: Chat, share: Share) -> None:
    said: list[Speech] = [
        _(
            "链接做好了，{until} 之前有效。请打开链接，复制网址发给对方；对方不用登录。",
            until=share.expires_at,
        )
    ]
    if share.pin_hash:
        said.append(PIN_THERE)
    chat.say(lines(*said), buttons=[*links(chat, share), mine_button(chat)])


def links(chat: Chat, share: Share) -> list[Button]:
    """What is kept in the chat is which link is meant, not its address."""
    found = [chat.link(_("打开链接"), f"share:{share.id}", style="primary")]
    if share.pin_hash:
        found.append(chat.link(_("看口令"), f"share-pin:{share.id}"))
    return found


def mine_button(chat: Chat) -> Button:
    return chat.button(_("我的分享"), "my_shares", lasting=True)
