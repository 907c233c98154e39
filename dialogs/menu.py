"""What this person can do here: the same buttons wherever a menu is shown."""

from dataclasses import replace

from backend import authority, labels
from backend.authority import DECIDERS
from backend.handoff import OFFICES
from backend.policy.store import PUBLISHERS
from backend.publications import offices as notices
from backend.registry import students
from backend.work import Work
from dialogs.message import Action, Button
from dialogs.words import Speech, _, plain

OWN_NAMES = {"zh": plain("中文"), "en": plain("English")}


def menu(work: Work, person: int | None, language: str) -> tuple[Button, ...]:
    """By the person's roles: students apply, officers decide, academic affairs publish too."""
    held = authority.roles(work, person) if person else set()
    applies = not held or (person is not None and students.find(work, person) is not None)
    other = "zh" if language == "en" else "en"
    entries: list[tuple[Speech, Action]] = []
    if held & DECIDERS:
        entries.append((_("待我审批"), Action(dialog="staff_inbox")))
        entries.append((_("请假和代办"), Action(dialog="absence")))
    if held & set(OFFICES.values()):
        entries.append((_("等老师的同学"), Action(dialog="waiting_students")))
    if held & labels.LABELLERS and (unclear := labels.count(work)):
        entries.append((_("没听懂的话（{count}）", count=unclear), Action(dialog="label_unclear")))
    if applies:
        entries += [
            (_("申请电子成绩单"), Action(dialog="apply_transcript")),
            (_("我的申请"), Action(dialog="my_applications")),
            (_("我的订单"), Action(dialog="my_orders")),
        ]
    entries.append((_("收费和规定"), Action(dialog="ask_rule")))
    if held & PUBLISHERS:
        entries.append((_("发布新规定"), Action(dialog="publish_policy")))
    if held & set(notices.PUBLISHERS):
        entries.append((_("发布新通知"), Action(dialog="publish_notice")))
    entries.append((OWN_NAMES[other], Action(dialog="switch_language", answers={"to": other})))
    return tuple(
        Button(
            label.into(language),
            replace(action, lasting=True),
            style="primary" if action.dialog == "staff_inbox" else "",
        )
        for label, action in entries
    )
