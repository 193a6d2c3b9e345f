"""Maps of real countries, and the two that are shipped."""

from collections import deque
from importlib import resources

import numpy as np
import pytest

from cartography.central_asia import central_asia
from cartography.governance import profile
from cartography.outlines import codes, name_of, outlines
from cartography.raster import Projection, _inside, rasterise
from simulation.grid import NOTHING, SEA, BorderGrid, Terrain
from simulation.model import BorderModel
from simulation.run import run
from simulation.scenario import load
from tocsin.cli import main


def _shipped(family, name):
    return BorderGrid.read(resources.files("scenarios").joinpath(family, name))


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


@pytest.mark.parametrize("name", ["baseline", "central_asia_2010"])
def test_nobody_enters_a_country_without_meeting_its_border(name):
    model = BorderModel(name, rng=0)
    country, lanes = model.sectors.country, model.trade.lanes
    for lane in range(lanes.start.size):
        met = country[lanes.place_sector[lanes.start[lane] : lanes.end[lane]]]
        assert set(met.tolist()) == set(np.flatnonzero(lanes.passed[lane]).tolist())


def test_central_asia_can_be_made_again():
    made, shipped = central_asia().grid, _shipped("central_asia", "central_asia.map")
    assert made.digest == shipped.digest
    assert set(shipped.codes) == {"AFG", "KAZ", "KGZ", "RUS", "TJK", "TKM", "UZB"}


def test_central_asia_has_the_profiles_that_the_rule_gives():
    parameters = load("central_asia_2010").parameters
    for code, country in parameters.countries.items():
        rule = profile(code, 2011)
        for name in ("capability", "corruption", "legal", "political_will", "languages"):
            assert getattr(country, name) == getattr(rule, name), (code, name)


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


def test_the_caspian_is_water():
    grid = central_asia().grid
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
