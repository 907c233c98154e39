"""One person or one address cannot keep the server from everybody else, and loses nothing by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from bot import limits
from bot.limits import Limit
from bot.verification import neighbourhood
from tests.server.guest import Guest, wait
from tests.server.running import Running, with_fonts_and_model
from tests.server.socket_guest import is_error, line

AT_ONCE = 6
WRONG_CODES = 4
NONE = "ABCDEFGHJKMNPQRS"

NewGuest = Callable[[str], Guest]


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that allows little."""
    running = Running(
        with_fonts_and_model(tmp_path_factory.mktemp("strict")),
        REGISTRAR_MESSAGES_PER_MINUTE="6",
        REGISTRAR_MESSAGES_AT_ONCE=str(AT_ONCE),
        REGISTRAR_WRONG_CODES_PER_MINUTE=str(WRONG_CODES),
    )
    running.start()
    yield running
    running.stop()


@pytest.fixture
def at(strict: Running, guests: Callable[[Running, str], Guest]) -> NewGuest:
    return lambda who: guests(strict, who)


def flood(person: Guest) -> httpx.Response:
    """Send until it is too much; the refusal."""
    for place in range(AT_ONCE + 2):
        answer = person.http.post("/api/messages", json={"id": f"f{place}", "text": "谢谢"})
        if answer.status_code != 202:
            return answer
    raise AssertionError("nothing was refused")


def test_flood_is_refused_in_words_and_the_refused_message_can_be_sent_again(at: NewGuest) -> None:
    student, other = at("20151800000001"), at("20151800000002")
    refusal = flood(student)
    assert refusal.status_code == 429
    assert refusal.json()["error"] == "too_fast"
    assert "太快" in refusal.json()["text"]
    assert "fast" not in refusal.json()["text"]
    assert 1 <= int(refusal.headers["Retry-After"]) <= 10
    assert other.post(text="谢谢").status_code == 202  # nobody pays for another's haste

    def again() -> bool | None:
        body = {"id": "late", "text": "谢谢"}
        return student.http.post("/api/messages", json=body).status_code == 202 or None

    assert wait(again, "being allowed to send again")
    student.news()
    assert [one["text"] for one in student.messages() if one.get("id") == "late"] == ["谢谢"]


def test_flood_by_an_english_speaker_is_refused_in_english(at: NewGuest) -> None:
    student = at("20151800000003")
    student.http.patch("/api/session", json={"language": "en"})
    text = flood(student).json()["text"]
    assert "too fast" in text
    assert not any("\u4e00" <= character <= "\u9fff" for character in text)


def test_socket_presses_and_files_count_together_with_messages(
    strict: Running, at: NewGuest
) -> None:
    student = at("20141800000003")
    with line(strict, student.token, after=student.heard) as open_line:
        for place in range(AT_ONCE):
            open_line.send(id=f"w{place}", press="x.0")
        open_line.send(id="over", text="谢谢")
        refusal = open_line.until(is_error)
        assert refusal["id"] == "over"
        assert refusal["error"] == "too_fast"
        assert refusal["wait"] >= 1
        assert student.attach(b"%PDF-1.4").status_code == 429
        student.news()


def test_guessing_codes_is_stopped(strict: Running) -> None:
    address = f"{strict.base}/v/{NONE}"
    answers = [httpx.get(address, trust_env=False) for _ in range(WRONG_CODES + 1)]
    assert [one.status_code for one in answers] == [404] * WRONG_CODES + [429]
    assert "请过一分钟再试" in answers[-1].text
    assert "try again in a minute" in answers[-1].text
    assert int(answers[-1].headers["Retry-After"]) > 0
    other = {"X-Forwarded-For": "192.0.2.7"}
    assert httpx.get(address, headers=other, trust_env=False).status_code == 404


def test_office_that_checks_many_genuine_documents_is_never_stopped(
    strict: Running, at: NewGuest
) -> None:
    graduate = at("graduated")
    graduate.apply()
    graduate.press("确认订单")
    graduate.wait_for(".pdf")
    link = graduate.button("验证真伪")["url"]
    office = {"X-Forwarded-For": "192.0.2.8"}
    with httpx.Client(headers=office, trust_env=False) as browser:
        for _ in range(WRONG_CODES * 3):
            assert browser.get(link).status_code == 200


# --- the bucket -----------------------------------------------------------------------------


class Hands:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_what_is_allowed_at_once_comes_back_with_time_and_never_becomes_more() -> None:
    clock = Hands()
    limit = Limit(60, 3, clock)
    assert [limit.take("one") for _ in range(4)] == [0, 0, 0, 1]
    clock.now += 0.75
    assert limit.take("one") == 0.25
    clock.now += 0.25
    assert [limit.take("one"), limit.take("one")] == [0, 1]
    clock.now += 3600
    assert [limit.take("one") for _ in range(4)] == [0, 0, 0, 1]


def test_refused_attempts_do_not_prolong_the_wait() -> None:
    clock = Hands()
    limit = Limit(60, 1, clock)
    limit.take("one")
    assert [limit.take("one") for _ in range(50)] == [1] * 50


def test_asking_whether_it_is_allowed_costs_nothing() -> None:
    clock = Hands()
    limit = Limit(60, 2, clock)
    assert not any(limit.spent("office") for _ in range(20))
    assert [limit.take("office") for _ in range(2)] == [0, 0]
    assert limit.spent("office")
    clock.now += 1
    assert not limit.spent("office")


def test_zero_is_no_limit() -> None:
    limit = Limit(0, 1, Hands())
    assert {limit.take("one") for _ in range(1000)} == {0.0}
    assert not limit.spent("one")


def test_strangers_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KNOWN", 2)
    limit = Limit(60, 1, Hands())
    assert [limit.take(name) for name in ("a", "b", "c")] == [0, 0, 0]
    assert limit.take("c") == 1  # remembered
    assert limit.take("a") == 0  # seen longest ago


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:c000:208", "192.0.2.8"),
        ("64:ff9b::192.0.2.9", "192.0.2.9"),
        ("64:ff9b::c000:20a", "192.0.2.10"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_network_of_one_household_is_one_address(address: str, counted_as: str) -> None:
    assert neighbourhood(address) == counted_as
