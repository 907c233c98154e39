"""What a reviewer is asked to decide on: one case, or several that were filed at once."""

from collections.abc import Sequence

from backend.models import Application, Person
from backend.proofs import noticing
from backend.reviewing import asking, bulk, deciding, reviewers, sheets
from backend.reviewing.case import DECIDABLE, SECOND, common
from backend.reviewing.deciding import APPROVE, REJECT
from backend.reviewing.kinds import noticed
from backend.reviewing.sheets import Attachment
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card, Picture
from dialogs.engine.words import Bilingual, Speech, Words, _, lines, plain
from dialogs.proofs import review
from dialogs.reviewing.kinds import told
from dialogs.reviewing.reasons import reason_words
from dialogs.titles import name_of, person_name

# What a person does; "通过" elsewhere is said of what has passed, which English tells apart.
APPROVING = Words("{text}", {"text": Bilingual("通过", "Approve")})
VERDICTS = {APPROVE: APPROVING, REJECT: _("驳回")}


def prompt(
    chat: Chat,
    work: Work,
    application: Application,
    words: Speech,
    *,
    opened: bool = False,
    looked_at: Sequence[Picture] = (),
) -> None:
    """The facts with the pictures beside them, and buttons that each are a press from done.

    ``opened``: by whoever decides, who then sees numbers in full; a prompt that comes by itself may
    light up on a phone. Consent is to the masked ones either way: a number does not change within a
    version of the case. ``looked_at`` are pictures that take the place of the thumbnails.
    """
    number = application.number
    found = sheets.attachments(work, application)
    card = case_card(chat, work, application)
    shown = case_card(chat, work, application, whole=True) if opened else card
    if (more := len(found) - review.THUMBNAILS) > 0 and not looked_at:
        words = lines(words, _("另有 {count} 张图，点“看图”都能看到。", count=more))
    agree = chat.agreed(
        approve_label(work, application),
        "review_approve",
        approve_words(work, application),
        card,
        case_facts(work, application),
        style="primary",
        application_number=number,
    )
    others: list[tuple[Words, str, str]] = [(_("驳回"), "review_reject", "danger")]
    if found and not looked_at:
        others.append((_("看图"), "review_look", ""))
    if application.state == SECOND:
        others.append((_("退回再看"), "review_send_back", ""))
    else:
        others += [(_("问考生"), "review_ask", ""), (_("请同事复核"), "review_refer", "")]
    buttons = [
        chat.button(label, dialog, style=style, lasting=True, application_number=number)
        for label, dialog, style in others
    ]
    if looked_at and len(found) > 1:
        buttons += [place_button(chat, number, one) for one in found]
    chat.say(
        words,
        card=shown,
        buttons=[agree, *buttons],
        pictures=looked_at or review.thumbnails(chat, work, found),
        about=number,
    )


def place_button(chat: Chat, number: str, one: Attachment, dialog: str = "review_look") -> Button:
    """One picture, large."""
    return chat.button(
        _("看图 {place}", place=one.place),
        dialog,
        lasting=True,
        application_number=number,
        picture=str(one.place),
    )


def prompt_together(chat: Chat, work: Work, together: Sequence[Application], words: Speech) -> None:
    """One message for all that was filed at once; what can be approved as it is, with one press."""
    waiting = [one for one in together if reviewers.may_decide(work, chat.person or 0, one)]
    waiting = [one for one in waiting if one.state in DECIDABLE]
    if len(waiting) == 1:
        prompt(chat, work, waiting[0], words)
        return
    if not waiting:
        return
    buttons = []
    if len(clean(work, waiting)) == len(waiting):
        buttons.append(approve_all(chat, work, waiting))
    buttons += [look_button(chat, work, one) for one in waiting]
    chat.say(words, card=list_card(chat, work, waiting), buttons=buttons, about=common(together))


def approve_all(chat: Chat, work: Work, cases: Sequence[Application]) -> Button:
    return chat.agreed(
        _("全部通过"),
        "review_approve_many",
        many_words(cases),
        list_card(chat, work, cases),
        many_facts(work, cases),
        style="primary",
        applications=",".join(one.number for one in cases),
    )


def look_button(chat: Chat, work: Work, one: Application) -> Button:
    label = _("{number} {subject}", number=one.number, subject=told(one).subject(work, one))
    return chat.button(label, "review", lasting=True, application_number=one.number)


def many_words(cases: Sequence[Application]) -> Words:
    return _("通过下面这 {count} 份？", count=len(cases))


def many_facts(work: Work, cases: Sequence[Application]) -> str:
    return ",".join(case_facts(work, one) for one in cases)


def list_card(chat: Chat, work: Work, cases: Sequence[Application]) -> Card:
    return chat.card(
        _("等您审核：{count} 份", count=len(cases)),
        *((plain(one.number), line(work, one)) for one in cases),
    )


def line(work: Work, application: Application) -> Words:
    findings = noticed(work, application)
    words = _(
        "{name}，{service}，{subject}，{proofs}",
        name=name_of(applicant(work, application)),
        service=told(application).service,
        subject=told(application).subject(work, application),
        proofs=review.in_short(work, application),
    )
    if application.state == SECOND:
        words = _("{words}（待复核）", words=words)
    if findings:
        return _("{words}；有 {count} 处要留意", words=words, count=findings)
    unread = noticing.has_unread(work, application)
    return _("{words}；图上文字未自动核对", words=words) if unread else words


def clean(work: Work, applications: Sequence[Application]) -> list[Application]:
    """Those that may be approved together: nobody has to look at them on their own."""
    why = bulk.why_alone(work, applications)
    return [one for one in applications if why[one.id] is None]


def approve_label(work: Work, application: Application) -> Words:
    second = deciding.needs_second(work, application, APPROVE)
    return _("通过，请同事复核") if second else APPROVING


def approve_words(work: Work, application: Application) -> Words:
    if deciding.needs_second(work, application, APPROVE):
        return _("建议通过 {number}，并请同事复核？", number=application.number)
    return _("通过 {number}？", number=application.number)


def case_card(chat: Chat, work: Work, application: Application, *, whole: bool = False) -> Card:
    """``whole``: the numbers of certificates in full."""
    person = applicant(work, application)
    rows: list[tuple[Words, Speech]] = [(_("考生"), name_of(person))]
    rows += told(application).rows(work, application)
    rows += review.rows(work, application, whole=whole)
    if checks := told(application).to_check(work, application):
        rows.append((_("请核对"), lines(*checks)))
    rows.append((_("提交时间"), _("{at}", at=application.filed_at)))
    for asked in asking.questions(work, application):
        who = person_name(work, asked.asked_by)
        rows.append((_("问"), _("{question}（{who}）", question=plain(asked.question), who=who)))
        if asked.answered_at:
            rows.append((_("答"), plain(asked.answer)))
    proposed = reviewers.proposal(work, application)
    if proposed is not None:
        verdict = _(
            "{who}建议{verdict}",
            who=person_name(work, proposed.decided_by),
            verdict=VERDICTS[proposed.verdict],
        )
        why = reason_words(work, application, proposed.template, proposed.words)
        rows.append((_("前一位"), lines(verdict, why) if proposed.words else verdict))
    return chat.card(
        _("{service} {number}", service=told(application).service, number=application.number), *rows
    )


def case_facts(work: Work, application: Application) -> str:
    """What a decision rests on: another version of the case is another question."""
    return f"{application.number}:{application.version}:{noticed(work, application)}"


def applicant(work: Work, application: Application) -> Person:
    return work.session.get_one(Person, application.applicant_id)
