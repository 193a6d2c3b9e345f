"""Effects: what each thing that the coordinator does moves, by paired comparison.

``python -m experiments.effects`` runs every row of ``effects.toml`` and writes
``docs/effects.csv``; the documentation makes a table of that file. A row that does not move what
it names stays in the table, with its interval.
"""

import argparse
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.engine import run_all
from experiments.statistics import holm, paired
from simulation.indicators import indicator_of
from simulation.run import run
from simulation.scenario import Scenario, load

COLUMNS = (
    "row", "what", "base", "other", "indicator", "expected", "base_value", "difference", "low",
    "high", "n", "outcome",
)  # fmt: skip
SIGN = {"up": 1, "down": -1}


@dataclass(frozen=True)
class Row:
    """One comparison: two scenarios, and which way some indicators should go."""

    id: str
    what: str
    base: Scenario
    other: Scenario
    moves: Mapping[str, str]


def rows() -> list[Row]:
    """The rows of ``effects.toml``; raises InputError if one does not fit the scenarios."""
    text = resources.files("experiments").joinpath("effects.toml").read_text(encoding="utf-8")
    found = []
    for table in tomllib.loads(text)["row"]:
        for name in table["moves"]:
            indicator_of(name)
        base, other = (
            load(table[side]).with_(table.get(f"{side}_set", {})) for side in ("base", "other")
        )
        found.append(Row(table["id"], table["what"], base, other, table["moves"]))
    return found


def _ends(job: tuple[Scenario, int, tuple[str, ...]]) -> list[float]:
    scenario, seed, names = job
    ends = run(scenario, seed=seed, events=False).indicators
    return [np.nan if ends[name] is None else float(ends[name] or 0) for name in names]


def measure(
    row: Row, replications: int, progress: Callable[[int], None] | None = None
) -> list[dict[str, Any]]:
    """Run the pairs of a row; one record an indicator, intervals at 95 %.

    The outcome is judged on p-values adjusted for the indicators of the row (Holm).
    """
    names = tuple(row.moves)
    jobs = [(side, seed, names) for side in (row.base, row.other) for seed in range(replications)]
    values = np.array(run_all(_ends, jobs, None, progress)).reshape(2, replications, len(names))
    results = [paired(values[0, :, at], values[1, :, at]) for at in range(len(names))]
    adjusted = holm([result.p for result in results])
    records = []
    for name, result, p in zip(names, results, adjusted, strict=True):
        expected = row.moves[name]
        clear = p < 0.05 and (result.low > 0 or result.high < 0)
        right = np.sign(result.difference) == SIGN[expected]
        outcome = "no clear effect" if not clear else "as named" if right else "the other way"
        records.append(dict(zip(COLUMNS, (
            row.id, row.what, row.base.name, row.other.name, name, expected, result.base,
            result.difference, result.low, result.high, result.n, outcome,
        ), strict=True)))  # fmt: skip
    return records


def table_text(table: pd.DataFrame) -> str:
    """The measured table as Markdown."""
    pairs = ", ".join(str(n) for n in sorted(table["n"].unique()))
    lines = [
        "# What each thing that the coordinator does moves",
        "",
        "*These figures were measured with version 0.1.0 of the model. What has changed since "
        "stands in the changelog under Unreleased; they have not been measured again.*",
        "",
        f"Paired replications ({pairs} pairs, as far as an indicator is defined), 95 % intervals, "
        "verdicts after Holm's correction within a row. The pairs stand in "
        "`experiments/effects.toml`; `make effects` runs them again. What did not move as named is "
        "shown as it came out.",
        "",
        "| row | comparison | indicator | expected | base | difference | 95 % interval | outcome |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for record in table.to_dict(orient="records"):
        numbers = [_readable(record[key]) for key in ("base_value", "difference", "low", "high")]
        lines.append(
            f"| {record['row']} | {record['what']} | `{record['indicator']}` | "
            f"{record['expected']} | {numbers[0]} | {numbers[1]} | {numbers[2]} to {numbers[3]} | "
            f"{record['outcome']} |"
        )
    return "\n".join(lines) + "\n"


def _readable(value: float) -> str:
    if value != value:
        return "undefined"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def main() -> None:
    """Run all rows, or those named, and write the table."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("rows", nargs="*", help="ids, such as S4; all by default")
    options.add_argument("--replications", type=int, default=50)
    options.add_argument("--out", type=Path, default=Path("docs/effects.csv"))
    chosen = options.parse_args()
    before = pd.read_csv(chosen.out) if chosen.out.exists() else pd.DataFrame(columns=list(COLUMNS))
    everything = rows()
    for row in everything:
        if chosen.rows and row.id not in chosen.rows:
            continue
        records = pd.DataFrame(measure(row, chosen.replications), columns=list(COLUMNS))
        kept = before.loc[before["row"] != row.id]
        before = records if kept.empty else pd.concat([kept, records], ignore_index=True)
        for record in records.to_dict(orient="records"):
            interval = f"[{record['low']:.4g}, {record['high']:.4g}]"
            print(f"{row.id:14} {record['indicator']:28} {record['difference']:+.4g} {interval} "
                  f"{record['outcome']}", flush=True)  # fmt: skip
        order = [one.id for one in everything]
        place = [order.index(name) for name in before["row"].tolist()]
        before = before.iloc[np.argsort(place, kind="stable")]
        before.to_csv(chosen.out, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
