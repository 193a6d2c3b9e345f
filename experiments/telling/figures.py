"""Figures: where goods flow, what a scenario moves, and how sure a difference is.

Colours are safe for colour-blind readers (Okabe and Ito 2008; Matplotlib's ``viridis`` family).
Figures are objects of their own; nothing is drawn on a screen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import (
    Colormap,
    LinearSegmentedColormap,
    ListedColormap,
    Normalize,
    TwoSlopeNorm,
)
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray
from tocsin.experiments.comparing.comparison import Comparison
from tocsin.experiments.comparing.families import with_ends
from tocsin.experiments.running.notices import drawn
from tocsin.experiments.telling.drawing import CHANGE
from tocsin.experiments.telling.lettering import Box, Name, as_written, placed, width_of, wrapped
from tocsin.simulation.geography.grid import SEA, BorderGrid, Terrain
from tocsin.simulation.recording.indicators import HEADLINES, label_of
from tocsin.simulation.recording.quantities import Quantity, plain, signed
from tocsin.simulation.scenario.files import Scenario

INK, QUIET, WATER, LAND = "#222222", "#8a8a8a", "#dce9f2", "#f4f1ea"
QUIET_LAND = ("#f6f2e7", "#eae5d6", "#efeee6", "#e3e2d3", "#f2ead9", "#e8ebe0", "#ece3da")
VISIBLE = 0.08  # of the largest change; smaller ones have no sign on a map
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG."""
    FigureCanvasAgg(figure)
    with as_written():
        figure.savefig(path, dpi=150, facecolor="white")


def save_if_drawn(draw: Callable[[], Figure], path: Path) -> bool:
    """Draw a figure and write it as PNG; False, with a `FigureWarning`, if either fails."""

    def made() -> bool:
        try:
            save(draw(), path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return True

    return drawn(path.name, made, False)


@as_written()
def effects(comparison: Comparison) -> Figure:
    """Change of the main indicators with 95 % intervals, a panel an indicator, a row a scenario.

    A panel is in percent of the base where every change can be given so
    (`tocsin.experiments.comparing.relative`), in the indicator's own unit elsewhere. An indicator
    that has no interval in any scenario, because luck does not touch it, has no panel.
    """
    names = [scenario.name for scenario in comparison.others]
    labels = [wrapped(scenario.title, 34) for scenario in comparison.others]
    panels = [one for key in HEADLINES if (one := _panel(comparison, key)) is not None]
    height = 1.6 + sum(0.42 + 0.15 * label.count("\n") for label in labels)
    wide = 2.5 * max(1, len(panels)) + 2.8
    figure = Figure(figsize=(wide, height), layout="constrained")
    axes = figure.subplots(1, max(1, len(panels)), sharey=True, squeeze=False)[0]
    said = f"Change against “{comparison.base.title}”, with 95 % intervals "
    figure.suptitle(wrapped(f"{said}({len(comparison.seeds)} pairs of runs)", int(9 * wide)),
                    fontsize=11, color=INK)  # fmt: skip
    axes[0].set_yticks(range(len(names)), labels, fontsize=9)
    axes[0].set_ylim(len(names) - 0.4, -0.6)
    if not panels:
        axes[0].set_title("no main indicator has an interval", fontsize=10, color=INK)
    for axis, panel in zip(axes, panels, strict=False):
        axis.axvline(0, color=QUIET, linewidth=0.8, gid="zero")
        for at, name in enumerate(names):
            if name in panel.rows:
                middle, low, high, _ = panel.rows[name]
                colour = SERIES[at % len(SERIES)]
                axis.plot([low, high], [at, at], color=colour, linewidth=2.5,
                          solid_capstyle="butt")  # fmt: skip
                axis.plot(middle, at, "o", color=colour, markersize=6)
        axis.set_title(wrapped(panel.title, 26), fontsize=10, color=INK)
        axis.xaxis.set_major_locator(MaxNLocator(4))
        axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: plain(value, sign=True)))
    for axis in axes:
        axis.tick_params(labelsize=8, colors=INK, left=False)
        axis.tick_params(axis="y", labelsize=9)
        for side in ("top", "right", "left"):
            axis.spines[side].set_visible(False)
    figure.draw_without_rendering()  # the layout is needed to give the figures room
    for axis, panel in zip(axes, panels, strict=False):
        _figures_beside(axis, [panel.rows.get(name) for name in names])
    return figure


@dataclass(frozen=True)
class _Panel:
    """One indicator: its title, and by scenario middle, low, high and the words."""

    title: str
    rows: dict[str, tuple[float, float, float, str]]


def _panel(comparison: Comparison, key: str) -> _Panel | None:
    """An indicator of the figure of effects; None if no scenario has an interval of it."""
    table = comparison.table.loc[comparison.table.indicator == key]
    found = {str(row["scenario"]): with_ends(row) for row in table.to_dict(orient="records")}
    defined = {name: row for name, row in found.items()
               if all(np.isfinite(row[end]) for end in ("difference", "low", "high"))}  # fmt: skip
    if not any(row["low"] < row["high"] for row in defined.values()):
        return None
    if all(np.isfinite(row["relative"]) for row in defined.values()):
        scale = {name: 100 / abs(row["base"]) for name, row in defined.items()}
        unit = "%"
    else:
        size = max(abs(row["difference"]) for row in defined.values())
        quantity = Quantity.of(key, comparison.base, size)
        scale, unit = dict.fromkeys(defined, quantity.scale), quantity.change
    rows = {}
    for name, row in defined.items():
        middle, low, high = (scale[name] * row[end] for end in ("difference", "low", "high"))
        rows[name] = middle, low, high, signed(middle) + (" %" if unit == "%" else "")
    return _Panel(f"{label_of(key)}, {unit}".removesuffix(", "), rows)


def _figures_beside(
    axis: Axes, rows: Sequence[tuple[float, float, float, str] | None]
) -> None:  # fmt: skip
    """Write each change beyond the end of its interval that is away from zero.

    So no figure crosses the line of zero; the axis is widened until all of them are inside.
    """
    known = [row for row in rows if row is not None]
    size, gap = 8.0, 5.0  # points
    room = {True: 0.0, False: 0.0}
    for middle, _, _, words in known:
        side = middle >= 0
        room[side] = max(room[side], width_of(words, size) + 2 * gap)
    low = min(0.0, *(min(row[0], row[1]) for row in known))
    high = max(0.0, *(max(row[0], row[2]) for row in known))
    span = high - low or 1.0
    wide = axis.get_window_extent().width * 72 / axis.figure.dpi  # points
    left = max(room[False], 2 * gap)
    right = max(room[True], 2 * gap)
    scale = span / max(wide - left - right, 0.25 * wide)
    axis.set_xlim(low - left * scale, high + right * scale)
    for at, row in enumerate(rows):
        if row is None:
            continue
        middle, start, end, words = row
        side = middle >= 0
        place = max(end, 0.0) if side else min(start, 0.0)
        axis.annotate(words, (place, at), xytext=(gap if side else -gap, 0), fontsize=size,
                      textcoords="offset points", ha="left" if side else "right", va="center",
                      color=INK, gid="figure", in_layout=False)  # fmt: skip


@as_written()
def flow_map(comparison: Comparison, name: str) -> Figure:
    """Where goods cross borders in the last year of a scenario."""
    scenario = _of(comparison, name)
    flow = comparison.flow[name].to_numpy(dtype=float)
    quantity = Quantity.amount("delivered", scenario, float(flow.max()))
    flow = quantity.scale * flow
    shades = Normalize(0, max(float(flow.max()), 1e-9))
    figure, axis = _canvas(scenario)
    colours = colormaps["YlOrRd"]
    _sectors(axis, scenario, flow, colours, shades)
    _legend(figure, axis, colours, shades, f"{quantity.unit} that passed in the last year")
    _title(axis, f"{scenario.title}: where the flow crosses borders")
    _names(figure, axis, scenario)
    return figure


@as_written()
def flow_change(comparison: Comparison, name: str) -> Figure:
    """What a scenario moves: difference of the flow by sector against the base."""
    scenario = _of(comparison, name)
    base = comparison.scenarios[0]
    change = (comparison.flow[name] - comparison.flow[base.name]).to_numpy(dtype=float)
    quantity = Quantity.amount("delivered", base, float(np.abs(change).max()))
    change = quantity.scale * change
    reach = max(float(np.abs(change).max()), 1e-9)
    shades = TwoSlopeNorm(0, -reach, reach)
    figure, axis = _canvas(scenario)
    colours = LinearSegmentedColormap.from_list("change", CHANGE)
    _sectors(axis, scenario, change, colours, shades)
    _signs(axis, scenario, change / reach)
    _legend(figure, axis, colours, shades,
            f"{quantity.unit} a year more (+) or less (−) than in the base")  # fmt: skip
    _title(axis, f"{scenario.title}: what moves against “{base.title}”")
    _names(figure, axis, scenario)
    return figure


def _of(comparison: Comparison, name: str) -> Scenario:
    return next(scenario for scenario in comparison.scenarios if scenario.name == name)


def _canvas(scenario: Scenario) -> tuple[Figure, Axes]:
    """A map in quiet colours: water, countries, roads."""
    grid = scenario.grid
    height, width = grid.shape
    note = wrapped(grid.note, 130, 60)
    high = 9.0 * height / width * 0.86 + 0.9 + 0.12 * len(note.splitlines())
    figure = Figure(figsize=(9.0, high), layout="constrained")
    axis = figure.subplots()
    if note:
        figure.supxlabel(note, x=0.01, ha="left", fontsize=7, color=INK)
    shade = np.where(grid.country >= 0, grid.country % len(QUIET_LAND) + 2, 1)
    shade[grid.country == SEA] = 0
    axis.imshow(shade, cmap=ListedColormap([WATER, "#ffffff", *QUIET_LAND]),
                vmin=-0.5, vmax=len(QUIET_LAND) + 1.5, interpolation="nearest")  # fmt: skip
    road = np.isin(grid.terrain, (Terrain.ROAD, Terrain.TOWN, Terrain.CROSSING, Terrain.PORT))
    rough = np.isin(grid.terrain, (Terrain.HILL, Terrain.MOUNTAIN))
    for cells, size, colour, marker in ((rough, 7, "#c9bfae", "^"), (road, 3, "#bdb6a8", "s")):
        rows, columns = np.nonzero(cells)
        axis.scatter(columns, rows, s=size, c=colour, marker=marker, linewidths=0)
    axis.set_xticks([])
    axis.set_yticks([])
    axis.set_xlim(-0.5, width - 0.5)
    axis.set_ylim(height - 0.5, -0.5)
    for spine in axis.spines.values():
        spine.set_visible(False)
    return figure, axis


def _title(axis: Axes, words: str) -> None:
    axis.set_title(wrapped(words, 84), loc="left", fontsize=11)


def _sectors(
    axis: Axes,
    scenario: Scenario,
    value: NDArray[np.float64],
    colours: Colormap,
    shades: Normalize,
) -> None:
    """Colour the cells of each border sector by its value."""
    of_cell = scenario.grid.sectors(scenario.parameters.world.sector_km).of_cell
    values = np.where(of_cell >= 0, value[of_cell], np.nan)
    axis.imshow(values, cmap=colours, norm=shades, interpolation="nearest")


def _signs(axis: Axes, scenario: Scenario, share: NDArray[np.float64]) -> None:
    """A plus or a minus in cells of sectors that change, so that the map can be read in grey."""
    of_cell = scenario.grid.sectors(scenario.parameters.world.sector_km).of_cell
    shares = np.where(of_cell >= 0, share[of_cell], 0.0)
    for sign, marker, colour in ((1, "+", "#ffffff"), (-1, "_", INK)):
        rows, columns = np.nonzero(sign * shares > VISIBLE)
        axis.scatter(columns, rows, s=9, c=colour, marker=marker, linewidths=0.8)


def _names(figure: Figure, axis: Axes, scenario: Scenario) -> None:
    """Names of countries, and of the towns where goods come from and go to.

    None covers another one or leaves the frame; where there is no room for the name of a country
    its code stands.
    """
    grid, parameters = scenario.grid, scenario.parameters
    good = parameters.commodities[parameters.measurement.headline]
    shown: list[tuple[str, float, float]] = []
    for towns, marker, what in ((good.sources, "^", "source"), (good.markets, "o", "market")):
        for at, town in enumerate(one for one in towns if one in grid.towns):
            row, column = grid.towns[town]
            shown.append((town, column, row))
            axis.plot(column, row, marker, color=INK, markersize=6, markeredgecolor="white",
                      linestyle="", label=what if at == 0 else None)  # fmt: skip
    if shown:
        axis.legend(loc="upper left", bbox_to_anchor=(0, 0), fontsize=8, frameon=False, ncols=2,
                    borderpad=0)  # fmt: skip
    figure.draw_without_rendering()  # the layout is needed to know how large a cell is
    ground = axis.get_window_extent()
    cell, point = ground.width / grid.shape[1], figure.dpi / 72
    names = [Name((town,), (x + 0.5) * cell, (y + 0.5) * cell, 5 * point,
                  (8 * point, 7 * point)) for town, x, y in shown]  # fmt: skip
    for number, code in enumerate(grid.codes):
        row, column = _middle(grid, number)
        names.append(Name((parameters.countries[code].name.upper(), code), (column + 0.5) * cell,
                          (row + 0.5) * cell, 0.0, (8.5 * point, 7 * point)))  # fmt: skip
    marks = [_around((x + 0.5) * cell, (y + 0.5) * cell, 4 * point) for _, x, y in shown]
    for one in placed(names, (0, 0, ground.width, ground.height), marks):
        x, y = one.middle
        axis.text(x / cell - 0.5, y / cell - 0.5, one.words, ha="center", va="center",
                  fontsize=one.size / point, color=INK if one.name.gap else "#55504a",
                  gid="name", in_layout=False,
                  path_effects=[withStroke(linewidth=2, foreground="white")])  # fmt: skip


def _around(x: float, y: float, reach: float) -> Box:
    return x - reach, y - reach, x + reach, y + reach


def _middle(grid: BorderGrid, number: int) -> tuple[float, float]:
    """The cell of a country that lies nearest to the mean of all its cells."""
    cells = np.argwhere(grid.country == number)
    nearest = cells[np.hypot(*(cells - cells.mean(axis=0)).T).argmin()]
    return float(nearest[0]), float(nearest[1])


def _legend(
    figure: Figure, axis: Axes, colours: Colormap, shades: Normalize, what: str
) -> None:  # fmt: skip
    bar = figure.colorbar(ScalarMappable(shades, colours), ax=axis, shrink=0.5, pad=0.01)
    bar.set_label(what, fontsize=8.5, color=INK)
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))
    bar.ax.tick_params(labelsize=8, colors=INK)
    bar.outline.set_visible(False)  # pyright: ignore[reportCallIssue]
