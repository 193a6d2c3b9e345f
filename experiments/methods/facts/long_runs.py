"""Checks of long runs, and the pictures of ten of them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image
from tocsin.experiments.methods.facts.behaviour import LAGS, Behaviour, swing
from tocsin.experiments.methods.facts.declaring import Arms, Check, change
from tocsin.experiments.methods.facts.observing import Observation
from tocsin.experiments.methods.facts.settings import LONG, MERIDIAN_LONG, Setting
from tocsin.experiments.telling.figures import INK, QUIET, SERIES, save

INF = float("inf")
KG = 1000.0
COLOURS = 48
FAST = 16  # weeks; with adaptation in step the flow of the design study swung with 12 to 16


def _seen(arms: Arms) -> Behaviour:
    behaviour = arms["twenty years"].behaviour
    assert behaviour is not None
    return behaviour


def _lockstep(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [_seen(arms).lockstep]


def _flow_swing(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [swing(_seen(arms).flow_echo, FAST)]


def _patrol_swing(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [swing(_seen(arms).patrol_echo, FAST)]


def _slow_flow_swing(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [swing(_seen(arms).flow_echo, LAGS - 1)]


def _slow_patrol_swing(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [swing(_seen(arms).patrol_echo, LAGS - 1)]


def _crowd(arms: Arms, setting: Setting, seed: int) -> list[float]:
    return [float(_seen(arms).largest_route[2:].max())]


def _drift(arms: Arms, setting: Setting, seed: int) -> list[float]:
    """Delivered in years 3 to 7, and in the last five."""
    run = arms["twenty years"]
    return [run.mean("delivered", 105, 364), run.mean("delivered", LONG - 259, LONG)]


_ARM = ("twenty years",)
_WHERE = (MERIDIAN_LONG,)
_OURS = "no measurement; a sane model shows it (the band is an assumption)"
_INERTIA = "trafficking.inertia, operations.heat_half_life_weeks, trafficking.taste"

CHECKS = (
    Check("no_lockstep", "sanity of behaviour", _OURS,
          "lockstep of networks' changes of route: 0.033 if 30 move by themselves, 1 if as one",
          -INF, 0.15, _INERTIA, _WHERE, _ARM, _lockstep),
    Check("no_swing_of_flow", "sanity of behaviour", _OURS,
          "largest rise of the autocorrelation of flow by sector within lags of 6 to 16 weeks",
          -INF, 0.20, _INERTIA, _WHERE, _ARM, _flow_swing),
    Check("no_swing_of_patrols", "sanity of behaviour", _OURS,
          "the same for patrol effort by sector", -INF, 0.20, _INERTIA, _WHERE, _ARM,
          _patrol_swing),
    Check("no_slow_swing_of_flow", "sanity of behaviour", _OURS,
          "the same for flow within lags of 6 to 52 weeks", -INF, 0.20, "", _WHERE, _ARM,
          _slow_flow_swing),
    Check("no_slow_swing_of_patrols", "sanity of behaviour", _OURS,
          "the same for patrol effort within lags of 6 to 52 weeks", -INF, 0.20, "", _WHERE, _ARM,
          _slow_patrol_swing),
    Check("no_crowd", "sanity of behaviour", _OURS,
          "share of the largest route in its largest year, from the third on", -INF, 0.40,
          _INERTIA, _WHERE, _ARM, _crowd),
    Check("no_drift", "sanity of behaviour", _OURS,
          "change of what is delivered from years 3-7 to the last five", -0.25, 0.25, "", _WHERE,
          _ARM, _drift, change),
)  # fmt: skip


def draw(runs: Sequence[Observation], folder: Path) -> None:
    """Two pictures of long runs: courses of ten runs, and what would betray lockstep."""
    folder.mkdir(parents=True, exist_ok=True)
    for figure, name in ((_courses(runs), "twenty_years"), (_echoes(runs), "twenty_years_echo")):
        file = folder / f"{name}.png"
        save(figure, file)
        with Image.open(file) as picture:  # few colours make a small file
            picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)


def _courses(runs: Sequence[Observation]) -> Figure:
    figure = Figure(figsize=(7.5, 5), layout="constrained")
    axes = figure.subplots(2, 2)
    what = (
        ("delivered", "delivered, kg a week (mean of 13 weeks)", KG),
        ("members_total", "members at large", 1.0),
    )
    years = np.arange(1, LONG + 1) / 52
    for axis, (name, title, unit) in zip(axes[0], what, strict=True):
        for run in runs:
            course = np.convolve(run.weekly[name] / unit, np.ones(13) / 13, mode="valid")
            axis.plot(years[12:], course, color=SERIES[0], alpha=0.35, linewidth=0.8)
        axis.set_title(title, fontsize=10, color=INK, loc="left")
        axis.set_ylim(0)
    for run in runs:
        if run.behaviour is not None:
            crowd = run.behaviour.largest_route
            axes[1, 0].plot(np.arange(1, crowd.size + 1), crowd, color=SERIES[2], alpha=0.5,
                            linewidth=0.9)  # fmt: skip
    axes[1, 0].set_title("share of the largest route, by year", fontsize=10, color=INK, loc="left")
    axes[1, 0].set_ylim(0, 0.6)
    first = runs[0].behaviour
    if first is not None:
        for colour, share in zip(SERIES, first.shares, strict=False):
            course = np.convolve(share, np.ones(13) / 13, mode="valid")
            axes[1, 1].plot(years[12:], course, color=colour, linewidth=0.9)
    axes[1, 1].set_title("share of the six busiest sectors, first run",
                         fontsize=10, color=INK, loc="left")  # fmt: skip
    axes[1, 1].set_ylim(0)
    for axis in axes.ravel():
        axis.set_xlabel("year", fontsize=8, color=INK)
        axis.set_xlim(0, 20)
        axis.set_xticks(range(0, 21, 5))
        axis.tick_params(labelsize=8, colors=INK)
        for side in ("top", "right"):
            axis.spines[side].set_visible(False)
    figure.suptitle(f"Meridian over twenty years, {len(runs)} runs", fontsize=11, color=INK)
    return figure


def _echoes(runs: Sequence[Observation]) -> Figure:
    figure = Figure(figsize=(7.5, 3), layout="constrained")
    axes = figure.subplots(1, 2, sharey=True)
    for run in runs:
        if run.behaviour is None:
            continue
        for axis, curve in zip(
            axes, (run.behaviour.flow_echo, run.behaviour.patrol_echo), strict=True
        ):
            axis.plot(range(LAGS), curve, color=SERIES[1], alpha=0.5, linewidth=0.9)
    for axis, title in zip(axes, ("flow by sector", "patrol effort by sector"), strict=True):
        axis.axhline(0, color=QUIET, linewidth=0.8)
        axis.set_title(f"autocorrelation of {title}", fontsize=10, color=INK, loc="left")
        axis.set_xlabel("lag, weeks (a cycle falls and comes back)", fontsize=8, color=INK)
        axis.set_xlim(0, LAGS - 1)
        axis.tick_params(labelsize=8, colors=INK)
        for side in ("top", "right"):
            axis.spines[side].set_visible(False)
    return figure
