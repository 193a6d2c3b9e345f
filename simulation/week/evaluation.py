"""The yearly cycle of the coordinator (M18): measure, audit, publish, move money, report."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import exp
from tocsin.simulation.mechanisms.cooperation.budget import (
    CAPACITY,
    EVALUATION,
    HARMONISATION,
    INTEGRITY,
)
from tocsin.simulation.mechanisms.cooperation.evaluation import AnnualReport
from tocsin.simulation.notes import Notes
from tocsin.simulation.parameters import short_name
from tocsin.simulation.randomness import keys_of
from tocsin.simulation.recording.indicators import indicator_of
from tocsin.simulation.recording.periods import share_of, value_of
from tocsin.simulation.world import World

YEAR = 52
# What the coordinator reports against its own targets.
TARGETS = (
    "delivered", "interception_rate", "networks_dismantled", "items_used", "trust_mean",
    "capability_mean",
)  # fmt: skip
DONE = (
    "operations", "joint_operations", "arrests", "items_shared", "items_used", "items_leaked",
    "deployments", "public_tips", "ratifications",
)  # fmt: skip


@dataclass(frozen=True)
class YearFindings:
    """What the coordinator finds at the end of a year.

    Attributes
    ----------
    funded
        Funds of the evaluation itself, million USD a year.
    spent
        Million USD by instrument.
    year
        Series of the year by indicator.
    results
        Indicator -> (value of the year, target or None in the first year, met or None).
    attained
        Share of the targets that were met; a half where there were none.
    misspent
        Million USD found by the audit, by country.
    estimates
        Estimated interdictions' worth per million USD by funded instrument; empty without funds
        for evaluation.
    """

    funded: float
    spent: dict[str, float]
    year: dict[str, NDArray[Any]]
    results: dict[str, tuple[float | None, float | None, bool | None]]
    attained: float
    misspent: dict[str, float]
    estimates: dict[str, float]


def measure(world: World) -> YearFindings:
    """Hold the year against its targets, audit what was spent, and estimate what it brought."""
    budget, own = world.budget, world.evaluation
    funded = budget[EVALUATION]
    spent = {key: budget[key] for key in budget.funded()}
    year = _year(world)
    values = _of_year(year)
    results = {
        name: _against(name, values[name], own.last.get(name), world.parameters.governance.ambition)
        for name in TARGETS
    }
    own.last = values
    misspent = _audit(world)
    met = [ok for _, _, ok in results.values() if ok is not None]
    return YearFindings(
        funded, spent, year, results, attained=float(np.mean(met)) if met else 0.5,
        misspent=misspent, estimates=_estimates(world, funded) if funded > 0 else {},
    )  # fmt: skip


def report(
    world: World, notes: Notes, findings: YearFindings, moved: tuple[str, str, float] | None
) -> None:
    """Publish what was found and what was moved: it changes trust, and what donors give."""
    rules, budget, own = world.parameters.governance, world.budget, world.evaluation
    if findings.funded > 0:
        attained = findings.attained
        world.cooperation.publish(rules.publication_trust * rules.transparency * attained)
        budget.raise_by(rules.donor_response * rules.transparency * (2 * attained - 1))
    done = {name: int(findings.year[name].sum()) for name in DONE}
    annual = AnnualReport(
        year=world.week // YEAR, done=done, results=findings.results, spent=findings.spent,
        effectiveness=findings.estimates, moved=moved, misspent_found=findings.misspent,
        lessons=_lessons(world, done, findings, moved),
    )  # fmt: skip
    own.reports.append(annual)
    budget.credit = dict.fromkeys(budget.credit, 0.0)
    published = findings.funded * rules.transparency
    notes.count("reports_published", int(published > 0))
    if moved is not None:
        notes.moved_musd = moved[2]
    world.log.record(f"report-{annual.year}", world.week, "report", "IGO",
                     amount=moved[2] if moved else 0.0)  # fmt: skip


def credit(world: World, notes: Notes, cases: NDArray[np.int64]) -> None:
    """What the week's interdictions [A] owe to programmes that work through agencies."""
    budget, roster = world.budget, world.roster
    trained, honest, closer = kernels.credit(
        cases, world.capacity.capability, world.capacity.baseline, world.profiles.corruption,
        roster.of_country(world.integrity.by_country),
        roster.between(world.cooperation.legal, 1.0),
        roster.between(world.law.compatibility, 1.0),
    )  # fmt: skip
    budget.earn(CAPACITY, trained)
    budget.earn(INTEGRITY, honest)
    budget.earn(HARMONISATION, notes.evidence_arrived * closer)


def _audit(world: World) -> dict[str, float]:
    rules = world.parameters.governance
    spent, own = world.capacity.received, world.evaluation
    misspent = world.misspent()
    own.found = rules.audit * misspent
    exposed = own.found / max(rules.misspending, 1e-9)  # relative to the worst there can be
    world.cooperation.expose(rules.publication_trust * rules.transparency * exposed)
    money = own.found * spent
    return {world.codes[n]: float(money[n]) for n in np.flatnonzero(money > 0).tolist()}


def _year(world: World) -> dict[str, NDArray[Any]]:
    """Series of the year that ends, as far as the coordinator looks at them."""
    names = {"seized", *TARGETS, *DONE} - {"interception_rate"}
    return {name: world.record.last_year(name) for name in names}


def _of_year(year: dict[str, NDArray[Any]]) -> dict[str, float | None]:
    """Value of each target's indicator over the year; trust as it stands when that ends."""
    values: dict[str, float | None] = {}
    for name in TARGETS:
        if name == "interception_rate":
            values[name] = share_of(year["seized"].sum(), year["delivered"].sum())
        else:
            weeks = year[name][-1:] if name == "trust_mean" else year[name]
            value = value_of(weeks, indicator_of(name).ending)
            values[name] = None if value is None else float(value)
    return values


def _against(
    name: str, value: float | None, last: float | None, ambition: float
) -> tuple[float | None, float | None, bool | None]:
    if value is None or last is None:
        return value, None, None
    more = indicator_of(name).direction == "up"
    target = last * (1 + ambition if more else 1 - ambition)
    return value, target, value >= target if more else value <= target


def _estimates(world: World, funded: float) -> dict[str, float]:
    """What each instrument brought for its money, with the noise of the evaluation."""
    budget = world.budget
    lines = [key for key in budget.funded() if key != EVALUATION]
    noise = world.streams.normal("evaluation", keys_of(lines), world.week)
    half = world.parameters.governance.evaluation_half_musd
    spread = half / (half + funded)
    return {
        key: budget.credit[key] / budget[key] * error
        for key, error in zip(lines, exp(spread * noise).tolist(), strict=True)
    }


def _lessons(
    world: World, done: dict[str, int], findings: YearFindings, moved: tuple[str, str, float] | None
) -> tuple[str, ...]:
    results, estimates, found = findings.results, findings.estimates, findings.misspent
    lessons: list[str] = []
    missed = [name for name, (_, _, ok) in results.items() if ok is False]
    if missed:
        lessons.append(f"Targets missed: {', '.join(name.replace('_', ' ') for name in missed)}.")
    if estimates:
        best = max(estimates, key=lambda key: estimates[key])
        lessons.append(f"Most for its money: {short_name(best).replace('_', ' ')}.")
    else:
        lessons.append("No funds for evaluation: nobody can say what worked.")
    if moved:
        lessons.append(f"{moved[2]:.1f} million USD a year move from "
                       f"{short_name(moved[0]).replace('_', ' ')} to "
                       f"{short_name(moved[1]).replace('_', ' ')}.")  # fmt: skip
    elif len(estimates) > 1 and world.parameters.governance.flexibility == 0:
        lessons.append("The framework is rigid: the split of the budget stays.")
    if found:
        worst = max(found, key=lambda code: found[code])
        lessons.append(f"Audit: {sum(found.values()):.2f} million USD misspent, most in "
                       f"{world.parameters.countries[worst].name}.")  # fmt: skip
    if done["items_leaked"]:
        lessons.append(f"{done['items_leaked']} shared items leaked.")
    return tuple(lessons)
