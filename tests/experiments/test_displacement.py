"""Displacement and costs on comparisons whose truth is known, made without a single run."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tocsin.experiments.comparing.comparison import Comparison
from tocsin.experiments.comparing.costs import (
    by_instrument,
    effectiveness,
    frontier,
    plane,
    price_of,
)
from tocsin.experiments.comparing.displacement import balloon, by_country, by_sector, payroll
from tocsin.experiments.comparing.families import AGAINST_BASE, COLUMNS, SET
from tocsin.experiments.comparing.families import rows as table_rows
from tocsin.experiments.comparing.statistics import paired
from tocsin.simulation.recording.indicators import HEADLINES
from tocsin.simulation.scenario.files import load

SEEDS = 40


def synthetic(change, cost=2e6, avoided=1e6, noise=1.0):
    """A comparison in which sector s of the scenario has `change[s]` more flow on average."""
    random = np.random.default_rng(11)
    base, other = load("baseline"), load("more_capacity")
    ids = list(base.grid.sectors(base.parameters.world.sector_km).ids)
    luck = random.normal(1000, 50, (SEEDS, len(ids)))
    moved = np.zeros(len(ids))
    moved[: len(change)] = change
    own = random.normal(0, noise, luck.shape)
    flows, officers, rows = [], [], []
    for name, table in (("baseline", luck), ("more_capacity", luck + moved + own)):
        head = pd.DataFrame({"scenario": name, "seed": range(SEEDS)})
        flows.append(pd.concat([head, pd.DataFrame(table, columns=ids)], axis=1))
        officers.append(pd.concat([head, pd.DataFrame(1.0, head.index, columns=ids)], axis=1))
        extra = name != "baseline"
        for seed in range(SEEDS):
            values = {
                "delivered": 50e6 + seed * 1e4 - extra * (avoided + random.normal(0, 1e5)),
                "networks_dismantled": 5 + extra * (1 + random.integers(0, 2)),
                "cost_total": 9e6 + extra * (cost + random.normal(0, 1e4)),
                "cost_officers": 6e6,
                "cost_capacity": extra * cost,
                **{f"delivered_through[{code}]": 1e6 + extra * (2e5 * (code == "TAL") +
                   random.normal(0, 1e3)) for code in base.grid.codes},
            }  # fmt: skip
            rows += [(name, seed, key, float(value)) for key, value in values.items()]
    long = pd.DataFrame(rows, columns=["scenario", "seed", "indicator", "value"])
    wide = {
        name: {key: one.value.to_numpy() for key, one in of.groupby("indicator")}
        for name, of in long.groupby("scenario")
    }
    told = table_rows(wide["baseline"], {"more_capacity": wide["more_capacity"]}, HEADLINES)
    return Comparison(
        (base, other), tuple(range(SEEDS)), pd.DataFrame(told, columns=list(COLUMNS)), long,
        pd.DataFrame(), pd.concat(flows, ignore_index=True),
        pd.concat(officers, ignore_index=True), pd.DataFrame(), {},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "truth"),
    [([-100, 80], 0.8), ([-100, -50, 150], 1.0), ([-100, -100], 0.0), ([-100, 60, 60], 1.2)],
)
def test_the_balloon_index_finds_what_only_moved(change, truth):
    found = balloon(synthetic(change), "more_capacity")
    assert found is not None
    assert found.index == pytest.approx(truth, abs=0.05)
    assert found.low - 0.02 <= truth <= found.high + 0.02


def test_noise_alone_is_no_balloon():
    """Sorted and measured on the same seeds, pure noise would give an index near 1."""
    found = balloon(synthetic([-1000], noise=30.0), "more_capacity")
    assert found is not None
    assert abs(found.index) < 0.1
    assert balloon(synthetic([], noise=30.0), "more_capacity") is None


def test_who_has_more_and_who_has_the_same():
    table = by_country(synthetic([])).query("measure == 'delivered_through'").set_index("place")
    assert table.verdict["TAL"] == "more"
    assert table.difference["TAL"] == pytest.approx(2e5, rel=0.02)
    others = table.drop(index="TAL")
    assert (others.verdict == "either way").all()


def test_officers_are_paid_by_their_country():
    comparison = synthetic([])
    table = by_country(comparison).query("measure == 'cost_officers'")
    assert table.base.sum() == pytest.approx(6e6)
    assert (table.verdict == "the same").all()
    assert sum(payroll(comparison.base).values()) == pytest.approx(1)


def test_sectors_that_changed_are_found():
    table = by_sector(synthetic([-100, 80])).query("measure == 'flow'")
    assert list(table.verdict[:2]) == ["less", "more"]
    assert list(table.difference[:2]) == pytest.approx([-100, 80], abs=2)


def test_the_price_of_success_is_found():
    comparison = synthetic([], cost=2e6, avoided=1e6)
    table = effectiveness(comparison).set_index("measure")
    delivered = table.loc["delivered"]
    assert delivered["low"] <= 2.0 <= delivered["high"]
    assert delivered["statement"] == "costs"
    assert table.loc["networks_dismantled", "ratio"] == pytest.approx(2e6 / 1.5, rel=0.2)
    (one,) = plane(comparison)
    assert one.effect.shape == one.cost.shape == (SEEDS,)
    assert one.middle == pytest.approx((1e6, 2e6), rel=0.05)


def test_without_success_there_is_no_price():
    table = effectiveness(synthetic([], avoided=0.0)).set_index("measure")
    assert table.loc["delivered", "statement"] == "no success"
    assert np.isnan(table.loc["delivered", "ratio"])
    saving = effectiveness(synthetic([], cost=-1e6)).set_index("measure")
    assert saving.loc["delivered", "statement"] == "saves"


def test_instruments_that_cost_nothing_are_left_out():
    table = by_instrument(synthetic([]))
    assert list(table.index) == ["cost_officers", "cost_capacity", "cost_total"]
    assert table.loc["cost_capacity", "baseline"] == 0
    assert AGAINST_BASE not in table.index


def test_places_have_verdicts_only_if_they_were_declared_as_primary():
    comparison = synthetic([-100, 80])
    words = {"more", "less", "either way", "the same", SET}
    assert set(by_country(comparison).verdict) | set(by_sector(comparison).verdict) <= words
    key = "delivered_through[TAL]"
    told = comparison.table.copy()
    told.loc[told.indicator == key, ["verdict", "low", "high"]] = "clearly worse", 1.0, 3e5
    declared = replace(comparison, primary=(key,), table=told)
    (row,) = (
        by_country(declared)
        .query("place == 'TAL' and measure == 'delivered_through'")
        .to_dict("records")
    )
    assert (row["verdict"], row["low"], row["high"]) == ("clearly more", 1.0, 3e5)


@pytest.mark.parametrize(
    ("measure", "change", "said"),
    [
        ("delivered", {"low": -3e6, "high": 1e5, "verdict": "likely better"}, "no success"),
        ("networks_dismantled", {"low": -0.5, "high": 3.0, "verdict": "likely better"},
         "no success"),
        ("networks_dismantled", {"low": 0.5, "high": 3.0, "verdict": "exploratory"}, "costs"),
        ("cost_total", {"low": -1e6, "high": 5e6, "verdict": "not settled"}, "cost not settled"),
        ("cost_total", {"low": -3e6, "high": -1e6, "verdict": "clearly better"}, "saves"),
        ("cost_total", {"difference": 0.0, "low": 0.0, "high": 0.0, "verdict": "identical"},
         "no cost"),
    ],
)  # fmt: skip
def test_a_price_is_said_only_if_the_rows_from_which_it_comes_are_settled(measure, change, said):
    comparison = synthetic([])
    table = comparison.table.copy()
    for key, value in change.items():
        table.loc[table.indicator == measure, key] = value
    found = effectiveness(replace(comparison, table=table)).set_index("measure")
    of = "delivered" if measure == "cost_total" else measure
    assert found.loc[of, "statement"] == said
    assert np.isfinite(found.loc[of, ["ratio", "low", "high"]].astype(float)).all() == (
        said in ("costs", "saves")
    )
    steps = frontier(replace(comparison, table=table))
    if measure != "networks_dismantled":
        assert [np.isfinite(step.ratio) for step in steps] == [False] * len(steps)


def test_a_price_is_no_surer_than_the_success_that_it_divides_by():
    """One network more in each of twelve pairs: Fieller's interval would have no width."""
    cost = np.full(12, 6e6)
    middle, low, high = price_of(cost, np.ones(12), count=True)
    wide = paired(np.zeros(12), np.ones(12), count=True)
    assert middle == 6e6
    assert (low, high) == pytest.approx((6e6 / wide.high, 6e6 / wide.low))
