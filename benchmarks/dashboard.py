"""How fast the room opens, how fast it plays, and whether it forgets browsers that have left.

Run from the root of the project, with nothing else going on::

    python benchmarks/dashboard.py [open|play|memory]

*Open*: seconds from starting the server to the first drawn map, median of several starts; warm
with compiled code in place, cold with an empty user's cache, so that the kernels are compiled
first. *Play*: map updates a second on Meridian while the model steps. *Memory*: resident memory of
the server after each of three rounds of 20 scripted browsers, five of them at a time.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"]
WARM, COLD = 5, 3
PLAYED, END = 8.0, 500  # seconds, or the week, whichever comes first
ROUNDS, BROWSERS, TOGETHER = 3, 20, 5


@contextmanager
def server(**environment: str) -> Iterator[tuple[str, psutil.Process]]:
    """A server on a free port: its address and its process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tocsin", "dashboard", "--port", "0", "--no-browser"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, **environment},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def drawn(browser: Any, address: str) -> Any:
    """A page in a new browser, once its map is drawn."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(address)
    page.wait_for_selector(".map[data-drawn]", timeout=120_000)
    return page


def opening(browser: Any) -> None:
    """Print how long it takes from nothing to the first map."""
    for name, times in (("cold", COLD), ("warm", WARM)):
        seconds = []
        for _ in range(times):
            with tempfile.TemporaryDirectory() as empty:
                caches = {"XDG_CACHE_HOME": empty}
                began = time.perf_counter()
                with server(**(caches if name == "cold" else {})) as (address, _):
                    page = drawn(browser, address)
                    seconds.append(time.perf_counter() - began)
                    page.context.close()
        print(f"open, {name}: median {statistics.median(seconds):.1f} s of {times} "
              f"(from {min(seconds):.1f} to {max(seconds):.1f})")  # fmt: skip


def playing(browser: Any) -> None:
    """Print map updates a second at two speeds."""
    with server() as (address, _):
        for speed, name in (("16", "16 weeks a second"), ("0", "as fast as it goes")):
            page = drawn(browser, f"{address}/?scenario=baseline&seed=1&week=52")
            page.select_option(".bar select", speed)
            first, week, began = *counted(page), time.perf_counter()
            page.click(".bar-play")
            last, later, ended = first, week, began
            while later < END and ended - began < PLAYED:  # a fast run is over before the time is
                time.sleep(0.05)
                last, later, ended = *counted(page), time.perf_counter()
            shipments = page.get_attribute(".map", "data-shipments")
            span = ended - began
            updates, weeks = (last - first) / span, (later - week) / span
            print(f"play, {name}: {updates:.1f} map updates and {weeks:.0f} weeks a second, "
                  f"{shipments} shipments drawn")  # fmt: skip
            page.context.close()


def counted(page: Any) -> tuple[int, int]:
    """Maps drawn so far, and the week."""
    return tuple(page.evaluate(
        "[Number(document.querySelector('.map').dataset.drawn),"
        " Number(document.querySelector('.bar').dataset.week)]"
    ))  # fmt: skip


def remembering(browser: Any) -> None:
    """Print the server's memory after each round of browsers."""
    with server() as (address, process):
        after = []
        for number in range(1, ROUNDS + 1):
            for _ in range(BROWSERS // TOGETHER):
                pages = [drawn(browser, f"{address}/?week=104&seed={number}")
                         for _ in range(TOGETHER)]  # fmt: skip
                for page in pages:
                    page.locator("#lever--cooperation\\.sharing").fill("0.9")
                    page.click(".bar-play")
                time.sleep(2)
                for page in pages:
                    page.goto("about:blank")  # a browser that leaves says so
                    page.context.close()
            time.sleep(5)
            after.append(process.memory_info().rss / 2**20)
            print(f"memory, round {number}: {after[-1]:.0f} MB")
        print(f"memory: round 3 is {after[2] / after[1]:.2f} times round 2")


def main() -> None:
    """Measure what was asked for, or everything."""
    measures = {"open": opening, "play": playing, "memory": remembering}
    path = os.environ.get("TOCSIN_BROWSER") or shutil.which("chromium")
    os.chdir(Path(__file__).resolve().parents[1])
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=ARGUMENTS)
        for name in sys.argv[1:] or measures:
            measures[name](browser)
        browser.close()


if __name__ == "__main__":
    main()
