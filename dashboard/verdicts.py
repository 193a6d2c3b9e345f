"""Rows of a comparison as the pages show them: numbers in words, an interval, a verdict."""

from math import isfinite
from typing import Any

from simulation.errors import InputError
from simulation.indicators import indicator_of

MAIN = (
    "delivered", "interception_rate", "market_price", "trafficker_profit", "networks_active",
    "networks_dismantled", "arrests", "items_used", "tip_hit_rate", "intelligence_age_at_use",
    "trust_mean", "capability_mean", "capability_gini", "displacement_from_base", "cost_total",
)  # fmt: skip
SCALES = {"g": (1e-6, "t"), "share": (100.0, "%"), "USD": (1e-6, "million USD"),
          "trust": (1.0, ""), "capability": (1.0, ""), "index": (1.0, "")}  # fmt: skip


def readable(name: str, value: float | None, change: bool = False, with_unit: bool = True) -> str:
    """A value with its unit; a change has a sign, and shares change by points."""
    if value is None or not isfinite(value):
        return "undefined"
    try:
        unit = indicator_of("displacement" if name == "displacement_from_base" else name).unit
    except InputError:
        unit = ""
    scale, unit = SCALES.get(unit, (1.0, unit))
    if change and unit == "%":
        unit = "points"
    number = value * scale
    size = abs(number)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
    text = f"{number:+,.{digits}f}" if change else f"{number:,.{digits}f}"
    return f"{text} {unit}".strip() if with_unit else text


def rows(table: list[dict[str, Any]], every: bool = False) -> list[dict[str, Any]]:
    """Rows of one scenario of `experiments.comparison.Comparison.rows`, for `verdicts.js`."""
    by_name = {str(row["indicator"]): row for row in table}
    chosen = list(by_name) if every else [name for name in MAIN if name in by_name]
    return [_row(name, by_name[name]) for name in chosen]


def _row(name: str, row: dict[str, Any]) -> dict[str, Any]:
    base, low, high = row["base"], row["low"], row["high"]
    bounded = all(v is not None and isfinite(v) for v in (base, low, high)) and base
    verdict = str(row["verdict"])
    return {
        "name": name.replace("_", " "),
        "base": readable(name, base),
        "difference": readable(name, row["difference"], change=True),
        "interval": f"{readable(name, low, True, False)} to {readable(name, high, True, False)}",
        "relative": None if not bounded else row["difference"] / abs(base),
        "low": None if not bounded else low / abs(base),
        "high": None if not bounded else high / abs(base),
        "verdict": verdict,
        "tone": "better" if "better" in verdict else "worse" if "worse" in verdict else "",
        "n": int(row["n"]),
    }
