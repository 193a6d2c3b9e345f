"""The command ``run``, and what it shares with other commands: options, progress, words."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.run import Run
    from simulation.scenario import Scenario

SHOWN = (
    "delivered", "interception_rate", "market_price", "networks_active", "networks_dismantled",
    "arrests", "items_shared", "tip_hit_rate", "trust_mean", "capability_mean", "displacement",
    "cost_total",
)  # fmt: skip


def add_parser(commands: Any) -> None:
    """Add the command of this module."""
    one = commands.add_parser("run", help="run one scenario")
    one.add_argument("scenario", metavar="SCENARIO", help="name of a shipped one, or a path")
    one.add_argument("--seed", type=int, default=0, metavar="N", help="default 0")
    add_common(one)
    one.add_argument("--details", action="store_true",
                     help="with --out: deliveries and missed tips in the events too")  # fmt: skip
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
    one.add_argument("--out", type=Path, metavar="DIR", help="write results to a new folder")
    one.add_argument("--json", action="store_true", help="print JSON instead of words")


def chosen(name: str, settings: list[str]) -> "Scenario":
    """The scenario with the settings of the command line."""
    from simulation.overrides import parse_setting
    from simulation.scenario import load

    scenario = load(name)
    values = dict(parse_setting(text) for text in settings)
    return scenario.with_(values) if values else scenario


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
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def run_one(args: argparse.Namespace) -> int:
    """Run a scenario, say what came out, and write it if asked."""
    from experiments.destination import check_folder, whole_folder
    from simulation.run import run

    scenario = chosen(args.scenario, args.settings)
    if args.out is not None:
        check_folder(args.out)
    weeks = scenario.parameters.world.weeks if args.weeks is None else args.weeks
    with progress_bar(scenario.name, weeks) as progress:
        finished = run(scenario, args.seed, args.weeks, progress, events=args.out is not None,
                       details=args.details and args.out is not None)  # fmt: skip
    say(_as_json(finished) if args.json else in_words(finished, scenario))
    if args.out is not None:
        from experiments.output import write_run

        with whole_folder(args.out) as folder:
            write_run(finished, folder)
        print(f"series, events and manifest are in {args.out}", file=sys.stderr)
    return 0


def _as_json(finished: "Run") -> str:
    from tocsin import __version__

    return json.dumps({
        "scenario": finished.scenario.name, "seed": finished.seed, "weeks": finished.weeks,
        "version": __version__, "fingerprint": finished.fingerprint,
        "indicators": finished.indicators,
    })  # fmt: skip


def in_words(finished: "Run", scenario: "Scenario") -> str:
    """What came out of a run, for people."""
    lines = [f"{scenario.title} ({scenario.name}), seed {finished.seed}, {finished.weeks} weeks",
             ""]  # fmt: skip
    lines += [f"  {name:24}{readable(name, finished.indicators[name], scenario)}"
              for name in SHOWN]  # fmt: skip
    lines += ["", "  by country              delivered through    seized by  interception  "
              "capability"]  # fmt: skip
    for code in scenario.grid.codes:
        of = [finished.indicators[f"{name}[{code}]"] for name in
              ("delivered_through", "seized_by", "interception_rate", "capability")]  # fmt: skip
        names = ("delivered", "seized", "interception_rate", "capability_mean")
        cells = [readable(name, value, scenario) for name, value in zip(names, of, strict=True)]
        lines.append(f"  {code} {scenario.parameters.countries[code].name:20}"
                     f"{cells[0]:>17}{cells[1]:>13}{cells[2]:>14}{cells[3]:>12}")  # fmt: skip
    return "\n".join([*lines, "", f"  fingerprint {finished.fingerprint}"])


def explain_event(args: argparse.Namespace) -> int:
    """Print the causal trail of an event, one sentence a line."""
    from experiments.output import read_run
    from simulation.explain import explain

    events, parameters = read_run(args.folder)
    print("\n".join(explain(events, args.event, parameters)))
    return 0


def readable(name: str, value: float | None, scenario: "Scenario") -> str:
    """A value with its unit as people read it: kilograms, persons, percent, million USD."""
    from simulation.indicators import indicator_of
    from simulation.networks import SMALLEST

    if value is None or value != value:
        return "undefined"
    unit = indicator_of(name).unit
    goods = scenario.parameters.commodities
    inside = name.rstrip("]").partition("[")[2]
    good = goods.get(inside, goods[scenario.parameters.measurement.headline])
    if unit == "g":
        return f"{value / SMALLEST[good.unit]:,.0f} {good.unit}"
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "USD":
        return f"{value / 1e6:,.1f} million USD"
    if unit == "USD per unit":
        return f"{value:,.{0 if value >= 100 else 2}f} USD per {good.unit.removesuffix('s')}"
    if isinstance(value, int) or unit in ("networks", "persons", "items", "operations", "sectors"):
        return f"{value:,.1f} {unit}".replace(".0 ", " ")
    return f"{value:.3f}"
