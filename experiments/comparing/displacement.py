"""Displacement: where the flow went, who has it now, and who pays for the patrols.

Everything is paired by seed. *Flow* is the amount that passed a sector in the last 52 weeks, once
per shipment; by country it is what was delivered over the whole run and had come through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special
from tocsin.experiments.comparing.comparison import Comparison
from tocsin.experiments.comparing.families import SET, is_set
from tocsin.experiments.comparing.statistics import LEVEL, Paired, paired
from tocsin.simulation.scenario.files import Scenario

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
    headline commodity, and the cost of its officers in USD. The intervals of one scenario and
    measure hold together over all its countries (Bonferroni). Such rows are exploratory: the word
    beside them says where the interval lies, *more*, *less* or *either way*, and is no verdict. A
    country that is declared as primary has the interval and the verdict of the comparison.
    Countries that are not on both maps have no row.
    """
    rows: list[dict[str, Any]] = []
    base = comparison.base
    for scenario in comparison.others:
        codes = [code for code in scenario.grid.codes if code in base.grid.codes]
        if not codes:  # another part of the world
            continue
        for measure in (THROUGH, OFFICERS):
            first, second = (
                np.column_stack([_of_country(comparison, one, measure, code) for code in codes])
                for one in (base, scenario)
            )
            found = _rows(scenario.name, codes, measure, first, second)
            rows += [row | _declared(comparison, row) for row in found]
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
            rows += _rows(scenario.name, sectors, measure, first, second)
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
    reach = float(special.stdtrit(n - 1, 1 - LEVEL / 2)) * error
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


def _rows(
    scenario: str,
    places: Sequence[str],
    measure: str,
    base: NDArray[np.float64],
    other: NDArray[np.float64],
) -> list[dict[str, Any]]:
    """Rows of one family: all places of a scenario and measure. Values are [R, places]."""
    plain = [paired(a, b) for a, b in zip(base.T, other.T, strict=True)]
    family = sum(not (np.isnan(one.low) or one.unchanged) for one in plain)
    level = LEVEL / max(1, family)
    rows = []
    for place, first, second, result in zip(places, base.T, other.T, plain, strict=True):
        shown = paired(first, second, level) if result.moved else result
        fixed = measure == OFFICERS and is_set(OFFICERS, {OFFICERS: first}, {OFFICERS: second})
        nothing = float("nan")
        rows.append({
            "scenario": scenario, "place": place, "measure": measure, "base": shown.base,
            "difference": shown.difference, "low": nothing if fixed else shown.low,
            "high": nothing if fixed else shown.high,
            "verdict": SET if fixed else _word(shown), "n": shown.n,
        })  # fmt: skip
    return rows


def _declared(comparison: Comparison, row: dict[str, Any]) -> dict[str, Any]:
    """Interval and verdict of a place that is a primary outcome; nothing of another one."""
    key = f"{row['measure']}[{row['place']}]"
    told = comparison.row(row["scenario"], key) if key in comparison.primary else None
    if told is None:
        return {}
    said = str(told["verdict"]).replace("worse", "more").replace("better", "less")
    return {"low": told["low"], "high": told["high"],
            "verdict": said.replace("identical", "the same")}  # fmt: skip


def _word(shown: Paired) -> str:
    """Where the interval of an exploratory row lies."""
    if np.isnan(shown.low):
        return "undefined"
    if shown.unchanged:
        return "the same"
    return ("either way", "more", "less")[shown.sign]


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
