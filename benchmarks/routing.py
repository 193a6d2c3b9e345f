"""Route finding: scipy's Dijkstra, and what the search for candidate routes adds to it.

There is no kernel of our own. The figure says what one would have to beat: the whole search,
relative to the bare shortest-path trees that it needs.
"""

from statistics import median
from typing import Any

from scipy.sparse.csgraph import dijkstra
from tocsin.simulation.geography import routes
from tocsin.simulation.geography.routes import route_table

from benchmarks.figures import Figure, alternating, ratio, timed
from benchmarks.worlds import world

SIDES, ROUNDS = (300, 1000), 3


def measure() -> list[Figure]:
    """A ratio a size."""
    return [compared(side) for side in SIDES]


def compared(side: int) -> Figure:
    """The search for the routes of one world, and its trees alone."""
    scenario = world(side)
    parameters = scenario.parameters
    good = parameters.commodities["heroin"]
    trees: list[tuple[Any, dict[str, Any]]] = []

    def search() -> float:
        route_table.cache_clear()
        return timed(lambda: route_table(
            scenario.grid, parameters.geography, parameters.world.sector_km, tuple(good.sources),
            tuple(good.markets), 2, parameters.world.detour))  # fmt: skip

    def noted(graph: Any, **options: Any) -> Any:
        trees.append((graph, options))
        return dijkstra(graph, **options)

    setattr(routes, "dijkstra", noted)  # noqa: B010
    try:
        search()
    finally:
        setattr(routes, "dijkstra", dijkstra)  # noqa: B010

    def bare() -> float:
        return timed(lambda: [dijkstra(graph, **options) for graph, options in trees])

    ours, scipy = alternating([search, bare], ROUNDS, warm=0)
    number = len(trees)
    return Figure(f"{side} cells a side, search relative to scipy's trees",
                  ratio(ours, scipy), "x",
                  f"{1e3 * median(ours) / number:.0f} ms a tree, {number} trees",
                  f"scipy: {1e3 * median(scipy) / number:.0f} ms")  # fmt: skip
