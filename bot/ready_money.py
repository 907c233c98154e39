"""``registrar check``: what is kept in the database about money, and what keeps its services closed."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from backend import authority, charges
from backend.authority import Role
from backend.clock import Clock, SystemClock
from backend.database import Database
from backend.errors import Refused
from backend.goods import GOODS
from backend.jobs import DirectJobs
from backend.migrations.run import current, head
from backend.models import Application, Charge, Payment, Refund
from backend.payments.wechat.transactions import NAME
from backend.policy import store
from backend.refunds.states import BY_PAYERS
from backend.refunds.states import State as Refunding
from backend.work import Work
from bot.finding import Found, State
from bot.payment_sections import WechatPaySettings
from bot.settings import Settings
from dialogs.engine.words import Words
from dialogs.invoices.refusals import NOT_SET
from dialogs.refunds.words import REASONS

ENOUGH = 2  # in finance: what is large needs a second person


def money(settings: Settings, clock: Clock | None = None) -> Iterator[Found]:
    """Nothing is changed. What is wrong with the database itself is said elsewhere."""
    with looked_at(settings, clock) as work:
        if work is not None:
            yield from opened_elsewhere(settings, work)
            yield from closed(settings, work)


def at_start(settings: Settings) -> list[str]:
    """What whoever starts the server must not miss: money that came in could stay unheard of."""
    with looked_at(settings) as work:
        found = list(opened_elsewhere(settings, work)) if work is not None else []
    return [f"{state} {zh} {en}" for state, zh, en in found]


@contextmanager
def looked_at(settings: Settings, clock: Clock | None = None) -> Iterator[Work | None]:
    if not settings.has_database:
        yield None
        return
    here = Database(settings.database)
    try:
        with here.read() as session:
            yield look(settings, session, clock or SystemClock())
    finally:
        here.close()


def look(settings: Settings, session: Session, clock: Clock) -> Work | None:
    try:
        step = current(session)
    except SQLAlchemyError:
        return None
    if step != head():
        return None
    return Work(
        session, institution=settings.institution, actor=None, clock=clock, jobs=DirectJobs()
    )


# --- as whom charges were opened ------------------------------------------------------------


def opened_elsewhere(settings: Settings, work: Work) -> Iterator[Found]:
    given = settings.wechat_pay
    if given is None:
        return
    yield from _of_before(given, work)
    yield from _going_back(given, work)
    others = work.session.scalars(
        select(Charge.institution_id)
        .where(
            Charge.institution_id != work.institution,
            Charge.provider == NAME,
            Charge.merchant == given.mchid,
        )
        .distinct()
        .order_by(Charge.institution_id)
    ).all()
    if others:
        names = "、".join(others)
        yield (
            State.BAD,
            f"商户号 {given.mchid} 还有别的机构在用（{names}）：通知和账单分不清是谁的。"
            "每个机构要有自己的商户号（docs/payments.md 第 1 节）。",
            f"Another institution uses this merchant ({', '.join(others)}): each needs its own.",
        )


def _going_back(given: WechatPaySettings, work: Work) -> Iterator[Found]:
    """Refunds of payments that another merchant took: only it is told how they end."""
    rows = work.session.execute(
        select(Charge.merchant, func.count())
        .join(Payment, Payment.charge_id == Charge.id)
        .join(Refund, Refund.payment_id == Payment.id)
        .join(Application, Application.id == Refund.application_id)
        .where(
            Charge.institution_id == work.institution,
            Charge.provider == NAME,
            Charge.merchant.not_in(("", given.mchid)),
            Application.state.in_((Refunding.APPROVED, Refunding.SENT)),
        )
        .group_by(Charge.merchant)
        .order_by(Charge.merchant)
    )
    for merchant, count in rows:
        yield (
            State.BAD,
            f"还有 {count} 笔退款在商户号 {merchant} 上没有结果，现在设的是 {given.mchid}：到没到账这里都不会知道。"
            "请先改回去，等它们有了结果再换（docs/payments.md 第 5 节）。",
            f"{count} refunds are under way at merchant {merchant}: set it again until they are over.",
        )


def _of_before(given: WechatPaySettings, work: Work) -> Iterator[Found]:
    waiting = work.session.execute(
        select(Charge.merchant, Charge.app, func.count())
        .where(
            Charge.institution_id == work.institution,
            Charge.provider == NAME,
            Charge.state == charges.State.OPEN,
            Charge.merchant != "",
        )
        .group_by(Charge.merchant, Charge.app)
        .order_by(Charge.merchant, Charge.app)
    )
    for merchant, app, count in waiting:
        if merchant != given.mchid:
            yield (
                State.BAD,
                f"还有 {count} 笔没有结果的付款是用商户号 {merchant} 发起的，现在设的是 {given.mchid}："
                "这些付款查不到，订单也不会过期。请先改回去，等它们有了结果再换（docs/payments.md 第 5 节）。",
                f"{count} open charges belong to merchant {merchant}: set it again until they are over.",
            )
        elif app != given.appid:
            yield (
                State.NOTE,
                f"还有 {count} 笔没有结果的付款是用 AppID {app} 发起的，照常查询、入账。",
                f"{count} open charges were made with another appid; they are still heard of.",
            )


# --- what is not decided ----------------------------------------------------------------------


def closed(settings: Settings, work: Work) -> Iterator[Found]:
    """What people cannot do, since finance have not said how, or are not there."""
    found = [*_refunds(work), *_invoices(work), *_waivers(work)]
    yield from found
    people = len(authority.people(work, Role.FINANCE))
    if people == 0:
        yield (
            State.BAD if settings.production else State.NOTE,
            "财务处没有人：退款没人决定，发票没人开，迟到的付款没人知道。请导入财务老师的角色（docs/import.md）。",
            "Nobody is in finance: nobody decides on refunds or hears of late payments.",
        )
    elif people < ENOUGH:
        yield (
            State.NOTE,
            "财务处只有一个人：要两个人决定的退款和减免办不了。",
            "Only one person is in finance: what needs two cannot be decided.",
        )
    elif not found:
        yield (
            State.GOOD,
            f"退款、发票和减免都开放了，财务处有 {people} 人。",
            "Refunds, invoices and waivers are open, and finance is there.",
        )


def _refunds(work: Work) -> Iterator[Found]:
    try:
        policy = store.refund(work)
        unset = [one for one in BY_PAYERS if getattr(policy, f"{one}_days") is None]
    except Refused:
        unset = list(BY_PAYERS)
    if unset:
        yield _note(
            "这些退款还申请不了，没有定申请期限", [REASONS[one] for one in unset], "refunds"
        )


def _invoices(work: Work) -> Iterator[Found]:
    try:
        policy = store.invoice(work)
        unset = [name for name in NOT_SET if getattr(policy, name) is None]
    except Refused:
        unset = list(NOT_SET)
    if unset:
        yield _note("发票还申请不了，没有定", [NOT_SET[one] for one in unset], "invoices")


def _waivers(work: Work) -> Iterator[Found]:
    try:
        by = store.fees(work).waived_by
    except Refused:
        by = {}
    unset = [goods.title for kind, goods in GOODS.items() if not by.get(kind)]
    if unset:
        yield (
            State.NOTE,
            f"这些费用没有人能减免，没有定由谁减免：{'、'.join(one.zh for one in unset)}。",
            f"Closed, as it is not decided who may waive: {', '.join(one.en for one in unset)}.",
        )


def _note(zh: str, what: list[Words], en: str) -> Found:
    names = "、".join(one.into("zh") for one in what)
    english = ", ".join(one.into("en") for one in what)
    return State.NOTE, f"{zh}：{names}。", f"Closed for now, {en}: not decided are {english}."
