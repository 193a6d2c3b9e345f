"""Every page by the keyboard alone: all can be reached, is seen to be, and can be used."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tocsin.cli import main

Open = Callable[..., Any]
# What has the focus: its words, and whether a line around it shows that.
FOCUSED = """() => {
    const node = document.activeElement, style = getComputedStyle(node);
    if (node === document.body) return ["", true];  // past the last one, before the first
    const name = node.id || node.getAttribute("aria-label") || node.dataset.kind ||
        node.labels?.[0]?.textContent || node.textContent;
    return [name.trim(), style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2];
}"""


@pytest.fixture(scope="module")
def results(open_room: Open, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A room with a comparison, a run and a report to look at."""
    folder = tmp_path_factory.mktemp("results")
    assert main(["compare", "baseline", "more_capacity", "--replications", "2", "--weeks", "20",
                 "--workers", "1", "--out", str(folder / "capacity")]) == 0  # fmt: skip
    (folder / "report.html").write_text("<h1>What was found</h1>", encoding="utf-8")
    return open_room("--results", str(folder))


def go_to(page: Any, wanted: str, most: int = 60) -> None:
    """Press the tab key until something has the focus whose name holds the words."""
    for _ in range(most):
        page.keyboard.press("Tab")
        name, outlined = page.evaluate(FOCUSED)
        assert outlined, f"the focus on {name[:40]!r} cannot be seen"
        if wanted in name:
            return
    pytest.fail(f"{wanted!r} cannot be reached")


def test_compare(room: Any, open_page: Open) -> None:
    page = open_page(f"{room.address}/compare?scenario=baseline&seed=3&week=8&other=all_three")
    page.wait_for_selector(".luck-row")
    page.wait_for_function("document.querySelectorAll('.map[data-week=\"8\"]').length === 3")
    go_to(page, "First")
    go_to(page, "Set its levers, from the start")
    page.keyboard.press("Enter")
    go_to(page, "lever-first-cooperation.sharing")
    for _ in range(4):  # as fast as keys can be pressed: no step is lost
        page.keyboard.press("ArrowRight")
    page.wait_for_selector(".levers-moves li:has-text('Intelligence shared 0.54')")
    page.wait_for_function(
        "Number(document.querySelector('[id=\"lever-first-cooperation.sharing\"]').value) === 0.54"
    )
    go_to(page, "undo")
    page.keyboard.press("Enter")
    page.wait_for_selector(".levers-moves", state="detached")
    go_to(page, "Play or pause")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelectorAll('.map[data-week=\"9\"]').length === 3")
    go_to(page, "Week")
    page.keyboard.press("Home")
    page.wait_for_selector(".bar[data-week='0']")
    go_to(page, "Pairs of runs")
    go_to(page, "Is it luck?")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-running=true]")
    go_to(page, "Stop")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-running=false] p:text-is('Stopped.')")


def test_results(results: Any, open_page: Open) -> None:
    page = open_page(f"{results.address}/results")
    page.wait_for_selector(".results-list button")
    go_to(page, "capacity")
    page.keyboard.press("Enter")
    page.wait_for_selector(".verdicts tbody tr")
    assert page.evaluate(FOCUSED) == ["capacity", True]  # it stays where it was
    assert page.get_attribute("[aria-current=true]", "data-number") == "0"
    go_to(page, "report.html")
    page.keyboard.press("Space")
    page.frame_locator(".results-page").locator("h1").wait_for()
    assert page.evaluate(FOCUSED) == ["report.html", True]


def test_first_steps(room: Any, open_page: Open) -> None:
    page = open_page(f"{room.address}/first-steps")
    page.wait_for_selector(".card")
    go_to(page, "Take the tour")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tour h2")
    page.keyboard.press("Escape")
    page.wait_for_selector(".tour", state="detached")
    go_to(page, "Results")
    page.keyboard.press("Enter")
    page.wait_for_selector(".results-list")


def test_a_class(open_class: Open, open_page: Open) -> None:
    """A team joins, decides and hands in; the trainer starts the year."""
    trial = Path(__file__).resolve().parents[1] / "classroom" / "trial.toml"
    server = open_class(str(trial))
    trainer, page = open_page(server.trainer), open_page(server.base)
    page.wait_for_selector("#f-code")
    go_to(page, "f-code")
    page.keyboard.type(server.code)
    page.keyboard.press("Enter")
    page.wait_for_selector("#f-name")
    go_to(page, "f-seat")
    page.keyboard.press("Space")
    go_to(page, "f-name")
    page.keyboard.type("Keys")
    page.keyboard.press("Enter")
    page.wait_for_selector(".class-steps")
    trainer.wait_for_selector("button[data-id=next]")
    go_to(trainer, "Start year 1")
    trainer.keyboard.press("Enter")
    page.wait_for_selector("button[data-id=in]")
    go_to(page, "f-countries.SEV.sharing")
    page.keyboard.press("End")
    go_to(page, "f-flow")
    page.keyboard.type("25000")
    go_to(page, "Hand in")
    page.keyboard.press("Enter")
    page.wait_for_selector("button[data-id=back]")
    trainer.wait_for_selector(".class-board :text('100 %')")
