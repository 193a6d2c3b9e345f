"""Which land a code stands for: codes of ISO 3166, far parts, disputed areas."""

import numpy as np
import pycountry
import pytest
from tocsin.cartography.build import build
from tocsin.cartography.disputed import STATUS, areas
from tocsin.cartography.governance import OWN_CODES, _ranks
from tocsin.cartography.outlines import HELD, checked, codes, name_of, outlines
from tocsin.cartography.parts import NAMES, left_out, parts
from tocsin.cartography.raster import _inside, rasterise
from tocsin.simulation.errors import InputError
from tocsin.simulation.geography.map_files import map_text, read_map
from tocsin.simulation.scenario.files import load

from tocsin.cli import main

ISO = sorted(country.alpha_3 for country in pycountry.countries)
YEAR = 2019
PLACES = {
    "BES": (-68.27, 12.2), "GLP": (-61.7, 16.2), "GUF": (-53, 4), "MTQ": (-61, 14.65),
    "MYT": (45.15, -12.82), "REU": (55.5, -21.1), "SJM": (16, 78.8), "GIB": (-5.35, 36.14),
    "TUV": (179.2, -8.52), "BVT": (3.36, -54.42),
}  # fmt: skip


def _holders(code):
    point = np.array([PLACES[code]], dtype=float)
    return [name for name, rings in outlines().items() if _inside(point, rings)[0]]


@pytest.mark.parametrize("code", ISO)
def test_every_iso_code_gives_a_map_or_a_true_sentence(code):
    try:
        grid = build([checked(code, "--countries")], 100.0, "Test").grid
    except InputError as wrong:
        said = str(wrong)
        assert said.startswith(f"--countries {code}: ")
        if "governance data have no values" in said:
            assert (OWN_CODES.get(code, code), YEAR) not in _ranks()
            assert code in codes()
        elif "no cell of 100 km" in said:
            largest = max(outlines()[code], key=len)  # smaller cells are a way out
            (west, south), (east, north) = largest.min(axis=0), largest.max(axis=0)
            assert (rasterise([code], 2.0, (west, south, east, north)).country == 0).any()
        elif "it is part of" in said:
            assert code in HELD
            assert f"part of {HELD[code]} in the outlines" in said
        else:
            assert "has no outline of its own in Natural Earth 1:50m" in said
            assert code not in codes()
            assert code not in HELD
    else:
        assert (grid.country == 0).any()


@pytest.mark.parametrize("code", sorted(set(HELD) & set(PLACES)))
def test_a_code_that_is_said_to_be_part_of_a_country_lies_in_its_outline(code):
    assert _holders(code) == [HELD[code]]
    assert any(_holders(code) == [owner] for owner, *_ in NAMES)


@pytest.mark.parametrize("code", sorted(set(PLACES) - set(HELD)))
def test_a_code_that_is_said_to_have_no_outline_lies_in_nobody_s(code):
    assert _holders(code) == []


def test_palestine_has_a_map_and_a_profile():
    world = build(["ISR", "PSE"], 20.0, "Test")
    assert world.profiles["PSE"].capability > 0
    assert (world.grid.country == world.grid.number("PSE")).any()


@pytest.mark.parametrize(
    ("code", "far", "kept"),
    [
        ("FRA", {"French Guiana", "Réunion", "Mayotte", "Guadeloupe and Martinique"}, (9, 42)),
        ("USA", {"Alaska", "Hawaii"}, (-100, 40)),
        ("NLD", {"Bonaire", "Saba and Sint Eustatius"}, (5.7, 52)),
        ("PRT", {"Madeira", "the Azores"}, (-8, 40)),
        ("ESP", {"the Canary Islands"}, (3, 39.6)),
        ("NOR", {"Jan Mayen", "Svalbard"}, (25, 70)),
        ("ECU", {"the Galápagos"}, (-78, -1)),
        ("CHL", {"Easter Island", "the Juan Fernández Islands"}, (-70, -53)),
        ("RUS", set(), (21, 54.7)),
        ("MYS", set(), (102, 4)),
    ],
)
def test_far_parts_are_left_out_and_named_and_near_ones_stay(code, far, kept):
    assert set(parts(code).far) == far
    assert all(name in left_out(code) for name in far)
    assert bool(left_out(code)) == bool(far)
    assert _inside(np.array([kept], dtype=float), parts(code).mainland)[0]


def test_every_name_of_a_far_part_is_that_of_one():
    for code, _, _, name in NAMES:
        assert name in parts(code).far


def _make(tmp_path, *more):
    file = tmp_path / "new.map"
    code = main(["map", "--cell-km", "60", "--out", str(file), *more])
    return code, file


def test_france_is_its_mainland_unless_overseas_is_asked_for(tmp_path, capsys):
    of = ("--countries", "FRA,BRA", "--source", "BRA", "--market", "FRA", "--cell-km", "100")
    (tmp_path / "far").mkdir()
    assert _make(tmp_path / "far", *of, "--with-overseas")[0] == 0
    assert "Left out" not in capsys.readouterr().err
    far = read_map(tmp_path / "far" / "new.map")
    assert any(name.startswith("FRA-BRA") for name in far.sectors(200.0).ids)
    of = ("--countries", "FRA,ESP", "--source", "ESP", "--market", "FRA")
    assert _make(tmp_path, *of)[0] == 0
    said = capsys.readouterr().err
    assert "Left out of FRA" in said and "French Guiana" in said and "Réunion" in said
    near = read_map(tmp_path / "new.map")
    assert max(near.shape) < 35
    assert "French Guiana" in near.note


def test_a_window_shows_the_far_parts_that_lie_in_it():
    window = (-19.0, 27.0, -8.0, 37.0)
    raster = rasterise(["ESP", "MAR"], 40.0, window)
    row, column = raster.cell(-16.5, 28.3)  # Tenerife
    assert (raster.country[row - 1 : row + 2, column - 1 : column + 2] == 0).any()
    grid = build(["ESP", "MAR"], 40.0, "Test", window=window).grid
    without = build(["ESP", "MAR"], 40.0, "Test").grid
    assert "Canary" in without.note
    assert "Canary" not in grid.note


@pytest.mark.parametrize("window", ["-19,4,-2,17", "-19.5,-3,10,17"])
def test_a_window_may_begin_with_a_minus_sign(window, tmp_path):
    of = ("--countries", "SEN,MLI,GIN", "--source", "GIN", "--market", "SEN")
    assert _make(tmp_path, *of, "--window", window)[0] == 0


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["run", "baseline", "--weeks", "-1e3"], "invalid int value: '-1e3'"),
        (["run", "baseline", "--weeks", "-5"], "weeks"),
        (["compare", "baseline", "corruption", "--replications", "-2,5"], "invalid int value"),
        (["allocate", "baseline", "--budget", "-1e3"], "budget"),
        (["map", "--countries", "TJK,UZB", "--source", "TJK", "--market", "UZB", "--out", "x.map",
          "--cell-km", "-1e3"], "from 1 to 1000"),
    ],
)  # fmt: skip
def test_a_negative_number_is_a_value_for_every_option(
    command, words, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    try:
        code = main(command)
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr().err
    assert code == 2
    assert words in said
    assert "expected one argument" not in said


def test_disputed_areas_stand_in_the_map_file_and_travel_with_it(tmp_path, capsys):
    of = ("--countries", "RUS,UKR,GEO", "--source", "GEO", "--market", "UKR")
    assert _make(tmp_path, *of, "--window", "25,40,48,56")[0] == 0
    said = capsys.readouterr().err
    grid = read_map(tmp_path / "new.map")
    for area in ("Crimea (Admin. by Russia; Claimed by Ukraine)", "Abkhazia", "South Ossetia"):
        assert area in grid.note
        assert area in said
    for area in ("Kuril", "Kashmir", "W. Sahara"):
        assert area not in grid.note
    (tmp_path / "again.map").write_text(map_text(grid), encoding="utf-8")
    assert read_map(tmp_path / "again.map") == grid


def test_a_disputed_island_too_small_for_the_outlines_is_on_the_map_by_its_water():
    """Bajo Nuevo lies far from all land, in water that four countries of this map claim."""
    grid = build(["COL", "JAM", "NIC"], 50.0, "Test").grid
    assert "Bajo Nuevo Bank" in grid.note
    assert "Falkland" not in grid.note


STATED = "without prejudice to positions on their status, which is disputed: "


@pytest.mark.parametrize(
    ("countries", "cell_km", "said"),
    [
        (("ALB", "SRB", "XKX"), 20.0, "XKX (Kosovo)"),
        (("ALB", "SRB"), 20.0, "XKX (Kosovo)"),  # it is land of nobody there
        (("JPN", "TWN"), 60.0, "TWN (Taiwan)"),
        (("CHN", "VNM"), 80.0, "TWN (Taiwan)"),
        (("ISR", "PSE"), 20.0, "PSE (Palestine, State of)"),
        (("KEN", "SOM"), 60.0, "Somaliland"),
    ],
)
def test_a_map_says_of_each_outline_whose_status_is_disputed(countries, cell_km, said):
    note = build(list(countries), cell_km, "Test").grid.note
    assert f"{STATED}{said}" in note
    assert "as in the outlines of Natural Earth" in note


def test_every_outline_of_disputed_status_is_named_on_its_own_map_and_on_that_of_the_other_side():
    for key, status in STATUS.items():
        assert status.other in codes()
        assert key in outlines()
        assert {area.name for area in areas()} >= set(status.areas)
        sides = {
            code for code in (key, status.other) if (OWN_CODES.get(code, code), YEAR) in _ranks()
        }
        for code in sides:
            note = build([code], 60.0 if code != "PSE" else 20.0, "Test").grid.note
            names = (*status.areas, name_of(key) if key.isupper() else key.title())
            assert any(name in note for name in names), (key, code)


def test_the_command_and_the_shipped_balkan_route_say_that_the_status_of_kosovo_is_disputed(
    tmp_path, capsys
):
    of = ("--countries", "XKX,SRB,ALB", "--source", "ALB", "--market", "XKX", "--cell-km", "20")
    file = tmp_path / "k.map"
    assert main(["map", *of, "--out", str(file)]) == 0
    said = f"{STATED}XKX (Kosovo)."
    assert said in " ".join(capsys.readouterr().err.split())
    assert said in read_map(file).note
    assert said in load("balkan_route").grid.note


def test_a_map_without_disputed_areas_has_no_note():
    grid = build(["DEU", "POL"], 60.0, "Test").grid
    assert grid.note == ""
    assert "note" not in map_text(grid)


def test_a_note_that_is_no_text_is_refused(tmp_path):
    text = map_text(build(["DEU", "POL"], 60.0, "Test").grid)
    file = tmp_path / "x.map"
    file.write_text(text.replace("[countries]", "note = 3\n[countries]", 1), encoding="utf-8")
    with pytest.raises(InputError, match="note = 3, but it is a text"):
        read_map(file)
