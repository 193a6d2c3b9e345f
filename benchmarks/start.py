"""What one waits for in a fresh process: help, the import, the first result."""

from statistics import median

from benchmarks.figures import Figure, alternating
from benchmarks.processes import seconds

COMMANDS = {
    "tocsin --help": ("-m", "tocsin", "--help"),
    "import tocsin": ("-c", "import tocsin"),
    "tocsin run baseline": ("-m", "tocsin", "run", "baseline"),
}
EMPTY = ("-c", "pass")


def measure() -> list[Figure]:
    """Medians in seconds, Python's own start included."""
    sides = [lambda given=given: seconds(*given) for given in (*COMMANDS.values(), EMPTY)]
    *spent, empty = alternating(sides)
    return [Figure(name, median(row), "s", other=f"Python alone: {median(empty):.3f} s")
            for name, row in zip(COMMANDS, spent, strict=True)]  # fmt: skip
