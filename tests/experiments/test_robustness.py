"""Robustness and allocation: rules on made-up outcomes, and short ends of real runs."""

import numpy as np
import pandas as pd
import pytest

from experiments.allocation import (
    FINALISTS,
    allocate,
    allowed_instruments,
    best_first,
    candidates,
    on_front,
)
from experiments.replications import Replications
from experiments.robustness import Robustness, assumptions, draw, robustness
from simulation.errors import InputError
from simulation.overrides import bounds, parse_key
from simulation.parameters import instruments
from simulation.scenario import load

NAMES = ("base", "a", "b")


def made_up(outcomes, worlds=None):
    outcomes = pd.DataFrame(outcomes, columns=list(NAMES), dtype=float)
    if worlds is None:
        worlds = pd.DataFrame({"trust.gain": np.linspace(0, 1, len(outcomes))})
    return Robustness("delivered", NAMES, worlds, outcomes, ("a", "b", "base"), 1, 52)


def test_shares_regret_and_flips_by_hand():
    found = made_up([[10, 6, 8], [10, 7, 7], [10, 9, 5], [10, 12, 11]])
    assert found.better_than_base() == {"a": 0.75, "b": 0.75}
    assert found.best() == {"base": 0.25, "a": 0.375, "b": 0.375}
    assert found.regret() == {"base": 5, "a": 4, "b": 2}
    assert found.flips().tolist() == [False, False, True, True]
    assert found.holds() == 0.5


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
    base = load("baseline")
    worlds = draw(base, 40, seed=1)
    rows = assumptions(base)
    assert len(rows) > 50
    for key, low, value, high, whole in rows:
        column = worlds[key]
        assert column.between(low, high).all()
        if low < value < high and not whole:
            assert (column < value).sum() == 20
    assert not any(parse_key(key).kind == "lever" for key in worlds)
    assert draw(base, 40, seed=1).equals(worlds)


def test_real_scenarios_over_a_few_worlds():
    runs = Replications(workers=1)
    found = robustness([load("baseline"), load("all_three")], 4, 1, weeks=30, runs=runs)
    assert len(found.worlds) + found.idle == 4
    assert found.outcomes.shape == (len(found.worlds), 2)
    assert runs.runs == 10
    with pytest.raises(InputError, match="neither direction"):
        robustness([load("baseline"), load("all_three")], by="arrests")
    with pytest.raises(InputError, match="two worlds"):
        robustness([load("baseline"), load("all_three")], 1)


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
    runs = Replications(workers=1)
    base = load("baseline").with_length(26)
    found = allocate(base, 30, splits=12, replications=2, runs=runs)
    assert found.rounds == ((12, 2, 13), (FINALISTS, 2, 26))
    assert np.allclose(found.splits.sum(axis=1), 30)
    assert found.table.groupby("split").front.nunique().max() == 1
    assert found.table.front.any()
    best = found.table[found.table.split == found.best]
    assert best.front.all()
    assert not best.behind.any()
    assert set(found.table.n) == {2}
    assert "cooperation.task_forces_musd_per_year" in found.left_out


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
