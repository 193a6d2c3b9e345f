"""The commands that draw conclusions from runs: analyse, calibrate."""

import argparse
import re
import sys
from math import isfinite
from pathlib import Path
from typing import Any

from tocsin.commands.sweep import add_engine, engine_of, progress_lines


def add_parser(commands: Any) -> None:
    """Add the commands of this module."""
    one = commands.add_parser("analyse", help="effects, indices and corners of a study, as a page")
    one.add_argument("store", type=Path, metavar="DIR", help="the store of a sweep")
    one.add_argument("--out", type=Path, metavar="FILE", help="default DIR/analysis.html")
    one.add_argument("--indicator", action="append", default=[], metavar="NAME",
                     help="what to show; repeatable, default the primary outcomes, and others up "
                     "to six")  # fmt: skip
    what = "corners of what, as in 'delivered<=9e7'; default the worst quarter"
    one.add_argument("--interest", metavar="CONDITION", help=what)
    one.set_defaults(command=analyse)
    one = commands.add_parser("calibrate", help="fit the assumptions of a study to figures")
    one.add_argument("study", metavar="STUDY", help="name of a shipped study, or a path")
    one.add_argument("--out", type=Path, required=True, metavar="DIR",
                     help="its folder, new or begun before")  # fmt: skip
    add_engine(one)
    one.set_defaults(command=calibrate_it)


def analyse(args: argparse.Namespace) -> int:
    """Write the page of a store."""
    from tocsin.experiments.running.destination import PAGE, check_file
    from tocsin.experiments.running.store import Store
    from tocsin.experiments.telling.analysis import write_page

    if args.out is not None:
        check_file(args.out, PAGE, what="the page")
    store = Store(args.store)
    out = args.out or args.store / "analysis.html"
    check_file(out, PAGE, what="the page")
    missing = store.what_is_missing()
    if missing:
        print(f"tocsin: {missing}", file=sys.stderr)
    write_page(store, out, args.indicator, interest=_interest(args.interest))
    print("the analysis is in", file=sys.stderr)
    print(out)
    return 0


def _interest(text: str | None) -> tuple[str, float | None, float | None] | None:
    from tocsin.simulation.errors import InputError

    if text is None:
        return None
    found = re.fullmatch(r"\s*([^<>=\s]+)\s*(<=|>=)\s*([-+.\deE]+)\s*", text)
    try:
        if found is None:
            raise ValueError
        end = float(found[3])
        if not isfinite(end):
            raise ValueError
    except ValueError:
        raise InputError(
            f"--interest {text}: not of the form NAME<=NUMBER or NAME>=NUMBER; the number is "
            "finite."
        ) from None
    return (found[1], None, end) if found[2] == "<=" else (found[1], end, None)


def calibrate_it(args: argparse.Namespace) -> int:
    """Fit, check, and leave a posterior sample for later studies."""
    from tocsin.experiments.design.study import ScenarioTask
    from tocsin.experiments.design.study_files import read, settings_of, toml
    from tocsin.experiments.methods.calibration import (
        PARTICLES,
        ROUNDS,
        calibrate,
        check_place,
        narrowed,
        targets_of,
    )
    from tocsin.simulation.errors import InputError
    from tocsin.simulation.recording.quantities import percent

    check_place(args.out)
    study, (table, path) = read(args.study), toml(args.study)
    assert isinstance(study.task, ScenarioTask)
    settings = settings_of(table, path.name, "calibration",
                           {"particles": (PARTICLES, 10), "rounds": (ROUNDS, 1)})  # fmt: skip
    try:
        figures = [figure.name for figure in study.task.figures]
        targets = targets_of(table, [*study.task.indicators, *figures])
    except InputError as wrong:
        raise InputError(f"{path.name}: {wrong}") from None
    try:
        with engine_of(args) as engine, progress_lines(study.title) as progress:

            def told(name: str, done: int, total: int) -> None:
                progress(done, total)

            made = calibrate(study, targets, args.out, engine=engine, progress=told, **settings)
    except KeyboardInterrupt:
        print(f"tocsin: interrupted; what is done is kept in {args.out}, and the same command "
              "goes on from there.", file=sys.stderr)  # fmt: skip
        return 130
    print(f"{study.title}: {len(made.rounds)} rounds, {int(made.rounds['points'].iloc[-1]):,} "
          "points\n")  # fmt: skip
    print("assumption, its range before and what the figures leave of it (5 %, median, 95 %)")
    for row in narrowed(made.posterior, study.axes).to_dict(orient="records"):
        print(f"  {row['key']:34}  {row['from']:>9.4g} to {row['to']:<9.4g}"
              + "".join(f"  {row[name]:>9.4g}" for name in ("low", "median", "high")))  # fmt: skip
    print("\nfigure, its value, and what the sample shows with new luck (5 %, median, 95 %)")
    for row in made.check.to_dict(orient="records"):
        shows = "".join(f"  {row[name]:>9.4g}" for name in ("low", "median", "high"))
        if row["median"] != row["median"]:
            shows = f"{'no finite value':>33}"
        print(
            f"  {row['indicator']:34}  {row['target']:>9.4g} +- {row['tolerance']:<9.4g}"
            f"{shows}   {percent(row['within'])} within"
        )
    print(f"the posterior sample is {args.out / 'posterior.csv'}", file=sys.stderr)
    if not made.met:
        print("tocsin: the figures cannot all be met; the sample is of the nearest points.",
              file=sys.stderr)  # fmt: skip
    return 0 if made.met else 1
