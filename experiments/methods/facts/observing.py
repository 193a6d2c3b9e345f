"""What a check can see of one run: weekly columns, and what went through one corridor."""

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray
from tocsin.experiments.methods.facts.behaviour import Behaviour, Watcher
from tocsin.experiments.methods.facts.ladder import LATELY, Ladder, ladder
from tocsin.simulation.model import BorderModel
from tocsin.simulation.recording.periods import share_of, value_of
from tocsin.simulation.scenario.files import Scenario
from tocsin.simulation.steering import SteeredRun

COLUMNS = (
    "delivered", "seized", "produced", "members_total", "arrests", "networks_dismantled",
    "networks_failed", "capability_mean", "effort_mean", "market_price",
)  # fmt: skip
SETTLED = 104  # weeks after which sizes and counts of seizures are kept
LONG_RUN = 1040  # weeks from which a run is watched for its behaviour
LEAST = 100  # g; cases below are not in the published sizes


@dataclass(frozen=True)
class Observation:
    """One run of W weeks; amounts in the smallest unit of the headline commodity.

    Attributes
    ----------
    weekly
        Column by name, `COLUMNS` and those of countries, float64[W].
    corridor_delivered
        int64[W], delivered amount that had passed the corridor, once per shipment.
    corridor_seized, corridor_passed
        int64[W], amount seized in the corridor's sectors and let pass there.
    ended
        int64[N], week in which each network of the start ended, 0 if it did not.
    sizes
        Amounts of the seizures of 100 g and more after week 104.
    cases
        int64[C, W], seizures by country.
    ladder
        What networks expect to lose where, and what a unit has to earn.
    usual_price
        USD per unit by market.
    behaviour
        How the run looks as a whole; only of runs of twenty years and more.
    """

    weekly: dict[str, NDArray[np.float64]]
    corridor_delivered: NDArray[np.int64]
    corridor_seized: NDArray[np.int64]
    corridor_passed: NDArray[np.int64]
    ended: NDArray[np.int64]
    sizes: NDArray[np.int64]
    cases: NDArray[np.int64]
    ladder: Ladder
    usual_price: dict[str, float]
    behaviour: Behaviour | None

    def total(self, name: str, first: int = 1, last: int | None = None) -> float:
        """Sum of a column over weeks, both included."""
        return value_of(self.weekly[name][first - 1 : last], "total") or 0.0

    def mean(self, name: str, first: int = 1, last: int | None = None) -> float:
        """Mean of a column over weeks, both included."""
        found = value_of(self.weekly[name][first - 1 : last], "mean")
        return nan if found is None else found

    def rate(self, first: int = 1, last: int | None = None) -> float:
        """Interception rate over weeks."""
        seized, arrived = (self.total(name, first, last) for name in ("seized", "delivered"))
        found = share_of(seized, arrived)
        return nan if found is None else found


def observe(job: tuple[Scenario, int, tuple[str, ...]]) -> Observation:
    """Run (scenario, seed) and keep what checks need; the last entry is the corridor's sectors."""
    scenario, seed, corridor = job
    run = SteeredRun(scenario, seed, events=False)
    model, world = run.model, run.model.world
    weeks, codes = scenario.parameters.world.weeks, world.codes
    inside = np.array([world.sectors.ids.index(name) for name in corridor], dtype=int)
    via = crossing(model, inside) & world.of_headline()
    head = world.trade.commodities.index(scenario.parameters.measurement.headline)
    through, caught = np.zeros(weeks, dtype=np.int64), np.zeros(weeks, dtype=np.int64)
    cases = np.zeros((len(codes), weeks), dtype=np.int64)
    ended = np.zeros(len(world.trade.ids), dtype=np.int64)
    names = np.array(world.trade.ids, dtype=object)
    sizes: list[NDArray[np.int64]] = []
    lost = np.zeros(len(world.sectors.ids))
    watcher = Watcher(model, weeks) if weeks >= LONG_RUN else None
    for week in (done - 1 for done in run.weeks()):
        if watcher is not None:
            watcher.look()
        found = model.notes.found
        ours = found.commodity == head
        through[week] = model.notes.moved.delivered_amount[via].sum()
        caught[week] = found.amount[ours & np.isin(found.sector, inside)].sum()
        if week >= weeks - LATELY:
            lost += np.bincount(found.sector[ours], found.amount[ours], lost.size)
        cases[:, week] = np.bincount(found.country[ours], minlength=len(codes))
        gone = ~world.networks.active | (np.array(world.networks.names, dtype=object) != names)
        ended[gone & (ended == 0) & ~world.trade.dormant] = week + 1
        if week >= SETTLED:
            sizes.append(found.amount[ours & (found.amount >= LEAST)])
    columns = model.record.columns
    wanted = [*COLUMNS, *(f"delivered_through[{code}]" for code in codes),
              *(f"seized_by[{code}]" for code in codes),
              *(f"market_price[{name}]" for name in model.record.market_names),
              *(name for name in columns if name.startswith("persons_"))]  # fmt: skip
    return Observation(
        weekly={name: columns[name].astype(float) for name in wanted},
        corridor_delivered=through,
        corridor_seized=caught,
        corridor_passed=model.record.flow[:, inside].sum(axis=1),
        ended=ended,
        sizes=np.concatenate(sizes) if sizes else np.zeros(0, dtype=np.int64),
        cases=cases,
        ladder=ladder(model, lost),
        usual_price=dict(
            zip(model.record.market_names, world.markets.usual_price.tolist(), strict=True)
        ),
        behaviour=None if watcher is None else watcher.summary(),
    )


def crossing(model: BorderModel, sectors: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which lanes pass one of some sectors. [L]"""
    lanes = model.world.trade.lanes
    met = np.bincount(lanes.place_lane, np.isin(lanes.place_sector, sectors), lanes.start.size)
    return met > 0
