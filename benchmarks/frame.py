"""The time of one frame of the room, split into model, encoding and drawing.

*Model* is one week of the run that is shown. *Encoding* is what the server makes of it: the bytes
of the map, charts and texts when they are due. *Drawing* is what the page's main thread does for
each frame while it plays: script, layout and painting. The way between the two is not in it.
"""

import os
import shutil
from statistics import median
from time import sleep
from typing import Any

from benchmarks.figures import Figure, timed

FIRST, WEEKS = 104, 200
PLAYED = 6.0  # seconds


def measure() -> list[Figure]:
    """Three times a frame; drawing is left out without a browser."""
    from tocsin.dashboard.pages.explore import Explorer

    explorer = Explorer()
    explorer.run.step(FIRST)
    model, encoding = [], []
    for _ in range(WEEKS):
        model.append(timed(lambda: explorer.run.step(1)))
        encoding.append(timed(lambda: explorer.show(glide=0.05, everything=False)))
    size = len(explorer.map.frame) / 1024
    return [
        Figure("model", 1e3 * median(model), "ms", "one week, its comparison run included"),
        Figure("encoding", 1e3 * median(encoding), "ms",
               f"{size:.0f} kB, {explorer.run.model.world.shipments.count} shipments"),
        *_drawing(),
    ]  # fmt: skip


def _drawing() -> list[Figure]:
    path = os.environ.get("TOCSIN_BROWSER") or shutil.which("chromium")
    if path is None:
        return []
    from playwright.sync_api import sync_playwright

    from benchmarks.dashboard import ARGUMENTS, drawn, server

    with sync_playwright() as player, server() as (address, _):
        browser = player.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = drawn(browser, f"{address}/?scenario=baseline&seed=1&week={FIRST}")
        page.select_option(".bar select", "16")  # weeks a second, so that it plays all the time
        tools = page.context.new_cdp_session(page)
        tools.send("Performance.enable")
        page.click(".bar-play")
        sleep(1)
        before, frames = _busy(tools), _frames(page)
        sleep(PLAYED)
        busy, frames = _busy(tools) - before, _frames(page) - frames
        browser.close()
    return [Figure("drawing", 1e3 * busy / frames, "ms", f"{frames / PLAYED:.0f} frames a second")]


def _busy(tools: Any) -> float:
    """Seconds of work of the page's main thread so far."""
    metrics = tools.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in metrics if one["name"] == "TaskDuration")


def _frames(page: Any) -> int:
    return int(page.get_attribute(".map", "data-drawn"))
