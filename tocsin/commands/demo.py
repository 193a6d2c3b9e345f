"""The command ``demo``: the question of the project, answered on two maps."""

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any

MERIDIAN = ("baseline", "more_cooperation", "faster_intelligence", "more_capacity", "all_three")
CENTRAL_ASIA = ("central_asia_2010", "central_asia_coordinated")

# What the report of the demo looks into: enough to show how it reads, in a minute.
WORLDS = 20


def add_parser(commands: Any) -> None:
    """Add the command of this module."""
    one = commands.add_parser("demo", help="what the three levers do, on two maps, with a report")
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for figures")
    one.add_argument("--replications", type=int, default=10, metavar="N", help="default 10")
    one.set_defaults(command=demo)


def demo(args: argparse.Namespace) -> int:
    """Compare on both maps; print the answers, and leave tables, figures and a report behind."""
    from tocsin.commands.comparing import in_words, look_into
    from tocsin.commands.running import progress_bar, say, warn
    from tocsin.experiments.comparing.cautions import of_comparison
    from tocsin.experiments.comparing.comparison import compare
    from tocsin.experiments.comparing.output import write_comparison
    from tocsin.experiments.running.destination import whole_folder
    from tocsin.experiments.running.seals import write_manifest
    from tocsin.experiments.telling.figures import effects, flow_change, flow_map, save_if_drawn
    from tocsin.experiments.telling.findings import Effort, write_findings
    from tocsin.experiments.telling.report import write_report

    pairs = args.replications
    effort = Effort(pairs, pairs, WORLDS, 1)  # the same pairs, so that a gap has one total
    with whole_folder(args.out, replaces="demo") as folder:
        write_manifest({"kind": "demo"}, folder, ())  # so that it may be replaced
        for family, names in (("meridian", MERIDIAN), ("central_asia", CENTRAL_ASIA)):
            runs = pairs * len(names)
            print(f"{family}: {runs} runs of ten years each", file=sys.stderr)
            with progress_bar(family, runs) as progress:
                comparison = compare(names, pairs, progress=progress)
            say(in_words(comparison) + "\n")
            warn(of_comparison(comparison))
            (folder / family).mkdir()
            command = f"tocsin compare {' '.join(names)} --replications {pairs} --out {family}"
            write_comparison(comparison, folder / family, command)
            figures = {
                "effects": partial(effects, comparison),
                "flow": partial(flow_map, comparison, names[0]),
                "change": partial(flow_change, comparison, names[-1]),
            }
            for name, draw in figures.items():
                save_if_drawn(draw, folder / f"{family}_{name}.png")
            if family == "meridian":
                print("what does it, and would it hold: more runs for the report", file=sys.stderr)
                found = look_into(comparison, effort)
                write_findings(found, folder / family)
                write_report(found, folder / "report.html", f"tocsin demo --out demo "
                             f"--replications {pairs}")  # fmt: skip
    print(f"figures and tables are in {args.out}; open {args.out / 'report.html'} in a browser",
          file=sys.stderr)  # fmt: skip
    return 0
