"""Reviews of routes in states that the replayed runs hardly reach: shut markets, no room, nothing
known but what is shut. The compiled functions give the bits of what states their rules."""

import numpy as np
import pytest
from tocsin.simulation import kernels, reference
from tocsin.simulation.kernels import portfolio
from tocsin.simulation.reference.portfolio import discover

from benchmarks.convoys import copied

FIRST = np.array([0, 7, 8, 19, 31])
LINES = np.array([0, 1, 3])  # the third does not review
WITHIN = np.concatenate([np.arange(FIRST[line], FIRST[line + 1]) for line in LINES])
SEEDS = range(20)
KERNELS = vars(kernels) | vars(portfolio)  # those of a review's steps too
STATEMENTS = {name: getattr(reference, name) for name in reference.__all__} | {"discover": discover}


def both(name, given):
    """The arguments of a call after the kernel, which has left what its rule leaves."""
    fast, plain = copied(given), copied(given)
    kernel = KERNELS[name]
    with np.errstate(all="ignore"):
        assert kernel(*fast) == STATEMENTS.get(name, kernel.py_func)(*plain)
    for one, other in zip(fast, plain, strict=True):
        np.testing.assert_array_equal(one, other)
    return fast


@pytest.mark.parametrize("seed", SEEDS)
def test_routes_are_sought_given_up_and_found_as_the_rules_say(seed):
    random = np.random.default_rng(seed)
    lanes = int(FIRST[-1])
    known, open_ = random.random(lanes) < 0.5, random.random(lanes) < random.choice([0.3, 0.95, 1])
    share = np.where(known, random.random(lanes) * random.choice([0.01, 1], lanes), 0.0)
    streams = random.integers(0, 2**63, 3).astype(np.uint64)
    keys = random.integers(0, 2**63, lanes).astype(np.uint64)
    most, lost = int(random.integers(0, 9)), random.random(3) * 0.1
    taste = both("renew_tastes", [
        LINES, FIRST, streams[:2], keys, seed, 0.7, np.full(lanes, np.nan),
    ])[-1]  # fmt: skip
    given = both("give_up", [
        LINES, FIRST, np.array([2, 0, 1, 1]), lost > 0.05, 0.005, 3, open_, known, share,
        np.zeros(3, dtype=bool),
    ])  # fmt: skip
    left, seeks = given[-3], given[-1]
    after = both("discover", [
        LINES, FIRST, seeks, streams[2], keys, seed, open_, random.random(lanes), 2, most, left,
    ])[-1]  # fmt: skip
    found = after & ~known
    assert open_[found].all()
    line = np.repeat(np.arange(FIRST.size - 1), np.diff(FIRST))
    assert (np.bincount(line, found) <= 2).all() and not found[line == 2].any()
    assert (np.bincount(line, after) <= np.maximum(most, np.bincount(line, known))).all()
    assert np.isfinite(taste).any() and np.isnan(taste[line == 2]).all()


@pytest.mark.parametrize("between", [0.2, 0.015])
@pytest.mark.parametrize("seed", SEEDS)
def test_shares_move_as_the_rules_say(seed, between):
    random = np.random.default_rng(seed)
    lanes, at_hand = int(FIRST[-1]), WITHIN.size
    known, open_ = random.random(lanes) < 0.6, random.random(lanes) < random.choice([0, 0.5, 1])
    known[FIRST[:-1]] = True  # as everybody knows a way
    money, scale, taste = random.random((3, lanes))
    worth = both("worths", [
        LINES, FIRST, known, open_, money[:at_hand], 1 + scale, taste, 0.025, np.zeros(at_hand),
    ])[-1]  # fmt: skip
    weight = both("attraction", [
        LINES, FIRST, np.arange(lanes, dtype=np.int32) // 3, worth, 0.015, between,
        np.zeros(at_hand),
    ])[-1]  # fmt: skip
    chosen = weight > 0
    assert not (chosen & ~known[WITHIN]).any()
    for line, start in zip(LINES, [0, 7, 8], strict=True):
        own = slice(start, start + FIRST[line + 1] - FIRST[line])
        usable = known[WITHIN[own]] & open_[WITHIN[own]]
        assert not usable.any() or (chosen[own] == usable).all()
    share = np.where(known, random.random(lanes), 0.0)
    share /= np.repeat(np.add.reduceat(share, FIRST[:-1]), np.diff(FIRST))
    moved = both("move_shares", [
        LINES, FIRST, weight.copy(), money[:at_hand], 0.34, np.full(FIRST.size - 1, 0.4), 0.5,
        1.2, share, np.zeros(FIRST.size - 1),
    ])  # fmt: skip
    moved, volume = moved[-2:]
    assert (volume[LINES] > 0).all() and volume.max() <= 1.2 and np.count_nonzero(volume) == 3
    assert np.add.reduceat(moved, FIRST[:-1]) == pytest.approx(1.0)
    assert np.array_equal(moved[8:19], share[8:19])


def test_a_lone_network_hears_no_rumour():
    counts = 1 + np.random.default_rng(0).random((2, 3, 5))
    for active in ([True, False, False], [False] * 3, [True] * 3):
        risk = both("perceived_risk", [*counts, np.array(active), 0.15, 0.9, np.zeros((3, 5))])[-1]
        own = counts[0] / counts.sum(axis=0)
        assert np.array_equal(risk, own) == (sum(active) < 2)
