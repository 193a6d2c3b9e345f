"""A study: what is varied, in which design, how often, and what is kept of each run.

Study files are read by `tocsin.experiments.design.study_files`. In Python a `Study` can be built
around any function of (values of a point, seed).
"""

import hashlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd
from tocsin.experiments.design.goods import refuse_varied
from tocsin.experiments.design.points import STEPS, Axis, grid, latin_hypercube, morris, sobol
from tocsin.experiments.design.published import Figure
from tocsin.simulation.run import Run, run
from tocsin.simulation.scenario.files import Scenario

POSTERIOR = "posterior"


@dataclass(frozen=True)
class Kept:
    """What a study keeps of one run: end values by name and, if asked, weekly series."""

    values: Mapping[str, Any]
    series: pd.DataFrame | None = None


Task = Callable[[Mapping[str, Any], int], "Kept | Mapping[str, Any]"]


@dataclass(frozen=True)
class ScenarioTask:
    """Runs the base scenario with the values of a point.

    Attributes
    ----------
    base
        With its length already set.
    indicators
        End values to keep.
    series
        Indicators whose weekly values are kept too.
    figures
        What is computed of each run beside its indicators.
    """

    base: Scenario
    indicators: tuple[str, ...]
    series: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()

    def __call__(self, values: Mapping[str, Any], seed: int) -> Kept:
        """One run; its fingerprint is kept with the end values."""
        logged = any(figure.cases for figure in self.figures)
        finished = self.run(values, seed, events=logged)
        kept: dict[str, Any] = {name: finished.indicators[name] for name in self.indicators}
        kept |= {figure.name: figure.of(finished) for figure in self.figures}
        series = finished.series[list(self.series)].reset_index() if self.series else None
        return Kept({**kept, "fingerprint": finished.fingerprint}, series)

    def run(self, values: Mapping[str, Any], seed: int, events: bool) -> Run:
        """The same run with everything in it."""
        return run(self.base.with_(values) if values else self.base, seed, events=events)


@dataclass(frozen=True)
class Design:
    """How points are chosen.

    Attributes
    ----------
    kind
        ``grid``, ``latin_hypercube``, ``sobol``, ``morris`` or ``list``.
    size
        Steps, points, n or trajectories; without meaning for a list.
    seed
        Of the points, not of the runs.
    table
        The points of a list.
    """

    kind: str
    size: int = STEPS
    seed: int = 0
    table: pd.DataFrame | None = None


@dataclass(frozen=True)
class Replications:
    """How often a point is run: a number, or until the mean of an indicator is known well.

    Attributes
    ----------
    at_least, at_most
        Equal for a fixed number.
    indicator, half_width
        Stop when half of the 95 % interval of the mean is at most this share of the mean.
    """

    at_least: int = 1
    at_most: int = 1
    indicator: str = ""
    half_width: float = 0.0


@dataclass(frozen=True)
class Study:
    """A whole study.

    Attributes
    ----------
    task
        What one run is: a function of the values of a point and a seed.
    axes
        What is varied; keys that are in `levers` are policy, the others are unknowns.
    posterior
        A sample of joint values of assumptions, rows in any order; a design draws whole rows.
    seed
        Replication k of every point has seed `seed` + k, so that points share their luck.
    reasons
        Key -> why it is varied like this.
    primary
        Outcomes that the study was made for, declared before its runs; an analysis shows them
        first. A store that was begun with other ones is refused.

    Raises
    ------
    InputError
        A study of a scenario varies what its outcomes count: the headline commodity, or a unit.
    """

    task: Task
    axes: tuple[Axis, ...] = ()
    design: Design = Design("grid")
    replications: Replications = Replications()
    levers: tuple[str, ...] = ()
    posterior: pd.DataFrame | None = None
    seed: int = 0
    title: str = "untitled"
    question: str = ""
    author: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    primary: tuple[str, ...] = ()

    def __repr__(self) -> str:
        varied = ", ".join(axis.key for axis in self.axes) or "nothing"
        return f"<Study {self.title!r}: {self.design.kind} over {varied}>"

    def __post_init__(self) -> None:
        if self.base is not None:
            tables = [table for table in (self.design.table, self.posterior) if table is not None]
            refuse_varied([axis.key for axis in self.axes])
            refuse_varied(str(key) for table in tables for key in table.columns)

    @property
    def base(self) -> Scenario | None:
        """The base scenario; None around an own run function."""
        return self.task.base if isinstance(self.task, ScenarioTask) else None

    @property
    def factors(self) -> tuple[Axis, ...]:
        """The axes and, if there is a posterior sample, the number of its row."""
        if self.posterior is None:
            return self.axes
        return (*self.axes, Axis(POSTERIOR, values=tuple(range(len(self.posterior)))))

    def points(self) -> pd.DataFrame:
        """Every point of the design, indexed by its number from 0; one column a key."""
        design, axes = self.design, self.factors
        if design.kind == "list":
            assert design.table is not None
            table = design.table
            if self.posterior is not None:
                rows = pd.Series(range(len(self.posterior)), name=POSTERIOR)
                table = table.merge(rows, how="cross")
        elif not axes:
            table = pd.DataFrame(index=range(1))
        elif design.kind == "grid":
            table = grid(axes, design.size)
        else:
            chosen = {"latin_hypercube": latin_hypercube, "sobol": sobol, "morris": morris}
            table = chosen[design.kind](axes, design.size, design.seed)
        if self.posterior is not None:
            drawn = self.posterior.iloc[table[POSTERIOR].to_numpy()].reset_index(drop=True)
            table = pd.concat([table.reset_index(drop=True), drawn], axis=1)
        return table.rename_axis("point")

    def described(self) -> dict[str, Any]:
        """The study as plain values, by which it is recognised again."""
        design: dict[str, Any] = {"kind": self.design.kind}
        if self.design.table is None:
            design |= {"size": self.design.size, "seed": self.design.seed}
        else:
            design["points"] = _table_digest(self.design.table)
        axes = {
            axis.key: {"role": "lever" if axis.key in self.levers else "assumption"}
            | ({"values": list(axis.values)} if axis.values
               else {"low": axis.low, "high": axis.high, "whole": axis.whole})
            for axis in self.axes
        }  # fmt: skip
        told: dict[str, Any] = {
            "title": self.title, "question": self.question, "author": self.author, "axes": axes,
            "design": design, "seed": self.seed, "replications": asdict(self.replications),
            "task": described_task(self.task), "reasons": dict(self.reasons),
        }  # fmt: skip
        if self.posterior is not None:
            told[POSTERIOR] = _table_digest(self.posterior)
        if self.primary:
            told["primary"] = list(self.primary)
        return told


def described_task(task: Task) -> dict[str, Any]:
    """What one run is, as plain values."""
    if isinstance(task, ScenarioTask):
        return {
            "scenario": task.base.name, "digest": task.base.digest,
            "indicators": list(task.indicators), "series": list(task.series),
            **({"figures": [one.described for one in task.figures]} if task.figures else {}),
        }  # fmt: skip
    kind = task if hasattr(task, "__qualname__") else type(task)
    try:
        source = inspect.getsource(kind)  # pyright: ignore[reportArgumentType]
    except (OSError, TypeError):
        source = ""
    name = f"{kind.__module__}:{getattr(kind, '__qualname__', '')}"
    return {"function": name, "source": hashlib.sha256(source.encode()).hexdigest()[:16]}


def _table_digest(table: pd.DataFrame) -> str:
    return hashlib.sha256(table.to_csv(index=False).encode()).hexdigest()[:16]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What two descriptions do not have in common, one line each."""
    before, after = dict(_leaves(old)), dict(_leaves(new))
    lines = []
    for key in sorted({*before, *after}):
        was, is_now = before.get(key, "nothing"), after.get(key, "nothing")
        if was != is_now:
            lines.append(f"{key} was {was}, is {is_now}")
    return lines


def _leaves(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{prefix}.{key}" if prefix else str(key))
    else:
        yield prefix, list(value) if isinstance(value, tuple) else value


def axes_of(told: Mapping[str, Any]) -> tuple[Axis, ...]:
    """The axes of a described study, in their order."""
    axes = []
    for key, stated in told["axes"].items():
        stated = {name: value for name, value in stated.items() if name != "role"}
        if "values" in stated:
            stated["values"] = tuple(stated["values"])
        axes.append(Axis(key, **stated))
    return tuple(axes)


def values_of(points: pd.DataFrame, number: int) -> dict[str, Any]:
    """Values of one point by key, as plain Python objects."""
    row = {key: points[key].iat[number] for key in points.columns if key != POSTERIOR}
    return {key: v.item() if hasattr(v, "item") else v for key, v in row.items()}
