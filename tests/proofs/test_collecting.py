"""Collecting proofs as people live through it: scripts with a dialog that asks for nothing else."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from backend import tasks
from backend.proofs import keeping
from backend.work import Work
from bot.play import Stage
from dialogs.catalog import DIALOGS
from dialogs.engine.chat import Chat
from dialogs.engine.dialog import Dialog
from dialogs.engine.words import lines, plain
from dialogs.proofs import collecting
from dialogs.proofs.collecting import Draft, Kind, Next, Terms
from tests.pictures import making

SCRIPTS = sorted((Path(__file__).parent / "conversations").glob("*.md"))
CET = (Kind("cet", "4"), Kind("cet", "6"))
SECOND = (Kind("registration_record"), Kind("authentication_report"))


def one_proof(chat: Chat, work: Work) -> None:
    """A proof of English, of which there are two."""
    draft = collecting.collect(chat, work, "english", CET, Terms("E5"))
    agree(chat, work, [draft])


def diploma(chat: Chat, work: Work) -> None:
    """A diploma with one of two papers beside it, and whatever else there is."""

    def coming(drafts: Sequence[Draft]) -> Next:
        given = {draft.type for draft in drafts}
        if "diploma" not in given:
            return Next((Kind("diploma"),))
        if not given & {kind.type for kind in SECOND}:
            missing = plain("毕业证书要和备案表或认证报告一起交（E5）。")
            return Next(SECOND, missing=missing)
        return Next(possible=(Kind("other"),))

    agree(chat, work, collecting.collect_several(chat, work, "course", coming, Terms("E5")))


def agree(chat: Chat, work: Work, drafts: Sequence[Draft]) -> None:
    rows = [row for draft in drafts for row in collecting.rows(draft)]
    consent = chat.confirm(
        plain("请核对。"),
        card=chat.card(plain("凭证"), *rows),
        facts=";".join(map(collecting.facts, drafts)),
        agree=plain("提交"),
    )
    assert consent.person_id == chat.person
    kept = [collecting.keep(work, draft, originals_days=180) for draft in drafts]
    found = [
        plain(f"{one.code} {one.severity}")
        for proof in kept
        for one in keeping.findings(work, proof.id, reviewer=True)
    ]
    chat.say(lines(plain(f"收下 {len(kept)} 份。"), *found))


TRIED = {
    "one_proof": Dialog(
        one_proof,
        plain("交凭证"),
        said=making.SAID["one_proof"],
        file=collecting.PICTURE,
        album=True,
    ),
    "diploma": Dialog(
        diploma, plain("交毕业证"), said=making.SAID["diploma"], file=collecting.PICTURE, album=True
    ),
}


@pytest.fixture(scope="session")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sent")
    for name, data in making.files().items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_people_are_led_through_their_proofs_as_the_script_says(
    path: Path, stage: Callable[..., Stage], sent: Path, request: pytest.FixtureRequest
) -> None:
    one = stage()
    one.files, one.dialogs = sent, DIALOGS | TRIED
    one.restart()
    played = one.play(path.read_text())
    if request.config.getoption("--rewrite"):
        path.write_text(played)
    assert played == path.read_text()


@pytest.fixture
def slow(
    stage: Callable[..., Stage], sent: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], str]:
    """Plays where reading never comes to an end."""
    monkeypatch.setitem(tasks.JOBS, "read_picture", lambda office, picture: None)
    one = stage()
    one.files, one.dialogs = sent, DIALOGS | TRIED
    one.restart()
    one.play("人物 小林 = enrolled\n小林 > 交四六级\n小林 > 四级的\n小林 > 《四级.png》\n")
    return one.play


def test_whoever_does_not_want_to_wait_for_the_reader_types(slow: Callable[[str], str]) -> None:
    told = slow("小林 > 好了吗\n小林 > [不等识别，自己填]\n小林 > 这些就够了\n")
    assert "还在识别" in told
    assert told.endswith("小林 < 大学英语四级上的证书编号是多少？\n")


def test_nobody_is_left_waiting_when_the_reader_hangs(slow: Callable[[str], str]) -> None:
    told = slow("时间 2026-03-02 09:05\n小林 > 这些就够了\n")
    assert told.endswith("小林 < 大学英语四级上的证书编号是多少？\n")
