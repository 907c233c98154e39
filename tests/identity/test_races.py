"""Whatever comes at once, on both databases: a link binds one, a code is tried five times, a guess counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from backend import accounts
from backend.errors import Refused
from backend.identity import bindings, exam, links, sign_ins, stepup, throttle
from backend.identity.means import Identity
from backend.models import AuditEntry, ChatAccount, ExamAccount, Person, SignInTry
from bot.channels.wecom import directory
from tests.backend.scene import Scene


@pytest.fixture
def marked(scene: Scene) -> Scene:
    scene.office.identity = Identity(lambda purpose, value: f"{purpose}:{value}", pages=True)
    return scene


def test_link_that_two_follow_at_once_binds_one_of_them(marked: Scene) -> None:
    people = [marked.person(f"P{n}") for n in range(4)]
    with marked.office.work() as work:
        account = accounts.account(work, "telegram", "1", None).id
        link = links.new(work, links.BIND, account=account).id
    together = Barrier(len(people))

    def follow(person: int) -> bool:
        together.wait(30)
        try:
            with marked.office.work(person) as work:
                bindings.bind_by_link(work, link, person)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(len(people)) as pool:
        bound = list(pool.map(follow, people))
    assert bound.count(True) == 1
    with marked.office.read() as work:
        owner = work.session.get_one(ChatAccount, account).person_id
    assert owner == people[bound.index(True)]
    assert marked.told("account.bound") == [f"account:{account}"]


def test_two_links_of_one_account_bind_it_once(marked: Scene) -> None:
    people = [marked.person(f"P{n}") for n in range(2)]
    with marked.office.work() as work:
        account = accounts.account(work, "telegram", "1", None).id
        mine = [links.new(work, links.BIND, account=account).id for _ in people]
    together = Barrier(len(people))

    def follow(place: int) -> str:
        together.wait(30)
        try:
            with marked.office.work(people[place]) as work:
                bindings.bind_by_link(work, mine[place], people[place])
        except Refused as refused:
            return refused.code
        return "bound"

    with ThreadPoolExecutor(len(people)) as pool:
        assert sorted(pool.map(follow, range(2))) == ["account_taken", "bound"]


def test_account_bound_on_the_page_is_not_taken_over_by_the_directory_at_the_same_moment(
    marked: Scene,
) -> None:
    """Whoever is told that it is theirs keeps it, and the audit knows of nobody else."""
    by_page, by_number = marked.person("P1"), marked.person("P2")
    for place in range(6):
        userid = f"member{place}"
        with marked.office.work() as work:
            account = accounts.account(work, "wecom", userid, None).id
            link = links.new(work, links.BIND, account=account).id
        together = Barrier(2)

        def on_the_page(link: str = link, together: Barrier = together) -> bool:
            together.wait(30)
            try:
                with marked.office.work(by_page) as work:
                    bindings.bind_by_link(work, link, by_page)
            except Refused:
                return False
            return True

        def by_directory(userid: str = userid, together: Barrier = together) -> bool:
            together.wait(30)
            with marked.office.work() as work:
                return directory.bind(work, userid, by_number)

        with ThreadPoolExecutor(2) as pool:
            paged, listed = pool.submit(on_the_page), pool.submit(by_directory)
            assert [paged.result(), listed.result()].count(True) == 1
        owner = by_page if paged.result() else by_number
        with marked.office.read() as work:
            assert accounts.person_behind(work, "wecom", userid) == owner
            known = select(AuditEntry.to_state).where(
                AuditEntry.subject == f"account:{account}", AuditEntry.event == "bind"
            )
            assert work.session.scalars(known).all() == [f"person:{owner}"]


def test_directory_that_has_looked_before_the_page_bound_it_leaves_it_alone(marked: Scene) -> None:
    """The order in which a look and a write lose a binding: PostgreSQL alone lets two write."""
    if marked.office.database.dialect != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    by_page, by_number = marked.person("P1"), marked.person("P2")
    with marked.office.work() as work:
        account = accounts.account(work, "wecom", "member", None).id
        link = links.new(work, links.BIND, account=account).id
    with marked.office.work() as late:
        assert late.session.get_one(ChatAccount, account).person_id is None
        with marked.office.work(by_page) as work:
            bindings.bind_by_link(work, link, by_page)
        assert not directory.bind(late, "member", by_number)
    with marked.office.read() as work:
        assert accounts.person_behind(work, "wecom", "member") == by_page


def test_first_words_and_a_file_at_once_make_one_account(marked: Scene) -> None:
    person = marked.person("P1")
    together = Barrier(4)

    def recognized(_: int) -> int | None:
        together.wait(30)
        return directory.recognize(marked.office, "P1")

    def filed() -> directory.Bound:
        together.wait(30)
        return directory.bind_all(marked.office, [("P1", "P1")])

    with ThreadPoolExecutor(4) as pool:
        done = pool.submit(filed)
        assert list(pool.map(recognized, range(3))) == [person] * 3
        assert done.result() in (directory.Bound(new=1), directory.Bound(same=1))
    with marked.office.read() as work:
        assert work.session.scalars(select(ChatAccount.address)).all() == ["P1"]


def test_code_is_tried_five_times_however_many_try_at_once(marked: Scene) -> None:
    person = marked.person("P1")
    with marked.office.work(person) as work:
        mine = accounts.account(work, "web", str(person), person)
        other = accounts.account(work, "wecom", "lin", person)
        code = stepup.send_code(work, mine, other, stepup.Purpose.UNBIND).id
        wrong = f"{(int(stepup.digits(work, code)) + 1) % 1_000_000:06d}"
        account = mine.id
    together = Barrier(8)

    def guess(_: int) -> bool:
        together.wait(30)
        with marked.office.work(person) as work:
            open_one = stepup.open_code(work, work.session.get_one(ChatAccount, account))
            return open_one is not None and stepup.try_code(work, open_one, wrong)

    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(guess, range(8)))
    with marked.office.work(person) as work:
        assert stepup.open_code(work, work.session.get_one(ChatAccount, account)) is None


def test_first_password_is_that_of_one_however_many_set_theirs_at_once(marked: Scene) -> None:
    person = marked.person("P1")
    with marked.office.work() as work:
        work.session.get_one(Person, person).id_number_index = "index"
    together = Barrier(4)

    def keep(place: int) -> bool:
        together.wait(30)
        with marked.office.work(person) as work:
            return exam.keep_first_password(work, person, f"hash {place}")

    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(keep, range(4)))
    assert kept.count(True) == 1
    with marked.office.read() as work:
        stands = work.session.scalars(select(ExamAccount.password_hash)).all()
    assert stands == [f"hash {kept.index(True)}"]


def test_guesses_at_once_are_counted_one_by_one(scene: Scene) -> None:
    together = Barrier(6)

    def guess(_: int) -> bool:
        together.wait(30)
        with scene.office.work() as work:
            return throttle.take(work, "account:x", "address:y") is None

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(guess, range(6))) == [False] * 3 + [True] * 3
    with scene.office.read() as work:
        rows = work.session.execute(select(SignInTry.who, SignInTry.failures)).all()
    assert sorted(map(tuple, rows)) == [("account:x", 3), ("address:y", 3)]


def test_address_that_tries_many_accounts_is_stopped_and_others_are_not(scene: Scene) -> None:
    for n in range(throttle.ADDRESS_TRIES):
        with scene.office.work() as work:
            assert throttle.take(work, f"account:{n}", "address:bad") is None
    with scene.office.work() as work:
        assert throttle.take(work, "account:new", "address:bad") is not None
        assert throttle.take(work, "account:new", "address:good") is None


def test_answer_of_a_provider_is_taken_once_by_two_at_once(scene: Scene) -> None:
    with scene.office.work() as work:
        token = sign_ins.begin(work, "oidc", None)
        sign_ins.await_answer(work, token, "state", {"nonce": "n"})
    together = Barrier(4)

    def take(_: int) -> bool:
        together.wait(30)
        with scene.office.work() as work:
            return sign_ins.take_answer(work, token, "state") is not None

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(take, range(4))).count(True) == 1


def test_somebody_bound_and_unbound_can_be_bound_again(marked: Scene) -> None:
    person = marked.person("P1")
    for _ in range(2):
        with marked.office.work() as work:
            account = accounts.find(work, "telegram", "1") or accounts.account(
                work, "telegram", "1", None
            )
            link = links.new(work, links.BIND, account=account.id)
            account_id, link_id = account.id, link.id
        with marked.office.work(person) as work:
            bindings.bind_by_link(work, link_id, person)
        with marked.office.work(person) as work:
            assert [one.id for one in bindings.of_person(work, person)] == [account_id]
            bindings.unbind(work, account_id, None)
    assert marked.told("account.unbound") == [f"account:{account_id}"] * 2
