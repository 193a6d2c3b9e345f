"""Modes of transport: nothing but a mode's own module knows what it does."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from tocsin.simulation.errors import InputError
from tocsin.simulation.geography.modes import MODES, in_use, keepers, mode_of, sectors_of, station
from tocsin.simulation.scenario.files import load

ROOT = Path(__file__).parents[2]
_SPEC = importlib.util.spec_from_file_location("structure", ROOT / "tools" / "structure.py")
structure = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(structure)


@pytest.fixture(scope="module")
def trees():
    return structure.modules()


def test_no_place_tells_modes_apart_by_their_names(trees):
    assert structure.mode_comparisons(trees) == []


@pytest.mark.parametrize("line", [
    "x = good.mode == 'sea'", "x = good.mode in ('land', 'sea')", "x = {'virtual': 1}[good.mode]",
    "x: Literal['land', 'sea']", "x = speeds['sea']", "x = speeds.get('sea')",
    "match mode:\n    case 'sea':\n        pass",
])  # fmt: skip
def test_every_way_to_tell_modes_apart_is_found(line, trees):
    trees = trees | {"tocsin.new": structure.ast.parse(line)}
    assert structure.mode_comparisons(trees)[0].startswith("tocsin.new:")


def test_the_name_of_a_mode_is_that_of_its_module(trees):
    assert structure.mode_names(trees) == set(MODES)
    assert {mode.name: type(mode).__module__.split(".")[-1] for mode in MODES.values()} == {
        name: name for name in MODES
    }


def test_every_sector_has_a_keeper_and_every_station_a_place_in_words():
    scenario = load("dark_net_2017")
    sectors = sectors_of(scenario.grid, scenario.parameters)
    borders = len(scenario.grid.sectors(scenario.parameters.world.sector_km).ids)
    modes, keeper = keepers(sectors)
    assert modes == in_use(scenario.parameters)
    assert (keeper[:borders] == 0).all() and (keeper[borders:] == 1).all()
    words = [station(name, lambda code: f"<{code}>") for name in sectors.ids]
    assert words[:borders] == [None] * borders
    assert all("<" in text for text in words[borders:])
    assert len(set(words[borders:])) == len(sectors.ids) - borders


def test_stations_of_a_country_are_as_long_as_one_unit_together():
    scenario = load("dark_net_2017")
    sectors = sectors_of(scenario.grid, scenario.parameters)
    stations = sectors.neighbour == MODES["virtual"].beyond
    whole = np.bincount(sectors.country[stations], sectors.length_km[stations])
    assert whole == pytest.approx(np.ones(len(scenario.grid.codes)))


def test_a_mode_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(InputError) as refused:
        load("baseline").with_({"commodities.heroin.mode": "lend"})
    assert str(refused.value).endswith(
        f'commodities.heroin.mode = "lend": not one of the allowed words; allowed is '
        f"{' or '.join(MODES)} (nearest: 'land')."
    )


def test_what_only_platforms_have_is_refused_elsewhere_by_the_name_of_the_mode():
    with pytest.raises(InputError, match='not read with mode land; write mode = "virtual" too'):
        load("baseline").with_({"commodities.heroin.victims": ["TAL"]})


def test_a_treatment_may_hold_patrols_at_a_station(tmp_path):
    def held(where):
        file = tmp_path / "held.toml"
        file.write_text(
            'schema = 1\nparent = "dark_net_2017"\ntitle = "t"\nquestion = "q?"\n'
            'author = "a"\ndescription = "d"\n'
            "[[treatment]]\nkind = \"patrol\"\nfrom = 1\nto = 5\nfactor = 2.0\nreason = \"r\"\n"
            f'where = "{where}"\n'
        )  # fmt: skip
        return load(file)

    code = load("dark_net_2017").grid.codes[0]
    assert held(f"{code}-net:hosting").schedule.treatments[-1].where == f"{code}-net:hosting"
    with pytest.raises(InputError, match=r"neither a sector of the map"):
        held(f"{code}-net:hostign")


def test_a_network_is_tied_to_a_source_where_goods_lie_somewhere():
    goods = load("dark_net_2017").parameters.commodities.values()
    assert {mode_of(good).tied_to_source for good in goods} == {False}
    assert mode_of(load("baseline").parameters.commodities["heroin"]).tied_to_source
