"""The compiled functions against what states their rule, bit for bit.

That is a twin in NumPy, or where there is none the kernel's own text, uncompiled.
"""

import math

import numpy as np
import pytest
from tocsin.simulation import kernels, reference
from tocsin.simulation.kernels.sums import exact, summed
from tocsin.simulation.model import BorderModel
from tocsin.simulation.randomness import Streams, keys_of
from tocsin.simulation.reference.draws import philox

from benchmarks.convoys import calls_of, copied

LANES, SHIPMENTS = 50, 5000
WORLDS = {"all_three": 40, "mediterranean": 30, "dark_net_2017": 30}  # weeks that are repeated
NEVER = {  # kernels that a world has no use for
    ("arrest", "mediterranean"), ("ties", "mediterranean"), ("ties", "dark_net_2017"),
}  # fmt: skip


def assert_same(one, other):
    """Arrays and numbers are the same, bit by bit."""
    for mine, twin in zip(one, other, strict=True):
        if isinstance(mine, np.ndarray):
            np.testing.assert_array_equal(mine, twin)
        elif mine is not None:
            assert mine == twin or (mine != mine and twin != twin)


def statement_of(name):
    """What states the rule of a kernel."""
    return getattr(reference, name, getattr(kernels, name).py_func)


@pytest.mark.parametrize(
    ("counter", "key", "word"),
    [
        ([0, 0, 0, 0], 0, 0x6627E8D5),
        ([0xFFFFFFFF] * 4, 2**64 - 1, 0x408F276D),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            0xA4093822 + (0x299F31D0 << 32),
            0xD16CFE09,
        ),
    ],
)
def test_philox_gives_the_published_answers(counter, key, word):
    counters = [np.full(1, part, dtype=np.uint32) for part in counter]
    assert philox(*counters, key)[0] == word


def test_uniform_numbers_equal_their_twin():
    streams = Streams(5)
    entities = keys_of(f"N{n}" for n in range(1000))
    draws = np.arange(1000, dtype=np.uint32) % 7
    compiled = streams.uniform("purpose", entities, 7, draws)
    twin = np.empty(entities.size)
    reference.uniform(streams.key("purpose"), entities, 7, draws, twin)
    assert np.array_equal(compiled, twin)


def _courses():
    random = np.random.default_rng(0)
    start = np.arange(LANES, dtype=np.int32) * 6
    end = start + random.integers(0, 7, LANES).astype(np.int32)
    weeks = random.integers(0, 5, LANES).astype(np.int32)
    reach = np.zeros(LANES * 6, dtype=np.int32)
    for lane in range(LANES):
        stops = random.integers(0, weeks[lane] + 1, end[lane] - start[lane])
        reach[start[lane] : end[lane]] = np.sort(stops)
    threshold = random.integers(0, 2**31, LANES * 6).astype(np.uint32)
    return [start, end, weeks, reach, threshold]


def _state(start):
    random = np.random.default_rng(1)
    lane = random.integers(0, LANES, SHIPMENTS).astype(np.int32)
    key = random.integers(0, 2**63, SHIPMENTS).astype(np.uint64)
    launched = np.zeros(SHIPMENTS, dtype=np.int32)
    return [key, lane, start[lane], launched, random.integers(1, 1000, SHIPMENTS)]


def _counts(places, lanes):
    sizes = places, places, lanes, lanes
    kinds = [np.int32, np.int64] * 2
    return [np.zeros(size, kind) for size, kind in zip(sizes, kinds, strict=True)]


def _moved_alike(key, weeks, count, given):
    """Move for some weeks, as the twin does; returns the shipments left and what was given."""
    fast, plain = copied(given), copied(given)
    left = count
    for week in range(weeks):
        moved = kernels.move(np.uint64(key), week, left, *fast)
        assert tuple(moved) == tuple(reference.move(key, week, left, *plain))
        left = moved[0]
        assert_same([column[:left] for column in fast[:5]], [column[:left] for column in plain[:5]])
        assert_same(fast[10:], plain[10:])
    return left, fast


def test_movement_equals_its_twin_over_several_weeks():
    courses = _courses()
    state = _state(courses[0])
    seized = [np.zeros_like(column) for column in state]
    left, given = _moved_alike(Streams(1).key("detection"), 6, SHIPMENTS, [
        *state, *courses, *_counts(courses[-1].size, LANES), *seized,
    ])  # fmt: skip
    assert left == 0
    delivered = given[12]
    assert 0 < delivered.sum() < SHIPMENTS


@pytest.mark.parametrize("checkpoints", [1, 3, 5000])
@pytest.mark.parametrize("chance", [0.0, 0.001, 0.3])
def test_runs_of_any_length_move_as_their_twin_says(checkpoints, chance):
    """Two lanes in turns, in runs of 1, 2, 4 .. shipments; half of the checkpoints a week."""
    runs = 2 ** np.arange(12 if checkpoints < 10 else 5)
    start = np.array([0, checkpoints], dtype=np.int32)
    reach = np.tile(np.arange(checkpoints) * 2 // checkpoints, 2).astype(np.int32)
    courses = [start, start + np.int32(checkpoints), np.full(2, 2, dtype=np.int32), reach]
    threshold = np.full(2 * checkpoints, chance * 2**32, dtype=np.uint32)
    lane = np.repeat(np.arange(runs.size) % 2, runs).astype(np.int32)
    key = np.random.default_rng(2).integers(0, 2**63, lane.size).astype(np.uint64)
    state = [key, lane, start[lane], np.zeros_like(lane), np.arange(lane.size)]
    seized = [np.zeros_like(column) for column in state]
    left, _ = _moved_alike(7, 3, lane.size, [
        *state, *courses, threshold, *_counts(threshold.size, 2), *seized,
    ])  # fmt: skip
    assert left == 0


@pytest.fixture(scope="module", params=WORLDS)
def lived(request):
    """A world, and what each kernel is given in its weeks."""

    def life():
        model = BorderModel(request.param, rng=3, events=False)
        for _ in range(WORLDS[request.param]):
            model.step()

    return request.param, calls_of(kernels.__all__, life)


@pytest.mark.parametrize("name", kernels.__all__)
def test_every_call_in_a_run_is_answered_as_the_rule_is_stated(name, lived):
    world, calls = lived[0], lived[1][name]
    kernel, statement = getattr(kernels, name), statement_of(name)
    for given in calls:
        fast, plain = copied(given), copied(given)
        with np.errstate(all="ignore"):
            assert_same([kernel(*fast)], [statement(*plain)])
        assert_same(fast, plain)
    assert calls or (name, world) in NEVER


def test_sums_are_those_of_numpy():
    random = np.random.default_rng(0)
    for size in [*range(300), 511, 512, 513, 1025, 9999]:
        values = random.standard_normal(size + 3) * 10.0 ** random.integers(-6, 6, size + 3)
        assert summed(values, 3, size + 3) == np.add.reduce(values[3:])


def test_exact_sums_are_those_of_python():
    random = np.random.default_rng(0)
    for size in [*range(300), 9999]:
        values = random.standard_normal(size) * 10.0 ** random.integers(-30, 30, size)
        for some in (
            values,
            np.abs(values),
            np.append(values, -values[::2]),
            np.ones(size) + 1e-16,
        ):
            assert exact(some, some.size) == math.fsum(some.tolist())
    near = np.array([1.0, 2.0**-53, 2.0**-110])  # half way, and a little more
    for signs in np.ndindex(2, 2, 2):
        some = near * (1 - 2 * np.array(signs))
        assert exact(some, 3) == math.fsum(some.tolist())
