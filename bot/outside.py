"""What happens outside the chat in a conversation script: signing in, corrections, offices."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select, update

from backend import accounts
from backend.identity import bindings, links, stepup
from backend.models import (
    AccountLink,
    ChatAccount,
    Course,
    Grade,
    Person,
)
from backend.models import Role as RoleRow
from backend.pictures.studio import Here
from backend.registry.importing import import_file
from bot.outside_documents import OutsideDocuments
from bot.outside_invoices import OutsideInvoices
from bot.outside_money import OutsideMoney
from bot.outside_policies import OutsidePolicies
from bot.script import Impossible


class Outside(OutsideDocuments, OutsideInvoices, OutsideMoney, OutsidePolicies):
    """Whatever people do elsewhere, and the assistant they do it to."""

    def sign_in(self, who: str, *_: str) -> None:
        """Somebody follows the link they were sent and signs in on the page."""
        person = self.people[who]
        with self.assistant.office.work(person) as work:
            link = work.session.scalar(
                select(AccountLink.id)
                .join(ChatAccount, ChatAccount.id == AccountLink.account_id)
                .where(
                    ChatAccount.person_id == person,
                    AccountLink.purpose == links.STEP_UP,
                    AccountLink.used_at.is_(None),
                )
            )
            if link is None:
                raise LookupError(f"{who} was not asked to sign in")
            stepup.by_sign_in(work, link, person)

    def bind(self, who: str, channel: str) -> None:
        """Somebody binds an account on a platform, as on its page after signing in."""
        if channel not in accounts.BOUND:
            raise LookupError(f"{channel} is nothing that one binds")
        person = self.people[who]
        with self.assistant.office.work() as work:
            account = accounts.account(work, channel, str(person), None)
            account.name = who
            bindings.bind(work, account.id, person, None)

    def grade(self, number: str, score: str) -> None:
        """The registry corrects the first score of a student."""
        with self.assistant.office.work() as work:
            student = work.session.scalars(select(Person.id).where(Person.number == number)).one()
            first = work.session.scalars(
                select(Grade.id)
                .join(Course, Course.id == Grade.course_id)
                .where(Grade.student_id == student)
                .order_by(Grade.term, Course.code)
            ).first()
            work.session.execute(update(Grade).where(Grade.id == first).values(score=score))

    def exam_score(self, ticket: str, code: str, month: str, score: str) -> None:
        """The exam office imports a theory score."""
        with TemporaryDirectory() as folder, self.assistant.office.work() as work:
            table = Path(folder) / "scores.csv"
            table.write_text(
                f"准考证号,课程代码,类型,考次,成绩\n{ticket},{code},理论,{month},{score}\n"
            )
            sealer = self.assistant.office.sealer
            if sealer is None:
                raise Impossible("没有密钥 there is no key")
            report = import_file(
                work.session,
                sealer,
                work.institution,
                "exam_scores",
                table,
                all_or_nothing=True,
                now=work.now,
            )
            if report.problems:
                raise Impossible(report.problems[0].zh)

    def rename(self, number: str, name: str) -> None:
        """The registry corrects a name."""
        with self.assistant.office.work() as work:
            work.session.execute(update(Person).where(Person.number == number).values(name=name))

    def dismiss(self, who: str) -> None:
        """Somebody loses their roles."""
        with self.assistant.office.work() as work:
            rows = work.session.scalars(
                select(RoleRow).where(RoleRow.person_id == self.people[who])
            )
            for row in rows:
                work.session.delete(row)

    def read_nothing(self, *_: str) -> None:
        """Nothing reads pictures here, as without the extra ``ocr``."""
        self.assistant.office.studio = Here()


OPERATIONS: dict[str, Callable[..., None]] = {
    "登录": Outside.sign_in,
    "绑定": Outside.bind,
    "支付": Outside.pay,
    "去付款": Outside.go_to_pay,
    "支付平台断开": Outside.provider_away,
    "支付平台恢复": Outside.provider_back,
    "开出发票": Outside.issue_invoice,
    "今后的退款": Outside.refunds_end,
    "退款结果": Outside.refund_told,
    "任命": Outside.appoint,
    "拍过照": Outside.photographed,
    "付款没通知": Outside.pay_unheard,
    "迟到付款": Outside.pay_late,
    "再次通知": Outside.notify,
    "陌生付款": Outside.pay_unknown,
    "后台退款": Outside.refund_in_portal,
    "错记": Outside.book_wrongly,
    "核对账目": Outside.look_at_books,
    "对账": Outside.reconcile,
    "再对账": Outside.reconcile_again,
    "账单不符": Outside.bill_otherwise,
    "账单更正": Outside.bill_rightly,
    "付错金额": Outside.pay_other,
    "没有定": Outside.unset_policy,
    "没有日历": Outside.unset_calendar,
    "改成绩": Outside.grade,
    "导入自考成绩": Outside.exam_score,
    "改姓名": Outside.rename,
    "停用密钥": Outside.retire_key,
    "启用密钥": Outside.bring_key_back,
    "吊销证书": Outside.revoke_certificate,
    "签名级别": Outside.set_level,
    "免去职务": Outside.dismiss,
    "打开分享": Outside.open_share,
    "猜口令": Outside.guess_pin,
    "没有识别": Outside.read_nothing,
    "审定费": Outside.set_review_fee,
    "办理时间": Outside.set_window,
}
