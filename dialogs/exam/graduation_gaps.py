"""What a candidate writes about each course without a score, said back with what it was taken for (E6c)."""

from dataclasses import replace
from hashlib import sha256

from backend.exam import eligibility, graduation_cases
from backend.models import Application, ExamCourse, ExamMajor, ExamTicket
from backend.policy.exam import ExamPolicy, Explanation
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Invalid, Slot, fixed, text
from dialogs.engine.words import _, plain
from dialogs.engine.writing import characters
from dialogs.exam.exemption_words import course_words

FIRST_OF_APPRAISAL = "appraisal.1.1"  # the slot of its first piece
SAID_BACK = 30  # characters


def explanations(
    chat: Chat,
    work: Work,
    policy: ExamPolicy,
    ticket: ExamTicket,
    major: ExamMajor,
    option: str | None,
    before: Application | None,
) -> dict[str, str]:
    """One for each course without a score (E6c); what was written before may be pressed."""
    old = {}
    if before is not None:
        old = {course.id: words for course, words in graduation_cases.explained(work, before)}
    done = eligibility.progress(work, ticket, major, option)
    length = policy.graduation.explanation
    return {
        gap.key: explained(
            chat, explanation(gap.key, gap.course, old.get(gap.course.id, ""), length)
        )
        for gap in eligibility.gaps(work, major, done)
    }


def explained(chat: Chat, slot: Slot[str]) -> str:
    """Said back with what it was taken for: whoever meant it as the appraisal puts it there."""
    stands = chat.answered(slot.name) or ""
    moved = fixed(f"moved.{slot.name}", _("说明"))
    if stands and chat.known(moved) == digest(stands):
        chat.put_elsewhere(slot, FIRST_OF_APPRAISAL)
        chat.say(_("好的，这一段留给自我鉴定，问到的时候会用上。"))
    words = chat.ask(slot)
    told = digest(words)
    if not any(one.value == words for one in slot.options) and chat.once(f"{slot.name}.{told}"):
        begins = words if len(words) <= SAID_BACK else f"{words[:SAID_BACK]}…"
        chat.say(
            _(
                "记下了，作为{title}（{count} 字）：“{words}”",
                title=slot.title,
                count=characters(words),
                words=begins,
            ),
            buttons=[
                chat.answer_button(_("这是自我鉴定"), moved.name, told),
                chat.revise_button(_("重写这一段"), slot),
            ],
        )
    return words


def digest(words: str) -> str:
    return sha256(words.encode()).hexdigest()[:16]


def explanation(key: str, course: ExamCourse, old: str, length: Explanation) -> Slot[str]:
    least, most = length.least, length.most
    slot = text(
        f"gap.{key}",
        _(
            "“{course}”没有合格成绩。如果确实符合条件，请如实说明（{least} 到 {most} 字）；如有不实，后果自负（E6）。",
            course=course_words(course),
            least=least,
            most=most,
        ),
        title=_("{course}的说明", course=course_words(course)),
        at_most=most,
        suggestions=(plain(old),) if old else (),
        verbatim=True,
    )

    def parse(stored: str) -> str:
        words = slot.parse(stored)
        if len(words) < least:
            raise Invalid(_("请写得具体一些，至少 {least} 字。", least=least))
        return words

    return replace(slot, parse=parse)
