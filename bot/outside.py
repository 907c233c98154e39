"""What happens outside the chat in a conversation script: money, corrections, offices, rules."""

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select, update

from backend import accounts, orders
from backend.clock import SHANGHAI
from backend.identity import bindings, links, stepup
from backend.models import (
    AccountLink,
    ChatAccount,
    Course,
    Grade,
    Person,
    PolicyVersion,
)
from backend.models import Role as RoleRow
from backend.payments import settle
from backend.payments.provider import PaymentNotice
from backend.pictures.studio import Here
from backend.registry.importing import import_file
from backend.work import Work
from bot.outside_documents import OutsideDocuments
from bot.script import Impossible


class Outside(OutsideDocuments):
    """Whatever people do elsewhere, and the assistant they do it to."""

    def pay(self, number: str, *_: str) -> None:
        """Somebody pays at the cashier, and the provider's notice comes in."""
        self.pay_unheard(number)
        self.notify(number)

    def pay_unheard(self, number: str, *_: str) -> None:
        """Somebody pays at the cashier, and the notice is lost."""
        with self.assistant.office.read() as work:
            order = orders.find(work, number)
            if order is None:
                raise LookupError(number)
        url = self.assistant.payments.pay_url(order)
        self.assistant.payments.pay(url.rsplit("/", 1)[-1], self.clock.now())

    def notify(self, number: str, *_: str) -> None:
        """The notice of a payment comes (again)."""
        notice = self.assistant.payments.query(number)
        if notice is None:
            raise LookupError(f"{number} has not been paid")
        self.settle(notice)

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

    def settle(self, notice: PaymentNotice) -> None:
        with self.assistant.office.work() as work:
            settle.take(work, notice)

    def pay_other(self, number: str, yuan: str) -> None:
        """A notice about another sum than the order's."""
        notice = PaymentNotice(
            "sandbox", f"other-{number}", number, int(yuan) * 100, "CNY", self.clock.now()
        )
        self.settle(notice)

    def pay_late(self, number: str, yuan: str) -> None:
        """A notice about money that came after the order had expired."""
        self.settle(
            PaymentNotice(
                "sandbox", f"late-{number}", number, int(yuan) * 100, "CNY", self.clock.now()
            )
        )

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

    def unset_policy(self, *entries: str) -> None:
        """The institution has not decided these yet."""
        self.replace_policy("transcript", dict.fromkeys(entries))

    def unset_calendar(self, *_: str) -> None:
        """Nobody has said yet which days are off."""
        with self.assistant.office.work() as work:
            self.latest_policy(work, "calendar").body = {}
        self.assistant.office.policies.clear()

    def replace_policy(self, name: str, entries: dict[str, Any]) -> None:
        with self.assistant.office.work() as work:
            row = self.latest_policy(work, name)
            row.body = {**row.body, **entries}
        self.assistant.office.policies.clear()

    def set_review_fee(self, fen: str) -> None:
        """The exam office publishes the review fee, in fen; "没有": none is set."""
        with self.assistant.office.read() as work:
            now = self.latest_policy(work, "exam").body["graduation"]
        fee = None if fen == "没有" else int(fen)
        self.replace_policy("exam", {"graduation": now | {"review_fee_fen": fee}})

    def set_window(self, service: str, opens: str, closes: str) -> None:
        """The exam office publishes another window of a service: whole days, 09:00 to 16:00."""
        first, last = date.fromisoformat(opens), date.fromisoformat(closes)
        window = {
            "service": service,
            "session": "",
            "opens_at": datetime.combine(first, time(9), SHANGHAI).isoformat(),
            "closes_at": datetime.combine(last, time(16), SHANGHAI).isoformat(),
        }
        with self.assistant.office.read() as work:
            now = self.latest_policy(work, "exam").body["windows"]
        others = [one for one in now if one["service"] != service]
        self.replace_policy("exam", {"windows": [*others, window]})

    def read_nothing(self, *_: str) -> None:
        """Nothing reads pictures here, as without the extra ``ocr``."""
        self.assistant.office.studio = Here()

    def latest_policy(self, work: Work, name: str) -> PolicyVersion:
        return work.session.scalars(
            select(PolicyVersion)
            .where(PolicyVersion.name == name)
            .order_by(PolicyVersion.version.desc())
            .limit(1)
        ).one()


OPERATIONS: dict[str, Callable[..., None]] = {
    "登录": Outside.sign_in,
    "绑定": Outside.bind,
    "支付": Outside.pay,
    "付款没通知": Outside.pay_unheard,
    "迟到付款": Outside.pay_late,
    "再次通知": Outside.notify,
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
