"""Each shipped lesson in real browsers to its last year: a trainer, three teams, the computer."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tocsin.classroom.debrief import decided, openness_of
from tocsin.classroom.lesson import Lesson
from tocsin.classroom.reading import load_lesson, shipped_lessons
from tocsin.classroom.room import Room
from tocsin.classroom.session import Session
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

TEAMS = {"vestholm": "The generous", "sevrin": "The riders", "bureau": "The office"}
SLOW = 180_000  # ms; a year of the world, the debrief's other worlds
Open = Callable[..., Any]


@pytest.mark.slow
@pytest.mark.parametrize("name", shipped_lessons())
def test_a_whole_lesson(
    name: str, open_class: Open, open_page: Open, as_team: Open, tmp_path: Path
) -> None:
    lesson = load_lesson(name)
    server = open_class(name)
    trainer = open_page(server.trainer)
    trainer.set_default_timeout(SLOW)
    trainer.wait_for_selector(".class-board table")
    teams = {}
    for seat, called in TEAMS.items():
        teams[seat] = as_team(open_page(server.base))
        teams[seat].page.set_default_timeout(SLOW)
        teams[seat].join(server.code, lesson.seats[seat].title, called)
    for year in range(1, len(lesson.rounds) + 1):
        trainer.click("button[data-id=next]")
        for seat, team in teams.items():
            decide(team, lesson, seat, year)
        trainer.wait_for_selector("text=All teams have handed in")
        trainer.click("button[data-id=run]")
        for team in teams.values():
            team.page.wait_for_selector(f"text=Year {year} is over")
            predicted = team.page.locator("tr", has_text=lesson.questions[0].ask)
            assert f"{20_000 + 1000 * year:,} kg" in predicted.inner_text()
            assert team.page.locator(".class-table td.number").count() > len(lesson.seats)
    assert trainer.locator("button[data-id=next]").count() == 0
    trainer.click("button[data-id=debrief]")
    for seat, team in teams.items():
        team.page.wait_for_selector("text=The same lucks, if all had cooperated")
        said = team.page.inner_text(".room-page")
        assert re.search(r"All of you cooperate fully\s+[\d,.]+ kg \(", said)
        scored = team.page.locator("tr", has_text=f"{lesson.seats[seat].title} ({TEAMS[seat]})")
        assert re.search(r"\d+ %\s+0\.\d\d", scored.last.inner_text())
    with trainer.expect_download() as download:
        trainer.click("text=Save the scenario")
    download.value.save_as(tmp_path / "played.toml")
    for page in (trainer, *(team.page for team in teams.values())):
        page.context.close()
    server.kill()

    session = Session(server.folder)
    try:
        room = Room(session, pace=0)  # raises if a year does not come out as it was
        assert room.world.fingerprint() == session.state.fingerprints[-1]
    finally:
        session.close()
    played = run(load(tmp_path / "played.toml"), lesson.world.seed,
                 weeks=room.world.model.week)  # fmt: skip
    assert played.fingerprint == session.state.fingerprints[-1]
    assert openness_of(lesson, decided(session.state.years)).items() >= {
        "vestholm": 1.0, "sevrin": 0.0}.items()  # fmt: skip
    by = {seat: [year[seat].by for year in session.state.years] for seat in lesson.seats}
    assert all(set(by[seat]) == {"team" if seat in TEAMS else "computer"} for seat in by)
    signs = f"countries.{lesson.seats['vestholm'].country}.ratified"
    changes = tomllib.loads((tmp_path / "played.toml").read_text(encoding="utf-8"))["change"]
    signed = [change["set"][signs] for change in changes if signs in change["set"]]
    assert signed == ([True] if signs in lesson.owner else [])


def decide(team: Any, lesson: Lesson, seat: str, year: int) -> None:
    """Cooperate in one seat, not at all in another, spend in the third; predict and hand in."""
    page, levers = team.page, lesson.seats[seat].levers
    page.wait_for_selector("button[data-id=in]")
    for key, lever in levers.items():
        field = f"[id='f-{key}']"
        if lever.form == "number" and (lever.cooperative is not None or seat == "bureau"):
            share = (lesson.seats[seat].budget or 0) // max(1, len(levers))
            most = lever.cooperative if seat == "vestholm" else share
            team.slide(key, lever.low if seat == "sevrin" else most)
        elif lever.form == "switch" and seat == "vestholm":
            page.check(field)
        elif lever.form == "words" and seat == "sevrin":
            for word in lever.options:
                page.check(f"[id='f-{key}-{word}']")
    for question in lesson.questions:
        if question.form == "chance":
            team.slide(question.id, 30 if seat == "sevrin" else 70)
    team.hand_in(20_000 + 1000 * year)
