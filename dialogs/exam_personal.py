"""Personal data before graduation (E6b): shown as they are known, asked only where one is missing."""

from dataclasses import replace

from backend.exam.graduation_cases import MOBILE, Personal
from backend.models import ExamCandidate, Person
from backend.work import Work
from dialogs.chat import Chat
from dialogs.graduation_words import FIELDS, personal_rows
from dialogs.slots import Invalid, Slot, choice, text
from dialogs.turn import Said
from dialogs.words import Speech, Words, _, plain

GENDERS: dict[str, Words] = {"male": _("男"), "female": _("女")}
MOST: dict[str, int] = {"address": 100, "employer": 60}


def confirmed(chat: Chat, work: Work, known: Personal) -> Personal:
    """The data as the candidate has looked at them; a mobile number is asked for where none is known."""
    personal, turn = known, 1
    if not personal.mobile:
        personal = replace(personal, mobile=chat.ask(mobile("mobile")))
    while True:
        if chat.once(f"personal.{turn}"):
            rows = [*fixed_rows(work), *personal_rows(personal)]
            chat.say(
                _("请核对个人信息，手机要是本人常用的号码（E6）。"),
                card=chat.card(_("个人信息"), *rows),
            )
        if chat.ask(right(turn)):
            return personal
        name = chat.ask(which(turn))
        slot = mobile(f"field.{turn}") if name == "mobile" else other(f"field.{turn}", name)
        personal = replace(personal, **{name: chat.ask(slot)})
        turn += 1


def fixed_rows(work: Work) -> list[tuple[Words, Speech]]:
    """What the registry says and nobody changes here."""
    person = work.session.get_one(Person, work.actor)
    data = work.session.get(ExamCandidate, person.id)
    rows: list[tuple[Words, Speech]] = [(_("姓名"), plain(person.name))]
    if data is not None:
        rows.append((_("性别"), GENDERS.get(data.gender, plain(data.gender))))
        rows.append((_("民族"), plain(data.ethnicity)))
        rows.append((_("出生日期"), plain(data.born_on.isoformat())))
        rows.append((_("证件类型"), plain(data.id_kind)))
    return rows


def right(turn: int) -> Slot[bool]:
    slot = choice(
        f"personal.{turn}",
        _("这些都对吗？"),
        {True: _("都对"), False: _("要改一项")},
        title=_("个人信息"),
        yes=True,
        no=False,
    )
    return replace(slot, revisable=False)


def which(turn: int) -> Slot[str]:
    slot = choice(f"edit.{turn}", _("要改哪一项？"), FIELDS, title=_("要改的一项"))
    return replace(slot, revisable=False)


def mobile(name: str) -> Slot[str]:
    def parse(stored: str) -> str:
        if not MOBILE.fullmatch(stored):
            raise Invalid(_("请写 11 位的手机号码，比如 13800000000。"))
        return stored

    def read(said: Said) -> str | None:
        return "".join(one for one in said.text if one.isdigit()) or None

    prompt = _("您的手机号码是多少？要是本人常用的号码（E6）。")
    return Slot(name, prompt, _("手机号码"), parse, read, entity="phone")


def other(name: str, field: str) -> Slot[str]:
    label = FIELDS[field]
    return text(
        name,
        _("{label}改成什么？", label=label),
        title=label,
        at_most=MOST.get(field, 40),
        verbatim=True,
    )
