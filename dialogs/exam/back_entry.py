"""成绩补登 (back-entry, E9): results, exemptions and transfers from before the platform."""

from collections.abc import Sequence
from dataclasses import replace

from backend.clock import local_date
from backend.errors import Refused
from backend.exam import back_entry, back_entry_rules, candidates
from backend.exam.back_entry_cases import RESULTS, Entry, State
from backend.models import Application, ExamCourse, ExamTicket
from backend.policy import store
from backend.policy.exam import ExamPolicy, Service
from backend.work import Work
from dialogs import refusals
from dialogs.engine import choosing
from dialogs.engine.chat import Chat
from dialogs.engine.early import SCORE
from dialogs.engine.message import Button, Card
from dialogs.engine.slots import Invalid, Slot, choice, fixed, month, number, text
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _, plain
from dialogs.exam.back_entry_words import KINDS, kind_said, limits, month_label, moved_rows
from dialogs.exam.exemption_words import course_words
from dialogs.exam.tickets import open_ticket
from dialogs.proofs import collecting, slots
from dialogs.proofs import pictures as proof_pictures
from dialogs.proofs.collecting import Draft, Terms
from dialogs.proofs.kinds import Kind
from dialogs.titles import unit_words

NAMED = fixed("kind", _("种类"))
COURSE = fixed("named_course", _("课程"))
SCORE_PROOF = Kind("score_proof")
OLD_PROOFS = [Kind("cet"), Kind("pets"), Kind("diploma"), Kind("other")]
EARLIEST = slots.EARLIEST
NEW_EXEMPTION, NEW_TRANSFER = "new_exemption", "new_transfer"


def backfill_scores(chat: Chat, work: Work) -> None:
    """Which kind, which course, when; then what its form asks for, a picture, consent."""
    ticket, _window = open_ticket(chat, work, Service.BACK_ENTRY)
    back_entry_rules.require_open(work, ticket)
    policy = store.exam(work)
    kind = kind_of(chat)
    if kind in (NEW_EXEMPTION, NEW_TRANSFER):
        lead(chat, kind)
        return
    if chat.once("limits") and kind in RESULTS:
        chat.say(limits(policy.back_entry.theory_last_month))
    course = course_of(chat, work)
    back_entry_rules.require_new(work, ticket, kind, course)
    if chat.once(f"course.{course.code}"):
        chat.say(_("课程：{course}。", course=course_words(course)))
    when = chat.ask(when_slot(work, kind))
    if kind not in RESULTS and when > back_entry_rules.last_month(policy, kind):
        lead_on(chat, work, policy, kind, when)
        return
    back_entry_rules.require_month(work, policy, kind, when)
    entry = Entry(kind, course.id, when)
    entry = details(chat, entry, policy.scores.pass_mark)
    entry, draft = shown(chat, work, policy, entry)
    consent = chat.confirm(
        _("请核对。审核通过以后才计入（E9）。"),
        card=card_of(chat, course, entry, draft),
        facts=facts_of(ticket, entry, draft),
        agree=_("提交"),
    )
    application = back_entry.file(work, ticket, with_proof(work, policy, entry, draft), consent)
    submitted(chat, work, application)


def kind_of(chat: Chat) -> str:
    """What the words say, or what is pressed; whoever wants something new is led there."""
    known = chat.known(NAMED) or kind_said(chat.opening)
    if known in KINDS:
        return known
    labels = {
        "theory": _("2002年及以前的理论成绩"),
        "practice": _("2002年及以前的实践成绩"),
        "exemption": _("2020年以前办过的免考"),
        "transfer_in": _("2020年以前办过的转入"),
        NEW_EXEMPTION: _("我要新办免考"),
        NEW_TRANSFER: _("我要新办转入"),
    }
    question = _("补登是把以前办过、平台上没有显示的补上，补的是哪一种（E9）？")
    return chat.ask(choice("which_kind", question, labels, title=_("种类")))


def lead(chat: Chat, kind: str) -> None:
    if kind == NEW_EXEMPTION:
        chat.say(_("新办免考走“申请免考”（E5），不用补登。"))
        chat.go_on_with("apply_exemption")
    else:
        chat.say(_("新办转入要先在外省办转出（E7），不用补登，也不用在这里申请。"))
        chat.go_on_with("transfer_in_status")


def lead_on(chat: Chat, work: Work, policy: ExamPolicy, kind: str, when: str) -> None:
    """What was done on the platform's time is a matter of another service (E9)."""
    try:
        back_entry_rules.require_month(work, policy, kind, when)
    except Refused as refused:
        label, dialog = (
            (_("申请免考"), "apply_exemption")
            if kind == "exemption"
            else (_("转入进度"), "transfer_in_status")
        )
        chat.say(refusals.sentence(work, refused), buttons=[chat.button(label, dialog)])


def course_of(chat: Chat, work: Work) -> ExamCourse:
    """By the first characters of its name, or its code."""
    named = chat.known(
        Slot("named_course", plain(""), _("课程"), str, COURSE.read, entity="course")
    )
    if named is not None and (found := candidates.course(work, named)) is not None:
        return found

    def look(words: str) -> Sequence[tuple[str, Words]]:
        return [(one.code, course_words(one)) for one in candidates.courses_like(work, words)]

    code = choosing.find(
        chat,
        "which_course",
        _("哪门课？写课程名称开头的几个字，或者课程代码（E9）。"),
        look,
        title=_("课程"),
        verbatim=True,
    )
    chosen = candidates.course(work, code)
    if chosen is None:
        raise RuntimeError(f"no course {code}")
    return chosen


def when_slot(work: Work, kind: str) -> Slot[str]:
    today = f"{local_date(work.now):%Y-%m}"
    return month(
        "when",
        _("{label}是哪年哪月？比如 2001年10月。", label=month_label(kind)),
        title=month_label(kind),
        earliest=EARLIEST,
        latest=today,
    )


def details(chat: Chat, entry: Entry, mark: int) -> Entry:
    """What the form of this kind asks for besides."""
    if entry.kind in RESULTS:
        return replace(entry, score=chat.ask(score_slot("score", mark)))
    if entry.kind == "transfer_in":
        return replace(
            entry,
            from_province=chat.ask(from_province("from_province")),
            from_ticket=chat.ask(from_ticket("number.from_ticket")),
            into_major=chat.ask(into_major("into_major")),
        )
    return entry


def score_slot(name: str, mark: int) -> Slot[int]:
    prompt = _("考了多少分？合格成绩，{least} 到 100。", least=mark)
    return number(name, prompt, title=_("成绩"), least=mark, most=100, entity=SCORE)


def from_province(name: str) -> Slot[str]:
    slot = replace(slots.province(name, SCORE_PROOF, slots.alone), name=name)
    return replace(slot, prompt=_("从哪个省转来的？"), title=_("转出省"), options=())


def from_ticket(name: str) -> Slot[str]:
    """The name begins with ``number.``: reception takes long numbers where one is asked for."""

    def parse(stored: str) -> str:
        if not 6 <= len(stored) <= 20 or not stored.isascii() or not stored.isalnum():
            raise Invalid(_("准考证号应该是 6 到 20 位的数字或字母，请照那边的准考证抄。"))
        return stored

    def read(said: Said) -> str | None:
        return "".join(one for one in said.text if one.isalnum() and one.isascii()) or None

    return Slot(name, _("原来那边的准考证号是多少？"), _("原准考证号"), parse, read, free=True)


def into_major(name: str) -> Slot[str]:
    return text(name, _("当时转入的是什么专业？"), title=_("转入专业"), at_most=60)


def shown(
    chat: Chat, work: Work, policy: ExamPolicy, entry: Entry, place: str = "entry"
) -> tuple[Entry, Draft | None]:
    """An exemption's proof with its number, month and province; of the others the picture alone."""
    needed = entry.kind in policy.back_entry.picture_required
    most = policy.picture
    if entry.kind == "exemption":
        terms = Terms("E9", most.max_bytes, most.most_per_proof, pictures=needed)
        about = _("当时用什么凭证免考的？")
        return entry, collecting.collect(chat, work, place, OLD_PROOFS, terms, about=about)
    if not needed and chat.once("optional"):
        chat.say(_("有当时的材料最好发一张，审核会快些；没有也可以不发（E9）。"))
    pictures, findings = proof_pictures.collect(
        chat,
        work,
        place,
        SCORE_PROOF,
        rule="E9",
        most_bytes=most.max_bytes,
        most=most.most_per_proof,
        needed=needed,
    )
    if not pictures:
        return entry, None
    return entry, Draft("score_proof", "", "", entry.month, "", "", pictures, findings)


def with_proof(work: Work, policy: ExamPolicy, entry: Entry, draft: Draft | None) -> Entry:
    """Keeps what was shown; call it after the consent."""
    if draft is None:
        return entry
    kept = collecting.keep(work, draft, originals_days=policy.originals_days)
    return replace(entry, proof=kept.id)


def card_of(chat: Chat, course: ExamCourse, entry: Entry, draft: Draft | None) -> Card:
    rows: list[tuple[Words, Speech]] = [
        (_("种类"), KINDS[entry.kind]),
        (_("课程"), course_words(course)),
        (month_label(entry.kind), plain(entry.month)),
    ]
    if entry.score is not None:
        rows.append((_("成绩"), _("{score} 分", score=entry.score)))
    if entry.kind == "transfer_in":
        rows += moved_rows(entry)
    if entry.remark:
        rows.append((_("说明"), plain(entry.remark)))
    if draft is not None:
        rows += collecting.rows(draft)
    return chat.card(_("成绩补登"), *rows)


def facts_of(ticket: ExamTicket, entry: Entry, draft: Draft | None) -> str:
    return f"{ticket.number}:{entry}:{collecting.facts(draft) if draft else ''}"


def submitted(chat: Chat, work: Work, application: Application) -> None:
    chat.say(
        _(
            "已提交 {number}，现在由{unit}的审核人审核；通过以后才计入，审核之前可以编辑（E9）。",
            number=application.number,
            unit=unit_words(work, application),
        ),
        buttons=[list_button(chat), chat.button(_("再补登一条"), "backfill_scores")],
    )


def list_button(chat: Chat) -> Button:
    return chat.button(_("我补登的"), "back_entries", lasting=True)


def edit_button(chat: Chat, application: Application) -> Button:
    return chat.button(
        _("编辑 {number}", number=application.number),
        "change_back_entry",
        application_number=application.number,
    )


def pending(application: Application) -> bool:
    return application.state == State.PENDING
