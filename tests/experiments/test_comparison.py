"""Comparisons from end to end, on short runs."""

from dataclasses import replace

import numpy as np
import pytest
from tocsin.experiments.comparing.comparison import compare
from tocsin.experiments.comparing.families import AGAINST_BASE, COLUMNS, SET
from tocsin.experiments.running.stream import run_all
from tocsin.simulation.errors import InputError
from tocsin.simulation.recording.indicators import indicator_of
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

SHORT = {"replications": 4, "seed": 7, "weeks": 60}


@pytest.fixture(scope="module")
def comparison():
    return compare(["baseline", "all_three"], **SHORT, workers=1)


def test_replication_k_has_seed_n_plus_k(comparison):
    assert comparison.seeds == (7, 8, 9, 10)
    one = run("all_three", seed=9, weeks=60, events=False).indicators
    kept = comparison.outcomes.query("scenario == 'all_three' and seed == 9")
    values = kept.set_index("indicator").value
    assert values["delivered"] == one["delivered"]


def test_every_indicator_has_its_row(comparison):
    table = comparison.table
    assert tuple(table.columns) == COLUMNS
    assert set(table.indicator) - {AGAINST_BASE} == set(run("baseline", weeks=2).indicators)
    row = table.set_index("indicator").loc["delivered"]
    assert row.low <= row.difference <= row.high
    assert row.relative == pytest.approx(row.difference / row.base)
    assert row.n == 4


def test_what_has_no_direction_has_no_chance_to_be_better(comparison):
    for row in comparison.rows():
        if row["indicator"] == AGAINST_BASE or row["verdict"] == "undefined":
            continue
        neither = indicator_of(row["indicator"]).direction == "neither"
        assert (row["probability_better"] is None) == neither


def test_undefined_values_are_null_in_rows(comparison):
    rows = {row["indicator"]: row for row in comparison.rows()}
    assert rows["displacement"]["base"] is None
    assert rows["displacement"]["n"] == 0
    assert rows["cost_capacity"]["relative"] is None
    assert rows["cost_capacity"]["verdict"] == SET


def test_two_workers_give_the_same_table(comparison):
    other = compare(["baseline", "all_three"], **SHORT, workers=2)
    assert other.table.equals(comparison.table)
    assert other.outcomes.equals(comparison.outcomes)


def test_a_scenario_against_its_own_copy_is_identical():
    twin = replace(load("baseline"), name="twin")
    table = compare(["baseline", twin], replications=2, weeks=20, workers=1).table
    assert set(table.verdict) <= {"identical", "undefined"}
    assert (table.set_index("indicator").loc[AGAINST_BASE, "difference"]) == 0


@pytest.mark.parametrize(
    ("names", "more", "words"),
    [
        (["baseline"], {}, "one other scenario or more"),
        (["baseline", "baseline"], {}, "stands there twice"),
        (["baseline", "all_three"], {"replications": 1}, "needs 2 or more"),
        (["baseline", "all_three"], {"seed": -1}, "from 0"),
        (["baseline", "all_three"], {"workers": 0}, "from 1"),
        (["baseline", "al_three"], {}, "nearest: 'all_three'"),
    ],
)
def test_what_makes_no_sense_is_refused(names, more, words):
    with pytest.raises(InputError, match=words):
        compare(names, **more)


def _square(number):
    if number == 13:
        raise ValueError("unlucky")
    return number * number


@pytest.mark.parametrize("workers", [1, 3])
def test_results_come_in_the_order_of_the_jobs(workers):
    heard = []
    assert run_all(_square, range(7), workers, heard.append) == [n * n for n in range(7)]
    assert heard == list(range(1, 8))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_job_that_fails_is_named(workers):
    with pytest.raises(ValueError, match="unlucky") as caught:
        run_all(_square, [1, 13, 2], workers)
    assert "in the job 13" in "".join(caught.value.__notes__)


def test_means_are_means_of_the_runs(comparison):
    kept = comparison.outcomes.query("scenario == 'baseline' and indicator == 'delivered'")
    row = comparison.table.set_index("indicator").loc["delivered"]
    assert np.isclose(kept.value.mean(), row.base)
