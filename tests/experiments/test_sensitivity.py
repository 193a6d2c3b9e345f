"""Sensitivity on functions whose answer is known, through the same engine, store and analysis."""

import numpy as np
import pytest
from tocsin.experiments.design.points import Axis
from tocsin.experiments.design.study import Design, Replications, Study
from tocsin.experiments.running.engine import Here
from tocsin.experiments.running.sweep import sweep
from tocsin.experiments.unknowns.discovery import prim
from tocsin.experiments.unknowns.sensitivity import (
    convergence,
    effects,
    levels,
    morris_effects,
    response,
    shares_of_interest,
    sobol_indices,
)
from tocsin.simulation.errors import InputError

CIRCLE = tuple(Axis(name, -np.pi, np.pi) for name in ("x1", "x2", "x3"))
# Ishigami and Homma 1990 with a = 7 and b = 0.1; variances by integration.
WHOLE = 7**2 / 8 + 0.1 * np.pi**4 / 5 + 0.1**2 * np.pi**8 / 18 + 1 / 2
FIRST = {"x1": (1 + 0.1 * np.pi**4 / 5) ** 2 / 2 / WHOLE, "x2": 7**2 / 8 / WHOLE, "x3": 0.0}
JOINT = 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50) / WHOLE
TOTAL = {"x1": FIRST["x1"] + JOINT, "x2": FIRST["x2"], "x3": JOINT}


def _ishigami(values, seed):
    x1, x2, x3 = (values[key] for key in ("x1", "x2", "x3"))
    return {"y": np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)}


def _plane(values, seed):
    noise = np.random.default_rng(seed).normal()
    bonus = 6.0 if values["word"] == "b" else 0.0
    return {"y": 3 * values["a"] - values["b"] + 8 * values["a"] * values["b"] + bonus + noise}


@pytest.fixture(scope="module")
def ishigami(tmp_path_factory):
    """16,384 calls; the design is fixed, so the test has no false alarms."""
    folder = tmp_path_factory.mktemp("ishigami") / "store"
    return sweep(Study(_ishigami, CIRCLE, Design("sobol", 2048)), folder, engine=Here())


@pytest.fixture(scope="module")
def plane(tmp_path_factory):
    axes = (Axis("a", 0, 1), Axis("b", 0, 1), Axis("word", values=("a", "b")))
    study = Study(_plane, axes, Design("grid", 4), Replications(5, 5), levers=("a", "b"))
    return sweep(study, tmp_path_factory.mktemp("plane") / "store", engine=Here())


def test_sobol_indices_of_the_ishigami_function(ishigami):
    single, pairs = sobol_indices(ishigami, "y")
    for row in single.itertuples():
        assert row.first_low <= FIRST[row.key] <= row.first_high
        assert row.total_low <= TOTAL[row.key] <= row.total_high
        assert row.total_high - row.total_low < 0.3
    joint = pairs.set_index(["first", "second"]).loc[("x1", "x3")]
    assert joint.low <= JOINT <= joint.high
    assert joint.low > 0


def test_morris_sees_what_matters_and_what_is_not_additive(tmp_path):
    study = Study(_ishigami, CIRCLE, Design("morris", 30))
    found = morris_effects(sweep(study, tmp_path / "s", engine=Here()), "y").set_index("key")
    assert (found.mu_star_low > 0).all()
    assert abs(found.mu["x2"]) < found.mu_star["x2"] / 2  # it goes up and down
    assert found.sigma["x2"] > 1


def test_effects_and_interactions_of_a_plane(plane):
    found = effects(plane, "y").set_index("term")
    assert found.effect["a"] == pytest.approx(3 + 4)
    assert found.effect["b"] == pytest.approx(-1 + 4)
    assert found.effect["a x b"] == pytest.approx(8)
    assert found.effect["word=b"] == pytest.approx(6)
    assert found.effect["b x word=b"] == pytest.approx(0, abs=1e-9)
    assert found.attrs["fit"] == pytest.approx(1)


def test_response_levels_and_convergence(plane):
    table = response(plane, "y")
    assert (table.n == 5).all()
    assert ((table.low < table["mean"]) & (table["mean"] < table.high)).all()
    curve = levels(plane, "y", "a")
    assert np.diff(curve["mean"]).tolist() == pytest.approx([7 / 3] * 3)
    assert levels(plane, "y", "word")["value"].tolist() == ["a", "b"]
    shrinking = convergence(plane, "y")
    assert shrinking.replications.tolist() == [2, 3, 4, 5]
    assert (shrinking.worst >= shrinking["median"]).all()


def _corner(values, seed):
    inside = values["a"] > 0.6 and values["b"] < 0.5
    return {"y": 3.0 * inside + np.random.default_rng([seed, int(1e6 * values["c"])]).normal()}


def test_a_corner_of_a_replicated_study_is_found(tmp_path):
    axes = (*(Axis(name) for name in "abc"), Axis("word", values=("x", "y")))
    study = Study(_corner, axes, Design("latin_hypercube", 150), Replications(4, 4))
    inputs, weights = shares_of_interest(sweep(study, tmp_path / "s", engine=Here()), "y", low=1.5)
    assert list(inputs) == ["a", "b", "c"]
    assert set(np.unique(weights * 4)) == {0, 1, 2, 3, 4}
    best = prim(inputs, weights)[0]
    assert set(best.limits) == {"a", "b"}
    assert best.limits["a"][0] == pytest.approx(0.6, abs=0.1)
    assert best.density == pytest.approx(weights[best.holds(inputs)].mean())
    assert best.density > 0.7


def test_analysis_that_a_design_does_not_allow_is_refused(plane, ishigami):
    with pytest.raises(InputError, match="its design is grid, not sobol"):
        sobol_indices(plane, "y")
    with pytest.raises(InputError, match="its design is sobol, not morris"):
        morris_effects(ishigami, "y")
    with pytest.raises(InputError, match="not kept by this study"):
        response(plane, "z")
