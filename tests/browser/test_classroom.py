"""A class in real browsers: a trainer and teams, from the code on the screen to the debrief."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRIAL = ROOT / "tests" / "classroom" / "trial.toml"
HOSTILE = "<img src=x onerror=1>"


@dataclass
class Server:
    """A running class."""

    base: str
    trainer: str
    folder: Path
    process: "subprocess.Popen[str]"

    @property
    def code(self) -> str:
        first = (self.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()[0]
        return json.loads(first)["data"]["code"]

    @property
    def key(self) -> str:
        return self.trainer.partition("key=")[2]

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def open_class(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start ``tocsin classroom`` on a fresh port; all end with the test."""
    servers: list[Server] = []
    folder = tmp_path / "session"

    def start(*arguments: str, port: int = 0) -> Server:
        process = subprocess.Popen(
            [sys.executable, "-m", "tocsin", "classroom", *arguments, "--session", str(folder),
             "--port", str(port), "--no-browser", "--pace", "1", "--lucks", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
        )  # fmt: skip
        assert process.stdout is not None
        trainer = process.stdout.readline().strip()
        assert trainer.startswith("http://127.0.0.1:")
        servers.append(Server(trainer.partition("/trainer")[0], trainer, folder, process))
        return servers[-1]

    yield start
    for server in servers:
        server.process.terminate()
        try:
            server.process.wait(10)
        except subprocess.TimeoutExpired:
            server.process.kill()


def join(page: Any, code: str, seat: str, team: str) -> str:
    """Take a seat as a team does; returns the team's own code."""
    page.fill("input[type=text]", code)
    page.click("button.main")
    page.get_by_label(seat, exact=False).check()
    page.fill("input[type=text]", team)
    page.click("button.main")
    page.wait_for_selector(".class-steps")
    return page.inner_text(".class-team strong")


def decide(page: Any, share: float, flow: float) -> None:
    """Move the first slider, predict, hand in."""
    page.wait_for_selector("button[data-id=in]")
    page.eval_on_selector(
        ".class-range input",
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }",
        share,
    )
    page.fill("input[type=number]", str(flow))
    page.click("button[data-id=in]")
    page.wait_for_selector("button[data-id=back]")


def test_what_a_team_enters_stays_while_another_takes_a_seat(
    open_class: Callable[..., Server], open_page: Callable[..., Any],
) -> None:  # fmt: skip
    server = open_class(str(TRIAL))
    slow, quick = open_page(server.base), open_page(server.base)
    slow.fill("input[type=text]", server.code)
    slow.click("button.main")
    slow.get_by_label("Talmoria", exact=False).check()
    slow.locator("input[type=text]").press_sequentially("Tal")
    join(quick, server.code, "Sevrin", "Quick")
    slow.wait_for_function("!document.body.innerText.includes('Sevrin')")
    assert slow.get_by_label("Talmoria", exact=False).is_checked()
    slow.keyboard.type("m")
    assert slow.input_value("input[type=text]") == "Talm"
    slow.click("button.main")
    slow.wait_for_selector(".class-steps")
    assert "Team Talm." in slow.inner_text(".class-team")


def test_a_lesson_is_played_and_survives_a_kill(
    open_class: Callable[..., Server], open_page: Callable[..., Any],
    drawn_pixels: Callable[[Any, str], int],
) -> None:  # fmt: skip
    server = open_class(str(TRIAL))
    trainer = open_page(server.trainer)
    trainer.wait_for_selector(".class-board table")
    big = open_page(server.base + trainer.get_attribute("text=Open the big screen", "href"))
    big.wait_for_selector(".map[data-drawn]")
    assert server.code in big.inner_text("body") and server.key not in big.content()
    sevrin, talmoria = open_page(server.base), open_page(server.base, 1024)
    sevrin.fill("input[type=text]", "AAAA-BBBB")
    sevrin.click("button.main")
    sevrin.wait_for_selector(".class-said.fault:not([hidden])")
    mine = join(sevrin, server.code, "Sevrin", HOSTILE)
    join(talmoria, server.code, "Talmoria", "Talm")
    assert HOSTILE in sevrin.inner_text(".class-team")
    trainer.wait_for_selector(f"text={HOSTILE}")
    assert trainer.locator("img[src=x]").count() == sevrin.locator("img[src=x]").count() == 0

    trainer.click("button[data-id=next]")
    decide(sevrin, 0.1, 25_000)
    trainer.wait_for_selector(".class-state.ready")
    assert "10 %" in trainer.inner_text(".class-board")
    assert "10 %" not in talmoria.inner_text(".room-page") and mine not in talmoria.content()
    decide(talmoria, 0.9, 26_000)
    trainer.click("button[data-id=run]")
    for page in (sevrin, talmoria):
        page.wait_for_selector("text=Year 1 is over")
        assert drawn_pixels(page, ".map-ground") > 20_000
    trainer.click("button[data-id=next]")
    decide(sevrin, 0.2, 25_000)
    trainer.wait_for_selector(".class-state.ready")
    port = int(server.base.rpartition(":")[2])
    for page in (trainer, big, sevrin, talmoria):
        page.context.close()
    server.kill()

    again = open_class(port=port)
    assert again.trainer == server.trainer
    trainer, sevrin = open_page(again.trainer), open_page(again.base)
    sevrin.fill("input[type=text]", mine.lower())
    sevrin.click("button.main")
    sevrin.wait_for_selector("button[data-id=back]")
    assert "20 %" in sevrin.inner_text(".class-form")
    trainer.click("button[data-id=run]")
    sevrin.wait_for_selector("text=Year 2 is over")
    trainer.click("button[data-id=debrief]")
    sevrin.wait_for_selector("text=The same luck, if all had cooperated", timeout=240_000)
    with trainer.expect_download() as download:
        trainer.click("text=Save the report")
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert HOSTILE not in report and "&lt;img src=x" in report
    assert "http" not in report.replace("http://www.w3.org", "")


def test_pages_of_others_stay_shut(
    open_class: Callable[..., Server], open_page: Callable[..., Any]
) -> None:
    server = open_class(str(TRIAL))
    for address in ("/trainer", "/trainer?key=guess", "/screen?key=guess", "/team?code=AAAA-BBBB",
                    f"/team?code={server.code}"):  # fmt: skip
        page = open_page(server.base + address)
        page.wait_for_selector(".class-narrow h1")
        assert page.locator(".class-board, .map, .class-form").count() == 0
        assert server.code not in page.inner_text("body")


@pytest.mark.slow
def test_twenty_browsers_play_three_years(
    open_class: Callable[..., Server], open_page: Callable[..., Any]
) -> None:
    """Seven teams, three browsers each but for one; all see the end of every year."""
    server = open_class("one_road")
    trainer = open_page(server.trainer)
    trainer.wait_for_selector(".class-board table")
    trainer.set_default_timeout(180_000)
    seats = trainer.locator(".class-board tbody th").all_inner_texts()
    pages: list[Any] = []
    for number in range(20):
        page = open_page(server.base, 1024, 768)
        page.set_default_timeout(180_000)
        page.wait_for_selector("input[type=text]")
        if number < len(seats):
            page.code = join(page, server.code, seats[number], f"team {number}")
        else:
            page.fill("input[type=text]", pages[number % len(seats)].code)
            page.click("button.main")
            page.wait_for_selector(".class-steps")
        page.wait_for_selector(".map[data-drawn]")
        pages.append(page)
    for year in (1, 2, 3):
        trainer.click("button[data-id=next]")
        for number, page in enumerate(pages[: len(seats)]):
            decide(page, 0.1 * number, 25_000 + year)
        trainer.wait_for_selector("text=All teams have handed in")
        trainer.click("button[data-id=run]")
        for page in pages:
            page.wait_for_selector(f"text=Year {year} is over")
