"""What somebody sees who has a link, and what programs that only follow links do not."""

import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from backend.models import Share
from backend.sharing import making, opening, pins
from tests.sharing.conftest import Recipient, Sharers

Come = Callable[..., Recipient]
FACTS = ("林小满", "理论物理", "课程P100", "92", "G1")
ADDRESS = re.compile(r'(?:action|href)="[^"]*"')


def no_facts(answer: httpx.Response) -> None:
    """None stands on the page, the link itself left out: its random letters may spell one."""
    page = ADDRESS.sub("", answer.text)
    for fact in FACTS:
        assert fact not in page, fact


def careful(answer: httpx.Response) -> None:
    """Nobody keeps the page, finds it by searching, or learns its address by a link on it."""
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow, noarchive"
    assert answer.headers["referrer-policy"] in ("same-origin", "no-referrer")
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


def test_opening_the_address_shows_no_facts_and_counts_nothing(
    scene: Sharers, recipient: Come
) -> None:
    share = scene.share()
    for _ in range(3):
        answer = recipient().get(scene.path(share))
        assert answer.status_code == 200
        careful(answer)
        no_facts(answer)
        assert "某某公司" not in answer.text
        assert "set-cookie" not in answer.headers
    assert "林**" in answer.text
    assert "求职" in answer.text
    assert "Job application" in answer.text
    assert '<meta name="robots" content="noindex,nofollow,noarchive">' in answer.text
    assert "og:" not in answer.text
    assert (scene.now(share).views, scene.told("share.viewed")) == (0, [])


def test_a_press_shows_the_facts_in_both_languages_and_counts(
    scene: Sharers, recipient: Come
) -> None:
    share = scene.share()
    answer = recipient().press(scene.path(share), said="某某公司人事")
    assert answer.status_code == 200
    careful(answer)
    assert answer.headers["referrer-policy"] == "no-referrer"
    for words in (
        *FACTS[:4],
        "演示大学",
        "Demo University",
        "某某公司",
        "From the record of issue",
    ):
        assert words in answer.text, words
    assert "2026-03-02 09:00" in answer.text
    assert "This is not the transcript itself." in answer.text
    assert scene.now(share).views == 1
    with scene.office.read(scene.owner) as work:
        (view,) = making.views(work, share, 5)
    assert view.said == "某某公司人事"


def test_no_page_leads_to_the_file_nor_says_the_code(scene: Sharers, recipient: Come) -> None:
    """With the code anybody could look the document up for good, also after the link was stopped."""
    answer = recipient().press(scene.path(scene.share()))
    with scene.office.read(scene.owner) as work:
        ((_application, credential),) = making.shareable(work)
    for secret in (credential.code, credential.blob_id, "/files/", "/v/", scene.number):
        assert secret not in answer.text, secret


def test_the_same_browser_is_not_counted_again_and_another_one_is(
    scene: Sharers, recipient: Come
) -> None:
    share, one = scene.share(), recipient()
    for _ in range(3):
        one.press(scene.path(share))
    assert scene.now(share).views == 1
    recipient().press(scene.path(share))
    assert scene.now(share).views == 2


def test_cookies_are_of_one_link_and_of_no_use_to_scripts(scene: Sharers, recipient: Come) -> None:
    share = scene.share(pin=True)
    answer = recipient().press(scene.path(share), pin=scene.pin(share))
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert f"Path={scene.path(share)}" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie


@pytest.mark.parametrize("origin", ["", "null", "https://elsewhere.example"])
def test_another_site_does_not_press_for_somebody(
    scene: Sharers, recipient: Come, origin: str
) -> None:
    share = scene.share()
    answer = recipient().press(scene.path(share), origin=origin)
    assert answer.status_code == 403
    no_facts(answer)
    assert scene.now(share).views == 0


def test_whatever_does_not_open_looks_the_same(scene: Sharers, recipient: Come) -> None:
    """Nobody learns whether there ever was such a link."""
    stopped, expired, locked = (scene.share(months=1, pin=True) for _ in range(3))
    scene.stop(stopped)
    with scene.office.work() as work:
        row = work.session.get_one(Share, locked.id)
        making.end(work, row, scene.number, making.LOCKED)
    live = scene.path(scene.share(months=6))
    scene.clock.set(expired.expires_at)
    last = "A" if live[-1] != "A" else "B"
    paths = [
        *(scene.path(share) for share in (stopped, expired, locked)),
        f"/s/{'x' * 46}",
        live[:-1] + last,
        live[:-24],
        "/s/x",
    ]
    pages = [recipient().get(path) for path in paths]
    pages += [recipient().press(path, pin="123456") for path in paths]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    for page in pages:
        careful(page)
    assert "This link does not open anything" in pages[0].text


def test_a_stop_while_the_page_is_open_shows_nothing_at_the_press(
    scene: Sharers, recipient: Come
) -> None:
    share, one = scene.share(), recipient()
    one.get(scene.path(share))
    one.press(scene.path(share))
    scene.stop(share)
    answer = one.press(scene.path(share))
    assert answer.status_code == 404
    no_facts(answer)


@pytest.mark.parametrize(
    ("status", "zh", "en", "why"),
    [
        ("revoked", "已作废", "was revoked", True),
        ("superseded", "已被新文件取代", "A newer transcript has replaced", False),
    ],
)
def test_a_document_that_fell_is_said_to_have_and_shows_nothing(
    scene: Sharers, recipient: Come, status: str, zh: str, en: str, why: bool
) -> None:
    share = scene.share()
    scene.fall(status, "学分 <b>录错")
    landing = recipient().get(scene.path(share))
    assert zh not in landing.text, "that is a fact, too"
    answer = recipient().press(scene.path(share))
    assert answer.status_code == 200
    no_facts(answer)
    assert zh in answer.text
    assert en in answer.text
    assert "2026-03-02" in answer.text
    assert ("学分 &lt;b&gt;录错" in answer.text) is why


def test_words_of_strangers_and_owners_are_words_only(scene: Sharers, recipient: Come) -> None:
    share = scene.share(purpose="<script>alert(1)</script>", recipient='"><img src=x>')
    one = recipient()
    pages = [one.get(scene.path(share)), one.press(scene.path(share), said="<b>x</b>\x00\n" * 9)]
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
    with scene.office.read(scene.owner) as work:
        (view,) = making.views(work, share, 5)
    assert len(view.said) <= opening.SAID_LENGTH
    assert "\n" not in view.said
    assert "\x00" not in view.said


# --- PINs -----------------------------------------------------------------------------------


def test_a_pin_is_asked_for_once_in_a_browser_until_it_is_changed(
    scene: Sharers, recipient: Come
) -> None:
    share, one = scene.share(pin=True), recipient()
    path = scene.path(share)
    assert 'name="pin"' in one.get(path).text
    empty = one.press(path)
    assert (empty.status_code, "Please enter the PIN." in empty.text) == (403, True)
    no_facts(empty)
    pin = scene.pin(share)
    opened = one.press(path, pin=f"{pin[:3]} {pin[3:]}")
    assert opened.status_code == 200
    assert "课程P100" in opened.text
    assert 'name="pin"' not in one.get(path).text
    assert one.press(path).status_code == 200
    assert recipient().press(path).status_code == 403, "another browser has to know it"
    scene.pass_time(timedelta(minutes=1))
    with scene.office.work(scene.owner) as work:
        making.new_pin(work, share.id)
    assert one.press(path).status_code == 403


def test_a_browser_that_opened_one_link_opens_no_other_with_it(
    scene: Sharers, recipient: Come
) -> None:
    first, second, one = scene.share(pin=True), scene.share(pin=True), recipient()
    one.press(scene.path(first), pin=scene.pin(first))
    for name in ("share-open", "share-browser"):
        value = one.cookies[name]
        one.cookies.set(name, value, domain="testserver.local", path="/")
    assert one.press(scene.path(second)).status_code == 403


def test_guessing_from_many_addresses_locks_the_link_and_never_shows_it(
    scene: Sharers, recipient: Come
) -> None:
    share = scene.share(pin=True)
    path, pin = scene.path(share), scene.pin(share)
    wrong = f"{(int(pin) + 1) % 1_000_000:06d}"
    said = []
    for place in range(60):
        answer = recipient(f"198.51.100.{place}").press(path, pin=wrong)
        no_facts(answer)
        said.append(answer.status_code)
        if answer.status_code == 404:
            break
        assert answer.status_code == 403
        scene.pass_time(timedelta(hours=1))
    assert said[-1] == 404
    assert recipient("198.51.100.99").press(path, pin=pin).status_code == 404
    assert scene.told("share.locked") == [scene.number]


def test_the_owner_reads_the_pin_on_a_page_for_ten_minutes(scene: Sharers, recipient: Come) -> None:
    share = scene.share(pin=True)
    pin = scene.pin(share)
    path = scene.links.follow(f"share-pin:{share.id}", scene.clock.now())
    path = path.removeprefix("http://testserver")
    answer = recipient().get(path)
    assert f"{pin[:3]} {pin[3:]}" in answer.text
    careful(answer)
    assert path.rsplit("/", 1)[-1] != scene.path(share).rsplit("/", 1)[-1]
    token = scene.path(share).rsplit("/", 1)[-1]
    assert recipient().get(f"/share-pin/{token}").status_code == 410, "the link does not tell it"
    scene.pass_time(opening.ONE_VIEW)
    over = recipient().get(path)
    assert (over.status_code, pin[:3] in over.text) == (410, False)


# --- too often ------------------------------------------------------------------------------


def test_an_address_opens_no_more_than_thirty_a_minute(scene: Sharers, recipient: Come) -> None:
    path, one = scene.path(scene.share()), recipient()
    codes = [one.press(path).status_code for _ in range(31)]
    assert codes == [200] * 30 + [429]
    assert int(one.press(path).headers["retry-after"]) >= 1
    assert recipient("203.0.113.8").press(path).status_code == 200


def test_nobody_keeps_the_server_busy_by_asking_for_a_pin_again_and_again(
    scene: Sharers, recipient: Come, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look takes 64 MiB and a thread that others wait for."""
    monkeypatch.setattr(pins, "right", lambda *_: True)  # in no time, here
    share, one = scene.share(pin=True), recipient()
    path = scene.links.follow(f"share-pin:{share.id}", scene.clock.now())
    path = path.removeprefix("http://testserver")
    codes = [one.get(path).status_code for _ in range(31)]
    assert codes == [200] * 30 + [429]
    assert recipient("203.0.113.8").get(path).status_code == 200


def test_guessing_addresses_ends_after_thirty_and_stops_nobody_else(
    scene: Sharers, recipient: Come
) -> None:
    path, guesser = scene.path(scene.share()), recipient()
    for place in range(30):
        assert guesser.get(f"/s/{place:046d}").status_code == 404
    assert guesser.get(path).status_code == 404, "a hit would not be noticed among so many"
    assert recipient("203.0.113.8").get(path).status_code == 200


def test_bodies_that_are_no_form_are_an_empty_one(scene: Sharers, recipient: Come) -> None:
    path = scene.path(scene.share())
    many = {f"field{number}": "x" for number in range(50)}
    assert recipient().press(path, **many).status_code == 200
