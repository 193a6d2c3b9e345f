"""Measurement: weekly columns of every indicator, and the end values that follow from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation.capacity import gini
from simulation.indicators import INDICATORS, divergence, indicator_of, places_of_most
from simulation.parameters import Parameters

if TYPE_CHECKING:
    from simulation.model import BorderModel

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
                    np.zeros(weeks, dtype=np.int64) if indicator.whole else np.full(weeks, np.nan)
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


@dataclass
class Goods:
    """Amounts of one week in the smallest unit, by commodity [K], and seized by country [K, C]."""

    produced: NDArray[np.int64]
    delivered: NDArray[np.int64]
    lost: NDArray[np.int64]
    seized_by: NDArray[np.int64]

    @classmethod
    def none(cls, commodities: int, countries: int) -> "Goods":
        """The beginning of a week."""
        first, second, third = (np.zeros(commodities, dtype=np.int64) for _ in range(3))
        return cls(first, second, third, np.zeros((commodities, countries), dtype=np.int64))


def weekly_values(model: "BorderModel") -> dict[str, Any]:
    """What a model has measured in the week that ends: values by name, NaN left out."""
    record, parameters, goods = model.record, model.parameters, model.goods
    at_end = np.zeros(len(record.commodities), dtype=np.int64)
    under_way = slice(0, model.shipments.count)
    network = model.trade.lanes.network[model.shipments.lane[under_way]]
    np.add.at(at_end, model.trade.commodity[network], model.shipments.amount[under_way])
    seized = goods.seized_by.sum(axis=1)
    of_market = [commodity for commodity, _ in model.trade.markets]
    usual = np.bincount(of_market, model.usual_kg, len(record.commodities))
    worth = np.bincount(of_market, model.markets.price * model.usual_kg, len(record.commodities))
    price = _ratio(worth, usual)
    rate = _ratio(seized, seized + goods.delivered)
    values: dict[str, Any] = {}
    for number, name in enumerate(record.commodities):
        of_one = {
            "produced": goods.produced[number],
            "delivered": goods.delivered[number],
            "seized": seized[number],
            "lost": goods.lost[number],
            "in_transit": at_end[number],
            "interception_rate": rate[number],
            "market_price": price[number],
        }
        for plain, value in of_one.items():
            values[f"{plain}[{name}]"] = value
            if name == record.headline:
                values[plain] = value
    head = record.commodities.index(record.headline)
    through = (
        model.moved.delivered_amount[model.of_headline]
        @ model.trade.lanes.entered[model.of_headline]
    )
    at_border = _ratio(
        goods.seized_by[head], goods.seized_by[head] + record.passed_on[model.week - 1]
    )
    skill = model.capacity.capability
    for number, code in enumerate(record.codes):
        values[f"delivered_through[{code}]"] = through[number]
        values[f"seized_by[{code}]"] = goods.seized_by[head, number]
        values[f"interception_rate[{code}]"] = at_border[number]
        values[f"capability[{code}]"] = skill[number]
    values |= {name: model.tally[name] for name in COUNTED}
    values |= {
        "trafficker_profit": model.profit,
        "networks_active": model.networks.active.sum(),
        "sectors_in_use": places_of_most(record.recent_flow(model.week)),
        "trust_mean": model.cooperation.mean_trust(),
        "capability_mean": skill.mean(),
        "capability_gini": gini(skill),
    }
    costs = weekly_costs(parameters, model.tally)
    return values | costs | {"cost_total": sum(costs.values())}


COUNTED = (
    "networks_dismantled", "networks_failed", "arrests", "operations", "items_shared", "items_used",
)  # fmt: skip


def weekly_costs(parameters: Parameters, tally: Mapping[str, int]) -> dict[str, float]:
    """USD that the IGO and the agencies spend in a week, by instrument."""
    rules, million = parameters.costs, 1e6
    members = any(country.member for country in parameters.countries.values())
    fast = rules.fast_item_usd / (1 + parameters.intelligence.delay_weeks)
    return {
        "cost_secretariat": rules.hub_musd_per_year * million / YEAR * members,
        "cost_capacity": parameters.capacity.funding_musd_per_year * million / YEAR * members,
        "cost_items": tally["items_shared"] * (rules.item_usd + fast),
        "cost_operations": tally["operations"] * rules.operation_usd,
        "cost_officers": sum(
            country.officers * parameters.operations.patrol_budget * country.officer_usd_per_year
            for country in parameters.countries.values()
        )
        / YEAR,
    }


def _ratio(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float64]:
    """Shares, NaN where there is nothing to share."""
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
