"""Compare and results in a browser."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

SHORT = """schema = 1
title = "A short one"
question = "Is it luck?"
author = "The tests"
description = "The base over a year, so that pairs of runs are quick."
parent = "baseline"
[world]
weeks = { value = 40, reason = "short" }
"""


class Elsewhere:
    """A server that a report would like to ask, and what it was asked for."""

    def __init__(self) -> None:
        asked = self.asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_error(404)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    other = Elsewhere()
    yield other
    other.server.shutdown()
    other.server.server_close()


@pytest.fixture(scope="module")
def short_room(
    open_room: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory, elsewhere: Elsewhere
) -> Any:
    folder = tmp_path_factory.mktemp("room")
    (folder / "short.toml").write_text(SHORT)
    results = folder / "results"
    results.mkdir()
    (results / "report.html").write_text(
        "<title>A report</title><h1>What was found</h1>"
        "<script>parent.document.title = 'taken'</script>"
        f"<img src='{elsewhere.address}/x.png'>"
    )
    return open_room(str(folder / "short.toml"), "--results", str(results))


def test_both_maps_and_their_difference_are_drawn(
    room: Any, open_page: Callable[..., Any], drawn_pixels: Callable[[Any, str], int]
) -> None:
    page = open_page(f"{room.address}/compare?scenario=baseline&seed=3&week=60&other=all_three")
    page.wait_for_function("document.querySelectorAll('.map[data-week=\"60\"]').length === 3")
    for number in (1, 2, 3):
        card = f".compare-maps > .card:nth-child({number})"
        assert drawn_pixels(page, f"{card} .map-ground") > 30_000
        assert drawn_pixels(page, f"{card} .map-moving") > 3_000
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelectorAll('.map[data-week=\"61\"]').length === 3")
    assert "in week" in page.inner_text(".parting-week")
    assert "Delay of shared intelligence" in page.inner_text(".parting")


def test_is_it_luck(short_room: Any, open_page: Callable[..., Any]) -> None:
    page = open_page(f"{short_room.address}/compare")
    page.wait_for_selector(".map[data-drawn]")
    page.click(".compare-sides .card:nth-child(2) summary")
    page.locator("#lever-second-capacity\\.funding_musd_per_year").fill("150")
    page.wait_for_selector(".levers-moves li")
    page.click("button:has-text('Is it luck?')")
    page.wait_for_selector(".verdicts tbody tr")
    table = page.inner_text(".verdicts")
    assert "10 pairs" in table
    row = page.locator(".verdicts tr", has_text="Cost to IGO and agencies")
    assert "clearly worse" in row.inner_text()
    page.select_option(".luck-row select", "30")
    page.click("button:has-text('Is it luck?')")
    page.click("button:has-text('Stop')")
    page.wait_for_selector("[data-running=false] p:text-is('Stopped.')")


def test_a_report_is_shown_and_can_do_nothing(
    short_room: Any, open_page: Callable[..., Any], watch: Any, elsewhere: Elsewhere
) -> None:
    page = open_page(f"{short_room.address}/results")
    page.click(".results-list button")
    frame = page.frame_locator(".results-page")
    assert frame.locator("h1").inner_text() == "What was found"
    # the browser notes on the console that it blocked the script and the picture: as it should
    blocked = ("Blocked script execution", elsewhere.address)
    while not all(any(part in error for error in watch.errors) for part in blocked):
        page.wait_for_event("console")
    assert all(any(part in error for part in blocked) for error in watch.errors)
    assert page.title() != "taken"
    assert elsewhere.asked == []
    watch.errors.clear()
