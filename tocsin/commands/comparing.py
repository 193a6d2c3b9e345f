"""The commands ``compare`` and ``report``."""

import argparse
import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tocsin.commands.running import (
    add_common,
    chosen,
    in_columns,
    progress_bar,
    readable,
    say,
    warn,
)

if TYPE_CHECKING:
    from tocsin.experiments.comparing.comparison import Comparison
    from tocsin.experiments.telling.findings import Effort, Findings
    from tocsin.simulation.scenario.files import Scenario

WORLDS = 60
LEAST = (26, 18, 18, 36, 22, 0)  # widths of the columns of the table, if nothing is wider


def add_parser(commands: Any) -> None:
    """Add the commands of this module."""
    one = commands.add_parser("compare", help="compare scenarios with a base, pair by pair")
    one.add_argument("base", metavar="BASE", help="name of a shipped scenario, or a path")
    one.add_argument("others", nargs="+", metavar="OTHER")
    one.add_argument("--replications", type=int, default=30, metavar="N", help="default 30")
    one.add_argument("--until", metavar="INDICATOR=WIDTH",
                     help="run pairs until half of the 95 %% interval of the difference is "
                     "narrower, as in interception_rate=0.002")  # fmt: skip
    one.add_argument("--at-most", type=int, metavar="N", help="pairs after which --until ends, "
                     "default 400")  # fmt: skip
    one.add_argument("--seed", type=int, default=0, metavar="N",
                     help="replication k has seed N + k; default 0")  # fmt: skip
    one.add_argument("--workers", type=int, metavar="N", help="processes, default all processors")
    one.add_argument("--report", type=Path, metavar="FILE.html", help="write a report as well")
    one.add_argument("--primary", metavar="KEY,KEY", help="outcomes that are judged, in place of "
                     "those that a scenario declares; all others are exploratory")  # fmt: skip
    one.add_argument("--all", action="store_true", help="print exploratory rows as well")
    one.add_argument("--different-maps", action="store_true",
                     help="compare scenarios with different maps all the same")  # fmt: skip
    add_common(one)
    _add_effort(one)
    one.set_defaults(command=compare_them)
    one = commands.add_parser("report", help="write the report of a comparison")
    one.add_argument("folder", type=Path, metavar="DIR", help="what `compare --out` wrote")
    one.add_argument("--to", type=Path, metavar="FILE.html", help="default DIR/report.html")
    one.add_argument("--workers", type=int, metavar="N", help="processes, default all processors")
    _add_effort(one)
    one.set_defaults(command=report)


def _add_effort(one: argparse.ArgumentParser) -> None:
    of = one.add_argument_group("what a report looks into beyond the comparison")
    for option, default, what in (
        ("--worlds", WORLDS, "draws of the assumptions"),
        ("--lever-pairs", "all", "pairs to divide a gap by lever"),
        ("--channel-pairs", "all", "pairs to divide it by channel"),
    ):
        said = f"{what}, 0 for none; default {default}"
        of.add_argument(option, type=int, metavar="N", help=said)
    of.add_argument("--group", action="append", default=[], metavar="NAME=KEY,KEY", dest="groups",
                    help="levers that count as one when a gap is divided; repeatable")  # fmt: skip


def effort_of(
    args: argparse.Namespace, scenarios: Sequence["Scenario"], pairs: int | None = None
) -> "Effort":
    """What the options ask for; no more pairs than a comparison of these scenarios has.

    A gap is divided over all pairs of the comparison, so that one report has one total for it;
    over fewer only if that is asked for.

    Raises
    ------
    InputError
        An option is out of bounds, or a group names what does not differ.
    """
    from tocsin.experiments.comparing.groups import check_groups, parse_groups
    from tocsin.experiments.telling.findings import Effort
    from tocsin.simulation.errors import InputError

    groups = parse_groups(args.groups)
    check_groups(groups, scenarios[0], scenarios[1:])
    asked = {}
    every = 2 if pairs is None else pairs  # before the runs this is a check of the options only
    for name, default, least in (("worlds", WORLDS, 2), ("lever_pairs", every, 2),
                                 ("channel_pairs", every, 2)):  # fmt: skip
        value = getattr(args, name)
        if value is not None and value != 0 and value < least:
            option = name.replace("_", "-")
            raise InputError(f"--{option} {value}: allowed is 0, or a whole number from {least}.")
        asked[name] = default if value is None else value
    levers, channels = (
        asked[name] if pairs is None else min(asked[name], pairs)
        for name in ("lever_pairs", "channel_pairs")
    )
    return Effort(levers, channels, asked["worlds"], groups=tuple(groups.items()))


def _effort(args: argparse.Namespace, comparison: "Comparison") -> "Effort":
    return effort_of(args, comparison.scenarios, len(comparison.seeds))


def compare_them(args: argparse.Namespace) -> int:
    """Compare, say what differs, and write it if asked."""
    from tocsin.experiments.comparing.cautions import of_comparison
    from tocsin.experiments.comparing.comparison import check_wishes, compare, one_map
    from tocsin.experiments.comparing.families import primary_of, too_few
    from tocsin.experiments.comparing.output import in_units
    from tocsin.experiments.comparing.stopping import MOST, Until
    from tocsin.experiments.running.destination import PAGE, check_file, check_folder

    scenarios = [chosen(name, args.settings, args.mechanisms) for name in (args.base, *args.others)]
    most = MOST if args.at_most is None else args.at_most
    until = None if args.until is None else Until.parse(args.until, most)
    if args.report is not None:
        check_file(args.report, PAGE, "--report", "a report")
    if args.out is not None:
        check_folder(args.out)
    asked = None if args.primary is None else [key.strip() for key in args.primary.split(",")]
    check_wishes(scenarios, args.replications, args.seed, args.workers)
    if not args.different_maps:
        one_map(scenarios)
    primary = primary_of(scenarios, asked)
    effort_of(args, scenarios)  # a fault is said before hours of runs, not after them
    runs = (args.replications if until is None else most) * len(scenarios)
    if few := too_few(most if until else args.replications, primary, len(scenarios) - 1):
        print(few, file=sys.stderr)
    with progress_bar("pairs" if until else f"{runs} runs", runs) as progress:
        comparison = compare(
            scenarios, args.replications, args.seed, args.weeks, args.workers, progress, until,
            primary, args.different_maps,
        )  # fmt: skip
    say(json.dumps(in_units(comparison)) if args.json else in_words(comparison, args.all))
    warn(of_comparison(comparison))
    if comparison.stopped is not None:
        print(_stopped(comparison), file=sys.stderr)
    _keep(comparison, args)
    return 0


def _keep(comparison: "Comparison", args: argparse.Namespace) -> None:
    """Write what was asked for: first the tables, then figures, then what needs more runs."""
    command = repeats(args)
    if args.out is not None:
        from tocsin.experiments.comparing.output import write_comparison
        from tocsin.experiments.running.destination import whole_folder
        from tocsin.experiments.telling.figures import effects, save_if_drawn

        with whole_folder(args.out) as folder:
            write_comparison(comparison, folder, command)
            save_if_drawn(lambda: effects(comparison), folder / "effects.png")
        print(f"table, outcomes, figure and manifest are in {args.out}", file=sys.stderr)
    if args.report is not None:
        from tocsin.experiments.telling.report import write_report

        found = look_into(comparison, _effort(args, comparison), args.workers)
        if args.out is not None:
            keep_findings(found, args.out)
        write_report(found, args.report, with_effort(command, found))
        print(f"the report is {args.report}", file=sys.stderr)


def keep_findings(found: "Findings", folder: Path) -> None:
    """Put findings beside their comparison; a folder that is closed costs only a sentence."""
    from tocsin.experiments.running.destination import whole_files
    from tocsin.experiments.telling.findings import write_findings
    from tocsin.simulation.errors import InputError

    try:
        with whole_files(folder) as work:
            write_findings(found, work)
    except InputError as wrong:
        print(f"tocsin: {wrong} What the report found out is not kept there.", file=sys.stderr)


def repeats(args: argparse.Namespace) -> str:
    """The command that gives the same comparison."""
    words = ["tocsin", "compare", args.base, *args.others]
    if args.until is None:
        words += ["--replications", str(args.replications)]
    else:
        words += ["--until", args.until]
        words += [] if args.at_most is None else ["--at-most", str(args.at_most)]
    words += ["--seed", str(args.seed)]
    words += [] if args.weeks is None else ["--weeks", str(args.weeks)]
    words += [] if args.primary is None else ["--primary", args.primary]
    words += ["--different-maps"] if args.different_maps else []
    for name in args.mechanisms:
        words += ["--mechanism", name]
    for setting in args.settings:
        words += ["--set", setting]
    return shlex.join(words)


def with_effort(command: str, found: "Findings") -> str:
    """The command that gives the same report; what is as by default is not repeated."""
    effort, pairs = found.effort, len(found.comparison.seeds)
    words = ["--report", "report.html"]
    for option, number, usual in (("--worlds", effort.worlds, WORLDS),
                                  ("--lever-pairs", effort.lever_pairs, pairs),
                                  ("--channel-pairs", effort.channel_pairs, pairs)):  # fmt: skip
        words += [option, str(number)] if number != usual else []
    for name, keys in effort.groups:
        words += ["--group", f"{name}={','.join(keys)}"]
    return f"{command} {shlex.join(words)}" if command else ""


def look_into(comparison: "Comparison", effort: "Effort", workers: int | None = None) -> "Findings":
    """Make the runs of a report, with a bar of progress."""
    from tocsin.experiments.telling.findings import find_out, runs_needed

    total = runs_needed(comparison, effort)
    with progress_bar("attribution and robustness", total) as progress:
        return find_out(comparison, effort, workers, progress)


def report(args: argparse.Namespace) -> int:
    """Write the report of a folder; what it needs beyond the comparison is run once and kept."""
    from tocsin.experiments.comparing.output import COMPARE, read_comparison
    from tocsin.experiments.running.destination import PAGE, check_file
    from tocsin.experiments.running.seals import read_manifest
    from tocsin.experiments.telling.findings import read_findings
    from tocsin.experiments.telling.report import write_report

    file = args.to or args.folder / "report.html"
    found = read_findings(args.folder)
    check_file(file, PAGE, "--to", "a report")
    counts = (args.worlds, args.lever_pairs, args.channel_pairs)
    asked = bool(args.groups) or any(value is not None for value in counts)
    if found is None or asked:
        comparison = read_comparison(args.folder)
        found = look_into(comparison, _effort(args, comparison), args.workers)
        keep_findings(found, args.folder)
    command = str(read_manifest(args.folder, "comparison", COMPARE).get("command", ""))
    write_report(found, file, with_effort(command, found))
    print(file)
    return 0


def _stopped(comparison: "Comparison") -> str:
    stopped = comparison.stopped
    assert stopped is not None
    name = stopped.until.indicator
    width = readable(name, stopped.until.half_width, comparison.base).replace(" %", " points")
    return stopped.sentence(width)


def in_words(comparison: "Comparison", everything: bool = False) -> str:
    """The table for people: one block a scenario, one line an indicator, primary ones first.

    Exploratory rows are shown if everything is asked for, as far as they say something.
    """
    from tocsin.experiments.comparing.families import EXPLORATORY

    base = comparison.base
    lines = [f"{len(comparison.seeds)} pairs of runs against {base.title} ({base.name})"]
    cells = [("", "base", "change", "95 % interval", "would have found", "verdict")]
    blocks: list[tuple[Scenario, int, int]] = []
    for scenario in comparison.others:
        rows = comparison.telling(scenario.name)
        first = [row for row in rows if row["indicator"] in comparison.primary]
        shown = rows if everything else first
        cells += [_cells(row, base) for row in shown]
        blocks.append((scenario, len(shown), len(rows) - len(shown)))
    head, *table = in_columns(cells, "<>><><", LEAST)
    for scenario, number, rest in blocks:
        lines += ["", f"{scenario.title} ({scenario.name})", head, *table[:number]]
        del table[:number]
        if rest:
            lines.append(f"  and {rest} exploratory rows, which --all shows")
    judged = comparison.table[comparison.table.indicator.isin(comparison.primary)]
    levels = judged.confidence.dropna()
    if not levels.empty:
        each = f"{100 * levels.max():.4g}"
        lines += ["", f"Intervals of primary rows hold at once with 95 % (each with {each} %); "
                  f"those of {EXPLORATORY} rows hold each by itself. Clearly: the interval that is "
                  "shown does not hold zero. Likely: it does, but the 95 % interval of that "
                  "outcome alone does not."]  # fmt: skip
    return "\n".join(lines)


def _cells(row: dict[str, Any], scenario: "Scenario") -> tuple[str, ...]:
    from tocsin.experiments.comparing.families import SET
    from tocsin.simulation.recording.indicators import label_of

    name = row["indicator"]
    base = readable(name, row["base"], scenario)
    change, low, high, least = (
        readable(name, value, scenario, row["base"]).replace(" %", " points")
        for value in (row["difference"], row["low"], row["high"], row["detectable"])
    )
    change = change if change.startswith(("-", "undefined")) else f"+{change}"
    fixed = row["verdict"] == SET
    interval = "exact" if fixed else f"[{low}, {high}]"
    return label_of(name), base, change, interval, "" if fixed else least, str(row["verdict"])
