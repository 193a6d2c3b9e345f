"""Lesson files: the shipped ones are whole, and every fault is one sentence."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.classroom.debrief import decided, openness_of
from dashboard.classroom.lesson import Lesson
from dashboard.classroom.levers import Lever, Value
from dashboard.classroom.reading import load_lesson, read_lesson, shipped_lessons
from dashboard.classroom.report import table_markup
from dashboard.classroom.room import Room
from dashboard.classroom.session import Session, TeamDesk
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


@pytest.mark.parametrize("name", shipped_lessons())
def test_a_shipped_lesson_is_played_by_scripted_teams(name: str, tmp_path: Path) -> None:
    """A generous team, a free rider, a team that vanishes, and the computer in the other seats."""
    session = Session(tmp_path / "session", name)
    lesson, trainer = session.lesson, session.as_trainer(session.state.key)
    vestholm, sevrin, gone, bureau = (
        session.join(session.state.code, f"team {seat}", seat)
        for seat in ("vestholm", "sevrin", "lorath", "bureau")
    )
    room = Room(session, pace=0)
    assert gone.view().committed is False
    for year in range(1, len(lesson.rounds) + 1):
        trainer.next_year()
        play(vestholm, lesson, "vestholm", lambda lever: lever.cooperative)
        play(sevrin, lesson, "sevrin", least)
        share = (lesson.seats["bureau"].budget or 0) / len(lesson.seats["bureau"].levers)
        play(bureau, lesson, "bureau", lambda lever, share=share: share)
        trainer.run_year()
        room.advance()
        assert session.state.phase == "result" and session.state.year == year
        assert "being computed" in table_markup(room, year)
    assert {d.by for d in session.state.years[-1].values()} == {"team", "computer", "nobody"}
    openness = openness_of(lesson, decided(session.state.years))
    assert openness["vestholm"] == 1.0 and openness["sevrin"] < 0.3
    trainer.debrief()
    session.close()


def play(
    desk: TeamDesk, lesson: Lesson, seat: str, choose: Callable[[Lever], Value | None]
) -> None:
    """Set the levers for which there is a choice, and hand in."""
    for key, lever in lesson.seats[seat].levers.items():
        chosen = choose(lever)
        if chosen is not None:
            desk.move(key, chosen)
    answers = {"flow": 25e6} | dict.fromkeys(("less", "hits", "ended"), 0.3)
    asked = [question.id for question in lesson.questions]
    desk.commit(desk.view().draft, {name: answers[name] for name in asked})


def least(lever: Lever) -> Value | None:
    """As little cooperation as the lever allows."""
    if lever.cooperative is None:
        return None
    return {"number": lever.low, "switch": False, "words": lever.options}[lever.form]
