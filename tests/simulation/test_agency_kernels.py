"""Kernels of members, patrols and institutions against their twins where runs hardly come."""

import numpy as np
import pytest
from tocsin.simulation import kernels, reference
from tocsin.simulation.kernels.investigation import fullness
from tocsin.simulation.mechanisms.networks.organisation import ROLES, Membership
from tocsin.simulation.parameters import Organisation
from tocsin.simulation.randomness import Streams, keys_of

from benchmarks.convoys import copied


def _equal(mine, twin):
    if isinstance(mine, tuple):
        for one, other in zip(mine, twin, strict=True):
            _equal(one, other)
    else:
        np.testing.assert_array_equal(mine, twin)


def _same(name, arguments):
    """Kernel and rule give the same answer and leave the same; returns what the kernel left."""
    fast, plain = copied(arguments), copied(arguments)
    kernel = getattr(kernels, name)
    _equal(kernel(*fast), getattr(reference, name, kernel.py_func)(*plain))
    _equal(tuple(fast), tuple(plain))
    return fast


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("wanted", [-1, 0, 3])
def test_arrests_by_role_and_of_everybody(wanted, share):
    random = np.random.default_rng(0)
    for ties in (1, 1000):  # scores that weigh more than luck, equal ones among them
        size = 120
        role = np.sort(random.integers(0, len(ROLES), size)).astype(np.int8)
        present = random.random(size) < 0.7
        filled = np.bincount(role[present], minlength=len(ROLES))
        keys = keys_of(range(size))
        score = random.integers(0, ties + 1, size) / ties
        worth = random.random((size + 1, len(ROLES)))
        left = _same("arrest", [
            np.uint64(5), np.uint64(6), 7, share, wanted, keys, role, present, score, worth, filled,
            np.zeros(size, dtype=np.int64),
        ])  # fmt: skip
        assert left[10].tolist() == np.bincount(role[left[7]], minlength=len(ROLES)).tolist()


@pytest.mark.parametrize("members", [1, 2, 5, 13, 14, 40, 151, 500])
def test_ties_are_drawn_as_numpy_draws(members):
    standing = np.random.default_rng(members).permutation(members)
    for key in keys_of(range(20)):
        _same("ties", [
            key, standing, max(1, round(members / 9)), 0.35, 0.5,
            np.zeros((9 * members, 2), dtype=np.int64), np.zeros(members, dtype=np.int64),
        ])  # fmt: skip


def test_counts_by_role_follow_everything_that_happens_to_members():
    members, streams = (
        Membership(np.array([5, 60, 151]), keys_of(["A", "B", "C"]), Organisation()),
        Streams(2),
    )
    for week in range(1, 80):
        network = week % 3
        if week % 13 == 0:
            members.part(network, week, streams)
        elif week % 17 == 0:
            members.regroup(network, 0.4, week, streams)
        elif week % 19 == 0:
            members.found(network)
        else:
            members.arrest(network, 0.2, week, streams)
        members.refill(week, Organisation(refill_weeks=10), streams)
        for number in range(3):
            at_large = members.role[number][members.present[number]]
            assert members.filled[number].tolist() == np.bincount(at_large, minlength=6).tolist()


def test_patrols_without_heat_and_where_a_treatment_holds_them():
    random = np.random.default_rng(1)
    own, first = np.array([4, 0, 2, 1, 3, 5]), np.array([0, 3, 6])
    heat = np.array([0.0, 2.0, 0.0, 1.0, 0.0, 0.5])  # nothing burns at the first force
    held = np.array([np.nan, np.nan, 7.0, np.nan, np.nan, 0.0])
    length = 1 + random.random(6)
    left = _same("patrol", [
        np.array([4.0, 1.0]), np.full(2, 0.5), np.array([1.0, 2.0]), np.arange(2), own, first,
        np.array([np.full(6, 1 / 3), length]), heat, random.random(6), 0.2, 0.3, held, np.zeros(6),
    ])  # fmt: skip
    placed = (left[-1] * length)[[0, 4]].sum()  # of three officers, a half of one to the kilometre
    assert 0 < placed < 6
    assert left[-1][[2, 5]].tolist() == [7.0, 0.0]
    assert (left[-1][[0, 4]] > 0).all()
    assert (left[-1][[1, 3]] == 0).all()


def test_a_watch_that_nobody_keeps_adds_no_danger():
    sector, network = np.repeat(np.arange(3), 2), np.tile(np.arange(2), 3)
    watched = np.ones((3, 2), dtype=bool)
    known = np.array([[1, 1], [1, 1], [1, 1]], dtype=np.int32)
    owner = np.array([0, 1, 1], dtype=np.int16)
    hazard = _same("hazards", [
        owner, np.array([1.0, 0.0, 2.0]), np.array([0.1, 0.2, 0.3]), np.array([0.5, 0.9]),
        np.array([0.4, 1.0]), 0.01, 0.05, np.zeros((3, 3)),
    ])[-1]  # fmt: skip
    left = _same("expose", [
        np.array([sector, network]), np.array([np.ones(6), np.full(6, 1.5)]), np.arange(6), hazard,
        np.array([1.0, 1.8]), watched, known, np.array([1, 2], dtype=np.int32), 0.1, np.zeros(6),
    ])  # fmt: skip
    assert left[-1][[2, 3]].tolist() == [0.0, 0.0]
    assert (left[-1][[0, 1, 4, 5]] > 0).all()


def test_a_case_is_half_full_with_so_much_evidence_and_full_with_no_end_of_it():
    full = [fullness(evidence, 4.0) for evidence in (0.0, 4.0, 12.0, 1e9)]
    assert full == pytest.approx([0.0, 0.5, 0.9, 1.0])
    assert full == [fullness.py_func(evidence, 4.0) for evidence in (0.0, 4.0, 12.0, 1e9)]


def test_what_arrives_at_a_closed_market_is_lost():
    left = _same("hand_over", [
        np.array([0, 1, 1, 0]), np.array([True, False, True, True]), np.array([5, 6, 7, 0]),
        np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64),
    ])  # fmt: skip
    assert [column.tolist() for column in left[2:]] == [[5, 0, 7, 0], [0, 6], [5, 7]]


def test_thresholds_at_the_ends_of_the_scale():
    left = _same("thresholds", [np.array([0.0, 2.0**-32, 0.5, 1 - 1e-12, 1.0]),
                                np.zeros(5, dtype=np.uint32)])  # fmt: skip
    assert left[1].tolist() == [0, 1, 2**31, 2**32 - 1, 2**32 - 1]


@pytest.mark.parametrize("countries", [1, 6, 12, 40])
def test_credit_is_summed_as_numpy_sums(countries):
    random = np.random.default_rng(countries)
    capability, baseline, usual, bought = random.random((4, countries))
    legal, compatibility = random.random((2, countries, countries))
    cases = random.integers(0, 50, countries)
    _same("credit", [cases, capability, baseline, usual, bought, legal, compatibility])
