"""The statement: the answer of a comparison in three sentences, written from its numbers.

The first says what changes and how sure that is, the second what it costs and who loses, the
third whether it holds under other assumptions. No sentence is kept in stock for an outcome that
is hoped for: every branch follows from a verdict or an interval.
"""

from math import isfinite

import numpy as np

from experiments.costs import effectiveness
from experiments.displacement import THROUGH, Balloon, balloon, by_country
from experiments.drawing import listed
from experiments.findings import Findings
from experiments.flips import FEWEST
from experiments.statistics import paired
from simulation.parameters import FUNDS
from simulation.parameters import table as parameter_table
from simulation.quantities import Quantity, digits, signed
from simulation.scenario import Scenario

MAIN = "delivered"
ASIDE = {
    "interception_rate": "the interception rate",
    "networks_dismantled": "networks dismantled",
    "trafficker_profit": "traffickers’ profit",
}  # fmt: skip
YEAR = 52
FEWEST_WORLDS = 10  # below, a share over worlds says nothing


def sentences(findings: Findings) -> tuple[str, str, str]:
    """What changes and how sure; at what price and for whom; under which assumptions."""
    return _effect(findings), _price(findings), _sturdiness(findings)


def label(key: str, scenario: Scenario | None = None) -> str:
    """A dotted key, or several, as people read it; other names stay as they are.

    With a scenario, countries have their names.
    """
    lead, colon, rest = key.partition(": ")
    if colon:
        return f"{lead}: {', '.join(label(one, scenario) for one in rest.split(', '))}"
    if " + " in key:
        return " + ".join(label(one, scenario) for one in key.split(" + "))
    *groups, row = key.split(".")
    words = row.removesuffix(FUNDS).removesuffix("_weeks").replace("_", " ")
    known = {} if scenario is None else scenario.parameters.countries
    if groups[:1] == ["countries"] and groups[-1] in known:
        groups = [known[groups[-1]].name]
    return f"{' '.join(groups)}: {words}" if groups else words


def percent(share: float) -> str:
    """A share as a percentage; what is not all is never written as 100."""
    if not isfinite(share):
        return "undefined"
    if 0 < share < 0.005:
        return "under 1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{100 * share:.0f} %"


def years(weeks: int) -> str:
    """A length of time in years if it is whole years, in weeks if not."""
    if weeks % YEAR:
        return f"{weeks} weeks"
    return "a year" if weeks == YEAR else f"{weeks // YEAR} years"


def quoted(scenario: Scenario) -> str:
    """The title in typographic quotes."""
    return f"“{scenario.title}”"


def _effect(findings: Findings) -> str:
    comparison = findings.comparison
    leader, base = comparison.scenario(findings.leader), comparison.base
    row = comparison.row(leader.name, MAIN)
    if row is None or row["verdict"] == "undefined":
        return f"Nothing can be said about what is delivered in {quoted(leader)}."
    quantity = Quantity.of(MAIN, base, abs(row["base"]))
    n, span = int(row["n"]), years(base.parameters.world.weeks)
    if row["verdict"] == "identical":
        return (f"{quoted(leader)} and {quoted(base)} come out the same in every one of {n} "
                f"pairs of runs: {quantity.level(row['base'])} delivered in {span}.")  # fmt: skip
    size = quantity.level(abs(row["difference"]))
    interval = _sized(row, quantity)
    if row["verdict"] == "within noise" and row["low"] * row["high"] > 0:
        less = "less" if row["difference"] < 0 else "more"
        return (f"In the best scenario, {quoted(leader)}, {size} {less} is delivered in {span} "
                f"than in {quoted(base)} ({interval}), but {n} pairs of runs are too few to call "
                "that clear beside so many other indicators.")  # fmt: skip
    if row["verdict"] == "within noise":
        found = quantity.level(comparison.detectable(leader.name, MAIN))
        return (f"No scenario brings down what is delivered by more than noise: for the best of "
                f"them, {quoted(leader)}, the difference to {quoted(base)} is "
                f"{quantity.difference(row['difference'])} in {span} ({interval}), and {n} pairs "
                f"of runs would have found a change of {found}.")  # fmt: skip
    share = f"{digits(abs(100 * row['relative']))} %" if isfinite(row["relative"]) else size
    if row["difference"] > 0:
        return (f"No scenario brings down what is delivered: the least bad of them, "
                f"{quoted(leader)}, raises it by {share} against {quoted(base)}, {size} in "
                f"{span} ({interval}; {n} pairs of runs).")  # fmt: skip
    return (f"{quoted(leader)} brings down what is delivered by {share} against {quoted(base)}"
            f"{_among(findings)}: {size} in {span} ({interval}), with less delivered in "
            f"{percent(row['probability_better'])} of {n} pairs of runs.")  # fmt: skip


def _among(findings: Findings) -> str:
    """Whether the best scenario is clearly ahead of the next one, if there are more than one."""
    comparison = findings.comparison
    rest = [one.name for one in comparison.others if one.name != findings.leader]
    if not rest:
        return ""
    means = {name: float(np.nanmean(comparison.values(name, MAIN))) for name in rest}
    second = min(means, key=lambda name: means[name])
    gap = paired(comparison.values(second, MAIN), comparison.values(findings.leader, MAIN))
    if gap.high < 0:
        return f", the most of the {len(comparison.others)} scenarios"
    return f", if not clearly more than {quoted(comparison.scenario(second))}"


def _sized(row: dict, quantity: Quantity) -> str:
    if not (isfinite(row["low"]) and isfinite(row["high"])):
        return "one pair has no interval"
    ends = sorted((row["low"], row["high"]), key=abs)
    same = row["low"] * row["high"] > 0
    low, high = (digits(quantity.scale * (abs(end) if same else end)) for end in ends)
    if not same:
        low, high = (digits(quantity.scale * row[key]) for key in ("low", "high"))
    return f"95 % interval {low} to {high} {quantity.unit}"


def _price(findings: Findings) -> str:
    comparison = findings.comparison
    leader, base = comparison.scenario(findings.leader), comparison.base
    cost = comparison.row(leader.name, "cost_total")
    added = float("nan") if cost is None else cost["difference"]
    dollars = Quantity.of("cost_total", base, abs(added))
    if cost is None or cost["verdict"] == "undefined":
        price = "Its cost is undefined"
    elif added == 0:
        price = "It costs the same"
    else:
        more = "more" if added > 0 else "less"
        price = f"It costs {dollars.level(abs(added))} {more}"
        price += " (within noise)" if cost["verdict"] == "within noise" else ""
    for one in effectiveness(comparison).to_dict("records"):
        if one["scenario"] != leader.name or one["measure"] != MAIN:
            continue
        if one["statement"] == "costs":
            price += f", which is {unit_price(findings, one['ratio'], one['low'], one['high'])}"
    return f"{price}; {_who(findings)}{_deaths(findings)}{_worse(findings)}."


def _deaths(findings: Findings) -> str:
    """Where people are smuggled: how many more or fewer die on the way."""
    base = findings.comparison.base
    row = findings.comparison.row(
        findings.leader, f"persons_died[{base.parameters.measurement.headline}]"
    )
    if row is None or not isfinite(row["difference"]) or not row["difference"]:
        return ""
    fewer = "fewer" if row["difference"] < 0 else "more"
    noise = " (within noise)" if row["verdict"] == "within noise" else ""
    return f"; {digits(abs(row['difference']))} {fewer} persons die on the way{noise}"


def _worse(findings: Findings) -> str:
    """What else gets clearly worse, so that a good headline does not hide it."""
    base, said = findings.comparison.base, []
    for key, name in ASIDE.items():
        row = findings.comparison.row(findings.leader, key)
        if row is not None and row["verdict"] == "clearly worse":
            quantity = Quantity.of(key, base, abs(row["base"]))
            change = quantity.difference(row["difference"])
            share = f", {signed(100 * row['relative'])} %" if isfinite(row["relative"]) else ""
            said.append(f"{name} ({change}{share})")
    return f"; clearly worse than before: {listed(said)}" if said else ""


def unit_price(findings: Findings, middle: float, low: float, high: float) -> str:
    """Cost per unit of delivered flow avoided, with its interval."""
    base = findings.comparison.base
    quantity = Quantity.amount(MAIN, base)
    per = 1 / quantity.scale
    return (f"{digits(middle * per)} USD ({digits(low * per)} to {digits(high * per)}) for each "
            f"{one_unit(base)} that is not delivered")  # fmt: skip


def one_unit(base: Scenario) -> str:
    """One unit of what is delivered, as in *for each kilogram*."""
    unit = Quantity.amount(MAIN, base).unit
    return {"kg": "kilogram", "persons": "person"}.get(unit, unit)


def _who(findings: Findings) -> str:
    """Who has more flow than before, and how much of it only moved."""
    comparison = findings.comparison
    leader = comparison.scenario(findings.leader)
    countries = leader.parameters.countries
    named: dict[str, list[str]] = {"clearly more": [], "clearly less": []}
    for row in by_country(comparison).to_dict("records"):
        if row["scenario"] == leader.name and row["measure"] == THROUGH:
            named.setdefault(row["verdict"], []).append(countries[row["place"]].name)
    worse, better = named["clearly more"], named["clearly less"]
    if worse:
        who = (
            f"{listed(worse)} {'has' if len(worse) == 1 else 'have'} clearly more flow than before"
        )
    elif better:
        who = "no country has clearly more flow than before"
    else:
        who = "no country's flow changes by more than noise"
    index = balloon(comparison, leader.name)
    return who if index is None else f"{who}, and {moved(index)}"


def moved(index: Balloon) -> str:
    """The balloon index in words."""
    if index.low <= 0 <= index.high:
        return (
            "no flow is seen to have moved elsewhere (balloon index " + balloon_words(index) + ")"
        )
    if index.index < 0:
        return f"places that gained flow by chance lost it again ({balloon_words(index)})"
    return (f"of each 100 units of flow that border sectors lost, {100 * index.index:.0f} turned "
            f"up at others (balloon index {balloon_words(index)})")  # fmt: skip


def balloon_words(index: Balloon) -> str:
    """The balloon index with its interval."""
    words = f"{index.index:.2f}, {index.low:.2f} to {index.high:.2f}"
    return words.replace("-", "\N{MINUS SIGN}")


def _sturdiness(findings: Findings) -> str:
    sturdy, comparison = findings.robustness, findings.comparison
    if sturdy is None:
        return "Whether this holds under other assumptions has not been examined."
    worlds = len(sturdy.worlds)
    if worlds < FEWEST_WORLDS:
        return (f"Whether this holds under other assumptions is not known: {worlds} worlds are too "
                "few to say.")  # fmt: skip
    leader, first = findings.leader, sturdy.ranking[0]
    beats = percent(sturdy.better_than_base()[leader])
    said = f"In {beats} of {worlds} worlds with other assumptions it delivers less than the base"
    if len(comparison.others) > 1:
        said += f", and in {percent(sturdy.best()[leader])} it is the best of all"
    it = "it" if first == leader else quoted(comparison.scenario(first))
    flips = int(sturdy.flips().sum())
    if not flips:
        return (f"{said}; no world was found in which another scenario is better than {it} (at "
                f"most {percent(sturdy.at_most())} of them, with 95 % confidence).")  # fmt: skip
    if sturdy.corner is None:
        those = f"{flips} world{'s' if flips > 1 else ''} in which another scenario is better"
        why = "follow no pattern beyond chance" if flips >= FEWEST else "too few for a pattern"
        return f"{said}; {'the ' if flips >= FEWEST else ''}{those} than {it} " + (
            f"{why}." if flips >= FEWEST else f"{'are' if flips > 1 else 'is'} {why}."
        )
    box, _ = sturdy.corner
    limits = [_limit(findings, key, *ends) for key, ends in box.limits.items()]
    return (f"{said}; another scenario is better than {it} mostly where {listed(limits)} (there "
            f"it happens in {percent(box.density)} of the worlds, and that corner holds "
            f"{percent(box.coverage)} of the {flips} such worlds).")  # fmt: skip


def _limit(findings: Findings, key: str, low: float, high: float) -> str:
    sturdy = findings.robustness
    drawn = np.array([low, high]) if sturdy is None else sturdy.worlds[key].to_numpy()
    unit = next((f" {row.unit}" for row in parameter_table() if row.key == key and row.unit), "")
    if high >= drawn.max():
        return f"{label(key)} is above {digits(low)}{unit}"
    if low <= drawn.min():
        return f"{label(key)} is below {digits(high)}{unit}"
    return f"{label(key)} is from {digits(low)} to {digits(high)}{unit}"
