"""Measurement: what a week was like, in numbers."""

from typing import TYPE_CHECKING

import numpy as np

from simulation import kernels
from simulation.budget import MILLION, YEAR
from simulation.parameters import Parameters

if TYPE_CHECKING:
    from simulation.model import BorderModel


def measure(model: "BorderModel") -> None:
    """Write down what a model was like in the week that ends."""
    record, trade, moved = model.record, model.trade, model.moved
    lanes, good, at, count = trade.lanes, trade.lane_commodity, record.weeks, model.shipments.count
    rows = record.rows
    kernels.passing(record.head, good, lanes.place_lane, lanes.place_sector, moved.passed_amount,
                    record.flow[at])  # fmt: skip
    kernels.endings(
        record.head, good, lanes.start, lanes.entered, lanes.passed, lanes.left_at,
        moved.delivered_amount, moved.seizures.lane, moved.seizures.place, moved.seizures.amount,
        rows["delivered_through"][at], record.passed_on[at],
    )  # fmt: skip
    kernels.under_way(good, model.shipments.lane[:count], model.shipments.amount[:count],
                      rows["in_transit"][at])  # fmt: skip
    kernels.price_level(model.market_good, model.markets.price, model.usual_quantity,
                        rows["market_price"][at])  # fmt: skip
    record.market_price[at] = model.markets.price
    rows["trafficker_profit"][at] = model.profit
    rows["capability"][at] = model.capacity.capability
    numbers = _networks(model) | _institutions(model) | weekly_costs(model)
    record.note(model.tally, numbers)


def _networks(model: "BorderModel") -> dict[str, float]:
    tally = model.tally
    tally["networks_active"], tally["members_total"], strength, concealment = kernels.in_business(
        model.networks.active, model.members.filled, model.members.size, model.race.concealment
    )
    return {
        "strength_mean": strength,
        "concealment_mean": concealment,
        "bribes_paid": model.bribes_paid,
    }


def _institutions(model: "BorderModel") -> dict[str, float]:
    cooperation, law = model.cooperation, model.law
    trust, legal, distance, parties, method, effort, will, corruption, misspent = (
        kernels.among_members(
            cooperation.members, cooperation.trust, law.compatibility, cooperation.distance,
            law.ratified, model.race.method, cooperation.effort, model.will(),
            model.integrity.by_country, model.received_musd, model.evaluation.misspent(model),
        )
    )  # fmt: skip
    return {
        "trust_mean": trust,
        "method_mean": method,
        "task_forces": len(model.task_forces.teams),
        "evidence_from_abroad": model.evidence_arrived,
        "pairs_ratified": parties,
        "legal_mean": legal,
        "effort_mean": effort,
        "will_mean": will,
        "distance_mean": distance,
        "awareness": model.awareness.level,
        "analysis": model.hub_analysis.level,
        "corruption_mean": corruption,
        "funds_unabsorbed": model.unabsorbed_musd * MILLION / YEAR,
        "funds_misspent": misspent * MILLION / YEAR,
        "budget_moved": model.moved_musd * MILLION,
    }


def weekly_costs(model: "BorderModel") -> dict[str, float]:
    """USD that the IGO and the agencies spend in a week, by instrument and together."""
    tally, rules = model.tally, model.parameters.costs
    fast = rules.fast_item_usd / (1 + model.parameters.intelligence.delay_weeks)
    costs = model.coordinator.budget.costs | {
        "cost_capacity": float(np.add.reduce(model.received_musd)) * MILLION / YEAR,
        "cost_secretariat": model.secretariat_usd,
        "cost_items": tally["items_shared"] * (rules.item_usd + fast),
        "cost_operations": (tally["operations"] + tally["joint_operations"]) * rules.operation_usd,
        "cost_officers": model.officers_usd,
    }
    return costs | {"cost_total": sum(costs.values())}


def secretariat_cost(parameters: Parameters) -> float:
    """USD a week for the coordinator itself, which stands as long as it has members."""
    member = any(country.member for country in parameters.countries.values())
    return parameters.costs.hub_musd_per_year * MILLION / YEAR * member


def officers_cost(parameters: Parameters, stations: bool) -> float:
    """USD a week for officers, those at cyber stations too, and the countries' own training."""
    rules = parameters.operations
    return sum(
        (country.officers + stations * country.cyber_officers)
        * country.patrol_factor(rules.patrol_budget) * country.officer_usd_per_year
        + country.own_training_musd * MILLION
        for country in parameters.countries.values()
    ) / YEAR  # fmt: skip
