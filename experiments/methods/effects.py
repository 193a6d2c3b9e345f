"""Effects: what each thing that the coordinator does moves, by paired comparison.

``python -m tocsin.experiments.methods.effects`` runs every row of ``effects.toml`` and writes
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
from tocsin.experiments.comparing.families import SET
from tocsin.experiments.comparing.families import rows as judged
from tocsin.experiments.running.stream import run_all
from tocsin.simulation.recording.indicators import of_a_run
from tocsin.simulation.recording.quantities import Quantity, digits, signed
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import Scenario, load

COLUMNS = (
    "row", "what", "base", "other", "indicator", "unit", "expected", "base_value", "difference",
    "low", "high", "confidence", "detectable", "n", "outcome",
)  # fmt: skip
SIGN = {"up": 1, "down": -1}
AS_NAMED, OTHER_WAY = "as named", "the other way"
NONE = "none"


@dataclass(frozen=True)
class ExpectedEffect:
    """One comparison: two scenarios, and which way some indicators should go."""

    id: str
    what: str
    base: Scenario
    other: Scenario
    moves: Mapping[str, str]


def rows() -> list[ExpectedEffect]:
    """The rows of ``effects.toml``; raises InputError if one does not fit the scenarios."""
    text = (
        resources.files("tocsin.experiments.methods")
        .joinpath("effects.toml")
        .read_text(encoding="utf-8")
    )
    found = []
    for table in tomllib.loads(text)["row"]:
        for name in table["moves"]:
            of_a_run(name)
        base, other = (
            load(table[side]).with_(table.get(f"{side}_set", {})) for side in ("base", "other")
        )
        found.append(ExpectedEffect(table["id"], table["what"], base, other, table["moves"]))
    return found


def _ends(job: tuple[Scenario, int, tuple[str, ...]]) -> list[float]:
    scenario, seed, names = job
    ends = run(scenario, seed=seed, events=False).indicators
    return [np.nan if ends[name] is None else float(ends[name] or 0) for name in names]


def measure(
    row: ExpectedEffect, replications: int, progress: Callable[[int], None] | None = None
) -> list[dict[str, Any]]:
    """Run the pairs of a row; one record an indicator, in the units that people read.

    The intervals hold together, over all indicators of the row, with 95 %. An outcome says which
    way the whole interval lies; *likely* if only its own 95 % interval does.
    """
    names = tuple(row.moves)
    jobs = [(side, seed, names) for side in (row.base, row.other) for seed in range(replications)]
    values = np.array(run_all(_ends, jobs, None, progress)).reshape(2, replications, len(names))
    base, other = (dict(zip(names, side.T, strict=True)) for side in values)
    records = []
    for told in judged(base, {row.id: other}, names):
        name, unit = told["indicator"], _unit(row.base, told)
        shown = {key: told[key] * unit.scale
                 for key in ("base", "difference", "low", "high", "detectable")}  # fmt: skip
        records.append({
            "row": row.id, "what": row.what, "base": row.base.name, "other": row.other.name,
            "indicator": name, "unit": unit.unit, "expected": row.moves[name],
            "base_value": shown.pop("base"), **shown, "confidence": told["confidence"],
            "n": told["n"], "outcome": _outcome(told, SIGN[row.moves[name]]),
        })  # fmt: skip
    return records


def _unit(base: Scenario, told: Mapping[str, Any]) -> Quantity:
    """The unit of a record, which the larger of its two means chooses."""
    sizes = np.abs([told["base"], told["base"] + told["difference"]])
    return Quantity.of(told["indicator"], base, float(np.nanmax(sizes, initial=0.0)))


def _outcome(told: Mapping[str, Any], expected: int) -> str:
    """The verdict of a comparison, against the way that was expected."""
    way = AS_NAMED if np.sign(told["difference"]) == expected else OTHER_WAY
    verdict = str(told["verdict"])
    if verdict == SET:
        return f"{way}, {SET}"
    sure = verdict.partition(" ")[0]
    return {"clearly": way, "likely": f"likely {way}"}.get(sure, verdict)


def table_text(table: pd.DataFrame) -> str:
    """The measured table as Markdown."""
    pairs = ", ".join(str(n) for n in sorted(table["n"].unique()))
    lines = [
        "# What each thing that the coordinator does moves",
        "",
        f"Paired replications ({pairs} pairs, as far as an indicator is defined). The intervals of "
        "a row hold together with 95 %, and the outcome is read from them: *likely* says that "
        "only the indicator's own 95 % interval lies on one side of zero. *Detectable* is the "
        "smallest true difference that as many pairs find with 80 % power. The pairs stand in "
        "`experiments/methods/effects.toml`; `make effects` runs them again. What did not move as "
        "named is shown as it came out.",
        "",
        "| row | comparison | indicator | expected | base | difference | interval | detectable | "
        "outcome |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for record in table.to_dict(orient="records"):
        unit = record["unit"] if isinstance(record["unit"], str) else ""
        change = "points" if unit == "%" else unit
        ends = f"{signed(record['low'])} to {signed(record['high'])}"
        least = f"{digits(record['detectable'])} {change}".strip()
        cells = (
            record["row"], record["what"], f"`{record['indicator']}`", record["expected"],
            f"{digits(record['base_value'])} {unit}".strip(),
            f"{signed(record['difference'])} {change}".strip(),
            ends if np.isfinite(record["low"]) else NONE,
            least if record["detectable"] > 0 else NONE,
            record["outcome"],
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


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
