"""The model as a whole: a plain Mesa model whose runs can be repeated and explained."""

import pickle
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tocsin.simulation.agents import IGOCoordinator, NationalAgency, TraffickingNetwork
from tocsin.simulation.errors import InputError
from tocsin.simulation.model import BorderModel
from tocsin.simulation.recording.indicators import INDICATORS, indicator_of
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load
from tocsin.simulation.scenario.schedule import read_schedule
from tocsin.simulation.state import fingerprint

NAMES = (
    "produced", "delivered", "seized", "lost", "in_transit", "interception_rate", "market_price",
    "trafficker_profit", "networks_active", "networks_dismantled", "networks_failed", "arrests",
    "sectors_in_use", "displacement", "items_shared", "items_used", "intelligence_age_at_use",
    "tip_hit_rate", "trust_mean", "capability_mean", "capability_gini", "cost_total",
)  # fmt: skip


@pytest.fixture(scope="module")
def finished():
    return run("baseline", seed=1, weeks=208)


def test_it_is_a_plain_mesa_model():
    model = BorderModel("baseline", rng=2)
    for _ in range(5):
        model.step()
    assert model.week == 5
    assert len(model.agents_by_type[TraffickingNetwork]) == 30
    assert len(model.agents_by_type[NationalAgency]) == 6
    assert len(model.agents_by_type[IGOCoordinator]) == 1
    assert model.agents_by_type[TraffickingNetwork].get("active").count(True) == 30
    collected = model.datacollector.get_model_vars_dataframe()
    assert list(collected.index) == [1, 2, 3, 4, 5]
    assert collected["produced"].sum() > 0


def test_every_promised_indicator_is_reported(finished):
    codes = finished.scenario.grid.codes
    by_country = ("delivered_through", "seized_by", "interception_rate", "capability")
    promised = [*NAMES, *(f"{name}[{code}]" for name in by_country for code in codes)]
    assert set(promised) <= set(finished.indicators)
    assert set(finished.series) == set(finished.indicators)
    for name in finished.indicators:
        assert indicator_of(name).name.removeprefix("country_") == name.partition("[")[0]
    assert all(one.definition and one.unit and one.phase for one in INDICATORS.values())


def test_end_values_follow_from_the_weeks(finished):
    series, ends = finished.series, finished.indicators
    window = series.loc[105:]
    assert ends["delivered"] == series.delivered.sum()
    assert ends["in_transit"] == series.in_transit.iloc[-1]
    seized, delivered = window.seized.sum(), window.delivered.sum()
    assert ends["interception_rate"] == pytest.approx(seized / (seized + delivered))
    assert ends["market_price"] == pytest.approx(window.market_price.mean())
    assert ends["cost_total"] == pytest.approx(
        sum(ends[f"cost_{part}"] for part in
            ("secretariat", "capacity", "items", "operations", "officers"))
    )  # fmt: skip


def test_short_runs_measure_all_their_weeks_and_leave_displacement_undefined():
    ends = run("baseline", seed=1, weeks=52).indicators
    assert ends["interception_rate"] is not None
    assert ends["displacement"] is None


def test_what_is_undefined_is_none_and_not_zero():
    ends = run(load("baseline").with_({"cooperation.sharing": 0.0}), weeks=60).indicators
    assert ends["intelligence_age_at_use"] is None
    assert ends["tip_hit_rate"] is None
    assert ends["items_shared"] == 0


def test_intelligence_is_as_old_as_the_channel_makes_it():
    base = load("baseline").with_({"cooperation.sharing": 1.0})
    for weeks in (0, 6):
        ends = run(base.with_({"intelligence.delay_weeks": weeks}), weeks=104).indicators
        assert ends["intelligence_age_at_use"] >= weeks + 1


def test_events_have_unique_ids_and_causes_that_happened_before(finished):
    events = finished.events
    assert events.event_id.is_unique
    caused = events[events.cause_id != ""]
    assert {"seizure", "tip", "release", "watch", "operation", "arrest"} <= set(caused.kind)
    when = events.set_index("event_id").week
    assert (caused.cause_id.map(when) <= caused.week).all()
    assert caused.cause_id.isin(events.event_id).all()
    seized = events[events.kind == "seizure"].amount.sum()
    assert seized == finished.indicators["seized"]


def test_the_log_does_not_change_the_run(finished):
    assert run("baseline", seed=1, weeks=208, events=False).fingerprint == finished.fingerprint


def test_two_processes_give_the_same_fingerprint(finished):
    code = "import tocsin; print(tocsin.run('baseline', seed=1, weeks=208).fingerprint)"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == finished.fingerprint


def test_another_seed_or_value_gives_another_fingerprint(finished):
    assert run("baseline", seed=2, weeks=208).fingerprint != finished.fingerprint
    other = load("baseline").with_({"trafficking.inertia": 0.11})
    assert run(other, seed=1, weeks=208).fingerprint != finished.fingerprint


def test_fingerprints_round_floats_to_nine_digits():
    assert fingerprint({"a": np.array([1.0, np.nan])}) == fingerprint(
        {"a": np.array([1.0 + 1e-12, np.nan])}
    )
    assert fingerprint({"a": np.array([1.0])}) != fingerprint({"a": np.array([1.0 + 1e-7])})
    assert fingerprint({"a": np.array([2])}) != fingerprint({"a": np.array([3])})


def test_a_scenario_survives_pickling():
    scenario = load("all_three")
    copy = pickle.loads(pickle.dumps(scenario))
    assert copy.digest == scenario.digest
    assert run(copy, weeks=20).fingerprint == run(scenario, weeks=20).fingerprint


@pytest.mark.parametrize(("seed", "weeks"), [(-1, 10), (0, 0), (True, 10), (0, 9999)])
def test_seeds_and_weeks_that_make_no_sense_are_refused(seed, weeks):
    with pytest.raises(InputError, match="allowed is a whole number"):
        run("baseline", seed=seed, weeks=weeks)


def test_a_step_beyond_the_end_is_refused():
    model = BorderModel(load("baseline").with_length(2), rng=0)
    model.step()
    model.step()
    with pytest.raises(InputError, match="ends with week 2"):
        model.step()


def _scheduled(weeks, **table):
    explained = {
        name: [{**entry, "reason": "test"} for entry in entries] for name, entries in table.items()
    }
    return replace(load("baseline").with_length(weeks), schedule=read_schedule(explained))


class TestSchedule:
    def test_a_change_acts_from_its_week_on_and_not_before(self):
        change = {"week": 60, "set": {"capacity.funding_musd_per_year": 52.0}}
        moved, base = run(_scheduled(80, change=[change])), run(_scheduled(80))
        spent = moved.series.cost_capacity
        assert (spent.loc[:59] == 0).all()
        assert np.allclose(spent.loc[60:], 1e6)
        pd.testing.assert_frame_equal(moved.series.loc[:59], base.series.loc[:59])

    def test_held_patrols_stay_at_their_factor(self):
        table = {"kind": "patrol", "from": 53, "to": 70, "where": "busiest:2", "factor": 3.0}
        model = BorderModel(_scheduled(80, treatment=[table]), rng=0)
        world = model.world
        for _ in range(52):
            model.step()
        usual = world.patrols.usual_effort()
        model.step()
        held = np.flatnonzero(~np.isnan(world.patrols.held))
        assert held.size == 2
        for _ in range(17):
            assert np.allclose(world.patrols.effort[held], 3 * usual[held])
            model.step()
        model.step()
        assert np.isnan(world.patrols.held).all()

    def test_nothing_is_sold_where_the_market_is_closed(self):
        table = {"kind": "close_market", "from": 20, "to": 50, "market": "Marrow"}
        model = BorderModel(_scheduled(60, treatment=[table]), rng=0)
        world = model.world
        at = [town for _, town in world.trade.markets].index("Marrow")
        lanes = world.trade.lanes.market == at
        sold = []
        for _ in range(60):
            model.step()
            sold.append(int(model.notes.moved.delivered_amount[lanes].sum()))
        assert sum(sold[:19]) > 0
        assert sum(sold[19:50]) == 0
        assert sum(sold[50:]) > 0
        assert model.record.series().lost.sum() > 0

    def test_a_corrupted_border_seizes_less(self):
        table = {"kind": "corruption", "from": 1, "to": 80, "where": "TAL", "value": 0.95}
        bought, base = run(_scheduled(80, treatment=[table])), run(_scheduled(80))
        name = "interception_rate[TAL]"
        assert bought.indicators[name] < 0.5 * base.indicators[name]

    def test_arrests_hit_the_networks_that_are_meant(self):
        shock = {"kind": "arrest", "week": 5, "share": 0.5, "networks": ["N03"]}
        finished = run(_scheduled(10, shock=[shock]))
        arrests = finished.events[(finished.events.kind == "arrest") & (finished.events.week == 5)]
        assert arrests.network.tolist() == ["N03"]
        assert arrests.amount.iloc[0] > 5

    @pytest.mark.parametrize("split", [0.0, 1.0])
    def test_a_shock_on_leaders_splits_networks_as_an_operation_would(self, split):
        shock = {"kind": "arrest", "week": 5, "share": 1.0, "targeting": "role", "role": "leader"}
        scenario = _scheduled(10, shock=[shock]).with_({"organisation.split": split})
        finished = run(scenario)
        week, events = finished.series.loc[5], finished.events
        arrests = events[(events.kind == "arrest") & events.cause_id.str.startswith("shock")]
        splits = events[(events.kind == "split") & events.cause_id.isin(arrests.event_id)]
        assert week.leaders_arrested == arrests.amount.sum()
        assert len(arrests) > 20
        assert len(splits) == split * len(arrests)
        if split:
            assert set(splits.cause_id) == set(arrests.event_id)

    def test_seized_stock_is_gone_from_the_road(self):
        shock = {"kind": "seize_stock", "week": 30, "share": 1.0}
        finished = run(_scheduled(30, shock=[shock]))
        before = finished.series.in_transit.iloc[-2]
        assert finished.series.seized.iloc[-1] >= before
