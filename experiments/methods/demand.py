"""Demand at which an untreated world settles at the price of its file.

A published price is one that was paid in the world as it was: with its seizures, its arrests and
what networks made of them. ``python -m tocsin.experiments.methods.demand SCENARIO...`` finds the
quantity that the markets of each commodity have to buy at that price
(``commodities.X.demand_per_year``), by running the scenario and answering what its price settles
at. Scenario files state it; what is derived from them inherits it, so that no policy changes what
people want to buy.
"""

import argparse
import sys
from collections.abc import Sequence

import numpy as np
from tocsin.experiments.running.stream import run_all
from tocsin.simulation.errors import InputError
from tocsin.simulation.parameters import Commodity
from tocsin.simulation.scenario.files import Scenario, load
from tocsin.simulation.steering import SteeredRun

WEEKS, SETTLED = 520, 104
SEEDS, ROUNDS = 6, 6
GAIN = 0.5  # answer of what is delivered to the price, beside that of demand
DIGITS = 3


def _settled(job: tuple[Scenario, int]) -> list[tuple[float, float]]:
    """Demand at the start, units a year, and mean relative price, by commodity."""
    scenario, seed = job
    run = SteeredRun(scenario, seed, events=False)
    markets = run.model.world.markets
    prices = [markets.price / markets.usual_price for week in run.weeks() if week > SETTLED]
    level = np.mean(prices, axis=0)
    found = []
    for number in range(len(run.model.world.trade.commodities)):
        own = markets.good == number
        usual = markets.usual_quantity[own]
        found.append((float(usual.sum()) * 52, float(np.average(level[own], weights=usual))))
    return found


def fitted(scenario: Scenario, seeds: int = SEEDS, rounds: int = ROUNDS) -> dict[str, float]:
    """Demand per year of each commodity at which its price settles at the usual one.

    Parameters
    ----------
    scenario
        The untreated world.
    seeds
        Runs of ten years in each round.
    rounds
        Times that the demand is corrected.
    """
    base = scenario.with_length(WEEKS)
    names = sorted(scenario.parameters.commodities)
    demand: dict[str, float] = {}
    for _ in range(rounds):
        trial = base.with_({f"commodities.{n}.demand_per_year": v for n, v in demand.items()})
        runs = np.array(run_all(_settled, [(trial, seed) for seed in range(seeds)]))
        for name, (usual, price) in zip(names, runs.mean(axis=0), strict=True):
            good: Commodity = scenario.parameters.commodities[name]
            demand[name] = float(usual * price ** (good.elasticity - GAIN))
    return {name: float(f"{value:.{DIGITS}g}") for name, value in demand.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print demand by scenario and commodity."""
    parser = argparse.ArgumentParser(
        prog="python -m tocsin.experiments.methods.demand", description=__doc__
    )
    parser.add_argument("scenarios", nargs="+", metavar="SCENARIO")
    try:
        for name in parser.parse_args(arguments).scenarios:
            for good, value in fitted(load(name)).items():
                print(f"{name}: commodities.{good}.demand_per_year = {value:.12g}", flush=True)
    except InputError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
