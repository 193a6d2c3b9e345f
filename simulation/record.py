"""The record of a run: series of every indicator, and the end values that follow from them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.indicators import (
    INDICATORS,
    divergence,
    gini,
    indicator_of,
    places_of_most,
    ratio,
)
from simulation.parameters import Commodity

YEAR = 52
# What follows from other series; capability_mean, capability_gini and sectors_in_use do too.
FOLLOWING = ("interception_rate", "country_interception_rate", "persons_started", "persons_crossed")


class Record:
    """Series of one run, preallocated, and the flow by sector of every week.

    Parameters
    ----------
    weeks
        Length of the run.
    codes, goods, headline
        Countries and commodities that stand in brackets, and the commodity of plain names.
    sectors
        Sector ids.
    from_week
        First week of the window of measurement.
    """

    def __init__(
        self,
        weeks: int,
        codes: tuple[str, ...],
        goods: Mapping[str, Commodity],
        headline: str,
        sectors: tuple[str, ...],
        from_week: int,
    ) -> None:
        self.codes, self.headline = codes, headline
        self.commodities = tuple(sorted(goods))
        self.persons = tuple(name for name in self.commodities if goods[name].unit == "persons")
        self.sectors = sectors
        self.weeks = 0
        self._first = from_week if weeks > 2 * YEAR else 1
        self._inside = {"": ("",), "country": codes, "commodity": (*self.commodities, ""),
                        "persons": self.persons}  # fmt: skip
        plain = [name for name, indicator in INDICATORS.items() if not indicator.per]
        self._whole = [name for name in plain if INDICATORS[name].whole]
        self._real = [name for name in plain if not INDICATORS[name].whole]
        self._counts = np.zeros((len(self._whole), weeks), dtype=np.int64)
        self._numbers = np.full((len(self._real), weeks), np.nan)
        self._each: dict[str, NDArray[np.int64] | NDArray[np.float64]] = {}  # [inside, weeks]
        for name, indicator in INDICATORS.items():
            if indicator.per:
                shape = len(self._inside[indicator.per]), weeks
                empty = np.zeros(shape, np.int64) if indicator.whole else np.full(shape, np.nan)
                self._each[name] = empty
        self._noted = {
            name: rows for name, rows in self._each.items() if name not in FOLLOWING and rows.size
        }
        self._derived = 0  # weeks for which that is done
        self.flow = np.zeros((weeks, len(sectors)), dtype=np.int64)
        self.ages: list[tuple[int, int]] = []  # week of use, age
        self.watches: list[tuple[int, int, int]] = []  # week, begun by a received tip, hits
        self.assistance = np.zeros((weeks, 2), dtype=np.int64)  # requests, and weeks they take
        self.passed_on = np.zeros((weeks, len(codes)), dtype=np.int64)

    def note(self, values: Mapping[str, Any]) -> None:
        """Close a week: write down what was measured in it.

        A value of each indicator by its name; of one that stands for each country, commodity or
        kind of persons, as many in their order. What follows from others is left out.
        """
        at, head = self.weeks, self.commodities.index(self.headline)
        self._counts[:, at] = [values.get(name, 0) for name in self._whole]
        self._numbers[:, at] = [values.get(name, np.nan) for name in self._real]
        for name, rows in self._noted.items():
            value = values[name]
            if INDICATORS[name].per == "commodity":
                rows[:-1, at], rows[-1, at] = value, value[head]
            else:
                rows[:, at] = value
        self.weeks += 1

    @property
    def columns(self) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
        """All weeks of every series by its name, in alphabetical order."""
        self._derive()
        found: dict[str, NDArray[np.int64] | NDArray[np.float64]] = {
            **dict(zip(self._whole, self._counts, strict=True)),
            **dict(zip(self._real, self._numbers, strict=True)),
        }
        for name, rows in self._each.items():
            plain = name.removeprefix("country_")
            for inside, row in zip(self._inside[INDICATORS[name].per], rows, strict=True):
                found[f"{plain}[{inside}]" if inside else plain] = row
        return dict(sorted(found.items()))

    def _derive(self) -> None:
        """Work out what follows from other series, for the weeks since this was last done."""
        new = slice(self._derived, self.weeks)
        if new.start == new.stop:
            return
        each, numbers = self._each, self._numbers
        seized, arrived = each["seized"][:, new], each["delivered"][:, new]
        each["interception_rate"][:, new] = ratio(seized, seized + arrived)
        seized, passed_on = each["seized_by"][:, new], self.passed_on[new].T
        each["country_interception_rate"][:, new] = ratio(seized, seized + passed_on)
        kinds = [self.commodities.index(name) for name in self.persons]
        each["persons_started"][:, new] = each["produced"][kinds, new]
        each["persons_crossed"][:, new] = each["delivered"][kinds, new]
        skill = np.ascontiguousarray(each["capability"][:, new].T)
        numbers[self._real.index("capability_mean"), new] = skill.mean(axis=1)
        numbers[self._real.index("capability_gini"), new] = gini(skill)
        before = max(0, new.start - YEAR)
        until = np.cumsum(self.flow[before : new.stop], axis=0)
        until[YEAR:] -= until[:-YEAR].copy()
        in_use = places_of_most(until[new.start - before :])
        self._counts[self._whole.index("sectors_in_use"), new] = in_use
        self._derived = self.weeks

    def recent_flow(self, until: int | None = None) -> NDArray[np.int64]:
        """Amount that passed each sector in the 52 weeks up to a week, or up to the last. [S]"""
        end = self.weeks if until is None else until
        return self.flow[max(0, end - YEAR) : end].sum(axis=0)

    def series(self) -> pd.DataFrame:
        """All weeks so far; one column an indicator, indexed by week."""
        index = pd.RangeIndex(1, self.weeks + 1, name="week")
        columns = {name: column[: self.weeks] for name, column in self.columns.items()}
        return pd.DataFrame(columns, index=index)

    def summary(self) -> dict[str, int | float | None]:
        """End value of every indicator; None where it is undefined."""
        window = slice(min(self._first - 1, self.weeks), self.weeks)
        ends: dict[str, int | float | None] = {}
        for name, column in self.columns.items():
            indicator = indicator_of(name)
            if indicator.ending == "once":
                ends[name] = self._once(name, window)
                continue
            values = column[: self.weeks]
            if indicator.ending == "mean":
                values = values[window]
            values = values[~np.isnan(values)]
            if not values.size:
                ends[name] = None
            elif indicator.ending == "total":
                ends[name] = values.sum().item()
            else:
                ends[name] = (values[-1] if indicator.ending == "last" else values.mean()).item()
        return ends

    def _once(self, name: str, window: slice) -> float | None:
        plain, _, inside = name.rstrip("]").partition("[")
        if plain == "interception_rate" and inside in self.codes:
            seized = self.columns[f"seized_by[{inside}]"][window].sum()
            passed = self.passed_on[window, self.codes.index(inside)].sum()
            return _share(float(seized), float(passed))
        if plain == "interception_rate":
            tail = f"[{inside}]" if inside else ""
            seized = self.columns[f"seized{tail}"][window].sum()
            arrived = self.columns[f"delivered{tail}"][window].sum()
            return _share(float(seized), float(arrived))
        if plain == "assistance_weeks_mean":
            requests, weeks = self.assistance[window].sum(axis=0)
            return float(weeks / requests) if requests else None
        if plain == "displacement":
            if self.weeks < 3 * YEAR:
                return None
            value = divergence(self.recent_flow(), self.flow[YEAR : 2 * YEAR].sum(axis=0))
            return None if np.isnan(value) else value
        if plain == "intelligence_age_at_use":
            ages = [age for week, age in self.ages if week > window.start]
            return float(np.median(ages)) if ages else None
        begun = sum(number for week, number, _ in self.watches if week > window.start)
        hits = sum(number for week, _, number in self.watches if week > window.start)
        return hits / begun if begun else None


def _share(part: float, rest: float) -> float | None:
    return float(part / (part + rest)) if part + rest else None
