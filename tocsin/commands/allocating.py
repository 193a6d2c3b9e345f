"""The command ``allocate``: the best split of a budget among the coordinator's instruments."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from tocsin.commands.running import chosen, progress_bar, readable

if TYPE_CHECKING:
    from experiments.allocation import Allocation
    from simulation.scenario import Scenario

SPLITS, REPLICATIONS, INDICATORS = 200, 20, "delivered,networks_dismantled"


def add_parser(commands: Any) -> None:
    """Add the command of this module."""
    one = commands.add_parser("allocate", help="find the best split of a budget")
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
    one.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="settings",
                     help="another value, as in capacity.lag_weeks=13; repeatable")  # fmt: skip
    one.add_argument("--json", action="store_true", help="print JSON instead of words")
    one.set_defaults(command=allocate_budget)


def allocate_budget(args: argparse.Namespace) -> int:
    """Compare splits and show the front."""
    from experiments.allocation import allocate, runs_needed
    from experiments.replications import Replications
    from simulation.errors import InputError

    scenario = chosen(args.scenario, args.settings)
    if args.weeks is not None:
        if args.weeks < 1:
            raise InputError(f"--weeks {args.weeks}: allowed is a whole number from 1.")
        scenario = scenario.with_length(args.weeks)
    if args.seed < 0:
        raise InputError(f"--seed {args.seed}: allowed is a whole number from 0.")
    indicators = tuple(name.strip() for name in args.indicators.split(","))
    with progress_bar("splits", runs_needed(args.splits, args.replications)) as progress:
        runs = Replications(args.workers, progress)
        found = allocate(scenario, args.budget, indicators, args.splits, args.replications,
                         args.seed, runs)  # fmt: skip
    if args.json:
        print(json.dumps({
            "scenario": found.scenario, "budget": found.budget, "left_out": list(found.left_out),
            "rounds": [list(one) for one in found.rounds],
            "splits": [
                {"split": number, "money": {key: float(money) for key, money in row.items()},
                 "outcomes": [row for row in found.table.to_dict("records")
                              if row["split"] == number]}
                for number, row in enumerate(found.splits.to_dict("records"))
            ],
        }))  # fmt: skip
        return 0
    print(in_words(found, scenario))
    for key in found.left_out:
        print(f"left out, because the scenario gives no mandate: {key}", file=sys.stderr)
    return 0


def in_words(found: "Allocation", scenario: "Scenario") -> str:
    """The front for people, the best in the first indicator on top."""
    tried, finals = found.rounds[0], found.rounds[-1]
    lines = [f"{found.budget:g} million USD a year for {found.scenario}: {tried[0]} splits, "
             f"{finals[0]} of them measured with {finals[1]} fresh seeds against the scenario as "
             "it is"]  # fmt: skip
    rows = found.table.to_dict("records")
    front = [row for row in rows if row["front"] and row["indicator"] == found.indicators[0]]
    front.sort(key=lambda row: -found.signs[0] * row["difference"])
    lines.append(f"on the front of {', '.join(found.indicators)}: {len(front)}\n")
    splits = found.splits.to_dict("records")
    for place, best in enumerate(front, 1):
        money = sorted(splits[best["split"]].items(), key=lambda one: -one[1])
        said = ", ".join(f"{key} {value:g}" for key, value in money if value > 0)
        lines.append(f"  {place}  {said}")
        for row in rows:
            if row["split"] != best["split"]:
                continue
            name = row["indicator"]
            change, low, high = (readable(name, row[key], scenario).replace(" %", " points")
                                 for key in ("difference", "low", "high"))  # fmt: skip
            change = change if change.startswith("-") else f"+{change}"
            lines.append(f"     {name:24}{change:>20}   [{low}, {high}]")
    return "\n".join(lines)
