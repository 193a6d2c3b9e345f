"""Measurement: what a week was like, in numbers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulation import kernels
from simulation.budget import CAPACITY, short_name
from simulation.indicators import ratio
from simulation.parameters import Parameters, instruments
from simulation.persons import OUTCOMES
from simulation.record import YEAR

if TYPE_CHECKING:
    from simulation.model import BorderModel

MILLION = 1e6


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
    kinds = len(record.commodities)
    at_end = np.zeros(kinds, dtype=np.int64)
    kernels.under_way(good, model.shipments.lane[:count], model.shipments.amount[:count], at_end)
    values: dict[str, Any] = {
        "produced": goods.produced,
        "delivered": goods.delivered,
        "seized": goods.seized_by.sum(axis=1),
        "lost": goods.lost,
        "in_transit": at_end,
        "market_price": ratio(
            np.bincount(model.market_good, model.markets.price * model.usual_quantity, kinds),
            model.usual_by_good,
        ),
        "trafficker_profit": model.profit,
        "delivered_through": through,
        "seized_by": goods.seized_by[head],
        "capability": model.capacity.capability,
    }
    for outcome in OUTCOMES if record.persons else ():
        values[f"persons_{outcome}"] = [
            model.tally[f"persons_{outcome}[{name}]"] for name in record.persons
        ]
    costs = weekly_costs(model)
    counted = {name: model.tally[name] for name in COUNTED}
    return (
        values | counted | _networks(model) | _institutions(model)
        | costs | {"cost_total": sum(costs.values())}
    )  # fmt: skip


COUNTED = (
    "networks_dismantled", "networks_failed", "networks_split", "arrests", "leaders_arrested",
    "operations", "joint_operations", "items_shared", "items_used", "items_leaked",
    "items_by_liaison", "predictions", "public_tips", "deployments", "interdictions_by_units",
    "ratifications", "reports_published", "covert_sales",
)  # fmt: skip


def _networks(model: "BorderModel") -> dict[str, Any]:
    active = model.networks.active
    at_large = model.members.filled.sum(axis=1)
    return {
        "networks_active": active.sum(),
        "members_total": at_large[active].sum(),
        "strength_mean": kernels.mean(at_large / model.trade.size, active),
        "concealment_mean": kernels.mean(model.race.concealment, active),
        "bribes_paid": model.bribes_paid,
    }


def _institutions(model: "BorderModel") -> dict[str, Any]:
    cooperation, rules = model.cooperation, model.parameters.governance
    members, among = cooperation.members, cooperation.among.ravel()
    parties = int((model.law.ratified & members).sum())
    misspent = model.received_musd * model.evaluation.misspent(model)
    return {
        "trust_mean": kernels.mean(cooperation.trust.ravel(), among),
        "method_mean": kernels.mean(model.race.method, members),
        "task_forces": len(model.task_forces.teams),
        "evidence_from_abroad": model.evidence_arrived,
        "pairs_ratified": _share(parties * (parties - 1), int(among.sum())),
        "legal_mean": kernels.mean(model.law.compatibility.ravel(), among),
        "effort_mean": kernels.mean(cooperation.effort, members),
        "will_mean": kernels.mean(model.will(), members),
        "distance_mean": kernels.mean(cooperation.distance.ravel(), among),
        "awareness": model.awareness.level,
        "analysis": model.hub_analysis.level,
        "corruption_mean": kernels.mean(model.integrity.by_country(rules), members),
        "funds_unabsorbed": model.unabsorbed_musd * MILLION / YEAR,
        "funds_misspent": float(misspent.sum()) * MILLION / YEAR,
        "budget_moved": model.moved_musd * MILLION,
    }


PROGRAMMES = {key: f"cost_{short_name(key)}" for key in instruments() if key != CAPACITY}


def weekly_costs(model: "BorderModel") -> dict[str, float]:
    """USD that the IGO and the agencies spend in a week, by instrument."""
    parameters, tally, budget = model.parameters, model.tally, model.coordinator.budget
    rules = parameters.costs
    fast = rules.fast_item_usd / (1 + parameters.intelligence.delay_weeks)
    costs = {name: budget[key] * MILLION / YEAR for key, name in PROGRAMMES.items()}
    return costs | {
        "cost_capacity": float(model.received_musd.sum()) * MILLION / YEAR,
        "cost_secretariat": rules.hub_musd_per_year * MILLION / YEAR
        * bool(model.cooperation.members.any()),
        "cost_items": tally["items_shared"] * (rules.item_usd + fast),
        "cost_operations": (tally["operations"] + tally["joint_operations"]) * rules.operation_usd,
        "cost_officers": model.officers_usd,
    }  # fmt: skip


def officers_cost(parameters: Parameters, stations: bool) -> float:
    """USD a week for officers, those at cyber stations too, and the countries' own training."""
    rules = parameters.operations
    return sum(
        (country.officers + stations * country.cyber_officers)
        * country.patrol_factor(rules.patrol_budget) * country.officer_usd_per_year
        + country.own_training_musd * MILLION
        for country in parameters.countries.values()
    ) / YEAR  # fmt: skip


def _share(part: int, whole: int) -> float:
    """Part of a whole, NaN of nothing."""
    return part / whole if whole else float("nan")
