"""Measurement: weekly columns of every indicator, and the end values that follow from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulation import kernels
from simulation.budget import CAPACITY, short_name
from simulation.capacity import gini
from simulation.indicators import INDICATORS, divergence, indicator_of, places_of_most
from simulation.parameters import Commodity, instruments
from simulation.persons import OUTCOMES

if TYPE_CHECKING:
    from simulation.model import BorderModel

YEAR = 52
MILLION = 1e6


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
        self._values: dict[str, NDArray[np.int64] | NDArray[np.float64]] = {}  # [inside, weeks]
        for indicator in INDICATORS.values():
            shape = len(self._inside[indicator.per]), weeks
            empty = np.zeros(shape, np.int64) if indicator.whole else np.full(shape, np.nan)
            self._values[indicator.name] = empty
        self.flow = np.zeros((weeks, len(sectors)), dtype=np.int64)
        self.ages: list[tuple[int, int]] = []  # week of use, age
        self.watches: list[tuple[int, int, int]] = []  # week, begun by a received tip, hits
        self.assistance = np.zeros((weeks, 2), dtype=np.int64)  # requests, and weeks they take
        self.passed_on = np.zeros((weeks, len(codes)), dtype=np.int64)

    @property
    def columns(self) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
        """All weeks of every series by its name, in alphabetical order."""
        found: dict[str, NDArray[np.int64] | NDArray[np.float64]] = {}
        for name, rows in self._values.items():
            plain = name.removeprefix("country_")
            for inside, row in zip(self._inside[INDICATORS[name].per], rows, strict=True):
                found[f"{plain}[{inside}]" if inside else plain] = row
        return dict(sorted(found.items()))

    def note(self, values: Mapping[str, Any]) -> None:
        """Close a week: write down what was measured in it.

        A value of each indicator by its name; of one that stands for each country, commodity or
        kind of persons, as many in their order. Of commodities the plain name is the headline's.
        """
        at, head = self.weeks, self.commodities.index(self.headline)
        for name, value in values.items():
            column = self._values[name][:, at]
            if INDICATORS[name].per == "commodity":
                column[:-1], column[-1] = value, value[head]
            else:
                column[:] = value
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
    """What a model has measured in the week that ends, as :meth:`Record.note` takes it."""
    record, goods, lanes, moved = model.record, model.goods, model.trade.lanes, model.moved
    count, at, good = model.shipments.count, model.week - 1, model.trade.lane_commodity
    head = record.commodities.index(record.headline)
    passed_on, through = np.zeros((2, len(record.codes)), dtype=np.int64)
    kernels.passing(head, good, lanes.place_lane, lanes.place_sector, moved.passed_amount,
                    record.flow[at])  # fmt: skip
    kernels.endings(
        head, good, lanes.start, lanes.entered, lanes.passed, lanes.left_at,
        moved.delivered_amount, moved.seizures.lane, moved.seizures.place, moved.seizures.amount,
        through, passed_on,
    )  # fmt: skip
    record.passed_on[at] = passed_on
    at_end = np.zeros(len(record.commodities), dtype=np.int64)
    np.add.at(at_end, good[model.shipments.lane[:count]], model.shipments.amount[:count])
    seized, seized_there = goods.seized_by.sum(axis=1), goods.seized_by[head]
    kinds = [record.commodities.index(name) for name in record.persons]
    values: dict[str, Any] = {
        "produced": goods.produced,
        "delivered": goods.delivered,
        "seized": seized,
        "lost": goods.lost,
        "in_transit": at_end,
        "interception_rate": _ratio(seized, seized + goods.delivered),
        "market_price": _mean_prices(model),
        "trafficker_profit": model.profit,
        "delivered_through": through,
        "seized_by": seized_there,
        "country_interception_rate": _ratio(seized_there, seized_there + passed_on),
        "capability": model.capacity.capability,
        "persons_started": goods.produced[kinds],
        "persons_crossed": goods.delivered[kinds],
        "sectors_in_use": places_of_most(record.recent_flow(model.week)),
    }
    for outcome in OUTCOMES if kinds else ():
        values[f"persons_{outcome}"] = [
            model.tally[f"persons_{outcome}[{name}]"] for name in record.persons
        ]
    costs = weekly_costs(model)
    counted = {name: model.tally[name] for name in COUNTED}
    return (
        values | counted | _networks(model) | _institutions(model)
        | costs | {"cost_total": sum(costs.values())}
    )  # fmt: skip


def _mean_prices(model: "BorderModel") -> NDArray[np.float64]:
    """Price of each commodity, weighted by the usual quantity of its markets. [K]"""
    goods, of_market = len(model.record.commodities), [good for good, _ in model.trade.markets]
    usual = np.bincount(of_market, model.usual_quantity, goods)
    return _ratio(np.bincount(of_market, model.markets.price * model.usual_quantity, goods), usual)


COUNTED = (
    "networks_dismantled", "networks_failed", "networks_split", "arrests", "leaders_arrested",
    "operations", "joint_operations", "items_shared", "items_used", "items_leaked",
    "items_by_liaison", "predictions", "public_tips", "deployments", "interdictions_by_units",
    "ratifications", "reports_published", "covert_sales",
)  # fmt: skip


def _networks(model: "BorderModel") -> dict[str, Any]:
    active = model.networks.active
    at_large = model.members.present[active].sum(axis=1)
    return {
        "networks_active": active.sum(),
        "members_total": at_large.sum(),
        "strength_mean": _mean(at_large / model.trade.size[active]),
        "concealment_mean": _mean(model.race.concealment[active]),
        "bribes_paid": model.bribes_paid,
    }


def _institutions(model: "BorderModel") -> dict[str, Any]:
    skill, cooperation = model.capacity.capability, model.cooperation
    members = cooperation.members
    among = cooperation.among
    parties = model.law.ratified[:, None] & model.law.ratified[None, :]
    rules = model.parameters.governance
    received = model.received_musd
    return {
        "trust_mean": _mean(cooperation.trust[among]),
        "capability_mean": _mean(skill),
        "capability_gini": gini(skill),
        "method_mean": _mean(model.race.method[members]),
        "task_forces": len(model.task_forces.teams),
        "evidence_from_abroad": model.evidence_arrived,
        "pairs_ratified": _mean(parties[among].astype(float)),
        "legal_mean": _mean(model.law.compatibility[among]),
        "effort_mean": _mean(cooperation.effort[members]),
        "will_mean": _mean(model.will()[members]),
        "distance_mean": _mean(cooperation.distance[among]),
        "awareness": model.awareness.level,
        "analysis": model.hub_analysis.level,
        "corruption_mean": _mean(model.integrity.by_country(rules)[members]),
        "funds_unabsorbed": model.unabsorbed_musd * MILLION / YEAR,
        "funds_misspent": float((received * model.evaluation.misspent(model)).sum())
        * MILLION / YEAR,
        "budget_moved": model.moved_musd * MILLION,
    }  # fmt: skip


def weekly_costs(model: "BorderModel") -> dict[str, float]:
    """USD that the IGO and the agencies spend in a week, by instrument."""
    parameters, tally, budget = model.parameters, model.tally, model.coordinator.budget
    rules = parameters.costs
    fast = rules.fast_item_usd / (1 + parameters.intelligence.delay_weeks)
    costs = {
        f"cost_{short_name(key)}": budget[key] * MILLION / YEAR
        for key in instruments()
        if key != CAPACITY
    }
    return costs | {
        "cost_capacity": float(model.received_musd.sum()) * MILLION / YEAR,
        "cost_secretariat": rules.hub_musd_per_year * MILLION / YEAR
        * bool(model.cooperation.members.any()),
        "cost_items": tally["items_shared"] * (rules.item_usd + fast),
        "cost_operations": (tally["operations"] + tally["joint_operations"]) * rules.operation_usd,
        "cost_officers": sum(
            (country.officers + model.cyber * country.cyber_officers)
            * country.patrol_factor(parameters.operations.patrol_budget)
            * country.officer_usd_per_year
            + country.own_training_musd * MILLION
            for country in parameters.countries.values()
        )
        / YEAR,
    }  # fmt: skip


def _mean(values: NDArray[np.float64]) -> float:
    """Mean of a row of values, NaN of nothing; ndarray.mean, without its price for a few."""
    return float(np.add.reduce(values)) / values.size if values.size else float("nan")


def _ratio(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float64]:
    """Elementwise ratio, NaN where the whole is 0."""
    out = np.full(np.shape(whole), np.nan)
    return np.divide(part, whole, out=out, where=np.asarray(whole) > 0)
