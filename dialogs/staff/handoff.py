"""找老师 (a person): the right office, and talking to somebody of it here (T10, R17, E11)."""

import re

from backend import cases, handoff
from backend.errors import Refused
from backend.models import Application, Handoff, Person
from backend.policy import store
from backend.work import Work
from dialogs.case_kinds import CASES, case_title, state_words
from dialogs.contacts import DESKS, contacts, meant, office_name, reachable
from dialogs.engine.chat import Chat
from dialogs.engine.dialog import Relayed
from dialogs.engine.message import Button, Card
from dialogs.engine.slots import fixed, plainest, text
from dialogs.engine.turn import Attached, Said
from dialogs.engine.words import Speech, Words, _, plain
from dialogs.titles import name_of, person_name

OFFICE = fixed("office", _("部门"))
HANDOFF = fixed("handoff", _("对话"))
PERSON = re.compile(r"人工|真人|活人|客服|老师|来个人|human|person|somebody|someone|agent|staff")
WANTED = re.compile(
    r"转人工|人工(服务|客服|坐席)|(要|想|能|得)(找|跟|和)(个|一下|一位)?(真人|活人|老师)(聊|谈|说|问|$|[,，。!？?])"
    r"|(失败|错|有误|不对|问题|无效).{0,12}(找|联系|问)(谁|哪个部门|哪个老师|哪位老师)"
    r"|\bwhom? (do|can|should) i (call|contact|ask)\b"
    r"|\b(speak|talk|chat) (to|with) (a |an )?(human|person|somebody|someone|officer|agent)"
)
ENDS = {
    plainest(words)
    for words in (
        "结束",
        "结束对话",
        "结束人工",
        "退出人工",
        "转回助手",
        "end",
        "end chat",
        "end the chat",
    )
}
WAITING = re.compile(r"^等老师的同学$|^谁在(等|找)(我|老师)|^students waiting( for a person)?$")
STAFF_MENU = {
    plainest(label.into(language))
    for label in (_("待我审批"), _("等老师的同学"), _("请假和代办"))
    for language in ("zh", "en")
}


def ask_human(chat: Chat, work: Work) -> None:
    """The right office by the kind of trouble; whoever wants a person gets one a press away."""
    mine = handoff.of_student(work, chat.person) if chat.person else None
    if mine:
        say_status(chat, work, mine)
        return
    offices = reachable(work, chat.person)
    wanted = meant(chat.opening, offices)
    if wanted and PERSON.search(chat.opening.casefold()):
        chat.go_on_with("ask_person", office=wanted)
        return
    chat.say(
        contacts(work, chat.person),
        buttons=[
            chat.button(
                _("找{office}的老师", office=name), "ask_person", lasting=True, office=office
            )
            for office, name in offices.items()
        ],
    )


def ask_person(chat: Chat, work: Work) -> None:
    """The question, and who will see what; then somebody of the office takes over here."""
    mine = handoff.of_student(work, chat.person or 0)
    if mine:
        say_status(chat, work, mine)
        return
    office = chat.ask(OFFICE)
    if office not in reachable(work, chat.person):
        raise Refused("nobody_there", DESKS[office].rule, office=office)
    name = office_name(work, office)
    question = chat.ask(
        text(
            "question",
            _(
                "请用一两句话写下要问{office}的事。老师会看到它、我们刚才的几句对话和您正在办的申请。",
                office=name,
            ),
            title=_("问题"),
            verbatim=True,
        )
    )
    asked = handoff.ask(work, office, question)
    say_status(chat, work, asked)


def say_status(chat: Chat, work: Work, one: Handoff) -> None:
    name = office_name(work, one.office)
    back = handoff.back_at(store.offices(work).offices[one.office], store.calendar(work), work.now)
    if one.state == handoff.State.OPEN:
        words = _("您正在和{office}的老师对话，写的话会直接发过去。", office=name)
    elif back:
        words = _(
            "{office}现在不上班，{back} 上班。您的话已经留下，老师上班后会在这里回答您。",
            office=name,
            back=back,
        )
    else:
        words = _("已转给{office}，有老师接手就告诉您，会在这里回答。", office=name)
    label = _("结束对话") if one.state == handoff.State.OPEN else _("不找了")
    chat.say(words, buttons=[chat.button(label, "end_talk", handoff=one.number)])


def take_over(chat: Chat, work: Work) -> None:
    """The first one who presses has it."""
    taken = handoff.take(work, chat.ask(HANDOFF))
    chat.say(
        _(
            "已接手。从现在起您写的话直接发给{name}，对方的话也发到这里。说“结束”就结束。",
            name=person_name(work, taken.student_id),
        ),
        buttons=[end_button(chat, taken)],
    )
    chat.hand_to_a_person()


def end_talk(chat: Chat, work: Work) -> None:
    before = chat.ask(HANDOFF)
    ended = handoff.end(work, before)
    chat.say(_("好的，不找了。") if ended.officer_id is None else OVER)


OVER = _("对话结束了，后面由助手接着为您服务。")


def waiting_students(chat: Chat, work: Work) -> None:
    """Who waits for somebody of this person's office."""
    waiting = handoff.waiting(work)
    if not waiting:
        chat.say(_("现在没有等着找您的同学。"))
    for one in waiting[:5]:
        show(chat, work, one, _("{at} 起在等：", at=one.asked_at))


# --- while somebody else answers ------------------------------------------------------------


def relay(chat: Chat, work: Work, turn: Said | Attached, asked: bool) -> Relayed:
    """Words for the person at the other end go there, and the assistant has nothing to say.

    A clear end is one. Nothing else is taken for a command, but for what stands in the menu of the
    officer, who has other work to do meanwhile: what the assistant has ``asked`` them since they
    took over is answered to the assistant, or the reason of a rejection would go to this student.
    """
    if not handoff.is_talking(work, chat.person or 0):
        return "no"
    with work.savepoint():
        open_one = handoff.talking(work, chat.person or 0)
        if open_one is None:
            return "no"
        by_officer = chat.person == open_one.officer_id
        if by_officer and isinstance(turn, Said) and plainest(turn.text) in STAFF_MENU:
            return "no"
        if isinstance(turn, Said) and plainest(turn.text) in ENDS:
            handoff.end(work, open_one.number)
            chat.say(OVER)
            return "over"
        if by_officer and asked:
            return "no"
        if isinstance(turn, Said):
            handoff.say(work, open_one, turn.text)
        elif turn.blob_id:
            handoff.say(work, open_one, turn.name, turn.blob_id)
        else:
            chat.say(_("文件没有转过去，请用文字说明。"))
        return "yes"


# --- what whoever takes over needs to know ------------------------------------------------


def show(chat: Chat, work: Work, one: Handoff, words: Words) -> None:
    """What whoever takes over needs to know."""
    take = chat.button(_("接手"), "take_over", style="primary", handoff=one.number)
    chat.say(words, card=case_card(chat, work, one), buttons=[take], about=one.number)


def case_card(chat: Chat, work: Work, one: Handoff) -> Card:
    student = work.session.get_one(Person, one.student_id)
    rows: list[tuple[Words, Speech]] = [
        (_("学生"), _("{name}（{number}）", name=name_of(student), number=student.number)),
        (_("问题"), plain(handoff.masked(one.question))),
    ]
    if application := open_case(work, one.student_id):
        state, title = state_words(application), case_title(work, application)
        rows.append((_("正在办"), _("{title}：{state}", title=title, state=state)))
    rows += [
        (_("学生说") if heard.by_student else _("助手说"), plain(heard.text))
        for heard in handoff.context(work, one)
    ]
    return chat.card(_("找老师 {number}", number=one.number), *rows)


def open_case(work: Work, person: int) -> Application | None:
    """The latest one that still goes on."""
    mine = cases.of_person(work, person)
    return next((one for one in mine if one.state not in CASES[one.kind].over), None)


# --- words ----------------------------------------------------------------------------------


def end_button(chat: Chat, one: Handoff) -> Button:
    return chat.button(_("结束对话"), "end_talk", handoff=one.number)


def officer_name(work: Work, one: Handoff) -> Words:
    name = person_name(work, one.officer_id or 0)
    return _("{office}{name}", office=office_name(work, one.office), name=name)
