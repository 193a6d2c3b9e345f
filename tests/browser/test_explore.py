"""Explore in a browser: the map lives, keys are enough, two browsers are two."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

Open = Callable[..., Any]


def opened(open_page: Open, address: str, **more: Any) -> Any:
    page = open_page(address, **more)
    page.wait_for_selector(".map[data-drawn]")
    page.wait_for_selector(".bar[data-week]")
    return page


def week(page: Any) -> int:
    return int(page.get_attribute(".bar", "data-week"))


def wait_for_week(page: Any, wanted: int) -> None:
    page.wait_for_function(f"Number(document.querySelector('.bar').dataset.week) === {wanted}")


def moves(page: Any) -> list[str]:
    return page.locator(".levers-moves li span").all_inner_texts()


def test_the_map_is_drawn_and_lives(
    room: Any, open_page: Open, drawn_pixels: Callable[[Any, str], int], count_pixels: str
) -> None:
    page = opened(open_page, f"{room.address}/?scenario=baseline&seed=1&week=40")
    assert drawn_pixels(page, ".map-ground") > 100_000
    still = drawn_pixels(page, ".map-moving")
    assert still > 5_000
    frames = int(page.get_attribute(".map", "data-drawn"))
    page.keyboard.press("Space")
    page.wait_for_function(f"Number(document.querySelector('.map').dataset.drawn) > {frames + 5}")
    page.keyboard.press("Space")
    page.wait_for_selector(".bar[data-playing=false]")
    assert int(page.get_attribute(".map", "data-shipments")) > 20
    for layer in ("shades", "shipments", "seizures", "tips", "names"):
        page.uncheck(f"[data-layer={layer}]")
    page.wait_for_function(f"({count_pixels})(document.querySelector('.map-moving')) === 0")


def test_keys_alone_are_enough(room: Any, open_page: Open) -> None:
    page = opened(open_page, room.address)
    page.keyboard.press("ArrowRight")
    wait_for_week(page, 1)
    page.keyboard.press("ArrowRight")
    wait_for_week(page, 2)
    page.keyboard.press("ArrowLeft")
    wait_for_week(page, 1)
    page.keyboard.press("Space")
    page.wait_for_selector(".bar[data-playing=true]")
    page.keyboard.press("Space")
    page.wait_for_selector(".bar[data-playing=false]")
    reached = set()
    for _ in range(70):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(
            "(() => { const a = document.activeElement;"
            "return a.dataset.kind || a.id || a.getAttribute('aria-label') || a.dataset.layer"
            " || a.textContent.trim().slice(0, 24); })()"
        ))  # fmt: skip
    for control in ("lever--cooperation.sharing", "Week", "with other luck", "About this scenario",
                    "network", "terrain", "More levers", "Compare"):  # fmt: skip
        assert any(control in str(name) for name in reached), (control, reached)
    page.focus("#lever--operations\\.patrol_budget")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".levers-moves li")
    assert "Officers on patrol" in moves(page)[0]


def test_a_lever_back_and_a_link_give_the_same_run(
    room: Any, open_page: Open, tmp_path: Path
) -> None:
    page = opened(open_page, f"{room.address}/?scenario=baseline&seed=11&week=20")
    lever = "#lever--capacity\\.funding_musd_per_year"
    page.locator(lever).fill("60")
    page.wait_for_selector(".levers-moves li")
    assert moves(page) == ["From week 21: Capacity-building funds 60 million USD a year"]
    page.locator(".bar-slider").fill("50")
    wait_for_week(page, 50)
    page.locator(".bar-slider").fill("10")
    wait_for_week(page, 10)
    page.locator(".bar-slider").fill("50")
    wait_for_week(page, 50)
    with page.expect_download() as saved:
        page.click(".bar-keep button:has-text('Scenario file')")
    path = tmp_path / "steered.toml"
    saved.value.save_as(path)
    whole = run(load(path), 11, weeks=50).fingerprint
    page.click("button:has-text('Run card')")
    page.wait_for_function("document.querySelector('.bar-note').textContent.includes('Finger')")
    assert whole[:16] in page.inner_text(".bar-note")
    with page.expect_download() as series:
        page.click("button:has-text('Series')")
    assert "delivered" in Path(series.value.path()).read_text().splitlines()[0]
    page.wait_for_function("location.search.includes('week=50')")
    again = opened(open_page, page.url)
    again.click("button:has-text('Run card')")
    again.wait_for_function("document.querySelector('.bar-note').textContent.includes('Finger')")
    assert whole[:16] in again.inner_text(".bar-note")


def test_two_browsers_do_not_feel_each_other(room: Any, open_page: Open) -> None:
    one = opened(open_page, f"{room.address}/?scenario=baseline&seed=1&week=5")
    two = opened(open_page, f"{room.address}/?scenario=baseline&seed=1&week=5")
    one.locator("#lever--cooperation\\.sharing").fill("0.9")
    one.wait_for_selector(".levers-moves li")
    one.click(".bar-play")
    one.wait_for_function("Number(document.querySelector('.bar').dataset.week) > 8")
    two.keyboard.press("ArrowRight")
    wait_for_week(two, 6)
    assert moves(two) == []
    two.locator(".bar-seed").fill("9")
    two.keyboard.press("Enter")
    two.wait_for_selector(".bar[data-seed='9']")
    assert one.get_attribute(".bar", "data-seed") == "1"
    assert week(one) > 8


def test_why_and_inside(room: Any, open_page: Open) -> None:
    page = opened(open_page, f"{room.address}/?scenario=baseline&seed=2&week=120")
    page.select_option(".feed select", "watch")
    page.wait_for_function(
        "[...document.querySelectorAll('.feed-event')].every(e => e.matches('.kind-watch'))"
    )
    page.locator(".feed-event button").first.click()
    page.wait_for_selector(".feed-why li")
    assert page.inner_text(".feed-why").startswith("Week ")
    page.select_option(".inside select[data-kind=network]", "2")
    page.wait_for_selector(".inside-graph circle")
    assert page.locator(".inside-graph circle").count() >= 5
    box = page.locator(".map-moving").bounding_box()
    place = {"x": box["width"] * 0.35, "y": box["height"] * 0.25}
    page.click(".map-moving", position=place)  # the feed may have scrolled the map out of sight
    page.wait_for_function("document.querySelector('.inside h3')?.textContent.includes('agency')")


HOSTILE = """schema = 1
title = "<img src=x onerror=document.title='taken'><script>document.title='taken'</script>"
question = "<b>Which?</b>"
author = "somebody"
description = "<script>document.title='taken'</script>"
parent = "baseline"
[cooperation]
sharing = { value = 0.7, reason = "<i>try</i>" }
"""


def test_uploads_are_escaped_limited_and_kept_inside(room: Any, open_page: Open) -> None:
    page = opened(open_page, room.address)

    def send(name: str, data: str) -> None:
        page.set_input_files(
            ".story-upload", {"name": name, "mimeType": "text/plain", "buffer": data.encode()}
        )

    page.click(".story-more summary")
    send("big.toml", "#" * 300_000)
    page.wait_for_selector(".story .notice")
    assert "too large" in page.inner_text(".story .notice")
    send("out.toml", HOSTILE.replace('"baseline"', '"../../etc/passwd"'))
    page.wait_for_function(
        "document.querySelector('.story .notice')?.textContent.includes('parent')"
    )
    assert "root:" not in page.content()
    send("<img src=x onerror=alert(1)>.toml", HOSTILE)
    page.wait_for_function(
        "document.querySelector('.story-question').textContent.includes('Which')"
    )
    assert page.inner_text(".story-question") == "<b>Which?</b>"
    assert page.locator(".story img, .story b, .story script, .story i").count() == 0
    assert page.title() != "taken"
    page.wait_for_selector(".levers-body output:text-is('0.7')")


def test_the_tour_goes_from_piece_to_piece(room: Any, open_page: Open) -> None:
    page = opened(open_page, f"{room.address}/?tour=1")
    page.wait_for_selector(".tour")
    titles = []
    while page.locator(".tour").count():
        titles.append(page.inner_text(".tour h2"))
        box = page.locator(".tour").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 1440
        page.keyboard.press("ArrowRight")
    assert len(titles) == len(set(titles)) == 8


@pytest.mark.parametrize("scenario", ["central_asia_2010"])
def test_another_world_is_drawn_in_the_same_page(
    room: Any, open_page: Open, drawn_pixels: Callable[[Any, str], int], scenario: str
) -> None:
    page = opened(open_page, room.address)
    page.select_option(".story select", scenario)
    page.wait_for_function("location.search.includes('central_asia')")
    page.keyboard.press("ArrowRight")
    wait_for_week(page, 1)
    assert drawn_pixels(page, ".map-ground") > 100_000
    assert re.search("Tajikistan", page.inner_text(".inside"))


def test_a_whole_page_is_pictured_with_its_time_bar_where_it_belongs(
    room: Any, open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bar sticks to the top of the window, which is the middle of a page scrolled down."""
    dashboard_pictures = pytest.importorskip("benchmarks.dashboard_pictures")
    monkeypatch.setattr(dashboard_pictures, "OUT", tmp_path)
    page = opened(open_page, f"{room.address}/?scenario=baseline&seed=1&week=40")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    bar = "document.querySelector('.bar').closest('.card').getBoundingClientRect().top + scrollY"
    page.wait_for_function(f"scrollY > 200 && ({bar}) > 200")
    dashboard_pictures.keep(page, "explore")
    assert page.evaluate(bar) < 150
    assert (tmp_path / "explore.png").is_file()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_note_of_the_map_and_cautions_are_read_on_every_screen(
    room: Any, open_page: Open, width: int
) -> None:
    page = opened(open_page, f"{room.address}/?scenario=before_tarcet&seed=1&week=2", width=width)
    note = page.locator(".map-said")
    folded = note.bounding_box()["height"]
    assert note.inner_text().startswith("On the map: Disputed or special areas")
    assert folded < 60  # two lines
    note.locator("summary").click()
    assert note.bounding_box()["height"] > folded
    text = note.locator("span")
    assert text.inner_text() == f"On the map: {load('before_tarcet').grid.note}"
    assert text.evaluate("one => one.scrollHeight <= one.clientHeight + 1")  # nothing is cut off
    said = page.locator(".charts-cautions")
    assert "The statement and all plain indicators speak of heroin only" in said.inner_text()
    box = said.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.select_option(".story select", "baseline")
    page.wait_for_selector(".charts-cautions", state="hidden")
    assert not note.is_visible()
