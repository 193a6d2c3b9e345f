"""Rows of a comparison as the pages show them: numbers in words, an interval, a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from tocsin.experiments.comparing.families import SET
from tocsin.simulation.parameters import Parameters
from tocsin.simulation.recording.indicators import MAIN, MOVED, label_of
from tocsin.simulation.recording.quantities import Measured, Quantity, signed


@dataclass(frozen=True)
class KeptScenario:
    """What a folder of results says of a scenario that is needed to write its figures."""

    parameters: Parameters

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> "KeptScenario":
        """From a scenario of a manifest; raises ValueError if its parameters are none."""
        return cls(Parameters.model_validate(described["parameters"]))


def quantity(name: str, world: Measured, size: float | None) -> Quantity:
    """How values of an indicator of about this size are written."""
    known = abs(size) if size is not None and isfinite(size) else 0.0
    return Quantity.of(name, world, known)


def rows(table: list[dict[str, Any]], world: Measured) -> list[dict[str, Any]]:
    """Rows of one scenario of `tocsin.experiments.comparing.comparison.Comparison.rows`, for
    `verdicts.js`.
    """
    by_name = {str(row["indicator"]): row for row in table}
    return [_row(name, by_name[name], world) for name in (*MAIN, MOVED.name) if name in by_name]


def _interval(written: Quantity, low: float | None, high: float | None, verdict: str) -> str:
    if low is None or high is None:
        return "exact" if verdict == SET else "undefined"
    return written.interval(low, high)


def _row(name: str, row: dict[str, Any], world: Measured) -> dict[str, Any]:
    base, low, high = row["base"], row["low"], row["high"]
    ends = (base, low, high, row.get("relative"))  # relative where the base is away from zero
    bounded = all(v is not None and isfinite(v) for v in ends) and base
    written = quantity(name, world, base)
    change = [v / abs(base) for v in (row["difference"], low, high)] if bounded else [None] * 3
    said = [f"{signed(100 * one)} %" for one in change if one is not None]
    verdict = str(row["verdict"])
    return {
        "name": label_of(name),
        "base": written.level(base),
        "difference": written.difference(row["difference"]),
        "interval": _interval(written, low, high, verdict),
        **dict(zip(("relative", "low", "high"), change, strict=True)),
        "change": said[0] if said else "",
        "words": "{}, from {} to {}".format(*said) if said else "",
        "verdict": verdict,
        "tone": "better" if "better" in verdict else "worse" if "worse" in verdict else "",
        "n": int(row["n"]),
    }
