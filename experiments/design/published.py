"""Figures as statistics publish them, computed from one run beside its indicators.

A study file states them under ``[figures.NAME]``: either a ratio of sums of indicators, or a
property of the single cases of seizure in the window of measurement, cut at a least amount as the
published ones are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.run import Run

CASES = ("ln_sd", "largest_tenth", "dispersion")


@dataclass(frozen=True)
class Figure:
    """One figure of a run.

    Attributes
    ----------
    name
        As targets and stores call it.
    sum, over
        Indicators; the figure is the sum of the first divided by the sum of the second, or the
        sum alone. Undefined where the second is 0.
    cases
        Instead of them: ``ln_sd`` (standard deviation of the logarithm of the amounts),
        ``largest_tenth`` (share of the largest 10 % of cases in their amount) or ``dispersion``
        (variance over mean of weekly numbers of cases).
    least
        Smallest amount of a case that counts, in the smallest unit (grams).
    countries
        Where; all by default.
    """

    name: str
    sum: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    cases: str = ""
    least: int = 0
    countries: tuple[str, ...] = ()

    def of(self, run: Run) -> float | None:
        """The figure of a finished run, None where it is undefined."""
        if not self.cases:
            known = {key: float(value or 0) for key, value in run.indicators.items()}
            whole = sum(known[key] for key in self.over) if self.over else 1.0
            return sum(known[key] for key in self.sum) / whole if whole else None
        week, amount = _seizures(run, self.countries, self.least)
        if self.cases == "dispersion":
            first = run.scenario.parameters.measurement.from_week
            counts = np.bincount(week - first, minlength=max(run.weeks - first + 1, 1))
            return float(counts.var(ddof=1) / counts.mean()) if week.size > 1 else None
        if amount.size < 10:
            return None
        if self.cases == "ln_sd":
            return float(np.log(amount).std(ddof=1))
        largest = np.sort(amount)[::-1][: max(1, round(amount.size / 10))]
        return float(largest.sum() / amount.sum())

    @property
    def described(self) -> dict[str, Any]:
        """The figure as plain values."""
        return {key: value for key, value in asdict(self).items() if value}


def _seizures(
    run: Run, countries: Sequence[str], least: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Weeks and amounts of the seizures of the headline commodity that count."""
    measured = run.scenario.parameters.measurement
    log = run.events
    inside = (log["kind"] == "seizure") & (log["week"] >= measured.from_week)
    inside &= (log["commodity"] == measured.headline) & (log["amount"] >= least)
    if countries:
        inside &= log["country"].isin(countries)
    return (log.loc[inside, "week"].to_numpy(dtype=np.int64),
            log.loc[inside, "amount"].to_numpy(dtype=float))  # fmt: skip


def figures_of(
    table: Mapping[str, Any], measured: Sequence[str], codes: Sequence[str]
) -> tuple[Figure, ...]:
    """Figures as a study file states them.

    Parameters
    ----------
    table
        The content of ``[figures]``.
    measured, codes
        Indicators and countries that the base scenario has.

    Raises
    ------
    InputError
        One is not well formed.
    """
    return tuple(_figure(name, stated, measured, codes) for name, stated in table.items())


def _figure(name: str, stated: Any, measured: Sequence[str], codes: Sequence[str]) -> Figure:
    where = f"figures.{name}"
    known = ("sum", "over", "cases", "least", "countries")
    if not isinstance(stated, dict) or ("sum" in stated) == ("cases" in stated):
        raise InputError(f"{where}: give sum (with over, if it is a ratio), or cases.")
    if name in measured:
        raise InputError(f"{where}: an indicator has that name; choose another.")
    for key in stated:
        if key not in known:
            raise InputError(f"{where}.{key}: there is no such key; allowed are "
                             f"{', '.join(known)}{nearest(key, known)}.")  # fmt: skip
    for key, allowed in (("sum", measured), ("over", measured), ("countries", codes)):
        names = stated.get(key, [])
        if not isinstance(names, list):
            raise InputError(f"{where}.{key} = {names!r}: not a list.")
        for one in names:
            if one not in allowed:
                raise InputError(f"{where}.{key}: {one!r} is not there"
                                 f"{nearest(str(one), allowed)}.")  # fmt: skip
    cases, least = stated.get("cases", ""), stated.get("least", 0)
    if cases not in ("", *CASES):
        raise InputError(f"{where}.cases = {cases!r}: allowed is {' or '.join(CASES)}"
                         f"{nearest(str(cases), CASES)}.")  # fmt: skip
    if isinstance(least, bool) or not isinstance(least, int) or least < 0:
        raise InputError(f"{where}.least = {least!r}: allowed is a whole number from 0.")
    return Figure(name, tuple(stated.get("sum", [])), tuple(stated.get("over", [])), cases, least,
                  tuple(stated.get("countries", [])))  # fmt: skip
