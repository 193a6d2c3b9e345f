"""Worlds of real countries: map and scenario, built by rules from outlines and governance data.

Outlines say where countries and water are. Nothing open and small says where roads, towns and
crossings are, so they are made by rule, and every use of them is an assumption: a country has
the towns it is given, or one in its middle; roads follow the shortest way over land between the
towns of one country and between the first towns of neighbours; where a road meets a border there
is an official crossing. All land is plain.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, distance_transform_edt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from tocsin.cartography import disputed
from tocsin.cartography.governance import GovernanceProfile, profile
from tocsin.cartography.outlines import name_of
from tocsin.cartography.parts import left_out
from tocsin.cartography.raster import Raster, Window, rasterise
from tocsin.simulation.errors import InputError
from tocsin.simulation.geography.grid import NOTHING, SEA, BorderGrid, Terrain

SOURCE = (
    "outlines: Natural Earth 1:50m (public domain); towns, roads, crossings: assumption, by rule"
)
OFFICERS_PER_KM = 0.2  # assumption: who looks for contraband at any one time; one for all maps
BORDER = 6.0  # assumption: crossing a border costs a road as much as so many cells


class Site(NamedTuple):
    """Where a town lies, in degrees, and whether goods land there officially."""

    longitude: float
    latitude: float
    port: bool = False


def port(longitude: float, latitude: float) -> Site:
    """A town that is a port."""
    return Site(longitude, latitude, port=True)


Towns = Mapping[str, Mapping[str, Site]]  # code -> name -> site


@dataclass(frozen=True)
class BuiltMap:
    """A map and the profiles of its countries; names, profiles and first towns are by code."""

    grid: BorderGrid
    names: dict[str, str]
    profiles: dict[str, GovernanceProfile]
    first_town: dict[str, str]


def build(
    countries: Sequence[str],
    cell_km: float,
    title: str,
    year: int = 2019,
    towns: Towns | None = None,
    window: Window | None = None,
    overseas: bool = False,
) -> BuiltMap:
    """Build the map of a set of countries.

    Its note names disputed areas and, without a window, the far parts that are left out.

    Parameters
    ----------
    countries
        ISO alpha-3 codes.
    cell_km
        Width of a cell.
    year
        Year of the governance data: 2011, 2015 or 2019.
    towns
        Towns of some countries; the others get one in their middle.
    window
        West, south, east, north in degrees, if only a part is wanted.
    overseas
        Whether the far parts of countries (`tocsin.cartography.parts`) are on a map without a
        window.

    Raises
    ------
    InputError
        See `rasterise`; or the governance data lack a country.
    """
    codes = sorted(countries)
    profiles = {code: profile(code, year) for code in codes}
    raster = rasterise(codes, cell_km, window, overseas)
    placed = {
        code: _towns(code, n, raster, (towns or {}).get(code)) for n, code in enumerate(codes)
    }
    terrain = np.where(raster.country == SEA, Terrain.SEA, Terrain.PLAIN).astype(np.uint8)
    terrain[raster.country == NOTHING] = Terrain.NOTHING
    ports = {name for own in (towns or {}).values() for name, site in own.items() if site.port}
    world = settle(
        title, cell_km, raster.country, terrain, placed, ports, SOURCE,
        {code: name_of(code) for code in codes}, profiles,
    )  # fmt: skip
    said = [] if overseas or window else [left_out(code) for code in codes]
    said.append(disputed.sentences(codes, raster, window))
    return replace(world, grid=replace(world.grid, note=" ".join(one for one in said if one)))


def settle(
    title: str, cell_km: float, country: NDArray[np.int16], terrain: NDArray[np.uint8],
    towns: Mapping[str, Mapping[str, tuple[int, int]]], ports: AbstractSet[str], source: str,
    names: Mapping[str, str], profiles: Mapping[str, GovernanceProfile],
) -> BuiltMap:  # fmt: skip
    """Lay roads, crossings, towns and ports on bare land.

    Parameters
    ----------
    country
        int16[H, W], index into the codes, which are the keys of `towns` in their order.
    terrain
        uint8[H, W], of the bare land; it is written on.
    towns
        Code -> name -> cell.
    ports
        Names of those towns that are ports.
    """
    codes = list(towns)
    roads, crossings = _roads(country, towns, codes)
    terrain[roads] = Terrain.ROAD
    terrain[crossings] = Terrain.CROSSING
    everywhere = {name: place for own in towns.values() for name, place in own.items()}
    for name, place in everywhere.items():
        if name in ports:
            terrain[place] = Terrain.PORT
        elif terrain[place] != Terrain.CROSSING:
            terrain[place] = Terrain.TOWN
    grid = BorderGrid.from_arrays(title, cell_km, codes, country, terrain, everywhere, source)
    first_town = {code: next(iter(own)) for code, own in towns.items()}
    return BuiltMap(grid, dict(names), dict(profiles), first_town)


def _towns(
    code: str, number: int, raster: Raster, given: Mapping[str, Site] | None
) -> dict[str, tuple[int, int]]:
    """Cells of the towns of a country, each in the nearest free one; a port on the coast."""
    mine = raster.country == number
    if not given:
        inland = np.asarray(distance_transform_edt(np.pad(mine, 1)))[1:-1, 1:-1]
        row, column = np.unravel_index(int(np.argmax(inland)), mine.shape)
        return {f"{name_of(code)}": (int(row), int(column))}
    coast = mine & binary_dilation(raster.country == SEA)
    placed: dict[str, tuple[int, int]] = {}
    for name, site in given.items():
        cells = np.argwhere(coast if site.port else mine)
        far = np.hypot(*(cells - raster.cell(site.longitude, site.latitude)).T)
        for at in np.argsort(far, kind="stable"):
            place = (int(cells[at, 0]), int(cells[at, 1]))
            if place not in placed.values():
                placed[name] = place
                break
    return placed


def _roads(
    country: NDArray[np.int16], towns: Mapping[str, Mapping[str, tuple[int, int]]],
    codes: Sequence[str],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:  # fmt: skip
    """Cells of roads and of crossings. Two bool[H, W]."""
    road, crossing = np.zeros((2, *country.shape), dtype=bool)
    for code in codes:
        first, *others = towns[code].values()
        for other in others:
            _draw(country, (codes.index(code),), first, other, road, crossing)
    for number, code in enumerate(codes):
        for second in range(number + 1, len(codes)):
            if _touch(country, number, second):
                start, end = _closest(towns[code], towns[codes[second]])
                _draw(country, (number, second), start, end, road, crossing)
    return road, crossing


def _closest(
    one: Mapping[str, tuple[int, int]], other: Mapping[str, tuple[int, int]]
) -> tuple[tuple[int, int], tuple[int, int]]:
    pairs = [(a, b) for a in one.values() for b in other.values()]
    return min(pairs, key=lambda pair: float(np.hypot(*np.subtract(*pair))))


def _touch(country: NDArray[np.int16], one: int, other: int) -> bool:
    for first, second in ((country[1:], country[:-1]), (country[:, 1:], country[:, :-1])):
        if (((first == one) & (second == other)) | ((first == other) & (second == one))).any():
            return True
    return False


def _draw(
    country: NDArray[np.int16], allowed: Sequence[int], start: tuple[int, int],
    end: tuple[int, int], road: NDArray[np.bool_], crossing: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Draw the shortest way over the land of some countries, if there is one."""
    open_land = np.isin(country, allowed)
    number = np.arange(country.size).reshape(country.shape)
    starts, ends, costs = [], [], []
    for here, there in (
        ((slice(None, -1), slice(None)), (slice(1, None), slice(None))),
        ((slice(None), slice(None, -1)), (slice(None), slice(1, None))),
    ):
        way = open_land[here] & open_land[there]
        cost = np.where(road[here] & road[there], 0.6, 1.0)
        cost = cost + BORDER * (country[here] != country[there])
        starts.append(number[here][way])
        ends.append(number[there][way])
        costs.append(cost[way])
    graph = csr_array(
        (np.concatenate(costs), (np.concatenate(starts), np.concatenate(ends))),
        shape=(country.size, country.size),
    )
    source, target = (int(np.ravel_multi_index(place, country.shape)) for place in (start, end))
    reached, before = dijkstra(graph, directed=False, indices=source, return_predecessors=True)
    if not np.isfinite(reached[target]):
        return
    at = target
    while True:
        row, column = divmod(at, country.shape[1])
        road[row, column] = True
        previous = int(before[at])
        if previous < 0:
            return
        before_row, before_column = divmod(previous, country.shape[1])
        if country[row, column] != country[before_row, before_column]:
            crossing[row, column] = crossing[before_row, before_column] = True
        at = previous


def officers(grid: BorderGrid, sector_km: float) -> dict[str, int]:
    """Officers of each country by the rule: so many a kilometre of border and coast."""
    sectors = grid.sectors(sector_km)
    length = np.bincount(sectors.country, weights=sectors.length_km, minlength=len(grid.codes))
    return {code: round(length[n] * OFFICERS_PER_KM) for n, code in enumerate(grid.codes)}


def profile_lines(world: BuiltMap, sector_km: float) -> list[str]:
    """The tables of a scenario file that state the profile of every country of a world."""
    lines: list[str] = []
    for code, number in officers(world.grid, sector_km).items():
        lines += [
            "",
            f"[countries.{code}]",
            f'name = "{world.names[code]}"',
            f"officers = {number}",
        ]
        lines += world.profiles[code].lines()
    return lines


def scenario_text(world: BuiltMap, map_name: str, source: str, market: str) -> str:
    """A root scenario on a world, one commodity from one country to another.

    Raises
    ------
    InputError
        If source and market are the same country.
    """
    if source == market:
        raise InputError(f"--market {market}: the source as well; goods leave one country for "
                         "another.")  # fmt: skip
    grid = world.grid
    lines = [
        "schema = 1",
        f'title = "{grid.title}"',
        f'question = "What happens on the way from {world.names[source]} to '
        f'{world.names[market]}?"',
        'author = "tocsin map"',
        'description = "A first scenario on a new map: profiles from governance data, everything '
        'else assumed. Replace what you know better."',
        "",
        "[world]",
        f'map = "{map_name}"',
        f"sector_km = {2 * max(100.0, grid.cell_km)}",
    ]
    lines += profile_lines(world, 2 * max(100.0, grid.cell_km))
    lines += [
        "",
        "[commodities.heroin]",
        f'sources = ["{world.first_town[source]}"]',
        f'markets = ["{world.first_town[market]}"]',
        "supply_per_year = 40_000",
        "shipment_size = 2.0",
        "source_price = 3_400",
        "market_price = 33_000",
        "",
        "[sources]",
        '"world.map" = "built by tocsin map"',
        '"world.sector_km" = "assumption: two hundred kilometres, or two cells if these are wider"',
        '"countries.*.name" = "ISO 3166"',
        f'"countries.*.officers" = "assumption: {OFFICERS_PER_KM:g} a kilometre of border"',
        '"countries.*.languages" = "official languages, Unicode CLDR"',
        '"countries.*" = "assumption: rule of docs/maps.md on World Bank, Worldwide Governance '
        'Indicators (CC BY 4.0)"',
        '"commodities.heroin.source_price" = "price at Afghanistan\'s neighbours 2007, Foreign '
        'Policy, Oct 2009"',
        '"commodities.heroin.market_price" = "price in England 2007, Foreign Policy, Oct 2009"',
        '"commodities.heroin.*" = "assumption"',
    ]
    return "\n".join(lines) + "\n"
