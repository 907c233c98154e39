"""What administrators and academic affairs are told of the keys that sign documents (T8)."""

from datetime import datetime

from backend import authority
from backend.authority import Role
from backend.clock import local_date
from backend.work import Event, Work
from dialogs.engine.chat import Chat
from dialogs.engine.words import Speech, Words, _, lines
from dialogs.signing.words import why

REVOKED: dict[str, Words] = {  # RFC 5280, 5.3.1
    "key_compromise": _("密钥泄露"),
    "ca_compromise": _("发证机构的密钥泄露"),
    "affiliation_changed": _("单位名称变更"),
    "superseded": _("换了新证书"),
    "cessation_of_operation": _("不再使用"),
    "certificate_hold": _("暂时停用"),
    "privilege_withdrawn": _("资格被收回"),
    "aa_compromise": _("发证机构的密钥泄露"),
}
NO_REASON = _("发证机构没有说明原因")


def who_can_mend(work: Work, _event: Event) -> list[int]:
    return [
        *authority.people(work, Role.ADMINISTRATOR),
        *authority.people(work, Role.ACADEMIC_AFFAIRS),
    ]


def expiring(chat: Chat, _work: Work, event: Event) -> None:
    name, day = event.subject, local_date(datetime.fromisoformat(event.facts["day"]))
    days: int = event.facts["days"]
    soon: Speech = (
        _("签名证书 {name} 还有 {days} 天到期（{day}）。", name=name, days=days, day=day)
        if days
        else _("签名证书 {name} 今天到期。", name=name)
    )
    chat.say(
        lines(
            soon,
            _("到期以后不能再签发成绩单；已经签发的照样可以验证。"),
            _("请系统管理员准备新证书，用 registrar keys add 加进来，不用停机。"),
        )
    )


def stamps_expiring(chat: Chat, _work: Work, event: Event) -> None:
    name, day = event.subject, local_date(datetime.fromisoformat(event.facts["day"]))
    days: int = event.facts["days"]
    soon: Speech = (
        _("时间戳服务的证书 {name} 还有 {days} 天到期（{day}）。", name=name, days=days, day=day)
        if days
        else _("时间戳服务的证书 {name} 今天到期。", name=name)
    )
    chat.say(
        lines(
            soon,
            _("到期以后拿不到能用的时间戳，成绩单要等换好证书才能签发；已经签发的照样可以验证。"),
            _("请系统管理员向时间戳服务要新的证书，加到设置里写的证书文件中，再重新启动服务。"),
        )
    )


def refused(chat: Chat, _work: Work, event: Event) -> None:
    reason = why(event.facts["reason"])
    which: Speech = (
        _("现在没有能签名的密钥。")
        if event.facts["reason"] == "no_key"
        else _("签名密钥 {name} 现在不能签名：{why}。", name=event.subject, why=reason)
    )
    chat.say(
        lines(
            which,
            _("已付款的成绩单先不签发，费用不受影响。"),
            _(
                "请系统管理员运行 registrar keys check 查看；处理好以后，请教务部对停下的成绩单按“重新生成”。"
            ),
        )
    )


LACKING: dict[str, Words] = {
    "stamp": _("时间戳服务没有给出能用的时间戳"),
    "evidence": _("查不到证书现在有没有被吊销"),
    "token": _("存放密钥的令牌没有应答"),
}


def delayed(chat: Chat, _work: Work, event: Event) -> None:
    chat.say(
        lines(
            _(
                "已付款的成绩单 {number} 在等：{what}。",
                number=event.subject,
                what=LACKING[event.facts["lacking"]],
            ),
            _("系统会一直重试，不会降低签名的级别；学生看到的是“正在生成”，费用不受影响。"),
            _("请系统管理员运行 registrar check 查看。"),
        )
    )


def revoked(chat: Chat, _work: Work, event: Event) -> None:
    chat.say(
        lines(
            _(
                "签名证书 {name} 已被吊销（{day}，{why}），从现在起不再用它签名。",
                name=event.subject,
                day=local_date(datetime.fromisoformat(event.facts["day"])),
                why=REVOKED.get(event.facts["why"], NO_REASON),
            ),
            _("已经签发的以签发记录为准：在验证页输入验证码，照样查得到。"),
            _("请系统管理员用 registrar keys add 加入新证书，不用停机。"),
        )
    )


NOTICES = {
    "signing.delayed": (who_can_mend, delayed),
    "signing.expiring": (who_can_mend, expiring),
    "signing.refused": (who_can_mend, refused),
    "signing.stamps_expiring": (who_can_mend, stamps_expiring),
    "signing.revoked": (who_can_mend, revoked),
}
