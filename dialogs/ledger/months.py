"""Which month: this one, the last one, or another that is named."""

from backend.clock import local_date
from backend.ledger import statement
from backend.ledger.statement import Month
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Invalid, Option, Slot, option_meant
from dialogs.engine.spans import month_in
from dialogs.engine.turn import Said
from dialogs.engine.words import Words, _, plain

OTHER = "other"
ENTITY = "year_month"


def asked(chat: Chat, work: Work) -> Month:
    """The month that was named or pressed; asks where none was."""
    chat.overheard(choice(work), named(work, chat.opening))
    return _typed(chat, work, chat.ask(choice(work)))


def meant(chat: Chat, work: Work) -> Month:
    """The month that was named or pressed; this one where none was."""
    picked = chat.answered("month") or named(work, chat.opening) or str(Month.of(work.now))
    return _typed(chat, work, picked)


def outside(month: str, first: Month) -> Words:
    return _("{month} 没有账目：账从 {first} 开始，到本月为止。", month=month, first=first)


def named(work: Work, words: str) -> str | None:
    first = month_in(words.casefold(), local_date(work.now))
    return None if first is None else f"{first:%Y-%m}"


def choice(work: Work) -> Slot[str]:
    this = Month.of(work.now)
    options = (
        Option(str(this), _("本月"), aliases=("这个月", "this month")),
        Option(str(this.shifted(-1)), _("上个月"), aliases=("上月", "last month")),
        Option(OTHER, _("其他月份"), aliases=("别的月份", "another month")),
    )
    return _slot(work, "month", _("要哪个月的？"), options)


def _typed(chat: Chat, work: Work, picked: str) -> Month:
    if picked == OTHER:
        picked = chat.ask(_slot(work, "other_month", _("请写年月，例如 2026-03。"), ()))
    return Month.named(picked)


def _slot(work: Work, name: str, prompt: Words, options: tuple[Option, ...]) -> Slot[str]:
    def parse(stored: str) -> str:
        if stored == OTHER and options:
            return stored
        try:
            month = Month.named(stored)
        except ValueError:
            raise Invalid(_("没有这个月：{month}。", month=stored)) from None
        first, this = statement.first_month(work), Month.of(work.now)
        if not (first or this) <= month <= this:
            raise Invalid(outside(stored, first or this))
        return stored

    def read(said: Said) -> str | None:
        return option_meant(said.words, options) or named(work, said.words)

    return Slot(name, prompt, _("月份"), parse, read, options, ENTITY, told=plain)
