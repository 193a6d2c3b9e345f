"""The command ``dashboard``."""

import argparse
from pathlib import Path
from typing import Any

from tocsin.streams import Interrupts


def add_parser(commands: Any) -> None:
    """Add the command of this module."""
    one = commands.add_parser("dashboard", help="explore and compare in the browser")
    one.add_argument("scenario", metavar="SCENARIO", nargs="?", default="baseline",
                     help="to begin with: name of a shipped one, or a path")  # fmt: skip
    one.add_argument("--results", type=Path, metavar="DIR",
                     help="folder of reports, comparisons and studies to look at")  # fmt: skip
    one.add_argument("--port", type=int, default=8765, metavar="N",
                     help="default 8765; 0 takes a free one")  # fmt: skip
    one.add_argument("--host", default="127.0.0.1", metavar="ADDRESS",
                     help="default 127.0.0.1, which only this machine can reach")  # fmt: skip
    one.add_argument("--no-browser", action="store_true", help="open no browser window")
    one.set_defaults(command=open_room)


def open_room(args: argparse.Namespace) -> int:
    """Serve the pages until interrupted."""
    from tocsin.dashboard.serving.server import serve

    serve(args.scenario, args.results, args.host, args.port, show=not args.no_browser)
    Interrupts.taken()  # that is how it is closed
    return 0
