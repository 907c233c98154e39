"""What students are told of their shooting; never the code itself, only the button that shows it."""

from collections.abc import Callable

from backend.models import PhotoBatch
from backend.photos import attendance, batch_steering
from backend.photos.attendance import Standing
from backend.photos.reminders import until_of
from backend.policy import store
from backend.work import Event, Work
from dialogs import audiences
from dialogs.engine.chat import Chat
from dialogs.engine.words import _, lines
from dialogs.orders import reopening
from dialogs.photos import fee, refusals
from dialogs.photos.batch import batch_card, batch_files, following
from dialogs.photos.own import code_button, code_words, makeup_button, schedule_words, tell_turn
from dialogs.photos.words import dress_words, fee_words, say_makeup, turn_words

Audience = Callable[[Work, Event], list[int]]
Sentence = Callable[[Chat, Work, Event], None]


def the_student(work: Work, event: Event) -> list[int]:
    return [int(event.facts["person"])]


def whoever_sent(work: Work, event: Event) -> list[int]:
    batch = batch_steering.locked(work, event.subject)
    if batch.made_by is None or not batch_steering.may_steer(work, batch.made_by, batch):
        return []
    return [batch.made_by]


def remind_evening(chat: Chat, work: Work, event: Event) -> None:
    remind(chat, work, event, tomorrow=True)


def remind_hours(chat: Chat, work: Work, event: Event) -> None:
    remind(chat, work, event, tomorrow=False)


def remind(chat: Chat, work: Work, event: Event, *, tomorrow: bool) -> None:
    """As it stands when it reaches them: whoever has been photographed meanwhile is told nothing."""
    found = attendance.of_person(work, chat.person or 0)
    if found.standing not in (Standing.TO_COME, Standing.TODAY) or found.turn is None:
        return
    policy = store.photo(work)
    head = _("明天拍毕业照：") if tomorrow else _("今天拍毕业照，请准备出发：")
    chat.say(
        lines(
            head,
            turn_words(found.turn),
            _("着装：{dress}。", dress=dress_words(policy)),
            _("费用：{fee}。", fee=fee_words(policy)),
            _("采集码：{code}。", code=code_words(work, chat.person or 0)),
        ),
        buttons=[*code_button(chat, work), makeup_button(chat)],
        until=until_of(dict(event.facts)),
    )


def moved(chat: Chat, work: Work, event: Event) -> None:
    """Only whoever it concerns (P1)."""
    found = attendance.of_person(work, chat.person or 0)
    if found.standing is Standing.DONE:
        return
    if not found.turns:
        chat.say(
            _("您单位的毕业照拍摄安排取消了，新的安排还没有发布。"),
            buttons=[makeup_button(chat)],
        )
        return
    chat.say(
        lines(_("您的毕业照拍摄安排变了，现在是（P1）："), schedule_words(work, found)),
        buttons=[*code_button(chat, work), makeup_button(chat)],
        until=found.turns[-1].over_at,
    )


def remind_missing(chat: Chat, work: Work, event: Event) -> None:
    """Somebody of the unit reminds whoever has not been photographed."""
    found = attendance.of_person(work, chat.person or 0)
    card = attendance.makeup(work, chat.person or 0)
    if found.standing is Standing.DONE:
        return
    if found.standing in (Standing.TO_COME, Standing.TODAY):
        chat.say(_("所在单位提醒您：毕业照还没有拍。"))
        tell_turn(chat, work, found)
    elif card is not None:
        chat.say(_("所在单位提醒您：毕业照还没有拍。"))
        say_makeup(chat, work, found, card)


def batch_over(chat: Chat, work: Work, event: Event) -> None:
    batch = batch_steering.find(work, event.subject)
    if code := event.facts.get("code"):
        why = refusals.SENTENCES[str(code)](event.facts)
        chat.say(_("{name} 没有检查：{why}", name=batch.name, why=why))
        return
    chat.say(
        _("照片检查 {number} 完成了：通过 {passed} 张，不通过 {failed} 张。", **counts(batch))
        if batch.state == batch_steering.State.DONE
        else _("照片检查 {number} 没有做完；已经检查的都保留着，可以继续。", number=batch.number),
        card=batch_card(chat, work, batch),
        files=batch_files(chat, work, batch),
        buttons=following(chat, batch),
    )


def counts(batch: PhotoBatch) -> dict[str, object]:
    return {"number": batch.number, "passed": batch.passed, "failed": batch.failed}


NOTICES: dict[str, tuple[Audience, Sentence]] = {
    "photo.remind_evening": (the_student, remind_evening),
    "photo.remind_hours": (the_student, remind_hours),
    "photo.remind_missing": (the_student, remind_missing),
    "photo.moved": (the_student, moved),
    "photo_fee.order_expired": (audiences.the_applicant, reopening.expired),
    "photo_fee.pay": (audiences.the_applicant, fee.paid),
    "photo_fee.pay_late": (audiences.the_applicant, fee.paid),
    "photo_batch.finish": (whoever_sent, batch_over),
    "photo_batch.give_up": (whoever_sent, batch_over),
}
