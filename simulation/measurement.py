"""Measurement: weekly columns of every indicator, and the end values that follow from them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.indicators import INDICATORS, divergence, indicator_of, places_of_most

YEAR = 52


class Record:
    """Series of one run, preallocated, and the flow by sector of every week.

    Parameters
    ----------
    weeks
        Length of the run.
    codes, commodities, headline
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
        commodities: tuple[str, ...],
        headline: str,
        sectors: tuple[str, ...],
        from_week: int,
    ) -> None:
        self.codes, self.commodities, self.headline = codes, commodities, headline
        self.sectors = sectors
        self.weeks = 0
        self._first = from_week if weeks > 2 * YEAR else 1
        inside = {"": ("",), "country": codes, "commodity": ("", *commodities)}
        self.columns: dict[str, NDArray[np.int64] | NDArray[np.float64]] = {}
        for indicator in INDICATORS.values():
            for name in inside[indicator.per]:
                plain = indicator.name.removeprefix("country_")
                column = (
                    np.zeros(weeks, dtype=np.int64)
                    if indicator.whole
                    else np.full(weeks, np.nan)
                )
                self.columns[f"{plain}[{name}]" if name else plain] = column
        self.columns = dict(sorted(self.columns.items()))
        self.flow = np.zeros((weeks, len(sectors)), dtype=np.int64)
        self.ages: list[tuple[int, int]] = []  # week of use, age
        self.watches: list[tuple[int, int, int]] = []  # week, begun by a received tip, hits
        self.passed_on = np.zeros((weeks, len(codes)), dtype=np.int64)

    def note(self, values: Mapping[str, float]) -> None:
        """Close a week: write down what was measured in it."""
        at = self.weeks
        for name, value in values.items():
            self.columns[name][at] = value
        self.weeks += 1

    def recent_flow(self) -> NDArray[np.int64]:
        """Amount that passed each sector in the last 52 weeks. [S]"""
        return self.flow[max(0, self.weeks - YEAR) : self.weeks].sum(axis=0)

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
            return _share(seized, self.passed_on[window, self.codes.index(inside)].sum())
        if plain == "interception_rate":
            tail = f"[{inside}]" if inside else ""
            seized = self.columns[f"seized{tail}"][window].sum()
            return _share(seized, self.columns[f"delivered{tail}"][window].sum())
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


def _share(part: int, rest: int) -> float | None:
    return float(part / (part + rest)) if part + rest else None


def sectors_in_use(flow: NDArray[np.int64]) -> int:
    """Value of the indicator of that name for a flow by sector. [S]"""
    return places_of_most(flow, 0.8)
