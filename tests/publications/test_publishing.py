"""A published document answers from its day on, what was filed keeps its own, and a mistake is undone."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from backend import files, tasks
from backend.authority import Role
from backend.blobs import NewFile
from backend.clauses import shelf
from backend.clauses.library import Library, shipped
from backend.errors import NotAllowed, Refused
from backend.models import AuditEntry, Blob, DocumentDraft, PublishedDocument
from backend.policy import store
from backend.publications import drafts, publishing
from backend.publications.heading import heading
from backend.publications.offices import SHIPPED, contact
from backend.publications.publishing import Content, Facts
from backend.publications.splitting import first_sentence, split
from backend.work import Work
from tests.backend.scene import Scene
from tests.publications.making import NOTICE

TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)
OLD = "transcript-2020"


def sent(scene: Scene, person: int, text: str = NOTICE, name: str = "通知.txt") -> str:
    """A file of this person's that has been read."""
    (blob,) = files.written(scene.office, [NewFile(text.encode(), person, name, "text/plain")])
    with scene.office.work(person) as work:
        drafts.ask(work, blob)
    drafts.read(scene.office, blob)
    return blob


def contents(text: str = NOTICE) -> list[Content]:
    return [
        Content(one.quotes, one.subject, first_sentence(one.words), (one.words,))
        for one in split(text, heading(text))
    ]


def publish(
    scene: Scene,
    person: int,
    *,
    begins: date = TODAY,
    replaces: Iterable[str] = (),
    text: str = NOTICE,
) -> str:
    blob = sent(scene, person, text)
    with scene.office.work(person) as work:
        facts = Facts("关于收费的通知", "", "教务部", TODAY, begins, tuple(replaces))
        draft = work.session.get_one(DocumentDraft, blob)
        done = publishing.publish(work, draft, facts, contents(text), scene.agreed(person))
        return done.number


def publish_draft(scene: Scene, blob: str, clauses: list[Content]) -> None:
    with scene.office.work(scene.affairs) as work:
        draft = work.session.get_one(DocumentDraft, blob)
        facts = Facts("通知", "", "教务部", TODAY, TODAY)
        publishing.publish(work, draft, facts, clauses, scene.agreed(scene.affairs))


def withdraw(scene: Scene, person: int, number: str) -> None:
    with scene.office.work(person) as work:
        publishing.withdraw(work, number, "发错了", scene.agreed(person))


def library(scene: Scene, at: datetime | None = None) -> Library:
    with scene.office.read() as work:
        return shelf.in_force(work, at=at)


def published(scene: Scene, at: datetime | None = None) -> list[str]:
    return [one.title for one in library(scene, at).documents if one.id.startswith("N")]


def later(scene: Scene, **time: int) -> None:
    scene.clock.set(scene.clock.now() + timedelta(**time))


def test_it_answers_from_its_day_on_and_not_before(scene: Scene) -> None:
    publish(scene, scene.affairs, begins=TOMORROW, replaces=[OLD])
    assert published(scene) == []
    assert library(scene)["T2.fee"].superseded_by is None
    scene.clock.set(datetime(2026, 3, 2, 16, 1, tzinfo=UTC))  # after midnight in Shanghai
    assert published(scene) == ["《关于收费的通知》"]
    by = library(scene)["T2.fee"].superseded_by
    assert by is not None
    assert by.title == "《关于收费的通知》"
    assert "T2.fee" not in library(scene).standing.entries
    assert "T2.fee" in library(scene).history.entries


def test_midnight_alone_makes_nobody_wait_until_all_clauses_are_laid_out_anew(
    scene: Scene,
) -> None:
    publish(scene, scene.affairs, begins=TODAY + timedelta(days=1))
    today = library(scene)
    assert library(scene, scene.clock.now() + timedelta(days=1)) is not today
    tomorrow = library(scene, scene.clock.now() + timedelta(days=1))
    assert library(scene, scene.clock.now() + timedelta(days=2)) is tomorrow
    assert library(scene) is today


def test_its_words_are_quoted_where_they_stand(scene: Scene) -> None:
    publish(scene, scene.affairs)
    (document,) = [one for one in library(scene).documents if one.id.startswith("N")]
    assert len(document.clauses) == 6
    for clause in document.clauses:
        for quote in document.quoted(clause):
            assert "".join(NOTICE[quote.offset : quote.end].split()) == "".join(quote.text.split())


@pytest.mark.parametrize("after", [timedelta(days=3), timedelta(hours=7)])
def test_what_was_filed_before_it_was_published_keeps_its_terms(
    scene: Scene, after: timedelta
) -> None:
    filed = scene.clock.now()
    scene.clock.set(filed + after)  # the same day, or when the day it begins is past
    publish(scene, scene.affairs, begins=TODAY, replaces=[OLD])
    assert published(scene) == ["《关于收费的通知》"]
    assert published(scene, at=filed) == []
    assert library(scene, at=filed)["T2.fee"].superseded_by is None


def test_what_was_filed_before_a_withdrawal_keeps_the_document_it_was_filed_by(
    scene: Scene,
) -> None:
    number = publish(scene, scene.affairs, replaces=[OLD])
    later(scene, hours=1)
    filed = scene.clock.now()
    later(scene, hours=1)
    withdraw(scene, scene.affairs, number)
    later(scene, hours=1)
    assert published(scene) == []
    assert published(scene, at=filed) == ["《关于收费的通知》"]
    assert "T2.fee" not in library(scene, at=filed).standing.entries


def test_withdrawn_it_counts_no_more_and_what_it_replaced_stands_again(scene: Scene) -> None:
    number = publish(scene, scene.affairs, replaces=[OLD])
    assert "T2.fee" not in library(scene).standing.entries
    later(scene, hours=1)
    withdraw(scene, scene.affairs, number)
    assert published(scene) == []
    assert "T2.fee" in library(scene).standing.entries
    with pytest.raises(Refused, match="withdrawn_already"):
        withdraw(scene, scene.affairs, number)
    later(scene, hours=1)
    assert publish(scene, scene.affairs) != number  # and may be published anew


def test_the_same_document_is_published_once_whatever_its_file_is_called(scene: Scene) -> None:
    publish(scene, scene.affairs)
    later(scene, minutes=1)
    with pytest.raises(Refused, match="published_already"):
        publish(scene, scene.affairs, text=NOTICE.replace("\n", "\n\n"))
    assert published(scene) == ["《关于收费的通知》"]


def test_only_staff_who_publish_may_and_others_only_their_own(scene: Scene) -> None:
    for nobody in (scene.student("S1"), scene.officer("O1"), scene.staff("F1", Role.FINANCE)):
        with pytest.raises(NotAllowed):
            sent(scene, nobody)
        with pytest.raises(NotAllowed):
            publish_anothers(scene, nobody)
    exam = scene.staff("E1", Role.EXAM_OFFICE)
    with pytest.raises(Refused, match="not_replaceable"):
        publish(scene, exam, replaces=[OLD])
    number = publish(scene, exam, replaces=["exam-manual"])
    students = scene.staff("B1", Role.STUDENT_AFFAIRS)
    with pytest.raises(NotAllowed):
        withdraw(scene, students, number)
    with scene.office.read(students) as work:
        assert publishing.standing(work) == []
        mine = {one.id for one in publishing.replaceable(work, TODAY)}
    assert mine == {"registration-2022", "photo-2024"}
    withdraw(scene, scene.affairs, number)


def test_every_document_has_an_office_that_may_replace_it_and_can_be_reached(scene: Scene) -> None:
    assert set(SHIPPED) == {one.id for one in shipped()}
    with scene.office.read() as work:
        reached = store.offices(work).offices
    assert all(contact(one) in reached for one in SHIPPED)


def publish_anothers(scene: Scene, person: int) -> None:
    blob = sent(scene, scene.affairs)
    with scene.office.work(person) as work:
        draft = work.session.get_one(DocumentDraft, blob)
        facts = Facts("通知", "", "教务部", TODAY, TODAY)
        publishing.publish(work, draft, facts, contents(), scene.agreed(person))


@pytest.mark.parametrize(
    ("clauses", "why"),
    [
        ([], "nothing_to_publish"),
        ([Content(("这里没有写的话。",), "", "没有", ("没有",))], "not in"),
    ],
)
def test_nothing_is_published_without_a_clause_or_with_words_it_does_not_say(
    scene: Scene, clauses: list[Content], why: str
) -> None:
    blob = sent(scene, scene.affairs)
    with pytest.raises((Refused, ValueError), match=why):
        publish_draft(scene, blob, clauses)
    assert published(scene) == []


def test_a_later_one_takes_the_place_of_a_published_one(scene: Scene) -> None:
    first = publish(scene, scene.affairs, replaces=[OLD])
    later(scene, minutes=1)
    with scene.office.read(scene.affairs) as work:
        choices = {one.id for one in publishing.replaceable(work, TODAY)}
        code = work.session.scalars(
            select(PublishedDocument.code).where(PublishedDocument.number == first)
        ).one()
    assert code in choices
    assert OLD not in choices  # its place has been taken
    publish(scene, scene.affairs, replaces=[code], text=NOTICE.replace("8元", "9元"))
    standing = library(scene).standing.entries.values()
    facts = [one.clause.fact for one in standing if one.document.id.startswith("N")]
    assert any("9元" in fact for fact in facts)
    assert not any("8元" in fact for fact in facts)


def test_withdrawing_what_was_replaced_itself_brings_no_older_rule_back(scene: Scene) -> None:
    first = publish(scene, scene.affairs, replaces=[OLD])
    later(scene, minutes=1)
    nine = NOTICE.replace("8元", "9元")
    second = publish(scene, scene.affairs, replaces=[code_of(scene, first)], text=nine)
    later(scene, minutes=1)
    assert again(scene, first) == (True, [])
    withdraw(scene, scene.affairs, first)
    assert "T2.fee" not in library(scene).standing.entries
    by = library(scene)["T2.fee"].superseded_by
    assert by is not None
    assert by.id == code_of(scene, second)
    with scene.office.read(scene.affairs) as work:
        assert OLD not in {one.id for one in publishing.replaceable(work, TODAY)}
    later(scene, minutes=1)
    assert again(scene, second) == (False, [OLD])  # nothing is left in its place
    withdraw(scene, scene.affairs, second)
    assert "T2.fee" in library(scene).standing.entries


def test_until_the_later_one_begins_withdrawing_brings_the_older_rule_back(scene: Scene) -> None:
    first = publish(scene, scene.affairs, replaces=[OLD])
    later(scene, minutes=1)
    nine = NOTICE.replace("8元", "9元")
    publish(scene, scene.affairs, begins=TOMORROW, replaces=[code_of(scene, first)], text=nine)
    later(scene, minutes=1)
    assert again(scene, first) == (False, [OLD])
    withdraw(scene, scene.affairs, first)
    assert "T2.fee" in library(scene).standing.entries
    later(scene, days=1)
    assert "T2.fee" not in library(scene).standing.entries


def code_of(scene: Scene, number: str) -> str:
    with scene.office.read() as work:
        row = publishing.find(work, number)
        assert row is not None
        return row.code


def again(scene: Scene, number: str) -> tuple[bool, list[str]]:
    """Whether it is history already, and what counts again without it."""
    with scene.office.read() as work:
        row = publishing.find(work, number)
        assert row is not None
        after = publishing.outlook(work, row)
        return after.history, [one.id for one in after.again]


def test_another_process_knows_at_once_and_an_ordinary_question_reads_one_row(scene: Scene) -> None:
    publish(scene, scene.affairs)
    later(scene, minutes=1)
    library(scene)
    statements: list[str] = []

    def heard(_c: object, _cur: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = scene.office.database._reader
    event.listen(engine, "before_cursor_execute", heard)
    try:
        assert published(scene) == ["《关于收费的通知》"]
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    assert len([one for one in statements if "published_document" in one]) == 1
    assert not any("published_document.text" in one for one in statements)
    scene.office.policies = {}  # another process has its own
    assert published(scene) == ["《关于收费的通知》"]


def test_what_is_undone_with_its_transaction_is_not_remembered(scene: Scene) -> None:
    def dying(work: Work) -> None:
        assert len(shelf.in_force(work).documents) == 6
        raise RuntimeError("the power goes")

    blob = sent(scene, scene.affairs)
    announce, scene.office.announce = scene.office.announce, dying
    with pytest.raises(RuntimeError):
        publish_draft(scene, blob, contents())
    scene.office.announce = announce
    assert published(scene) == []


def test_who_published_and_withdrew_is_on_record_with_the_file(scene: Scene) -> None:
    number = publish(scene, scene.affairs)
    later(scene, days=200)
    tasks.housekeeping(scene.office)
    with scene.office.read() as work:
        row = publishing.find(work, number)
        assert row is not None
        assert (row.published_by, row.office) == (scene.affairs, Role.ACADEMIC_AFFAIRS)
        blob = work.session.get_one(Blob, row.blob_id)
        assert blob.deleted_at is None
        assert scene.blobs.get(blob.key).decode() == NOTICE
    withdraw(scene, scene.affairs, number)
    with scene.office.read() as work:
        steps = work.session.execute(
            select(AuditEntry.event, AuditEntry.actor_id, AuditEntry.why)
            .where(AuditEntry.subject == f"document:{number}")
            .order_by(AuditEntry.id)
        ).all()
    assert [step.event for step in steps] == ["publish", "withdraw"]
    assert {step.actor_id for step in steps} == {scene.affairs}
    assert steps[1].why == "发错了"


def test_what_nobody_publishes_is_forgotten_with_its_file(scene: Scene) -> None:
    blob = sent(scene, scene.affairs)
    later(scene, days=29)
    tasks.housekeeping(scene.office)
    with scene.office.read() as work:
        assert work.session.get(DocumentDraft, blob) is not None
    later(scene, days=2)
    tasks.housekeeping(scene.office)
    with scene.office.read() as work:
        assert work.session.get(DocumentDraft, blob) is None
        assert work.session.get_one(Blob, blob).deleted_at is not None
    with pytest.raises(Refused, match="file_gone"), scene.office.work(scene.affairs) as work:
        drafts.ask(work, blob)


def test_anothers_file_is_not_read_for_somebody(scene: Scene) -> None:
    other = scene.staff("A2", Role.ACADEMIC_AFFAIRS)
    blob = sent(scene, other)
    with pytest.raises(NotAllowed), scene.office.work(scene.affairs) as work:
        drafts.ask(work, blob)
    (foreign,) = files.written(
        scene.office, [NewFile(b"x", scene.student(), "x.txt", "text/plain")]
    )
    with pytest.raises(Refused, match="file_gone"), scene.office.work(scene.affairs) as work:
        drafts.ask(work, foreign)


def test_a_file_that_is_published_already_cannot_become_a_draft_that_expires(scene: Scene) -> None:
    number = publish(scene, scene.affairs)
    with scene.office.read() as work:
        row = publishing.find(work, number)
        assert row is not None
        blob = row.blob_id
    with pytest.raises(Refused, match="file_gone"), scene.office.work(scene.affairs) as work:
        drafts.ask(work, blob)


def test_what_was_read_is_kept_so_that_no_turn_reads_the_file_again(scene: Scene) -> None:
    blob = sent(scene, scene.affairs)
    with scene.office.read(scene.affairs) as work:
        head, parts = drafts.found(work.session.get_one(DocumentDraft, blob))
    assert head == heading(NOTICE)
    assert list(parts) == split(NOTICE, head)


def test_reading_twice_comes_to_the_same(scene: Scene) -> None:
    blob = sent(scene, scene.affairs)
    drafts.read(scene.office, blob)
    assert scene.told("job.done") == [drafts.key(blob)]
