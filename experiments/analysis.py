"""Analysis: everything that a store has to say, as one page that needs nothing else."""

from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pandas as pd

from experiments.analysis_figures import (
    boxes_figure,
    convergence_figure,
    curves_figure,
    effects_figure,
    morris_figure,
    sobol_figure,
    svg,
)
from experiments.destination import write_whole
from experiments.discovery import prim
from experiments.sensitivity import (
    axes,
    convergence,
    effects,
    indicators,
    levels,
    morris_effects,
    response,
    shares_of_interest,
    sobol_indices,
)
from experiments.store import Store
from experiments.study import POSTERIOR
from simulation.errors import InputError
from simulation.indicators import indicator_of
from simulation.parameters import Parameters
from simulation.parameters import table as parameter_table
from simulation.quantities import Quantity, plain

SHOWN_INDICATORS = 6
SHOWN_POINTS = 200
MOST_CURVES = 12


def page(
    store: Store,
    chosen: Sequence[str] = (),
    interest: tuple[str, float | None, float | None] | None = None,
) -> str:
    """The analysis of a store as an HTML page.

    Parameters
    ----------
    chosen
        Indicators to show; the first few that the study keeps by default.
    interest
        Indicator with lowest and highest value of what is of interest, for the discovery of
        corners; by default the worst quarter of all runs, for each indicator.

    Raises
    ------
    InputError
        The store holds no runs, or an indicator is not kept.
    """
    known = indicators(store)
    if not known:
        raise InputError(f"{store.folder}: there are no runs to analyse yet.")
    names = list(chosen) or known[:SHOWN_INDICATORS]
    if interest is not None and interest[0] not in names:
        names.append(interest[0])
    told = store.manifest["study"]
    ledger = store.ledger()
    failed = ledger.loc[ledger["status"] == "failed"]
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(
        resources.files("experiments").joinpath("analysis.html").read_text(encoding="utf-8")
    )
    return template.render(
        study=told, axes=_varied(store), points=len(store.points), ledger=len(ledger),
        failed=len(failed), reasons=list(failed.groupby("reason").size().items()),
        manifest=store.manifest, digest=store.digest(), hours=ledger["seconds"].sum() / 3600,
        sections=[_section(store, name, interest) for name in names],
    )  # fmt: skip


def _varied(store: Store) -> list[dict[str, str]]:
    """What was varied, in words."""
    rows = {row.key: row for row in parameter_table()}
    told, found = store.manifest["study"], []
    for axis in axes(store):
        parts = axis.key.split(".")
        row = rows.get(".".join((parts[0], "*", parts[-1])) if len(parts) == 3 else axis.key)
        role = told["axes"].get(axis.key, {}).get("role", "assumption")
        values = f"{axis.low:g} to {axis.high:g}"
        if axis.key == POSTERIOR:
            values = f"{len(axis.values)} rows of a posterior sample"
        elif axis.values:
            values = ", ".join(f"{v:g}" if isinstance(v, float) else str(v) for v in axis.values)
        found.append({
            "key": axis.key, "role": role, "values": values, "unit": row.unit if row else "",
            "meaning": row.meaning if row else "", "reason": told["reasons"].get(axis.key, ""),
        })  # fmt: skip
    return found


def _section(
    store: Store, name: str, interest: tuple[str, float | None, float | None] | None
) -> dict[str, Any]:
    """Everything about one indicator."""
    table = response(store, name)
    quantity, definition, direction = _read(
        store, name, float(np.nanmax(np.abs(table["mean"].to_numpy(dtype=float)), initial=0.0))
    )
    factor, unit = quantity.scale, quantity.unit
    scaled = ["mean", "sd", "low", "high"]
    table[scaled] = factor * table[scaled]
    found: dict[str, Any] = {
        "name": name, "unit": unit, "definition": definition, "direction": direction,
        "response": _rows(table), "more": max(0, len(table) - SHOWN_POINTS), "sentence": "",
        "spread": [plain(end(table["mean"].to_numpy())) for end in (np.nanmin, np.nanmax)],
        "figures": [],
    }  # fmt: skip
    figures: list[tuple[str, str, str]] = found["figures"]
    keys = [axis.key for axis in axes(store) if axis.key != POSTERIOR]
    keys = [key for key in keys if len(set(store.points[key].tolist())) > 1][:MOST_CURVES]
    if keys and len(table) > 1:
        curves = {key: levels(store, name, key) for key in keys}
        for curve in curves.values():
            curve[scaled[:1] + scaled[2:]] *= factor
        note = "Band: 95 % interval over points; all other axes vary with them."
        figures.append(("Mean outcome along each axis", svg(curves_figure(curves, unit)), note))
    try:
        fitted = effects(store, name)
    except InputError:
        fitted = pd.DataFrame()
    if len(fitted):
        fitted[["effect", "low", "high"]] *= factor
        change = quantity.change
        found["sentence"] = _largest(fitted, change)
        share = 100 * fitted.attrs["fit"]
        figures.append(("Main effects and interactions", svg(effects_figure(fitted, change)),
                        "Least squares over the means of points, 95 % intervals; the terms "
                        f"explain {share:.0f} % of the variance between points. An interaction is "
                        "how much larger one effect is at the highest than at the lowest value of "
                        "the other."))  # fmt: skip
    figures += _indices(store, name, factor, unit)
    shrinking = convergence(store, name)
    if len(shrinking) > 1:
        figures.append(("How well replications settle the mean of a point",
                        svg(convergence_figure(shrinking)),
                        "With the last number the worst point is known to within "
                        f"{100 * shrinking['worst'].iloc[-1]:.1f} %."))  # fmt: skip
    found["discovery"] = _discovery(store, name, interest, factor, unit, direction)
    return found


def _read(store: Store, name: str, size: float) -> tuple[Quantity, str, str]:
    """How people read an indicator of about this size, its definition and its direction."""
    try:
        declared = indicator_of(name)
    except InputError:
        return Quantity(1.0, "", ""), "", "neither"
    described = store.manifest["scenario"]
    if described is None:  # a study of its own model says nothing about what it counts
        return Quantity(1.0, "", ""), declared.definition, declared.direction
    world = Parameters.model_validate(described["parameters"])
    return Quantity.of(name, world, size), declared.definition, declared.direction


def _largest(fitted: pd.DataFrame, unit: str) -> str:
    main = fitted.loc[fitted["kind"] == "main"]
    row = main.iloc[int(np.argmax(main["effect"].abs()))]
    sure = "clearly" if row["low"] > 0 or row["high"] < 0 else "not clearly"
    effect, low, high = (plain(row[key], sign=True) for key in ("effect", "low", "high"))
    return (
        f"The largest effect is that of {row['term']}: {effect} {unit} from its lowest to its "
        f"highest value (95 % interval {low} to {high}), {sure} different from none."
    )


def _indices(store: Store, name: str, factor: float, unit: str) -> list[tuple[str, str, str]]:
    """Sobol or Morris indices, if the design is made for them and complete."""
    kind = store.manifest["study"]["design"]["kind"]
    try:
        if kind == "sobol":
            single, pairs = sobol_indices(store, name)
            pairs = pairs.sort_values("index", ascending=False).head(3)
            text = ", ".join(f"{row['first']} x {row['second']} {row['index']:.2f} "
                             f"({row['low']:.2f} to {row['high']:.2f})"
                             for row in pairs.to_dict(orient="records"))  # fmt: skip
            return [("Sobol indices", svg(sobol_figure(single)),
                     f"95 % bootstrap intervals. Largest pairs: {text}.")]  # fmt: skip
        if kind == "morris":
            table = morris_effects(store, name)
            table[["mu", "mu_star", "mu_star_low", "mu_star_high", "sigma"]] *= factor
            return [("Morris elementary effects", svg(morris_figure(table, unit)),
                     "95 % bootstrap intervals. A spread as large as the effect means that the "
                     "effect depends on where in the space one stands.")]  # fmt: skip
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
    if interest is not None:
        if interest[0] != name:
            return None
        low, high = interest[1:]
        words = " and ".join(
            f"{sign} {plain(factor * end)} {unit}".strip()
            for sign, end in (("at least", low), ("at most", high)) if end is not None
        )  # fmt: skip
    else:
        values = store.outcomes()[name].to_numpy(dtype=float)
        values = values[~np.isnan(values)]
        if len(set(values.tolist())) < 4:
            return None
        low = None if direction == "up" else float(np.quantile(values, 0.75))
        high = float(np.quantile(values, 0.25)) if direction == "up" else None
        end = high if low is None else low
        rank = "highest" if direction == "neither" else "worst"
        sign = "at most" if low is None else "at least"
        words = f"the {rank} quarter of all runs, {sign} {plain(factor * (end or 0))} {unit}"
    inputs, weights = shares_of_interest(store, name, low, high)
    if inputs.shape[1] == 0 or len(inputs) < 10:
        return None
    boxes = prim(inputs, weights)
    return {
        "words": words.strip(), "share": float(weights.mean()), "points": len(inputs),
        "boxes": [
            {"coverage": box.coverage, "density": box.density, "mass": box.mass,
             "limits": [(key, plain(ends[0]), plain(ends[1]), box.p_values.get(key, 1.0))
                        for key, ends in box.limits.items()]}
            for box in boxes
        ],
        "figure": svg(boxes_figure(boxes, inputs)) if boxes else "",
    }  # fmt: skip


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
