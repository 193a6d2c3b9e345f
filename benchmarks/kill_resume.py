"""A study of 2,000 short runs, killed with SIGKILL at 20 random moments, against one left alone.

python benchmarks/kill_resume.py [RUNS [KILLS]]

The study that is left alone is timed, and the moments are drawn so that what is left by then is
spread over the kills to come: all of them fall before the end on a machine without much other
work. Some come while the sweep still starts, or before anything new was kept. Prints the moments,
what had been kept by then, and whether the data are identical.
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tocsin.experiments.running.store import Store
from tocsin.experiments.running.sweep import FLUSH_SECONDS

STUDY = """
schema = 1
title = "Killed again and again"
question = "Does it end with the same data?"
author = "The Tocsin contributors"
base = "all_three"
weeks = 52
indicators = ["delivered", "seized", "interception_rate"]
series = ["delivered"]
[levers]
"cooperation.sharing" = {{ low = 0.0, high = 1.0, reason = "the whole range" }}
"intelligence.delay_weeks" = {{ low = 0, high = 52, reason = "up to a year" }}
[design]
kind = "latin_hypercube"
points = {points}
[replications]
number = 10
"""


def main() -> None:
    """Run both, compare them, and fail if they differ."""
    runs, kills = (int(text) for text in [*sys.argv[1:], "2000", "20"][:2])
    moments = random.Random(20)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "study.toml").write_text(STUDY.format(points=runs // 10))
        started = time.perf_counter()
        process = _sweep(folder, "alone")
        while process.poll() is None and not _parts(folder / "alone"):
            time.sleep(0.05)
        start = time.perf_counter() - started - FLUSH_SECONDS[0]
        process.wait()
        alone = time.perf_counter() - started
        killed = 0
        for kill in range(1, kills + 1):
            kept = len(Store(folder / "killed").ledger()) if _parts(folder / "killed") else 0
            left = (alone - start) * (1 - kept / runs)
            pause = moments.uniform(0, start + 1.2 * left / (kills + 2 - kill))
            process = _sweep(folder, "killed")
            try:
                process.wait(pause)
                print("finished before it could be killed again")
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            killed += 1
            kept = len(Store(folder / "killed").ledger()) if _parts(folder / "killed") else 0
            print(f"kill {kill:2} after {pause:5.1f} s: {kept:5} of {runs} runs kept", flush=True)
        _sweep(folder, "killed").wait()
        one, other = Store(folder / "alone"), Store(folder / "killed")
        rows = other.ledger()
        print(f"alone  {len(one.ledger())} runs in {alone:.0f} s, SHA-256 {one.digest()}")
        print(f"killed {len(rows)} runs, {killed} kills,  SHA-256 {other.digest()}")
        twice = int(rows.duplicated(["point", "replication"]).sum())
        same = one.digest() == other.digest() and len(rows) == runs and not twice
        same = same and killed == kills
        print("identical after all kills" if same else "NOT SHOWN")
        sys.exit(0 if same else 1)


def _sweep(folder: Path, name: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tocsin", "sweep", str(folder / "study.toml"), "--out",
               str(folder / name), "--workers", "2"]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _parts(folder: Path) -> int:
    return len(list(folder.glob("ledger/*.parquet")))


if __name__ == "__main__":
    main()
