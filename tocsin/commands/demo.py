"""The command ``demo``: the question of the project, answered on two maps."""

import argparse
import sys
from pathlib import Path
from typing import Any

MERIDIAN = ("baseline", "more_cooperation", "faster_intelligence", "more_capacity", "all_three")
CENTRAL_ASIA = ("central_asia_2010", "central_asia_coordinated")
SHOWN = ("delivered", "interception_rate", "networks_dismantled", "cost_total")


def add_parser(commands: Any) -> None:
    """Add the command of this module."""
    one = commands.add_parser("demo", help="what the three levers do, on two maps, with figures")
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for figures")
    one.add_argument("--replications", type=int, default=20, metavar="N", help="default 20")
    one.set_defaults(command=demo)


def demo(args: argparse.Namespace) -> int:
    """Compare on both maps; print the answers, and leave tables and figures behind."""
    from experiments.comparison import compare
    from experiments.figures import effects, flow_change, flow_map, save
    from experiments.output import whole_folder, write_comparison
    from tocsin.commands.comparing import in_words
    from tocsin.commands.running import progress_bar

    with whole_folder(args.out, replace=True) as folder:
        for family, names in (("meridian", MERIDIAN), ("central_asia", CENTRAL_ASIA)):
            runs = args.replications * len(names)
            print(f"{family}: {runs} runs of ten years each", file=sys.stderr)
            with progress_bar(family, runs) as progress:
                comparison = compare(names, args.replications, progress=progress)
            print(in_words(comparison, SHOWN), end="\n\n", flush=True)
            (folder / family).mkdir()
            write_comparison(comparison, folder / family)
            save(effects(comparison), folder / f"{family}_effects.png")
            save(flow_map(comparison, names[0]), folder / f"{family}_flow.png")
            save(flow_change(comparison, names[-1]), folder / f"{family}_change.png")
    print(f"figures and tables are in {args.out}", file=sys.stderr)
    return 0
