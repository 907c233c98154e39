"""The share pages as people see them: on a narrow phone, by keyboard, without scripts, and printed."""

import threading
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from backend.database import Database
from backend.documents.facts import Gpa, Language
from backend.migrations.run import upgrade
from tests.server.running import free_port
from tests.server.screens import fits
from tests.sharing.conftest import EVERYTHING, Pages, Sharers

NARROW = {"width": 360, "height": 740}
LONG = "Advanced Computer Architecture, Parallel Programming Methods and Their Application in Computing"


class Served:
    def __init__(self, folder: Path) -> None:
        database = Database(f"sqlite:///{folder / 'registrar.db'}")
        upgrade(database)
        self.scene = Sharers(database, folder)
        self.scene.course_named("P300", LONG)
        self.number = self.scene.file(self.scene.owner, Language.EN, Gpa.WITH)
        self.scene.confirm(self.number)
        self.scene.direct.run_all(self.scene.office)
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        config = uvicorn.Config(
            Pages(self.scene).application(), host="127.0.0.1", port=port, log_level="warning"
        )
        self.server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self.server.run)
        self._thread.start()
        while not self.server.started:
            sleep(0.01)

    def stop(self) -> None:
        self.server.should_exit = True
        self._thread.join(30)
        self.scene.office.database.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("sharing"))
    yield served
    served.stop()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """Without scripts, since the pages need none."""
    context = browser.new_context(viewport=NARROW, java_script_enabled=False)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.fixture
def screen(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=NARROW)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def test_everything_fits_on_a_narrow_phone(served: Served, screen: Page) -> None:
    scene = served.scene
    share = scene.share(number=served.number, fields=EVERYTHING, purpose="长" * 60, pin=True)
    screen.goto(served.base + scene.path(share))
    fits(screen)
    screen.get_by_label("口令").fill("000000" if scene.pin(share) != "000000" else "111111")
    screen.get_by_role("button", name="查看").click()
    expect(screen.get_by_role("alert")).to_contain_text("The PIN is wrong.")
    fits(screen)
    screen.get_by_label("口令").fill(scene.pin(share))
    screen.get_by_role("button", name="查看").click()
    expect(screen.get_by_text(LONG)).to_be_visible()
    fits(screen)


def test_the_facts_are_reached_by_keyboard_alone_and_without_scripts(
    served: Served, phone: Page
) -> None:
    share = served.scene.share()
    phone.goto(served.base + served.scene.path(share))
    phone.keyboard.press("Tab")
    phone.keyboard.type("人事")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("table")).to_contain_text("课程P100")
    expect(phone.get_by_role("columnheader", name="成绩")).to_be_visible()
    assert served.scene.now(share).views == 1


def test_the_browser_itself_presses_from_our_page_and_tells_nobody_where_it_was(
    served: Served, screen: Page
) -> None:
    """Its real headers, with which no test helper helps: the form is taken, the address is not told."""
    share = served.scene.share()
    address = served.base + served.scene.path(share)
    screen.goto(address)
    assert screen.evaluate("document.title") == "分享的核验信息 Shared record"
    screen.get_by_role("button", name="查看").click()
    expect(screen.get_by_role("table")).to_be_visible()
    screen.evaluate("location.href = '/s/elsewhere'")
    screen.wait_for_url("**/s/elsewhere")
    assert screen.evaluate("document.referrer") == ""


def test_a_print_holds_the_facts_and_when_they_were_looked_up(served: Served, screen: Page) -> None:
    share = served.scene.share(number=served.number, fields=EVERYTHING)
    screen.goto(served.base + served.scene.path(share))
    screen.get_by_role("button", name="查看").click()
    screen.emulate_media(media="print")
    expect(screen.get_by_text(LONG)).to_be_visible()
    expect(screen.get_by_text("Looked up", exact=True)).to_be_visible()
    expect(screen.get_by_text("A print shows what was true")).to_be_visible()
    expect(screen.locator(".verdict .mark")).to_be_hidden()
    assert served.scene.path(share) not in screen.locator("body").inner_text()
