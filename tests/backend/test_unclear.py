"""What was not understood is kept only as long, and only so, as its author agreed to."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, text

from backend import labels, unclear
from backend.authority import Role
from backend.consent import Consent
from backend.errors import AlreadyHandled, NotAllowed
from backend.models import Conversation, Inbound, Outbound, UnclearMessage
from backend.sealing import Sealer
from backend.tasks import housekeeping
from backend.unclear import Standing
from tests.backend.scene import Scene

RANKING = (("apply_transcript", 0.4), ("transcript_status", 0.3), ("ask_rule", 0.1))
SEALER = Sealer(b"a secret that is long enough for it!")


@pytest.fixture
def scene(scene: Scene) -> Scene:
    scene.office.sealer = SEALER
    return scene


def give(scene: Scene, person: int) -> int:
    with scene.office.work(person) as work:
        return unclear.give(work, Consent(person, "愿意吗？", "zh", "facts"))


def later(scene: Scene, time: timedelta) -> None:
    scene.clock.set(scene.clock.now() + time)


def keep(scene: Scene, person: int, words: str = "那个啥咋整呀") -> str:
    with scene.office.work(person) as work:
        return unclear.keep(work, person, words, RANKING)


def kept(scene: Scene) -> int:
    with scene.office.read() as work:
        return work.session.scalar(select(func.count()).select_from(UnclearMessage)) or 0


def look(scene: Scene, staff: int) -> labels.Unclear | None:
    with scene.office.work(staff) as work:
        return labels.next_one(work)


def label(scene: Scene, staff: int, number: str, intent: str = "ask_rule") -> None:
    with scene.office.work(staff) as work:
        labels.label(work, number, intent)


def test_nothing_is_kept_of_whoever_has_not_agreed(scene: Scene) -> None:
    student = scene.student()
    assert keep(scene, student) == ""
    with scene.office.work(student) as work:
        unclear.note_asked(work, student)
    assert keep(scene, student) == ""
    with scene.office.work(student) as work:
        unclear.decline(work)
    assert keep(scene, student) == ""
    assert kept(scene) == 0


def test_nobody_is_asked_twice(scene: Scene) -> None:
    student, other = scene.student(), scene.student("S2")
    with scene.office.work(student) as work:
        assert unclear.can_ask(work, student)
        unclear.note_asked(work, student)
        assert not unclear.can_ask(work, student)
        assert not unclear.can_ask(work, None)
        assert unclear.can_ask(work, other)
    with scene.office.work(other) as work:
        unclear.decline(work)
        assert unclear.standing(work, other) is Standing.DECLINED
        assert not unclear.can_ask(work, other)


def test_without_a_key_nothing_is_asked_and_nothing_kept(scene: Scene) -> None:
    student = scene.student()
    give(scene, student)
    scene.office.sealer = None
    assert keep(scene, student) == ""
    with scene.office.work(scene.student("S2")) as work:
        assert not unclear.can_ask(work, work.actor)


def test_neither_the_words_nor_whose_they_are_can_be_read_in_the_database(scene: Scene) -> None:
    student = scene.student()
    give(scene, student)
    number = keep(scene, student, "林小满的 13800138000 咋整呀")
    with scene.office.read() as work:
        row = work.session.execute(text("SELECT * FROM unclear_message")).mappings().one()
    assert row["number"] == number
    shown = str(dict(row))
    assert "咋整" not in shown
    assert "咋整".encode() not in bytes(row["sealed"])
    assert "person_id" not in row
    assert SEALER.open(bytes(row["sealed"])) == "〔姓名〕的 〔号码〕 咋整呀"
    with scene.office.read() as work:  # to the second it would tell which message of then it is
        (place,) = work.session.scalars(select(UnclearMessage.place))
    assert place == scene.clock.now().replace(hour=0, minute=0)
    held = {name: value for name, value in row.items() if name.endswith("_by")}
    assert set(held.values()) == {None}


def test_whoever_else_of_the_registry_is_named_is_not_kept_either(scene: Scene) -> None:
    scene.person("P9", "欧阳锋")
    student = scene.student()
    give(scene, student)
    keep(scene, student, "替欧阳锋弄那个啥")
    keep(scene, student, "thing for xiaoman lin please")
    found = []
    while (one := look(scene, scene.affairs)) is not None:
        found.append(one.words)
        label(scene, scene.affairs, one.number)
    assert found == ["替〔姓名〕弄那个啥", "thing for 〔姓名〕 please"]


def test_the_words_that_led_to_the_question_are_kept_once_it_is_answered_with_yes(
    scene: Scene,
) -> None:
    student = scene.student()
    with scene.office.work(student) as work:
        conversation = Conversation(
            institution_id="demo", person_id=student, language="zh", state={}, next_seq=9
        )
        work.session.add(conversation)
        work.session.flush()
        for seq, words in enumerate(("早先说的", "那个啥", "咋整呀"), 1):
            work.session.add(
                Inbound(
                    institution_id="demo",
                    conversation_id=conversation.id,
                    seq=seq,
                    kind="said",
                    body={"text": words},
                    parse={"ranking": [["ask_rule", 0.2]]},
                    received_at=work.now,
                    done_at=work.now,
                )
            )
        unclear.note_asked(work, student)
    later(scene, timedelta(minutes=1))
    with scene.office.work(student) as work:
        work.session.add(
            Inbound(
                institution_id="demo",
                conversation_id=1,
                seq=4,
                kind="said",
                body={"text": "后来说的"},
                received_at=work.now,
                done_at=work.now,
            )
        )
    assert give(scene, student) == 2
    first = look(scene, scene.affairs)
    assert first is not None
    assert (first.words, first.likely, first.left) == ("那个啥", ("ask_rule",), 2)


def test_an_old_question_answered_late_does_not_reach_back(scene: Scene) -> None:
    student = scene.student()
    with scene.office.work(student) as work:
        unclear.note_asked(work, student)
    later(scene, timedelta(days=2))
    assert give(scene, student) == 0


def test_withdrawing_erases_everything_of_this_person_and_of_nobody_else(scene: Scene) -> None:
    student, other = scene.student(), scene.student("S2")
    give(scene, student)
    give(scene, other)
    keep(scene, student, "那个啥咋整呀")
    keep(scene, student, "这玩意搁哪儿")
    keep(scene, other, "给俺整一个")
    first = look(scene, scene.affairs)
    assert first is not None
    label(scene, scene.affairs, first.number)
    with scene.office.work(student) as work:
        assert unclear.withdraw(work) == 2
        assert unclear.standing(work, student) is Standing.WITHDRAWN
        assert not unclear.can_ask(work, student)
        assert labels.labelled(work) == []
    assert kept(scene) == 1
    assert keep(scene, student) == ""


def test_it_is_erased_after_ninety_days_by_itself_and_from_the_prompts_of_staff_too(
    scene: Scene,
) -> None:
    student = scene.student()
    give(scene, student)
    number = keep(scene, student)
    with scene.office.work(scene.affairs) as work:
        conversation = Conversation(
            institution_id="demo", person_id=scene.affairs, language="zh", state={}, next_seq=9
        )
        work.session.add(conversation)
        work.session.flush()
        work.session.add(
            Outbound(
                institution_id="demo",
                conversation_id=conversation.id,
                seq=1,
                body={"text": "什么意思？", "card": {"title": "", "rows": [["原话", "咋整"]]}},
                actions=[{"dialog": "label_unclear"}],
                token="t",
                about=number,
                created_at=work.now,
            )
        )
    later(scene, unclear.KEPT - timedelta(days=1))
    housekeeping(scene.office)
    assert kept(scene) == 1
    later(scene, timedelta(days=1))
    assert look(scene, scene.affairs) is None
    housekeeping(scene.office)
    assert kept(scene) == 0
    with scene.office.read() as work:
        prompt = work.session.scalars(select(Outbound)).one()
        assert "咋整" not in str(prompt.body)
        assert prompt.actions == []


def test_the_same_words_wait_once_and_nobody_can_fill_the_queue(scene: Scene) -> None:
    student, other = scene.student(), scene.student("S2")
    give(scene, student)
    give(scene, other)
    assert keep(scene, student, "那个啥，咋整呀")
    assert keep(scene, other, "那个啥咋整呀！") == ""
    for place in range(unclear.MOST_OF_ONE + 5):
        keep(scene, student, "哈" * (place + 2))
    assert kept(scene) == unclear.MOST_OF_ONE
    assert keep(scene, other, "给俺整一个")


def test_only_those_who_may_label_see_anything(scene: Scene) -> None:
    student = scene.student()
    give(scene, student)
    number = keep(scene, student)
    for nobody in (student, scene.officer(), scene.staff("F1", Role.FINANCE)):
        with scene.office.work(nobody) as work:
            for act in (
                lambda work=work: labels.next_one(work),
                lambda work=work: labels.label(work, number, "ask_rule"),
                lambda work=work: labels.skip(work, number),
                lambda work=work: labels.undo(work),
            ):
                with pytest.raises(NotAllowed):
                    act()
    assert look(scene, scene.staff("X1", Role.ADMINISTRATOR)) is not None


def test_two_people_at_once_are_shown_different_ones(scene: Scene) -> None:
    student, other = scene.student(), scene.staff("A2", Role.ACADEMIC_AFFAIRS)
    give(scene, student)
    for words in ("那个啥咋整呀", "这玩意搁哪儿"):
        keep(scene, student, words)
    both = Barrier(2)

    def at_once(staff: int) -> str:
        both.wait()
        one = look(scene, staff)
        return one.number if one else ""

    with ThreadPoolExecutor(2) as pool:
        shown = list(pool.map(at_once, (scene.affairs, other)))
    assert len(set(shown)) == 2
    assert "" not in shown


def test_one_message_has_one_label_and_the_second_is_told_who_was_first(scene: Scene) -> None:
    student, other = scene.student(), scene.staff("A2", Role.ACADEMIC_AFFAIRS)
    give(scene, student)
    number = keep(scene, student)
    label(scene, scene.affairs, number)
    with pytest.raises(AlreadyHandled) as told:
        label(scene, other, number, "out_of_scope")
    assert told.value.facts["by"] == scene.affairs
    assert [(one.event, one.why) for one in scene.audit(number)] == [("label", "ask_rule")]
    with scene.office.read() as work:
        assert [one.intent for one in labels.labelled(work)] == ["ask_rule"]


def test_a_label_can_be_taken_back_and_what_nobody_understands_goes_within_the_hour(
    scene: Scene,
) -> None:
    student = scene.student()
    give(scene, student)
    number = keep(scene, student)
    label(scene, scene.affairs, number, unclear.DISCARDED)
    with scene.office.work(scene.affairs) as work:
        assert labels.undo(work)
        assert not labels.undo(work)
    assert look(scene, scene.affairs) is not None
    label(scene, scene.affairs, number, unclear.DISCARDED)
    with scene.office.read() as work:
        assert labels.labelled(work) == []
    later(scene, unclear.DISCARDED_KEPT)
    housekeeping(scene.office)
    assert kept(scene) == 0


def test_a_skipped_one_comes_again_after_the_others(scene: Scene) -> None:
    student = scene.student()
    give(scene, student)
    first, second = keep(scene, student, "那个啥咋整呀"), keep(scene, student, "这玩意搁哪儿")
    with scene.office.work(scene.affairs) as work:
        labels.skip(work, first)
    for expected in (second, first):
        one = look(scene, scene.affairs)
        assert one is not None
        assert one.number == expected
        label(scene, scene.affairs, one.number)


def test_what_its_author_chose_next_is_only_a_suggestion_and_only_theirs(scene: Scene) -> None:
    student, other = scene.student(), scene.student("S2")
    give(scene, student)
    keep(scene, student)
    for person, intent in ((other, "ask_rule"), (student, "greet"), (student, "transcript_status")):
        with scene.office.work(person) as work:
            unclear.suggest(work, person, intent)
    one = look(scene, scene.affairs)
    assert one is not None
    assert one.suggested == "transcript_status"
    assert one.likely == ("transcript_status", "apply_transcript", "ask_rule")
    with scene.office.read() as work:
        assert labels.labelled(work) == []
