"""A study of 2,000 short runs, killed with SIGKILL at 20 random moments, against one left alone.

python benchmarks/kill_resume.py [RUNS [KILLS]]

Prints the moments, what had been kept by then, and whether the data are identical at the end.
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from experiments.store import Store

STUDY = """
schema = 1
title = "Killed again and again"
question = "Does it end with the same data?"
author = "The Tocsin contributors"
base = "all_three"
weeks = 8
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
        _sweep(folder, "alone").wait()
        alone = time.perf_counter() - started
        killed = 0
        while killed < kills:
            before = _parts(folder / "killed")
            process = _sweep(folder, "killed")
            while process.poll() is None and _parts(folder / "killed") == before:
                time.sleep(0.05)  # a kill before anything new is kept would prove little
            time.sleep(moments.uniform(0, 0.8 * alone / kills))
            if process.poll() is not None:
                print("finished before it could be killed again")
                break
            process.kill()
            process.wait()
            killed += 1
            kept = len(Store(folder / "killed").ledger())
            print(f"kill {killed:2}: {kept:5} of {runs} runs kept", flush=True)
        _sweep(folder, "killed").wait()
        one, other = Store(folder / "alone"), Store(folder / "killed")
        rows = other.ledger()
        print(f"alone  {len(one.ledger())} runs in {alone:.0f} s, SHA-256 {one.digest()}")
        print(f"killed {len(rows)} runs, {killed} kills,  SHA-256 {other.digest()}")
        twice = int(rows.duplicated(["point", "replication"]).sum())
        same = one.digest() == other.digest() and len(rows) == runs and not twice
        print("identical" if same else "NOT IDENTICAL")
        sys.exit(0 if same else 1)


def _sweep(folder: Path, name: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tocsin", "sweep", str(folder / "study.toml"), "--out",
               str(folder / name), "--workers", "2"]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _parts(folder: Path) -> int:
    return len(list(folder.glob("ledger/*.parquet")))


if __name__ == "__main__":
    main()
