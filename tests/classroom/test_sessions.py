"""A session played through the same desks that the pages use."""

import math
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tocsin.classroom.debrief import decided, free_rider
from tocsin.classroom.lesson import Lesson
from tocsin.classroom.room import Room
from tocsin.classroom.session import Session, TeamDesk
from tocsin.classroom.world import SharedWorld, changes_of, governed, played
from tocsin.dashboard.classroom.report import debrief_markup
from tocsin.simulation.errors import InputError
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

ANSWERS = {"flow": 25_000_000, "rate": 0.5}


def decide(desk: TeamDesk, **values: object) -> None:
    """Move levers by the last part of their key, and hand in."""
    for key in desk.view().draft:
        row = key.rpartition(".")[2]
        if row in values:
            desk.move(key, values[row])
    desk.commit(desk.view().draft, ANSWERS)


def test_the_world_is_that_of_a_plain_run(opened, in_room: Callable[[Session], Room]) -> None:
    session, trainer = opened.session, opened.trainer
    sev, igo = opened.join("sev"), opened.join("igo")
    room = in_room(session)
    for year, share in enumerate((0.0, 0.2, 1.0), 1):
        trainer.next_year()
        decide(sev, sharing=share)
        decide(igo, funding_musd_per_year=10.0 * (year - 1), delay_weeks=12 - 4 * year)
        trainer.run_year()
        room.advance()
        years = decided(session.state.years)
        scenario = governed(session.lesson, changes_of(session.lesson, years, {}))
        plain = run(scenario, session.lesson.world.seed, weeks=room.world.model.week)
        assert plain.fingerprint == session.state.fingerprints[-1] == room.world.fingerprint()
    assert len(set(session.state.fingerprints)) == 3


def test_a_finished_session_is_a_scenario_file(
    opened, in_room: Callable[[Session], Room], tmp_path: Path
) -> None:
    sev = opened.join("sev", 'the "quoted" ones')
    room = in_room(opened.session)
    opened.trainer.next_year()
    decide(sev, sharing=0.0)
    opened.trainer.run_year()
    room.advance()
    file = tmp_path / "played.toml"
    file.write_text(room.scenario_file(), encoding="utf-8")
    again = run(load(file), opened.session.lesson.world.seed, weeks=room.world.model.week)
    assert again.fingerprint == room.world.fingerprint()


def test_nobody_is_waited_for_beyond_the_clock(opened) -> None:
    session, hand = opened.session, opened.hand
    quick, slow, gone = opened.join("sev"), opened.join("tal"), opened.join("igo")
    opened.trainer.next_year(minutes=2)
    decide(quick, sharing=0.1)
    slow.move("countries.TAL.sharing", 0.3)
    gone.move("capacity.funding_musd_per_year", 40.0)  # over the budget of 30
    hand.now += 119
    session.tick()
    assert session.state.phase == "deciding"
    hand.now += 2
    with pytest.raises(InputError, match="time is up"):
        slow.move("countries.TAL.sharing", 0.9)
    session.tick()
    assert session.state.phase == "running"
    closed = session.state.years[-1]
    assert closed["sev"].by == "team" and closed["sev"].predictions == ANSWERS
    assert closed["tal"].by == "clock" and closed["tal"].values == {"countries.TAL.sharing": 0.3}
    assert closed["igo"].by == "nobody"
    assert closed["igo"].values["capacity.funding_musd_per_year"] == 0.0


def test_a_pause_stops_the_clock(opened) -> None:
    session, hand = opened.session, opened.hand
    opened.trainer.next_year(minutes=1)
    hand.now += 20
    opened.trainer.pause(True)
    hand.now += 3600
    session.tick()
    assert session.state.phase == "deciding" and session.seconds_left() == pytest.approx(40)
    opened.trainer.pause(False)
    hand.now += 41
    session.tick()
    assert session.state.phase == "running"


def test_the_computer_takes_an_empty_seat_and_gives_it_back(opened) -> None:
    session, trainer = opened.session, opened.trainer
    sev, tal = opened.join("sev"), opened.join("tal")
    trainer.next_year()
    decide(sev, sharing=0.2)
    trainer.computer("tal", True)
    with pytest.raises(InputError, match="computer has this seat"):
        tal.move("countries.TAL.sharing", 0.9)
    trainer.run_year()
    assert session.state.years[0]["tal"].values["countries.TAL.sharing"] == 0.5
    session.ran("x")
    trainer.next_year()
    trainer.run_year()
    mirrored = session.state.years[1]["tal"]
    assert mirrored.by == "computer" and mirrored.values["countries.TAL.sharing"] == 0.2
    session.ran("y")
    trainer.computer("tal", False)
    trainer.next_year()
    decide(tal, sharing=0.7)


def test_decisions_stay_within_levers_bounds_and_budget(opened) -> None:
    sev, igo = opened.join("sev"), opened.join("igo")
    opened.trainer.next_year()
    for key, value in (
        ("countries.SEV.sharing", 1.01), ("countries.SEV.sharing", "1"),
        ("countries.SEV.sharing", True), ("countries.SEV.sharing", math.nan),
        ("countries.SEV.sharing", None), ("countries.SEV.sharing", [1]),
        ("countries.SEV.member", False), (["countries.SEV.sharing"], 1), ("", 1),
    ):  # fmt: skip
        with pytest.raises(InputError):
            sev.move(key, value)  # pyright: ignore[reportArgumentType]
    with pytest.raises(InputError, match="for this seat"):
        igo.move("capacity.funding_musd_per_year", 41.0)
    igo.move("capacity.funding_musd_per_year", 35.0)
    with pytest.raises(InputError, match=r"cost 35\.00.*budget is 30"):
        igo.commit(igo.view().draft, ANSWERS)
    draft = sev.view().draft
    for predictions in ({}, {"flow": 1}, {**ANSWERS, "rate": 1.2}, {**ANSWERS, "more": 1},
                        {**ANSWERS, "flow": "1"}, {**ANSWERS, "flow": -1}, [1, 2]):  # fmt: skip
        with pytest.raises(InputError):
            sev.commit(draft, predictions)  # pyright: ignore[reportArgumentType]
    with pytest.raises(InputError, match="missing"):
        sev.commit({}, ANSWERS)
    assert opened.session.state.seats["sev"].committed is None


def test_order_matters(opened) -> None:
    trainer = opened.trainer
    sev = opened.join("sev")
    with pytest.raises(InputError, match="nothing to decide"):
        decide(sev, sharing=0.1)
    with pytest.raises(InputError, match="after a year"):
        trainer.debrief()
    trainer.next_year()
    with pytest.raises(InputError, match="not over"):
        trainer.next_year()
    decide(sev)
    with pytest.raises(InputError, match="take them back"):
        sev.move("countries.SEV.sharing", 0.1)
    sev.withdraw()
    sev.move("countries.SEV.sharing", 0.1)


def test_twenty_clients_play_three_years_at_once(lesson: Lesson, tmp_path: Path, in_room) -> None:
    """Twenty threads share three seats; each sees, moves and hands in as a browser does."""
    session = Session(tmp_path / "session", lesson)
    trainer = session.as_trainer(session.state.key)
    first = {seat: session.join(session.state.code, f"team {seat}", seat) for seat in lesson.seats}
    codes = [desk.view().code for desk in first.values()]
    room = in_room(session)
    failures: list[Exception] = []

    def client(number: int, year: int) -> None:
        try:
            desk = session.enter(codes[number % 3], f"10.0.0.{number}")
            assert desk is not None
            seen = desk.view()
            assert (seen.year, seen.phase) == (year, "deciding")
            key = next(iter(seen.draft))
            for step in range(3):
                try:
                    desk.move(key, round(0.1 * (number + step) % 1, 1))
                    desk.commit(desk.view().draft, ANSWERS)
                    desk.withdraw()
                except InputError as wrong:  # another browser of the team was quicker
                    assert "take them back" in str(wrong)
        except Exception as wrong:
            failures.append(wrong)

    for year in (1, 2, 3):
        trainer.next_year()
        threads = [threading.Thread(target=client, args=(n, year)) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        trainer.run_year()
        room.advance()
        assert session.state.phase == "result"
    assert failures == []
    world = played(lesson, decided(session.state.years))
    assert world.fingerprint() == session.state.fingerprints[-1]
    session.close()


def test_the_debrief_measures_over_the_same_lucks(opened, in_room) -> None:
    session, trainer = opened.session, opened.trainer
    sev, tal = opened.join("sev"), opened.join("tal")
    room = in_room(session)
    for _ in range(3):
        trainer.next_year()
        decide(sev, sharing=0.0)
        decide(tal, sharing=1.0)
        trainer.run_year()
        room.advance()
    trainer.debrief()
    room.advance()
    debrief = room.debrief
    assert debrief is not None and room.debrief_share == 1.0
    assert debrief.openness == {"sev": 0.0, "tal": 1.0} and debrief.rider == "sev"
    assert debrief.rider_cooperates is not None
    # tal cooperates already, so all cooperating and the rider cooperating are one world
    assert debrief.all_cooperate == debrief.rider_cooperates != debrief.as_played
    assert len(debrief.as_played.shared) == len(set(debrief.as_played.shared)) == 6
    assert debrief.seen == sum(room.world.figure("delivered", year) for year in (1, 2, 3))
    world = SharedWorld(session.lesson)
    other = world.branch(4)
    other.govern(changes_of(session.lesson, decided(session.state.years), {}))
    for _ in range(3):
        other.run_year()
    assert debrief.as_played.shared[3] == other.total("delivered", 1, 3)
    assert debrief.knowledge["tal"].received >= debrief.knowledge["tal"].late
    guess = next(g for g in debrief.guesses["sev"] if g.question.form == "amount" and g.year == 1)
    came = room.world.figure("delivered", 1)
    assert guess.error == pytest.approx(abs(ANSWERS["flow"] - came) / came)
    assert debrief.brier("sev") == 0.25  # always saying one half
    assert debrief.guesses["igo"] == [] and debrief.brier("igo") is None
    said = " ".join(re.sub("<[^>]*>", " ", debrief_markup(room, debrief)).split())
    assert "The same lucks, if all had cooperated" in said and "same luck," not in said
    assert "Every line has the same lucks" in said and "the mean over 6 lucks" in said
    assert "Counted in the one world that you saw" in said  # late news
    assert "Held against the one world that you saw" in said  # predictions


def test_no_free_rider_where_all_give_alike() -> None:
    assert free_rider({"a": 0.5, "b": 0.5, "c": 0.4}) is None
    assert free_rider({"a": 0.9, "b": 0.9, "c": 0.1}) == "c"
    assert free_rider({"a": 0.0}) is None


def test_late_news_is_news_of_a_method_that_has_changed(lesson: Lesson) -> None:
    prompt, slow = SharedWorld(lesson), SharedWorld(lesson)
    for world, delay in ((prompt, 0), (slow, 24)):
        world.govern(changes_of(lesson, [{"igo": {"intelligence.delay_weeks": delay,
                     "capacity.funding_musd_per_year": 0.0}}], {}))  # fmt: skip
        world.run_year()
    ages = {world: sorted(item.age for item in world.news) for world in (prompt, slow)}
    assert ages[prompt][0] <= 2 and ages[slow][-1] >= 24
    late = [sum(i.late for i in w.news) / len(w.news) for w in (prompt, slow)]
    assert late[0] < late[1]
