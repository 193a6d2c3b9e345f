"""Lesson files: the shipped ones are whole, and every fault is one sentence."""

import re
from pathlib import Path

import pytest

from dashboard.classroom.lesson import load_lesson, read_lesson, shipped_lessons
from simulation.errors import InputError
from simulation.overrides import parse_key

TRIAL = Path(__file__).with_name("trial.toml").read_text(encoding="utf-8")
FAULTS = {
    "schema = 1": ("schema = 2", "schema: missing or another one"),
    'question = "q"': ('questoin = "q"', "unknown key 'questoin'.*nearest: 'question'"),
    'title = "Trial"': ("title = 3", "title = 3: not a text"),
    "minutes = 45": ("minutes = 500", "minutes = 500: too high"),
    'scenario = "baseline"': ('scenario = "baselin"', "no such scenario.*nearest: 'baseline'"),
    "years_before = 1": ("years_before = 9", "that is 624 weeks; baseline has 520"),
    '"countries.*.sharing"': ('"countries.*.shared"', "no parameter 'shared'.*nearest: 'sharing'"),
    '"capacity.funding_musd_per_year"': ('"detection.hazard"', "no policy can move it"),
    "high = 40": ("high = 400", "lever 2, high = 400.*too high.*allows 0 to 200"),
    "high = 24": ("low = 30\nhigh = 24", "not above low = 30"),
    "cooperative = 1.0": ("cooperative = 1.5", "sharing = 1.5: too high"),
    'computer = "mirror"': ('computer = "mirro"', "sharing = .mirro.: not a number"),
    "start = 0.5": ("", "lever 1, start: missing"),
    'country = "SEV"': ('country = "SEW"', "seat 1, country = .SEW.*nearest: 'SEV'"),
    'id = "tal"': ('id = "sev"', "there is such a seat already"),
    'country = "TAL"': ('country = "SEV"', "a lever has one owner"),
    "budget_musd = 30": ("budget_musd = -1", "budget_musd = -1: too low"),
    '"delivered_through[*]"': ('"displacement"', "no figure for a single year"),
    'event = "higher"': ("", "a chance needs one"),
    'id = "rate"': ('id = "flow"', "there is such a prediction already"),
    'form = "chance"': ('form = "luck"', "not one of the allowed words"),
    "[world]": ("[wrold]", "unknown key 'wrold'.*nearest: 'world'"),
    'briefing = "b"': ("", "seat 1, briefing: missing"),
}


@pytest.mark.parametrize("part", FAULTS)
def test_each_fault_is_one_sentence(part: str) -> None:
    instead, expected = FAULTS[part]
    assert part in TRIAL
    with pytest.raises(InputError) as caught:
        read_lesson(TRIAL.replace(part, instead, 1), "trial")
    said = str(caught.value)
    assert said.startswith("trial.toml: ") and "\n" not in said
    assert re.search(expected, said), said


def test_an_unknown_lesson_gets_the_nearest_name() -> None:
    with pytest.raises(InputError, match="there is no such lesson"):
        load_lesson("one_raod")


def test_three_lessons_are_shipped() -> None:
    assert len(shipped_lessons()) == 3


@pytest.mark.parametrize("name", shipped_lessons())
def test_a_shipped_lesson_is_whole(name: str) -> None:
    lesson = load_lesson(name)
    assert lesson.head.minutes == 45
    assert {seat.kind for seat in lesson.seats.values()} == {"agency", "igo"}
    assert lesson.talks and all(seat.secret for seat in lesson.seats.values())
    assert all(parse_key(key).kind == "lever" for key in lesson.owner)
    assert any(
        lever.cooperative is not None
        for seat in lesson.seats.values() for lever in seat.levers.values()
    )  # fmt: skip
    notes = Path(__file__).parents[2] / "docs" / "lessons" / f"{name}.md"
    assert lesson.head.title in notes.read_text(encoding="utf-8")
    planned = sum(entry.minutes for entry in lesson.rounds)
    assert planned < lesson.head.minutes  # the rest is for the start and the talk
