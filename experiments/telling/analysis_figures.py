"""Figures of an analysis: effects, curves, indices, convergence, corners. Colours as in figures."""

import io
import re
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from tocsin.experiments.telling.figures import INK, QUIET, SERIES
from tocsin.experiments.telling.lettering import as_written, wrapped
from tocsin.experiments.unknowns.discovery import Box
from tocsin.simulation.recording.quantities import plain

MAIN, OTHER = SERIES[0], SERIES[1]
MOST_TERMS = 16


def svg(figure: Figure) -> str:
    """The figure as an SVG element that can stand in a page; equal figures give equal text."""
    buffer = io.StringIO()
    with as_written(), mpl.rc_context({"svg.hashsalt": "tocsin", "svg.fonttype": "none"}):
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    return re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1).replace(
        "<svg ", '<svg role="img" ', 1
    )


@as_written()
def effects_figure(table: pd.DataFrame, unit: str) -> Figure:
    """Main effects and interactions with their intervals, the largest on top."""
    order = np.argsort(-np.abs(table["effect"].to_numpy()))[:MOST_TERMS]
    table = table.iloc[order]
    figure, axis = _bars(len(table))
    for at, row in enumerate(table.to_dict(orient="records")):
        colour = MAIN if row["kind"] == "main" else OTHER
        _interval(axis, at, row["low"], row["effect"], row["high"], colour)
    axis.axvline(0, color=QUIET, linewidth=0.8, zorder=0)
    _names(axis, table["term"].tolist())
    said = f"change from the lowest to the highest value{_in(unit)}"
    axis.set_xlabel(wrapped(said, 80), color=INK)
    _key(axis, [("main effect", MAIN), ("interaction", OTHER)])
    return figure


@as_written()
def curves_figure(curves: dict[str, pd.DataFrame], unit: str) -> Figure:
    """Mean outcome along each axis, on one scale."""
    columns = min(3, len(curves))
    rows = -(-len(curves) // columns)
    figure = Figure(figsize=(3.1 * columns + 0.4, 2.3 * rows + 0.2))
    figure.set_layout_engine("constrained", h_pad=0.1)
    axes = figure.subplots(rows, columns, sharey=True, squeeze=False)
    for axis, (key, table) in zip(axes.flat, curves.items(), strict=False):
        values = table["value"].tolist()
        numbers = not any(isinstance(value, str | bool) for value in values)
        where = values if numbers else list(range(len(values)))
        _plain(axis)
        axis.fill_between(where, table["low"], table["high"], color=MAIN, alpha=0.15, linewidth=0)
        axis.plot(where, table["mean"], "o-", color=MAIN, markersize=3.5, linewidth=1.5)
        if not numbers:
            axis.set_xticks(where, [str(value) for value in values])
        axis.set_title(wrapped(key, 36), fontsize=8.5, color=INK)
    for axis in axes.flat[len(curves) :]:
        axis.set_visible(False)
    for line in axes:
        line[0].set_ylabel(unit or "mean", fontsize=8, color=INK)
    return figure


@as_written()
def sobol_figure(table: pd.DataFrame) -> Figure:
    """First-order and total indices with their intervals."""
    table = table.sort_values("total", ascending=False)
    figure, axis = _bars(len(table), 0.55)
    for at, row in enumerate(table.to_dict(orient="records")):
        for shift, name, colour in ((-0.17, "first", MAIN), (0.17, "total", OTHER)):
            _interval(axis, at + shift, row[f"{name}_low"], row[name], row[f"{name}_high"], colour)
    axis.axvline(0, color=QUIET, linewidth=0.8, zorder=0)
    _names(axis, table["key"].tolist())
    axis.set_xlabel("share of the variance between points", color=INK)
    _key(axis, [("alone (first order)", MAIN), ("with all interactions (total)", OTHER)])
    return figure


@as_written()
def morris_figure(table: pd.DataFrame, unit: str) -> Figure:
    """Mean absolute effects with intervals, and the spread of the effects."""
    table = table.sort_values("mu_star", ascending=False)
    figure, axis = _bars(len(table))
    for at, row in enumerate(table.to_dict(orient="records")):
        _interval(axis, at, row["mu_star_low"], row["mu_star"], row["mu_star_high"], MAIN)
        axis.plot(row["sigma"], at, "D", color=OTHER, markersize=5)
    _names(axis, table["key"].tolist())
    axis.set_xlim(left=0)
    axis.set_xlabel(f"over the whole range of an axis{_in(unit)}", color=INK)
    _key(axis, [("mean absolute effect", MAIN), ("spread: bends and interactions", OTHER)])
    return figure


@as_written()
def convergence_figure(table: pd.DataFrame) -> Figure:
    """Half of the interval of a point's mean against the number of replications."""
    figure = Figure(figsize=(4.6, 2.5), layout="constrained")
    axis = figure.subplots()
    for name, colour, label in (("worst", OTHER, "worst point"), ("median", MAIN, "median point")):
        axis.plot(table["replications"], 100 * table[name], "o-", color=colour, markersize=3.5,
                  linewidth=1.5, label=label)  # fmt: skip
    axis.set_ylim(bottom=0)
    axis.set_xlabel("replications", fontsize=8, color=INK)
    axis.set_ylabel("± of the mean, %", fontsize=8, color=INK)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.legend(frameon=False, fontsize=8)
    _plain(axis)
    return figure


@as_written()
def boxes_figure(boxes: Sequence[Box], inputs: pd.DataFrame) -> Figure:
    """Limits of each box within the ranges that were searched."""
    keys = list(dict.fromkeys(key for box in boxes for key in box.limits))
    figure, axis = _bars(len(keys), 0.5)
    axis.set_xlim(0, 1)
    for at, key in enumerate(keys):
        column = inputs[key].to_numpy(dtype=float)
        low, span = float(column.min()), float(np.ptp(column)) or 1.0
        axis.plot([0, 1], [at, at], color="#e4e4e4", linewidth=9, solid_capstyle="butt", zorder=0)
        for number, box in enumerate(boxes):
            if key not in box.limits:
                continue
            ends = [(end - low) / span for end in box.limits[key]]
            shift = (number - (len(boxes) - 1) / 2) * 0.2
            if ends[0] == ends[1]:
                axis.plot(ends[0], at + shift, "s", color=SERIES[number], markersize=6,
                          clip_on=False)  # fmt: skip
            axis.plot(ends, [at + shift] * 2, color=SERIES[number], linewidth=4,
                      solid_capstyle="butt")  # fmt: skip
            text = " to ".join(dict.fromkeys(f"{end:.3g}" for end in box.limits[key]))
            axis.annotate(text, (float(np.mean(ends)), at + shift), xytext=(0, 4), fontsize=7.5,
                          textcoords="offset points", ha="center", color=INK)  # fmt: skip
    _names(axis, keys)
    axis.set_xticks([0, 1], ["lowest", "highest"])
    _key(axis, [(f"corner {n}", SERIES[n - 1]) for n in range(1, len(boxes) + 1)])
    return figure


def _bars(rows: int, height: float = 0.34) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.6, 1.1 + height * rows), layout="constrained")
    axis = figure.subplots()
    axis.set_ylim(rows - 0.4, -0.6)
    _plain(axis)
    axis.tick_params(axis="y", left=False)
    return figure, axis


def _interval(
    axis: Axes, at: float, low: float, middle: float, high: float, colour: str
) -> None:  # fmt: skip
    axis.plot([low, high], [at, at], color=colour, linewidth=2.2, solid_capstyle="butt", alpha=0.8)
    axis.plot(middle, at, "o", color=colour, markersize=5)


def _names(axis: Axes, names: Sequence[str]) -> None:
    axis.set_yticks(range(len(names)), [wrapped(name, 44) for name in names], fontsize=8.5)


def _key(axis: Axes, entries: Sequence[tuple[str, str]]) -> None:
    for label, colour in entries:
        axis.plot([], [], "o", color=colour, markersize=5, label=label)
    axis.legend(frameon=False, fontsize=8, loc="lower right", bbox_to_anchor=(1, 1), borderpad=0,
                ncols=len(entries))  # fmt: skip


def _plain(axis: Axes) -> None:
    for scale in (axis.xaxis, axis.yaxis):
        scale.set_major_formatter(FuncFormatter(_readable))
    axis.tick_params(labelsize=8, colors=INK)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axis.spines[side].set_color(QUIET)


def _readable(value: float, _: int | None = None) -> str:
    return plain(value, 6)


def _in(unit: str) -> str:
    return f", {unit}" if unit else ""
