"""Meridian drawn finer and filled with more: worlds of any size for the same law."""

from dataclasses import replace
from time import perf_counter

import numpy as np
from tocsin.simulation.geography.grid import BorderGrid, Terrain
from tocsin.simulation.model import BorderModel
from tocsin.simulation.scenario.files import Scenario, load

SUPPLY = 40_000.0  # kg a year, the baseline's
SPEED = 350.0  # km a week, the baseline's


def drawn_finer(side: int) -> BorderGrid:
    """Meridian on `side` x `side` cells, as wide as it is and repeated to the south.

    Towns stay where they are. Official crossings become roads: a crossing of many fine cells
    would be no crossing.
    """
    base = load("baseline").grid
    height, width = base.shape
    factor = side / width
    across = (np.arange(side) / factor).astype(int)
    chosen = np.ix_(across % height, across)
    country, terrain = base.country[chosen], base.terrain[chosen].copy()
    terrain[np.isin(terrain, (Terrain.CROSSING, Terrain.PORT, Terrain.TOWN))] = Terrain.ROAD
    towns = {}
    for name, (row, column) in base.towns.items():
        towns[name] = int((row + 0.5) * factor), int((column + 0.5) * factor)
        terrain[towns[name]] = Terrain.TOWN
    cell_km = base.cell_km / factor
    return BorderGrid.from_arrays(f"Meridian, {side}", cell_km, base.codes, country, terrain, towns)


def world(
    side: int = 0, supply: float = SUPPLY, speed: float = SPEED, networks: int = 30, weeks: int = 52
) -> Scenario:
    """The baseline with other sizes; side 0 keeps Meridian's own map."""
    values = {
        "commodities.heroin.supply_per_year": supply,
        "commodities.heroin.speed_km_per_week": speed,
        "world.networks": networks,
        "world.weeks": weeks,
    }
    base = load("baseline").with_(values)
    return replace(base, grid=drawn_finer(side)) if side else base


def lived(side: int, supply: float, speed: float, networks: int, weeks: int) -> dict[str, float]:
    """The life of such a world; see `life`."""
    return life(world(side, supply, speed, networks, weeks))


def shipped(name: str) -> dict[str, float]:
    """The life of a scenario of the library; see `life`."""
    return life(load(name))


def life(scenario: Scenario) -> dict[str, float]:
    """Seconds to lay a world out and to run it; shipments under way, mean of all weeks and last."""
    start = perf_counter()
    model = BorderModel(scenario, rng=0, events=False)
    laid_out = perf_counter()
    under_way = []
    for _ in range(scenario.parameters.world.weeks):
        model.step()
        under_way.append(model.world.shipments.count)
    return {"set-up": laid_out - start, "weeks": perf_counter() - laid_out,
            "shipments": float(np.mean(under_way)), "last": under_way[-1]}  # fmt: skip
