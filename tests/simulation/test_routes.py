"""Candidate routes: real ways, the least effort first, and different from one another."""

from itertools import pairwise

import numpy as np
import pytest
from tocsin.simulation.errors import InputError
from tocsin.simulation.geography.grid import NOTHING, BorderGrid, Terrain
from tocsin.simulation.geography.routes import route_table
from tocsin.simulation.scenario.files import load

BASE = load("baseline")
GOOD = BASE.parameters.commodities["heroin"]


def _table(grid=BASE.grid, geography=BASE.parameters.geography, each=15):
    return route_table(grid, geography, 100.0, GOOD.sources, GOOD.markets, each, 0.6)


def test_routes_are_connected_ways_from_source_to_market():
    for route in _table().routes:
        rows, columns = np.unravel_index(route.cells, BASE.grid.shape)
        assert (rows[0], columns[0]) == BASE.grid.towns[route.source]
        assert (rows[-1], columns[-1]) == BASE.grid.towns[route.market]
        assert max(np.abs(np.diff(rows)).max(), np.abs(np.diff(columns)).max()) == 1
        assert (BASE.grid.country[rows, columns] != NOTHING).all()
        for (r, c), (down, right) in pairwise(zip(rows, columns, strict=True)):
            if BASE.grid.country[r, c] != BASE.grid.country[down, right]:
                assert abs(r - down) + abs(c - right) == 1


def test_each_pair_has_several_routes_over_different_sectors():
    table = _table()
    assert len(table.by_pair) == len(GOOD.sources) * len(GOOD.markets)
    for numbers in table.by_pair.values():
        routes = [table.routes[number] for number in numbers]
        assert len(routes) >= 8
        assert len({tuple(route.sector.tolist()) for route in routes}) == len(routes)
        efforts = [route.effort_km for route in routes]
        assert efforts == sorted(efforts)


@pytest.mark.parametrize("transit", ["KUR", "SEV", "TAL"])
@pytest.mark.parametrize("source", GOOD.sources)
def test_there_is_more_than_one_way_round_every_transit_country(transit, source):
    number = BASE.grid.codes.index(transit)
    round_it = {
        route.countries
        for route in _table().routes
        if route.source == source and number not in route.countries
    }
    assert len(round_it) >= 2


def test_checkpoints_come_in_order_and_once():
    for route in _table().routes:
        assert (np.diff(route.effort_at) >= 0).all()
        assert np.unique(route.sector).size == route.sector.size
        assert 0 <= route.effort_at[0] <= route.effort_at[-1] <= route.effort_km


def test_harder_terrain_makes_longer_ways():
    flat = BASE.parameters.geography.model_copy(update={"mountain": 1.0, "hill": 1.0})
    easy = min(route.effort_km for route in _table(geography=flat, each=1).routes)
    assert easy <= min(route.effort_km for route in _table(each=1).routes)


def test_no_way_is_said_in_one_sentence():
    grid = BASE.grid
    country, terrain = grid.country.copy(), grid.terrain.copy()
    country[:, 35], terrain[:, 35] = NOTHING, Terrain.NOTHING
    towns = {name: place for name, place in grid.towns.items() if place[1] != 35}
    cut = BorderGrid.from_arrays(
        "Cut", 25.0, grid.codes, country, np.where(np.isin(terrain, (8, 9)), 7, terrain), towns
    )
    with pytest.raises(InputError, match="no way leads from 'Kaldun' to 'Halvik'"):
        _table(grid=cut)
