"""The note of a map on its pictures and in a report; names on maps of sets nobody tried before."""

import re
from dataclasses import replace
from html import unescape

import numpy as np
import pytest
from matplotlib.text import Text
from tocsin.cartography.worlds import WORLDS
from tocsin.experiments.comparing.comparison import compare
from tocsin.experiments.telling import figures, pictures
from tocsin.experiments.telling.findings import Effort, find_out
from tocsin.experiments.telling.report import render
from tocsin.simulation.scenario.files import load, names

from tocsin.cli import main

SETS = (
    ("GIN,SEN,GMB,GNB,MLI,MRT,MAR,ESP,DZA,PRT", "GIN", "ESP", "80"),
    ("GEO,ARM,AZE,TUR,RUS", "AZE", "GEO", "30", "--window", "38,38,51,45"),
    ("IRN,ARE,QAT,SAU,OMN,KWT,IRQ,YEM", "IRN", "YEM", "60"),
)


def _world(folder, countries, source, market, cell_km, *more):
    file = folder / "new.map"
    assert main(["map", "--countries", countries, "--source", source, "--market", market,
                 "--cell-km", cell_km, "--out", str(file), *more]) == 0  # fmt: skip
    return load(folder / "new.toml")


def _twice(folder, world):
    base = _world(folder, *world)
    return [base, replace(base, name="other", title="Another")]


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    return compare(_twice(tmp_path_factory.mktemp("world"), SETS[1]), 2, weeks=60, workers=1)


def _plain(text):
    return " ".join(unescape(re.sub("<[^>]*>", " ", text)).split())


def test_a_report_says_the_note_of_the_map(comparison):
    note = comparison.base.grid.note
    assert "Nagorno-Karabakh (Self admin.; Claimed by Azer.)" in note
    page = render(find_out(comparison, Effort(0, 0, 0, 0), workers=1))
    assert note in _plain(page)


ROOTS = [name for name in names() if (one := load(name)).parent is None and one.grid.note]


def test_every_family_on_a_real_map_has_a_note():
    real = {key.partition("/")[2] for key in WORLDS}
    assert {load(name).parameters.world.map for name in ROOTS} == real


@pytest.mark.parametrize("name", ROOTS)
def test_a_report_on_a_shipped_map_says_its_note(name):
    base = load(name)
    pair = [base, replace(base, name="other", title="Another")]
    findings = find_out(compare(pair, 2, weeks=20, workers=1), Effort(0, 0, 0, 0), workers=1)
    assert base.grid.note in _plain(render(findings))


def test_pictures_of_a_map_show_its_note_and_others_do_not(comparison):
    base = comparison.base
    change = np.zeros(len(base.grid.sectors(base.parameters.world.sector_km).ids))
    for draw in (figures.flow_map, figures.flow_change):
        figure = draw(comparison, "other")
        texts = [one.get_text() for one in figure.findobj(Text) if isinstance(one, Text)]
        assert base.grid.note in [" ".join(text.split()) for text in texts]
    for note, shown in ((base.grid.note, True), ("", False)):
        scenario = replace(base, grid=replace(base.grid, note=note))
        svg = pictures.difference_map(scenario, change, 1.0, str, "A map.")
        assert ("Nagorno-Karabakh" in _plain(svg)) == shown
        assert (base.grid.note in _plain(svg)) == shown


@pytest.mark.parametrize("world", SETS, ids=["west_africa_to_spain", "caucasus", "gulf"])
def test_names_on_a_map_by_tocsin_map_do_not_overlap_or_leave_the_frame(world, tmp_path):
    comparison = compare(_twice(tmp_path, world), 2, weeks=60, workers=1)
    figure = figures.flow_map(comparison, comparison.base.name)
    figure.draw_without_rendering()
    names = [one for one in figure.findobj(Text) if one.get_gid() == "name"]
    assert len(names) >= len(comparison.base.grid.codes)
    assert all(one.get_path_effects() for one in names)  # a white edge: legible on dark cells
    ground = figure.axes[0].get_window_extent()
    boxes = [one.get_window_extent() for one in names]
    for number, box in enumerate(boxes):
        assert box.x0 >= ground.x0 - 1 and box.x1 <= ground.x1 + 1
        assert box.y0 >= ground.y0 - 1 and box.y1 <= ground.y1 + 1
        assert not any(box.overlaps(other) for other in boxes[:number])
