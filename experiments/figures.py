"""Figures: where goods flow, what a scenario moves, and how sure a difference is.

Colours are safe for colour-blind readers (Okabe and Ito 2008; Matplotlib's ``viridis`` family).
Figures are objects of their own; nothing is drawn on a screen.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize, TwoSlopeNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.comparison import Comparison
from experiments.figure_warning import drawn
from simulation.grid import SEA, BorderGrid, Terrain
from simulation.quantities import Quantity
from simulation.scenario import Scenario

INK, QUIET, WATER, LAND = "#222222", "#8a8a8a", "#dce9f2", "#f4f1ea"
QUIET_LAND = ("#f6f2e7", "#eae5d6", "#efeee6", "#e3e2d3", "#f2ead9", "#e8ebe0", "#ece3da")
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
SHOWN = {
    "delivered": "delivered",
    "interception_rate": "interception rate",
    "networks_dismantled": "networks dismantled",
    "trafficker_profit": "traffickers' profit",
    "cost_total": "cost to IGO and agencies",
}


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG."""
    FigureCanvasAgg(figure)
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


def effects(comparison: Comparison) -> Figure:
    """Relative change of the main indicators with 95 % intervals, one row a scenario."""
    names = [scenario.name for scenario in comparison.scenarios[1:]]
    titles = {scenario.name: scenario.title for scenario in comparison.scenarios}
    shown = [key for key in SHOWN if (comparison.table.indicator == key).any()]
    height = 1.6 + 0.42 * len(names)
    figure = Figure(figsize=(2.3 * len(shown) + 2.6, height), layout="constrained")
    axes = figure.subplots(1, len(shown), sharey=True, squeeze=False)[0]
    for axis, key in zip(axes, shown, strict=True):
        table = comparison.table[comparison.table.indicator == key].set_index("scenario")
        axis.axvline(0, color=QUIET, linewidth=0.8)
        for at, name in enumerate(names):
            row = table.loc[name]
            if not row["base"]:
                continue
            middle, low, high = (100 * row[k] / abs(row["base"]) for k in
                                 ("difference", "low", "high"))  # fmt: skip
            colour = SERIES[at % len(SERIES)]
            axis.plot([low, high], [at, at], color=colour, linewidth=2.5, solid_capstyle="butt")
            axis.plot(middle, at, "o", color=colour, markersize=6)
            axis.annotate(f"{middle:+.1f} %", (middle, at), xytext=(0, 7), fontsize=8,
                          textcoords="offset points", ha="center", color=INK)  # fmt: skip
        axis.set_title(SHOWN[key], fontsize=10, color=INK)
        axis.margins(x=0.25)
        axis.tick_params(labelsize=8, colors=INK, left=False)
        for side in ("top", "right", "left"):
            axis.spines[side].set_visible(False)
    axes[0].set_yticks(range(len(names)), [titles[name] for name in names], fontsize=9)
    axes[0].set_ylim(len(names) - 0.4, -0.7)
    base = comparison.scenarios[0]
    figure.suptitle(
        f"Change against “{base.title}”, %, with 95 % intervals "
        f"({len(comparison.seeds)} pairs of runs)",
        fontsize=11, color=INK,
    )  # fmt: skip
    return figure


def flow_map(comparison: Comparison, name: str) -> Figure:
    """Where goods cross borders in the last year of a scenario."""
    scenario = _of(comparison, name)
    flow = comparison.flow[name].to_numpy(dtype=float)
    quantity = Quantity.amount("delivered", scenario, float(flow.max()))
    flow = quantity.scale * flow
    shades = Normalize(0, max(float(flow.max()), 1e-9))
    figure, axis = _canvas(scenario)
    _sectors(axis, scenario, flow, "YlOrRd", shades)
    _labels(axis, scenario)
    _legend(figure, axis, "YlOrRd", shades, f"{quantity.unit} that passed in the last year")
    axis.set_title(f"{scenario.title}: where the flow crosses borders", loc="left", fontsize=11)
    return figure


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
    _sectors(axis, scenario, change, "PuOr_r", shades)
    _labels(axis, scenario)
    _legend(figure, axis, "PuOr_r", shades, f"{quantity.unit} a year more or less than in the base")
    axis.set_title(f"{scenario.title}: what moves against “{base.title}”", loc="left", fontsize=11)
    return figure


def _of(comparison: Comparison, name: str) -> Scenario:
    return next(scenario for scenario in comparison.scenarios if scenario.name == name)


def _canvas(scenario: Scenario) -> tuple[Figure, Axes]:
    """A map in quiet colours: water, countries, roads."""
    grid = scenario.grid
    height, width = grid.shape
    figure = Figure(figsize=(9.0, 9.0 * height / width * 0.86 + 0.9), layout="constrained")
    axis = figure.subplots()
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


def _sectors(
    axis: Axes,
    scenario: Scenario,
    value: NDArray[np.float64],
    colours: str,
    shades: Normalize,
) -> None:
    """Colour the cells of each border sector by its value."""
    of_cell = scenario.grid.sectors(scenario.parameters.world.sector_km).of_cell
    values = np.where(of_cell >= 0, value[of_cell], np.nan)
    axis.imshow(values, cmap=colours, norm=shades, interpolation="nearest", alpha=0.9)


def _labels(axis: Axes, scenario: Scenario) -> None:
    """Names of countries, and of the towns where goods come from and go to."""
    grid, parameters = scenario.grid, scenario.parameters
    for number, code in enumerate(grid.codes):
        row, column = _middle(grid, number)
        axis.text(column, row, parameters.countries[code].name.upper(), ha="center", va="center",
                  fontsize=8.5, color="#55504a", alpha=0.95)  # fmt: skip
    good = parameters.commodities[parameters.measurement.headline]
    for towns, marker, what in ((good.sources, "^", "source"), (good.markets, "o", "market")):
        for at, town in enumerate(one for one in towns if one in grid.towns):
            row, column = grid.towns[town]
            axis.plot(column, row, marker, color=INK, markersize=6, markeredgecolor="white",
                      linestyle="", label=what if at == 0 else None)  # fmt: skip
            axis.annotate(town, (column, row), xytext=(5, 4 if at % 2 == 0 else -11),
                          textcoords="offset points",
                          fontsize=8, color=INK)  # fmt: skip
    axis.legend(loc="lower left", fontsize=8, frameon=False)


def _middle(grid: BorderGrid, number: int) -> tuple[float, float]:
    """The cell of a country that lies nearest to the mean of all its cells."""
    cells = np.argwhere(grid.country == number)
    nearest = cells[np.hypot(*(cells - cells.mean(axis=0)).T).argmin()]
    return float(nearest[0]), float(nearest[1])


def _legend(figure: Figure, axis: Axes, colours: str, shades: Normalize, what: str) -> None:
    bar = figure.colorbar(ScalarMappable(shades, colours), ax=axis, shrink=0.5, pad=0.01)
    bar.set_label(what, fontsize=8.5, color=INK)
    bar.ax.tick_params(labelsize=8, colors=INK)
    bar.outline.set_visible(False)  # pyright: ignore[reportCallIssue]
