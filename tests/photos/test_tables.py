"""Lists sent in and made in the chat: what fails in the middle leaves nobody waiting, and no codes."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from backend import giving_up, tasks
from backend.blobs import NewFile
from backend.errors import Refused
from backend.files import written
from backend.models import Blob, PhotoTable
from backend.office import Office
from backend.photos import importing, missing_table
from tests.backend.scene import Scene
from tests.photos import season

CODES = "届,学号,图像采集码\n2026,20210001,ABCDEFGHIJ\n2026,20219999,ABCDEFGHIK\n"


def sent(scene: Scene, owner: int, text: str) -> str:
    (blob,) = written(scene.office, [NewFile(text.encode(), owner, "codes.csv", "text/csv")])
    with scene.office.work(owner) as work:
        importing.ask(work, blob)
    return blob


@pytest.fixture
def owner(scene: Scene) -> int:
    scene.student("20210001")
    season.draft(scene)
    return season.affairs(scene)


def failing(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """The store is away so many times."""
    left, real = iter(range(times)), importing.written

    def away(office: Office, files: list[NewFile]) -> Sequence[str]:
        if next(left, None) is not None:
            raise OSError("the store is away")
        return real(office, files)

    monkeypatch.setattr(importing, "written", away)


def test_a_list_of_codes_ends_and_its_report_comes_after_a_failure_in_the_middle(
    scene: Scene, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, 1)
    blob = sent(scene, owner, CODES)
    scene.direct.run_all(scene.office)
    with scene.office.read() as work:
        table, file = work.session.get_one(PhotoTable, blob), work.session.get_one(Blob, blob)
        assert table.done_at is not None
        assert (table.added, table.unchanged, table.refused) == (1, 0, 1)
        report = work.session.get_one(Blob, str(table.report_id))
        assert report.private
        assert file.private
        assert file.expires_at == work.now
    assert [event.subject for event in scene.events if event.name == "job.done"] == [
        importing.key(blob)
    ]


def test_a_list_of_codes_ends_also_where_it_was_given_up_or_not_understood(
    scene: Scene, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = sent(scene, owner, "学号,码\n20210001,ABCDEFGHIJ\n")
    scene.direct.run_all(scene.office)
    failing(monkeypatch, 1000)
    given_up = sent(scene, owner, CODES)
    scene.direct.run_all(scene.office)
    with scene.office.read() as work:
        assert [work.session.get_one(Blob, one).expires_at for one in (odd, given_up)] == [
            work.now,
            work.now,
        ]
    scene.clock.set(scene.clock.now() + importing.LOST + timedelta(minutes=1))
    with scene.office.work(owner) as work, pytest.raises(Refused, match="file_gone"):
        importing.ask(work, given_up)


def test_the_list_of_the_missing_is_made_again_once_its_file_has_ended(scene: Scene) -> None:
    officer = season.affairs(scene)
    with scene.office.work(officer) as work:
        moment = work.now
        assert missing_table.ask(work, moment) is None
    scene.direct.run_all(scene.office)
    with scene.office.work(officer) as work:
        assert missing_table.ask(work, moment) is not None
    scene.clock.set(scene.clock.now() + missing_table.KEPT + timedelta(minutes=1))
    tasks.sweep_files(scene.office)
    with scene.office.work(officer) as work:
        assert missing_table.ask(work, moment) is None
    scene.direct.run_all(scene.office)
    with scene.office.work(officer) as work:
        assert missing_table.ask(work, moment) is not None


def test_whoever_waits_for_the_list_of_the_missing_is_told_that_it_failed(scene: Scene) -> None:
    officer = season.affairs(scene)
    moment = scene.clock.now()
    payload = {"person": officer, "moment": moment.isoformat()}
    giving_up.give_up(scene.office, "export_photo_missing", payload)
    (done,) = (event for event in scene.events if event.name == "job.done")
    assert done.subject == missing_table.key(officer, moment)
    assert done.facts["ok"] is False
