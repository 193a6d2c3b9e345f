"""The assumptions that decide the headline answers, as the screening of Meridian found them."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from simulation.parameters import table

FILE = Path(__file__).with_name("decisive.csv")
FIVE = 5
POLICIES = {
    "more_cooperation": "more cooperation", "faster_intelligence": "faster intelligence",
    "more_capacity": "more capacity building",
}  # fmt: skip
NAMES = {
    "delivered": "delivered", "interception_rate": "interception rate",
    "networks_dismantled": "networks dismantled",
}  # fmt: skip


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
        Part of the variance of that answer that stays when all other candidates are known.
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

    @property
    def words(self) -> str:
        """The answer as people say it: the measure, and what it changes."""
        return f"{POLICIES[self.policy]}: {NAMES[self.indicator]}"


def ranked(found: pd.DataFrame) -> pd.DataFrame:
    """Candidates by their mean total index over answers, with the answer that each decides most.

    Parameters
    ----------
    found
        Rows of `experiments.screening.divided`.

    Returns
    -------
    assumption, answer, total (of that answer), mean (over all answers); indices beyond luck.
    """
    beyond: dict[str, dict[str, float]] = {}
    for row in found.to_dict(orient="records"):
        index = max(float(row["total"]) - float(row["luck"]), 0.0)
        beyond.setdefault(str(row["assumption"]), {})[str(row["answer"])] = index
    rows: list[tuple[str, str, float, float]] = []
    for key, by_answer in beyond.items():
        most = max(by_answer, key=lambda answer: by_answer[answer])
        rows.append((key, most, by_answer[most], sum(by_answer.values()) / len(by_answer)))
    rows.sort(key=lambda row: -row[3])
    return pd.DataFrame(rows, columns=pd.Index(["assumption", "answer", "total", "mean"]))


def decisive() -> list[Decisive]:
    """The five most decisive assumptions, most decisive first, with their rows of the table."""
    rows = {row.key: row for row in table()}
    found: list[Decisive] = []
    for told in pd.read_csv(FILE).to_dict(orient="records"):
        row = rows[str(told["assumption"])]
        policy, indicator = str(told["answer"]).split(".")
        one = Decisive(
            row.key, float(row.default or 0), row.unit, row.low, row.high, row.source, row.meaning,
            policy, indicator, float(told["total"]),
        )  # fmt: skip
        found.append(one)
    return found
