"""A class in real browsers: a trainer and teams, from the code on the screen to the debrief."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

TRIAL = Path(__file__).resolve().parents[1] / "classroom" / "trial.toml"
HOSTILE = "<img src=x onerror=1>"
SHARING = "countries.{}.sharing"
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def lobby(open_class: Open) -> Any:
    """A class that nobody begins; tests take different seats in it."""
    return open_class(str(TRIAL))


def test_what_a_team_enters_stays_while_another_takes_a_seat(
    lobby: Any, open_page: Open, as_team: Open
) -> None:
    slow, quick = as_team(open_page(lobby.base)), as_team(open_page(lobby.base))
    slow.type_code(lobby.code)
    page = slow.page
    page.get_by_label("Talmoria").check()
    page.locator("#f-name").press_sequentially("Tal")
    quick.join(lobby.code, "Sevrin", "Quick")
    page.wait_for_selector(".class-card.taken:has-text('Taken by Quick')")
    assert page.get_by_label("Sevrin").is_disabled()
    assert page.get_by_label("Talmoria").is_checked()
    page.keyboard.type("m")
    assert page.input_value("#f-name") == "Talm"
    page.keyboard.press("Enter")
    page.wait_for_selector(".class-steps")
    assert "Team Talm." in page.inner_text(".class-team")


def test_a_click_counts_though_the_form_changes_under_it(
    lobby: Any, open_page: Open, as_team: Open
) -> None:
    """Between the press and the release of a button another team's news arrives."""
    slow, quick = as_team(open_page(lobby.base)), as_team(open_page(lobby.base))
    trainer = open_page(lobby.trainer)
    trainer.wait_for_selector(".class-board table")
    slow.type_code(lobby.code)
    slow.page.wait_for_selector("#f-name")
    slow.page.wait_for_selector("h1:text-is('Trial')")  # above the form: it moves no more
    before = slow.page.locator(".class-card.taken").count()
    slow.page.hover("button[data-id=take]")
    slow.page.mouse.down()
    assert slow.page.evaluate("document.activeElement.dataset.id") == "take"
    quick.join(lobby.code, "The Bureau", "Boss")
    trainer.wait_for_selector("[data-act=remove][data-seat=igo]")
    # what the page was told meanwhile, it draws on the release
    assert slow.page.locator(".class-card.taken").count() == before
    slow.page.mouse.up()
    slow.page.wait_for_selector(".class-said.fault:has-text('Choose one of the seats first')")
    slow.page.wait_for_selector(".class-card.taken:has-text('Taken by Boss')")

    trainer.clock.set_fixed_time(datetime.now())  # the second press may come as late as it likes
    trainer.click("[data-act=remove][data-seat=igo]")
    trainer.wait_for_selector("[data-act=remove]:has-text('Sure')")
    quick.page.close()
    trainer.click("[data-act=computer][data-seat=igo]")  # makes the board anew
    trainer.wait_for_selector("[data-act=give][data-seat=igo]")
    assert "Sure" in trainer.inner_text("[data-act=remove][data-seat=igo]")
    trainer.click("[data-act=remove][data-seat=igo]")
    trainer.wait_for_selector("[data-act=remove][data-seat=igo]", state="detached")


def test_pages_of_others_stay_shut(lobby: Any, open_page: Open) -> None:
    page = open_page(lobby.base)
    for address in ("/trainer", "/trainer?key=guess", "/screen?key=guess", "/team?code=AAAA-BBBB",
                    f"/team?code={lobby.code}"):  # fmt: skip
        page.goto(lobby.base + address)
        page.wait_for_selector(".class-narrow h1:not(:text('Join'))")
        assert page.locator(".class-board, .map, .class-form").count() == 0
        assert lobby.code not in page.inner_text("body")


def test_a_lesson_is_played_and_survives_a_kill(
    open_class: Open, open_page: Open, as_team: Open, drawn_pixels: Callable[[Any, str], int]
) -> None:
    server = open_class(str(TRIAL))
    trainer = open_page(server.trainer)
    trainer.wait_for_selector(".class-board table")
    big = open_page(server.base + trainer.get_attribute("text=Open the big screen", "href"))
    big.wait_for_selector(".map[data-drawn]")
    big.wait_for_selector(f"text={server.code}")
    assert server.key not in big.content()
    assert trainer.url.endswith("/trainer") and big.url.endswith("/screen")
    sevrin, talmoria = as_team(open_page(server.base)), as_team(open_page(server.base, 1024))
    sevrin.type_code("AAAA-BBBB")
    sevrin.page.wait_for_selector(".class-said.fault:not([hidden])")
    sevrin.join(server.code, "Sevrin", HOSTILE)
    talmoria.join(server.code, "Talmoria", "Talm")
    assert sevrin.page.url.endswith("/team?seat=sev")
    assert HOSTILE in sevrin.page.inner_text(".class-team")
    trainer.wait_for_selector(f"text={HOSTILE}")
    assert trainer.locator("img[src=x]").count() == 0
    assert sevrin.page.locator("img[src=x]").count() == 0

    trainer.click("button[data-id=next]")
    sevrin.slide(SHARING.format("SEV"), 0.1)
    sevrin.hand_in(25_000)
    trainer.wait_for_selector(".class-state.ready")
    assert "10 %" in trainer.inner_text(".class-board")
    assert "10 %" not in talmoria.page.inner_text(".room-page")
    assert sevrin.code not in talmoria.page.content()
    talmoria.slide(SHARING.format("TAL"), 0.9)
    talmoria.hand_in(26_000)
    trainer.click("button[data-id=run]")
    for page in (sevrin.page, talmoria.page):
        page.wait_for_selector("text=Year 1 is over")
        assert drawn_pixels(page, ".map-ground") > 20_000
    trainer.click("button[data-id=next]")
    sevrin.slide(SHARING.format("SEV"), 0.2)
    sevrin.hand_in(25_000)
    trainer.wait_for_selector(".class-state.ready")
    for page in (trainer, big, sevrin.page, talmoria.page):
        page.context.close()
    server.kill()

    again = open_class(folder=server.folder)
    assert again.key == server.key and again.code == server.code
    trainer, back = open_page(again.trainer), as_team(open_page(again.base))
    back.type_code(sevrin.code.lower())
    back.page.wait_for_selector("button[data-id=back]")
    assert "20 %" in back.page.inner_text(".class-form")
    trainer.click("button[data-id=run]")
    back.page.wait_for_selector("text=Year 2 is over")
    trainer.click("button[data-id=debrief]")
    back.page.wait_for_selector("text=The same lucks, if all had cooperated", timeout=240_000)
    with trainer.expect_download() as download:
        trainer.click("text=Save the report")
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert HOSTILE not in report and "&lt;img src=x" in report
    assert "http" not in report.replace("http://www.w3.org", "")


@pytest.mark.slow
def test_twenty_browsers_play_three_years(open_class: Open, open_page: Open, as_team: Open) -> None:
    """Seven teams, three browsers each but for one; all see the end of every year."""
    server = open_class("one_road")
    trainer = open_page(server.trainer)
    trainer.wait_for_selector(".class-board table")
    trainer.set_default_timeout(180_000)
    seats = trainer.locator(".class-board tbody th").all_inner_texts()
    teams: list[Any] = []
    for number in range(20):
        team = as_team(open_page(server.base, 1024, 768))
        team.page.set_default_timeout(180_000)
        if number < len(seats):
            team.join(server.code, seats[number], f"team {number}")
        else:
            team.type_code(teams[number % len(seats)].code)
        team.page.wait_for_selector(".map[data-drawn]")
        teams.append(team)
    for year in (1, 2, 3):
        trainer.click("button[data-id=next]")
        for team in teams[: len(seats)]:
            team.page.wait_for_selector("button[data-id=in]")
            team.hand_in(25_000 + year)
        trainer.wait_for_selector("text=All teams have handed in")
        trainer.click("button[data-id=run]")
        for team in teams:
            team.page.wait_for_selector(f"text=Year {year} is over")
