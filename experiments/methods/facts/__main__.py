"""``python -m tocsin.experiments.methods.facts``: run the checks, print the table, renew
docs/facts.*.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.simulation.errors import InputError

if TYPE_CHECKING:
    from tocsin.experiments.methods.facts.declaring import Check
    from tocsin.experiments.methods.facts.table import FactRow


def main(arguments: Sequence[str] | None = None) -> int:
    """Run checks; with names or settings, only those, and the other rows stay as they are."""
    from tocsin.experiments.methods.facts.table import (
        SEEDS,
        SETTINGS,
        checks_of,
        markdown,
        merged,
        read,
        write,
    )

    parser = argparse.ArgumentParser(
        prog="python -m tocsin.experiments.methods.facts", description=__doc__
    )
    parser.add_argument("checks", nargs="*", help="names of checks or facts; all by default")
    parser.add_argument("--in", dest="settings", action="append", choices=SETTINGS,
                        help="a world; all by default")  # fmt: skip
    parser.add_argument("--seeds", type=int, default=SEEDS, help="paired seeds, from 0")
    parser.add_argument("--workers", type=int, default=None, help="processes; all by default")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="folder of the table")
    args = parser.parse_args(arguments)
    try:
        if args.seeds < 2:
            raise InputError(f"facts: seeds = {args.seeds}; an interval needs 2 or more.")
        if not args.docs.is_dir():
            raise InputError(f"facts: no folder {args.docs} here; call this from a checkout.")
        chosen = checks_of(args.checks)
        file = args.docs / "facts.csv"
        for name in args.settings or SETTINGS:
            new = _examined(name, chosen, args.seeds, args.workers, args.docs)
            rows = merged(read(file), new)
            write(rows, file)
            (args.docs / "facts.md").write_text(markdown(rows), encoding="utf-8")
    except InputError as wrong:
        print(f"facts: {wrong}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("facts: interrupted; worlds that were done are written.", file=sys.stderr)
        return 130
    print(markdown(read(file)))
    return 0


def _examined(
    name: str, chosen: "list[Check]", seeds: int, workers: int | None, docs: Path
) -> "list[FactRow]":
    """Rows of one world, with the number of finished runs on stderr."""
    from tocsin.experiments.methods.facts.settings import setting
    from tocsin.experiments.methods.facts.table import examine

    if not any(name in check.settings for check in chosen):
        return []

    def progress(done: int) -> None:
        if done % 10 == 0:
            print(f"\r{name}: {done} runs", end="", file=sys.stderr, flush=True)

    rows = examine(setting(name), chosen, range(seeds), workers, progress, docs / "pictures")
    print(file=sys.stderr)
    return rows


if __name__ == "__main__":
    sys.exit(main())
