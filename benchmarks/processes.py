"""Work in a fresh process: what it takes from nothing, and how much memory it needs."""

import json
import os
import subprocess
import sys
import sysconfig
import timeit
from importlib.metadata import version
from pathlib import Path
from platform import machine, python_version, system
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CALL = """
import json
from benchmarks.{module} import {function}
from benchmarks.processes import peak_mb
found = {function}(*{arguments!r})
print(json.dumps([found, peak_mb()]))
"""


def seconds(*arguments: str) -> float:
    """Seconds of a Python process from its start to its end."""
    start = perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)  # fmt: skip
    return perf_counter() - start


def fresh(module: str, function: str, *arguments: object) -> tuple[Any, float]:
    """What a function of a benchmark returns in a process of its own, and its peak in MB."""
    code = CALL.format(module=module, function=function, arguments=arguments)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True,
                          stdout=subprocess.PIPE, text=True)  # fmt: skip
    found, peak = json.loads(done.stdout.splitlines()[-1])
    return found, peak


def peak_mb() -> float:
    """Largest resident memory of this process so far."""
    status = Path("/proc/self/status")
    if status.exists():  # the other counter takes over the size of the parent
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def described() -> list[list[str]]:
    """The machine and the versions, without names of hosts or paths."""
    import psutil

    model = machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if system() == "Linux" else ():
        if line.startswith("model name"):
            model = f"{line.split(':')[1].strip()} ({machine()})"
            break
    tools = ["tocsin", "mesa", "numpy", "numba", "scipy", "pandas"]
    return [
        ["processor", model],
        ["cores", str(os.cpu_count())],
        ["memory", f"{psutil.virtual_memory().total / 2**30:.0f} GB"],
        ["system", system()],
        ["Python", f"{python_version()}{_build()}; a pass of a loop that adds: {_pace():.0f} ns"],
        ["versions", ", ".join(f"{tool} {version(tool)}" for tool in tools)],
        ["C compiler", compiler() or "none"],
    ]


def _build() -> str:
    """Whether this Python was built to be fast; empty where that is not told."""
    told = sysconfig.get_config_var("CONFIG_ARGS")
    if not told:
        return ""
    return f", built {'with' if '--enable-optimizations' in told else 'without'} optimisations"


def _pace() -> float:
    """Nanoseconds that plain Python takes here to add one number: to compare machines by."""
    rounds = timeit.repeat("for i in range(1000): total += i", "total = 0", number=200, repeat=9)
    return 1e9 * min(rounds) / 200_000


def compiler() -> str:
    """The first line that gcc says about itself; empty if there is none."""
    import shutil

    if shutil.which("gcc") is None:
        return ""
    done = subprocess.run(["gcc", "-dumpfullversion"], capture_output=True, text=True, check=False)
    return f"gcc {done.stdout.strip()}"
