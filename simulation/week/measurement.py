"""Measurement: what a week was like, in numbers."""

import numpy as np
from tocsin.simulation import kernels
from tocsin.simulation.mechanisms.cooperation.budget import MILLION, YEAR
from tocsin.simulation.notes import Notes
from tocsin.simulation.world import World


def measure(world: World, notes: Notes) -> None:
    """Write down what a model was like in the week that ends."""
    record, trade, moved = world.record, world.trade, notes.moved
    lanes, good, at, count = trade.lanes, trade.lane_commodity, record.weeks, world.shipments.count
    rows = record.rows
    kernels.passing(record.head, good, lanes.place_lane, lanes.place_sector, moved.passed_amount,
                    record.flow[at])  # fmt: skip
    kernels.endings(
        record.head, good, lanes.start, lanes.entered, lanes.passed, lanes.left_at,
        moved.delivered_amount, moved.seizures.lane, moved.seizures.place, moved.seizures.amount,
        rows["delivered_through"][at], record.passed_on[at],
    )  # fmt: skip
    kernels.under_way(good, world.shipments.lane[:count], world.shipments.amount[:count],
                      rows["in_transit"][at])  # fmt: skip
    kernels.price_level(world.markets.good, world.markets.price, world.markets.usual_quantity,
                        rows["market_price"][at])  # fmt: skip
    record.market_price[at] = world.markets.price
    rows["trafficker_profit"][at] = notes.profit
    rows["capability"][at] = world.roster.mean(world.capacity.capability)
    numbers = _networks(world, notes) | _institutions(world, notes) | weekly_costs(world, notes)
    if world.mechanisms:
        record.check_counts(notes.week, notes.tally)
    record.note(notes.tally, numbers | notes.numbers if notes.numbers else numbers)


def _networks(world: World, notes: Notes) -> dict[str, float]:
    tally = notes.tally
    tally["networks_active"], tally["members_total"], strength, concealment = kernels.in_business(
        world.networks.active, world.members.filled, world.members.size, world.race.concealment
    )
    return {
        "strength_mean": strength,
        "concealment_mean": concealment,
        "bribes_paid": notes.bribes_paid,
    }


def _institutions(world: World, notes: Notes) -> dict[str, float]:
    cooperation, law, roster = world.cooperation, world.law, world.roster
    trust, legal, distance, parties, method, effort, will, corruption, misspent = (
        kernels.among_members(
            cooperation.members, roster.mean_between(cooperation.trust), law.compatibility,
            roster.mean_between(cooperation.distance), law.ratified,
            roster.mean(world.race.method), roster.mean(cooperation.effort), world.will(),
            world.integrity.by_country, world.capacity.received, world.misspent(),
        )
    )  # fmt: skip
    return {
        "trust_mean": trust,
        "method_mean": method,
        "task_forces": len(world.task_forces.teams),
        "evidence_from_abroad": notes.evidence_arrived,
        "pairs_ratified": parties,
        "legal_mean": legal,
        "effort_mean": effort,
        "will_mean": will,
        "distance_mean": distance,
        "awareness": world.awareness.level,
        "analysis": world.hub_analysis.level,
        "corruption_mean": corruption,
        "funds_unabsorbed": notes.unabsorbed * MILLION / YEAR,
        "funds_misspent": misspent * MILLION / YEAR,
        "budget_moved": notes.moved_musd * MILLION,
    }


def weekly_costs(world: World, notes: Notes) -> dict[str, float]:
    """USD that the IGO and the agencies spend in a week, by instrument and together."""
    tally, rules = notes.tally, world.parameters.costs
    fast = rules.fast_item_usd / (1 + world.parameters.intelligence.delay_weeks)
    costs = world.budget.costs | {
        "cost_capacity": float(np.add.reduce(world.capacity.received)) * MILLION / YEAR,
        "cost_secretariat": world.costs.secretariat_usd,
        "cost_items": tally["items_shared"] * (rules.item_usd + fast),
        "cost_operations": (tally["operations"] + tally["joint_operations"]) * rules.operation_usd,
        "cost_officers": world.costs.officers_usd,
    }
    if notes.numbers:
        costs |= {name: usd for name, usd in notes.numbers.items() if name.startswith("cost_")}
    return costs | {"cost_total": sum(costs.values())}
