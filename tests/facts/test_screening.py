"""Screening: it finds what decides, and leaves alone what does not matter."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tocsin.experiments.methods.screening import (
    ANSWERS,
    Answers,
    assumptions,
    candidates,
    divided,
    morris_study,
    moved,
    sobol_study,
)
from tocsin.experiments.methods.sensitivity_page import markdown
from tocsin.experiments.running.engine import Here
from tocsin.experiments.running.sweep import sweep
from tocsin.experiments.unknowns.decisive import FIVE, decisive, ranked
from tocsin.simulation.parameters import table
from tocsin.simulation.scenario.files import load


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


KEYS = ("detection.hazard", "beliefs.rumour", "organisation.split", "innovation.rate")
AXES = [axis for axis in assumptions() if axis.key in KEYS]


def _toy(values, seed):
    """Hazard moves every answer, rumour a third as much, the others nothing; and some luck."""
    luck = int(values.get("luck", seed))
    mixed = int(1e6 * (values["organisation.split"] + values["innovation.rate"]))
    noise = np.random.default_rng([luck, mixed]).normal()
    clear = 30 * values["detection.hazard"] + 8 * values["beliefs.rumour"]
    return dict.fromkeys(ANSWERS, clear + 0.05 * noise)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    study = replace(morris_study(AXES, 8, 52), task=_toy)
    store = sweep(study, tmp_path_factory.mktemp("morris") / "s", engine=Here())
    return moved(store, AXES, 8)


def test_the_first_step_tells_what_moves_from_what_only_shuffles_luck(first):
    """All seeds are fixed; by itself a figure passes the margin of luck once in a hundred."""
    one = first[first.answer == ANSWERS[0]].set_index("assumption")
    assert one.slope["detection.hazard"] == pytest.approx(30 * 0.24, rel=0.1)
    assert one.slope["beliefs.rumour"] == pytest.approx(8 * 0.15, rel=0.1)
    assert one.share["detection.hazard"] > 0.8
    assert one.share[["organisation.split", "innovation.rate"]].to_numpy().max() < 0.01
    assert one.strength["organisation.split"] < 3 * one.luck["organisation.split"]
    assert [axis.key for axis in candidates(first, AXES, 2)] == ["detection.hazard",
                                                                 "beliefs.rumour"]  # fmt: skip


def test_the_second_step_divides_the_variance(first, tmp_path):
    """Linear in two axes: shares of variance are those of the squared ranges."""
    few = candidates(first, AXES, 4)
    study = replace(sobol_study(few, 256, 2, 52), task=_toy)
    found = divided(sweep(study, tmp_path / "s", engine=Here()), few, 256)
    one = found[found.answer == ANSWERS[0]].set_index("assumption")
    wanted = 3.6**2 / (3.6**2 + 1.2**2)
    assert one.total["detection.hazard"] == pytest.approx(wanted, abs=0.12)
    assert one.total["organisation.split"] < 0.02
    assert 0 < one.luck.iloc[0] < 0.01
    order = ranked(found)
    assert order.assumption.tolist()[:2] == ["detection.hazard", "beliefs.rumour"]
    first.assign(weeks=52).to_csv(tmp_path / "sensitivity.csv", index=False)
    found.assign(weeks=52).to_csv(tmp_path / "sensitivity_sobol.csv", index=False)
    text = markdown(tmp_path)
    assert text.index("| `detection.hazard` |") < text.index("| `beliefs.rumour` |")
    assert "in runs of 52 weeks" in text


def test_policies_and_base_share_the_luck_of_a_point():
    """Programmes begin to be felt after 26 weeks; news is never early enough to change week 1."""
    values = {"capacity.build_rate": 0.05, "luck": 3}
    found = Answers(60)(values, 0)
    assert set(ANSWERS) < set(found)
    assert found == Answers(60)(values, 1)
    assert found["more_capacity.delivered"] != 0
    early = Answers(1)(values, 0)
    assert early["more_capacity.interception_rate"] == 0
    assert np.isnan(early["more_capacity.delivered"])  # nothing has arrived yet


def test_the_five_of_the_reports_are_assumptions_of_the_table():
    rows = {row.key: row for row in table()}
    found = decisive()
    assert len(found) == FIVE
    for one in found:
        assert rows[one.key].kind == "assumption"
        assert f"{one.policy}.{one.indicator}" in ANSWERS
        assert one.source
    assert [one.key for one in found] == ranked(
        pd.read_csv(Path(__file__).parents[2] / "docs" / "sensitivity_sobol.csv")
    ).assumption.tolist()[:FIVE]
