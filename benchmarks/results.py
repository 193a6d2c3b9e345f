"""What is kept of a complete call: the table with machine and versions, and what a study costs."""

import json
import re
import sys
from typing import Any

from benchmarks.figures import shown, table
from benchmarks.processes import ROOT

LAST = ROOT / ".bench.json"  # of the last complete call; not under version control
RESULTS = ROOT / "benchmarks" / "results.md"
PAGE = ROOT / "docs" / "speed.md"
BLOCK = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

MERIDIAN = "Meridian, 10 years, 30 networks"
CORES = (2, 16, 1000)
START = 4.0  # seconds before the first run of a worker; assumption for machines other than this one


def keep() -> int:
    """Write the results file and the figures of the page."""
    if not LAST.exists():
        print("there is no complete call to keep; `make bench` makes one.", file=sys.stderr)
        return 2
    last = json.loads(LAST.read_text())
    RESULTS.write_text(results(last))
    blocks = {"cost": sizes(last["figures"]), "cores": cores(last["figures"])}
    page = PAGE.read_text()
    PAGE.write_text(BLOCK.sub(lambda m: f"{m[1]}\n{blocks[m[2]]}\n\n{m[3]}", page))
    for path in (RESULTS, PAGE):
        print(f"wrote {path.relative_to(ROOT)}", file=sys.stderr)
    return 0


def results(last: dict[str, Any]) -> str:
    """The results file."""
    return (
        "# What the benchmarks found\n\n"
        "Written by `make results` after `make bench`; not edited by hand. Ratios are medians of\n"
        "rounds in which both sides took turns; a ratio says how many times longer the opponent\n"
        f"took. The call took {last['minutes']:.0f} minutes.\n\n"
        f"{table(last['machine'], ['machine', ''])}\n\n{table(last['lines'])}\n"
    )


def sizes(figures: dict[str, dict[str, float]]) -> str:
    """Runs a minute by size of world."""
    two = figures["default"]["runs a minute on 2 cores"]
    kept = two / (2 * 60 / figures["cost"][MERIDIAN])
    lines = []
    for label, seconds in figures["cost"].items():
        one = 60 / seconds
        lines.append([label, shown(seconds), _number(one), _number(2 * one * kept),
                      _hours(1000 * seconds / (2 * kept))])  # fmt: skip
    return table(lines, ["world", "seconds a run", "runs a minute, 1 core", "2 cores",
                         "1,000 runs on 2 cores"])  # fmt: skip


def cores(figures: dict[str, dict[str, float]]) -> str:
    """What to expect of more cores: how long studies of Meridian take."""
    each = figures["default"]["runs a minute on 2 cores"] / 2
    studies = (("one contrast, 100 pairs", 200), ("1,000 points, 20 runs each", 20_000),
               ("a million runs", 1_000_000))  # fmt: skip
    lines = []
    for count in CORES:
        said = "measured" if count == 2 else "extrapolated"
        times = [_hours(START * (count > 2) + 60 / each * -(-runs // count))
                 for _, runs in studies]  # fmt: skip
        lines.append([f"{count:,}", said, _number(each * count), *times])
    return table(lines, ["cores", "", "runs a minute", *[name for name, _ in studies]])


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _hours(seconds: float) -> str:
    """A time in the unit that fits."""
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 1.5 * size:
            return f"{_number(seconds / size)} {unit}"
    return f"{seconds:.0f} seconds"
