"""Candidate routes from sources to markets (M3): diverse least-effort ways over the grid.

The ways are found once for a map, by repeated shortest paths (Dijkstra, from
``scipy.sparse.csgraph``). After each round the border sectors that were used cost more, so that
the next way crosses elsewhere; a single tree a market serves all sources. What a network knows
of these candidates, and what it does with them, is its own affair.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from tocsin.simulation.errors import InputError
from tocsin.simulation.geography.grid import NOTHING, SEA, BorderGrid, Terrain
from tocsin.simulation.geography.sectors import Sectors, sector_crossed
from tocsin.simulation.parameters import Geography

__all__ = ["Route", "RouteTable", "route_table"]
from tocsin.simulation.state import Laid

OFFICIAL = (Terrain.CROSSING, Terrain.PORT)
ROUGH = (Terrain.HILL, Terrain.MOUNTAIN, Terrain.DESERT)


@dataclass(frozen=True)
class Route:
    """One way from a source to a market.

    Attributes
    ----------
    source, market
        Towns.
    cells
        int32, flat cell indices from source to market.
    effort_km
        Length in kilometres of open plain that would take the same effort.
    sector, weight, effort_at
        One entry for each sector met, in order: sector number, relative visibility to patrols,
        effort from the source up to it. A sector is met where the way leaves or enters its
        country across its border, or leaves or lands on its coast; once, where that first
        happens. A way along a border meets nobody.
    met_at
        One entry for each sector met, index into `cells`: where the way crosses.
    countries
        Country numbers in the order of first entry; the first one is the source's.
    """

    source: str
    market: str
    cells: NDArray[np.int32]
    effort_km: float
    sector: NDArray[np.int32]
    weight: NDArray[np.float64]
    effort_at: NDArray[np.float64]
    met_at: NDArray[np.int64]
    countries: tuple[int, ...]


@dataclass(frozen=True)
class RouteTable(Laid):
    """All candidate routes of a set of sources and markets, with what is read off them."""

    routes: tuple[Route, ...]

    @cached_property
    def by_pair(self) -> dict[tuple[str, str], tuple[int, ...]]:
        """(source, market) -> route numbers, the least effort first."""
        pairs: dict[tuple[str, str], list[int]] = {}
        for number, route in enumerate(self.routes):
            pairs.setdefault((route.source, route.market), []).append(number)
        return {pair: tuple(numbers) for pair, numbers in pairs.items()}


def _friction(grid: BorderGrid, geography: Geography) -> NDArray[np.float64]:
    """Effort to cross a kilometre of each cell; infinite where nobody can go. [H, W]"""
    of_kind = np.full(len(Terrain), np.inf)
    of_kind[Terrain.SEA] = geography.sea
    of_kind[Terrain.PLAIN] = geography.plain
    of_kind[Terrain.HILL] = geography.hill
    of_kind[Terrain.MOUNTAIN] = geography.mountain
    of_kind[Terrain.DESERT] = geography.desert
    of_kind[[Terrain.ROAD, Terrain.TOWN, Terrain.CROSSING, Terrain.PORT]] = geography.road
    return of_kind[grid.terrain]


def _visibility(grid: BorderGrid, geography: Geography) -> NDArray[np.float64]:
    """Hazard of a cell relative to open plain. [H, W]"""
    of_kind = np.ones(len(Terrain))
    of_kind[list(OFFICIAL)] = geography.visibility_crossing
    of_kind[[Terrain.ROAD, Terrain.TOWN]] = geography.visibility_road
    of_kind[list(ROUGH)] = geography.visibility_rough
    return of_kind[grid.terrain]


@dataclass(frozen=True)
class _Ways:
    """The grid as a graph: each step between two neighbouring cells, once.

    `crosses` are the numbers of the steps across a border or coast, `left` and `right` the
    sectors on their two sides, -1 at sea.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    effort: NDArray[np.float64]
    crosses: NDArray[np.int64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    cells: int

    @classmethod
    def over(cls, grid: BorderGrid, geography: Geography, sectors: Sectors) -> "_Ways":
        friction = _friction(grid, geography)
        height, width = grid.shape
        number = np.arange(height * width).reshape(height, width)
        official = np.isin(grid.terrain, OFFICIAL)
        starts, ends, efforts, crossings = [], [], [], []
        for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
            here = (slice(0, height - down), slice(max(0, -right), width - max(0, right)))
            there = (slice(down, height), slice(max(0, right), width - max(0, -right)))
            both = (friction[here] + friction[there]) / 2
            open_way = np.isfinite(both)
            if down and right:  # nobody slips through the corner between border cells
                open_way &= grid.country[here] == grid.country[there]
            owner, other = grid.country[here][open_way], grid.country[there][open_way]
            crosses = owner != other
            checked = official[here][open_way] & official[there][open_way]
            landing = ((owner == SEA) & official[there][open_way]) | (
                (other == SEA) & official[here][open_way]
            )
            length = grid.cell_km * np.sqrt(down * down + right * right)
            efforts.append(
                both[open_way] * length
                + geography.green_border_km * (crosses & ~checked & ~landing)
            )
            starts.append(number[here][open_way])
            ends.append(number[there][open_way])
            crossings.append(crosses)
        start, end = np.concatenate(starts), np.concatenate(ends)
        crosses = np.flatnonzero(np.concatenate(crossings))
        here, there = start[crosses], end[crosses]
        return cls(
            start,
            end,
            np.concatenate(efforts),
            crosses,
            sector_crossed(sectors, grid.country, here, there),
            sector_crossed(sectors, grid.country, there, here),
            height * width,
        )

    def graph(self, surcharge: NDArray[np.float64]) -> csr_array:
        """Sparse effort matrix with a surcharge [sectors + 1] on the crossings of either side.

        The last entry of `surcharge` stands for the sea.
        """
        effort = self.effort.copy()
        effort[self.crosses] += surcharge[self.left] + surcharge[self.right]
        return csr_array((effort, (self.start, self.end)), shape=(self.cells, self.cells))


def _path(predecessor: NDArray[np.int32], start: int) -> NDArray[np.int32]:
    cells = [start]
    while predecessor[cells[-1]] >= 0:
        cells.append(int(predecessor[cells[-1]]))
    return np.array(cells, dtype=np.int32)


@lru_cache(maxsize=16)
def route_table(
    grid: BorderGrid,
    geography: Geography,
    sector_km: float,
    sources: tuple[str, ...],
    markets: tuple[str, ...],
    each: int,
    detour: float,
) -> RouteTable:
    """Find up to `each` routes with different sectors from every source to every market.

    Parameters
    ----------
    grid, geography, sector_km
        The map, what its terrain costs, and the length of a border sector.
    sources, markets
        Names of towns.
    each
        Routes wanted for a pair.
    detour
        Added effort, relative to the best route, of crossing only where an earlier one crosses.

    Raises
    ------
    InputError
        If no way leads from a source to a market.
    """
    sectors = grid.sectors(sector_km)
    ways = _Ways.over(grid, geography, sectors)
    town = {name: int(np.ravel_multi_index(grid.towns[name], grid.shape))
            for name in (*sources, *markets)}  # fmt: skip
    routes: list[Route] = []
    for market in markets:
        found: dict[str, dict[tuple[int, ...], Route]] = {source: {} for source in sources}
        uses = np.zeros(len(sectors.ids) + 1)  # the last one stands for the sea
        scale = 0.0
        for attempt in range(2 * each):
            graph = ways.graph(uses * scale)
            effort, predecessor = dijkstra(
                graph, directed=False, indices=town[market], return_predecessors=True
            )
            for source in sources:
                if not np.isfinite(effort[town[source]]):
                    raise InputError(
                        f"map {grid.title!r}: no way leads from {source!r} to {market!r}."
                    )
                cells = _path(predecessor, town[source])
                route = _read(cells, grid, geography, sectors, source, market)
                if len(found[source]) < each:
                    found[source].setdefault(tuple(route.sector.tolist()), route)
                uses[route.sector] += 1.0 / len(sources)
            if attempt == 0:
                crossed = np.mean(
                    [max(1, r.sector.size) for f in found.values() for r in f.values()]
                )
                scale = detour * float(np.mean([effort[town[s]] for s in sources])) / crossed
            if all(len(kept) >= each for kept in found.values()):
                break
        for kept in found.values():
            routes.extend(sorted(kept.values(), key=lambda r: r.effort_km))
    return RouteTable(tuple(routes))


def _read(
    cells: NDArray[np.int32],
    grid: BorderGrid,
    geography: Geography,
    sectors: Sectors,
    source: str,
    market: str,
) -> Route:
    """Read off a path what shipments meet on it; a sector counts once, where first met."""
    friction = _friction(grid, geography).ravel()[cells]
    rows, columns = np.unravel_index(cells, grid.shape)
    length = grid.cell_km * np.sqrt(np.diff(rows) ** 2 + np.diff(columns) ** 2)
    owner = grid.country.ravel()[cells]
    official = np.isin(grid.terrain.ravel()[cells], OFFICIAL)
    crosses = owner[1:] != owner[:-1]
    checked = (official[1:] & official[:-1]) | (
        (official[1:] | official[:-1]) & ((owner[1:] == SEA) | (owner[:-1] == SEA))
    )
    steps = length * (friction[1:] + friction[:-1]) / 2
    steps += geography.green_border_km * (crosses & ~checked)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    visible = _visibility(grid, geography).ravel()[cells]
    step = np.flatnonzero(crosses)
    at = np.column_stack([step, step + 1]).ravel()  # cells at the border: out, in, out, in
    beyond = np.column_stack([step + 1, step]).ravel()
    met = sector_crossed(sectors, grid.country, cells[at], cells[beyond])
    at, met = at[met >= 0], met[met >= 0]
    unique, first = np.unique(met, return_index=True)
    order = np.argsort(first)
    weights = np.bincount(met, weights=visible[at]) / np.maximum(np.bincount(met), 1)
    entered, first_seen = np.unique(owner, return_index=True)
    countries = [int(c) for c in entered[np.argsort(first_seen)] if c not in (SEA, NOTHING)]
    return Route(
        source=source,
        market=market,
        cells=cells,
        effort_km=float(along[-1]),
        sector=unique[order].astype(np.int32),
        weight=weights[unique[order]],
        effort_at=along[at[first[order]]],
        met_at=at[first[order]],
        countries=tuple(countries),
    )
