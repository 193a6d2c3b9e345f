"""The three headline levers on Meridian, each alone, over seeds 0 to 49 (slow)."""

from dataclasses import replace

import numpy as np
import pytest
from tocsin.experiments.comparing.statistics import holm, paired, trend
from tocsin.experiments.running.stream import run_all
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load
from tocsin.simulation.scenario.schedule import read_schedule

pytestmark = pytest.mark.slow

SEEDS = range(50)
BETTER = {"interception_rate": 1, "delivered": -1, "networks_dismantled": 1}
LADDERS = {
    "sharing": [{"cooperation.sharing": v} for v in (0.0, 0.25, 0.5, 0.75, 1.0)],
    "delay": [
        {"cooperation.sharing": 1.0, "intelligence.delay_weeks": v} for v in (52, 26, 12, 4, 0)
    ],
    "funding": [{"capacity.funding_musd_per_year": v} for v in (0.0, 5.0, 10.0, 30.0, 60.0)],
}


def _ends(job):
    values, seed = job
    finished = run(load("baseline").with_(values), seed=seed, events=False)
    return [float(finished.indicators[name]) for name in BETTER]


@pytest.fixture(scope="module", params=LADDERS)
def ladder(request):
    """Values [level, seed, indicator] of one ladder."""
    levels = LADDERS[request.param]
    results = run_all(_ends, [(level, seed) for level in levels for seed in SEEDS])
    return np.array(results).reshape(len(levels), len(SEEDS), len(BETTER))


@pytest.mark.parametrize("name", BETTER)
def test_the_ends_differ_the_right_way(ladder, name):
    at, sign = list(BETTER).index(name), BETTER[name]
    result = paired(sign * ladder[0, :, at], sign * ladder[-1, :, at])
    assert result.low > 0


@pytest.mark.parametrize("name", BETTER)
def test_no_step_goes_significantly_the_wrong_way(ladder, name):
    at, sign = list(BETTER).index(name), BETTER[name]
    steps = [
        paired(sign * low, sign * high)
        for low, high in zip(ladder[:-1, :, at], ladder[1:, :, at], strict=True)
    ]
    adjusted = holm([step.p for step in steps])
    wrong = [
        step for step, p in zip(steps, adjusted, strict=True) if step.difference < 0 and p < 0.05
    ]
    assert wrong == []


@pytest.mark.parametrize("name", BETTER)
def test_the_trend_is_clear(ladder, name):
    at, sign = list(BETTER).index(name), BETTER[name]
    assert trend(list(sign * ladder[:, :, at])) < 0.001


def _alive(seed):
    table = {"treatment": [{"kind": "enforcement_off", "from": 1, "to": 260, "reason": "test"}]}
    base = load("baseline").with_length(260)
    scenario = replace(base, schedule=read_schedule(table))
    return run(scenario, seed=seed, events=False).indicators["networks_active"]


def test_without_enforcement_most_networks_live_after_five_years():
    assert np.mean(run_all(_alive, range(20))) >= 0.8 * 30


def _rate(job):
    name, seed = job
    finished = run(name, seed=seed, events=False)
    window = finished.series.loc[105:]
    whole = window.seized.sum() + window.delivered.sum()
    return {
        code: float(window[f"seized_by[{code}]"].sum() / whole)
        for code in finished.scenario.grid.codes
    }


def test_meridian_intercepts_between_a_tenth_and_a_quarter():
    rates = [sum(rate.values()) for rate in run_all(_rate, [("baseline", s) for s in range(20)])]
    assert 0.10 <= np.mean(rates) <= 0.25


def test_the_transit_states_of_central_asia_seize_one_to_three_and_a_half_percent():
    rates = run_all(_rate, [("central_asia_2010", seed) for seed in range(20)])
    transit = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
    assert 0.01 <= np.mean([sum(rate[c] for c in transit) for rate in rates]) <= 0.035
    assert np.mean([rate["KAZ"] for rate in rates]) < 0.01
