"""The report in a real browser, from the file system: quiet, harmless, as narrow as a phone."""

from dataclasses import replace

import pytest
from tocsin.experiments.comparing.comparison import compare
from tocsin.experiments.telling.findings import Effort, find_out
from tocsin.experiments.telling.report import write_report
from tocsin.simulation.scenario.files import load

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    evil = replace(load("all_three"), name="evil", title=EVIL, question=EVIL, description=EVIL)
    comparison = compare(["baseline", "more_capacity", evil], 3, weeks=52, workers=1)
    findings = find_out(comparison, Effort(2, 0, 4, 1), workers=1)
    file = tmp_path_factory.mktemp("report") / "report.html"
    write_report(findings, file, "tocsin compare baseline evil.toml")
    return file


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_opens_from_a_file_and_asks_nobody(browser, page_file, width):
    page = browser.new_page(viewport={"width": width, "height": 844})
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    page.goto(page_file.as_uri())
    page.wait_for_timeout(200)
    outside = [url for url in asked if not url.startswith(("data:", page_file.as_uri()))]
    assert outside == []
    assert said == []
    assert EVIL in page.inner_text("body")
    assert page.evaluate("document.querySelectorAll('script, img').length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    drawn = page.evaluate(
        "[...document.querySelectorAll('svg.picture')].map(p => p.getBoundingClientRect())"
        ".map(r => [r.width, r.height])"
    )
    assert len(drawn) > 8
    assert all(w > 250 and h > 40 for w, h in drawn)
    page.close()


def test_the_page_prints(browser, page_file):
    page = browser.new_page()
    page.goto(page_file.as_uri())
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="print")
    assert not page.is_visible("nav")
    assert page.is_visible("#answer")
    page.close()
