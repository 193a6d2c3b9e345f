"""A large world: 500 x 500 cells, a hundred thousand shipments under way, one year (slow)."""

from dataclasses import replace

import numpy as np
import pytest
from tocsin.simulation.geography.grid import BorderGrid, Terrain
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

pytestmark = pytest.mark.slow


def _large():
    base = load("baseline")
    factor = 500 / 60
    rows, columns = (
        (np.arange(500) / factor).astype(int) % 40,
        (np.arange(500) / factor).astype(int),
    )
    country = base.grid.country[np.ix_(rows, columns)]
    terrain = base.grid.terrain[np.ix_(rows, columns)].copy()
    terrain[np.isin(terrain, (Terrain.CROSSING, Terrain.PORT, Terrain.TOWN))] = Terrain.ROAD
    towns = {}
    for name, (row, column) in base.grid.towns.items():
        towns[name] = (int((row + 0.5) * factor), int((column + 0.5) * factor))
        terrain[towns[name]] = Terrain.TOWN
    grid = BorderGrid.from_arrays("Large", 5.0, base.grid.codes, country, terrain, towns)
    values = {"commodities.heroin.supply_per_year": 2_000_000.0, "world.weeks": 52,
              "commodities.heroin.speed_km_per_week": 150.0}  # fmt: skip
    return replace(base.with_(values), grid=grid)


def test_a_large_world_runs_a_year():
    finished = run(_large(), seed=0, events=False)
    series = finished.series
    assert finished.model.world.shipments.count >= 100_000
    stock = series.produced - series.delivered - series.seized - series.lost
    assert (stock.cumsum() == series.in_transit).all()
