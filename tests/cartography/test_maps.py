"""Maps of real countries, and those that are shipped."""

from collections import deque
from functools import cache
from importlib import resources

import numpy as np
import pytest
from tocsin.cartography.build import Site, build, officers, port
from tocsin.cartography.disputed import areas
from tocsin.cartography.governance import profile
from tocsin.cartography.outlines import codes, name_of, outlines
from tocsin.cartography.raster import Projection, _inside, rasterise
from tocsin.cartography.worlds import MADE, WORLDS
from tocsin.simulation.geography.grid import NOTHING, SEA, Terrain
from tocsin.simulation.geography.map_files import map_text, read_map
from tocsin.simulation.model import BorderModel
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load, names

from tocsin.cli import main


def _shipped(family, name):
    return read_map(resources.files("tocsin.scenarios").joinpath(family, name))


def _folder_and_file(key):
    family, _, name = key.partition("/")
    return resources.files("tocsin.scenarios").joinpath(family, name)


def _roots():
    """Name of each shipped scenario that states a real world, with the key of its map."""
    by_map = {key.partition("/")[2]: key for key in WORLDS}
    found = [(name, load(name)) for name in names()]
    return {name: by_map[scenario.parameters.world.map] for name, scenario in found
            if scenario.parent is None and scenario.parameters.world.map in by_map}  # fmt: skip


def _with_ways(name):
    """Whether goods travel over the map."""
    return all(good.mode != "virtual" for good in load(name).parameters.commodities.values())


ROOTS = _roots()
CROSSED = [name for name in ROOTS if _with_ways(name)]


@cache
def _made(key):
    return WORLDS[key].make().grid


@cache
def _raster(key):
    world = WORLDS[key]
    return rasterise(sorted(world.towns), world.cell_km, world.window)


def _reached(open_cells, start):
    seen, queue = {start}, deque([start])
    while queue:
        row, column = queue.popleft()
        for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            place = (row + down, column + right)
            inside = 0 <= place[0] < open_cells.shape[0] and 0 <= place[1] < open_cells.shape[1]
            if inside and place not in seen and open_cells[place]:
                seen.add(place)
                queue.append(place)
    return seen


def test_meridian_is_what_a_class_needs():
    grid = _shipped("meridian", "meridian.map")
    assert grid.shape == (40, 60)
    sizes = np.bincount(grid.country[grid.country >= 0])
    assert len(sizes) == 6
    assert sizes.max() > 2 * sizes.min()
    kinds = set(np.unique(grid.terrain).tolist())
    wanted = ("SEA", "HILL", "MOUNTAIN", "DESERT", "ROAD", "TOWN", "CROSSING", "PORT")
    assert {Terrain[name].value for name in wanted} <= kinds


@pytest.mark.parametrize("transit", ["TAL", "SEV", "KUR"])
def test_there_is_more_than_one_way_round_every_transit_country(transit):
    scenario = load("baseline")
    grid, good = scenario.grid, scenario.parameters.commodities["heroin"]
    open_cells = (grid.country != NOTHING) & (grid.country != grid.number(transit))
    for source in good.sources:
        reached = _reached(open_cells, grid.towns[source])
        assert all(grid.towns[market] in reached for market in good.markets)
    others = [code for code in ("TAL", "SEV", "KUR") if code != transit]
    for other in others:  # a second way round: by land through each of the others, or by sea
        only = open_cells & (grid.country != grid.number(other))
        reached = _reached(only, grid.towns[good.sources[0]])
        assert any(grid.towns[market] in reached for market in good.markets)


@pytest.mark.parametrize("name", ["baseline", *CROSSED])
def test_nobody_enters_a_country_without_meeting_its_border(name):
    model = BorderModel(name, rng=0)
    world = model.world
    country, lanes = world.sectors.country, world.trade.lanes
    for lane in range(lanes.start.size):
        met = country[lanes.place_sector[lanes.start[lane] : lanes.end[lane]]]
        assert set(met.tolist()) == set(np.flatnonzero(lanes.passed[lane]).tolist())


@pytest.mark.parametrize("key", WORLDS)
def test_shipped_maps_are_what_the_table_of_worlds_gives(key):
    made = _made(key)
    assert map_text(made, MADE) == _folder_and_file(key).read_text("utf-8")
    assert set(made.codes) == set(WORLDS[key].towns)


@pytest.mark.parametrize("key", WORLDS)
def test_a_shipped_map_says_which_disputed_areas_its_countries_touch(key):
    """Each row of the list whose point lies on land of the map, and one that all look for."""
    note = read_map(_folder_and_file(key)).note
    raster = _raster(key)
    for area in areas():
        row, column = raster.cell(area.longitude, area.latitude)
        inside = 0 <= row < raster.country.shape[0] and 0 <= column < raster.country.shape[1]
        if inside and raster.country[row, column] >= 0:
            assert area.name in note and area.note in note
    looked_for = {
        "central_asia/central_asia.map": "Baykonur (Leased to Russia by Kazakhstan)",
        "tarcet/tarcet.map": "Northern Areas (Admin. by Pakistan; Claimed by India)",
        "balkan_route/balkan_route.map": "Crimea (Admin. by Russia; Claimed by Ukraine)",
        "central_america/central_america.map": "Guantanamo Bay",
        "mediterranean/mediterranean.map": "W. Sahara (Self admin.; Claimed by Morocco)",
        "dark_net/north_atlantic.map": "Rockall I.",
    }
    assert looked_for[key] in note


@pytest.mark.parametrize("key", WORLDS)
def test_every_shipped_map_has_a_scenario(key):
    assert key in ROOTS.values()


@pytest.mark.parametrize("key", WORLDS)
def test_towns_lie_where_the_table_puts_them(key):
    """In the right country and within three cells, as a window may end short of a town."""
    grid, raster = _made(key), _raster(key)
    for code, towns in WORLDS[key].towns.items():
        for name, site in towns.items():
            assert grid.town_country(name) == code
            wanted = raster.cell(site.longitude, site.latitude)
            assert np.hypot(*np.subtract(grid.towns[name], wanted)) <= 3, name
            kind = Terrain(grid.terrain[grid.towns[name]])
            assert (kind is Terrain.PORT) == site.port, name


@pytest.mark.parametrize(("name", "key"), ROOTS.items())
def test_real_worlds_have_the_profiles_that_the_rule_gives(name, key):
    parameters = load(name).parameters
    for code, country in parameters.countries.items():
        rule = profile(code, WORLDS[key].year)
        for row in ("capability", "corruption", "legal", "political_will", "languages"):
            assert getattr(country, row) == getattr(rule, row), (code, row)


@pytest.mark.parametrize(("name", "key"), ROOTS.items())
def test_officers_follow_the_rule_or_say_that_they_do_not(name, key):
    scenario = load(name)
    rule = officers(scenario.grid, scenario.parameters.world.sector_km)
    for code, country in scenario.parameters.countries.items():
        if "a kilometre" in scenario.reasons[f"countries.{code}.officers"]:
            assert country.officers == rule[code], code


@pytest.mark.parametrize("name", CROSSED)
def test_a_real_world_has_several_ways_to_every_market(name):
    """They differ in the countries that they pass, not only in the border post."""
    lanes = BorderModel(name, rng=0).world.trade.lanes
    for market in np.unique(lanes.market):
        assert len(np.unique(lanes.passed[lanes.market == market], axis=0)) >= 3, market


def test_a_port_lies_on_the_coast_and_a_town_inland_stays_there():
    towns = {"ITA": {"Rome": Site(12.5, 41.9), "Bari": port(16.9, 41.1)}, "SVN": {}}
    grid = build(["ITA", "SVN"], 40.0, "Test", towns=towns).grid
    row, column = grid.towns["Bari"]
    assert Terrain(grid.terrain[row, column]) is Terrain.PORT
    beside = [(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)]
    assert SEA in {int(grid.country[place]) for place in beside}
    assert Terrain(grid.terrain[grid.towns["Rome"]]) is Terrain.TOWN


def test_outlines_know_the_countries_of_the_world():
    assert len(codes()) > 200
    assert {"TJK", "FRA", "NOR", "XKX"} <= set(codes())
    assert name_of("TJK") == "Tajikistan"
    assert all(np.allclose(ring[0], ring[-1]) for ring in outlines()["KAZ"])


def test_the_projection_keeps_area_and_comes_back():
    projection = Projection(60.0, 45.0)
    random = np.random.default_rng(2)
    points = random.uniform((30, 30), (90, 60), (200, 2))
    east, north = projection.forward(points).T
    assert np.allclose(projection.inverse(east, north), points)
    step = 0.01
    corners = np.array([[0, 0], [step, 0], [step, step], [0, step]])
    for point in points[:20]:
        flat = projection.forward(point + corners)
        across = np.roll(flat, -1, axis=0)
        area = abs((flat[:, 0] * across[:, 1] - flat[:, 1] * across[:, 0]).sum()) / 2
        latitudes = np.radians([point[1], point[1] + step])
        true = 6371.0**2 * np.radians(step) * np.diff(np.sin(latitudes))[0]
        assert area == pytest.approx(true, rel=1e-4)


def test_a_hole_is_outside():
    square = np.array([[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], dtype=float)
    hole = square * 0.2 + 4
    points = np.array([[1.0, 1.0], [5.0, 5.0], [11.0, 5.0]])
    assert _inside(points, (square, hole)).tolist() == [True, False, False]


@pytest.mark.parametrize(("code", "million_km2"), [("TJK", 0.141), ("KGZ", 0.2), ("UZB", 0.447)])
def test_countries_have_their_area(code, million_km2):
    raster = rasterise([code], 20.0)
    assert (raster.country == 0).sum() * 400 / 1e6 == pytest.approx(million_km2, rel=0.05)


def test_a_country_across_the_date_line_is_in_one_piece():
    raster = rasterise(["FJI"], 20.0)
    rows, columns = np.nonzero(raster.country == 0)
    assert np.ptp(columns) * 20 < 700
    assert np.ptp(rows) * 20 < 1500


@pytest.mark.parametrize(("code", "million_km2", "cell_km"), [
    ("RUS", 17.0, 60.0), ("USA", 9.5, 60.0), ("NZL", 0.266, 30.0), ("FJI", 0.0183, 5.0)
])  # fmt: skip
def test_a_country_on_both_sides_of_the_date_line_has_its_area(code, million_km2, cell_km):
    raster = rasterise([code], cell_km, overseas=True)
    area = (raster.country == 0).sum() * cell_km**2 / 1e6
    assert area == pytest.approx(million_km2, rel=0.04)


def test_no_place_on_the_globe_lies_in_two_countries():
    """A place for each half square degree or so, the poles and the date line among them."""
    number = np.arange(30_000) + 0.5
    latitude = np.degrees(np.arcsin(1 - 2 * number / number.size))
    longitude = (number * 137.50776 + 180) % 360 - 180
    points = np.column_stack([longitude, latitude])
    points = np.vstack([points, [[end, at] for end in (-180, 180) for at in range(-89, 90)]])
    held = sum(_inside(points, rings).astype(int) for rings in outlines().values())
    assert held.max() == 1
    land = held[: number.size].mean()
    assert land == pytest.approx(0.29, abs=0.01)  # of the globe


@pytest.mark.parametrize(("place", "holder"), [
    ((-175.0, 67.0), "RUS"), ((100.0, 67.0), "RUS"), ((-179.5, 71.2), "RUS"),
    ((20.0, 67.0), "SWE"), ((-40.0, 68.0), "GRL"), ((0.0, 67.0), None), ((-100.0, 71.2), None),
    ((0.0, -85.0), "ATA"), ((179.0, -88.0), "ATA"), ((0.0, 89.9), None), ((-150.0, -16.5), None),
])  # fmt: skip
def test_outlines_across_the_date_line_hold_their_own_land_and_no_other(place, holder):
    found = [code for code, rings in outlines().items() if _inside(np.array([place]), rings)[0]]
    assert found == ([holder] if holder else [])


@pytest.mark.parametrize("turn", [-360.0, 0.0, 360.0])
def test_a_ring_is_the_same_wherever_its_longitudes_begin(turn):
    west, east = 170.0, -170.0 + turn
    ring = np.array([[west, 0], [east, 0], [east, 10], [west, 10], [west, 0]], dtype=float)
    points = np.array([[175.0, 5.0], [-175.0, 5.0], [180.0, 5.0], [-180.0, 5.0], [0.0, 5.0],
                       [165.0, 5.0], [-165.0, 5.0]])  # fmt: skip
    assert _inside(points, (ring,)).tolist() == [True] * 4 + [False] * 3


def test_a_ring_round_a_pole_holds_the_pole():
    longitude = np.array([-180.0, -90.0, 0.0, 90.0, 180.0])
    points = np.array([[10.0, -89.0], [10.0, -71.0], [10.0, -69.0], [10.0, 89.0], [179.9, -80.0]])
    for ends in (longitude, longitude[::-1], np.array([-170.0, -80.0, 10.0, 100.0, -170.0])):
        ring = np.column_stack([ends, np.full(5, -70.0)])
        assert _inside(points, (ring,)).tolist() == [True, True, False, False, True]


def test_the_caspian_is_water():
    grid = _shipped("central_asia", "central_asia.map")
    assert (grid.country == SEA).sum() > 50
    assert any(code == "sea" for code in (name.split("-")[1][:3] for name in
                                          grid.sectors(200.0).ids))  # fmt: skip


def test_the_tool_writes_a_map_and_a_scenario_that_runs(tmp_path, capsys):
    file = tmp_path / "new.map"
    arguments = ["map", "--countries", "TJK,UZB,KGZ", "--cell-km", "40", "--source", "TJK",
                 "--market", "UZB", "--out", str(file)]  # fmt: skip
    assert main(arguments) == 0
    captured = capsys.readouterr()
    assert captured.out.strip() == str(tmp_path / "new.toml")
    finished = run(tmp_path / "new.toml", weeks=60)
    assert finished.indicators["delivered"] > 0
    assert finished.indicators["seized"] > 0
    assert main(arguments) == 2
    assert "already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"--countries": "TJK,UZX"}, "--countries UZX: no country has this code"),
        ({"--countries": "TJK"}, "two or more different countries"),
        ({"--countries": "TJK,TJK"}, "two or more different countries"),
        ({"--source": "FRA"}, "not one of the --countries"),
        ({"--market": "TJK"}, "the source as well"),
        ({"--cell-km": "0.2"}, "from 1 to 1000"),
        ({"--cell-km": "900"}, "take smaller cells"),
        ({"--countries": "TJK,UZB,CAN", "--cell-km": "2"}, "are too many"),
        ({"--countries": "TJK,NZL", "--market": "NZL", "--cell-km": "100"}, "no way leads"),
        ({"--window": "1,2,3"}, "not four numbers"),
        ({"--window": "0,-10,10,-5"}, "none of the countries lies in it"),
        ({"--out": "map.txt"}, "ends in .map"),
    ],
)
def test_what_cannot_be_mapped_is_refused_and_leaves_nothing(changed, words, tmp_path, capsys):
    options = {"--countries": "TJK,UZB", "--cell-km": "40", "--source": "TJK", "--market": "UZB",
               "--out": str(tmp_path / "x.map")} | changed  # fmt: skip
    assert main(["map", *(part for pair in options.items() for part in pair)]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert len(said.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
