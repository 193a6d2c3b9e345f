"""Commands that look things up: scenarios, new, check, parameters, indicators."""

import argparse
import dataclasses
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tocsin.commands.running import warn

if TYPE_CHECKING:
    from tocsin.simulation.parameters import Row
    from tocsin.simulation.recording.indicators import Indicator


def add_parser(commands: Any) -> None:
    """Add the commands of this module."""
    one = commands.add_parser("scenarios", help="list scenarios, or describe one")
    one.add_argument("name", nargs="?", metavar="NAME", help="a shipped scenario, or a path")
    one.set_defaults(command=scenarios)
    one = commands.add_parser("new", help="write a scenario file to start from")
    one.add_argument("file", metavar="FILE", type=Path)
    one.add_argument("--from", dest="parent", required=True, metavar="NAME", help="its parent")
    one.set_defaults(command=new)
    one = commands.add_parser("check", help="say whether scenario files are well formed")
    one.add_argument("files", nargs="+", metavar="FILE")
    one.set_defaults(command=check)
    one = commands.add_parser("mechanisms", help="list installed mechanisms of other packages")
    one.set_defaults(command=mechanisms)
    for name, function in (("parameters", parameters), ("indicators", indicators)):
        one = commands.add_parser(name, help=f"list all {name}")
        one.add_argument("--json", action="store_true", help="as one array of objects")
        one.set_defaults(command=function)


def scenarios(args: argparse.Namespace) -> int:
    """List the shipped scenarios by family, children below their parents, or describe one."""
    from tocsin.simulation.scenario.files import load
    from tocsin.simulation.scenario.library import families

    if args.name is None:
        for family in families():
            print(f"{family.title} ({family.name})")
            for one in family.scenarios:
                label = f"{'  ' * (one.depth + 1)}{one.name}"
                print(f"{label:34}  {one.title}\n{'':36}{one.question}")
            print()
        return 0
    scenario = load(args.name)
    print(f"{scenario.title}\n\n{scenario.question}\n\n{scenario.description}\n")
    print(f"author   {scenario.author}\nlineage  {' <- '.join(reversed(scenario.lineage))}")
    print(f"map      {scenario.grid.title}: {', '.join(scenario.grid.codes)}")
    if scenario.stated:
        print("\nstates")
        for key, value in scenario.stated.items():
            print(f"  {key} = {value}    ({scenario.reasons[key]})")
    for table, entry in scenario.own_schedule.entries():
        stated = entry.model_dump(by_alias=True, exclude_defaults=True)
        print(f"  {table}: {', '.join(f'{k} = {v}' for k, v in stated.items())}")
    return 0


def new(args: argparse.Namespace) -> int:
    """Write a child scenario that changes nothing yet."""
    from tocsin.simulation.errors import InputError
    from tocsin.simulation.scenario.files import load
    from tocsin.simulation.scenario.wording import written

    parent = load(args.parent)
    if args.file.suffix != ".toml":
        raise InputError(f"{args.file}: the name of a scenario file ends in .toml.")
    name = args.parent
    if name.endswith(".toml") and args.file.parent.is_dir():
        name = Path(os.path.relpath(name, args.file.parent)).as_posix()
    text = f"""schema = 1
title = {written(f"After {parent.title}")}
question = "What does this scenario ask?"
author = "Who wrote it?"
description = "What is different here, in two sentences."
parent = {written(name)}

# State only what changes, each with a reason or a source. `tocsin parameters` lists all keys.
#
# [cooperation]
# sharing = {{ value = 0.9, reason = "..." }}
#
# [[change]]
# week = 105
# set = {{ "intelligence.delay_weeks" = 4 }}
# reason = "..."
"""
    try:
        with args.file.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(f"{args.file}: there is such a file already.") from None
    except OSError as wrong:
        raise InputError(f"{args.file}: cannot be written ({wrong.strerror}).") from None
    print(args.file)
    return 0


def check(args: argparse.Namespace) -> int:
    """Check files; the first fault of each is said, and what a user must know of the others."""
    from tocsin.experiments.comparing.cautions import of_file
    from tocsin.simulation.errors import InputError
    from tocsin.simulation.scenario.files import load

    broken = 0
    for file in args.files:
        try:
            scenario = load(file)
            print(f"{file}: well formed")
            warn(f"{file}: {caution}" for caution in of_file(scenario))
        except InputError as wrong:
            broken += 1
            print(f"tocsin: {wrong}", file=sys.stderr)
    return 2 if broken else 0


def parameters(args: argparse.Namespace) -> int:
    """List the table of parameters."""
    from tocsin.simulation.parameters import table

    rows = table()
    if args.json:
        print(json.dumps([dataclasses.asdict(row) | {"status": row.status} for row in rows]))
        return 0
    print("\n".join(map(_row_in_words, rows)))
    kinds = Counter(row.kind for row in rows)
    assumed = sum(row.status == "assumed" for row in rows)
    print(f"\n{len(rows)} parameters: {kinds['lever']} levers, {kinds['assumption']} assumptions, "
          f"{kinds['structure']} of structure. {assumed} defaults and bounds are assumed, "
          f"{len(rows) - assumed} rest on a source.")  # fmt: skip
    return 0


def _row_in_words(row: "Row") -> str:
    span = "" if row.low is None else f" {row.low:g}...{row.high:g}"
    default = "required" if row.required else row.default
    return (
        f"{row.key:38}  {row.kind:9}  {default!s:9}  {row.unit}{span}\n"
        f"{'':40}{row.meaning}\n{'':40}source: {row.source}"
    )


def _indicator_in_words(one: "Indicator") -> str:
    better = {"up": "up is better", "down": "down is better", "neither": "no direction"}
    inside = f"[{one.per}]" if one.per else ""
    return (
        f"{one.name + inside:36}  {one.label} ({one.unit}, {better[one.direction]})\n"
        f"{'':38}{one.definition}"
    )


def mechanisms(args: argparse.Namespace) -> int:
    """List the mechanisms of other packages that are installed, with what they bring."""
    from tocsin.simulation import installed
    from tocsin.simulation.errors import InputError
    from tocsin.simulation.mechanism import find
    from tocsin.simulation.parameters import row_of

    names = installed.names()
    for name in names:
        try:
            (kind,) = find([name])
        except InputError as wrong:
            print(f"{name:24}  {wrong}")
            continue
        print(f"{name:24}  {(kind.__doc__ or '').strip().partition(chr(10))[0]}")
        for key, field in kind.levers.model_fields.items():
            print(_row_in_words(row_of(f"{name}.{key}", field)))
        for one in kind.indicators:
            print(_indicator_in_words(one))
    if not names:
        print("none is installed; docs/extending.md says how one is made")
    return 0


def indicators(args: argparse.Namespace) -> int:
    """List the indicators."""
    from tocsin.simulation.recording.indicators import known

    if args.json:
        print(
            json.dumps([dataclasses.asdict(one) | {"kind": one.kind} for one in known().values()])
        )
        return 0
    print("\n".join(map(_indicator_in_words, known().values())))
    return 0
