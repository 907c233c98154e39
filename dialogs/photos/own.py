"""拍照安排 (the shooting): when, where, what to wear and to bring, what it costs, and the make-up."""

import re

from backend.clauses import library, shooting
from backend.photos import attendance, codes, schedule
from backend.photos.attendance import Attendance, Standing
from backend.photos.fee import COLLECTED
from backend.policy import store
from backend.policy.photo import PhotoPolicy
from backend.registry import students
from backend.work import Work
from dialogs import refusals
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import fixed
from dialogs.engine.words import Joined, Speech, Words, _, lines
from dialogs.photos.words import (
    day_words,
    dress_words,
    earlier_words,
    fee_words,
    no_photo_words,
    say_makeup,
    turn_words,
    until_words,
)
from dialogs.rules.own import row_words

MAKEUP = fixed("makeup", _("补拍"))
MISSED = re.compile(
    r"我.{0,8}(错过|没赶上|没去成|没能去|去不了|拍不了|来不了).{0,8}(毕业照|拍照|照相|拍摄|采集)"
    r"|^(我)?(要|想)?(毕业照|照片)?(要)?怎么补拍(毕业照|照片)?[?？。!！]?$"
    r"|\bi (have )?missed (the |my )?(graduation )?(photo|shooting)|\bmake-?up photo\b"
)

# Where somebody speaks of their shooting, this asks what to do without it.
ABSENT = re.compile(
    r"错过|没赶|没去|没来|没到|没能|没参加|漏拍|忘了|忘记|[去来拍赶]不[了上回]|请不了假|补[拍照]|能补"
    r"|有事|出差|生病|住院|迟到|去晚|睡过"
    r"|\bmiss(ed)?\b|make-?up|(was|could|can|did|wo)(n'?t| not)\b|forgot|overslept|away|abroad|sick"
)

# When and where everybody's make-up is: the documents say it, a notice published since among them.
OF_MAKEUP = re.compile(
    r"^(?!.*[我怎]).*((哪天|几号|什么时候|在?哪里?)补拍|补拍.{0,4}(哪天|几号|什么时候|在哪))"
)


def photo_schedule(chat: Chat, work: Work) -> None:
    """Everything about one's own shooting in one answer (P1-P7)."""
    person = chat.person or 0
    if OF_MAKEUP.search(chat.opening):
        chat.go_on_with("ask_rule", question=chat.opening)
        return
    if tell_other_units(chat, work, chat.opening):
        return
    found = attendance.of_person(work, person)
    card = attendance.makeup(work, person)
    asked = chat.known(MAKEUP)
    wanted = bool(asked) or bool(ABSENT.search(chat.opening.lower()))
    if card is not None and (wanted or found.standing is Standing.MISSED):
        say_makeup(chat, work, found, card)
        tell_earlier(chat, found)
        return
    match found.standing:
        case Standing.DONE:
            chat.say(
                _("您已经拍过毕业照了：{day}。不用再拍。", day=day_words(found.taken_on))
                if found.taken_on
                else _("您已经拍过毕业照了。")
            )
        case Standing.NO_SEASON | Standing.NOT_LISTED | Standing.NO_TURN:
            nothing_known(chat, work, found)
        case _:
            tell_turn(chat, work, found)


def tell_other_units(chat: Chat, work: Work, question: str) -> bool:
    """Where the question names other units than one's own: from the published schedule, and for
    units that are not in it from the notice's Annex 1 (P1)."""
    notice = next(one for one in library.shipped() if one.id == shooting.PHOTO_NOTICE)
    named = shooting.named_in(notice, question)
    known = schedule.unit_names(work)
    student = students.find(work, chat.person or 0)
    own = student.unit_id if student else None
    units_ = {
        row.unit: next((known[name] for name in shooting.units_named(row) if name in known), None)
        for row in named
    }
    if not any(unit is None or unit != own for unit in units_.values()):
        return False
    plan = schedule.current(work)
    told: list[Speech] = []
    for row in named:
        unit = units_[row.unit]
        turns = schedule.of_unit(work, plan, unit) if plan and unit else []
        if turns:
            told += [_("{unit}：{turn}", unit=row.unit, turn=turn_words(one)) for one in turns]
        else:
            told.append(row_words(work, row, mine=False))
    chat.say(lines(*told), buttons=[chat.button(_("拍照安排"), "photo_schedule", lasting=True)])
    return True


def tell_turn(chat: Chat, work: Work, found: Attendance) -> None:
    policy = store.photo(work)
    coming = [one for one in found.turns if one.over_at > work.now]
    head: Words = (
        _("您今天拍毕业照。")
        if found.standing is Standing.TODAY
        else _("您的毕业照拍摄安排（{season}届）：", season=found.season)
    )
    rows: list[tuple[Words, Speech]] = [(_("时间地点"), lines(*map(turn_words, coming)))]
    if len(coming) > 1:
        rows.append((_("哪一场"), _("通知没有写哪些同学去哪一场，请问所在单位（P1）")))
    rows += [
        (_("采集码"), code_words(work, chat.person or 0)),
        (_("着装"), dress_words(policy)),
        (_("费用"), fee_words(policy)),
    ]
    card = attendance.makeup(work, chat.person or 0)
    if card is not None:
        rows.append(
            (_("来不了"), _("自己到中国图片社补拍，{until}（P6）", until=until_words(card)))
        )
    words: list[Speech] = [head]
    if (earlier := earlier_words(found)) is not None:
        words.append(earlier)
    if policy.no_photo_warning:
        words.append(no_photo_words())
    chat.say(
        lines(*words),
        card=chat.card(_("拍照安排"), *rows),
        buttons=[*code_button(chat, work), *fee_button(chat, policy), makeup_button(chat)],
        until=coming[-1].over_at if coming else None,
    )


def code_words(work: Work, person: int) -> Words:
    if codes.of(work, person) is not None:
        return _("已经有了，点下面看；截图存到手机，现场不用带身份证（P2）")
    return _("还没有，要本人提前到学信网取，截图存到手机，现场不用带身份证（P2）")


def code_button(chat: Chat, work: Work) -> list[Button]:
    """A notice holds no more than this: the code itself is shown to whoever presses it."""
    has = codes.of(work, chat.person or 0) is not None
    label = _("看采集码") if has else _("怎么取采集码")
    return [chat.button(label, "get_photo_code", lasting=True, style="primary")]


def fee_button(chat: Chat, policy: PhotoPolicy) -> list[Button]:
    if policy.fee_collected != COLLECTED:
        return []
    return [chat.button(_("缴拍摄费"), "pay_photo_fee", lasting=True)]


def makeup_button(chat: Chat) -> Button:
    return chat.button(_("拍不了，怎么补拍"), "photo_schedule", lasting=True, makeup="yes")


def tell_earlier(chat: Chat, found: Attendance) -> None:
    if (words := earlier_words(found)) is not None:
        chat.say(words)


def nothing_known(chat: Chat, work: Work, found: Attendance) -> None:
    """What is not in the notice is said to be so, with whom to ask."""
    if students.find(work, chat.person or 0) is None:
        why = _("学籍里没有您的学生信息，查不到拍照安排。")
    elif found.standing is Standing.NO_SEASON:
        why = _("还没有发布毕业照的拍摄安排。")
    elif found.standing is Standing.NOT_LISTED:
        why = _("{season}届的拍摄名单里没有您；名单由学校按（预）毕业生定。", season=found.season)
    else:
        why = _(
            "{season}届的安排里没有您的单位（京外单位和没有列出的单位，通知没有写怎么拍）。",
            season=found.season,
        )
    earlier = earlier_words(found)
    student = students.find(work, chat.person or 0)
    buttons: list[Button] = []
    if student is not None and not student.graduated:
        buttons = [*code_button(chat, work), makeup_button(chat)]
    chat.say(
        lines(*(one for one in (why, earlier, refusals.office(work, "photo")) if one)),
        buttons=buttons,
    )


def schedule_words(work: Work, found: Attendance) -> Joined:
    """The turns alone, for a notice that they have changed."""
    return lines(*map(turn_words, found.turns))
