"""毕业要交多少钱 (what graduating costs): the review fee, for who sits the self-study exam (E6)."""

import re

from backend.identity import exam_tickets
from backend.policy import store
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.words import _, lines
from dialogs.exam.graduation import status_button
from dialogs.exam.graduation_status import pay_time
from dialogs.exam.graduation_words import fee_words

ASKED = re.compile(
    r"^(?!.*(照|拍|公证|认证|成绩单|补办|时候|哪天|几号|[调改设]|发布|photo|picture|gown|transcript|when|\bset\b|chang|updat))"
    r"(.{0,14}(毕业|审定)(申请|审核|审定|手续|证书?)*的?(收?费用?|工本费|那个钱)?(标准)?"
    r"(是|要|得|需要|收|交|缴|花|办|下来|一共|大概|那个|的){0,4}(多少(钱|费|[?？]?$)|几块|几多|钱[吗不么]|什么费|费[吗不])"
    r"|.{0,12}(多少|几块)钱(才|能|可以){0,2}(办|拿|申请)?毕业证?[吗呢啊]?[?？。!！]*$"
    r"|.*\bhow much .{0,30}\b(graduat|review fee)|.*\bgraduation( review| application)? (fee|cost)"
    r"|.*\b(fee|cost)s? (to|for|of) (apply to |the )?graduat)"
)


def review_fee(chat: Chat, work: Work) -> None:
    """What is published, and when it is paid; everybody else is answered from the documents."""
    if chat.person is None or not exam_tickets.has_any(work, chat.person):
        chat.go_on_with("ask_rule", question=chat.opening)
        return
    fee = store.exam(work).graduation.review_fee_fen
    if fee is None:
        said = _("毕业审定费：{fee}。", fee=fee_words(None))
    else:
        said = _("毕业审定费 {fee}，缴费时间：{time}。", fee=fee_words(fee), time=pay_time(work))
    chat.say(
        lines(said, _("申请毕业不用先缴，审核通过以后才缴（E6）。")),
        buttons=[
            status_button(chat),
            chat.button(_("毕业还差什么"), "exam_checklist", lasting=True),
        ],
    )
