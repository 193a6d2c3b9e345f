"""The movement and detection kernel against C, against its NumPy twin, and on two cores."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
from tocsin.simulation import kernels
from tocsin.simulation import reference as twins

from benchmarks.compiled_c import Moved, Reference, reference
from benchmarks.convoys import COUNTS, SEIZED, STATE, Law, Stream, arguments, copied, law
from benchmarks.figures import Figure, alternating, ratio, timed

SIZES = (1_000_000, 10_000_000)
BLOCK, DRAWS = 20_000, 800  # words in a call, and calls by each of two cores, of arithmetic alone
PARTS = 8  # of a call on two cores: whichever core is free takes the next
ROUNDS = 15  # they are short, and what else the machine does weighs


def measure() -> list[Figure]:
    """Ratios at both sizes; without gcc those against C are left out, and the table says so."""
    opponent = reference()
    return [figure for size in SIZES for figure in compared(law(), size, opponent)]


def compared(rules: Law, size: int, opponent: Reference | None) -> list[Figure]:
    """All figures of one size, in route order."""
    stream = Stream.settled(rules, size)
    stream.in_route_order()
    given = arguments(stream)
    count = given[2]
    parts, turns = parted(given), SIZES[-1] // size  # as many shipments on two cores at any size
    name = f"10^{round(np.log10(size))}"
    figures = []
    with ThreadPoolExecutor(2) as threads:

        def one() -> float:
            own = copied(given)
            return timed(lambda: kernels.move(*own))

        def in_turns() -> float:
            own = [copied(given) for _ in range(turns)]
            return timed(lambda: [kernels.move(*call) for call in own])

        def two() -> float:
            own = [copied(part) for _ in range(turns) for part in parts]  # kept till the end
            calls = deque(own)
            return timed(lambda: list(threads.map(_work, [calls, calls])))

        ours = [one()]
        if opponent is not None:
            ours, c = alternating([one, lambda: Moved(rules, given).seconds(opponent)])
            figures.append(Figure(
                f"{name}, speed of C kept on one core", 100 * ratio(c, ours), "%",
                _each(ours, count), f"C, {opponent.bytes_wide}-byte vectors: {_each(c, count)}",
            ))  # fmt: skip

        def drawn(workers: int) -> float:
            return timed(lambda: list(threads.map(_draw, [2 * DRAWS // workers] * workers)))

        alone, both, *idle = alternating(
            [in_turns, two, lambda: drawn(1), lambda: drawn(2)], ROUNDS
        )
        figures.append(Figure(
            f"{name}, two cores", ratio(alone, both), "x", _each(both, count * turns),
            f"one core: {_each(alone, count * turns)}; random words alone: {ratio(*idle):.2f} x",
        ))  # fmt: skip
    twin, same = against_twin(given)
    figures.append(Figure(f"{name}, twin", twin / median(ours), "x", _each(ours, count),
                          f"NumPy: {_each([twin], count)}"))  # fmt: skip
    same = same and same_in_parts(given, parts)
    if opponent is not None:
        same = same and same_in_c(rules, given, opponent)
    figures.append(Figure(f"{name}, same bits everywhere", float(same), "(1 is yes)"))
    return figures


def _each(seconds: list[float], count: int) -> str:
    return f"{1e9 * median(seconds) / count:.1f} ns a shipment"


def _draw(times: int) -> None:
    """Random words, which need no memory: what two cores are worth at this moment."""
    keys, out = np.arange(BLOCK, dtype=np.uint64), np.empty(BLOCK)
    number = np.zeros(1, dtype=np.uint32)
    for _ in range(times):
        kernels.uniform(np.uint64(1), keys, 0, number, out)


def _work(calls: deque[list[Any]]) -> None:
    """What a thread does: calls, until none is left."""
    with suppress(IndexError):
        while True:
            kernels.move(*calls.popleft())


def parted(given: list[Any]) -> list[list[Any]]:
    """The call as several, each with some of the shipments and counts of its own.

    A part stays a part: what is left of each stands in front of its own columns.
    """
    bounds = np.linspace(0, given[2], PARTS + 1, dtype=int).tolist()
    parts = []
    for part in (slice(*pair) for pair in pairwise(bounds)):
        own = copied(given)
        own[2] = part.stop - part.start
        own[STATE] = [column[part].copy() for column in given[STATE]]
        own[SEIZED] = [column[: own[2]].copy() for column in given[SEIZED]]
        parts.append(own)
    return parts


def outcome(moved: tuple[int, int], given: list[Any]) -> list[np.ndarray]:
    """What a call has done: those left, counts, those seized."""
    left, caught = moved
    return [*(column[:left] for column in given[STATE]), *given[COUNTS],
            *(column[:caught] for column in given[SEIZED])]  # fmt: skip


def against_twin(given: list[Any]) -> tuple[float, bool]:
    """Seconds of the NumPy twin, and whether the kernel gives the same bits."""
    mine, plain = copied(given), copied(given)
    moved = kernels.move(*mine)
    said: list[tuple[int, int]] = []
    seconds = timed(lambda: said.append(twins.move(*plain)))
    return seconds, _same(outcome(moved, mine), outcome(said[0], plain))


def same_in_parts(given: list[Any], parts: list[list[Any]]) -> bool:
    """Whether the parts give together what the whole gives."""
    whole, own = copied(given), [copied(part) for part in parts]
    expected = outcome(kernels.move(*whole), whole)
    outcomes = [outcome(kernels.move(*part), part) for part in own]
    states = STATE.stop - STATE.start
    counted = range(states, states + COUNTS.stop - COUNTS.start)
    found = [np.sum(each, axis=0) if at in counted else np.concatenate(each)
             for at, each in enumerate(zip(*outcomes, strict=True))]  # fmt: skip
    return _same(expected, found)


def same_in_c(rules: Law, given: list[Any], opponent: Reference) -> bool:
    """Whether C gives the same bits."""
    mine, c = copied(given), Moved(rules, given)
    expected = outcome(kernels.move(*mine), mine)
    c.seconds(opponent)
    lane_of = np.empty(c.entry.size, dtype=np.int32)
    lane_of[c.place], lane_of[c.end] = rules.lanes.place_lane, np.arange(c.end.size)

    def columns(key: Any, stop: Any, launched: Any, amount: Any, count: int) -> list[np.ndarray]:
        lane = lane_of[stop[:count]]
        return [key[:count], lane, (stop[:count] - lane).astype(np.int32), launched[:count],
                amount[:count]]  # fmt: skip

    found = [*columns(*c.columns, c.left), c.met[c.place, 0], c.met[c.place, 1],
             c.met[c.end, 0], c.met[c.end, 1], *columns(*c.seized, int(c.caught[0]))]  # fmt: skip
    return _same(expected, found)


def _same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
