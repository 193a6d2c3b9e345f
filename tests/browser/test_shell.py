"""Every page opens, fits, can be read and asks nothing from elsewhere (see `open_page`)."""

from collections.abc import Callable
from typing import Any

import pytest

# Each page, and what is drawn last of each of its pieces.
PAGES = {
    "": (".map[data-drawn]", ".bar[data-week]", ".charts[data-weeks]", ".levers .lever",
         ".feed-list li", ".inside p", ".story-question", ".tour-start button"),
    "compare": (".compare-maps .card:nth-child(3) .map[data-drawn]", ".bar[data-week]",
                ".charts[data-weeks]", ".parting p", ".luck-row",
                ".compare-sides .card:nth-child(2) .story-question"),
    "results": (".results-list h2", ".results-view > *"),
    "first-steps": (".card",),
}  # fmt: skip

# Texts whose contrast with what is painted behind them is below 4.5; disabled controls are exempt.
FAINT = """() => {
    const numbers = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
    const light = (c) => {
        const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        const [r, g, b] = c.map((v) => linear(v / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const faint = [];
    for (const node of document.querySelectorAll(".room *")) {
        const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
        if (!own || node.closest(":disabled, .hidden") || !node.checkVisibility()) continue;
        let behind = node, ground = [255, 255, 255];
        for (; behind; behind = behind.parentElement) {
            const found = numbers(getComputedStyle(behind).backgroundColor);
            if (found.length === 3 || found[3] > 0.99) { ground = found.slice(0, 3); break; }
        }
        const text = numbers(getComputedStyle(node).color).slice(0, 3);
        const [high, low] = [light(text), light(ground)].sort((a, b) => b - a);
        const ratio = (high + 0.05) / (low + 0.05);
        if (ratio < 4.5) faint.push(`${node.textContent.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
    }
    return faint;
}"""


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_fits_and_can_be_read(
    room: Any, open_page: Callable[..., Any], name: str, width: int
) -> None:
    page = open_page(f"{room.address}/{name}", width)
    page.wait_for_selector(".ready")
    for piece in PAGES[name]:
        page.wait_for_selector(piece, state="attached")
    assert page.locator("header.room-head").count() == 1
    assert page.locator(".room-nav a").count() == len(PAGES)
    assert page.locator("[aria-current=page]").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(FAINT) == []
    for card in page.locator(".card").all():
        box = card.bounding_box()
        assert box is None or (box["width"] > 100 and box["height"] > 40)


def test_the_guards_see_what_they_are_for(browser: Any, watch: Any, drawn_pixels: Any) -> None:
    page = browser.new_page()
    watch.over(page)
    page.route("http://192.0.2.1/**", lambda route: route.abort())
    with page.expect_event("pageerror"), page.expect_request("http://192.0.2.1/**"):
        page.set_content(
            "<div class=room><p style='color:#999'>faint</p></div>"
            "<canvas style='width:300px;height:200px' width=300 height=200></canvas>"
            "<script>console.error('bad'); new Image().src = 'http://192.0.2.1/x.png';"
            "setTimeout(() => { throw new Error('worse') })</script>"
        )
    assert len(page.evaluate(FAINT)) == 1
    assert drawn_pixels(page, "canvas") == 0
    assert watch.outside == ["http://192.0.2.1/x.png"]
    assert {"bad", "worse"} <= {error.split(" (")[0] for error in watch.errors}
    page.close()


def test_only_this_machine_is_listened_to(room: Any) -> None:
    psutil = pytest.importorskip("psutil")
    listening = [
        connection.laddr.ip
        for connection in psutil.Process(room.process.pid).net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening == ["127.0.0.1"]
