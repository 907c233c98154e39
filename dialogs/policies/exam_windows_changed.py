"""What windows of the exam become by a change, and how old and new are shown (E4)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from backend.clock import SHANGHAI
from backend.errors import Refused
from backend.policy.exam import Service, Window
from dialogs.engine.words import Bilingual, Joined, Speech, Words, _
from dialogs.exam.words import SESSION, service_name, session_words
from dialogs.policies.exam_windows import Windows


def with_windows(old: Any, answer: Windows, now: datetime) -> tuple[dict[str, Any], ...]:
    """What is over stays, for people ask when it was.

    A window takes the place of those it overlaps or shares the session with; one that does neither
    comes in addition, unless the words move one. What is moved, or has another beginning or end, is
    the window that is open, or else the next one.
    """
    kept: list[Window] = list(old or ())
    new: list[Window] = []
    for one in answer:
        live = [w for w in of(kept, one.service) if w.closes_at >= now]
        if one.opens is None and one.closes is None:
            kept = [w for w in kept if w not in live]
            continue
        if one.opens is not None and one.closes is not None:
            gone = [w for w in live if takes_its_place(one.opens, one.closes, one.session, w)]
            gone = gone or (live[:1] if one.moves else [])
            session = one.session or next((still_named(w, one.closes) for w in gone), "")
            opens, closes = one.opens, one.closes
        elif live:
            gone = live[:1]
            session = live[0].session
            opens, closes = one.opens or live[0].opens_at, one.closes or live[0].closes_at
            if opens >= closes:
                raise Refused(
                    "window_ends_first", "E4", service=one.service, opens=opens, closes=closes
                )
        else:
            raise Refused("no_window_to_move", "E4", service=one.service)
        kept = [w for w in kept if w not in gone]
        new.append(Window(service=one.service, session=session, opens_at=opens, closes_at=closes))
    return tuple(one.model_dump() for one in [*kept, *new])


def takes_its_place(opens: datetime, closes: datetime, session: str, window: Window) -> bool:
    overlaps = opens <= window.closes_at and window.opens_at <= closes
    return overlaps or bool(session and session == window.session)


def still_named(window: Window, closes: datetime) -> str:
    """The session of the window, unless it is over before the window is to close."""
    named = SESSION.fullmatch(window.session)
    over = named and (int(named[1]), int(named[2])) < (closes.year, closes.month)
    return "" if over else window.session


def changed_windows(old: Any, new: Any) -> Speech:
    """Each service whose windows are others now: those that go, and those that come."""
    parts: list[Speech] = []
    for service, (gone, come) in differences(old, new).items():
        before: Speech = spans(gone) if gone else _("没有")
        after: Speech = spans(come) if come else _("不开放")
        words = _("{old} → {new}", old=before, new=after) if gone else _("增加 {new}", new=after)
        parts.append(_("{service}：{windows}", service=service_name(service), windows=words))
    return Joined(tuple(parts), "；", "; ") if parts else _("没有变化")


def differences(old: Any, new: Any) -> dict[Service, tuple[list[Window], list[Window]]]:
    """By service, where there is one: windows that go, and windows that come."""
    found: dict[Service, tuple[list[Window], list[Window]]] = {}
    for service in Service:
        before, after = of(old, service), of(new, service)
        gone = [one for one in before if one not in after]
        come = [one for one in after if one not in before]
        if gone or come:
            found[service] = gone, come
    return found


def of(windows: Iterable[Window] | None, service: Service) -> list[Window]:
    return sorted(
        (one for one in windows or () if one.service is service), key=lambda one: one.opens_at
    )


def standing(windows: Iterable[Window] | None) -> Speech:
    """Each service with its windows."""
    each = ((service, of(windows, service)) for service in Service)
    return Joined(
        tuple(
            _(
                "{service}：{windows}",
                service=service_name(service),
                windows=spans(some) if some else _("不开放"),
            )
            for service, some in each
        ),
        "；",
        "; ",
    )


def spans(some: Sequence[Window]) -> Speech:
    return Joined(tuple(span(one) for one in some), "、", ", ")


def span(one: Window) -> Speech:
    words = _("{opens} 至 {closes}", opens=one.opens_at, closes=closing(one.closes_at))
    return Joined((words, session_words(one.session)), "，", ", ") if one.session else words


def closing(at: datetime) -> Words | datetime:
    """The end of a day is called so: 24:00."""
    local = at.astimezone(SHANGHAI)
    if (local.hour, local.minute) != (23, 59):
        return at
    zh = f"{local.year}年{local.month}月{local.day}日"
    return _("{day} 24:00", day=Bilingual(zh, f"{local.day} {local:%b %Y}"))
