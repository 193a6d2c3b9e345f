"""Borders divided into sectors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import label
from tocsin.simulation.geography.sectors import NOTHING, SEA, contacts, divide

CODES = ("AAA", "BBB", "CCC")


def _divided(country, sector_km=100.0, cell_km=25.0, port=None):
    no = np.zeros(country.shape, dtype=bool)
    port = no if port is None else port
    return divide(country.astype(np.int16), CODES, cell_km, sector_km, port, port)


def test_a_straight_border_has_equal_sectors_on_both_sides():
    country = np.zeros((12, 10), dtype=int)
    country[:, 5:] = 1
    sectors = _divided(country)
    assert sectors.ids == (
        "AAA-BBB:01", "AAA-BBB:02", "AAA-BBB:03", "BBB-AAA:01", "BBB-AAA:02", "BBB-AAA:03",
    )  # fmt: skip
    assert np.allclose(sectors.length_km, 100.0)
    assert (sectors.of_cell >= 0).sum() == 24


def test_a_diagonal_border_is_as_long_as_its_diagonal():
    rows, columns = np.indices((40, 40))
    country = (columns > rows).astype(np.int16)
    one_side = contacts(country)
    length = one_side.length_facing(1)[one_side.country == 0].sum()
    assert length == pytest.approx(39 * np.sqrt(2), rel=0.03)


def test_a_port_belongs_to_the_coast_even_beside_a_land_border():
    country = np.zeros((6, 6), dtype=int)
    country[:, 3:] = 1
    country[0] = SEA
    port = np.zeros(country.shape, dtype=bool)
    port[1, 2] = True
    assert _divided(country, port=port).ids[_divided(country, port=port).of_cell[1, 2]][:7] == (
        "AAA-sea"
    )
    assert _divided(country).ids[_divided(country).of_cell[1, 2]][:7] == "AAA-BBB"


def test_nothing_is_no_neighbour():
    country = np.full((5, 5), NOTHING)
    country[2:4, 2:4] = 0
    assert _divided(country).ids == ()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(30, 400))
def test_every_border_cell_has_one_contiguous_sector_of_its_country(seed, sector_km):
    random = np.random.default_rng(seed)
    points = random.uniform(0, 24, (6, 2))
    rows, columns = np.indices((24, 24))
    nearest = np.hypot(rows[..., None] - points[:, 0], columns[..., None] - points[:, 1]).argmin(-1)
    country = np.array([0, 1, 2, SEA, NOTHING, 1])[nearest]
    for number, code in enumerate(CODES):
        if not (country == number).any():
            country[number, 0] = CODES.index(code)
    sectors = _divided(country, sector_km)
    cells = contacts(country.astype(np.int16))
    assert set(np.flatnonzero(sectors.of_cell.ravel() >= 0)) == set(cells.place.tolist())
    for number in range(len(sectors.ids)):
        inside = sectors.of_cell == number
        assert inside.sum() == sectors.cells[number]
        assert set(country[inside]) == {sectors.country[number]}
        assert label(inside, np.ones((3, 3)))[1] == 1
        assert sectors.length_km[number] <= 1.7 * sector_km + 4 * 25.0
    assert len(set(sectors.ids)) == len(sectors.ids)
