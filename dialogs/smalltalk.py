"""Everything around the services: greeting, menu, people to call, language, and honest refusals."""

import re

from backend import authority
from backend.identity import exam_tickets
from backend.models import Person
from backend.registry import students
from backend.work import Work
from dialogs import refusals
from dialogs.engine.chat import Chat
from dialogs.engine.slots import fixed
from dialogs.engine.words import Bilingual, Words, _, lines
from dialogs.menu import menu

TO = fixed("to", _("语言"))


def greet(chat: Chat, work: Work) -> None:
    person = work.session.get(Person, chat.person) if chat.person else None
    hello = (
        _("{name}，您好！我是教务助手。", name=Bilingual(person.name, person.name_en))
        if person
        else _("您好！我是教务助手。")
    )
    buttons = menu(work, chat.person, chat.language)
    chat.say(lines(hello, what_i_do(work, chat.person)), buttons=buttons)


def what_i_do(work: Work, person: int | None) -> Words:
    """For this person; for whoever is not known yet, all of it."""
    student = person is not None and students.find(work, person) is not None
    candidate = person is not None and exam_tickets.has_any(work, person)
    if student and candidate:
        return _("电子成绩单、毕业照、自考的事，都可以在这里办。")
    if student:
        return _("可以帮您办电子成绩单，也可以查毕业照的时间、地点和图像采集码。")
    if candidate:
        return _("可以帮您办自考的免考、毕业、转出、成绩补登，也可以查成绩。")
    if person is not None and authority.roles(work, person):
        return _("有申请等您办的时候会告诉您。")
    return _("可以帮您办电子成绩单、毕业照和自考的事。")


def help_(chat: Chat, work: Work) -> None:
    chat.say(
        lines(
            what_i_do(work, chat.person),
            _("收费和规定也可以直接问，我按原文回答。"),
            _("办理中随时可以说“上一步”“改成英文的”“不办了”，隔几天回来也能接着办。"),
        ),
        buttons=menu(work, chat.person, chat.language),
    )


def goodbye(chat: Chat, work: Work) -> None:
    chat.say(_("再见！需要时随时找我。"))


def thank(chat: Chat, work: Work) -> None:
    chat.say(_("不客气。还有要办的，直接说就行。"))


def switch_language(chat: Chat, work: Work) -> None:
    """To the one that was named, otherwise to the other one; everything open goes on in it."""
    other = "zh" if chat.language == "en" else "en"
    wanted = chat.known(TO) or language_named(chat.opening) or other
    if chat.person:
        work.session.get_one(Person, chat.person).language = wanted
    chat.set_language(wanted)
    chat.say(_("好的，下面用中文。"))


def language_named(words: str) -> str | None:
    """The one language that was named in whichever language."""
    zh = re.search(r"中文|汉语|普通话|华语|chinese|mandarin", words.casefold())
    en = re.search(r"英文|英语|english", words.casefold())
    return ("zh" if zh else "en") if bool(zh) != bool(en) else None


def coming(chat: Chat, work: Work) -> None:
    """A service that is not open yet: said so, with what there is and whom to call."""
    chat.say(
        lines(
            _("这项业务还没有在这里开通。"),
            refusals.office(work, "technical_support"),
        ),
        buttons=menu(work, chat.person, chat.language),
    )
