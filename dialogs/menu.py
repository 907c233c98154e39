"""What this person can do here: the same buttons wherever a menu is shown."""

from dataclasses import replace

from backend import authority, labels, orders
from backend.authority import DECIDERS, Role
from backend.handoff import OFFICES
from backend.identity import exam_tickets
from backend.policy.store import PUBLISHERS
from backend.publications import offices as notices
from backend.refunds import states as refunds
from backend.registry import students
from backend.work import Work
from dialogs.engine.message import Action, Button
from dialogs.engine.words import Speech, _, plain

Entry = tuple[Speech, Action]
REVIEWERS = frozenset({Role.EXAM_REVIEWER, Role.EXAM_OFFICE})
PHOTOGRAPHED_BY = frozenset({Role.UNIT_OFFICER, Role.STUDENT_AFFAIRS})
OWN_NAMES = {"zh": plain("中文"), "en": plain("English")}


def menu(work: Work, person: int | None, language: str) -> tuple[Button, ...]:
    """By what the person is: students and candidates apply, officers decide, offices publish."""
    entries = [*for_staff(work, person), *for_applicants(work, person)]
    entries.append((_("收费和规定"), Action(dialog="ask_rule")))
    entries += for_offices(work, person)
    other = "zh" if language == "en" else "en"
    entries.append((OWN_NAMES[other], Action(dialog="switch_language", answers={"to": other})))
    return tuple(
        Button(
            label.into(language),
            replace(action, lasting=True),
            style="primary" if action.dialog == "staff_inbox" else "",
        )
        for label, action in entries
    )


def for_staff(work: Work, person: int | None) -> list[Entry]:
    held = authority.roles(work, person) if person else set()
    entries: list[Entry] = []
    if held & DECIDERS:
        entries.append((_("待我审批"), Action(dialog="staff_inbox")))
    elif held & REVIEWERS:
        entries.append((_("待我审核"), Action(dialog="staff_inbox")))
    elif Role.FINANCE in held:
        entries.append((_("待我办理"), Action(dialog="staff_inbox")))
    if held & REVIEWERS:
        entries.append((_("审核统计"), Action(dialog="review_statistics")))
    if held & (DECIDERS | REVIEWERS):
        entries.append((_("请假和代办"), Action(dialog="absence")))
    if held & PHOTOGRAPHED_BY:
        entries.append((_("未拍照名单"), Action(dialog="photo_missing")))
    if Role.FINANCE in held:
        entries.append((_("查款"), Action(dialog="trace_money")))
        entries.append((_("本月账目"), Action(dialog="ledger_report")))
    if held & set(OFFICES.values()):
        entries.append((_("等老师的同学"), Action(dialog="waiting_students")))
    if Role.FINANCE in held:
        entries.append((_("待开发票"), Action(dialog="export_invoices")))
        entries.append((_("收费标准"), Action(dialog="price_list")))
    if held & labels.LABELLERS and (unclear := labels.count(work)):
        entries.append((_("没听懂的话（{count}）", count=unclear), Action(dialog="label_unclear")))
    return entries


def for_applicants(work: Work, person: int | None) -> list[Entry]:
    """Whoever is not known yet sees what there is for everybody."""
    student = person is not None and students.find(work, person) is not None
    candidate = person is not None and exam_tickets.has_any(work, person)
    if person and not student and not candidate and authority.roles(work, person):
        return []
    entries: list[Entry] = []
    if student or not candidate:
        entries.append((_("申请电子成绩单"), Action(dialog="apply_transcript")))
        entries.append((_("毕业照安排"), Action(dialog="photo_schedule")))
    if candidate:
        entries += [
            (_("申请免考"), Action(dialog="apply_exemption")),
            (_("自考成绩"), Action(dialog="exam_scores")),
            (_("毕业还差什么"), Action(dialog="exam_checklist")),
        ]
    if candidate or person is None:
        entries.append((_("自考能办的业务"), Action(dialog="open_services")))
    if person is not None:
        entries.append((_("我的申请"), Action(dialog="my_applications")))
        entries.append((_("我的订单"), Action(dialog="my_orders")))
        entries += for_payers(work, person)
    return entries


def for_payers(work: Work, person: int) -> list[Entry]:
    """For whoever has paid, or is paid back; for everybody else they would be in the way."""
    entries: list[Entry] = []
    if any(
        one.state == orders.State.PAID and one.total_fen for one in orders.of_person(work, person)
    ):
        entries.append((_("开发票"), Action(dialog="request_invoice")))
    if refunds.of_person(work, person):
        entries.append((_("我的退款"), Action(dialog="my_refunds")))
    return entries


def for_offices(work: Work, person: int | None) -> list[Entry]:
    held = authority.roles(work, person) if person else set()
    entries: list[Entry] = []
    if held & PUBLISHERS:
        entries.append((_("发布新规定"), Action(dialog="publish_policy")))
    if held & set(notices.PUBLISHERS):
        entries.append((_("发布新通知"), Action(dialog="publish_notice")))
    if held & {Role.STUDENT_AFFAIRS}:
        entries.append((_("导入拍照表格"), Action(dialog="import_photo_table")))
    return entries
