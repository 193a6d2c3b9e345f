"""Nothing is read or written beside an array: what waits longest fits, and kernels are checked.

``TOCSIN_CHECK_KERNELS=1`` compiles the kernels with bounds checks, see
`simulation/kernels/compiling/`; the tests below run them so in a program of their own.
"""

import os
import subprocess
import sys
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tocsin.simulation.mechanisms.agencies.intelligence import HORIZON
from tocsin.simulation.mechanisms.agencies.investigation import CaseFiles
from tocsin.simulation.parameters import Investigation, table
from tocsin.simulation.run import run

TOP = Path(__file__).parents[2]
MOST = {row.key: int(row.high) for row in table() if isinstance(row.high, int | float)}
DELAY, ASSISTANCE = MOST["intelligence.delay_weeks"], MOST["legal.mla_weeks"]


def _arrival(now, delay, assistance, alike):
    """In which week evidence of this week comes, and in which it should."""
    rules = Investigation(foreign_weight=0.0, court_weight=1.0)
    files, one = CaseFiles(np.zeros((2, 1), dtype=np.uint64), rules), np.ones(1, dtype=np.int64)
    out = now + 1 + delay
    files.send(now, one * out, np.array([[False, True]]), one * 0, one * 0,
               np.full((2, 2), alike), np.ones(2), float(assistance), rules)  # fmt: skip
    for week in range(now + 1, now + 2 * HORIZON):
        if files.pass_week(week) > 0:
            return week, out + int(np.rint(assistance * (1.5 - alike)))
    raise AssertionError("it never came")


def test_the_longest_wait_that_the_table_allows_has_a_week_to_itself():
    came, due = _arrival(999, DELAY, ASSISTANCE, 1e-9)
    assert came == due == 999 + 1 + DELAY + ceil(1.5 * ASSISTANCE)
    assert due - 999 + 1 == HORIZON  # and not a week longer than needed


@settings(max_examples=60, deadline=None)
@given(now=st.integers(1, 5200), delay=st.integers(0, DELAY), assistance=st.integers(0, ASSISTANCE),
       alike=st.floats(1e-9, 1))  # fmt: skip
def test_evidence_comes_in_its_week_for_all_values_that_are_allowed(now, delay, assistance, alike):
    came, due = _arrival(now, delay, assistance, alike)
    assert came == due


def _checked(*command):
    return subprocess.run([sys.executable, *command], cwd=TOP, capture_output=True, text=True,
                          env=os.environ | {"TOCSIN_CHECK_KERNELS": "1", "PYTHONPATH": str(TOP)},
                          timeout=900)  # fmt: skip


NEVER = {  # kernels that a world may have no use for; the first world calls all
    "dark_net_2017": {"ties"}, "mediterranean": {"arrest", "ties"}, "customs": {"ties"},
}  # fmt: skip
RUNS = """
import sys

import numpy as np

from tocsin.simulation import kernels
from tocsin.simulation.kernels.compiling import CHECKED
from tocsin.simulation.kernels.compiling.checking import CALLS
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

assert CHECKED
world = load(sys.argv[1])
worst = {"intelligence.delay_weeks": 104, "legal.mla_weeks": 104, "cooperation.sharing": 1.0,
         "intelligence.interoperability": 1.0, "intelligence.watch_places": 200,
         "intelligence.disclosure": 0.5, "cooperation.mandates": ["share", "coordinate", "operate"]}
worst |= {f"countries.{code}.legal": 0.0 for code in world.grid.codes}
least = {"intelligence.delay_weeks": 0, "legal.mla_weeks": 0, "intelligence.watch_places": 1,
         "trafficking.known_at_most": 1, "world.networks": 1}
print(run(world, seed=1, weeks=60).fingerprint)
run(world.with_(worst), seed=1, weeks=300 if world.name == "baseline" else 60, events=False)
run(world.with_(least), seed=1, weeks=60)
print(*sorted(set(kernels.__all__) - set(CALLS)), sep=",", end=";")
try:
    kernels.hand_over(np.array([5]), np.ones(1, bool), np.ones(1, np.int64), np.zeros(1, np.int64),
                      np.zeros(1, np.int64))
except IndexError:
    print("beside")
"""


CUSTOMS = """
schema = 1
parent = "baseline"
title = "Customs beside police"
question = "Do agencies and countries have rows of their own?"
author = "A test"
description = "Two countries have customs."

[agencies.TAL-customs]
name = "Talmoria's customs"
kind = "customs"
officers = 120
capability = 0.5
at = ["crossings"]

[agencies.KUR-customs]
name = "Kurmania's customs"
kind = "customs"
officers = 60
capability = 0.4
at = ["crossings"]

[sources]
"agencies.*" = "assumption: a test"
"""


@pytest.mark.parametrize("world", ["baseline", "dark_net_2017", "mediterranean", "customs"])
def test_whole_runs_stay_within_their_arrays(world, tmp_path):
    if world == "customs":  # more agencies than countries
        (tmp_path / "customs.toml").write_text(CUSTOMS, encoding="utf-8")
    what = str(tmp_path / "customs.toml") if world == "customs" else world
    done = _checked("-c", RUNS, what)
    assert done.returncode == 0, done.stderr
    fingerprint, rest = done.stdout.split()
    idle, beside = rest.split(";")
    assert beside == "beside"  # the check is on
    assert set(filter(None, idle.split(","))) <= NEVER.get(world, set())
    assert fingerprint == run(what, seed=1, weeks=60).fingerprint


def test_the_tests_of_the_kernels_stay_within_their_arrays():
    done = _checked("-m", "pytest", "-q", "-p", "no:cacheprovider",
                    "tests/simulation/test_kernels.py")  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
