"""What is said of a whole document that is to be published: as it says itself, and asked where it does not."""

from dataclasses import replace
from datetime import date, timedelta

from backend.clock import local_date
from backend.publications import publishing
from backend.publications.heading import Heading
from backend.publications.publishing import Facts
from backend.work import Work
from dialogs.engine import slots
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Slot, choice
from dialogs.engine.words import Words, _, plain

NO_NUMBER = _("没有文号")
NONE = "none"
MOST_REPLACED = 5


def asked_facts(chat: Chat, work: Work, key: str, head: Heading) -> Facts:
    """``key`` keeps files apart: what one says of itself is never taken for another's."""
    today = local_date(work.now)
    title, number, issuer = title_slot(key), number_slot(key), issuer_slot(key)
    dated = day_slot(
        f"notice_date.{key}",
        _("这份文件是哪天发的？例如 {day}。", day=today),
        _("发文日期"),
        today,
    )
    for slot, found in ((title, head.title), (number, head.number), (issuer, head.issuer)):
        chat.overheard(slot, found or None)
    chat.overheard(dated, head.dated.isoformat() if head.dated else None)
    called, numbered, issued_by = chat.ask(title), chat.ask(number), chat.ask(issuer)
    day = chat.ask(dated)
    begins = day_slot(
        f"notice_begins.{key}",
        _("从哪一天起按它回答？例如 {day}。", day=day),
        _("实行日期"),
        today,
    )
    chat.overheard(begins, (head.begins or day).isoformat())
    since = chat.ask(begins)
    numbered = "" if numbered == NO_NUMBER.into("zh") else numbered
    return Facts(called, numbered, issued_by, day, since, replaced(chat, work, key, since))


def title_slot(key: str) -> Slot[str]:
    return words_slot(f"notice_title.{key}", _("这份文件的标题是什么？"), _("标题"), 120)


def number_slot(key: str) -> Slot[str]:
    prompt = _("文号是什么？例如 教字〔2026〕1号；没有就按“没有文号”。")
    return words_slot(f"notice_number.{key}", prompt, _("文号"), 60, NO_NUMBER)


def issuer_slot(key: str) -> Slot[str]:
    return words_slot(f"notice_issuer.{key}", _("是哪个单位发的？"), _("发文单位"), 60)


def words_slot(
    name: str, prompt: Words, title: Words, at_most: int, *suggestions: Words
) -> Slot[str]:
    """The title of a notice names a service, and is no request for it."""
    return slots.text(
        name,
        prompt,
        title=title,
        at_most=at_most,
        suggestions=suggestions,
        entity=name,
        verbatim=True,
    )


def day_slot(name: str, prompt: Words, title: Words, today: date) -> Slot[date]:
    base = slots.day(
        name, prompt, title=title, earliest=date(2000, 1, 1), latest=today + timedelta(days=3 * 366)
    )
    return replace(base, entity=name)


def replaced(chat: Chat, work: Work, key: str, begins: date) -> tuple[str, ...]:
    """Ids of documents whose place it takes; none, unless somebody says so."""
    left = {one.id: one for one in publishing.replaceable(work, begins)}
    found: list[str] = []
    while left and len(found) < MOST_REPLACED:
        none = _("就这些") if found else _("不代替")
        labels: dict[str, Words] = {NONE: none}
        labels |= {name: plain(titled(one.title, one.dated)) for name, one in left.items()}
        prompt = (
            _("还代替哪一份？")
            if found
            else _("它代替现在的哪一份文件？被代替的不再用来回答，只作为以前的规定保留。")
        )
        slot = choice(f"replaces.{key}.{len(found) + 1}", prompt, labels, title=_("代替的文件"))
        if found:
            slot = replace(slot, revisable=False)
        answer = chat.ask(slot)
        if answer == NONE:
            break
        found.append(answer)
        del left[answer]
    return tuple(found)


def titled(title: str, dated: str) -> str:
    return f"{title}（{dated}）" if dated else title
