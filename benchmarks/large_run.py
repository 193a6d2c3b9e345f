"""A million shipments under way on a million cells, a year with all mechanisms."""

from benchmarks.figures import Figure
from benchmarks.processes import fresh

SIDE, SUPPLY, SPEED, NETWORKS, WEEKS = 1000, 14_000_000.0, 150.0, 30, 52


def measure() -> list[Figure]:
    """Time, memory and size of one run in a fresh process."""
    spent, peak = fresh("worlds", "lived", SIDE, SUPPLY, SPEED, NETWORKS, WEEKS)
    whole = spent["set-up"] + spent["weeks"]
    return [
        Figure("time", whole, "s", f"set-up {spent['set-up']:.1f} s, "
               f"{WEEKS} weeks {spent['weeks']:.1f} s"),
        Figure("memory", peak / 1024, "GB"),
        Figure("shipments under way at the end", spent["last"] / 1e6, "million"),
    ]  # fmt: skip
