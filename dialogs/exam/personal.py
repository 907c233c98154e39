"""Personal data before graduation (E6b): shown as they are known, asked only where one is missing."""

from dataclasses import replace
from hashlib import sha256

from backend.exam.graduation_cases import MOBILE, Personal
from backend.models import ExamCandidate, Person
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.slots import BY_NAME, Invalid, Slot, choice, text
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _, plain
from dialogs.exam.graduation_words import FIELDS, personal_rows, shown

GENDERS: dict[str, Words] = {"male": _("男"), "female": _("女")}
MOST: dict[str, int] = {"address": 100, "employer": 60}


def confirmed(chat: Chat, work: Work, known: Personal) -> Personal:
    """The data as the candidate has looked at them; a mobile number is asked for where none is known."""
    slots = {name: mobile() if name == "mobile" else other(name) for name in FIELDS}
    values = {name: chat.stands(slots[name], getattr(known, name)) for name in FIELDS}
    personal, turn = replace(known, **values), 1
    if not personal.mobile:
        personal = replace(personal, mobile=chat.ask(slots["mobile"]))
    seen = sha256(repr(personal).encode()).hexdigest()[:8]
    while True:
        if chat.answered(f"personal.{turn}") is None and chat.once(f"{turn}.{seen}"):
            rows = [*fixed_rows(work), *personal_rows(personal)]
            chat.say(
                _("请核对个人信息，手机要是本人常用的号码（E6）。"),
                card=chat.card(_("个人信息"), *rows),
            )
        if chat.ask(right(turn)):
            return personal
        name = chat.ask(which(turn))
        if chat.once(f"anew.{turn}"):
            chat.ask_anew(slots[name])
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


def mobile() -> Slot[str]:
    def parse(stored: str) -> str:
        if not MOBILE.fullmatch(stored):
            raise Invalid(_("请写 11 位的手机号码，比如 13800000000。"))
        return stored

    def read(said: Said) -> str | None:
        return "".join(one for one in said.text if one.isdigit()) or None

    prompt = _("您的手机号码是多少？要是本人常用的号码（E6）。")
    return Slot("mobile", prompt, _("手机号码"), parse, read, entity="phone")


def other(field: str) -> Slot[str]:
    label = FIELDS[field]
    slot = text(
        f"{BY_NAME}{field}",
        _("{label}改成什么？", label=label),
        title=label,
        at_most=MOST.get(field, 40),
        verbatim=True,
    )
    return replace(slot, told=lambda stored: shown(field, stored))
