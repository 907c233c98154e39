"""Whom another window of the exam's services concerns: said before it counts, told when it does (E4)."""

from collections.abc import Callable
from typing import Any

from backend.exam import window_changes
from backend.exam.window_changes import concerned
from backend.policy.exam import Service, Window
from backend.work import Event, Work
from dialogs.engine.chat import Chat
from dialogs.engine.words import Joined, Speech, _, lines
from dialogs.exam.words import SERVICES, service_name
from dialogs.policies.exam_windows_changed import differences, spans

Sentence = Callable[[Chat, Work, Event], None]
Told = tuple[Callable[[Work, Event], list[int]], Sentence]
# Paying is no form: whoever has to pay is found by the case.
FORMS: dict[Service, tuple[str, ...]] = {
    service: () if service is Service.GRADUATION_PAYMENT else (dialog,)
    for service, (_name, dialog) in SERVICES.items()
}


def reached(work: Work, old: Any, new: Any) -> dict[Service, set[int]]:
    """People whom the change concerns, by service; without those where there is nobody."""
    found = {
        service: concerned(work, service, gone, FORMS[service])
        for service, (gone, _come) in differences(old, new).items()
    }
    return {service: people for service, people in found.items() if people}


def announced(work: Work, old: Any, new: Any) -> Speech:
    """How many are told after publication."""
    counts = reached(work, old, new)
    if not counts:
        return _("现在没有考生受影响（没有没交的申请，也没有等着重新提交或缴费的）。")
    return Joined(
        tuple(
            _(
                "{service}：{count} 位考生有没交的申请，或者等着重新提交、缴费，发布后通知他们。",
                service=service_name(service),
                count=len(people),
            )
            for service, people in counts.items()
        )
    )


def tell(work: Work, old: Any, new: Any) -> None:
    changes = differences(old, new)
    for service, people in reached(work, old, new).items():
        window_changes.tell(work, service, *changes[service], people)


def changed(chat: Chat, work: Work, event: Event) -> None:
    service = Service(event.facts["service"])
    gone = [Window.model_validate(one) for one in event.facts["gone"]]
    come = [Window.model_validate(one) for one in event.facts["come"]]
    before: Speech = spans(gone) if gone else _("没有公布")
    after: Speech = spans(come) if come else _("不再开放，下一次请等通知")
    name, dialog = SERVICES[service]
    chat.say(
        lines(
            _("{service}的办理时间变了（E4）：", service=name),
            _("原来 {old}", old=before),
            _("现在 {new}", new=after),
        ),
        buttons=[chat.button(name, dialog, lasting=True)] if come else [],
    )


def those_named(work: Work, event: Event) -> list[int]:
    return [int(person) for person in event.facts["people"]]


NOTICES: dict[str, Told] = {window_changes.EVENT: (those_named, changed)}
