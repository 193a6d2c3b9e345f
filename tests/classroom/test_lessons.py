"""Lesson files: the shipped ones are whole, and every fault is one sentence of its own."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tocsin.classroom.debrief import decided, openness_of
from tocsin.classroom.lesson import Lesson
from tocsin.classroom.levers import Lever, Value
from tocsin.classroom.reading import (
    _check_yearly,
    load_lesson,
    read_lesson,
    shipped_lessons,
)
from tocsin.classroom.room import Room
from tocsin.classroom.session import Session, TeamDesk
from tocsin.dashboard.classroom.report import table_markup
from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.files import load, names
from tocsin.simulation.scenario.overrides import parse_key

from tocsin.cli import main

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
    assert all(line.startswith("trial.toml: ") for line in said.split("\n"))
    assert any(re.search(expected, line) for line in said.split("\n")), said


def test_all_faults_of_a_lesson_are_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = TRIAL
    for part in ("minutes = 45", "high = 40", 'country = "SEV"', 'form = "chance"',
                 '"delivered_through[*]"', 'title = "Trial"'):  # fmt: skip
        wrong = wrong.replace(part, FAULTS[part][0], 1)
    file = tmp_path / "mine.toml"
    file.write_text(wrong, encoding="utf-8")
    assert main(["lesson", "check", str(file), "one_road"]) == 2
    said = capsys.readouterr()
    lines = said.err.strip().split("\n")
    assert said.out.startswith("one_road: whole; 6 seats, 4 years")
    assert len(lines) == 6 and all(line.startswith("mine.toml: ") for line in lines), lines
    for expected in ("minutes = 500", "title = 3", "high = 400", "SEW", "displacement", "luck"):
        assert sum(expected in line for line in lines) == 1, (expected, lines)


def test_a_lesson_is_checked_without_opening_a_room(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lesson", "check", *shipped_lessons()]) == 0
    assert capsys.readouterr().out.count(": whole; ") == 3
    assert main(["lesson", "check", "one_raod"]) == 2
    assert "there is no such lesson" in capsys.readouterr().err


def test_a_goal_on_persons_is_read_or_refused_in_a_sentence() -> None:
    for name in ("persons_died", "persons_died[migrants]", "persons_died[heroin]"):
        with pytest.raises(InputError, match="it stands for nothing in this world"):
            read_lesson(TRIAL.replace('"delivered_through[*]"', f'"{name}"'), "trial")
    persons = next(s for name in names() for s in [load(name)] if any(
        good.unit == "persons" for good in s.parameters.commodities.values()))  # fmt: skip
    kind = next(k for k, good in persons.parameters.commodities.items() if good.unit == "persons")
    _check_yearly("", f"persons_died[{kind}]", persons)


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


def _faults(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_lesson(text, "trial")
    return str(caught.value).split("\n")


LAYERS = {
    'id = "sev"\nfor = "agency"\ncountry = "SEV"': (
        'id = "sev"\nfor = "agncy"\ncountry = "XSE"', ("agncy", "XSE")),
    'country = "TAL"': ('country = "XTA"', ("XTA",)),
    'label = "Training"\n': ('label = "Training"\nstep = 0\n', ("lever 2, step = 0",)),
    'label = "Share"\n': ('label = "Share"\nstep = "x"\n', ("lever 1, step = ",)),
    'high = 40': ("high = 400", ("high = 400",)),
    '"intelligence.delay_weeks"': ('"detection.hazard"', ("no policy can move it",)),
    "minutes = 45": ("minutes = 5", ("minutes = 5",)),
    "lucks = 6": ("lucks = 1", ("lucks = 1",)),
    "years_before = 1": ("years_before = 9", ("that is 624 weeks",)),
    'notice = "n"': ('notice = "n"\nminutes = 99', ("round 1, minutes = 99",)),
    'indicator = "delivered"\nask': ('indicator = "deliverd"\nask', ("'deliverd'",)),
    "budget_musd = 30": ("budget_musd = -1", ("budget_musd = -1",)),
}  # fmt: skip


def test_faults_of_every_layer_of_a_lesson_are_told_together() -> None:
    """Wrong fields hide no fault of what the same tables say about the world."""
    text, expected = TRIAL, []
    for part, (instead, words) in LAYERS.items():
        assert part in text
        text = text.replace(part, instead, 1)
        expected += words
    lines = _faults(text)
    for word in expected:
        assert sum(word in line for line in lines) == 1, (word, lines)
    assert len(lines) == len(expected), lines


@pytest.mark.parametrize("left", LAYERS)
def test_a_fault_of_a_lesson_does_not_appear_only_when_others_are_mended(left: str) -> None:
    whole = TRIAL
    for part, (instead, _) in LAYERS.items():
        whole = whole.replace(part, instead, 1)
    alone = _faults(TRIAL.replace(left, LAYERS[left][0], 1))
    together = _faults(whole)
    assert all(word in " ".join(alone) for word in LAYERS[left][1])
    assert all(any(word in line for line in together) for word in LAYERS[left][1])


def test_start_cooperative_and_computer_of_one_lever_are_judged_together() -> None:
    text = TRIAL.replace("start = 0.5", "start = 1.5").replace(
        "cooperative = 1.0", "cooperative = -1.0"
    ).replace('computer = "mirror"', "computer = 7.0")  # fmt: skip
    said = " ".join(_faults(text))
    assert all(value in said for value in ("= 1.5", "= -1.0", "= 7.0"))


@pytest.mark.parametrize("value", ['["igo"]', "{}", "3", "true", '"agncy"'])
@pytest.mark.parametrize("table", ["lever", "seat", "goal"])
def test_a_wrong_for_of_any_type_is_one_sentence_and_hides_nothing(table: str, value: str) -> None:
    head, tail = TRIAL.split(f"[[{table}]]", 1)
    tail = tail.replace('for = "agency"', f"for = {value}", 1)
    text = f"{head}[[{table}]]{tail}".replace('country = "TAL"', 'country = "XTA"')
    lines = _faults(text)
    assert sum(f"{table} 1, for = " in line for line in lines) == 1
    assert sum("XTA" in line for line in lines) == 1
