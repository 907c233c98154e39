"""A paid document waits when somebody else does not answer: nothing less is made, nobody gives up."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend import issuing, tasks
from backend.documents.errors import NoEvidence, NotNow, TokenAway, Unstamped
from backend.jobs import ATTEMPTS
from backend.models import Credential
from tests.backend.scene import Scene


def paid(scene: Scene, student: str = "G1") -> str:
    number = scene.file(scene.graduate(student))
    scene.confirm(number)
    return number


@pytest.mark.parametrize(
    ("missing", "lacking"),
    [
        (Unstamped("away"), "stamp"),
        (NoEvidence("away"), "evidence"),
        (TokenAway("out"), "token"),
    ],
)
def test_it_waits_and_is_made_when_the_answer_comes(
    scene: Scene, missing: NotNow, lacking: str
) -> None:
    number = paid(scene)
    scene.press.failing = missing
    scene.direct.run_all(scene.office)
    assert scene.application(number).state == "paid"  # to the student it is being made
    assert scene.told("job.failed") == []
    (told,) = [event for event in scene.events if event.name == "signing.delayed"]
    assert (told.subject, told.facts["lacking"]) == (number, lacking)
    with scene.office.read() as work:
        assert work.session.scalars(select(Credential)).all() == []
    scene.press.failing = None
    scene.pass_time(tasks.LEFT_LYING + timedelta(minutes=1))
    tasks.housekeeping(scene.office)
    scene.direct.run_all(scene.office)
    assert scene.application(number).state == "issued"


def test_whoever_can_mend_it_is_told_twice_a_day_and_not_for_every_document(scene: Scene) -> None:
    scene.press.failing = Unstamped("away")
    paid(scene)
    paid(scene, "G2")
    scene.direct.run_all(scene.office)
    assert len(scene.told("signing.delayed")) == 1
    scene.pass_time(timedelta(hours=13))
    tasks.housekeeping(scene.office)
    scene.direct.run_all(scene.office)
    assert len(scene.told("signing.delayed")) == 2


def test_it_is_tried_as_often_as_any_job(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    paid(scene)
    tries = []

    def make(*_: object) -> None:
        tries.append(1)
        raise Unstamped("away")

    monkeypatch.setattr(issuing, "make", make)
    scene.direct.run_all(scene.office)
    assert len(tries) == ATTEMPTS


def test_what_is_wrong_with_the_document_itself_is_not_waited_for(scene: Scene) -> None:
    number = paid(scene)
    scene.press.failing = ValueError("no")
    scene.direct.run_all(scene.office)
    assert scene.application(number).state == "stuck"
    assert scene.told("signing.delayed") == []
