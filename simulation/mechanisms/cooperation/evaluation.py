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

import numpy as np


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
    last
        Value of each target's indicator in the last year.
    """

    def __init__(self, countries: int) -> None:
        self.reports: list[AnnualReport] = []
        self.found = np.zeros(countries)
        self.last: dict[str, float | None] = {}
