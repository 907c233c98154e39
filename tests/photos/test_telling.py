"""No notice ever carries a code: it is shown to whoever presses the button, and is them (P2)."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from backend.models import AuditEntry, Blob, Outbound
from backend.photos.codes_provider import Code, CodesUnreachable
from backend.registry.demo import CASES
from backend.registry.demo.photos import code
from bot.play import Stage

SCRIPTS = Path(__file__).parents[1] / "conversations"


def test_reminders_and_moves_show_no_picture_and_no_code(stage: Callable[..., Stage]) -> None:
    here = stage()
    script = (SCRIPTS / "photo_reminders.md").read_text()
    told = script.split("小林 > [看采集码]")[0]
    here.play(told)
    here.play("人物 学生处 = S00401\n学生处 > 《拍摄安排.csv》\n学生处 > [发布]")
    with here.assistant.office.read() as work:
        messages = [row.body for row in work.session.scalars(select(Outbound))]
        drawn = work.session.scalars(select(Blob).where(Blob.name == "photo-code.png")).all()
    assert any("明天拍毕业照" in body["text"] for body in messages)
    assert all(not body["pictures"] for body in messages)
    assert drawn == []


def test_no_payload_stands_in_a_message_or_in_the_record(stage: Callable[..., Stage]) -> None:
    here = stage()
    here.play((SCRIPTS / "photo_moved.md").read_text())
    with here.assistant.office.read() as work:
        said = repr([row.body for row in work.session.scalars(select(Outbound))])
        noted = repr([(row.subject, row.why) for row in work.session.scalars(select(AuditEntry))])
    for case in ("enrolled_master", "officer_and_student"):
        assert code(CASES[case])[:20] not in said + noted
    assert "DEMO-NOT-CHSI" not in said + noted


def test_the_picture_of_a_code_is_private(stage: Callable[..., Stage]) -> None:
    here = stage()
    here.play("人物 小林 = enrolled\n小林 > 我的图像采集码")
    with here.assistant.office.read() as work:
        (blob,) = work.session.scalars(select(Blob).where(Blob.name == "photo-code.png"))
    assert blob.private
    assert blob.owner_id == here.people["小林"]
    assert blob.expires_at is not None


class Agency:
    """Has nobody's code, then one, then is down."""

    def __init__(self) -> None:
        self.answers: list[Code | Exception | None] = [
            CodesUnreachable(),
            None,
            Code("DEMO-NOT-CHSI-20221800000001"),
        ]

    def fetch(self, student_number: str) -> Code | None:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_student_without_a_code_can_have_it_asked_for_again(stage: Callable[..., Stage]) -> None:
    here = stage()
    here.assistant.office.codes = Agency()
    here.play(f"人物 小陈 = {CASES['officer_and_student']}\n小陈 > 我的图像采集码")
    down = here.play("小陈 > [再取一次]")
    assert "接口现在没有回应" in down
    assert "学校还没有收到您的采集码" in down
    here.play("时间 2026-03-02 09:05")
    assert "学校还没有收到您的采集码" in here.play("小陈 > [再取一次]")
    here.play("时间 2026-03-02 09:10")
    assert "这是您的图像采集码" in here.play("小陈 > [再取一次]")
