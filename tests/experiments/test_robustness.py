"""Robustness and allocation: rules on made-up outcomes, and short ends of real runs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tocsin.experiments.comparing.families import SET
from tocsin.experiments.comparing.statistics import paired
from tocsin.experiments.methods.allocation import (
    FINALISTS,
    allocate,
    allowed_instruments,
    best_first,
    candidates,
    on_front,
)
from tocsin.experiments.running.replications import ReplicatedRuns
from tocsin.experiments.unknowns.assumptions import BLOCK, REACH, REACH_OF, assumptions, draw
from tocsin.experiments.unknowns.plausibility import BANDS, CONTRADICTION, broken
from tocsin.experiments.unknowns.robustness import MOST, Counts, Robustness, robustness
from tocsin.simulation.errors import InputError
from tocsin.simulation.parameters import instruments
from tocsin.simulation.scenario.files import load
from tocsin.simulation.scenario.overrides import parse_key
from tocsin.simulation.scenario.values import bounds

from tocsin.commands.allocating import in_words

NAMES = ("base", "a", "b")


def made_up(outcomes, worlds=None, costs=None):
    outcomes = pd.DataFrame(outcomes, columns=list(NAMES), dtype=float)
    costs = pd.DataFrame(0 if costs is None else costs, outcomes.index, list(NAMES), dtype=float)
    if worlds is None:
        worlds = pd.DataFrame({"trust.gain": np.linspace(0, 1, len(outcomes))})
    return Robustness("delivered", NAMES, worlds, outcomes, costs, ("a", "b", "base"), 1, 52,
                      len(worlds), {})  # fmt: skip


def test_shares_regret_and_flips_by_hand():
    found = made_up([[10, 6, 8], [10, 7, 7], [10, 9, 5], [10, 12, 11]])
    assert found.against_base() == {"a": (3, 0, 1, 0), "b": (3, 0, 1, 0)}
    assert found.first() == {"base": (1, 0), "a": (1, 1), "b": (1, 1)}
    assert found.regret() == {"base": 5, "a": 4, "b": 2}
    assert found.flips().tolist() == [False, False, True, True]
    assert found.holds() == (1, 1)


def test_worlds_in_which_nothing_differs_count_and_are_ties():
    """What was *80 % of 5* is 4 of 20, with 15 ties."""
    found = made_up([[10, 6, 8]] * 4 + [[10, 11, 8]] + [[10, 10, 10]] * 15)
    assert found.against_base()["a"] == Counts(better=4, equal=15, worse=1, undefined=0)
    assert found.first()["a"] == (4, 15)
    assert found.holds() == (4, 15)
    assert len(found.worlds) == 20 == sum(found.against_base()["a"])
    assert found.relative_gain("a") == pytest.approx((-0.1, 0, 0.4, 20))


def test_the_cost_of_an_avoided_unit_over_worlds_by_hand():
    found = made_up(
        [[10, 6, 8], [10, 8, 9], [10, 10, 9], [10, 12, 11]],
        costs=[[1, 9, 3], [1, 2, 0], [1, 5, 1], [1, 0, 5]],
    )
    assert found.unit_cost("a") == pytest.approx((0.5, 1.25, 2, 2))
    assert found.unit_cost("b") == pytest.approx((-1, 0, 1, 3))
    assert found.cheapest() == {"a": 0, "b": 3}
    saving = made_up([[10, 6, 8]], costs=[[5, 5, 1]])
    assert saving.cheapest() == {"a": 1, "b": 0}


def test_the_box_of_a_planted_flip_is_found():
    """It flips where the gain of trust is above 0.7, and nothing else matters."""
    random = np.random.default_rng(3)
    worlds = pd.DataFrame(random.random((200, 6)), columns=[f"k{n}" for n in range(6)])
    flipped = worlds["k2"].to_numpy() > 0.7
    outcomes = np.column_stack([np.full(200, 10), np.where(flipped, 9, 6), np.full(200, 7)])
    found = made_up(outcomes, worlds)
    assert found.flips().tolist() == flipped.tolist()
    box, chance = found.corner or pytest.fail("no corner")
    assert chance <= 0.05
    assert set(box.limits) == {"k2"}
    assert box.limits["k2"][0] == pytest.approx(0.7, abs=0.05)
    assert box.coverage > 0.9
    assert box.density > 0.9
    assert found.matters().key[0] == "k2"
    assert found.matters().p[0] < 0.001


def test_without_flips_the_share_has_an_upper_end():
    found = made_up([[10, 6, 8]] * 59)
    assert not found.flips().any()
    assert found.corner is None
    assert 0.04 < found.at_most() < 0.07


def test_worlds_keep_to_the_bounds_with_the_value_in_the_middle():
    rows = assumptions(load("baseline"))
    worlds = draw(rows, 2 * BLOCK, seed=1)
    assert len(rows) > 150
    for key, low, value, high, whole in rows:
        column = worlds[key]
        assert column.between(low, high).all()
        if low < value < high and not whole:
            assert (column < value).sum() == BLOCK
    assert not any(parse_key(key).kind == "lever" for key in worlds)


def test_more_worlds_go_on_in_the_same_sequence():
    rows = assumptions(load("baseline"))
    whole = draw(rows, 3 * BLOCK, seed=1)
    parts = [draw(rows, 7, 1), draw(rows, BLOCK, 1, 7), draw(rows, 2 * BLOCK - 7, 1, BLOCK + 7)]
    assert pd.concat(parts, ignore_index=True).equals(whole)
    assert not draw(rows, 7, 2).equals(parts[0])


def test_what_is_called_an_assumption_about_countries_and_goods_is_drawn():
    base = load("baseline")
    of = {one.key: one for one in assumptions(base)}
    size = of["commodities.heroin.shipment_size"]
    assert (size.low, size.value, size.high) == (0.2, 1.0, 5.0)
    assert of["countries.ARV.officers"].high == REACH * of["countries.ARV.officers"].value
    assert of["countries.VES.capability"].high == 1
    assert REACH_OF.keys() <= {parse_key(key).pattern for key in of}
    sourced = {one.key for one in assumptions(load("central_asia_2010"))}
    assert "commodities.heroin.shipment_size" not in sourced, "it has a source there"
    assert "countries.TJK.capability" in sourced


def test_what_a_scenario_asks_about_is_not_drawn():
    base = load("baseline")
    other = base.with_({"countries.ARV.corruption": 0.1, "trust.gain": 0.01})
    keys = {one.key for one in assumptions(base, [other])}
    assert not keys & {"countries.ARV.corruption", "trust.gain"}
    assert len(keys) == len(assumptions(base)) - 2


def test_bands_are_judged_one_by_one():
    fine = {"delivered": 5e6, "interception_rate": 0.2, "networks_active": 3}
    assert broken(fine) is None
    assert broken(fine | {"delivered": 0}) == "no flow"
    assert broken(fine | {"interception_rate": 0.001}) == "interception rate"
    assert broken(fine | {"interception_rate": float("nan")}) == "interception rate"
    assert broken(fine | {"networks_active": 0}) == "no networks"
    assert all(band.source.startswith("assumption") for band in BANDS)


def test_the_docs_state_the_bands():
    text = (Path(__file__).parents[2] / "docs" / "planner.md").read_text(encoding="utf-8")
    for band in BANDS:
        assert f"| {band.name} | {band.meaning} | {band.source} |" in text


class _Made:
    """Replications without runs: the base is plausible in every third world."""

    def __init__(self):
        self.judged = []

    def run(self, scenarios, seeds):
        pass

    def values(self, scenario, indicator, seeds):
        size = scenario.value("commodities.heroin.shipment_size")
        if scenario.name == "baseline" and indicator == "interception_rate":
            self.judged.append(size)
            return np.array([0.2 if len(self.judged) % 3 == 0 else 0.9])
        return np.array([size * 1e6 + 1])


def test_drawn_worlds_are_plausible_or_discarded_and_all_plausible_ones_count():
    pair = [load("baseline"), replace(load("baseline"), name="twin")]
    runs = _Made()
    found = robustness(pair, 20, 1, runs=runs, ranking=("baseline", "twin"))
    assert len(found.worlds) == 20
    assert found.discarded == {"no flow": 0, "interception rate": 40, "no networks": 0,
                               CONTRADICTION: 0}  # fmt: skip
    assert found.drawn == 60 == len(runs.judged)
    assert not found.short
    assert found.against_base()["twin"] == (0, 20, 0, 0), "ties stay in the denominator"
    whole = draw(assumptions(pair[0]), 60)
    assert whole["commodities.heroin.shipment_size"].tolist() == runs.judged


def test_the_limit_of_draws_is_said_in_a_sentence():
    pair = [load("baseline"), replace(load("baseline"), name="twin")]
    runs = _Made()
    runs.judged = [0.0] * 2
    found = robustness(pair, 30, 1, runs=runs, ranking=("baseline", "twin"))
    assert not found.short

    class Never(_Made):
        def values(self, scenario, indicator, seeds):
            few = indicator == "networks_active" and len(self.judged) > 4
            self.judged += [0.0] if indicator == "networks_active" else []
            return np.array([0.0 if few else 0.3 if indicator == "interception_rate" else 9.0])

    found = robustness(pair, 30, 1, runs=Never(), ranking=("baseline", "twin"))
    assert found.drawn == MOST * 30
    assert found.short == ("Only 5 of the 30 plausible worlds asked for were found in 150 draws, "
                           "the limit; discarded were 145 for no networks.")  # fmt: skip

    class Nothing(_Made):
        def values(self, scenario, indicator, seeds):
            return np.zeros(1)

    with pytest.raises(InputError, match="none of 150 drawn worlds is plausible; discarded were "
                       "150 for no flow"):  # fmt: skip
        robustness(pair, 30, 1, runs=Nothing())


def test_real_scenarios_over_a_few_worlds_with_one_or_two_workers():
    pair = [load(name).with_length(30) for name in ("baseline", "all_three")]
    found = robustness(pair, 4, 1, runs=ReplicatedRuns(workers=1))
    assert found.drawn == len(found.worlds) + sum(found.discarded.values())
    assert found.outcomes.shape == found.costs.shape == (4, 2)
    assert found.weeks == 30
    again = robustness(pair, 4, 1, runs=ReplicatedRuns(workers=2))
    assert again.worlds.equals(found.worlds)
    assert again.outcomes.equals(found.outcomes)
    assert again.discarded == found.discarded


def test_a_robustness_that_makes_no_sense_is_refused():
    pair = [load("baseline"), load("all_three")]
    with pytest.raises(InputError, match="neither direction"):
        robustness(pair, by="arrests")
    with pytest.raises(InputError, match="two worlds"):
        robustness(pair, 1)


def test_instruments_follow_from_the_table_and_the_mandates():
    base = load("baseline")
    free, barred = allowed_instruments(base)
    assert sorted((*free, *barred)) == sorted(instruments())
    assert all(parse_key(key).mandate not in ("coordinate", "operate") for key in free)
    all_of_them = base.with_({"cooperation.mandates": ("share", "coordinate", "operate")})
    assert allowed_instruments(all_of_them) == (instruments(), ())


@pytest.mark.parametrize("budget", [7.5, 30.0, 900.0])
def test_splits_add_up_and_keep_to_the_bounds(budget):
    base = load("baseline")
    keys, _ = allowed_instruments(base)
    money = candidates(base, budget, keys, 60, seed=2)
    assert np.allclose(money.sum(axis=1), budget)
    most = [bounds(parse_key(key).field)[1] for key in keys]
    assert (money >= 0).all()
    assert (money <= np.array(most, dtype=float)).all()
    assert len(np.unique(money, axis=0)) == len(money) > 40


def test_fronts_by_hand():
    score = np.array([[3.0, 1.0], [1.0, 3.0], [2.0, 2.0], [1.0, 1.0], [2.0, 1.0]])
    assert on_front(score).tolist() == [True, True, True, False, False]
    assert set(best_first(score)[:3].tolist()) == {0, 1, 2}
    assert best_first(score)[-1] == 3
    assert on_front(np.ones((3, 2))).all()


def test_a_budget_is_split_and_measured_with_fresh_seeds():
    runs = ReplicatedRuns(workers=1)
    base = load("baseline").with_length(26)
    found = allocate(base, 30, splits=12, replications=2, runs=runs)
    assert found.rounds == ((12, 2, 13), (FINALISTS, 2, 26))
    assert np.allclose(found.splits.sum(axis=1), 30)
    assert found.table.groupby("split").front.nunique().max() == 1
    best = found.table[found.table.split == found.best]
    assert not best.behind.any()
    assert set(found.table.n) == {2}
    assert "cooperation.task_forces_musd_per_year" in found.left_out


class _Trained:
    """Replications without runs: training helps by so much a million, and luck is small."""

    def __init__(self, gain):
        self.gain = gain

    def run(self, scenarios, seeds):
        pass

    def values(self, scenario, indicator, seeds):
        luck = np.random.default_rng([*seeds]).normal(size=len(seeds))
        own = np.random.default_rng([*seeds, len(scenario.name)]).normal(size=len(seeds))
        money = scenario.value("capacity.funding_musd_per_year")
        sign = -1 if indicator == "delivered" else 1
        return 1000 + sign * self.gain * money + luck + 0.1 * own

    def indicators(self, scenario, seed):
        return ["delivered", "networks_dismantled"]


class _Paid(_Trained):
    """Of which each split also costs its funds beside what luck makes of the operations."""

    def indicators(self, scenario, seed):
        return ["delivered", "cost_total", "cost_operations", "cost_capacity"]

    def values(self, scenario, indicator, seeds):
        if indicator in ("delivered", "networks_dismantled"):
            return super().values(scenario, indicator, seeds)
        own = np.random.default_rng([*seeds]).integers(1, 9, len(seeds)) * 1.3e5
        money = np.full(len(seeds), 1e6 * scenario.value("capacity.funding_musd_per_year"))
        return {"cost_operations": own, "cost_capacity": money}.get(indicator, own + money)


def test_the_cost_that_a_split_sets_is_exact_in_an_allocation():
    base = load("baseline")
    asked = ("delivered", "cost_total")
    found = allocate(base, 30, asked, splits=40, replications=10, runs=_Paid(1.0))
    costs = found.table[(found.table.indicator == "cost_total") & (found.table.difference != 0)]
    assert len(costs) and (costs.verdict == SET).all() and costs.low.isna().all()
    assert "exact  set by the scenario" in in_words(found, base)


def test_an_allocation_shows_the_interval_that_is_judged():
    """The front follows the intervals of the table, and they are those of one family."""
    base = load("baseline")
    for gain in (0.0, 0.004, 0.01, 0.02, 1.0):
        found = allocate(base, 30, splits=40, replications=10, runs=_Trained(gain))
        table = found.table
        up = np.where(table.indicator == "delivered", -1, 1)
        settled = (table.low > 0) * 1 - (table.high < 0) * 1
        assert table.front.any() == (settled * up > 0).any()
        clear = table.verdict.str.startswith("clearly")
        assert (clear == (settled != 0)).all()


def test_unchanged_counts_are_as_wide_in_an_allocation_as_in_a_comparison():
    """No pair differs: eight networks might still differ by one in the next pair."""

    class Same(_Trained):
        def values(self, scenario, indicator, seeds):
            if indicator == "networks_dismantled":
                return np.full(len(seeds), 8.0)
            return super().values(scenario, indicator, seeds)

    found = allocate(load("baseline"), 30, splits=40, replications=10, runs=Same(1.0))
    of = found.table[found.table.indicator == "networks_dismantled"]
    alone = paired(np.full(10, 8.0), np.full(10, 8.0), count=True)
    assert (of.low == alone.low).all() and (of.high == alone.high).all() and alone.low < 0
    assert (of.verdict == "identical").all()


def test_there_is_no_front_where_no_split_beats_the_scenario_itself():
    base = load("baseline")
    found = allocate(base, 30, splits=40, replications=10, runs=_Trained(0.0))
    assert not found.table.front.any()
    words = in_words(found, base)
    assert "no split beats the scenario itself" in words
    assert "on the front of" not in words
    harmful = allocate(base, 30, splits=40, replications=10, runs=_Trained(-1.0))
    assert not harmful.table.front.any()
    found = allocate(base, 30, splits=40, replications=10, runs=_Trained(1.0))
    assert set(found.table[found.table.front].split) >= {found.best}
    assert "on the front of delivered, networks_dismantled" in in_words(found, base)


@pytest.mark.parametrize(
    ("budget", "more", "words"),
    [
        (0, {}, "above 0"),
        (1e6, {}, "more than the instruments can take"),
        (10, {"indicators": ("arrests",)}, "neither direction"),
        (10, {"indicators": ("deliverd",)}, "nearest: 'delivered'"),
        (10, {"replications": 1}, "two replications"),
    ],
)
def test_budgets_that_make_no_sense_are_refused(budget, more, words):
    with pytest.raises(InputError, match=words):
        allocate(load("baseline"), budget, **more)
