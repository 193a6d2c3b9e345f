"""Where two runs part, whether it is luck, and who may ask."""

import threading

import pytest
from tocsin.dashboard.pages.luck import LuckJob
from tocsin.dashboard.pages.verdicts import quantity, rows
from tocsin.experiments.comparing.comparison import Comparison, compare
from tocsin.experiments.telling.parting import GROUND, differences, parting
from tocsin.simulation.recording.indicators import INDICATORS
from tocsin.simulation.scenario.files import Scenario, load
from tocsin.simulation.steering import LiveRun

BASE = load("baseline").with_length(30)
OTHER = BASE.with_({"cooperation.sharing": 1.0, "intelligence.delay_weeks": 1})


def runs(first: Scenario, second: Scenario, weeks: int = 30) -> tuple[LiveRun, LiveRun]:
    pair = LiveRun(first, 4), LiveRun(second, 4)
    for run in pair:
        run.step(weeks)
    return pair


def test_the_same_scenario_never_parts() -> None:
    found = parting(*runs(BASE, BASE))
    assert found.week is None and found.ground is None and found.event == ""
    assert found.differing == ()


def test_what_is_measured_is_in_the_units_of_the_trade() -> None:
    people = load("mediterranean").with_length(30)
    held = people.with_({"operations.patrol_budget": 3.0})
    lines = parting(*runs(people, held)).measured
    assert any(line.startswith("Seized (persons): ") for line in lines)


def test_the_first_week_is_the_first_that_differs() -> None:
    first, second = runs(BASE, OTHER)
    found = parting(first, second)
    assert found.week is not None
    one, two = first.columns, second.columns
    for name in one:
        until = found.week - 1
        a, b = one[name][:until], two[name][:until]
        assert ((a == b) | ((a != a) & (b != b))).all()
    assert found.ground is None or found.ground >= found.week
    assert found.measured
    assert any("Delay" in line for line in found.differing)
    assert set(GROUND) <= set(INDICATORS)


def test_what_differs_is_said_in_words() -> None:
    lines = differences(BASE, OTHER)
    assert len(lines) == 2
    assert "Intelligence shared: 0.5 in the first, 1 in the second" in lines
    assert differences(BASE, BASE) == []


def asked(pairs: int, stop_at: int | None = None) -> Comparison | str:
    finished, results = threading.Event(), []

    def progress(done: int, total: int) -> None:
        assert 0 <= done <= total == 2 * pairs
        if stop_at is not None and done >= stop_at:
            job.stop()

    def done(found: Comparison | str) -> None:
        results.append(found)
        finished.set()

    job = LuckJob(BASE, OTHER, pairs, 4, progress, done)
    job.start()
    assert finished.wait(120)
    return results[0]


def test_luck_is_the_comparison_that_the_command_line_makes() -> None:
    found = asked(3)
    assert isinstance(found, Comparison)
    renamed = [run.scenario for run in runs(BASE, OTHER, 0)]
    direct = compare([_called("first", renamed[0]), _called("second", renamed[1])], 3, 4,
                     workers=1)  # fmt: skip
    assert found.table.equals(direct.table)
    shown = rows(found.rows(), found.base)
    assert shown[0]["name"] == "Delivered"
    assert {row["tone"] for row in shown} <= {"", "better", "worse"}


def _called(name: str, scenario: Scenario) -> Scenario:
    from dataclasses import replace

    return replace(scenario, name=name)


def test_luck_can_be_stopped_and_asked_again() -> None:
    assert asked(30, stop_at=1) == "Stopped."
    assert isinstance(asked(2), Comparison)


def test_a_broken_setting_is_a_sentence() -> None:
    finished, results = threading.Event(), []
    job = LuckJob(BASE, OTHER, 1, 0, lambda *_: None,
                  lambda found: (results.append(found), finished.set()))  # fmt: skip
    job.start()
    assert finished.wait(60)
    assert "replications" in results[0]


@pytest.mark.parametrize(
    ("world", "name", "base", "text"),
    [
        ("baseline", "delivered", 66_400_000.0, "66.4 t"),
        ("baseline", "delivered", 6_640_000.0, "6,640 kg"),
        ("baseline", "interception_rate", 0.186, "18.6 %"),
        ("baseline", "cost_total", 72_100_000.0, "72.1 million USD"),
        ("baseline", "trust_mean", 0.52, "0.520"),
        ("baseline", "displacement_from_base", 0.004, "0.00400 bits"),
        ("baseline", "delivered", None, "undefined"),
        ("baseline", "delivered", float("nan"), "undefined"),
        ("dark_net_2017", "delivered", 2.5e9, "25.0 million USD"),
        ("mediterranean", "delivered", 8412.0, "8,412 persons"),
    ],
)
def test_numbers_are_readable(world: str, name: str, base: float | None, text: str) -> None:
    assert quantity(name, load(world), base).level(base) == text


def test_a_difference_is_in_the_unit_of_its_base() -> None:
    row = {"indicator": "delivered", "base": 66.4e6, "difference": -3.2e5, "low": -8e5,
           "high": 1.6e5, "verdict": "unclear", "n": 8}  # fmt: skip
    (shown,) = rows([row], BASE)
    assert shown["base"] == "66.4 t" and shown["difference"] == "\u22120.320 t"
    assert shown["interval"] == "\u22120.800 to +0.160"
