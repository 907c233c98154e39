"""Money that comes in while its buyer is talking: neither waits for the other for ever."""

from sqlalchemy import text

from backend import accounts
from bot import announce, rows
from tests.payments.scene import Scene


def test_an_event_reaches_a_conversation_whose_turn_is_under_way(scene: Scene) -> None:
    """A turn holds its conversation and may want the ledger's lock next; whoever holds that lock puts an
    event into the conversation before it lets go."""
    if scene.office.database.dialect == "sqlite":
        return  # which has one writer at a time
    with scene.office.work() as work:
        conversation = accounts.conversation_of(work, scene.buyer)
    with scene.office.database.write() as turn:
        rows.lock(turn.connection(), conversation)
        with scene.office.work() as work:
            work.session.execute(text("SET LOCAL lock_timeout = '2s'"))
            announce.put(work, conversation, "notice", {}, lambda _: None)
    with scene.office.read() as work:
        waiting = work.session.execute(text("SELECT kind FROM inbound")).scalars().all()
    assert waiting == ["notice"]


def test_two_turns_of_a_conversation_still_wait_for_each_other(scene: Scene) -> None:
    if scene.office.database.dialect == "sqlite":
        return
    with scene.office.work() as work:
        conversation = accounts.conversation_of(work, scene.buyer)
    with scene.office.database.write() as turn:
        rows.lock(turn.connection(), conversation)
        free = text("SELECT id FROM conversation WHERE id = :id FOR NO KEY UPDATE SKIP LOCKED")
        with scene.office.database.write() as other:
            assert other.execute(free, {"id": conversation}).all() == []
