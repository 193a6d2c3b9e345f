"""Analysis: everything that a store has to say, as one page that needs nothing else."""

from collections.abc import Callable, Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from tocsin.experiments.comparing.outcomes import alike, kind_of, numbers, outcomes
from tocsin.experiments.design.study import POSTERIOR
from tocsin.experiments.running.destination import write_whole
from tocsin.experiments.running.notices import drawn
from tocsin.experiments.running.store import Store
from tocsin.experiments.telling.analysis_figures import (
    boxes_figure,
    convergence_figure,
    curves_figure,
    effects_figure,
    morris_figure,
    sobol_figure,
    svg,
)
from tocsin.experiments.unknowns.assumptions import row_of
from tocsin.experiments.unknowns.discovery import prim
from tocsin.experiments.unknowns.sensitivity import (
    axes,
    convergence,
    effects,
    levels,
    morris_effects,
    replicated,
    response,
    shares_of_interest,
    sobol_indices,
)
from tocsin.simulation.errors import InputError
from tocsin.simulation.parameters import Parameters, Row
from tocsin.simulation.recording.indicators import HEADLINES, indicator_of
from tocsin.simulation.recording.quantities import Quantity, fixed, percent, plain

SHOWN_INDICATORS = 6
SHOWN_POINTS = 200
MOST_CURVES = 12
FEWEST_POINTS = 10  # in which corners are sought
SCALED = ["mean", "sd", "low", "high"]

FigureOfPage = tuple[str, str, str]  # title, SVG ("" if there is none), note


def page(
    store: Store,
    chosen: Sequence[str] = (),
    interest: tuple[str, float | None, float | None] | None = None,
) -> str:
    """The analysis of a store as an HTML page.

    Parameters
    ----------
    chosen
        Outcomes to show; by default the primary ones, and then the first few others that the study
        keeps.
    interest
        Indicator with lowest and highest value of what is of interest, for the discovery of
        corners; by default the worst quarter of all runs, for each indicator.

    Raises
    ------
    InputError
        The store holds no runs, an outcome is not kept, or one of interest is a text.
    """
    known = outcomes(store)
    if not known:
        raise InputError(f"{store.folder}: there are no runs to analyse yet.")
    primary = _primary(store, known)
    others = [name for name in known if name not in primary]
    room = max(0, SHOWN_INDICATORS - len(primary))
    names = list(chosen) or [*primary, *others[:room]]
    if interest is not None:
        replicated(store, interest[0])  # raises for a text
        names += [interest[0]] if interest[0] not in names else []
    told = store.manifest["study"]
    ledger = store.ledger()
    failed = ledger.loc[ledger["status"] == "failed"]
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(
        resources.files("tocsin.experiments.telling")
        .joinpath("analysis.html")
        .read_text(encoding="utf-8")
    )
    return template.render(
        study=told, axes=_varied(store), points=len(store.points), ledger=len(ledger),
        failed=len(failed), reasons=list(failed.groupby("reason").size().items()),
        manifest=store.manifest, digest=store.digest(), hours=ledger["seconds"].sum() / 3600,
        sections=[_section(store, name, interest) | {"primary": name in primary} for name in names],
    )  # fmt: skip


def _primary(store: Store, known: Sequence[str]) -> list[str]:
    """The outcomes that were declared as primary; else those headlines that the study keeps."""
    return list(store.manifest["study"].get("primary") or [
        name for name in HEADLINES if name in known
    ])  # fmt: skip


def _varied(store: Store) -> list[dict[str, str]]:
    """What was varied, in words."""
    told, found = store.manifest["study"], []
    for axis in axes(store):
        row = _declared(axis.key)
        role = told["axes"].get(axis.key, {}).get("role", "assumption")
        values = f"{plain(axis.low)} to {plain(axis.high)}"
        if axis.key == POSTERIOR:
            values = f"{len(axis.values)} rows of a posterior sample"
        elif axis.values:
            values = ", ".join(plain(v) if isinstance(v, float) else str(v) for v in axis.values)
        found.append({
            "key": axis.key, "role": role, "values": values, "unit": row.unit if row else "",
            "meaning": row.meaning if row else "", "reason": told["reasons"].get(axis.key, ""),
        })  # fmt: skip
    return found


def _declared(key: str) -> Row | None:
    """What is declared of a key, if it is not one of a model of the study's own."""
    try:
        return row_of(key)
    except InputError:
        return None


def _section(
    store: Store, name: str, interest: tuple[str, float | None, float | None] | None
) -> dict[str, Any]:
    """Everything about one outcome, as far as its values allow."""
    kind = kind_of(store, name)
    size = max(abs(kind.low), abs(kind.high)) if kind.finite else 0.0
    quantity, definition, direction = _read(store, name, size)
    factor, unit = quantity.scale, quantity.unit
    found: dict[str, Any] = {
        "name": name, "unit": unit, "definition": definition, "direction": direction,
        "said": kind.sentences(name, quantity), "sentence": "", "spread": None, "figures": [],
        "response": None, "more": 0, "discovery": None,
    }  # fmt: skip
    if kind.texts:
        return found
    if kind.finite:
        table = response(store, name)
        table[SCALED] = factor * table[SCALED]
        found |= {"response": _rows(table), "more": max(0, len(table) - SHOWN_POINTS)}
        if kind.held:
            means = table["mean"].to_numpy(dtype=float)
            found["spread"] = [plain(float(np.nanmin(means))), plain(float(np.nanmax(means)))]
    if kind.comparable:
        curves, main = _curves(store, name, factor, unit), _main_effects(store, name, quantity)
        found["sentence"] = main[0]
        found["figures"] = [*curves, *main[1], *_indices(store, name, factor, unit)]
    differs = bool(kind.finite) and not alike(np.array([kind.low, kind.high]))
    if differs:
        found["figures"] += _settled(store, name)
    if differs or kind.infinite:
        found["discovery"] = _discovery(store, name, interest, factor, unit, direction)
    return found


def _drawn(title: str, draw: Callable[[], Figure], note: str) -> FigureOfPage:
    """A figure of the page; one that cannot be drawn costs a sentence."""
    missing: list[str] = []
    picture = drawn(title, lambda: svg(draw()), "", missing)
    sentences = [f"{one[0].upper()}{one[1:]}." for one in missing]
    return title, picture, " ".join([*sentences, note])


def _curves(store: Store, name: str, factor: float, unit: str) -> list[FigureOfPage]:
    """Mean outcome along each axis."""
    keys = [axis.key for axis in axes(store) if axis.key != POSTERIOR]
    keys = [key for key in keys if len(set(store.points[key].tolist())) > 1][:MOST_CURVES]
    if not keys:
        return []
    curves = {key: levels(store, name, key) for key in keys}
    for curve in curves.values():
        curve[["mean", "low", "high"]] *= factor
    return [_drawn("Mean outcome along each axis", lambda: curves_figure(curves, unit),
                   "Band: 95 % interval over points; all other axes vary with them.")]  # fmt: skip


def _main_effects(
    store: Store, name: str, quantity: Quantity
) -> tuple[str, list[FigureOfPage]]:  # fmt: skip
    """Sentence on the largest effect, and the figure of all; nothing where no fit is possible."""
    try:
        fitted = effects(store, name)
    except InputError:
        return "", []
    if fitted.empty:
        return "", []
    fitted[["effect", "low", "high"]] *= quantity.scale
    note = (f"Least squares over the means of points, 95 % intervals; the terms explain "
            f"{percent(fitted.attrs['fit'])} of the variance between points.")  # fmt: skip
    if set(fitted["kind"]) != {"main"}:
        note += (" An interaction is how much larger one effect is at the highest than at the "
                 "lowest value of the other.")  # fmt: skip
    return _largest(fitted, quantity.change), [
        _drawn("Main effects and interactions", lambda: effects_figure(fitted, quantity.change),
               note)
    ]  # fmt: skip


def _settled(store: Store, name: str) -> list[FigureOfPage]:
    """How well replications settle the mean of a point."""
    shrinking = convergence(store, name)
    if len(shrinking) < 2:
        return []
    return [_drawn("How well replications settle the mean of a point",
                   lambda: convergence_figure(shrinking),
                   "With the last number the worst point is known to within "
                   f"{percent(shrinking['worst'].iloc[-1], 1)}.")]  # fmt: skip


def _read(store: Store, name: str, size: float) -> tuple[Quantity, str, str]:
    """How people read an indicator of about this size, its definition and its direction."""
    try:
        declared = indicator_of(name)
    except InputError:
        return Quantity(1.0, "", ""), "", "neither"
    described = store.manifest.get("scenario")
    if described is None:  # a study of its own model says nothing about what it counts
        return Quantity(1.0, "", ""), declared.definition, declared.direction
    world = Parameters.model_validate(described["parameters"])
    return Quantity.of(name, world, size), declared.definition, declared.direction


def _largest(fitted: pd.DataFrame, unit: str) -> str:
    main = fitted.loc[fitted["kind"] == "main"]
    row = main.iloc[int(np.argmax(main["effect"].abs()))]
    effect, low, high = (plain(row[key], sign=True) for key in ("effect", "low", "high"))
    if len(main) == 1:
        return (
            f"The effect of {row['term']} is {effect} {unit} from its lowest to its highest value, "
            f"with a 95 % interval of {low} to {high}."
        )
    return (
        f"The largest effect is that of {row['term']}: {effect} {unit} from its lowest to its "
        f"highest value. Its own 95 % interval is {low} to {high}; as the largest of {len(main)} "
        "it is exploratory, and no verdict."
    )


def _indices(store: Store, name: str, factor: float, unit: str) -> list[FigureOfPage]:
    """Sobol or Morris indices, if the design is made for them and complete."""
    kind = store.manifest["study"]["design"]["kind"]
    try:
        if kind == "sobol":
            single, pairs = sobol_indices(store, name)
            pairs = pairs.sort_values("index", ascending=False).head(3)
            text = ", ".join(f"{row['first']} x {row['second']} {fixed(row['index'])} "
                             f"({fixed(row['low'])} to {fixed(row['high'])})"
                             for row in pairs.to_dict(orient="records"))  # fmt: skip
            return [_drawn("Sobol indices", lambda: sobol_figure(single),
                           "95 % bootstrap intervals."
                           + (f" Largest pairs: {text}." if text else ""))]  # fmt: skip
        if kind == "morris":
            table = morris_effects(store, name)
            table[["mu", "mu_star", "mu_star_low", "mu_star_high", "sigma"]] *= factor
            return [_drawn("Morris elementary effects", lambda: morris_figure(table, unit),
                           "95 % bootstrap intervals. A spread as large as the effect means that "
                           "the effect depends on where in the space one stands.")]  # fmt: skip
    except InputError as wrong:
        return [("Indices", "", str(wrong))]
    return []


def _discovery(
    store: Store,
    name: str,
    interest: tuple[str, float | None, float | None] | None,
    factor: float,
    unit: str,
    direction: str,
) -> dict[str, Any] | None:
    """Corners in which what is of interest is common."""
    if interest is None:
        quarter = _quarter(store, name, direction)
        if quarter is None:
            return None
        low, high, words = quarter
    elif interest[0] == name:
        low, high = interest[1:]
        words = ""
    else:
        return None
    ends = " and ".join(
        f"{sign} {plain(factor * end)} {unit}".strip() if np.isfinite(end) else "infinite"
        for sign, end in (("at least", low), ("at most", high)) if end is not None
    )  # fmt: skip
    inputs, weights = shares_of_interest(store, name, low, high)
    found = {"words": f"{words}{ends}", "share": float(weights.mean()) if len(weights) else 0.0,
             "points": len(inputs), "boxes": [], "figure": "", "missing": ""}  # fmt: skip
    if inputs.shape[1] == 0 or len(inputs) < FEWEST_POINTS:
        short = (f"Corners are sought from {FEWEST_POINTS} points on, along axes of numbers: here "
                 f"are {len(inputs)} points and {inputs.shape[1]} such axes.")  # fmt: skip
        return None if interest is None else found | {"missing": short}
    boxes = prim(inputs, weights)
    if not boxes:
        return found | {"missing": "No corner stands out from chance."}
    _, figure, missing = _drawn("Where it happens", lambda: boxes_figure(boxes, inputs), "")
    return found | {
        "figure": figure, "missing": missing,
        "boxes": [
            {"coverage": box.coverage, "density": box.density, "mass": box.mass,
             "limits": [(key, plain(ends[0]), plain(ends[1]), box.p_values.get(key, 1.0))
                        for key, ends in box.limits.items()]}
            for box in boxes
        ],
    }  # fmt: skip


def _quarter(
    store: Store, name: str, direction: str
) -> tuple[float | None, float | None, str] | None:
    """The worst quarter of all runs: its ends, and how it is called; None of too few values."""
    values = numbers(store, name)
    values = values[~np.isnan(values)]
    if len(set(values.tolist())) < 4:
        return None
    # between a finite and an infinite value there is none
    method = "linear" if np.isfinite(values).all() else "higher"
    end = float(np.quantile(values, 0.25 if direction == "up" else 0.75, method=method))
    rank = "highest" if direction == "neither" else "worst"
    low, high = (None, end) if direction == "up" else (end, None)
    return low, high, f"the {rank} quarter of all runs, "


def _rows(table: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """The response table as text, its first points."""
    head = table.head(SHOWN_POINTS).reset_index()
    return [str(name) for name in head.columns], [
        [value if isinstance(value, str) else plain(value) for value in row]
        for row in head.itertuples(index=False)
    ]


def write_page(store: Store, path: Path, chosen: Iterable[str] = (), **options: Any) -> None:
    """Write the page, whole or not at all.

    Raises
    ------
    InputError
        It cannot be written.
    """
    write_whole(path, page(store, list(chosen), **options), "--out")
