"""Map files: what is read is what is drawn, and what does not fit is refused where it stands."""

import numpy as np
import pytest
from tocsin.simulation.errors import InputError
from tocsin.simulation.geography.grid import BorderGrid, Terrain
from tocsin.simulation.geography.map_files import map_text, read_map

MAP = """
schema = 1
title = "Two banks"
cell_km = 25.0
source = "test"
[countries]
A = "ARX"
B = "BOV"
"~" = "sea"
[terrain]
"~" = "sea"
"." = "plain"
"=" = "road"
x = "crossing"
[towns]
1 = "Kalda"
2 = { name = "Ormen", terrain = "port" }
[layers]
countries = '''
AAABBB~
AAABBB~
'''
terrain = '''
1=xx=2~
......~
'''
"""


def _read(folder, text):
    file = folder / "two.map"
    file.write_text(text, encoding="utf-8")
    return read_map(file)


def test_a_drawing_is_read_as_drawn(tmp_path):
    grid = _read(tmp_path, MAP)
    assert grid.codes == ("ARX", "BOV")
    assert grid.shape == (2, 7)
    assert grid.country[0].tolist() == [0, 0, 0, 1, 1, 1, -1]
    assert grid.terrain[0, 2:6].tolist() == [
        Terrain.CROSSING, Terrain.CROSSING, Terrain.ROAD, Terrain.PORT,
    ]  # fmt: skip
    assert grid.towns == {"Kalda": (0, 0), "Ormen": (0, 5)}
    assert grid.town_country("Ormen") == "BOV"
    assert grid.neighbours() == {("ARX", "BOV"): 50.0}
    assert grid.sectors(100.0).ids == ("ARX-BOV:01", "BOV-sea:01", "BOV-ARX:01")


def test_what_is_written_is_read_again(tmp_path):
    grid = _read(tmp_path, MAP)
    again = _read(tmp_path, map_text(grid, "a comment\nof two lines"))
    assert again == grid
    assert again.digest == grid.digest


def test_arrays_and_drawings_make_the_same_grid(tmp_path):
    grid = _read(tmp_path, MAP)
    swapped = np.array([1, 0])[np.maximum(grid.country, 0)]
    country = np.where(grid.country >= 0, swapped, grid.country)
    made = BorderGrid.from_arrays(
        grid.title, grid.cell_km, ("BOV", "ARX"), country, grid.terrain, grid.towns, grid.source
    )
    assert made == grid


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("schema = 1", "schema = 9", "reads map schema 1"),
        ("title =", "titel =", "unknown key 'titel' (nearest: 'title')"),
        ("cell_km = 25.0", "cell_km = 0", "more than 0 km"),
        ("cell_km = 25.0", "cell_km = 1e300", "at most 20,000"),
        ('"." = "plain"', '"." = "plane"', "(nearest: 'plain')"),
        ("AAABBB~\nAAABBB~", "AAABBB~\nAAABB~", "has 6 characters, the first one has 7"),
        ("AAABBB~\nAAABBB~", "AAABBB~\nAAACBB~", "column 4: character 'C'"),
        ("......~", ".......", "column 7: the countries layer has sea"),
        ("1=xx=2~", "1x=x=2~", "column 2: an official crossing lies on the border"),
        ("1=xx=2~", "12xx==~", "column 2: a port lies on the coast"),
        ("1=xx=2~", "1=xx=1~", "is drawn a second time"),
        ("1=xx=2~", "==xx=2~", "is drawn nowhere"),
        ('B = "BOV"', 'B = "bov"', "three capital letters"),
        ("terrain = '''", "terrian = '''", "(nearest: 'terrain')"),
        ("[layers]", "[layers", "not valid TOML"),
    ],
)
def test_what_does_not_fit_is_refused_where_it_stands(tmp_path, old, new, words):
    assert old in MAP
    with pytest.raises(InputError) as refused:
        _read(tmp_path, MAP.replace(old, new, 1))
    assert words in str(refused.value)
    assert "two.map" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_unknown_names_bring_the_nearest(tmp_path):
    grid = _read(tmp_path, MAP)
    with pytest.raises(InputError, match="nearest: 'ARX'"):
        grid.number("ARK")
    with pytest.raises(InputError, match="nearest: 'Ormen'"):
        grid.town_country("Orman")
    with pytest.raises(InputError, match="more than 0 km"):
        grid.sectors(0.0)
