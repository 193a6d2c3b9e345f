"""The command ``compare``."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from tocsin.commands.running import add_common, chosen, progress_bar, readable

if TYPE_CHECKING:
    from experiments.comparison import Comparison


def add_parser(commands: Any) -> None:
    """Add the command of this module."""
    one = commands.add_parser("compare", help="compare scenarios with a base, pair by pair")
    one.add_argument("base", metavar="BASE", help="name of a shipped scenario, or a path")
    one.add_argument("others", nargs="+", metavar="OTHER")
    one.add_argument("--replications", type=int, default=30, metavar="N", help="default 30")
    one.add_argument("--seed", type=int, default=0, metavar="N",
                     help="replication k has seed N + k; default 0")  # fmt: skip
    one.add_argument("--workers", type=int, metavar="N", help="processes, default all processors")
    add_common(one)
    one.set_defaults(command=compare_them)


def compare_them(args: argparse.Namespace) -> int:
    """Compare, say what differs, and write it if asked."""
    from experiments.comparison import compare
    from experiments.output import whole_folder, write_comparison

    scenarios = [chosen(name, args.settings) for name in (args.base, *args.others)]
    runs = args.replications * len(scenarios)
    with progress_bar(f"{runs} runs", runs) as progress:
        comparison = compare(
            scenarios, args.replications, args.seed, args.weeks, args.workers, progress
        )
    if args.out is not None:
        from experiments.figures import effects, save

        with whole_folder(args.out) as folder:
            write_comparison(comparison, folder)
            save(effects(comparison), folder / "effects.png")
    if args.json:
        print(json.dumps(comparison.rows()))
        return 0
    print(in_words(comparison))
    if args.out is not None:
        print(f"table, outcomes, figure and manifest are in {args.out}", file=sys.stderr)
    return 0


def in_words(comparison: "Comparison", only: tuple[str, ...] | None = None) -> str:
    """The table for people: one block a scenario, one line an indicator."""
    base = comparison.scenarios[0]
    lines = [f"{len(comparison.seeds)} pairs of runs against {base.title} ({base.name})"]
    for scenario in comparison.scenarios[1:]:
        lines += ["", f"{scenario.title} ({scenario.name})",
                  f"  {'':28}{'base':>20}{'change':>20}   {'95 % interval':37}"
                  f"{'relative':>9}{'better':>8}  verdict"]  # fmt: skip
        rows = comparison.table[comparison.table.scenario == scenario.name]
        by_name = {str(row["indicator"]): row for _, row in rows.iterrows()}
        lines += [_line(by_name[name]) for name in only or by_name]
    return "\n".join(lines)


def _line(row: Any) -> str:
    name = row["indicator"]
    plain = "displacement" if name == "displacement_from_base" else name
    base = readable(plain, row["base"])
    change, low, high = (
        readable(plain, row[key]).replace(" %", " points") for key in ("difference", "low", "high")
    )
    change = change if change.startswith(("-", "undefined")) else f"+{change}"
    relative = "" if row["relative"] != row["relative"] else f"{100 * row['relative']:+.1f} %"
    chance = row["probability_better"]
    better = "" if chance != chance else f"{100 * chance:.0f} %"
    return (f"  {name:28}{base:>20}{change:>20}   {f'[{low}, {high}]':37}"
            f"{relative:>9}{better:>8}  {row['verdict']}")  # fmt: skip
