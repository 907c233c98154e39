"""What happens outside the chat to refunds in a conversation script: what the payment provider makes of them."""

from backend.authority import Role
from backend.clock import local_date
from backend.models import Photographed
from backend.models import Role as RoleRow
from backend.payments.by_hand import ByHand
from backend.payments.provider import RefundState
from backend.refunds import settle
from bot import printing
from bot.assemble import Assistant
from bot.script import Impossible

ENDS = {
    "到账": RefundState.SUCCESS,
    "处理中": RefundState.PROCESSING,
    "异常": RefundState.ABNORMAL,
    "关闭": RefundState.CLOSED,
}


class OutsideRefunds:
    """Whatever the provider does with money that is to go back, and who decides about it."""

    assistant: Assistant
    till: ByHand
    people: dict[str, int]  # ids by the names of the script

    def refunds_end(self, how: str) -> None:
        """How refunds end that are asked for from now on."""
        self.till.takes_back = ended(how)

    def refund_told(self, number: str, how: str) -> None:
        """One that was under way has ended so, and the provider says it."""
        theirs = self.at_provider(number)
        if theirs not in self.till.refunds:
            raise Impossible(f"支付平台没有这笔退款 the provider knows no refund {number}")
        notice = self.till.refund_ends(theirs, ended(how))
        with self.assistant.office.work() as work:
            settle.take(work, notice)

    def at_provider(self, number: str) -> str:
        """The provider's number of a refund, which a script names without its random end."""
        known = (one for one in self.till.refunds if printing.one_line(one) == number)
        return next(known, number)

    def photographed(self, who: str) -> None:
        """Somebody's graduation picture is taken today."""
        with self.assistant.office.work() as work:
            work.session.add(
                Photographed(
                    person_id=self.people[who],
                    taken_on=local_date(work.now),
                    institution_id=work.institution,
                    way="group",
                )
            )

    def appoint(self, who: str, role: str) -> None:
        """Somebody is given a role for the whole institution."""
        if role not in set(Role):
            raise Impossible(f"没有这种职务 there is no role {role}")
        with self.assistant.office.work() as work:
            work.session.add(
                RoleRow(
                    institution_id=work.institution,
                    person_id=self.people[who],
                    role=role,
                    unit_id=None,
                )
            )


def ended(how: str) -> RefundState:
    if how not in ENDS:
        raise Impossible(f"退款没有这种结果，只有 {'、'.join(ENDS)} a refund cannot end so")
    return ENDS[how]
