"""Monitoring, evaluation and audit (M18): each year the coordinator looks at itself.

It measures its indicators against the targets it set, estimates what each instrument brought
about for its money (the better funded the evaluation, the less noise), publishes that as far as
it is transparent, and moves part of the budget towards what worked if its framework lets it. An
audit finds misspent funds, most where integrity is low; publication costs the spender trust and
part of the next funds, and makes misspending harder for a year. Without funds for evaluation
there is a report of activities, and nothing can be learnt from it. The books of a year close
with the last week but one.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulation import kernels
from simulation.budget import EVALUATION, short_name
from simulation.elementary import exp
from simulation.randomness import keys_of

if TYPE_CHECKING:
    from simulation.model import BorderModel

YEAR = 52
# Indicator -> whether more is better; what the coordinator reports against its own targets.
TARGETS = {
    "delivered": False, "interception_rate": True, "networks_dismantled": True,
    "items_used": True, "trust_mean": True, "capability_mean": True,
}  # fmt: skip
DONE = (
    "operations", "joint_operations", "arrests", "items_shared", "items_used", "items_leaked",
    "deployments", "public_tips", "ratifications",
)  # fmt: skip


@dataclass(frozen=True)
class AnnualReport:
    """What the coordinator reports on one year.

    Attributes
    ----------
    year
        From 1.
    done
        Count by activity.
    results
        Indicator -> (value of the year, target or None in the first year, met or None).
    spent
        Million USD by instrument.
    effectiveness
        Estimated interdictions' worth per million USD by funded instrument; empty without funds
        for evaluation.
    moved
        (from, to, million USD a year), None if nothing was moved.
    misspent_found
        Million USD found by the audit, by country.
    lessons
        Sentences.
    """

    year: int
    done: dict[str, int]
    results: dict[str, tuple[float | None, float | None, bool | None]]
    spent: dict[str, float]
    effectiveness: dict[str, float]
    moved: tuple[str, str, float] | None
    misspent_found: dict[str, float]
    lessons: tuple[str, ...]


class Evaluation:
    """The yearly cycle, and what audits have found in C countries.

    Attributes
    ----------
    reports
        One a finished year.
    found
        float64[C], share of last year's funds that an audit found misspent.
    """

    def __init__(self, countries: int) -> None:
        self.reports: list[AnnualReport] = []
        self.found = np.zeros(countries)
        self._last: dict[str, float | None] = {}

    def misspent(self, model: "BorderModel") -> NDArray[np.float64]:
        """Share of funds that each country misspends; less in the year after a finding. [C]"""
        share = np.empty(self.found.size)
        kernels.misspent(model.parameters.governance.misspending, model.integrity.by_country,
                         self.found, share)  # fmt: skip
        return share

    def hold(self, model: "BorderModel") -> None:
        """Close the year: measure, audit, publish, move money, report."""
        rules, coordinator = model.parameters.governance, model.coordinator
        budget = coordinator.budget
        funded = budget[EVALUATION]
        spent = {key: budget[key] for key in budget.funded()}
        year = _year(model)
        values = _of_year(year)
        results = {
            name: _against(values[name], self._last.get(name), more, rules.ambition)
            for name, more in TARGETS.items()
        }
        self._last = values
        found = self._audit(model)
        met = [ok for _, _, ok in results.values() if ok is not None]
        attained = float(np.mean(met)) if met else 0.5
        estimates: dict[str, float] = {}
        moved = None
        if funded > 0:
            estimates = _estimates(model, funded)
            moved = _move(model, estimates)
            model.cooperation.publish(rules.publication_trust * rules.transparency * attained)
            budget.raise_by(rules.donor_response * rules.transparency * (2 * attained - 1))
        done = {name: int(year[name].sum()) for name in DONE}
        report = AnnualReport(
            year=model.week // YEAR, done=done, results=results, spent=spent,
            effectiveness=estimates, moved=moved, misspent_found=found,
            lessons=_lessons(model, done, results, estimates, moved, found),
        )  # fmt: skip
        self.reports.append(report)
        budget.credit = dict.fromkeys(budget.credit, 0.0)
        published = funded * rules.transparency
        model.count("reports_published", int(published > 0))
        if moved is not None:
            model.moved_musd = moved[2]
        model.log.record(f"report-{report.year}", model.week, "report", "IGO",
                         amount=moved[2] if moved else 0.0)  # fmt: skip

    def _audit(self, model: "BorderModel") -> dict[str, float]:
        rules = model.parameters.governance
        spent = model.received_musd
        misspent = self.misspent(model)
        self.found = rules.audit * misspent
        exposed = self.found / max(rules.misspending, 1e-9)  # relative to the worst there can be
        model.cooperation.expose(rules.publication_trust * rules.transparency * exposed)
        money = self.found * spent
        return {model.codes[n]: float(money[n]) for n in np.flatnonzero(money > 0).tolist()}


def _year(model: "BorderModel") -> dict[str, NDArray[Any]]:
    """Series of the year that ends, as far as the coordinator looks at them."""
    names = {"seized", *TARGETS, *DONE} - {"interception_rate"}
    return {name: model.record.last_year(name) for name in names}


def _of_year(year: dict[str, NDArray[Any]]) -> dict[str, float | None]:
    """Value of each target's indicator over the year that ends."""
    values: dict[str, float | None] = {}
    for name in TARGETS:
        if name == "interception_rate":
            seized, arrived = year["seized"].sum(), year["delivered"].sum()
            values[name] = float(seized / (seized + arrived)) if seized + arrived else None
        elif name in ("trust_mean", "capability_mean"):
            last = year[name][-1]
            values[name] = None if np.isnan(last) else float(last)
        else:
            values[name] = float(year[name].sum())
    return values


def _against(
    value: float | None, last: float | None, more: bool, ambition: float
) -> tuple[float | None, float | None, bool | None]:
    if value is None or last is None:
        return value, None, None
    target = last * (1 + ambition if more else 1 - ambition)
    return value, target, value >= target if more else value <= target


def _estimates(model: "BorderModel", funded: float) -> dict[str, float]:
    """What each instrument brought for its money, with the noise of the evaluation."""
    budget = model.coordinator.budget
    lines = [key for key in budget.funded() if key != EVALUATION]
    noise = model.streams.normal("evaluation", keys_of(lines), model.week)
    half = model.parameters.governance.evaluation_half_musd
    spread = half / (half + funded)
    return {
        key: budget.credit[key] / budget[key] * error
        for key, error in zip(lines, exp(spread * noise).tolist(), strict=True)
    }


def _move(model: "BorderModel", estimates: dict[str, float]) -> tuple[str, str, float] | None:
    """Move money from what worked least to what worked best, as far as the framework allows."""
    share, budget = model.parameters.governance.flexibility, model.coordinator.budget
    if share == 0 or len(estimates) < 2:
        return None
    best = max(estimates, key=lambda key: estimates[key])
    worst = min(estimates, key=lambda key: estimates[key])
    if estimates[best] == estimates[worst]:
        return None
    amount = budget.move(worst, best, share * budget.total)
    return (worst, best, amount) if amount > 0 else None


def _lessons(
    model: "BorderModel",
    done: dict[str, int],
    results: dict[str, tuple[float | None, float | None, bool | None]],
    estimates: dict[str, float],
    moved: tuple[str, str, float] | None,
    found: dict[str, float],
) -> tuple[str, ...]:
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
    elif len(estimates) > 1 and model.parameters.governance.flexibility == 0:
        lessons.append("The framework is rigid: the split of the budget stays.")
    if found:
        worst = max(found, key=lambda code: found[code])
        lessons.append(f"Audit: {sum(found.values()):.2f} million USD misspent, most in "
                       f"{model.parameters.countries[worst].name}.")  # fmt: skip
    if done["items_leaked"]:
        lessons.append(f"{done['items_leaked']} shared items leaked.")
    return tuple(lessons)
