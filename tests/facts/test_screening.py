"""Screening: it finds what decides, and leaves alone what does not matter."""

import pandas as pd

from experiments.design import Axis
from experiments.screening import POLICIES, assumptions, markdown, screen
from simulation.parameters import table
from simulation.scenario import load


def test_every_numeric_assumption_is_varied_inside_its_bounds():
    axes = {axis.key: axis for axis in assumptions()}
    rows = [row for row in table() if row.kind == "assumption" and row.type in ("int", "float")]
    assert {row.key for row in rows if row.default} == set(axes)
    base = load("baseline")
    for row in rows:
        axis = axes[row.key]
        assert axis.low < row.default < axis.high or row.default in (row.low, row.high)
        ends = (axis.low, axis.high)
        for end in ends:
            base.with_({row.key: int(end) if axis.whole else end})


def test_what_cannot_matter_has_no_effect_and_what_must_has_one():
    """No virtual market on Meridian: its investigators are no assumption that can move anything.

    Training that builds ten times as fast has to move what training does.
    """
    axes = [Axis("detection.cyber_reference", 10, 40), Axis("capacity.build_rate", 0.001, 0.05)]
    found = screen(2, 110, workers=1, axes=axes)
    assert list(found.runs.unique()) == [2 * 3 * 4]
    strength = found[found.answer == "more_capacity"].set_index("assumption")["effect"]
    assert strength["detection.cyber_reference"] == 0
    assert strength["capacity.build_rate"] > 0
    text = markdown(found)
    assert text.index("`capacity.build_rate` |") < text.index("`detection.cyber_reference` |")
    assert f"24 runs of {110} weeks" in text


def test_the_page_follows_from_the_figures():
    rows = [(key, policy, 0.01 * n, 0.0, 8, 2, 52) for n, key in enumerate("abc", 1)
            for policy in POLICIES]  # fmt: skip
    names = ["assumption", "answer", "effect", "spread", "runs", "trajectories", "weeks"]
    text = markdown(pd.DataFrame(rows, columns=names))
    assert "| `c` | 3.0 | 3.0 | 3.0 |" in text
    assert "most decisive over all three answers: `c`, `b`, `a`." in text
