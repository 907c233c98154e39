"""One person has one conversation, wherever they write from; and nobody reads another's."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from backend import accounts
from backend.models import ChatAccount, Conversation, Person
from tests.backend.scene import Scene


def conversation(scene: Scene, channel: str, address: str, person: int | None) -> int:
    with scene.office.work() as work:
        return accounts.account(work, channel, address, person).conversation_id


def count(scene: Scene, model: type) -> int:
    with scene.office.read() as work:
        return work.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_person_goes_on_on_another_channel_where_they_stopped(scene: Scene) -> None:
    student = scene.student()
    first = conversation(scene, "web", "browser-1", student)
    assert conversation(scene, "terminal", "tty-1", student) == first
    assert conversation(scene, "web", "browser-2", student) == first
    assert conversation(scene, "web", "browser-1", student) == first
    assert (count(scene, ChatAccount), count(scene, Conversation)) == (3, 1)


def test_two_people_never_share_a_conversation(scene: Scene) -> None:
    one, other = scene.student(), scene.student("S2")
    assert conversation(scene, "web", "b1", one) != conversation(scene, "web", "b2", other)


def test_strangers_have_a_conversation_each(scene: Scene) -> None:
    ids = {conversation(scene, "web", f"browser-{n}", None) for n in range(3)}
    assert len(ids) == 3
    assert conversation(scene, "web", "browser-0", None) in ids
    assert conversation(scene, "terminal", "browser-0", None) not in ids


def test_an_address_that_changes_hands_does_not_hand_the_talk_over(scene: Scene) -> None:
    """A shared computer: each who signs in finds their own conversation, and nobody else's."""
    one, other = scene.student(), scene.student("S2")
    anonymous = conversation(scene, "web", "shared", None)
    first = conversation(scene, "web", "shared", one)
    second = conversation(scene, "web", "shared", other)
    signed_out = conversation(scene, "web", "shared", None)
    assert len({anonymous, first, second, signed_out}) == 4
    assert conversation(scene, "web", "shared", one) == first
    assert count(scene, ChatAccount) == 1


def test_two_first_messages_at_once_open_one_conversation(scene: Scene) -> None:
    student = scene.student()
    together = Barrier(4)

    def write(n: int) -> int:
        together.wait(timeout=30)
        return conversation(scene, "web", f"browser-{n}", student)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(write, range(4)))) == 1
    assert count(scene, Conversation) == 1


def test_messages_get_places_in_the_history_without_gaps_or_doubles(scene: Scene) -> None:
    mine = conversation(scene, "web", "browser-1", scene.student())

    def take(size: int) -> list[int]:
        with scene.office.work() as work:
            first = accounts.next_seq(work, mine, size)
            return list(range(first, first + size))

    with ThreadPoolExecutor(4) as pool:
        taken = [place for places in pool.map(take, [1, 3, 2, 1, 4, 1, 2, 2]) for place in places]
    assert sorted(taken) == list(range(1, 17))


def test_the_conversation_speaks_the_language_of_its_person(scene: Scene) -> None:
    student = scene.student()
    with scene.office.work() as work:
        work.session.get_one(Person, student).language = "en"
    mine = conversation(scene, "web", "browser-1", student)
    with scene.office.read() as work:
        assert work.session.get_one(Conversation, mine).language == "en"
