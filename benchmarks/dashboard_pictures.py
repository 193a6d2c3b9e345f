"""Renew the pictures of the pages in docs/pictures: of the room at both widths, and of a class.

Run from anywhere::

    python benchmarks/dashboard_pictures.py [room] [class]
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "pictures"
WIDTHS = (1440, 1024)
COLOURS = 256
PAGES = {
    "explore": "/?scenario=baseline&seed=7&week=260&move=105:capacity.funding_musd_per_year:40.0",
    "compare": "/compare?scenario=baseline&seed=7&week=260&other=more_capacity",
    "results": "/results",
    "first_steps": "/first-steps",
}


SEATS = {"Vestholm": "Harbour office", "Sevrin": "Pass road", "Kurmania": "South gate",
         "The Bureau": "Table of six"}  # fmt: skip


def main() -> None:
    """Open every page and keep what it looks like."""
    chosen = sys.argv[1:] or ["room", "class"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        path = os.environ.get("TOCSIN_BROWSER") or shutil.which("chromium")
        browser = player.chromium.launch(executable_path=path, args=["--no-sandbox"])
        if "room" in chosen:
            room(browser, Path(folder))
        if "class" in chosen:
            classroom(browser, Path(folder))
        browser.close()


def started(*arguments: str) -> tuple["subprocess.Popen[str]", str]:
    """A server and the address that it says."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tocsin", *arguments, "--port", "0", "--no-browser"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def keep(page: Any, name: str, whole: bool = True) -> None:
    """Write what a page looks like from its top, with few colours."""
    page.evaluate(
        "window.scrollTo(0, 0)"
    )  # what sticks to the top is drawn where it is scrolled to
    page.wait_for_timeout(800)
    seen = Image.open(io.BytesIO(page.screenshot(full_page=whole))).convert("RGB")
    small = seen.quantize(COLOURS, kmeans=2, dither=Image.Dither.NONE)
    small.save(OUT / f"{name}.png", optimize=True)


def room(browser: Any, folder: Path) -> None:
    """The pages of the dashboard."""
    subprocess.run(
        [sys.executable, "-m", "tocsin", "compare", "baseline", "more_capacity", "--replications",
         "8", "--weeks", "208", "--out", f"{folder}/results/capacity"],
        cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    process, address = started("dashboard", "--results", f"{folder}/results")
    try:
        for name, place in PAGES.items():
            for width in WIDTHS:
                page = browser.new_page(viewport={"width": width, "height": 900})
                page.set_default_timeout(120_000)
                page.goto(address + place)
                page.wait_for_selector(".ready")
                if name in ("explore", "compare"):
                    page.wait_for_selector(".bar[data-week='260']")
                    page.wait_for_selector(".charts[data-weeks='260']")
                if name == "results":
                    page.click(".results-list button")
                    page.wait_for_selector(".verdicts tbody tr")
                if name == "explore":
                    page.select_option(".feed select", "operation")
                    page.wait_for_selector(".feed-event.kind-arrest")
                    page.click(".feed-event button")
                    page.wait_for_selector(".feed-why li")
                keep(page, f"room_{name}_{width}", whole=name != "first_steps")
                page.close()
    finally:
        process.terminate()
        process.wait(20)


def classroom(browser: Any, folder: Path) -> None:
    """The pages of a class in its second year, and its debrief."""
    process, trainer = started("classroom", "one_road", "--session", f"{folder}/session",
                               "--pace", "8")  # fmt: skip
    base = trainer.partition("/trainer")[0]
    first = (folder / "session" / "journal.jsonl").read_text(encoding="utf-8").splitlines()[0]
    code = json.loads(first)["data"]["code"]

    def opened(address: str, width: int = 1440) -> Any:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(address)
        return page

    try:
        desk = opened(trainer)
        screen = opened(base + desk.get_attribute("text=Open the big screen", "href"))
        teams = []
        for seat, name in SEATS.items():
            page = opened(base, 1200)
            page.fill("#f-code", code)
            page.click("button[data-id=go]")
            page.check(f".class-card:has(strong:text-is('{seat}')) input")
            if not teams:
                keep(page, "classroom_join")
            page.fill("#f-name", name)
            page.click("button[data-id=take]")
            page.wait_for_selector(".map[data-drawn]")
            teams.append(page)
        for year in (1, 2):
            desk.click("button[data-id=next]")
            for number, page in enumerate(teams):
                page.wait_for_selector("button[data-id=in]")
                slider = page.locator(".class-range input").first
                slider.press("End" if number % 2 == 0 else "Home")
                page.fill("#f-flow", str(26_000 + 700 * number))
                if year == 2 and number == 2:
                    keep(page, "classroom_team")
                    keep(desk, "classroom_trainer")
                page.click("button[data-id=in]")
                page.wait_for_selector("button[data-id=back]")
            desk.click("button[data-id=run]")
            if year == 2:
                screen.wait_for_function(
                    "Number(document.querySelector('.map').dataset.week) % 52 > 20"
                )
                keep(screen, "classroom_screen")
            for page in teams:
                page.wait_for_selector(f"text=Year {year} is over")
        keep(teams[0], "classroom_result")
        desk.click("button[data-id=debrief]")
        teams[0].wait_for_selector("text=The same lucks, if all had cooperated")
        keep(teams[0], "classroom_debrief")
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
