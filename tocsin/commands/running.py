"""The command ``run``, and what it shares with other commands: options, progress, words."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.simulation.run import Run
    from tocsin.simulation.scenario.files import Scenario


def add_parser(commands: Any) -> None:
    """Add the command of this module."""
    one = commands.add_parser("run", help="run one scenario")
    one.add_argument("scenario", metavar="SCENARIO", help="name of a shipped one, or a path")
    one.add_argument("--seed", type=int, default=0, metavar="N", help="default 0")
    add_common(one)
    one.add_argument("--details", action="store_true",
                     help="with --out: deliveries and missed tips in the events too")  # fmt: skip
    one.add_argument("--profile", action="store_true", help="the time and share of each phase")
    one.set_defaults(command=run_one)
    why = commands.add_parser("explain", help="why an event of a run happened")
    why.add_argument("folder", type=Path, metavar="DIR", help="what tocsin run --out wrote")
    why.add_argument("event", metavar="EVENT", help="an event_id of its events.csv")
    why.set_defaults(command=explain_event)


def add_common(one: argparse.ArgumentParser) -> None:
    """Add the options that run and compare share."""
    one.add_argument("--weeks", type=int, metavar="N", help="length, default as in the scenario")
    one.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="settings",
                     help="another value, as in cooperation.sharing=0.9; repeatable")  # fmt: skip
    one.add_argument("--mechanism", action="append", default=[], metavar="NAME",
                     dest="mechanisms", help="an installed mechanism; repeatable")  # fmt: skip
    one.add_argument("--out", type=Path, metavar="DIR", help="write results to a new folder")
    one.add_argument("--json", action="store_true", help="print JSON instead of words")


def chosen(name: str, settings: list[str], mechanisms: list[str]) -> "Scenario":
    """The scenario with the mechanisms and settings of the command line."""
    from tocsin.simulation.mechanism import find
    from tocsin.simulation.scenario.files import load
    from tocsin.simulation.scenario.overrides import parse_settings

    scenario = load(name)
    if mechanisms:
        scenario = scenario.with_mechanisms(find(dict.fromkeys(mechanisms)))
    values = parse_settings(settings)
    return scenario.with_(values, Path()) if values else scenario


def say(text: str) -> None:
    """Print a result at once; a reader that has gone does not stop what is still to be written."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr if somebody looks, nothing otherwise."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    said = TextColumn("{task.description}", markup=False)  # a name may hold brackets
    columns = (said, BarColumn(), MofNCompleteColumn(), Left())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(" ".join(what.split()), total=total)
        yield lambda done: bar.update(task, completed=done)


def in_columns(rows: Sequence[Sequence[str]], sides: str, least: Sequence[int] = ()) -> list[str]:
    """Lines of a table with at least two spaces between columns, however wide the cells are.

    Parameters
    ----------
    rows
        Cells; every row has as many.
    sides
        ``<`` or ``>`` for each column: on which side its cells are flush.
    least
        Widths below which no column falls.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    widths = [max(pair) for pair in zip(widths, least or [0] * len(widths), strict=True)]
    return [
        "".join(f"  {cell:{side}{width}}" for cell, side, width in
                zip(row, sides, widths, strict=True)).rstrip()
        for row in rows
    ]  # fmt: skip


def warn(cautions: Iterable[str]) -> None:
    """Print what a user must know beside a result."""
    for caution in cautions:
        print(f"caution: {caution}", file=sys.stderr)


def run_one(args: argparse.Namespace) -> int:
    """Run a scenario, say what came out, and write it if asked."""
    from tocsin.experiments.comparing.cautions import of_file, of_runs
    from tocsin.experiments.running.destination import check_folder, whole_folder
    from tocsin.simulation.phases import Profile
    from tocsin.simulation.run import run

    scenario = chosen(args.scenario, args.settings, args.mechanisms)
    if args.out is not None:
        check_folder(args.out)
    weeks = scenario.parameters.world.weeks if args.weeks is None else args.weeks
    with progress_bar(scenario.name, weeks) as progress:
        profile = Profile() if args.profile else None
        finished = run(scenario, args.seed, args.weeks, progress, events=args.out is not None,
                       details=args.details and args.out is not None, profile=profile)  # fmt: skip
    say(_as_json(finished) if args.json else in_words(finished, scenario))
    if profile is not None:
        print(profile, file=sys.stderr if args.json else sys.stdout)
    warn([*of_file(scenario), *of_runs(scenario, [finished.indicators], finished.weeks)])
    if args.out is not None:
        from tocsin.experiments.comparing.output import write_run

        with whole_folder(args.out) as folder:
            write_run(finished, folder)
        print(f"series, events and manifest are in {args.out}", file=sys.stderr)
    return 0


def _as_json(finished: "Run") -> str:
    from tocsin import __version__
    from tocsin.simulation.state import FINGERPRINT_FORMAT

    return json.dumps({
        "scenario": finished.scenario.name, "seed": finished.seed, "weeks": finished.weeks,
        "version": __version__, "fingerprint": finished.fingerprint,
        "fingerprint_format": FINGERPRINT_FORMAT,
        "indicators": finished.indicators,
    })  # fmt: skip


def in_words(finished: "Run", scenario: "Scenario") -> str:
    """What came out of a run, for people."""
    from tocsin.simulation.recording.indicators import MAIN, label_of

    own = [one.name for kind in scenario.mechanisms for one in kind.indicators if one.shown]
    shown = [name for name in dict.fromkeys((*MAIN, *own, *scenario.primary))
             if name in finished.indicators]  # fmt: skip
    lines = [f"{scenario.title} ({scenario.name}), seed {finished.seed}, {finished.weeks} weeks",
             ""]  # fmt: skip
    lines += in_columns([(label_of(name), readable(name, finished.indicators[name], scenario))
                         for name in shown], "<<", (22, 0))  # fmt: skip
    lines += ["", *_countries(scenario, finished.indicators)]
    return "\n".join([*lines, "", f"  fingerprint {finished.fingerprint}"])


def _countries(scenario: "Scenario", indicators: dict[str, Any]) -> list[str]:
    """A line a country; a column has one unit, that of its largest value."""
    codes = scenario.grid.codes
    columns = []
    for name in ("delivered_through", "seized_by", "interception_rate", "capability"):
        values = [indicators[f"{name}[{code}]"] for code in codes]
        size = max((abs(v) for v in values if v is not None and v == v), default=0.0)
        columns.append([readable(name, value, scenario, size) for value in values])
    rows = [("by country", "delivered through", "seized by", "interception", "capability")]
    rows += [(f"{code} {scenario.parameters.countries[code].name}", *cells)
             for code, *cells in zip(codes, *columns, strict=True)]  # fmt: skip
    return in_columns(rows, "<>>>>", (24, 18, 18, 12, 10))


def explain_event(args: argparse.Namespace) -> int:
    """Print the causal trail of an event, one sentence a line."""
    from tocsin.experiments.comparing.output import read_run
    from tocsin.simulation.recording.explain import Trails

    events, parameters = read_run(args.folder)
    print("\n".join(Trails(events, parameters).explain(args.event)))
    return 0


def readable(
    name: str, value: float | None, scenario: "Scenario", size: float | None = None
) -> str:
    """A value with its unit as people read it; values of about `size` (its own) choose the unit.

    The minus is the one of the keyboard, which every console can print.
    """
    from tocsin.simulation.recording.quantities import Quantity

    if value is None or value != value:
        return "undefined"
    about = value if size is None or size != size else size
    return Quantity.of(name, scenario, abs(about)).level(value).replace("\N{MINUS SIGN}", "-")
