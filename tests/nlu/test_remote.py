"""Rasa answers when it can; when it is slow, down, strange or unsure, the embedded interpreter does."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler

import pytest

from backend.clock import SetClock
from nlu.breaker import FAILURES, FIRST_PAUSE, Breaker
from nlu.entities.extractor import EntityExtractor
from nlu.interpreter import Entity, Parse
from nlu.remote import LARGEST, RemoteInterpreter
from nlu.standing import EMBEDDED, RASA, Reason
from tests.nlu.rasa_peer import WORDS, Peer, Reply, answering, parsed

PATIENT, HASTY = 20.0, 0.3  # seconds: for a peer on a busy machine, and for one that is slow
INTENTS = ("apply_transcript", "ask_rule", "out_of_scope")
BEGAN = datetime(2026, 3, 2, 1, tzinfo=UTC)


class Embedded:
    """Stands behind; it understands one thing, so that one sees who has answered."""

    def parse(self, text: str) -> Parse:
        return Parse("ask_rule", 0.5, (("ask_rule", 0.5),))


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


@pytest.fixture
def seconds() -> list[float]:
    return [0.0]


@pytest.fixture
def clock() -> SetClock:
    return SetClock(BEGAN)


@pytest.fixture
def remote(peer: Peer, seconds: list[float], clock: SetClock) -> Iterator[RemoteInterpreter]:
    made = interpreter(peer.url, seconds, clock)
    yield made
    made.close()


def interpreter(
    url: str, seconds: list[float], clock: SetClock, deadline: float = PATIENT
) -> RemoteInterpreter:
    return RemoteInterpreter(
        url,
        Embedded(),
        EntityExtractor(),
        INTENTS,
        deadline=deadline,
        token="of this house",
        breaker=Breaker(lambda: seconds[0]),
        clock=clock,
    )


def test_rasa_is_asked_and_its_answer_taken(remote: RemoteInterpreter, peer: Peer) -> None:
    parse = remote.parse(WORDS)
    assert (parse.intent, parse.confidence) == ("apply_transcript", 0.9)
    assert parse.ranking == (("apply_transcript", 0.9), ("ask_rule", 0.1))
    assert peer.asked == [("/model/parse?token=of+this+house", {"text": WORDS})]
    standing = remote.standing()
    assert (standing.interpreter, standing.why, standing.answered) == (RASA, None, 1)


def test_what_is_named_in_the_words_is_found_whoever_answers(
    remote: RemoteInterpreter, peer: Peer
) -> None:
    assert remote.parse(WORDS).entities == (Entity("language", "en", 1, 3),)


def test_what_two_extractors_find_comes_once_and_ours_counts(
    remote: RemoteInterpreter, peer: Peer
) -> None:
    theirs = [
        {"entity": "language", "value": "英文", "start": 1, "end": 3},
        {"entity": "language", "value": "en", "start": 3, "end": 4},
        {"entity": "reason", "value": "成绩单", "start": 3, "end": 6},
    ]
    peer.reply = answering(parsed(entities=theirs))
    assert remote.parse(WORDS).entities == (
        Entity("language", "en", 1, 3),
        Entity("reason", "成绩单", 3, 6),
    )


def test_words_without_letters_need_no_server(remote: RemoteInterpreter, peer: Peer) -> None:
    assert remote.parse("😂").intent == "ask_rule"
    assert peer.asked == []


def test_a_very_long_story_is_sent_shortened(remote: RemoteInterpreter, peer: Peer) -> None:
    remote.parse("老师您好" + "，" * 10_000 + "成绩单")
    assert len(peer.asked[0][1]["text"]) < 600


def slow(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    time.sleep(HASTY * 3)
    answering(parsed())(handler, body)


def dripping(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    """A byte now and then: no single wait is long."""
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    for _byte in range(30):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(HASTY / 10)


def hanging_up(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


HUGE = b'{"text": "' + b"x" * (LARGEST + 1) + b'"}'
FAULTS = {
    "hanging up": (hanging_up, Reason.DOWN),
    "500": (answering(parsed(), 500), Reason.BAD),
    "401": (answering({"status": "failure"}, 401), Reason.BAD),
    "no JSON": (answering(b"<html>"), Reason.BAD),
    "no text": (answering(b"\xff\xfe"), Reason.BAD),
    "nested": (answering(b"[" * 100_000), Reason.BAD),
    "a list": (answering([]), Reason.BAD),
    "nothing": (answering(b""), Reason.BAD),
    "huge": (answering(HUGE), Reason.BAD),
    "no ranking": (answering(parsed(intent_ranking=[])), Reason.BAD),
    "unknown intent": (answering(parsed("order_pizza")), Reason.BAD),
    "unknown name of a name": (answering(parsed(intent={"name": ["ask_rule"]})), Reason.BAD),
    "two minds": (answering(parsed(intent={"name": "ask_rule"})), Reason.BAD),
    "no number": (
        answering(parsed(intent_ranking=[{"name": "apply_transcript", "confidence": "much"}])),
        Reason.BAD,
    ),
    "NaN": (
        answering(
            parsed(intent_ranking=[{"name": "apply_transcript", "confidence": float("nan")}])
        ),
        Reason.BAD,
    ),
    "more than sure": (
        answering(parsed(intent_ranking=[{"name": "apply_transcript", "confidence": 1.5}])),
        Reason.BAD,
    ),
    "an entity outside": (
        answering(parsed(entities=[{"entity": "x", "value": "y", "start": 3, "end": 99}])),
        Reason.BAD,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_is_wrong_with_rasa_people_get_an_answer(
    remote: RemoteInterpreter,
    peer: Peer,
    clock: SetClock,
    fault: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    peer.reply, why = FAULTS[fault]
    clock.set(BEGAN.replace(hour=2))
    with caplog.at_level(logging.INFO):
        assert remote.parse(WORDS) == Embedded().parse(WORDS)
    standing = remote.standing()
    assert (standing.interpreter, standing.why) == (EMBEDDED, why)
    assert standing.since == BEGAN.replace(hour=2)
    assert standing.fell_back[why] == 1
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("nlu")]
    assert len(ours) == 1
    assert WORDS not in ours[0]


@pytest.mark.parametrize("how", [slow, dripping])
def test_nobody_waits_longer_than_the_deadline(
    peer: Peer, seconds: list[float], clock: SetClock, how: Reply
) -> None:
    peer.reply = how
    made = interpreter(peer.url, seconds, clock, HASTY)
    try:
        assert made.parse(WORDS) == Embedded().parse(WORDS)
        assert made.standing().why is Reason.SLOW
    finally:
        made.close()


def test_no_redirect_leads_words_elsewhere(remote: RemoteInterpreter, peer: Peer) -> None:
    elsewhere = Peer()
    try:
        peer.reply = answering(b"", 307, location=f"{elsewhere.url}/model/parse")
        assert remote.parse(WORDS).intent == "ask_rule"
        assert elsewhere.asked == []
    finally:
        elsewhere.close()


def test_no_proxy_of_the_environment_hears_the_words(
    peer: Peer, seconds: list[float], clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Peer()
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    made = interpreter(peer.url, seconds, clock)
    try:
        assert made.parse(WORDS).intent == "apply_transcript"
        assert proxy.asked == []
    finally:
        made.close()
        proxy.close()


def test_words_rasa_is_unsure_of_are_for_the_embedded_interpreter(
    remote: RemoteInterpreter, peer: Peer
) -> None:
    unsure = {"name": "nlu_fallback", "confidence": 0.4}
    peer.reply = answering(parsed(intent=unsure, intent_ranking=[unsure]))
    for _ in range(FAILURES + 1):
        assert remote.parse(WORDS).intent == "ask_rule"
    standing = remote.standing()
    assert (standing.interpreter, standing.why) == (RASA, None)
    assert standing.fell_back[Reason.UNSURE] == FAILURES + 1
    assert len(peer.asked) == FAILURES + 1


def test_a_service_that_is_down_does_not_cost_every_turn_its_deadline(
    remote: RemoteInterpreter, peer: Peer, seconds: list[float], clock: SetClock
) -> None:
    peer.reply = hanging_up
    for _ in range(FAILURES + 5):
        assert remote.parse(WORDS).intent == "ask_rule"
    assert len(peer.asked) == FAILURES
    assert remote.standing().fell_back[Reason.PAUSE] == 5

    seconds[0] += FIRST_PAUSE  # still down: one tries, and the pause doubles
    remote.parse(WORDS)
    seconds[0] += FIRST_PAUSE
    remote.parse(WORDS)
    assert len(peer.asked) == FAILURES + 1

    seconds[0] += FIRST_PAUSE
    peer.reply = answering(parsed())
    clock.set(BEGAN.replace(hour=3))
    assert remote.parse(WORDS).intent == "apply_transcript"
    assert remote.parse(WORDS).intent == "apply_transcript"
    standing = remote.standing()
    assert (standing.interpreter, standing.why) == (RASA, None)
    assert standing.since == BEGAN.replace(hour=3)


def test_a_server_that_nobody_started_is_no_error(seconds: list[float], clock: SetClock) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        made = interpreter(f"http://127.0.0.1:{free.getsockname()[1]}", seconds, clock)
    try:
        assert made.parse(WORDS).intent == "ask_rule"
        assert made.standing().why is Reason.DOWN
    finally:
        made.close()


def test_after_closing_people_still_get_an_answer(peer: Peer, clock: SetClock) -> None:
    made = interpreter(peer.url, [0.0], clock)
    made.close()
    assert made.parse(WORDS).intent == "ask_rule"


def test_many_at_once_are_all_answered(remote: RemoteInterpreter, peer: Peer) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(remote.parse(WORDS).intent)) for _ in range(8)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == ["apply_transcript"] * 8
