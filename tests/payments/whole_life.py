"""What people, the provider and finance may do with money, step by step, and dying in between."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from backend import orders, revocations, tasks, transcripts
from backend.clock import local_date
from backend.errors import NotAllowed, Refused
from backend.fees import waivers
from backend.held import ending, listing, portal
from backend.held.listing import Item
from backend.models import Application, Order, Payment
from backend.payments import asking, opening
from backend.payments.by_hand import ByHand
from backend.payments.provider import (
    CURRENCY,
    AlreadyPaid,
    PaymentNotice,
    ProviderRefused,
    ProviderUnreachable,
    RefundAsked,
    RefundState,
    Way,
)
from backend.reconciliation import days, differences, fetching
from backend.refunds import asking as asked
from backend.refunds import executing, mending, money
from backend.refunds.states import State
from backend.work import Work
from tests.refunds.provider import Crash
from tests.refunds.scene import Scene

A_DAY = timedelta(hours=24, seconds=1)  # as long as an order stands
NO = (Refused, NotAllowed, ProviderUnreachable, ProviderRefused, AlreadyPaid)
ENDS = (RefundState.SUCCESS, RefundState.CLOSED, RefundState.ABNORMAL)
T = TypeVar("T")


def one_of(found: Sequence[T], which: int) -> list[T]:
    """One of them, or nothing where there is none."""
    return [found[which % len(found)]] if found else []


class Life:
    """One buyer's money. What is refused changes nothing; the checks of the test see to that."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.office, self.bank = scene, scene.office, scene.bank
        self.sent: dict[str, PaymentNotice] = {}  # by transaction: all that the provider has taken
        self.portal = 0  # refunds that somebody made in the provider's own pages
        self.unbilled: date | None = None  # the day of the last, until its bill is compared
        self.dies_in = 0  # transactions; 0: it lives
        told = self.office.announce

        def announce(work: Work) -> None:
            """The last thing before a transaction is committed."""
            told(work)
            if self.dies_in:
                self.dies_in -= 1
                if not self.dies_in:
                    raise Crash

        self.office.announce = announce

    def step(self, way: str, which: int, dies_in: int) -> None:
        """``dies_in``: the transaction of this step which is not committed any more; 0: none."""
        self.dies_in = dies_in
        action: Callable[[int], object] = getattr(self, way)
        with suppress(Crash, *NO):
            action(which)
        self.dies_in = 0
        self.enter_portal_refunds()

    # --- the buyer ------------------------------------------------------------------------------

    def order(self, which: int) -> None:
        waiting = [one for one in self.applications() if one.state == transcripts.State.APPROVED]
        if waiting and which % 2:
            self.scene.confirm(waiting[which % len(waiting)].number)
        else:
            self.scene.ordered(which % 4)

    def cancel(self, which: int) -> None:
        for one in one_of(self.orders(), which):
            with self.office.work(self.scene.buyer) as work:
                orders.cancel(work, one.number, self.scene.agreed(self.scene.buyer))

    def show(self, which: int) -> None:
        for one in one_of(self.orders(), which):
            opening.ready(self.office, [one.number], (Way.NATIVE, Way.H5)[which % 2])

    def show_together(self, which: int) -> None:
        opening.ready(self.office, [one.number for one in self.orders()[-2:]], Way.NATIVE)

    def pay(self, which: int) -> None:
        self._pay(which)

    def pay_other(self, which: int) -> None:
        self._pay(which, amount_fen=100 + which)

    def ask_back(self, which: int) -> None:
        paid = [one for one in self.orders(orders.State.PAID) if one.total_fen]
        for one in one_of(paid, which):
            self.scene.ask(one.number)

    def take_back(self, which: int) -> None:
        for one in self.refunds(which, State.ASKED, State.DOCUMENT):
            self.scene.take_back(one.number)

    # --- the provider ---------------------------------------------------------------------------

    def twice(self, which: int) -> None:
        """In a transaction of its own, as no provider should."""
        for one in one_of(self.recorded(), which):
            if one.charge_id is not None:
                again = replace(self.sent[one.transaction_id], transaction_id=f"X{len(self.sent)}")
                self.sent[again.transaction_id] = again

    def stray(self, which: int) -> None:
        """Money that nothing here has asked for."""
        number, fen = f"Y{len(self.sent)}", (500, 700, 100 + which)[which % 3]
        at = self.scene.clock.now()
        self.sent[number] = PaymentNotice(self.bank.name, number, "X-0", fen, CURRENCY, at)
        self.bank.strange.append(self.sent[number])

    def notice(self, which: int) -> None:
        """Of anything that was paid, however long ago, for the first time or once more."""
        for one in one_of(list(self.sent.values()), which):
            self.scene.receive(one)

    def away(self, _which: int) -> None:
        self.bank.away = not self.bank.away

    def refuses(self, _which: int) -> None:
        self.bank.refusing = "" if self.bank.refusing else "PARAM_ERROR"

    def hangs(self, which: int) -> None:
        self.bank.takes_back = (RefundState.PROCESSING, *ENDS)[which % 4]

    def dies_after_paying_back(self, _which: int) -> None:
        self.bank.crash_after = True

    def ends(self, which: int) -> None:
        open_ = [n for n, one in self.bank.refunds.items() if one.state is RefundState.PROCESSING]
        for number in one_of(open_, which):
            self.bank.refund_ends(number, ENDS[which % 3])

    def refund_notice(self, which: int) -> None:
        for number in one_of(list(self.bank.refunds), which):
            self.scene.notify(number)

    def refund_in_portal(self, which: int) -> None:
        """Somebody of finance pays back there what nothing goes back of yet, all of it or a part."""
        for payment in one_of(self.recorded(), which):
            with self.office.read() as work:
                live = [
                    live for one in portal.shares(work, payment) for live in asked.live(work, one)
                ]
                left = sum(money.left(work, one) for one in portal.shares(work, payment))
            if live or left <= 0:
                return
            self.portal += 1
            fen = left if which % 2 else min(left, 200)
            number = f"5030{self.portal}"
            ends, self.bank.takes_back = self.bank.takes_back, RefundState.SUCCESS
            self.bank.away = False
            wanted = RefundAsked(number, payment.transaction_id, "", fen, 100_000, "")
            ByHand.refund(self.bank, wanted)
            self.bank.takes_back = ends
            self.unbilled = local_date(self.scene.clock.now())
            ready = days.ready_at(self.unbilled) + timedelta(minutes=13)
            self._pass(ready - self.scene.clock.now())

    def enter_portal_refunds(self) -> None:
        """Whoever pays back there enters it as soon as the bill has it."""
        if self.unbilled is not None:
            fetching.reconcile(self.office, self.unbilled)
            self.unbilled = None
        with self.office.read(self.scene.finance) as work:
            found = [one.number for one in differences.open_(work) if portal.enterable(work, one)]
        for number in found:
            with self.office.work(self.scene.finance) as work:
                key = portal.choices(work, portal.to_enter(work, number))[0].key
                portal.enter(work, number, key, "退在后台", self.scene.agreed(self.scene.finance))

    # --- staff, and time ------------------------------------------------------------------------

    def waive(self, which: int) -> None:
        with self.office.work(self.scene.finance) as work:
            waivers.give(
                work,
                self.scene.buyer,
                transcripts.KIND,
                times=1,
                off_fen=(None, 200)[which % 2],
                until=local_date(work.now) + timedelta(days=3),
                why="家庭经济困难",
                consent=self.scene.agreed(self.scene.finance),
            )

    def reprice(self, which: int) -> None:
        today = local_date(self.scene.clock.now())
        self.scene.set_policy("transcript", today, price_fen=(500, 700)[which % 2])

    def allow(self, which: int) -> None:
        for one in self.refunds(which, State.ASKED):
            self.scene.allow(one.number)

    def refuse(self, which: int) -> None:
        for one in self.refunds(which, State.ASKED):
            self.scene.refuse(one.number)

    def again(self, which: int) -> None:
        for one in self.refunds(which, State.ABNORMAL):
            self.scene.again(one.number)

    def by_hand(self, which: int) -> None:
        for one in self.refunds(which, State.ABNORMAL):
            executing.look(self.office, one.number)
            with suppress(Refused), self.office.work(self.scene.finance) as work:
                agreed = self.scene.agreed(self.scene.finance)
                mending.by_hand(work, one.number, "2026-17", local_date(work.now), agreed)

    def held_back(self, which: int) -> None:
        for one in one_of(self.undecided(), which):
            with self.office.work(self.scene.finance) as work:
                agreed = self.scene.agreed(self.scene.finance)
                ending.pay_back(work, one.key, "付错了", agreed)

    def held_for_order(self, which: int) -> None:
        for one in one_of(self.undecided(), which):
            with self.office.work(self.scene.finance) as work:
                agreed = self.scene.agreed(self.scene.finance)
                for order in one_of(ending.proposals(work, one), which):
                    ending.for_order(work, one.key, order.number, "看过付款记录", agreed)

    def held_hand_over(self, which: int) -> None:
        for one in one_of(self.undecided(), which):
            with self.office.work(self.scene.finance) as work:
                agreed = self.scene.agreed(self.scene.finance)
                ending.hand_over(work, one.key, "银行转账", "某公司", "付错学校", agreed)

    def revoke(self, which: int) -> None:
        standing = [a for a in self.applications() if a.state == transcripts.State.ISSUED]
        for one in one_of(standing, which):
            self._revoke(one.number)

    def make(self, _which: int) -> None:
        """Jobs run: documents are made, charges closed, refunds asked for."""
        self.scene.work_off()

    def a_while(self, _which: int) -> None:
        self._pass(timedelta(minutes=16))

    def a_day(self, _which: int) -> None:
        self._pass(A_DAY)

    # --- at the end -----------------------------------------------------------------------------

    def finish(self) -> None:
        """The provider is there, every notice comes, finance agrees to whatever is asked."""
        self.bank.away, self.bank.refusing, self.bank.crash_after = False, "", False
        self.bank.takes_back = RefundState.SUCCESS
        for number, one in list(self.bank.refunds.items()):
            if one.state is RefundState.PROCESSING:
                self.bank.refund_ends(number, RefundState.SUCCESS)
        self._pass(timedelta(minutes=16))
        for notice in self.sent.values():
            self.scene.receive(notice)
        for _ in range(3):
            for one in self.scene.refunds():
                self._settle_refund(one)
            self.held_back(0)
            while self.undecided():
                self.held_hand_over(0)
            self.scene.work_off()
            self._pass(A_DAY)

    def _settle_refund(self, refund: Application) -> None:
        if refund.state == State.ASKED:
            self.scene.allow(refund.number)
        elif refund.state == State.ABNORMAL:
            self.by_hand(0)
        elif refund.state == State.DOCUMENT:
            with self.office.read() as work:
                order = work.session.get_one(Order, self.scene.refund(refund.number).order_id)
                document = orders.application_of(work, order).number
            self._revoke(document)

    def _revoke(self, document: str) -> None:
        """By both of academic affairs; what was proposed before they died counts."""
        affairs, colleague = self.scene.affairs, self.scene.colleague
        with suppress(Refused), self.office.work(affairs) as work:
            revocations.propose(work, document, "名字错了", self.scene.agreed(affairs))
        with self.office.work(colleague) as work:
            for one in revocations.waiting(work):
                revocations.confirm(work, one.number, self.scene.agreed(colleague))

    # --- what there is --------------------------------------------------------------------------

    def applications(self) -> list[Application]:
        with self.office.read() as work:
            return transcripts.of_person(work, self.scene.buyer)

    def orders(self, *states: orders.State) -> list[Order]:
        with self.office.read() as work:
            found = orders.of_person(work, self.scene.buyer)
        return [one for one in reversed(found) if not states or one.state in states]

    def refunds(self, which: int, *states: State) -> list[Application]:
        """One of those that stand so."""
        return one_of([one for one in self.scene.refunds() if one.state in states], which)

    def undecided(self) -> list[Item]:
        with self.office.read(self.scene.finance) as work:
            return listing.undecided(work)

    def recorded(self) -> list[Payment]:
        with self.office.read() as work:
            return list(work.session.query(Payment).order_by(Payment.id))

    def _pay(self, which: int, **changed: object) -> None:
        for number in one_of(list(self.bank.charges), which):
            known = self.bank.charges[number].paid
            notice = self.bank.pay(number, **changed)
            if known is None and notice is not None:
                self.sent[notice.transaction_id] = notice

    def _pass(self, time: timedelta) -> None:
        """Time, and what the program does every minute."""
        self.scene.pass_time(time)
        asking.ask(self.office)
        with self.office.work() as work:
            orders.expire_due(work)
        with self.office.work() as work:
            tasks.ask_again(work)
            revocations.lapse_due(work)
        self.scene.sweep()
