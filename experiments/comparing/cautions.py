"""Cautions: what a user must know about a file or its runs before reading an answer.

A run can be well formed and still say little: nobody is ever arrested, the trade is bankrupt, the
price is far from the one in the file, or loads are so few that chance decides. Each caution is
one sentence. Those of `of_file` follow from the file alone, those of `of_runs` from end values.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from tocsin.experiments.comparing.comparison import Comparison
from tocsin.simulation.messages import _
from tocsin.simulation.recording.quantities import Quantity, plain
from tocsin.simulation.scenario.files import Scenario

YEAR = 52
FEW_LOADS = 52  # assumption: one a week from each network; on Meridian arrests end below it
QUIET_YEARS = 2.0  # assumption: by then a case can be made, and silence means something
BANKRUPT = 0.05  # assumption: more bankruptcies than that, a network and year, shape the trade
PRICE = 1.5  # assumption: a price further from the one in the file, as a factor, is another market


def of_file(scenario: Scenario) -> list[str]:
    """What follows from the values of a scenario without a run."""
    return [*_loads(scenario), *_other_goods(scenario)]


def of_runs(
    scenario: Scenario, ends: Sequence[Mapping[str, Any]], weeks: int, so_far: bool = False
) -> list[str]:
    """What the runs of one scenario show.

    Parameters
    ----------
    ends
        End values of the indicators, one mapping a run; None where undefined.
    weeks
        Length of the runs.
    so_far
        Whether they still go on, so that their end is only the present week.
    """
    found = (
        _arrests(scenario, ends, weeks),
        _business(ends, so_far),
        _bankrupt(scenario, ends, weeks),
        *(_price(name, scenario, ends) for name in scenario.parameters.commodities),
    )
    return [caution for caution in found if caution]


def of_comparison(comparison: Comparison) -> list[str]:
    """Cautions about all scenarios of a comparison; those of one alone begin with its name."""
    said: dict[str, list[str]] = {}
    known = comparison.known()
    for one in comparison.scenarios:
        ends = [known[one.digest, seed] for seed in comparison.seeds]
        weeks = one.parameters.world.weeks
        for caution in (*of_file(one), *of_runs(one, ends, weeks)):
            said.setdefault(caution, []).append(one.name)
    return [
        *_not_judged(comparison),
        *(
            caution if len(names) == len(comparison.scenarios) else f"{', '.join(names)}: {caution}"
            for caution, names in said.items()
        ),
    ]


def _not_judged(comparison: Comparison) -> list[str]:
    """Declared outcomes that not all scenarios measure: a mechanism is not in all of them."""
    there = comparison.outcomes.groupby("scenario").indicator.agg(set)
    found = []
    for name in comparison.primary:
        without = [one.name for one in comparison.scenarios if name not in there[one.name]]
        if without:
            found.append(_("{name} is declared as primary, but is not judged: it is not measured "
                           "in {without}.", name=name, without=", ".join(without)))  # fmt: skip
    return found


def _loads(scenario: Scenario) -> list[str]:
    """Goods of which a network carries so few loads that there is hardly any evidence."""
    goods, networks = scenario.parameters.commodities, scenario.parameters.world.networks
    share = networks / len(goods)
    found = []
    for name, good in goods.items():
        loads = good.supply_per_year / good.shipment_size
        if loads < FEW_LOADS * share:
            found.append(
                f"{name} moves in about {plain(loads, 3)} loads a year, {plain(loads / share, 3)} "
                f"from each network: few are seized, there is hardly any evidence against a "
                f"network, and chance decides (fewer than {FEW_LOADS} from each are few)."
            )
    return found


def _other_goods(scenario: Scenario) -> list[str]:
    headline = scenario.parameters.measurement.headline
    others = [name for name in scenario.parameters.commodities if name != headline]
    if not others:
        return []
    rows = ", ".join(f"delivered[{name}]" for name in others)
    return [f"the statement and all plain indicators speak of {headline} only; for "
            f"{', '.join(others)} see {rows}."]  # fmt: skip


def _arrests(scenario: Scenario, ends: Sequence[Mapping[str, Any]], weeks: int) -> str:
    if weeks < QUIET_YEARS * YEAR or any(end["arrests"] for end in ends):
        return ""
    return (f"nobody is arrested in {plain(weeks / YEAR, 3)} years{_in_all(ends)}, so levers that "
            "work through evidence have nothing to work on.")  # fmt: skip


def _business(ends: Sequence[Mapping[str, Any]], so_far: bool) -> str:
    idle = sum(end["networks_active"] == 0 for end in ends)
    if not idle:
        return ""
    when = "in this week" if so_far else "at the end"
    return f"no network is in business {when}{_in_all(ends, idle)}."


def _bankrupt(scenario: Scenario, ends: Sequence[Mapping[str, Any]], weeks: int) -> str:
    networks = scenario.parameters.world.networks
    failed = float(np.mean([end["networks_failed"] for end in ends]))
    if failed < 1 or failed < BANKRUPT * networks * weeks / YEAR:
        return ""
    mean = " in the mean of the runs" if len(ends) > 1 else ""
    return (f"{plain(failed, 3)} networks go bankrupt{mean}, where {networks} began: the "
            "trade does not pay with these prices, costs and risks.")  # fmt: skip


def _price(name: str, scenario: Scenario, ends: Sequence[Mapping[str, Any]]) -> str:
    usual = scenario.parameters.commodities[name].market_price
    defined = [end[key] for end in ends if end.get(key := f"market_price[{name}]") is not None]
    if not defined or not usual:
        return ""
    price = float(np.mean(defined))
    if usual / PRICE <= price <= usual * PRICE:
        return ""
    found, stated = (Quantity.of(f"market_price[{name}]", scenario).level(one)
                     for one in (price, usual))  # fmt: skip
    return (f"the price of {name} is {found}, {plain(price / usual, 3)} times the {stated} of the "
            f"file (within a factor of {PRICE:g} nothing is said).")  # fmt: skip


def _in_all(ends: Sequence[Mapping[str, Any]], number: int | None = None) -> str:
    if len(ends) == 1:
        return ""
    if number is None or number == len(ends):
        return f" in any of {len(ends)} runs" if number is None else f" in all {len(ends)} runs"
    return f" in {number} of {len(ends)} runs"
