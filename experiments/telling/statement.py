"""The statement: the answer of a comparison in three sentences, written from its numbers.

The first says what changes and how sure that is, the second what it costs and who loses, the
third whether it holds under other assumptions. No sentence is kept in stock for an outcome that
is hoped for: every branch follows from a verdict or an interval.
"""

from math import isfinite

import numpy as np
from tocsin.experiments.comparing.costs import Step, against, effectiveness, frontier
from tocsin.experiments.comparing.displacement import THROUGH, Balloon, balloon, by_country
from tocsin.experiments.comparing.families import EXPLORATORY, SET, settled
from tocsin.experiments.telling.drawing import listed
from tocsin.experiments.telling.findings import Findings
from tocsin.experiments.unknowns.assumptions import row_of
from tocsin.experiments.unknowns.flips import FEWEST
from tocsin.experiments.unknowns.plausibility import discarded_words
from tocsin.experiments.unknowns.robustness import Robustness, Spread
from tocsin.simulation.parameters import FUNDS
from tocsin.simulation.recording.indicators import HEADLINES, indicator_of
from tocsin.simulation.recording.quantities import Quantity, digits, fixed, percent, signed
from tocsin.simulation.scenario.files import Scenario

MAIN = "delivered"
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
    elif groups[:1] == ["commodities"] and len(groups) > 1:
        groups = [groups[-1].replace("_", " ")]
    return f"{' '.join(groups)}: {words}" if groups else words


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
    sure = _how_sure(row)
    others = "".join(f"; {words}" for words in _others_down(findings, quantity))
    if sure == "likely":
        less = "less" if row["difference"] < 0 else "more"
        why = f"but {n} pairs of runs are too few to call that clear"
        if row["verdict"] == EXPLORATORY:
            why = "but this outcome is exploratory, because it was not declared as primary"
        return (f"In {quoted(leader)}{_which_leads(findings)} {size} {less} is delivered in {span} "
                f"than in {quoted(base)} ({interval}), {why}{others}.")  # fmt: skip
    if not sure:
        open_ = "it is exploratory" if row["verdict"] == EXPLORATORY else "it is not settled"
        change = (f"the difference to {quoted(base)} is {quantity.difference(row['difference'])} "
                  f"in {span} ({interval})")  # fmt: skip
        found = (
            f"{n} pairs of runs would have found a change of {quantity.level(row['detectable'])}"
        )
        lead = f"for {quoted(leader)}{_which_leads(findings)} {change}"
        if others:
            return f"{others[2:]}; {lead}, and {open_}: {found}."
        return f"No scenario is seen to bring down what is delivered: {lead}, and {found}."
    share = f"{digits(abs(100 * row['relative']))} %" if isfinite(row["relative"]) else size
    if row["difference"] > 0:
        return (f"No scenario brings down what is delivered: even {quoted(leader)}, which "
                f"delivers least of them, raises it by {share} against {quoted(base)}, {size} in "
                f"{span} ({interval}; {n} pairs of runs).")  # fmt: skip
    return (f"{quoted(leader)} brings down what is delivered by {share} against {quoted(base)}"
            f"{_among(findings)}: {size} in {span} ({interval}), with less delivered in "
            f"{_pairs_with_less(findings)} of {n} pairs of runs.")  # fmt: skip


def _how_sure(row: dict) -> str:
    """*clearly*, *likely* or nothing; an exploratory row is never more than likely."""
    if row["verdict"] == EXPLORATORY:
        return "likely" if row["low"] * row["high"] > 0 else ""
    if row["verdict"] == SET:
        return "clearly"
    word = row["verdict"].partition(" ")[0]
    return word if word in ("clearly", "likely") else ""


def _others_down(findings: Findings, quantity: Quantity) -> list[str]:
    """In words, which scenarios beside the leader are seen to bring down what is delivered."""
    comparison, found = findings.comparison, []
    for one in comparison.others:
        row = comparison.row(one.name, MAIN)
        if one.name == findings.leader or row is None or not row["difference"] < 0:
            continue
        sure = _how_sure(row)
        if not sure:
            continue
        adverb = "likely " if sure == "likely" and row["verdict"] != EXPLORATORY else ""
        aside = "; exploratory" if row["verdict"] == EXPLORATORY else ""
        what = "brings it down" if found else "brings down what is delivered"
        size = quantity.level(abs(row["difference"]))
        found.append(f"{quoted(one)} {adverb}{what} by {size} ({_sized(row, quantity)}{aside})")
    return found


def ties(findings: Findings) -> list[Scenario]:
    """Scenarios beside the leader that deliver as much as it, pair by pair or in the mean."""
    comparison = findings.comparison
    mine = float(np.nanmean(comparison.values(findings.leader, MAIN)))
    return [
        one
        for one in comparison.others
        if one.name != findings.leader
        and np.isclose(np.nanmean(comparison.values(one.name, MAIN)), mine, rtol=1e-11, atol=0)
    ]


def least_words(findings: Findings) -> str:
    """Why the figures of a report are those of the leader; a tie is said as a tie."""
    if tied := ties(findings):
        names = listed([quoted(one) for one in tied])
        return f"which delivers as little as {names} and is named first"
    return "the scenario with the least delivered"


def _which_leads(findings: Findings) -> str:
    """The same within a sentence; nothing of a single scenario."""
    if len(findings.comparison.others) == 1:
        return ""
    if tied := ties(findings):
        return f", which delivers as little as {listed([quoted(one) for one in tied])},"
    return ", which delivers least of them,"


def _among(findings: Findings) -> str:
    """Whether the leader is clearly ahead of all others, if there are more than one."""
    comparison = findings.comparison
    rest = [one.name for one in comparison.others if one.name != findings.leader]
    if not rest:
        return ""
    found = against(comparison, findings.leader)
    rows = {name: found[name, MAIN] for name in rest if (name, MAIN) in found}
    same = [name for name, row in rows.items() if row["verdict"] == "identical"]
    if same:
        names = listed([quoted(comparison.scenario(name)) for name in same])
        return f", as {'does' if len(same) == 1 else 'do'} {names} in every pair"
    near = [name for name, row in rows.items() if settled(row) <= 0]
    if not near:
        return f", the most of the {len(comparison.others)} scenarios"
    second = min(near, key=lambda name: rows[name]["difference"])
    return f", if not clearly more than {quoted(comparison.scenario(second))}"


def _pairs_with_less(findings: Findings) -> str:
    """In how many pairs the leader delivers less than the base; ties are said."""
    comparison = findings.comparison
    values = comparison.values(findings.leader, MAIN)
    gap = values - comparison.values(comparison.base.name, MAIN)
    less, same = int((gap < 0).sum()), int((gap == 0).sum())
    return f"{less} (as much in {same})" if same else str(less)


def _sized(row: dict, quantity: Quantity) -> str:
    if not (isfinite(row["low"]) and isfinite(row["high"])):
        return "no interval"
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
    elif cost["verdict"] == "identical":
        price = "It costs the same"
    elif settled(cost):
        more = "more" if added > 0 else "less"
        price = f"It costs {dollars.level(abs(added))} {more}"
        price += " (exploratory)" if cost["verdict"] == EXPLORATORY else ""
    else:
        open_ = "open (exploratory: " if cost["verdict"] == EXPLORATORY else "not settled ("
        price = (f"Whether it costs more or less is {open_}{dollars.difference(added)}, "
                 f"{_sized(cost, dollars)})")  # fmt: skip
    return f"{price}{_unit_cost(findings)}; {_who(findings)}{_deaths(findings)}{_worse(findings)}."


def _unit_cost(findings: Findings) -> str:
    """What each avoided unit costs, and what the last step to the leader adds."""
    comparison, leader = findings.comparison, findings.leader
    unit = one_unit(comparison.base)
    table = effectiveness(comparison)
    one = table[(table.scenario == leader) & (table.measure == MAIN)].iloc[0].to_dict()
    if one["statement"] == "no success":
        return (f", and the cost of each avoided {unit} cannot be given, because it is not clear "
                "that any is avoided")  # fmt: skip
    if one["statement"] in ("saves", "no cost"):
        return f", so each avoided {unit} costs nothing"
    if one["statement"] == "cost not settled":
        return f", so no price of an avoided {unit} can be given"
    words = f", which is {unit_price(findings, one['ratio'], one['low'], one['high'])}"
    return words + "".join(
        step_words(findings, step)
        for step in frontier(comparison)
        if step.scenario == leader and step.after != comparison.base.name
    )


def step_words(findings: Findings, step: Step) -> str:
    """The extra cost of one step up the efficient frontier."""
    comparison = findings.comparison
    before = quoted(comparison.scenario(step.after))
    if not isfinite(step.ratio):
        dollars = Quantity.of("cost_total", comparison.base, abs(step.cost))
        what = "what a further unit costs is not settled"
        what = what if step.avoids else "it is not clear that this avoids more"
        return (f"; that is {dollars.level(abs(step.cost))} more than {before} in the mean, and "
                f"{what}")  # fmt: skip
    per = 1 / Quantity.amount(MAIN, comparison.base).scale
    middle, low, high = (digits(per * one) for one in (step.ratio, step.low, step.high))
    return (f"; the last step, from {before}, costs {middle} USD ({low} to {high}) for each "
            f"further {one_unit(comparison.base)}")  # fmt: skip


def _deaths(findings: Findings) -> str:
    """Where people are smuggled: how many more or fewer die on the way."""
    base = findings.comparison.base
    row = findings.comparison.row(
        findings.leader, f"persons_died[{base.parameters.measurement.headline}]"
    )
    if row is None or not isfinite(row["difference"]) or not row["difference"]:
        return ""
    fewer = "fewer" if row["difference"] < 0 else "more"
    noise = "" if settled(row) else " (not settled)"
    noise = " (exploratory)" if row["verdict"] == EXPLORATORY else noise
    return f"; {digits(abs(row['difference']))} {fewer} persons die on the way{noise}"


def _worse(findings: Findings) -> str:
    """What else gets clearly worse, so that a good headline does not hide it."""
    base, said = findings.comparison.base, []
    for key in HEADLINES:
        one = indicator_of(key)
        if key == MAIN or one.group == "costs":
            continue  # the sentence has said what it delivers and costs
        row = findings.comparison.row(findings.leader, key)
        if row is not None and row["verdict"] == "clearly worse":
            quantity = Quantity.of(key, base, abs(row["base"]))
            change = quantity.difference(row["difference"])
            share = f", {signed(100 * row['relative'])} %" if isfinite(row["relative"]) else ""
            said.append(f"{one.words} ({change}{share})")
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
    named: dict[str, list[str]] = {}
    for row in by_country(comparison).to_dict("records"):
        if row["scenario"] == leader.name and row["measure"] == THROUGH:
            named.setdefault(row["verdict"], []).append(countries[row["place"]].name)
    clear, more = named.get("clearly more", []), named.get("more", [])
    parts = []
    if clear:
        parts.append(f"{listed(clear)} {'has' if len(clear) == 1 else 'have'} clearly more flow "
                     "than before")  # fmt: skip
    if more:
        parts.append(f"more flow than before is seen in {listed(more)} (exploratory)")
    if not parts and ("clearly less" in named or "less" in named):
        parts = ["no country is seen to have more flow than before"]
    who = ", and ".join(parts) or "for no country is a change of its flow seen beyond luck"
    if not set(comparison.base.grid.codes).intersection(leader.grid.codes):
        who = "no country is on both maps, so for none is a change of its flow known"
    index = balloon(comparison, leader.name)
    return who if index is None else f"{who}, and {moved(index)}"


def moved(index: Balloon) -> str:
    """The balloon index in words."""
    figure = f"(balloon index {balloon_words(index)})"
    if index.low <= 0 <= index.high:
        return f"no flow is seen to have moved elsewhere {figure}"
    if index.index < 0:
        return f"places that gained flow by chance lost it again {figure}"
    return (
        f"of each 100 units of flow that border sectors lost, {fixed(100 * index.index, 0)} "
        f"turned up at others {figure}"
    )


def balloon_words(index: Balloon) -> str:
    """The balloon index with its interval."""
    middle, low, high = (
        digits(one, 1) if 0 < abs(one) < 0.005 else fixed(one)
        for one in (index.index, index.low, index.high)
    )  # an end that is not zero is not written as zero
    return f"{middle}, {low} to {high}"


def _sturdiness(findings: Findings) -> str:
    sturdy, comparison = findings.robustness, findings.comparison
    if sturdy is None:
        why = next((note for note in findings.notes if note.startswith("robustness: ")), "")
        if why:
            return f"Whether this holds under other assumptions is not known: {why[12:]}"
        return "Whether this holds under other assumptions has not been examined."
    worlds = len(sturdy.worlds)
    if worlds < FEWEST_WORLDS:
        return (f"Whether this holds under other assumptions is not known: {worlds} plausible "
                f"worlds of {sturdy.drawn} drawn are too few to say.")  # fmt: skip
    leader = findings.leader
    better, equal, worse, _ = sturdy.against_base()[leader]
    out = discarded_words(sturdy.discarded)
    said = (f"In {better} of {worlds} plausible worlds with other assumptions it delivers less "
            f"than the base, in {equal} the same and in {worse} more ({sturdy.drawn} were drawn, "
            f"{sturdy.drawn - worlds} discarded{f': {out}' if out else ''}); "
            f"{_range(sturdy.relative_gain(leader))}{_unit_costs(findings, sturdy)}")  # fmt: skip
    if len(comparison.others) > 1:
        alone, tied = sturdy.first()[leader]
        ties = f" and ties for least in {tied}" if tied else ""
        said += f"; it delivers the least of all in {alone}{ties}"
    return f"{said}; {_flips(findings, sturdy)}."


def _range(spread: Spread) -> str:
    """The range of the effect over worlds in words."""

    def less(gain: float) -> str:
        return f"{digits(abs(100 * gain))} % {'more' if gain < 0 else 'less'}"

    return (f"the effect runs from {less(spread.high)} to {less(spread.low)}, with "
            f"{less(spread.middle)} in the median")  # fmt: skip


def _unit_costs(findings: Findings, sturdy: Robustness) -> str:
    """The cost of each avoided unit over worlds in words."""
    spread, base = sturdy.unit_cost(findings.leader), findings.comparison.base
    if not spread.worlds:
        return ""
    per = 1 / Quantity.amount(MAIN, base).scale
    low, middle, high = (digits(per * one) for one in spread[:3])
    return (f"; where it avoids something, in {spread.worlds} worlds, each avoided "
            f"{one_unit(base)} costs {middle} USD in the median ({low} to {high})")  # fmt: skip


def _flips(findings: Findings, sturdy: Robustness) -> str:
    """In which worlds another scenario delivers less than the first one."""
    first = sturdy.ranking[0]
    it = "it" if first == findings.leader else quoted(findings.comparison.scenario(first))
    flips = int(sturdy.flips().sum())
    if not flips:
        return (f"no world was found in which another scenario delivers less than {it} (at most "
                f"{percent(sturdy.at_most())} of them, with 95 % confidence)")  # fmt: skip
    many = flips > 1
    if flips < FEWEST:
        return (f"the {flips} world{'s' if many else ''} in which another scenario delivers less "
                f"than {it} {'are' if many else 'is'} too few for a pattern")  # fmt: skip
    if sturdy.corner is None:
        return (f"the {flips} worlds in which another scenario delivers less than {it} follow no "
                "pattern beyond chance")  # fmt: skip
    box, _ = sturdy.corner
    inside = box.holds(sturdy.worlds)
    limits = [_limit(findings, key, *ends) for key, ends in box.limits.items()]
    return (f"another scenario delivers less than {it} in {flips} worlds, mostly where "
            f"{listed(limits)} ({int(inside.sum())} worlds lie there, and it happens in "
            f"{int((inside & sturdy.flips()).sum())} of them)")  # fmt: skip


def _limit(findings: Findings, key: str, low: float, high: float) -> str:
    sturdy = findings.robustness
    drawn = np.array([low, high]) if sturdy is None else sturdy.worlds[key].to_numpy()
    unit = row_of(key).unit
    unit, name = f" {unit}" if unit else "", label(key, findings.comparison.base)
    if high >= drawn.max():
        return f"{name} is above {digits(low)}{unit}"
    if low <= drawn.min():
        return f"{name} is below {digits(high)}{unit}"
    return f"{name} is from {digits(low)} to {digits(high)}{unit}"
