"""Displacement: where the flow went, who has it now, and who pays for the patrols.

Everything is paired by seed. *Flow* is the amount that passed a sector in the last 52 weeks, once
per shipment; by country it is what was delivered over the whole run and had come through.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from experiments.comparison import Comparison
from experiments.statistics import LEVEL, Paired, holm, paired
from simulation.scenario import Scenario

THROUGH = "delivered_through"
FLOW = "flow"
OFFICERS = "cost_officers"
COLUMNS = ("scenario", "place", "measure", "base", "difference", "low", "high", "verdict", "n")


@dataclass(frozen=True)
class Balloon:
    """Of the flow that left some sectors, the share that others took up, and its interval."""

    index: float
    low: float
    high: float


def by_country(comparison: Comparison) -> pd.DataFrame:
    """Who gains and who pays: a row for each scenario but the base, country and measure.

    Measures are the delivered flow that came through the country, in the smallest unit of the
    headline commodity, and the cost of its officers in USD. *Clearly* is said after Holm's
    correction over the countries of one scenario and measure.
    """
    rows: list[dict[str, Any]] = []
    base = comparison.base
    for scenario in comparison.others:
        codes = [code for code in scenario.grid.codes if code in base.grid.codes]
        for measure in (THROUGH, OFFICERS):
            results = [paired(_of_country(comparison, base, measure, code),
                              _of_country(comparison, scenario, measure, code))
                       for code in codes]  # fmt: skip
            adjusted = holm([result.p for result in results])
            rows += [
                _row(scenario.name, code, measure, result, p)
                for code, result, p in zip(codes, results, adjusted, strict=True)
            ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def by_sector(comparison: Comparison) -> pd.DataFrame:
    """The same by border sector: flow of the last 52 weeks, and cost of officers in that year.

    A scenario on another map than the base is left out.
    """
    rows: list[dict[str, Any]] = []
    base = comparison.base
    sectors = list(base.grid.sectors(base.parameters.world.sector_km).ids)
    for scenario in comparison.others:
        if scenario.grid.digest != base.grid.digest:
            continue
        for measure in (FLOW, OFFICERS):
            first, second = (_of_sectors(comparison, one, measure) for one in (base, scenario))
            results = [paired(a, b) for a, b in zip(first.T, second.T, strict=True)]
            adjusted = holm([result.p for result in results])
            rows += [
                _row(scenario.name, sector, measure, result, p)
                for sector, result, p in zip(sectors, results, adjusted, strict=True)
            ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def balloon(comparison: Comparison, name: str) -> Balloon | None:
    """The balloon index: of the flow that left some sectors, the share that others took up.

    Sectors are sorted into losers and gainers on every second seed and measured on the rest, and
    the other way round; sorted and measured on the same seeds, noise alone would look like
    displacement. The interval is a jackknife over the seeds.

    Returns
    -------
    0 for flow that is gone and 1 for flow that only moved; above 1 where the flow grew. None
    with fewer than four seeds, on another map, or without a loss that is larger than noise.
    """
    base, scenario = comparison.base, comparison.scenario(name)
    if len(comparison.seeds) < 4 or scenario.grid.digest != base.grid.digest:
        return None
    change = _of_sectors(comparison, scenario, FLOW) - _of_sectors(comparison, base, FLOW)
    parts = _crossed(change)
    lost = paired(np.zeros(len(change)), parts[:, 0])
    if not lost.low > 0:
        return None
    total = parts.sum(axis=0)
    without = (total - parts)[:, 1] / (total - parts)[:, 0]
    n = len(without)
    error = float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))
    reach = float(stats.t.ppf(1 - LEVEL / 2, n - 1)) * error
    index = float(total[1] / total[0])
    return Balloon(index, index - reach, index + reach)


def _crossed(change: NDArray[np.float64]) -> NDArray[np.float64]:
    """Loss and gain of every seed, in sectors that the other half of the seeds chose. [R, 2]"""
    parts = np.zeros((len(change), 2))
    odd = np.arange(len(change)) % 2 == 1
    for half in (odd, ~odd):
        direction = np.sign(change[~half].mean(axis=0))
        parts[half, 0] = -change[half] @ (direction < 0)
        parts[half, 1] = change[half] @ (direction > 0)
    return parts


def _row(scenario: str, place: str, measure: str, result: Paired, p: float) -> dict[str, Any]:
    return {
        "scenario": scenario, "place": place, "measure": measure, "base": result.base,
        "difference": result.difference, "low": result.low, "high": result.high,
        "verdict": _verdict(result, p), "n": result.n,
    }  # fmt: skip


def _verdict(result: Paired, p: float) -> str:
    if result.n == 0:
        return "undefined"
    if result.difference == 0 and result.low == result.high:
        return "the same"
    if np.isnan(p) or p >= LEVEL:
        return "within noise"
    return "clearly more" if result.difference > 0 else "clearly less"


def _of_country(
    comparison: Comparison, scenario: Scenario, measure: str, code: str
) -> NDArray[np.float64]:
    """One value a seed."""
    if measure == OFFICERS:
        return comparison.values(scenario.name, OFFICERS) * payroll(scenario)[code]
    return comparison.values(scenario.name, f"{measure}[{code}]")


def _of_sectors(comparison: Comparison, scenario: Scenario, measure: str) -> NDArray[np.float64]:
    """Values by seed and sector. [R, S]"""
    table = comparison.flows if measure == FLOW else comparison.officers
    sectors = scenario.grid.sectors(scenario.parameters.world.sector_km)
    of = table[table.scenario == scenario.name].set_index("seed")
    values = of.reindex(list(comparison.seeds))[list(sectors.ids)].to_numpy(dtype=float)
    if measure == FLOW:
        return values
    countries = scenario.parameters.countries
    pay = np.array([countries[code].officer_usd_per_year for code in scenario.grid.codes])
    return values * pay[sectors.country]


def payroll(scenario: Scenario) -> dict[str, float]:
    """Share of every country in the pay of all border officers."""
    countries = scenario.parameters.countries
    pay = {code: one.officers * one.officer_usd_per_year for code, one in countries.items()}
    whole = sum(pay.values())
    return {code: value / whole if whole else 0.0 for code, value in pay.items()}
