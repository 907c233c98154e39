"""What the assistant says when a conversation needs mending; the same in every service."""

import re
from collections.abc import Sequence

from backend.errors import Refused
from backend.work import Work
from dialogs import refusals
from dialogs.engine.chat import Chat
from dialogs.engine.message import Action, Button, Message
from dialogs.engine.slots import BY_NAME, fixed, yes_no
from dialogs.engine.talk import Frame
from dialogs.engine.turn import Said
from dialogs.engine.typed import Typed
from dialogs.engine.words import Joined, Words, _, lines, listed
from dialogs.meanings import OUT_OF_SCOPE
from dialogs.menu import menu

one_after_another = _("好的，一种一种来：先办这一种，办完接着办另一种。")
no_file_wanted = _("文件收到了，但现在这一步用不着文件，一天后会删除。")
file_kept = _("图片收到了，轮到它的时候会用上。")
button_used = _("这个按钮已经用过了。")
button_stale = _("这个按钮已经过期了。")
left = _("好的，不办了。")
nothing_open = _("现在没有正在办的事。要办什么，直接说就行。")
at_the_start = _("这已经是第一步了。")
noted = _("好的，记下了。")
not_understood = _("没听明白，换个说法试试？")
too_long_here = _("这一段没有用上：请先回答下面这一项，要写的内容问到的时候再发。")
not_ours = _("这好像不是我这里的事。成绩单、毕业注册、学位、自考和毕业照片的事，都可以问我。")
sign_in_first = _("请先登录，我才知道您是谁。")
dialog_gone = _("这项业务的办理方式刚刚更新了，请重新开始。已经提交的不受影响。")

FOREIGN = 0.95  # from which probability on it is said that something is not ours
ENOUGH = 5  # characters, or English words: with fewer nobody can tell whose business it is
WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")


def missed(said: Said) -> Words:
    """Somebody else's business is called that; noise is not."""
    foreign = said.sure(FOREIGN) == OUT_OF_SCOPE and len(WORD.findall(said.words)) >= ENOUGH
    return not_ours if foreign else not_understood


def corrected(changes: Sequence[Words]) -> Words:
    """What was changed, from what to what."""
    return _("好的，已更正。{changes}", changes=Joined(tuple(changes), "；", "; "))


def broken(reference: str) -> Words:
    """Something failed inside; nothing was changed by this message."""
    return _(
        "出了点问题，这句话没有处理成，别的都没有受影响。请过一会儿再试；联系技术支持时请报编号 {reference}。",
        reference=reference,
    )


def one_by_one(titles: Sequence[Words]) -> Words:
    each = [title for place, title in enumerate(titles) if title not in titles[:place]]
    several = (
        _("{title}（{count} 次）", title=title, count=count) if count > 1 else title
        for title, count in ((title, titles.count(title)) for title in each)
    )
    return _("一件一件来：{several}。", several=listed(*several))


def what_i_can(language: str) -> Button:
    return Button(_("能办什么").into(language), Action(dialog="help", lasting=True))


def what_to_change(frame: Frame, slots: Sequence[Sequence[str]], language: str) -> Message:
    """A button for each answer given, and one to leave."""
    return Message(
        _("要改哪一项？").into(language),
        language,
        buttons=(*revisions(frame, slots), leaving(frame, language)),
    )


def which_one(buttons: Sequence[Typed], language: str) -> Message:
    """Several buttons are called what was typed."""
    return Message(
        _("指的是哪一个？").into(language),
        language,
        buttons=tuple(Button(f"{one.label} {one.about}".strip(), one.opening) for one in buttons),
    )


def revisions(frame: Frame, slots: Sequence[Sequence[str]]) -> tuple[Button, ...]:
    return tuple(
        Button(title, Action(frame=frame.id, slot=name, do="revise"))
        for name, title in slots
        if title and not name.startswith(BY_NAME)
    )


def leaving(frame: Frame, language: str) -> Button:
    return Button(_("不办了").into(language), Action(frame=frame.id, do="leave"))


def refusal(
    work: Work,
    refused: Refused,
    frame: Frame | None,
    slots: Sequence[Sequence[str]],
    language: str,
) -> Message:
    """Why not, by which clause, whom to ask; and what could be changed, where that helps."""
    text = refusals.sentence(work, refused).into(language)
    if frame is None:
        return Message(text, language, buttons=next_step(work, refused, language))
    return Message(text, language, buttons=(*revisions(frame, slots), leaving(frame, language)))


def next_step(work: Work, refused: Refused, language: str) -> tuple[Button, ...]:
    step = refusals.next_step(work, refused)
    if step is None:
        return ()
    label, dialog = step
    return (Button(label.into(language), Action(dialog=dialog, lasting=True)),)


def menu_and_person(
    work: Work, person: int | None, language: str, office: str = "academic_affairs"
) -> Message:
    """After two misses: what can be done here, and who can be asked about what was under way."""
    words = lines(
        _("还是没听明白，对不起。您可以从下面选一个，或者直接找人问："),
        refusals.office(work, office),
        refusals.office(work, "technical_support"),
    )
    return Message(words.into(language), language, buttons=menu(work, person, language))


def job_failed(frame: Frame, language: str) -> Message:
    return Message(
        _("没有准备成功，已经通知技术支持。您可以过一会儿再试。").into(language),
        language,
        buttons=(
            Button(_("再试一次").into(language), Action(frame=frame.id, do="resume")),
            leaving(frame, language),
        ),
    )


LEAVE = yes_no(
    "leave", _("先不办这一项了吗？已经填的内容不会保存。"), _("先不办了"), _("接着办"), danger=True
)


FRAME = fixed("frame", _("办理中的业务"))


def leave(chat: Chat, work: Work) -> None:
    """Confirmation before something would be lost."""
    frame = chat.known(FRAME)
    if chat.ask(LEAVE) and frame:
        chat.leave(frame)
        chat.say(left)
