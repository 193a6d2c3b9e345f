"""Figures: changes in their right unit, names that leave each other room, maps legible in grey."""

import itertools
import re
from dataclasses import replace

import html5lib
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from tocsin.dashboard.parts.palette import RAMPS
from tocsin.experiments.comparing.comparison import Comparison, compare
from tocsin.experiments.comparing.relative import relative
from tocsin.experiments.telling import figures, pictures
from tocsin.experiments.telling.drawing import CHANGE, WIDTH
from tocsin.experiments.telling.lettering import Box, Name, fitted, meet, placed, width_of
from tocsin.simulation.scenario.files import load

MAPS = ("baseline", "balkan_route", "central_american_corridor", "caribbean_1985",
        "central_asia_2010", "dark_net_2017", "mediterranean", "tarcet")  # fmt: skip


@pytest.fixture(scope="module", params=["baseline", "mediterranean"])
def comparison(request: pytest.FixtureRequest) -> Comparison:
    others = {"baseline": ["all_three", "more_capacity"], "mediterranean": ["mediterranean_alone"]}
    return compare([request.param, *others[request.param]], 3, weeks=40, workers=1)


def changed(comparison: Comparison, **rows: tuple[float, float, float, float]) -> Comparison:
    """The comparison with other numbers: indicator -> base, difference, low, high."""
    table = comparison.table.copy()
    for key, values in rows.items():
        here = table.indicator == key
        table.loc[here, ["base", "difference", "low", "high"]] = values
        table.loc[here, "relative"] = relative([values[0] * 0.99, values[0] * 1.01], values[1],
                                               "networks")  # fmt: skip
    return replace(comparison, table=table)


# Relative changes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "difference", "unit", "expected"),
    [
        ([100, 102, 98], -25.0, "networks", -0.25),
        ([0, 0, 1, 0], 4.0, "networks", None),  # +1600 % of a quarter of a network
        ([0, 0, 0], 4.0, "networks", None),
        ([5, 5, 5], 5.0, "networks", None),  # of five things a percentage says nothing
        ([0.004, 0.004, 0.004], 0.002, "share", None),
        ([0.15, 0.16, 0.14], 0.06, "share", 0.4),
        ([20, 21, 19], 80.0, "networks", None),  # four times the base
        ([-100, 100, -90, 120], 30.0, "USD", None),  # the interval of the base holds zero
        ([1.01, 1.02, 1.0], 0.101, "USD per unit", 0.1),
        ([100.0], 10.0, "networks", None),
    ],
)
def test_a_change_is_relative_only_to_a_base_well_away_from_zero(base, difference, unit, expected):
    found = relative(base, difference, unit)
    assert np.isnan(found) if expected is None else found == pytest.approx(expected, rel=0.02)


def test_a_base_near_zero_gives_counts_and_points_in_the_figure(comparison):
    near = changed(comparison, networks_dismantled=(0.0625, 1.0, 0.4, 1.6))
    texts = _texts(figures.effects(near))
    assert any(text.startswith("Networks dismantled, networks") for text in texts)
    assert "+1.00" in texts
    assert not any(re.match(r"[+−]\d{3,} %", text.replace(",", "")) for text in texts)
    assert not any("1,600" in text for text in texts)


def test_the_table_of_a_comparison_has_no_percentage_of_a_base_near_zero(comparison):
    for row in comparison.table.to_dict("records"):
        assert not abs(row["relative"]) > 2
        if row["base"] == 0:
            assert np.isnan(row["relative"])


def test_an_indicator_without_an_interval_has_no_column(comparison):
    fixed = changed(comparison, cost_total=(5e6, 1e6, 1e6, 1e6), delivered=(1e9, -1e8, -2e8, -1e7))
    texts = _texts(figures.effects(fixed))
    assert not any("Cost to IGO" in text for text in texts)
    assert any(text.startswith("Delivered") for text in texts)


# Labels ----------------------------------------------------------------------------------------

SVG = "{http://www.w3.org/2000/svg}"
DATA = [
    (1e9, -1e8, -2e8, 1e7), (1e9, 2e6, -2e8, 2e8), (1e9, 1e8, 9.9e7, 1.01e8),
    (1e9, -3e5, -4e5, -2e5), (1e9, 0.0, -1e8, 1e8), (30.0, 25.0, 20.0, 30.0),
]  # fmt: skip


@pytest.mark.parametrize("values", DATA)
@pytest.mark.parametrize("title", ["Short", "A long title that goes on and on " * 4])
def test_figures_beside_intervals_cross_no_line_of_zero_and_cover_no_name(
    comparison, values, title
):
    others = comparison.scenarios[1:]
    named = replace(comparison, scenarios=(comparison.base,
                    *(replace(one, title=title) for one in others)))  # fmt: skip
    figure = figures.effects(changed(named, delivered=values, trafficker_profit=values))
    figure.draw_without_rendering()
    frame = figure.bbox
    for axis in figure.axes:
        zero = axis.transData.transform((0.0, 0.0))[0]
        said = [one for one in axis.texts if one.get_gid() == "figure"]
        assert said
        marks = [line.get_window_extent() for line in axis.lines if line.get_gid() != "zero"]
        boxes = [one.get_window_extent() for one in said]
        for box in boxes:
            assert box.x1 <= zero + 0.5 or box.x0 >= zero - 0.5
            assert axis.get_window_extent().x0 - 1 <= box.x0
            assert box.x1 <= axis.get_window_extent().x1 + 1
            assert not any(box.overlaps(mark) for mark in marks)
            assert not any(box.overlaps(name.get_window_extent())
                           for name in figure.axes[0].get_yticklabels())  # fmt: skip
        assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    unseen = {id(tick) for axis in figure.axes for tick in axis.get_xticklabels()}  # those outside
    for text in figure.findobj(Text):
        if isinstance(text, Text) and text.get_text() and id(text) not in unseen:
            box = text.get_window_extent()
            assert frame.x0 - 2 <= box.x0 and box.x1 <= frame.x1 + 2, text.get_text()


@pytest.mark.parametrize("name", MAPS)
def test_names_on_the_drawn_map_do_not_overlap_or_leave_the_frame(name):
    scenario = load(name)
    figure, axis = figures._canvas(scenario)
    figures._title(axis, scenario.title)
    figures._names(figure, axis, scenario)
    figure.draw_without_rendering()
    frame = axis.get_window_extent()
    said = [one for one in axis.texts if one.get_gid() == "name"]
    boxes = [one.get_window_extent() for one in said]
    for text, box in zip(said, boxes, strict=True):
        assert frame.x0 - 1 <= box.x0 and box.x1 <= frame.x1 + 1, text.get_text()
        assert frame.y0 - 1 <= box.y0 and box.y1 <= frame.y1 + 1, text.get_text()
    for (one, a), (two, b) in itertools.combinations(zip(said, boxes, strict=True), 2):
        assert not _overlap(a, b), (one.get_text(), two.get_text())
    words = {one.get_text() for one in said}
    for code, country in scenario.parameters.countries.items():
        assert words & {country.name.upper(), code}
    good = scenario.parameters.commodities[scenario.parameters.measurement.headline]
    assert {one for one in (*good.sources, *good.markets) if one in scenario.grid.towns} <= words


def _overlap(a, b) -> bool:
    return a.x0 < b.x1 - 0.5 and b.x0 < a.x1 - 0.5 and a.y0 < b.y1 - 0.5 and b.y0 < a.y1 - 0.5


@pytest.mark.parametrize("name", MAPS)
def test_names_on_the_map_of_a_report_do_not_overlap_or_leave_the_frame(name):
    scenario = load(name)
    number = len(scenario.grid.sectors(scenario.parameters.world.sector_km).ids)
    change = np.random.default_rng(4).normal(size=number)
    svg = pictures.difference_map(scenario, change, float(np.abs(change).max(initial=1e-9)),
                                  lambda value: f"{value:+,.2f} persons", "A map.")  # fmt: skip
    boxes = _boxes(svg)
    assert _none_meet(boxes)
    words = {one for one, _ in boxes}
    for code, country in scenario.parameters.countries.items():
        assert words & {country.name.upper(), code}


LABEL = "Training, intelligence and cooperation, all of it together and for good"
LOW = np.array([-1.0, -0.2, 0.3, -3.0])


@pytest.mark.parametrize("shift", [-2.0, -0.3, 0.0, 0.3, 2.0])
def test_texts_of_a_report_cross_no_line_and_cover_no_other(shift):
    rows = [pictures.Interval(n, LABEL, low + shift + 0.5, low + shift, low + shift + 1,
                              "+12,345 million USD") for n, low in enumerate(LOW)]  # fmt: skip
    gains = {n: (LABEL, np.linspace(-9, 30, 40) + shift, "better in over 99 %") for n in range(3)}
    weeks = np.arange(13.0, 105.0, 13.0)
    lines = [pictures.DifferenceBand(n, weeks, 0 * weeks + shift, 0 * weeks - 1, 0 * weeks + 1)
             for n in range(6)]  # fmt: skip
    for svg in (
        pictures.intervals(rows, "A picture."), pictures.waterfall(rows, "−3,200 kg", "A picture."),
        pictures.worlds(gains, "less delivered, %", "A picture."),
        pictures.correlations([(LABEL, shift / 2, True), (LABEL, -shift / 2, False)], "A picture."),
        pictures.limits([(LABEL, 0.0, 10.0, 2.0, 4.0, 3.0)], "A picture."),
        pictures.bands(lines, "A picture."),
    ):  # fmt: skip
        boxes = _boxes(svg)
        assert _none_meet(boxes)
        for words, box in boxes:
            for line in _upright(svg):
                assert not meet(box, line), (words, line)


def _boxes(svg: str) -> list[tuple[str, Box]]:
    """Text of a drawing with its box, as wide as a wide font makes it."""
    found = []
    for one in html5lib.parseFragment(svg, namespaceHTMLElements=False).iter(f"{SVG}text"):
        size, x, y = (float(one.get(key)) for key in ("font-size", "x", "y"))
        words = one.text or ""
        wide = width_of(words, size, one.get("font-weight") is not None)
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[one.get("text-anchor")]
        found.append((words, (left, y - 0.75 * size, left + wide, y + 0.2 * size)))
    assert found
    return found


def _upright(svg: str) -> list[Box]:
    lines = html5lib.parseFragment(svg, namespaceHTMLElements=False).iter(f"{SVG}line")
    ends = [[float(one.get(key)) for key in ("x1", "y1", "x2", "y2")] for one in lines]
    return [(x1, min(y1, y2), x2, max(y1, y2)) for x1, y1, x2, y2 in ends if x1 == x2]


def _none_meet(boxes: list[tuple[str, Box]]) -> bool:
    for (one, a), (two, b) in itertools.combinations(boxes, 2):
        assert not meet(a, b), (one, two)
    for words, box in boxes:
        assert box[0] >= -0.5 and box[2] <= WIDTH + 0.5, words
    return True


def test_names_find_room_in_order_and_are_left_out_where_there_is_none():
    names = [Name((word, word[:3]), 50, 50, 0, (10,)) for word in ("FIRST", "SECOND", "THIRD")]
    found = placed(names, (0, 0, 100, 60))
    assert found[0].words == "FIRST" and found[0].middle == (50, 50)
    assert not any(meet(a.box, b.box) for a, b in itertools.combinations(found, 2))
    assert placed(names, (0, 0, 12, 60)) == []


def test_a_text_is_cut_by_its_width_and_only_where_it_is_too_wide():
    assert fitted("iiii", width_of("iiii", 12), 12) == "iiii"
    cut = fitted("WWWWWWWW", 60, 12)
    assert cut.endswith("…") and width_of(cut, 12) <= 60


# Grey ------------------------------------------------------------------------------------------


def _lightness(colour: str) -> float:
    """L* of a colour, 0 to 100 (CIE 1976)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


@pytest.mark.parametrize(
    "ends", [CHANGE, RAMPS["difference"], [pictures._hex(pictures._tint(s)) for s in (-1, 0, 1)]]
)
def test_both_ends_of_a_change_map_differ_in_greyscale(ends):
    least, none, most = (_lightness(ends[at]) for at in (0, len(ends) // 2, -1))
    assert least - most > 30
    assert none - least > 25 and none - most > 25
    if len(ends) == 5:
        assert _lightness(ends[1]) - _lightness(ends[3]) > 15


def test_a_change_map_says_more_and_less_by_signs_too(comparison):
    name = comparison.others[0].name
    figure = figures.flow_change(comparison, name)
    markers = [one for one in figure.axes[0].collections if np.size(one.get_offsets())]
    assert len(markers) >= 3  # roads, and at least one kind of sign
    assert any("more (+) or less (−)" in text for text in _texts(figure))


def _texts(figure: Figure) -> list[str]:
    found = [one.get_text() for one in figure.findobj(Text) if isinstance(one, Text)]
    return [one.replace("\n", " ") for one in found if one]
