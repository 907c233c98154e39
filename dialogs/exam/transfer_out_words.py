"""What is said of scores that leave for another province (E8): states, the form, the scores."""

from backend.exam import transfer_out
from backend.exam.scores import CreditLine
from backend.exam.transfer_out import Destination, State
from backend.models import Application, ExamTicket
from backend.sealing import masked_number
from backend.work import Work
from dialogs.engine.words import Bilingual, Joined, Speech, Words, _, listed, plain
from dialogs.exam.graduation_words import score_words
from dialogs.proofs import slots

LEVELS: dict[str, Words] = {"college": _("专科"), "bachelor": _("本科")}
STATES: dict[str, Words] = {
    State.PENDING: _("待审核"),
    State.ASKED: _("老师有问题等您回答"),
    State.SECOND: _("待复核"),
    State.REJECTED: _("未通过"),
    State.WITHDRAWN: _("已撤回"),
    State.APPROVED: _("已转出"),
}


def title_of(work: Work, application: Application) -> Words:
    """``Z260302-0001（转出到江苏）``"""
    return _("{number}（{subject}）", number=application.number, subject=subject(work, application))


def subject(work: Work, application: Application) -> Words:
    request = transfer_out.request_of(work, application)
    return _("转出到{province}", province=slots.province_words(request.to_province))


def courses_words(work: Work, application: Application) -> Joined | Words:
    names = [
        _("{name}（{code}）", name=Bilingual(one.name_zh, one.name_en), code=one.code)
        for one in transfer_out.scores_of(work, application)
    ]
    return listed(*names)


def label(one: CreditLine, ticket: ExamTicket) -> Words:
    return _(
        "{name}（{code}）{score}",
        name=Bilingual(one.name_zh, one.name_en),
        code=one.code,
        score=score_words(one, ticket),
    )


def form_rows(to: Destination) -> list[tuple[Words, Speech]]:
    return [
        (_("转入地"), slots.province_words(to.province)),
        (_("转入准考证号"), plain(to.ticket)),
        (_("转入层次"), LEVELS[to.level]),
        (_("转入专业"), plain(to.major)),
        (_("转出原因"), plain(to.reason)),
        (_("联系电话"), plain(masked_number(to.phone))),
    ]
