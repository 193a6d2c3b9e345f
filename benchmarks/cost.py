"""What a study costs: seconds of a run by size of world, and runs a minute by number of cores.

Each world runs in a fresh process. Runs a minute on one core follow from its seconds; on two cores
they are measured for Meridian, and for the others taken in proportion. More cores are
extrapolated: runs need nothing from each other, so what is lost is the start of each worker and
the end, when some wait for the last.
"""

from dataclasses import dataclass

from benchmarks.figures import Figure
from benchmarks.processes import fresh


@dataclass(frozen=True)
class Size:
    """A world to be timed: an entry of the library, or Meridian drawn finer and filled."""

    label: str
    module: str
    function: str
    arguments: tuple[object, ...]


def _finer(label: str, side: int, supply: float, speed: float, networks: int) -> Size:
    return Size(label, "worlds", "lived", (side, supply, speed, networks, 520))


SIZES = (
    Size("Meridian, 10 years, 30 networks", "worlds", "shipped", ("baseline",)),
    Size("the same with all three measures", "worlds", "shipped", ("all_three",)),
    Size("Central Asia", "worlds", "shipped", ("central_asia_2010",)),
    Size("Balkan route", "worlds", "shipped", ("balkan_route",)),
    Size("Mediterranean", "worlds", "shipped", ("mediterranean",)),
    Size("dark net", "worlds", "shipped", ("dark_net_2013",)),
    _finer("Meridian, 10 years, 300 networks", 0, 40_000.0, 350.0, 300),
    _finer("Meridian, 10 years, 10,000 shipments under way", 0, 300_000.0, 350.0, 30),
    _finer("Meridian, 10 years, 100,000 shipments under way", 0, 3_000_000.0, 350.0, 30),
    _finer("300 x 300 cells, 10 years", 300, 40_000.0, 350.0, 30),
)


def measure() -> list[Figure]:
    """Seconds of a run of each size; the first run of a process, so with a cold start."""
    figures = []
    for size in SIZES:
        spent, peak = fresh(size.module, size.function, *size.arguments)
        figures.append(Figure(size.label, spent["set-up"] + spent["weeks"], "s",
                              f"set-up {spent['set-up']:.2f} s, "
                              f"{spent['shipments']:,.0f} shipments, {peak:.0f} MB"))  # fmt: skip
    return figures
