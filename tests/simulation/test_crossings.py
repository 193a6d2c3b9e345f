"""Shipments meet a post only where they cross its border, or leave or land on its coast."""

import numpy as np
import pytest
from tocsin.cartography.generated import write
from tocsin.simulation.geography.grid import SEA
from tocsin.simulation.geography.modes import mode_of, sectors_of
from tocsin.simulation.geography.routes import route_table
from tocsin.simulation.parameters import Geography
from tocsin.simulation.scenario.files import load, names

WITH_PLACES = ("baseline", "balkan_route", "before_tarcet", "caribbean_1985",
               "central_asia_2010", "mediterranean")  # fmt: skip


def _tables(scenario):
    parameters = scenario.parameters
    sectors = sectors_of(scenario.grid, parameters)
    for good in parameters.commodities.values():
        if not mode_of(good).tag:
            yield sectors, mode_of(good).routes(scenario.grid, sectors, parameters, good)


def _crossed(grid, route):
    """(owner, other side) of each side of a border or coast that a way really crosses."""
    owner = grid.country.ravel()[route.cells]
    steps = zip(owner[:-1].tolist(), owner[1:].tolist(), strict=True)
    sides = {side for out, into in steps if out != into for side in ((out, into), (into, out))}
    return {(own, other) for own, other in sides if own != SEA}


def _phantoms(scenario):
    """Posts on ways that cross no such border, and crossings without a post, by name."""
    grid, wrong = scenario.grid, []
    for sectors, table in _tables(scenario):
        known = set(zip(sectors.country.tolist(), sectors.neighbour.tolist(), strict=True))
        for route in table.routes:
            crossed = _crossed(grid, route)
            met = {(int(sectors.country[s]), int(sectors.neighbour[s])) for s in route.sector}
            # a border that is nobody's main border has no sector: the cell's own stands in
            without = {own for own, other in crossed if (own, other) not in known}
            wrong += [(route.market, pair) for pair in met - crossed if pair[0] not in without]
            wrong += [(route.market, pair) for pair in (crossed & known) - met]
    return wrong


def test_every_shipped_map_is_walked():
    maps = {load(name).grid.digest for name in names()}
    on_maps = {load(name).grid.digest for name in WITH_PLACES}
    virtual = {load("dark_net_2017").grid.digest}  # nothing moves over land there
    assert maps == on_maps | virtual


@pytest.mark.parametrize("name", WITH_PLACES)
def test_no_route_meets_a_post_whose_border_it_does_not_cross(name):
    assert _phantoms(load(name)) == []


@pytest.mark.parametrize("seed", range(3))
def test_no_phantom_posts_on_maps_that_nobody_looked_at(seed, tmp_path):
    assert _phantoms(load(write(seed, tmp_path))) == []


def test_a_lorry_that_passes_a_coast_meets_no_coast_guard():
    """From Kunduz to Samara by land: no way without a step to or from the sea meets a coast."""
    scenario = load("central_asia_2010")
    seen = 0
    for sectors, table in _tables(scenario):
        for route in table.routes:
            owner = scenario.grid.country.ravel()[route.cells]
            if (owner == SEA).any():
                continue
            seen += 1
            assert (sectors.neighbour[route.sector] != SEA).all()
    assert seen > 20


def test_a_border_that_is_crossed_is_met_out_and_in():
    scenario = load("baseline")
    grid = scenario.grid
    sectors = grid.sectors(scenario.parameters.world.sector_km)
    good = scenario.parameters.commodities["heroin"]
    table = route_table(grid, Geography(), scenario.parameters.world.sector_km, good.sources,
                        good.markets, 4, 0.2)  # fmt: skip
    for route in table.routes:
        owners = sectors.country[route.sector].tolist()
        assert owners[0] == route.countries[0]  # out of the source's country
        assert owners[-1] == route.countries[-1]  # into the market's
        assert (np.diff(route.effort_at) >= 0).all()
