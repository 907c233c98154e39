"""What a clause means for the person who asks: their unit's row of Annex 1, their own free copies."""

from collections.abc import Sequence

from sqlalchemy import select

from backend import offers
from backend.clauses import shooting
from backend.clauses.library import Entry, Library
from backend.clauses.shooting import Shooting
from backend.clock import local_date
from backend.errors import Refused
from backend.models import UnitName
from backend.photos import attendance
from backend.registry import students
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Card
from dialogs.engine.words import Bilingual, Joined, Speech, Words, _, plain
from dialogs.photos.words import turn_words
from dialogs.transcripts.applying import price_card, welcome

ABOUT_FREE_COPIES = frozenset(
    {"T2.free", "T2.fee", "T2.second_same_kind", "T3.email_no_free", "T3.other_kinds"}
)
ABOUT_WHO = frozenset({"T1.who", "T1.centralized", "T1.combined", "T1.2001_2012"})


def own_card(chat: Chat, work: Work, entry: Entry) -> Card | None:
    """The person's own free copies and prices, where the clause is about them (T2, T3)."""
    if entry.clause.id not in ABOUT_FREE_COPIES or chat.person is None:
        return None
    try:
        given = offers.offer(work, chat.person)
    except Refused:
        return None
    return price_card(chat, work, given) if given.coverages else None


def own_words(
    work: Work, person: int | None, library: Library, entry: Entry, question: str
) -> list[Speech]:
    """Sentences for this person, or about the unit that the question names."""
    clause = entry.clause
    if clause.id in shooting.CLAUSES_OF_A_ROW:
        notice = entry.document
        rows = shooting.named_in(notice, question)
        if not rows and (now := published(work, person)) is not None:
            return [now]
        own = () if rows else of_person(work, person, entry)
        return [row_words(work, one, mine=bool(own)) for one in rows or own]
    if clause.id in ABOUT_WHO and person is not None:
        try:
            given = offers.offer(work, person)
        except Refused:
            return []
        return [welcome(work, given)] if given.coverages else []
    return []


def published(work: Work, person: int | None) -> Words | None:
    """The person's turn in the schedule that student affairs published, where there is one: it is
    later than the notice (P1)."""
    found = attendance.of_person(work, person) if person is not None else None
    if found is None or not found.turns:
        return None
    return _(
        "学生处后来发布的{season}届安排里，您的拍摄是：{turns}。",
        season=found.season,
        turns=Joined(tuple(turn_words(one) for one in found.turns), "；", "; "),
    )


def of_person(work: Work, person: int | None, entry: Entry) -> Sequence[Shooting]:
    student = students.find(work, person) if person is not None else None
    if student is None:
        return ()
    names = work.session.scalars(
        select(UnitName.name_zh).where(UnitName.unit_id == student.unit_id)
    )
    return shooting.of_unit(entry.document, names)


def row_words(work: Work, row: Shooting, *, mine: bool) -> Words:
    """One row, word for word as well."""
    day = Bilingual(f"{row.day.year}年{row.day.month}月{row.day.day}日", f"{row.day:%-d %B %Y}")
    facts = {
        "unit": plain(row.unit),
        "day": day,
        "time": plain(row.time),
        "group": row.group,
        "place": Bilingual(row.place, row.place_en),
        "quote": plain(row.quote),
    }
    if row.day < local_date(work.now):
        words = (
            _(
                "您的单位{unit}排在 {day}，大约 {time}，第 {group} 组，{place}；这一次已经过去。附件1：“{quote}”",
                **facts,
            )
            if mine
            else _(
                "{unit}排在 {day}，大约 {time}，第 {group} 组，{place}；这一次已经过去。附件1：“{quote}”",
                **facts,
            )
        )
        return words
    if mine:
        return _(
            "您的单位{unit}：{day}，大约 {time}，第 {group} 组，{place}。附件1：“{quote}”", **facts
        )
    return _("{unit}：{day}，大约 {time}，第 {group} 组，{place}。附件1：“{quote}”", **facts)
