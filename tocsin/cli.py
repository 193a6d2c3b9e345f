"""The command line: data on stdout, progress and messages on stderr.

Exit codes: 0 done, 1 failed, 2 wrong use or wrong input, 130 interrupted. Commands import what
they need when they run, so that help is quick.
"""

import argparse
import re
import sys
import warnings
from collections.abc import Sequence
from typing import Any

from tocsin import __version__
from tocsin.commands import (
    allocating,
    analyse,
    catalogue,
    classroom,
    comparing,
    dashboard,
    demo,
    docs,
    lesson,
    maps,
    running,
    sweep,
)
from tocsin.streams import Interrupts, let_go, open_streams

DESCRIPTION = """
A laboratory for transnational organised crime and the agencies that work against it:
run scenarios on grids of borders, compare them, and say how sure the answer is."""


class Parser(argparse.ArgumentParser):
    """A parser to which what begins with a minus and a digit is a value, as in --window -19,4,8,9.

    `argparse` takes single numbers so, but neither lists of them nor ``-1e3``; no option of ours
    begins with a digit. The parsers of the commands are of this class, too.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._negative_number_matcher = re.compile(r"-\.?\d")

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print help and version like every result, so that a full disk is told."""
        if message and file in (None, sys.stdout):
            sys.stdout.write(message)
            sys.stdout.flush()
        else:
            super()._print_message(message, file)


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    top = Parser(prog="tocsin", description=DESCRIPTION, allow_abbrev=False)
    top.add_argument("--version", action="version", version=f"tocsin {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (
        catalogue,
        running,
        comparing,
        allocating,
        sweep,
        analyse,
        dashboard,
        classroom,
        lesson,
        maps,
        demo,
        docs,
    ):
        module.add_parser(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    open_streams()
    from tocsin.experiments.running.notices import in_a_sentence
    from tocsin.simulation.errors import InputError

    warnings.showwarning = _noted
    try:
        with Interrupts() as interrupts, in_a_sentence():
            args = parser().parse_args(arguments)
            code = args.command(args)
            if code == 0:
                interrupts.check()
        sys.stdout.flush()
        return code
    except InputError as wrong:
        print(f"tocsin: {wrong}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("tocsin: interrupted; nothing half written is left.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader has gone, as in `tocsin parameters | head`
        return 1
    except MemoryError as wrong:
        print(f"tocsin: there is not enough memory ({str(wrong) or 'none is left'}); use fewer "
              "workers (--workers 1), a shorter run or a smaller world, or raise the limit "
              "(ulimit -v, or that of the container).", file=sys.stderr)  # fmt: skip
        return 1
    except (OSError, ArithmeticError) as wrong:
        print(f"tocsin: failed: {wrong}", file=sys.stderr)
        return 1
    finally:
        let_go()


_plainly = warnings.showwarning


def _noted(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
    """Say a note of ours in one line; other warnings as Python says them."""
    from tocsin.simulation.text_files import Shadowed

    if issubclass(category, Shadowed):
        print(f"tocsin: note: {message}", file=sys.stderr)
    else:
        _plainly(message, category, *where, **more)
