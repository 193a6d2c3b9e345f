"""The command ``allocate``: a budget split among the coordinator's instruments."""

import argparse
import json
import sys
from math import isnan
from typing import TYPE_CHECKING, Any

from tocsin.commands.running import chosen, progress_bar, readable, say

if TYPE_CHECKING:
    from tocsin.experiments.methods.allocation import Allocation
    from tocsin.simulation.scenario.files import Scenario

SPLITS, REPLICATIONS, INDICATORS = 200, 20, "delivered,networks_dismantled"


def add_parser(commands: Any) -> None:
    """Add the command of this module."""
    one = commands.add_parser("allocate", help="compare splits of a budget")
    one.add_argument("scenario", metavar="SCENARIO", help="name of a shipped one, or a path")
    one.add_argument("--budget", type=float, required=True, metavar="M",
                     help="million USD a year, all instruments together")  # fmt: skip
    one.add_argument("--indicators", default=INDICATORS, metavar="A,B",
                     help=f"what the front is made of; default {INDICATORS}")  # fmt: skip
    one.add_argument("--splits", type=int, default=SPLITS, metavar="N",
                     help=f"splits that are tried, default {SPLITS}")  # fmt: skip
    one.add_argument("--replications", type=int, default=REPLICATIONS, metavar="N",
                     help=f"fresh seeds for the finalists, default {REPLICATIONS}")  # fmt: skip
    one.add_argument("--seed", type=int, default=0, metavar="N", help="default 0")
    one.add_argument("--workers", type=int, metavar="N", help="processes, default all processors")
    one.add_argument("--weeks", type=int, metavar="N", help="length, default as in the scenario")
    one.add_argument("--mechanism", action="append", default=[], metavar="NAME",
                     dest="mechanisms", help="an installed mechanism; repeatable")  # fmt: skip
    one.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="settings",
                     help="another value, as in capacity.lag_weeks=13; repeatable")  # fmt: skip
    one.add_argument("--json", action="store_true", help="print JSON instead of words")
    one.set_defaults(command=allocate_budget)


def allocate_budget(args: argparse.Namespace) -> int:
    """Compare splits and show the front."""
    from tocsin.experiments.methods.allocation import allocate, runs_needed
    from tocsin.experiments.running.replications import ReplicatedRuns
    from tocsin.simulation.errors import InputError
    from tocsin.simulation.run import check_seed

    scenario = chosen(args.scenario, args.settings, args.mechanisms)
    if args.weeks is not None:
        if args.weeks < 1:
            raise InputError(f"--weeks {args.weeks}: allowed is a whole number from 1.")
        scenario = scenario.with_length(args.weeks)
    check_seed(args.seed)
    indicators = tuple(name.strip() for name in args.indicators.split(","))
    with progress_bar("splits", runs_needed(args.splits, args.replications)) as progress:
        runs = ReplicatedRuns(args.workers, progress)
        found = allocate(scenario, args.budget, indicators, args.splits, args.replications,
                         args.seed, runs)  # fmt: skip
    if args.json:
        say(json.dumps({
            "scenario": found.scenario, "budget": found.budget, "left_out": list(found.left_out),
            "rounds": [list(one) for one in found.rounds], "best": found.best,
            "splits": [
                {"split": number, "money": {key: float(money) for key, money in row.items()},
                 "outcomes": [_without_nan(row) for row in found.table.to_dict("records")
                              if row["split"] == number]}
                for number, row in enumerate(found.splits.to_dict("records"))
            ],
        }))  # fmt: skip
        return 0
    say(in_words(found, scenario))
    for key in found.left_out:
        print(f"left out, because the scenario gives no mandate: {key}", file=sys.stderr)
    return 0


def _without_nan(row: dict[Any, Any]) -> dict[str, Any]:
    """A row as JSON has it: nothing where a value is undefined or needs no interval."""
    return {str(key): None if isinstance(value, float) and isnan(value) else value
            for key, value in row.items()}  # fmt: skip


def in_words(found: "Allocation", scenario: "Scenario") -> str:
    """The finalists for people: the front first, and what the others lack to the best split."""
    finals = found.rounds[-1]
    lines = [f"{found.budget:g} million USD a year for {found.scenario}: {found.rounds[0][0]} "
             f"splits tried, {finals[0]} of them measured with {finals[1]} fresh seeds over "
             f"{finals[2]} weeks, against the scenario as it is; intervals hold together, over all "
             "finalists and indicators, with 95 %"]  # fmt: skip
    rows: dict[int, list[dict[str, Any]]] = {}
    for row in found.table.to_dict("records"):
        rows.setdefault(row["split"], []).append(row)
    order = sorted(rows, key=lambda one: -found.signs[0] * rows[one][0]["difference"])
    front = [one for one in order if rows[one][0]["front"]]
    rest = [one for one in order if one not in front]
    names = ", ".join(found.indicators)
    place = {one: number for number, one in enumerate((*front, *rest), 1)}
    if front:
        lines.append(f"\non the front of {names}: {len(front)}")
    else:
        lines.append(f"\nno split beats the scenario itself in {names} beyond what chance gives "
                     f"among {finals[0]} finalists, so there is no front")  # fmt: skip
    lines += [line for one in front for line in _split(found, place, one, rows[one], scenario)]
    if rest:
        lines.append(f"\nother finalists, to which one of the front or the scenario itself is "
                     f"equal or better in {names}, by the means: {len(rest)}"
                     if front else f"\nfinalists: {len(rest)}")  # fmt: skip
        lines += [line for one in rest for line in _split(found, place, one, rows[one], scenario)]
    return "\n".join(lines)


def _split(
    found: "Allocation",
    place: dict[int, int],
    split: int,
    rows: list[dict[str, Any]],
    scenario: "Scenario",
) -> list[str]:
    """One split: where the money goes, and a line an indicator."""
    from tocsin.experiments.comparing.families import SET
    from tocsin.simulation.parameters import FUNDS

    of = {str(key): float(value) for key, value in found.splits.loc[split].items()}
    money = sorted(of.items(), key=lambda one: -one[1])
    said_money = (f"{key.removesuffix(FUNDS)} {value:g}" for key, value in money if value > 0)
    lines = [f"\n  {place[split]}  {', '.join(said_money)}"]
    for row in rows:
        name = row["indicator"]

        def said(key: str, name: str = name, row: dict[str, Any] = row) -> str:
            return readable(name, row[key], scenario).replace(" %", " points")

        change = said("difference")
        change = change if change.startswith("-") else f"+{change}"
        interval = "exact" if row["verdict"] == SET else f"[{said('low')}, {said('high')}]"
        line = f"     {name:22}  {change:>18}   {interval}  {row['verdict']}"
        if split != found.best:
            ends = f"[{said('behind_low')}, {said('behind_high')}]"
            ends = "exact" if row["behind_verdict"] == SET else ends
            line += f"   to split {place[found.best]}: {said('behind')} {ends}"
            line += f"  {row['behind_verdict']}"
        lines.append(line)
    return lines
