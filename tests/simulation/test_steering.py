"""A steered run is a scenario: what was played can be saved, and gives the same run again."""

import json
from pathlib import Path

import numpy as np
import pytest
from tocsin.simulation.errors import InputError
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load
from tocsin.simulation.scenario.schedule import Change, Schedule
from tocsin.simulation.steering import LiveRun, Move, SteeredRun

from tocsin.cli import main

WEEKS = 80
BASE = load("baseline").with_length(WEEKS)


def same_columns(first: dict, second: dict) -> bool:
    return first.keys() == second.keys() and all(
        np.array_equal(first[name], second[name], equal_nan=True) for name in first
    )


def test_an_untouched_run_is_the_run_of_the_scenario() -> None:
    live = LiveRun(BASE, 3)
    live.step(WEEKS)
    assert live.finished
    assert live.fingerprint == run(BASE, 3).fingerprint
    assert live.step() == 0


def test_a_steered_run_has_the_fingerprint_of_its_saved_file(tmp_path: Path) -> None:
    live = LiveRun(load("baseline"), 5)
    live.move("capacity.funding_musd_per_year", 40.0)
    live.step(40)
    live.move("cooperation.sharing", 0.9)
    live.step(20)
    live.move("intelligence.delay_weeks", 2)
    live.step(10)
    path = tmp_path / "steered.toml"
    path.write_text(live.saved(), encoding="utf-8")
    saved = load(path)
    assert [change.week for change in saved.own_schedule.changes] == [41, 61]
    assert saved.stated == {"capacity.funding_musd_per_year": 40.0}
    assert live.fingerprint == run(saved, 5, weeks=70).fingerprint
    assert live.fingerprint != run("baseline", 5, weeks=70).fingerprint


def test_the_command_line_gives_the_same_fingerprint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live = LiveRun(load("baseline"), 9)
    live.step(30)
    live.move("operations.patrol_budget", 2.0)
    live.step(30)
    path = tmp_path / "steered.toml"
    path.write_text(live.saved(), encoding="utf-8")
    assert main(["run", str(path), "--seed", "9", "--weeks", "60", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fingerprint"] == live.fingerprint


@pytest.mark.parametrize("name", ["baseline", "central_asia_2010"])
def test_back_and_forward_again_is_the_same_run(name: str) -> None:
    live = LiveRun(load(name), 1)
    live.step(30)
    live.move("cooperation.sharing", 0.8)
    live.go_to(60)
    there, events = live.fingerprint, live.model.world.log.frame()
    for week in (59, 12, 31, 0, 27):
        live.go_to(week)
        assert live.week == week
        if week in (12, 59):
            assert live.fingerprint == run(live.scenario, 1, weeks=week).fingerprint
    live.go_to(60)
    assert live.fingerprint == there
    assert live.model.world.log.frame().equals(events)


def test_a_change_in_the_past_acts_from_then_on() -> None:
    live = LiveRun(BASE, 2)
    live.go_to(70)
    live.go_to(20)
    live.move("capacity.funding_musd_per_year", 60.0)
    live.go_to(70)
    fresh = LiveRun(BASE, 2, [Move(21, "capacity.funding_musd_per_year", 60.0)])
    fresh.go_to(70)
    assert live.fingerprint == fresh.fingerprint


def test_what_is_taken_back_leaves_no_trace() -> None:
    live, untouched = LiveRun(BASE, 4), LiveRun(BASE, 4)
    untouched.go_to(60)
    live.move("operations.patrol_budget", 3.0)
    live.go_to(30)
    live.move("cooperation.sharing", 0.0)
    live.go_to(60)
    assert live.fingerprint != untouched.fingerprint
    live.take_back(31, "cooperation.sharing")
    assert live.week == 60
    live.take_all_back()
    assert live.week == 60
    assert live.moves == []
    assert live.fingerprint == untouched.fingerprint


def test_a_lever_set_back_in_the_same_week_is_no_move() -> None:
    live = LiveRun(BASE)
    live.step(10)
    live.move("cooperation.sharing", 0.9)
    live.move("cooperation.sharing", BASE.value("cooperation.sharing"))
    assert live.moves == []
    live.move("cooperation.sharing", 0.9)
    live.step(5)
    live.move("cooperation.sharing", BASE.value("cooperation.sharing"))
    assert [move.week for move in live.moves] == [11, 16]
    assert live.value("cooperation.sharing") == BASE.value("cooperation.sharing")


def test_the_value_shown_is_the_one_of_the_week_to_come() -> None:
    live = LiveRun(BASE)
    live.step(10)
    live.move("intelligence.delay_weeks", 1)
    assert live.value("intelligence.delay_weeks") == 1
    live.go_to(9)
    assert live.value("intelligence.delay_weeks") == BASE.value("intelligence.delay_weeks")
    live.go_to(12)
    assert live.value("intelligence.delay_weeks") == 1


@pytest.mark.parametrize("start", [0, 15])
def test_the_base_is_the_untouched_scenario_with_the_same_luck(start: int) -> None:
    live = LiveRun(BASE, 6)
    live.step(start)
    assert same_columns(live.base_columns, live.columns)
    live.move("capacity.funding_musd_per_year", 80.0)
    live.step(50 - start)
    untouched = run(BASE, 6).model.record.columns
    assert same_columns(live.base_columns, {n: column[:50] for n, column in untouched.items()})
    assert not same_columns(live.base_columns, live.columns)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cooperation.sharing", 1.5),
        ("cooperation.sharing", "much"),
        ("intelligence.delay_weeks", 2.5),
        ("detection.hazard", 0.2),
        ("no.such_lever", 1),
        ("countries.XXX.sharing", 0.5),
        ("cooperation.mandates", ["share", "share"]),
    ],
)
def test_a_refused_move_changes_nothing(key: str, value: object) -> None:
    live = LiveRun(BASE)
    live.step(5)
    before = live.fingerprint
    with pytest.raises(InputError):
        live.move(key, value)
    assert live.moves == []
    assert live.fingerprint == before
    live.step()


def test_a_lever_without_its_mandate_is_refused() -> None:
    live = LiveRun(BASE)
    live.step(5)
    with pytest.raises(InputError, match="mandate"):
        live.move("cooperation.mandates", [])


def test_nothing_can_be_moved_after_the_end() -> None:
    live = LiveRun(BASE.with_length(4))
    live.step(9)
    with pytest.raises(InputError, match="over"):
        live.move("cooperation.sharing", 0.9)


def test_somebody_who_looks_at_each_week_changes_nothing() -> None:
    steered = SteeredRun(BASE, 3)
    seen = [(week, steered.model.notes.found.amount.sum()) for week in steered.weeks()]
    finished = run(BASE, 3)
    assert [week for week, _ in seen] == list(range(1, WEEKS + 1))
    assert steered.finished
    assert steered.fingerprint == finished.fingerprint
    assert sum(amount for _, amount in seen) == finished.series["seized"].sum()


def test_a_copy_goes_its_own_way_and_keeps_no_events_unless_wanted() -> None:
    steered = SteeredRun(BASE, 3)
    steered.run_to(40)
    logged = len(steered.model.world.log.frame())
    silent = steered.copy(events=False)
    more = Schedule(changes=(Change(week=41, set={"cooperation.sharing": 0.9}, reason="a test"),))
    silent.follow(BASE.with_schedule(more))
    silent.run_to(WEEKS)
    assert steered.week == 40
    assert len(steered.model.world.log.frame()) == logged
    assert silent.model.world.log.frame().empty
    assert silent.fingerprint == run(BASE.with_schedule(more), 3).fingerprint
    steered.run_to(2 * WEEKS)
    assert steered.fingerprint == run(BASE, 3).fingerprint


def test_branches_with_one_number_share_their_luck() -> None:
    steered = SteeredRun(BASE, 3, events=False)
    steered.run_to(40)
    branches = [steered.branch(luck, 3) for luck in (1, 1, 2)]
    for branch in branches:
        branch.run_to(WEEKS)
    first, again, other = (branch.fingerprint for branch in branches)
    assert first == again
    assert len({first, other, run(BASE, 3).fingerprint}) == 3
