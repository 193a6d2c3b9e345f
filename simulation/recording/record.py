"""The record of a run: series of every indicator, and the end values that follow from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _
from tocsin.simulation.parameters import Commodity
from tocsin.simulation.recording.indicators import (
    INDICATORS,
    Indicator,
    indicator_of,
    market_names,
)
from tocsin.simulation.recording.indices import divergence, gini, places_of_most, ratio
from tocsin.simulation.recording.periods import share_of, value_of

YEAR = 52
# What is counted for the sake of other things.
ASIDE = ("assistance_requests", "assistance_weeks", "watches_on_tips")

Series = dict[str, NDArray[np.int64] | NDArray[np.float64]]


@dataclass
class Goods:
    """Amounts in the smallest unit, of one week or [weeks, ...] of all.

    Attributes
    ----------
    produced, delivered, lost
        int64[K], by commodity.
    seized_by
        int64[K, C], by country too.
    """

    produced: NDArray[np.int64]
    delivered: NDArray[np.int64]
    lost: NDArray[np.int64]
    seized_by: NDArray[np.int64]


class Record:
    """Series of one run, preallocated, and the flow by sector of every week.

    What is measured goes to the week's row of an array, and to no other place.

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
    indicators
        What is recorded, by name.

    Attributes
    ----------
    head
        Number of the headline commodity.
    counted
        Names of what is counted up in a week.
    uncounted
        Counters of a week in which nothing has happened.
    unmeasured
        What a mechanism from outside has measured, if it says nothing in a week: no cost, or NaN.
    goods
        Amounts of every week.
    rows
        [weeks, C] or [weeks, K] of every indicator that stands for each country or commodity.
    market_price
        float64[weeks, M], USD per unit at each market.
    flow, passed_on
        int64[weeks, S], int64[weeks, C], amount of the headline commodity.
    """

    def __init__(
        self,
        weeks: int,
        codes: tuple[str, ...],
        goods: Mapping[str, Commodity],
        headline: str,
        sectors: tuple[str, ...],
        from_week: int,
        indicators: Mapping[str, Indicator] = INDICATORS,
    ) -> None:
        self.codes = codes
        self.commodities = tuple(sorted(goods))
        self.head = self.commodities.index(headline)
        self.persons = tuple(name for name in self.commodities if goods[name].unit == "persons")
        self.sectors = sectors
        self.weeks = 0
        self._first = from_week if weeks > 2 * YEAR else 1
        self._indicators = indicators
        counted: list[str] = []
        measured: list[str] = []
        inside = {"country": len(codes), "commodity": len(self.commodities)}
        produced, delivered, lost = np.zeros((3, weeks, len(self.commodities)), dtype=np.int64)
        seized_by = np.zeros((weeks, len(self.commodities), len(codes)), dtype=np.int64)
        self.goods = Goods(produced, delivered, lost, seized_by)
        self.rows: Series = {"produced": produced, "delivered": delivered, "lost": lost}
        self._whole: list[str] = []  # of `rows`: counted by mechanisms, which may write anything
        self._later: Series = {}  # worked out when it is asked for
        for name, indicator in indicators.items():
            if indicator.per == "persons":
                if indicator.source == "counted":
                    counted += [f"{name}[{kind}]" for kind in self.persons]
            elif not indicator.per and indicator.source in ("counted", "measured"):
                (counted if indicator.source == "counted" else measured).append(name)
            elif name not in vars(self.goods):
                shape = (weeks, inside[indicator.per]) if indicator.per else (weeks,)
                empty = np.zeros(shape, np.int64) if indicator.whole else np.full(shape, np.nan)
                if name not in INDICATORS:
                    counts = indicator.source == "counted"
                    empty = np.full(shape, 0.0 if counts else np.nan)
                    self._whole += [name] * counts
                (self.rows if indicator.per else self._later)[name] = empty
        self.counted, self._measured = (*counted, *ASIDE), tuple(measured)
        self.uncounted = dict.fromkeys(self.counted, 0)
        self.unmeasured = {name: 0.0 if name.startswith("cost_") else np.nan
                           for name in measured if name not in INDICATORS}  # fmt: skip
        self._values = itemgetter(*measured)
        self._counts = np.zeros((weeks, len(self.counted)), dtype=np.int64)
        self._numbers = np.full((weeks, len(measured)), np.nan)
        self._derived = 0  # weeks for which that is done
        self.market_names = market_names(goods)
        self.market_price = np.full((weeks, len(self.market_names)), np.nan)
        self.flow = np.zeros((weeks, len(sectors)), dtype=np.int64)
        self.ages: list[tuple[int, int]] = []  # week of use, age
        self.watches: list[tuple[int, int, int]] = []  # week, begun by a received tip, hits
        self.passed_on = np.zeros((weeks, len(codes)), dtype=np.int64)

    def goods_of(self, week: int) -> Goods:
        """Rows of one week, to be added to."""
        at, goods = week - 1, self.goods
        return Goods(goods.produced[at], goods.delivered[at], goods.lost[at], goods.seized_by[at])

    def note(self, counts: Mapping[str, int], numbers: Mapping[str, float]) -> None:
        """Close a week.

        Parameters
        ----------
        counts
            How often or how many, by every name of `counted` in that order.
        numbers
            Value of each indicator by its name, apart from counts, from those that stand for each
            country or commodity, and from what follows from others.
        """
        self._counts[self.weeks] = [*counts.values()]
        self._numbers[self.weeks] = self._values(numbers)
        self.weeks += 1

    def check_counts(self, week: int, counts: Mapping[str, int]) -> None:
        """Raise InputError if a mechanism has counted in fractions."""
        for name, number in counts.items():
            if not float(number).is_integer():
                raise _fraction(name, number, week)

    def check_rows(self, week: int) -> None:
        """Raise InputError if a mechanism has counted in fractions in the rows of a week."""
        for name in self._whole:
            row = self.rows[name][week - 1]
            wrong = row[~(np.isfinite(row) & (row == np.floor(row)))]
            if wrong.size:
                raise _fraction(name, wrong[0], week)

    @property
    def columns(self) -> Series:
        """All weeks of every series by its name, in alphabetical order."""
        self._derive()
        found: Series = dict(zip(self.counted[: -len(ASIDE)], self._counts.T, strict=False))
        found |= dict(zip(self._measured, self._numbers.T, strict=True)) | self._later
        for name, rows in (self.rows | {"seized_by": self.goods.seized_by[:, self.head]}).items():
            plain = "interception_rate" if name == "country_interception_rate" else name
            by_country = self._indicators[name].per == "country"
            if name in self._whole:
                rows = rows.astype(np.int64)
            for inside, column in zip(
                self.codes if by_country else self.commodities, rows.T, strict=True
            ):
                found[f"{plain}[{inside}]"] = column
            if not by_country:
                found[plain] = rows[:, self.head]
        for name, column in zip(self.market_names, self.market_price.T, strict=True):
            found[f"market_price[{name}]"] = column
        for kind in self.persons:
            found[f"persons_started[{kind}]"] = found[f"produced[{kind}]"]
            found[f"persons_crossed[{kind}]"] = found[f"delivered[{kind}]"]
        return dict(sorted(found.items()))

    def last_year(self, name: str) -> NDArray[np.int64] | NDArray[np.float64]:
        """What a run itself looks at: the last 52 weeks of a series without brackets.

        It is one that is counted, measured or there for the headline commodity, or the mean
        capability.
        """
        year = slice(max(0, self.weeks - YEAR), self.weeks)
        if name in self.counted:
            return self._counts[year, self.counted.index(name)]
        if name in self._measured:
            return self._numbers[year, self._measured.index(name)]
        if name == "capability_mean":
            return self.rows["capability"][year].mean(axis=1)
        if name == "seized":
            return self.goods.seized_by[year, self.head].sum(axis=1)
        return self.rows[name][year, self.head]

    def _derive(self) -> None:
        """Work out what follows from other series, for the weeks since this was last done."""
        new = slice(self._derived, self.weeks)
        if new.start == new.stop:
            return
        rows, later = self.rows, self._later
        by_country = self.goods.seized_by[new]
        rows["seized"][new] = seized = by_country.sum(axis=2)
        rows["interception_rate"][new] = ratio(seized, seized + rows["delivered"][new])
        seized = by_country[:, self.head]
        rows["country_interception_rate"][new] = ratio(seized, seized + self.passed_on[new])
        skill = rows["capability"][new]
        later["capability_mean"][new] = skill.mean(axis=1)
        later["capability_gini"][new] = gini(skill)
        before = max(0, new.start - YEAR)
        until = np.cumsum(self.flow[before : new.stop], axis=0)
        until[YEAR:] -= until[:-YEAR].copy()
        later["sectors_in_use"][new] = places_of_most(until[new.start - before :])
        self._derived = self.weeks

    def state(self) -> Mapping[str, object]:
        """What was measured, without the room for the weeks to come."""
        weeks = slice(0, self.weeks)
        series = {name: column[weeks] for name, column in self.columns.items()}
        return series | {"flow": self.flow[weeks], "passed_on": self.passed_on[weeks],
                         "ages": self.ages, "watches": self.watches}  # fmt: skip

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
        """End value of every indicator; None where it is undefined.

        A total counts from week 1, everything else has the window of measurement.
        """
        whole, window = self.over([(1, self.weeks), (min(self._first, self.weeks + 1), self.weeks)])
        return {
            name: (whole if indicator_of(name).ending == "total" else window)[name]
            for name in whole
        }

    def over(
        self, periods: Sequence[tuple[int, int]], names: Iterable[str] | None = None
    ) -> list[dict[str, int | float | None]]:
        """Values of indicators over each period; None where one is undefined.

        Parameters
        ----------
        periods
            First and last week of each, both included, from 1.
        names
            Indicators; all by default.
        """
        columns = self.columns
        chosen = tuple(columns if names is None else names)
        return [
            {name: self._over(columns, name, slice(first - 1, min(last, self.weeks)))
             for name in chosen}
            for first, last in periods
        ]  # fmt: skip

    def _over(self, columns: Series, name: str, window: slice) -> int | float | None:
        indicator = indicator_of(name)
        if indicator.ending == "once":
            return self._once(columns, name, window)
        return value_of(columns[name][window], indicator.ending)

    def _once(self, columns: Series, name: str, window: slice) -> float | None:
        plain, _, inside = name.rstrip("]").partition("[")
        if plain == "interception_rate" and inside in self.codes:
            seized = columns[f"seized_by[{inside}]"][window].sum()
            return share_of(seized, self.passed_on[window, self.codes.index(inside)].sum())
        if plain == "interception_rate":
            tail = f"[{inside}]" if inside else ""
            seized, arrived = (columns[f"{what}{tail}"] for what in ("seized", "delivered"))
            return share_of(seized[window].sum(), arrived[window].sum())
        if plain == "assistance_weeks_mean":
            at = [self.counted.index(f"assistance_{what}") for what in ("requests", "weeks")]
            requests, weeks = self._counts[window, at].sum(axis=0)
            return float(weeks / requests) if requests else None
        if plain == "displacement":
            if window.stop < 3 * YEAR:
                return None
            recent = self.recent_flow(window.stop)
            value = divergence(recent, self.flow[YEAR : 2 * YEAR].sum(axis=0))
            return None if np.isnan(value) else value
        weeks = range(window.start + 1, window.stop + 1)
        if plain == "intelligence_age_at_use":
            ages = [age for week, age in self.ages if week in weeks]
            return float(np.median(ages)) if ages else None
        begun = sum(number for week, number, _ in self.watches if week in weeks)
        hits = sum(number for week, _, number in self.watches if week in weeks)
        return hits / begun if begun else None


def _fraction(name: str, number: float, week: int) -> InputError:
    return InputError(_(
        "indicator {name} = {number} in week {week}: what is counted is a whole number; declare it "
        "as measured instead.", name=repr(name), number=number, week=week,
    ))  # fmt: skip
