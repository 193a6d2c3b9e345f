"""Draws belong to names: who else draws, and in which order, changes nothing."""

import numpy as np
from scipy import stats
from tocsin.simulation.randomness import Streams, chained, key_of, keys_of

NAMES = [f"N{n:02d}" for n in range(1, 501)]


def test_one_more_entity_leaves_the_luck_of_all_others():
    few, many = keys_of(NAMES[:30]), keys_of([*NAMES[:30], "N99"])
    assert np.array_equal(
        Streams(3).uniform("arrest", few, 9), Streams(3).uniform("arrest", many, 9)[:30]
    )


def test_order_does_not_matter():
    keys = keys_of(NAMES)
    forward = Streams(3).uniform("arrest", keys, 9)
    assert np.array_equal(Streams(3).uniform("arrest", keys[::-1], 9)[::-1], forward)


def test_seed_purpose_week_and_draw_each_change_the_luck():
    keys = keys_of(NAMES)
    draws = [
        Streams(0).uniform("a", keys, 1, 0),
        Streams(1).uniform("a", keys, 1, 0),
        Streams(0).uniform("b", keys, 1, 0),
        Streams(0).uniform("a", keys, 2, 0),
        Streams(0).uniform("a", keys, 1, 1),
    ]
    for i, one in enumerate(draws):
        for other in draws[:i]:
            assert (one == other).mean() < 0.01


def test_chained_keys_do_not_repeat_along_diagonals():
    keys = chained(keys_of(NAMES[:50])[:, None, None], np.arange(60)[:, None], np.arange(60))
    assert np.unique(keys).size == keys.size


def test_uniform_and_normal_have_their_distributions():
    keys = chained(keys_of(["x"]), np.arange(20_000))
    assert stats.kstest(Streams(0).uniform("u", keys), "uniform").pvalue > 1e-4
    assert stats.kstest(Streams(0).normal("n", keys), "norm").pvalue > 1e-4
    assert stats.kstest(Streams(0).gumbel("g", keys) + np.euler_gamma, "gumbel_r").pvalue > 1e-4


def test_neighbouring_weeks_are_uncorrelated():
    keys = keys_of(NAMES)
    weeks = np.array([Streams(0).uniform("u", keys, week) for week in range(40)])
    correlation = np.corrcoef(weeks[:-1].ravel(), weeks[1:].ravel())[0, 1]
    assert abs(correlation) < 4 / np.sqrt(weeks[1:].size)


def test_keys_are_the_same_on_every_machine():
    assert key_of("N01") == int.from_bytes(
        __import__("hashlib").blake2b(b"N01", digest_size=8).digest(), "little"
    )
    assert key_of("a", "b") != key_of("ab")
