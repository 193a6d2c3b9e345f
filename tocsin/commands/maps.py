"""The command ``map``: a map of real countries, and a scenario on it that runs."""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from tocsin.streams import Interrupts


def add_parser(commands: Any) -> None:
    """Add the command of this module."""
    one = commands.add_parser("map", help="make a map of any countries, and a scenario on it")
    one.add_argument("--countries", required=True, metavar="ISO,ISO,...")
    one.add_argument("--cell-km", required=True, type=float, metavar="N", help="width of a cell")
    one.add_argument("--source", required=True, metavar="ISO", help="where goods come from")
    one.add_argument("--market", required=True, metavar="ISO", help="where they are sold")
    one.add_argument("--out", required=True, type=Path, metavar="FILE", help="a new .map file")
    one.add_argument("--window", metavar="W,S,E,N", help="degrees, if only a part is wanted")
    one.add_argument("--with-overseas", action="store_true",
                     help="keep the far parts of countries, as French Guiana")  # fmt: skip
    one.set_defaults(command=make_map)


def make_map(args: argparse.Namespace) -> int:
    """Write the map and, beside it, the scenario; both or none."""
    from tocsin.cartography.build import build, scenario_text
    from tocsin.cartography.outlines import checked, name_of
    from tocsin.experiments.running.destination import check_file
    from tocsin.simulation.errors import InputError
    from tocsin.simulation.geography.map_files import map_text
    from tocsin.simulation.scenario.files import load
    from tocsin.simulation.steering import SteeredRun

    Interrupts.check()
    countries = [checked(code.strip(), "--countries") for code in args.countries.split(",")]
    if len(countries) < 2 or len(set(countries)) < len(countries):
        raise InputError(f"--countries {args.countries}: two or more different countries are "
                         "needed, with commas between them.")  # fmt: skip
    for option, code in (("--source", args.source), ("--market", args.market)):
        if checked(code, option) not in countries:
            raise InputError(f"{option} {code}: not one of the --countries {args.countries}.")
    if not 1 <= args.cell_km <= 1000:
        raise InputError(f"--cell-km {args.cell_km:g}: allowed is a number from 1 to 1000 (km).")
    if args.out.suffix != ".map":
        raise InputError(f"--out {args.out}: the name of a map file ends in .map.")
    scenario = args.out.with_suffix(".toml")
    for file in (args.out, scenario):
        check_file(file)
        if file.exists():
            raise InputError(f"--out {args.out}: there is a file {file} already.")
    title = f"From {name_of(args.source)} to {name_of(args.market)}"
    world = build(countries, args.cell_km, title, window=_window(args.window),
                  overseas=args.with_overseas)  # fmt: skip
    Interrupts.check()
    texts = {
        args.out: map_text(world.grid, "Made by tocsin map; edit it in any editor."),
        scenario: scenario_text(world, args.out.name, args.source, args.market),
    }
    try:
        with tempfile.TemporaryDirectory(dir=args.out.parent, prefix=".map-") as folder:
            for file, text in texts.items():
                (Path(folder) / file.name).write_text(text, encoding="utf-8")
            SteeredRun(load(Path(folder) / scenario.name))  # a way must lead there
            Interrupts.check()
            for file in texts:
                (Path(folder) / file.name).replace(file)
    except OSError as wrong:
        raise InputError(f"--out {args.out}: cannot be written ({wrong.strerror}).") from None
    height, width = world.grid.shape
    print(f"{args.out}: {width} x {height} cells, {len(countries)} countries", file=sys.stderr)
    if world.grid.note:
        print(f"tocsin: note: {world.grid.note}", file=sys.stderr)
    print(scenario)
    return 0


def _window(text: str | None) -> tuple[float, float, float, float] | None:
    from tocsin.simulation.errors import InputError

    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"--window {text}: not four numbers with commas between them.") from None
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south < north <= 90):
        raise InputError(f"--window {text}: allowed is west,south,east,north in degrees, as in "
                         "46,29,88,57.")  # fmt: skip
    return west, south, east, north
