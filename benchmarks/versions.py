"""A default run beside that of an earlier commit, in one round.

python -m benchmarks against COMMIT

Both sides run the same weeks in turns, each in a process of its own. What is compared is the least
time of each week over the rounds: what else the machine does then counts for little, and a
difference of one part in a hundred can be seen. Nothing but Git and this environment is needed; an
earlier commit must run with the packages of today.
"""

import io
import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure

TOP = Path(__file__).parents[1]
SCENARIO, ROUNDS, SEED = "baseline", 14, 1
SIDE = """
import importlib, json, sys
from time import perf_counter_ns as clock
home, name, scenario = sys.argv[1:]
sys.path.insert(0, home)
module = importlib.import_module(name)
assert module.__file__.startswith(home), f"{module.__file__} is not below {home}"
for asked in sys.stdin:
    model, weeks = module.BorderModel(scenario, rng=int(asked), events=False), []
    while model.running:
        start = clock()
        model.step()
        weeks.append(clock() - start)
    print(json.dumps(weeks), flush=True)
"""


def against(commit: str, rounds: int = ROUNDS) -> list[Figure]:
    """How long a default run takes, relative to that of a commit.

    Raises `subprocess.CalledProcessError` if Git does not know the commit.
    """
    with tempfile.TemporaryDirectory() as folder:
        then = _laid_out(_archived(commit, Path(folder) / "then"), Path(folder) / "names then")
        now = _laid_out(TOP, Path(folder) / "names now")
        theirs, ours = least([then, now], rounds)
    return [Figure(f"a default run beside {commit}", float(ours.sum() / theirs.sum()), "x",
                   *[f"{side.sum() / 1e6:.0f} ms, the least of {rounds} rounds week by week"
                     for side in (ours, theirs)])]  # fmt: skip


def least(sides: list[tuple[Path, str]], rounds: int) -> list[NDArray[np.int64]]:
    """Least nanoseconds of each week on each side; the sides run in turns, after one warm run."""
    running = [
        subprocess.Popen([sys.executable, "-c", SIDE, home, module, SCENARIO], text=True,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for home, module in sides
    ]  # fmt: skip
    try:
        found = [[_run(process) for process in running] for _ in range(rounds + 1)][1:]
    finally:
        for process in running:
            process.communicate()
    return list(np.array(found).min(axis=0))


def _run(process: "subprocess.Popen[str]") -> list[int]:
    """Nanoseconds of each week of one more run."""
    assert process.stdin is not None and process.stdout is not None
    print(SEED, file=process.stdin, flush=True)
    return json.loads(process.stdout.readline())


def _archived(commit: str, folder: Path) -> Path:
    """The files of a commit."""
    packed = subprocess.run(["git", "archive", commit], cwd=TOP, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


def _laid_out(top: Path, names: Path) -> tuple[Path, str]:
    """A folder from which a tree's packages are imported under their names; that of the model."""
    project = tomllib.loads((top / "pyproject.toml").read_text(encoding="utf-8"))
    homes = project["tool"]["setuptools"].get("package-dir", {})
    if not homes:
        return top, "simulation.model"
    (names / "tocsin").mkdir(parents=True)
    for entry in (top / "tocsin").iterdir():
        (names / "tocsin" / entry.name).symlink_to(entry)
    for name, folder in homes.items():
        names.joinpath(*name.split(".")).symlink_to(top / folder)
    return names, "tocsin.simulation.model"
