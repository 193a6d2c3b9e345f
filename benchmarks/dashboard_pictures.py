"""Renew the pictures of the pages in docs/pictures, at both widths that they are made for.

Run from anywhere::

    python benchmarks/dashboard_pictures.py
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

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


def main() -> None:
    """Open every page and keep what it looks like."""
    tocsin = [sys.executable, "-m", "tocsin"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        subprocess.run(
            [*tocsin, "compare", "baseline", "more_capacity", "--replications", "8", "--weeks",
             "208", "--out", f"{folder}/results/capacity"],
            cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        process = subprocess.Popen(
            [*tocsin, "dashboard", "--port", "0", "--no-browser", "--results", f"{folder}/results"],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            path = os.environ.get("TOCSIN_BROWSER") or shutil.which("chromium")
            browser = player.chromium.launch(executable_path=path, args=["--no-sandbox"])
            for name, place in PAGES.items():
                for width in WIDTHS:
                    page = browser.new_page(viewport={"width": width, "height": 900})
                    page.goto(address + place)
                    page.wait_for_selector(".ready", timeout=120_000)
                    page.wait_for_timeout(5000)
                    if name == "results":
                        page.click(".results-list button")
                        page.wait_for_selector(".verdicts tbody tr")
                    if name == "explore":
                        page.select_option(".feed select", "operation")
                        page.wait_for_timeout(500)
                        page.click(".feed-event button")
                        page.wait_for_selector(".feed-why li")
                    seen = Image.open(io.BytesIO(page.screenshot(full_page=name != "first_steps")))
                    small = seen.convert("RGB").quantize(
                        COLOURS, kmeans=2, dither=Image.Dither.NONE
                    )
                    small.save(OUT / f"room_{name}_{width}.png", optimize=True)
                    page.close()
            browser.close()
        finally:
            process.terminate()
            process.wait(20)


if __name__ == "__main__":
    main()
