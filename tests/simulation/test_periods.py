"""The value of an indicator over a period is the same wherever it is asked for."""

import numpy as np
import pytest
from tocsin.simulation.recording.indicators import indicator_of
from tocsin.simulation.recording.periods import share_of, value_of
from tocsin.simulation.run import Run, run

WEEKS = 170


@pytest.fixture(scope="module")
def finished() -> Run:
    return run("baseline", seed=3, weeks=WEEKS)


def test_a_period_has_the_sum_the_last_or_the_mean_of_what_is_defined():
    weekly = np.array([1.0, np.nan, 4.0, np.nan])
    assert value_of(weekly, "total") == 5.0
    assert value_of(weekly, "last") == 4.0
    assert value_of(weekly, "mean") == 2.5
    assert value_of(weekly[1:2], "mean") is None


def test_a_share_of_nothing_is_undefined():
    assert share_of(3, 1) == 0.75
    assert share_of(0, 0) is None


def test_end_values_are_those_of_the_whole_run_or_of_the_window(finished):
    record = finished.model.record
    whole, window = record.over([(1, WEEKS), (105, WEEKS)])
    for name, end in record.summary().items():
        assert end == (whole if indicator_of(name).ending == "total" else window)[name], name


def test_periods_of_a_total_add_up_and_the_last_of_one_is_that_of_its_end(finished):
    record = finished.model.record
    parts = record.over([(1, 52), (53, 120), (121, WEEKS)], ["delivered", "networks_active"])
    assert sum(part["delivered"] for part in parts) == record.summary()["delivered"]
    assert parts[1]["networks_active"] == record.columns["networks_active"][119]


def test_what_is_computed_once_looks_at_its_period_alone(finished):
    record = finished.model.record
    seized, arrived = (record.columns[name][52:104].sum() for name in ("seized", "delivered"))
    country = finished.scenario.grid.codes[0]
    early, year, late = record.over([(1, 52), (53, 104), (119, WEEKS)])
    assert year["interception_rate"] == float(seized / (seized + arrived))
    begun = [number for week, number, _ in record.watches if 53 <= week <= 104]
    hits = [number for week, _, number in record.watches if 53 <= week <= 104]
    assert year["tip_hit_rate"] == (sum(hits) / sum(begun) if sum(begun) else None)
    assert (
        early["displacement"] is None and late["displacement"] == record.summary()["displacement"]
    )
    ours = record.columns[f"seized_by[{country}]"][:52].sum()
    assert early[f"interception_rate[{country}]"] == share_of(ours, record.passed_on[:52, 0].sum())
