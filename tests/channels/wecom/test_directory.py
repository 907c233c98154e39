"""Whose user id it is: found out without anybody typing a password or a number."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from backend import accounts
from backend.identity import bindings, exam_tickets
from backend.models import ChatAccount, Conversation, ExamTicket, Outbound, Person
from bot.channels.wecom import directory
from bot.channels.wecom.directory import Bound, NoColumns, bind_all, pairs_from, pairs_in
from tests.channels.wecom.house import House, number_of

ENROLLED, OFFICER = number_of("enrolled"), number_of("unit_officer")
WriteTable = Callable[[str], Path]


@pytest.fixture
def table(tmp_path: Path) -> WriteTable:
    def write(text: str) -> Path:
        path = tmp_path / "userids.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def owner(house: House, userid: str) -> str | None:
    """The number of whoever the user id belongs to."""
    with house.office.read() as work:
        return work.session.scalar(
            select(Person.number)
            .join(ChatAccount, ChatAccount.person_id == Person.id)
            .where(ChatAccount.channel == "wecom", ChatAccount.address == userid)
        )


def test_a_user_id_that_is_the_number_is_known_at_the_first_word(house: House) -> None:
    student = house.phone("enrolled")
    student.says("你好")
    assert owner(house, ENROLLED) == ENROLLED
    account = house.account(ENROLLED)
    assert account is not None
    assert account.bound_at is not None


def test_a_user_id_in_other_case_is_known_too(house: House) -> None:
    officer = house.phone("unit_officer", OFFICER.lower())
    officer.says("你好")
    assert owner(house, OFFICER.lower()) == OFFICER


def test_a_file_of_user_ids_binds_them_and_may_be_given_again(
    house: House, table: WriteTable
) -> None:
    path = table(f"姓名,账号,学号\n林,linrx,{ENROLLED}\n刘,liumin,{OFFICER}\n谁,who,NOBODY\n空,,\n")
    assert bind_all(house.office, pairs_in(path)) == Bound(new=2, unknown=["who"])
    assert bind_all(house.office, pairs_in(path)) == Bound(same=2, unknown=["who"])
    student = house.phone("enrolled", "linrx")
    student.says("你好")
    house.settle()
    assert "林若溪" in student.words()


def test_a_file_without_the_two_columns_is_refused(table: WriteTable) -> None:
    with pytest.raises(NoColumns):
        list(pairs_in(table(f"姓名,学号\n林,{ENROLLED}\n")))


def test_a_user_id_is_never_taken_from_its_owner_by_a_file(house: House, table: WriteTable) -> None:
    bind_all(house.office, [("linrx", ENROLLED)])
    done = bind_all(house.office, [("linrx", OFFICER)])
    assert done == Bound(apart=["linrx"])
    assert owner(house, "linrx") == ENROLLED


def test_the_directory_of_the_enterprise_tells_whose_user_id_it_is(house: House) -> None:
    attribute = {"attrs": [{"name": "学号", "type": 0, "text": {"value": ENROLLED}}]}
    house.phone("enrolled", "linrx", extattr=attribute)
    house.phone("unit_officer")
    house.phone("stranger", "gate-keeper")
    pairs = house.run(pairs_from(house.wecom.api))
    assert bind_all(house.office, pairs) == Bound(new=2, unknown=["gate-keeper"])
    assert (owner(house, "linrx"), owner(house, OFFICER)) == (ENROLLED, OFFICER)


def test_who_has_ended_the_binding_is_not_bound_again_behind_their_back(house: House) -> None:
    student = house.phone("enrolled")
    student.says("你好")
    account = house.account(ENROLLED)
    assert account is not None
    with house.office.work(account.person_id) as work:
        bindings.unbind(work, account.id, None)
    house.later(seconds=1)
    student.says("我的申请")
    house.settle()
    assert owner(house, ENROLLED) is None
    assert bind_all(house.office, [(ENROLLED, ENROLLED)]) == Bound(apart=[ENROLLED])


def test_a_member_who_wrote_before_the_registry_had_them_is_known_once_it_has(
    house: House,
) -> None:
    new = house.phone("new", "2026NEW")
    new.says("你好")
    assert owner(house, "2026NEW") is None
    with house.office.work() as work:
        work.session.add(Person(institution_id=work.institution, number="2026NEW", name="新同学"))
    house.later(seconds=1)
    new.says("你好")
    assert owner(house, "2026NEW") == "2026NEW"


def test_what_a_stranger_had_half_filled_in_is_not_kept_for_whoever_is_known_later(
    house: House,
) -> None:
    new = house.phone("new", "2026NEW")
    with house.office.work() as work:
        account = accounts.account(work, "wecom", "2026NEW", None)
        old = work.session.get_one(Conversation, account.conversation_id)
        old.state = {"stack": [{"given": {"language": "zh"}}]}
        person = Person(institution_id=work.institution, number="2026NEW", name="新同学")
        work.session.add(person)
        work.session.flush()
        work.session.add(
            ExamTicket(
                institution_id=work.institution, number="010", person_id=person.id, active=True
            )
        )
        stranger, known = old.id, person.id
    new.says("你好")
    house.settle()
    assert "没有带过来" in new.words()
    with house.office.read() as work:
        assert work.session.get_one(Conversation, stranger).state == {}
        assert [one.number for one in exam_tickets.held(work, known)] == ["010"]


def test_a_new_binding_is_told_on_the_other_channel(house: House) -> None:
    with house.office.work() as work:
        person = work.session.scalars(select(Person.id).where(Person.number == ENROLLED)).one()
        accounts.account(work, "telegram", "700", person).bound_at = work.now
    house.phone("enrolled").says("你好")
    house.stage.news()
    with house.office.read() as work:
        said = [one["text"] for one in work.session.scalars(select(Outbound.body))]
    assert any("企业微信" in text for text in said)


def test_two_first_words_at_once_make_one_account(house: House) -> None:
    student = house.phone("enrolled")
    with house.office.work() as work:
        assert directory.bind(work, student.userid, person_id(house, ENROLLED))
        assert not directory.bind(work, student.userid, person_id(house, ENROLLED))
    student.says("你好")
    with house.office.read() as work:
        assert len(work.session.scalars(select(ChatAccount)).all()) == 1


def person_id(house: House, number: str) -> int:
    with house.office.read() as work:
        return work.session.scalars(select(Person.id).where(Person.number == number)).one()
