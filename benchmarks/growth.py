"""How run time grows: exponents fitted to medians, in log and log.

Time with the number of weeks is that of the weeks alone; with shipments it is what they add to the
same world with hardly any; with cells and networks it is everything, set-up included.
"""

from collections.abc import Sequence
from statistics import median

import numpy as np

from benchmarks.figures import Figure, alternating
from benchmarks.worlds import SPEED, SUPPLY, lived

WEEKS = (65, 130, 260, 520)
FEW, SUPPLIES = 1_000.0, (1_500_000.0, 3_000_000.0, 6_000_000.0, 12_000_000.0)  # kg a year
SLOW = 50.0  # km a week: more are under way
SIDES = (125, 250, 500, 1000)
NETWORKS = (100, 200, 400, 800)
HALF_YEAR = 26
ROUNDS = 3

World = tuple[int, float, float, int, int]  # side, supply, speed, networks, weeks


def measure() -> list[Figure]:
    """Four exponents."""
    return [_weeks(), _shipments(), _cells(), _networks()]


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Slope of a straight line through the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def _weeks() -> Figure:
    spent, _ = _lived([(0, SUPPLY, SPEED, 30, weeks) for weeks in WEEKS], ("weeks",))
    return _figure("weeks", WEEKS, spent)


def _shipments() -> Figure:
    worlds = [(0, supply, SLOW, 30, HALF_YEAR) for supply in (FEW, *SUPPLIES)]
    spent, held = _lived(worlds, ("weeks",), rounds=5)
    return _figure("shipments", held[1:], [one - spent[0] for one in spent[1:]])


def _cells() -> Figure:
    worlds = [(side, SUPPLY, SPEED, 30, HALF_YEAR) for side in SIDES]
    spent, _ = _lived(worlds, ("set-up", "weeks"), rounds=1)
    return _figure("cells", [side**2 for side in SIDES], spent)


def _networks() -> Figure:
    worlds = [(0, SUPPLY, SPEED, number, HALF_YEAR) for number in NETWORKS]
    spent, _ = _lived(worlds, ("set-up", "weeks"))
    return _figure("networks", NETWORKS, spent)


def _lived(
    worlds: Sequence[World], counted: tuple[str, ...], rounds: int = ROUNDS
) -> tuple[list[float], list[float]]:
    """Median seconds of each world, the worlds in turns, and its mean shipments under way."""
    held: dict[World, float] = {}

    def side(world: World) -> float:
        spent = lived(*world)
        held[world] = spent["shipments"]
        return sum(spent[part] for part in counted)

    rows = alternating([lambda one=one: side(one) for one in worlds], rounds, warm=0)
    return [median(row) for row in rows], [held[world] for world in worlds]


def _figure(name: str, sizes: Sequence[float], spent: Sequence[float]) -> Figure:
    return Figure(f"exponent of {name}", exponent(sizes, spent), "",
                  f"{', '.join(f'{one:.2f}' for one in spent)} s",
                  f"{sizes[0]:,.0f} to {sizes[-1]:,.0f} {name}")  # fmt: skip
