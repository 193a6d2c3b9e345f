"""A server of its own and a browser for each test that needs one.

The browser is named by TOCSIN_BROWSER or found on the path; without one these tests are left out,
unless TOCSIN_REQUIRE_BROWSER=1 says that they must run. Every page is watched: an error on its
console, a failed script or a request that leaves this machine fails the test.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage")
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60_000  # ms; a page that is not there by then never comes


def browser_path() -> str | None:
    """The browser to use, if there is one."""
    return os.environ.get("TOCSIN_BROWSER") or shutil.which("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs a browser if there is none."""
    if browser_path() or os.environ.get("TOCSIN_REQUIRE_BROWSER") == "1":
        return
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason="no browser; name one in TOCSIN_BROWSER"))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Say in the last line that browser tests were left out."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not browser_path():
        reporter.write_line(
            "browser tests were left out: no chromium on the path and no TOCSIN_BROWSER"
        )


@dataclass
class Room:
    """A running server."""

    address: str
    process: "subprocess.Popen[str]" = field(repr=False)


@pytest.fixture(scope="session")
def open_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Room]]:
    """Start servers with ``tocsin dashboard ...`` on fresh ports; all end with the session."""
    rooms: list[Room] = []

    def start(*arguments: str) -> Room:
        log = (tmp_path_factory.mktemp("server") / "log").open("w")
        process = subprocess.Popen(
            [sys.executable, "-m", "tocsin", "dashboard", "--port", "0", "--no-browser",
             *arguments],
            stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT,
        )  # fmt: skip
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), Path(log.name).read_text()
        rooms.append(Room(address, process))
        return rooms[-1]

    yield start
    _end([room.process for room in rooms])


@pytest.fixture(scope="session")
def room(open_room: Callable[..., Room]) -> Room:
    """One server for all tests that do not ask for their own."""
    return open_room()


@dataclass
class Class:
    """A running class."""

    trainer: str
    folder: Path
    process: "subprocess.Popen[str]" = field(repr=False)

    @property
    def base(self) -> str:
        """The address that teams open."""
        return self.trainer.partition("/trainer")[0]

    @property
    def key(self) -> str:
        """The trainer's."""
        return self.trainer.partition("key=")[2]

    @property
    def code(self) -> str:
        """The code of the class."""
        first = (self.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()[0]
        return json.loads(first)["data"]["code"]

    def kill(self) -> None:
        """End it without a chance to write anything."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="session")
def open_class(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Class]]:
    """Start ``tocsin classroom ...`` on fresh ports; all end with the session of tests."""
    classes: list[Class] = []

    def start(*arguments: str, folder: Path | None = None) -> Class:
        folder = folder or tmp_path_factory.mktemp("class") / "session"
        log = (tmp_path_factory.mktemp("log") / "log").open("w")
        process = subprocess.Popen(
            [sys.executable, "-m", "tocsin", "classroom", *arguments, "--session", str(folder),
             "--port", "0", "--no-browser", "--pace", "1"],
            stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT,
        )  # fmt: skip
        assert process.stdout is not None
        trainer = process.stdout.readline().strip()
        assert trainer.startswith("http://127.0.0.1:"), Path(log.name).read_text()
        classes.append(Class(trainer, folder, process))
        return classes[-1]

    yield start
    _end([one.process for one in classes])


class TeamPage:
    """The page of a team, and what a team does on it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.code = ""

    def type_code(self, code: str) -> None:
        """Type the code of the class, or the team's own."""
        self.page.fill("#f-code", code)
        self.page.click("button[data-id=go]")

    def join(self, code: str, seat: str, team: str) -> None:
        """Take a seat."""
        self.type_code(code)
        self.page.check(f".class-card:has(strong:text-is({json.dumps(seat)})) input")
        self.page.fill("#f-name", team)
        self.page.click("button[data-id=take]")
        self.page.wait_for_selector(".class-steps")
        self.code = self.page.inner_text(".class-team strong")

    def slide(self, key: str, value: float) -> None:
        """Move a slider as a hand does."""
        self.page.wait_for_selector("button[data-id=in]")
        self.page.eval_on_selector(
            f"[id={json.dumps(f'f-{key}')}]",
            "(slider, value) => { slider.value = value;"
            "slider.dispatchEvent(new Event('input')); }", value,
        )  # fmt: skip

    def hand_in(self, flow: float) -> None:
        """Predict how much arrives, and hand in."""
        self.page.fill("#f-flow", str(flow))
        self.page.click("button[data-id=in]")
        self.page.wait_for_selector("button[data-id=back]")


@pytest.fixture(scope="session")
def as_team() -> type[TeamPage]:
    """A page seen as that of a team."""
    return TeamPage


def _end(processes: list["subprocess.Popen[str]"]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless browser."""
    path = browser_path()
    if path is None:
        pytest.fail("TOCSIN_REQUIRE_BROWSER=1, but there is no chromium and no TOCSIN_BROWSER")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@dataclass
class Watch:
    """What went wrong on the pages of one test."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def over(self, page: Any) -> None:
        """Note the errors and the requests of a page from now on."""
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)
        page.on("request", lambda request: self._request(request.url))
        page.on("websocket", lambda socket: self._request(socket.url))

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location})")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname != "127.0.0.1":
            self.outside.append(url)


@pytest.fixture
def watch() -> Watch:
    """Errors and outside requests of the pages of a test."""
    return Watch()


@pytest.fixture
def open_page(browser: Any, watch: Watch) -> Iterator[Callable[..., Any]]:
    """Open addresses, each in a browser context of its own, and judge them at the end."""
    contexts: list[Any] = []

    def start(address: str, width: int = 1440, height: int = 900, **more: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **more)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        page.goto(address)
        return page

    yield start
    for context in contexts:
        context.close()
    assert watch.errors == []
    assert watch.outside == []


@pytest.fixture(scope="session")
def count_pixels() -> str:
    """A function of JavaScript that counts the pixels of a canvas that are not empty."""
    return COUNT


@pytest.fixture(scope="session")
def drawn_pixels() -> Callable[[Any, str], int]:
    """Pixels of a canvas that are not empty; fails if the canvas has no size on the page."""

    def count(page: Any, selector: str) -> int:
        box = page.locator(selector).bounding_box()
        assert box is not None and box["width"] > 100 and box["height"] > 50
        return page.eval_on_selector(selector, COUNT)

    return count


COUNT = """canvas => {
    const { width, height } = canvas;
    const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    let drawn = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at] > 0) drawn++;
    return drawn;
}"""
