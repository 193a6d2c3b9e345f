"""The assumptions that decide the headline answers, as the screening of Meridian found them."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from tocsin.simulation.parameters import table
from tocsin.simulation.recording.indicators import indicator_of

FILE = Path(__file__).with_name("decisive.csv")
FIVE = 5
POLICIES = {
    "more_cooperation": "more cooperation", "faster_intelligence": "faster intelligence",
    "more_capacity": "more capacity building",
}  # fmt: skip
ANSWERED = ("delivered", "interception_rate", "networks_dismantled")  # what the screening looked at


@dataclass(frozen=True)
class Decisive:
    """One assumption that decides answers.

    Attributes
    ----------
    key, default, unit, low, high, source, meaning
        As in the table of parameters; the bounds are those of the table.
    policy, indicator
        The answer of which it decides most.
    total
        Part of the variance of that answer, beyond luck, that stays when all other candidates
        are known.
    reach
        Half of its 95 % interval.
    """

    key: str
    default: float
    unit: str
    low: float | None
    high: float | None
    source: str
    meaning: str
    policy: str
    indicator: str
    total: float
    reach: float

    @property
    def words(self) -> str:
        """The answer as people say it: the measure, what it changes, and a doubt if any."""
        doubt = "" if self.total > self.reach else ", may be chance"
        return f"{POLICIES[self.policy]}: {indicator_of(self.indicator).words}{doubt}"


def ranked(found: pd.DataFrame) -> pd.DataFrame:
    """Candidates by their mean total index over answers, with the answer that each decides most.

    An index counts as far as it exceeds the part of luck, and an answer as far as it is not
    luck: where luck makes up nearly all of the variance, indices say little.

    Parameters
    ----------
    found
        Rows of `tocsin.experiments.methods.screening.divided`.

    Returns
    -------
    assumption, answer, total (of that answer, beyond luck), reach (half of its 95 % interval),
    mean (over answers, as it counts).
    """
    beyond: dict[str, dict[str, float]] = {}
    counts: dict[str, dict[str, float]] = {}
    reach: dict[tuple[str, str], float] = {}
    for row in found.to_dict(orient="records"):
        key, answer, luck = str(row["assumption"]), str(row["answer"]), float(row["luck"])
        beyond.setdefault(key, {})[answer] = max(float(row["total"]) - luck, 0.0)
        reach[key, answer] = float(row["total_reach"])
        weight = max(1 - luck, 0.0)
        counts.setdefault(key, {})[answer] = weight * beyond[key][answer]
    rows: list[tuple[str, str, float, float, float]] = []
    for key, by_answer in counts.items():
        most = max(by_answer, key=lambda answer: by_answer[answer])
        mean = sum(by_answer.values()) / len(by_answer)
        rows.append((key, most, beyond[key][most], reach[key, most], mean))
    rows.sort(key=lambda row: -row[4])
    columns = ["assumption", "answer", "total", "reach", "mean"]
    return pd.DataFrame(rows, columns=pd.Index(columns))


def decisive() -> list[Decisive]:
    """The five most decisive assumptions, most decisive first, with their rows of the table."""
    rows = {row.key: row for row in table()}
    found: list[Decisive] = []
    for told in pd.read_csv(FILE).to_dict(orient="records"):
        row = rows[str(told["assumption"])]
        policy, indicator = str(told["answer"]).split(".")
        one = Decisive(
            row.key, float(row.default or 0), row.unit, row.low, row.high, row.source, row.meaning,
            policy, indicator, float(told["total"]), float(told["reach"]),
        )  # fmt: skip
        found.append(one)
    return found
