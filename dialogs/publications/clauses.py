"""The clauses of a document that is to be published, a few at a time: keep, drop, join, put right."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from backend.errors import Refused
from backend.publications.publishing import Content
from backend.publications.splitting import Part
from backend.work import Work
from dialogs.engine import slots
from dialogs.engine.chat import Chat
from dialogs.engine.numerals import whole_number
from dialogs.engine.slots import Invalid, Option, Slot, choice, option_meant, tidy
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _, lines, plain

AT_ONCE = 3  # clauses in a message: what a phone shows
SHOWN = 300  # characters of a clause in the list; looking at it alone shows all
MOST_ASKED = 20
SERVICES = (
    "apply_transcript",
    "order_transcript",
    "download_transcript",
    "transcript_status",
    "pay_order",
    "verify_document",
    "request_invoice",
    "ask_human",
)
ALL, NEXT, BEFORE = "all", "next", "before"
UNLISTED = plain("")  # one goes back to it step by step; there are too many to choose from
_RULE = re.compile(r"[A-Z]\d{1,3}[a-z]?")
_FIGURE = re.compile(r"\d")
_CELL = "\t"  # between two
_CLAUSE = re.compile(r"第\s*([\d一二三四五六七八九十百]{1,5})\s*条|\bclause (\d{1,3})\b")

_ANNOUNCING = re.compile(
    r"^\D*(通知|规定|公告|安排|说明|要求|事宜|事项)\D{0,6}如下[：:。]?$"
)  # and says nothing

Title = Callable[[Work, int | None, str], Words | None]  # of a service open to this person


@dataclass(frozen=True, slots=True)
class Piece(Content):
    """A clause as it stands so far. ``place`` is the number it is called by while it is checked."""

    place: int = 0
    dropped: bool = False

    @property
    def words(self) -> str:
        return " ".join(self.quotes)


def pieces_of(parts: Sequence[Part]) -> list[Piece]:
    """Every part; what tells nothing is left out by default, and a row tells its columns' names."""
    pieces: list[Piece] = []
    columns: list[str] = []  # their names, in the table that the last part was a row of
    for place, one in enumerate(parts, 1):
        names_columns = heads_table(one, parts[place : place + 1])
        if names_columns or not is_row(one):
            columns = one.words.split(_CELL) if names_columns else []
        piece = Piece(
            one.quotes,
            one.subject,
            one.fact if names_columns else told(one, columns),
            one.asked,
            place=place,
            dropped=names_columns or bool(_ANNOUNCING.search(one.words)),
        )
        pieces.append(piece)
    return pieces


def is_row(one: Part) -> bool:
    return _CELL in one.words


def heads_table(one: Part, following: Sequence[Part]) -> bool:
    """A row without a figure over a row of as many cells that has one."""
    cells = one.words.count(_CELL)
    return (
        cells > 0
        and not _FIGURE.search(one.words)
        and any(_FIGURE.search(row.words) and row.words.count(_CELL) == cells for row in following)
    )


def told(one: Part, columns: list[str]) -> str:
    """The fact by default: of a row, each cell with the name of its column."""
    cells = one.words.split(_CELL)
    if len(cells) != len(columns):
        return one.fact
    return "，".join(f"{name}：{cell}" for name, cell in zip(columns, cells, strict=True))


def checked(chat: Chat, work: Work, title: Title, key: str, parts: Sequence[Part]) -> list[Piece]:
    """The clauses that staff want, after a look at the list. ``key`` keeps files apart.

    What was done is done again from the answers on each turn, so that going back undoes it.
    """
    services = {name: words for name in SERVICES if (words := title(work, chat.person, name))}
    pieces = pieces_of(parts)
    first = step = 0
    while True:
        step += 1
        slot = look(f"look.{key}.{step}", pieces, first)
        answer = chat.ask(slot)
        if answer == ALL:
            chat.slots[-1] = replace(chat.slots[-1], title=_("条款"))
            break
        if answer in (NEXT, BEFORE):
            first += AT_ONCE if answer == NEXT else -AT_ONCE
            first = max(0, min(first, (len(pieces) - 1) // AT_ONCE * AT_ONCE))
            continue
        at = next(at for at, one in enumerate(pieces) if one.place == int(answer))
        edit(chat, pieces, at, f"{key}.{step}", services)
        first = min(first, (len(pieces) - 1) // AT_ONCE * AT_ONCE)
    kept = [one for one in pieces if not one.dropped]
    if not kept:
        raise Refused("nothing_to_publish")
    return kept


# --- the list -------------------------------------------------------------------------------


def look(name: str, pieces: list[Piece], first: int) -> Slot[str]:
    shown = pieces[first : first + AT_ONCE]
    options = [Option(ALL, _("全部照这样"), "primary", ("照这样", "都可以", "全部保留"))]
    if first + AT_ONCE < len(pieces):
        options.append(Option(NEXT, _("后面几条"), aliases=("下一页", "继续", "next")))
    if first:
        options.append(Option(BEFORE, _("前面几条"), aliases=("上一页", "previous")))
    options += [Option(str(one.place), _("第 {place} 条", place=one.place)) for one in shown]
    places = {str(one.place) for one in pieces}

    def parse(stored: str) -> str:
        if stored not in {ALL, NEXT, BEFORE, *places}:
            raise Invalid(_("没有这一条。"))
        return stored

    def read(said: Said) -> str | None:
        meant = option_meant(said.words, tuple(options))
        if meant is None and (found := _CLAUSE.search(said.words)) is not None:
            number = whole_number(found[1] or found[2])
            return str(number) if number else None
        return meant

    prompt = lines(
        _(
            "第 {first}–{last} 条，共 {count} 条：",
            first=shown[0].place,
            last=shown[-1].place,
            count=len(pieces),
        )
        if len(shown) > 1
        else _("第 {place} 条，共 {count} 条：", place=shown[0].place, count=len(pieces)),
        *(in_list(one) for one in shown),
        _("都可以就按“全部照这样”；也可以先看后面的；要改哪一条就按哪一条。"),
    )
    return Slot(name, prompt, UNLISTED, parse, read, tuple(options))


def in_list(one: Piece) -> Speech:
    words = " ".join(one.words.split())
    words = words if len(words) <= SHOWN else f"{words[:SHOWN]}…"
    subject = f"【{one.subject}】" if one.subject else ""
    if one.dropped:
        return _(
            "{place}. （不要）{subject}{words}", place=one.place, subject=subject, words=words[:40]
        )
    return plain(f"{one.place}. {subject}{words}")


# --- one of them ----------------------------------------------------------------------------


def edit(chat: Chat, pieces: list[Piece], at: int, key: str, services: dict[str, Words]) -> None:
    """One change after the other, until it is right."""
    step = 0
    while True:
        step += 1
        one = pieces[at]
        do = chat.ask(todo(f"do.{key}.{step}", one, len(pieces), at, services))
        value = f"value.{key}.{step}"
        match do:
            case "keep":
                pieces[at] = replace(one, dropped=False)
                return
            case "drop":
                pieces[at] = replace(one, dropped=True)
                return
            case "join":
                pieces[at] = joined(one, pieces.pop(at + 1))
            case "subject":
                pieces[at] = replace(one, subject=chat.ask(SUBJECT(value)))
            case "fact":
                pieces[at] = replace(one, fact=chat.ask(FACT(value)))
            case "asked":
                asked = (*chat.ask(asked_slot(value)), *one.asked)
                pieces[at] = replace(one, asked=tuple(dict.fromkeys(asked))[:MOST_ASKED])
            case "dialog":
                pieces[at] = replace(one, dialog=chat.ask(service_slot(value, services)))
            case "rule":
                pieces[at] = replace(one, rule=chat.ask(rule_slot(value)))
            case "en":
                pieces[at] = replace(one, en=chat.ask(ENGLISH(value)))


def joined(one: Piece, other: Piece) -> Piece:
    return replace(
        one,
        quotes=(*one.quotes, *other.quotes),
        subject=one.subject or other.subject,
        asked=tuple(dict.fromkeys((*one.asked, *other.asked)))[:MOST_ASKED],
        dropped=False,
    )


def todo(name: str, one: Piece, count: int, at: int, services: dict[str, Words]) -> Slot[str]:
    labels = {"keep": _("就这样"), "drop": _("不要这一条")}
    if at + 1 < count:
        labels["join"] = _("和下一条合并")
    labels |= {
        "fact": _("改要点"),
        "asked": _("加问法"),
        "subject": _("改事项"),
        "dialog": _("对应业务"),
        "rule": _("条款编号"),
        "en": _("英文译文"),
    }
    rows: list[Speech] = [
        _("第 {place} 条（共 {count} 条）", place=one.place, count=count),
        _("原文：“{words}”", words="”“".join(" ".join(each.split()) for each in one.quotes)),
        _("事项：{subject}", subject=one.subject or "—"),
        _("要点（回答的第一句）：{fact}", fact=one.fact),
        _("问法：{asked}", asked="；".join(one.asked)),
    ]
    if one.dialog in services:
        rows.append(_("对应业务：{service}", service=services[one.dialog]))
    if one.rule:
        rows.append(_("条款编号：{rule}", rule=one.rule))
    rows.append(_("英文译文：{en}", en=one.en or "—"))
    slot = choice(name, lines(*rows), labels, title=UNLISTED)
    return slot


def _text(prompt: Words, at_most: int) -> Callable[[str], Slot[str]]:
    def slot(name: str) -> Slot[str]:
        return slots.text(name, prompt, title=UNLISTED, at_most=at_most, verbatim=True)

    return slot


SUBJECT = _text(_("这一条讲的是什么事？几个字就行，例如 收费标准。"), 30)
FACT = _text(_("要点怎么写？这是回答的第一句，后面总会附上原文。"), 300)
ENGLISH = _text(_("英文译文是什么？会标明以中文为准。"), 4000)


def asked_slot(name: str) -> Slot[tuple[str, ...]]:
    base = slots.text(
        name, _("大家会怎么问？可以写几个，用分号隔开。"), title=UNLISTED, at_most=600
    )

    def parse(stored: str) -> tuple[str, ...]:
        base.parse(stored)
        found = [one.strip() for one in re.split(r"[；;\n]", tidy(stored))]
        return tuple(dict.fromkeys(one[:60] for one in found if one))

    return Slot(name, base.prompt, base.title, parse, base.read, free=True, verbatim=True)


def rule_slot(name: str) -> Slot[str]:
    def parse(stored: str) -> str:
        if not _RULE.fullmatch(stored):
            raise Invalid(_("条款编号是一个字母加数字，例如 T2。"))
        return stored

    def read(said: Said) -> str | None:
        typed = said.text.strip()
        return typed[:1].upper() + typed[1:].lower() or None

    prompt = _("条款编号是什么？一个字母加数字，例如 T2。")
    return Slot(name, prompt, UNLISTED, parse, read, free=True, verbatim=True)


def service_slot(name: str, services: dict[str, Words]) -> Slot[str]:
    labels = {"": _("没有")} | services
    return choice(name, _("这一条讲的事，在这里由哪项业务办？"), labels, title=UNLISTED)
