"""Rules as dated data: published by academic affairs, never backwards, and kept by what was filed."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from backend import credentials, orders, previews, transcripts
from backend.authority import Role
from backend.clock import SHANGHAI, local_date
from backend.database import Database
from backend.documents.facts import Coverage, Gpa, Language
from backend.errors import NotAllowed, Refused
from backend.models import ConsentRecord
from backend.policy import notices, store
from backend.policy.credential import CREDENTIAL, CredentialPolicy
from backend.policy.entries import NotSet
from backend.policy.transcript import TranscriptPolicy
from backend.registry import units
from tests.backend.scene import Scene

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def version(scene: Scene, on: date | None = None) -> int:
    with scene.office.read() as work:
        return store.version_in_force(work, "transcript", on)


def publish(scene: Scene, actor: int, valid_from: date, **changed: Any) -> int:
    with scene.office.work(actor) as work:
        policy = store.transcript(work).model_copy(update=changed)
        return store.publish(
            work, "transcript", policy, valid_from, scene.agreed(actor), "涨价通知"
        )


def test_a_version_is_in_force_from_its_day_on(scene: Scene) -> None:
    later = publish(scene, scene.affairs, TODAY + 7 * DAY, price_fen=900)
    assert version(scene) == version(scene, TODAY + 6 * DAY) == 1
    assert version(scene, TODAY + 7 * DAY) == later == 2
    with scene.office.read() as work:
        assert store.later_versions(work, "transcript", TODAY) == [TODAY + 7 * DAY]
        assert store.later_versions(work, "transcript", TODAY + 7 * DAY) == []
        assert store.transcript(work).price_fen == 500
    midnight = datetime(2026, 3, 9, 0, 0, tzinfo=SHANGHAI)
    scene.clock.set(midnight - timedelta(seconds=1))
    assert version(scene) == 1
    scene.clock.set(midnight)
    assert version(scene) == 2


def test_of_two_with_the_same_day_the_one_published_later_counts(scene: Scene) -> None:
    publish(scene, scene.affairs, TODAY, price_fen=900)
    publish(scene, scene.affairs, TODAY, price_fen=800)
    with scene.office.read() as work:
        assert store.transcript(work).price_fen == 800


def test_a_version_published_early_for_later_does_not_hide_the_one_for_sooner(
    scene: Scene,
) -> None:
    publish(scene, scene.affairs, TODAY + 30 * DAY, price_fen=900)
    sooner = publish(scene, scene.affairs, TODAY + 7 * DAY, price_fen=800)
    assert version(scene, TODAY + 10 * DAY) == sooner
    assert version(scene, TODAY + 30 * DAY) == 2


def test_before_the_first_version_the_service_is_closed(scene: Scene) -> None:
    assert version(scene, notices.IN_FORCE) == 1
    with pytest.raises(Refused) as refused:
        version(scene, notices.IN_FORCE - DAY)
    assert (refused.value.code, refused.value.facts) == (
        "service_closed",
        {"office": "academic_affairs"},
    )


def test_only_academic_affairs_publish(scene: Scene) -> None:
    others = [
        scene.student(),
        scene.officer(),
        scene.staff("F1", Role.FINANCE),
        scene.staff("M1", Role.ADMINISTRATOR),
    ]
    for actor in others:
        with pytest.raises(NotAllowed):
            publish(scene, actor, TODAY, price_fen=0)
    assert version(scene, date(2100, 1, 1)) == 1


def test_nobody_changes_the_past(scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        publish(scene, scene.affairs, TODAY - DAY, price_fen=900)
    assert refused.value.code == "policy_in_the_past"
    scene.clock.set(datetime(2026, 3, 3, 0, 30, tzinfo=SHANGHAI))  # still the second in UTC
    with pytest.raises(Refused):
        publish(scene, scene.affairs, TODAY, price_fen=900)
    assert version(scene, date(2100, 1, 1)) == 1


def test_a_publication_is_recorded_with_who_when_and_the_words_agreed_to(scene: Scene) -> None:
    publish(scene, scene.affairs, TODAY, price_fen=900)
    (entry,) = scene.audit("policy:transcript")
    assert (entry.actor_id, entry.event, entry.from_state, entry.to_state, entry.why) == (
        scene.affairs,
        "publish",
        "1",
        "2",
        "涨价通知",
    )
    with scene.office.read() as work:
        (kept,) = work.session.query(ConsentRecord).all()
        assert (kept.person_id, kept.words) == (scene.affairs, "确认")


def test_what_was_filed_keeps_its_terms_to_the_last_and_costs_what_it_costs_when_ordered(
    scene: Scene,
) -> None:
    scene.clock.set(datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI))
    student = scene.graduate()
    scene.issued(student)
    number = scene.file(student)
    publish(scene, scene.affairs, TODAY + DAY, price_fen=900, download_months=2)
    scene.pass_time(3 * DAY)
    assert scene.application(number).policy_version == 1
    order = scene.order(scene.confirm(number))
    assert order.total_fen == 900
    scene.settle(order.number)
    scene.direct.run_all(scene.office)
    with scene.office.read(student) as work:
        case = transcripts.own(work, number)
        credential, _ = credentials.downloadable(work, case)
        assert local_date(credential.download_until) == date(2026, 4, 5)  # one month
    newer = scene.application(scene.file(student))
    assert newer.policy_version == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"price_fen": -1},
        {"price_fen": 1_000_000},
        {"free_copies": -1},
        {"download_months": 0},
        {"combined_from": 1900},
        {"remind_after_days": 0},
        {"order_hours": 0},
        {"unheard_of": 1},
    ],
)
def test_a_policy_that_makes_no_sense_cannot_be_written(wrong: dict[str, Any]) -> None:
    good = notices.TRANSCRIPT | notices.TRANSCRIPT_DEMO
    TranscriptPolicy.model_validate(good)
    with pytest.raises(ValidationError):
        TranscriptPolicy.model_validate(good | wrong)


def test_a_version_published_when_there_was_an_entry_more_still_counts(scene: Scene) -> None:
    earlier = scene.set_policy("transcript", TODAY, verify_by_qr=True, price_fen=600)
    with scene.office.read() as work:
        assert store.transcript(work, earlier).price_fen == 600
        assert "verify_by_qr" not in store.transcript(work).model_dump()


def rules_of(entry: str) -> object:
    extra = TranscriptPolicy.model_fields[entry].json_schema_extra
    return extra.get("rule") if isinstance(extra, dict) else None


def test_every_entry_the_notice_gives_cites_its_clause(subtests: pytest.Subtests) -> None:
    for entry in notices.TRANSCRIPT:
        with subtests.test(entry=entry):
            assert rules_of(entry)
    assert not any(map(rules_of, notices.TRANSCRIPT_DEMO))


def test_demo_values_say_that_they_are(scene: Scene) -> None:
    with scene.office.read() as work:
        assert set(store.transcript(work).demo) == set(notices.TRANSCRIPT_DEMO) - {"demo"}
        assert store.calendar(work).demo == ("holidays",)


@pytest.fixture
def undecided(database: Database, tmp_path: Path) -> Scene:
    """A real installation on its first day: nobody has set what the notice does not give."""
    return Scene(database, tmp_path, demo=False)


def test_until_a_gpa_formula_is_set_there_is_no_gpa(undecided: Scene) -> None:
    student = undecided.student()
    for language in Language:
        with undecided.office.work(student) as work, pytest.raises(NotSet) as refused:
            undecided.facts(work, student, language, Gpa.WITH, Coverage.COMBINED)
        assert (refused.value.code, refused.value.rule) == ("policy_not_set", "T2")
        assert refused.value.facts == {"entry": "gpa", "office": "academic_affairs"}
    undecided.file(student)  # without GPA all is well


def test_until_it_is_set_how_long_an_order_stands_nothing_is_ordered(undecided: Scene) -> None:
    student = undecided.graduate()
    number = undecided.file(student)
    with undecided.unchanged(number), pytest.raises(NotSet) as refused:
        undecided.confirm(number)
    assert refused.value.rule == "T6"
    assert refused.value.facts == {"entry": "order_hours", "office": "academic_affairs"}
    with undecided.office.read() as work:
        assert orders.of_person(work, student) == []
    assert undecided.free_copies(student) == []


def test_a_new_unit_name_counts_from_its_day_and_the_old_one_before(scene: Scene) -> None:
    first = TODAY + 7 * DAY
    with scene.office.work(scene.affairs) as work:
        units.publish(
            work, "80001", "物理学院", "School of Physics", first, scene.agreed(scene.affairs)
        )
    with scene.office.read() as work:
        assert units.name(work, scene.physics) == ("物理研究所", "Institute of Physics")
        assert units.name(work, scene.physics, first - DAY)[0] == "物理研究所"
        assert units.name(work, scene.physics, first) == ("物理学院", "School of Physics")
    (entry,) = scene.audit("unit:80001")
    assert (entry.actor_id, entry.to_state) == (scene.affairs, first.isoformat())
    student = scene.student()
    number = scene.file(student)
    scene.pass_time(7 * DAY)
    with scene.office.work() as work:
        case = transcripts.find(work, number)
        assert case is not None
        kept = previews.facts_of(work, transcripts.request_of(work, case).snapshot)
        assert kept.unit_zh == "物理研究所"
        assert scene.facts(work, student).unit_zh == "物理学院"


def test_a_new_unit_is_there_at_once_and_named_from_its_first_day(scene: Scene) -> None:
    first = TODAY + 7 * DAY
    with scene.office.work(scene.affairs) as work:
        made = units.publish(
            work, "80003", "化学所", "Chemistry", first, scene.agreed(scene.affairs)
        )
        again = units.publish(
            work, "80003", "化学研究所", "Chemistry", first, scene.agreed(scene.affairs)
        )
        assert made.id == again.id
        assert units.name(work, made.id) == ("化学研究所", "Chemistry"), "corrected in time"


def test_units_are_published_by_academic_affairs_and_never_backwards(scene: Scene) -> None:
    for actor in (scene.officer(), scene.student()):
        with scene.office.work(actor) as work, pytest.raises(NotAllowed):
            units.publish(work, "80001", "我们", "Us", TODAY, scene.agreed(actor))
    with scene.office.work(scene.affairs) as work:
        with pytest.raises(Refused) as refused:
            units.publish(work, "80001", "旧", "Old", TODAY - DAY, scene.agreed(scene.affairs))
        assert refused.value.code == "policy_in_the_past"
        assert units.name(work, scene.physics)[0] == "物理研究所"


@pytest.mark.parametrize(
    "changed",
    [
        {"share_months_first": 4, "share_months_most": 3},
        {"share_months_most": 7},
        {"share_pin_digits": 4},
        {"expiry_warn_days": []},
        {"expiry_warn_days": [0]},
        {"scale_note_zh": "A 为 90 分以上"},
        {"scale_note_en": "A is 90 or more"},
    ],
    ids=str,
)
def test_a_rule_on_sharing_that_cannot_be_kept_is_not_published(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CredentialPolicy.model_validate(CREDENTIAL | changed)


def test_warnings_of_a_certificate_come_once_for_each_number_of_days_the_longest_first() -> None:
    policy = CredentialPolicy.model_validate(CREDENTIAL | {"expiry_warn_days": [7, 30, 7]})
    assert policy.expiry_warn_days == (30, 7)


def test_every_institution_has_rules_on_sharing_from_the_first_day(scene: Scene) -> None:
    with scene.office.read() as work:
        assert store.credential(work) == CredentialPolicy.model_validate(CREDENTIAL)
        assert store.credential(work, 1).demo == ()


def test_what_letters_mean_is_printed_from_its_day_on(scene: Scene) -> None:
    """And what was shown to a student before stays what was shown."""
    student, other = scene.student("S7"), scene.student("S8")
    scene.grade(student, "PH9", "A-")
    note = {"scale_note_zh": "A 为 90 分以上。", "scale_note_en": "A is 90 or more."}
    with scene.office.work() as work:
        before, figures = scene.facts(work, student), scene.facts(work, other)
    with scene.office.work(scene.affairs) as work:
        policy = store.credential(work).model_copy(update=note)
        day = TODAY + 7 * DAY
        store.publish(work, "credential", policy, day, scene.agreed(scene.affairs), "")
    with scene.office.work() as work:
        assert scene.facts(work, student).digest == before.digest
    scene.pass_time(timedelta(days=8))
    with scene.office.work() as work:
        after = scene.facts(work, student)
        unchanged = scene.facts(work, other)
    assert (after.scale_note_zh, after.scale_note_en) == tuple(note.values())
    assert unchanged.digest == figures.digest, "a transcript without letters needs no new preview"
    assert after.digest != before.digest
