"""Calibration recovers what made synthetic targets, and says when it cannot."""

import numpy as np
import pytest
from tocsin.experiments.design.points import Axis
from tocsin.experiments.design.study import Replications, Study
from tocsin.experiments.design.study_files import read
from tocsin.experiments.methods.calibration import Target, calibrate, narrowed, targets_of
from tocsin.experiments.running.engine import Here
from tocsin.experiments.running.sweep import sweep
from tocsin.experiments.telling.analysis import page
from tocsin.simulation.errors import InputError

TRUTH = {"a": 0.3, "b": 7}
AXES = (Axis("a", 0, 1), Axis("b", 0, 20, whole=True), Axis("idle", 0, 1))


def _world(values, seed):
    noise = np.random.default_rng([seed, 4]).normal(size=2)
    return {"first": values["a"] * 10 + values["b"] + 0.1 * noise[0],
            "second": values["b"] - 5 * values["a"] + 0.1 * noise[1]}  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Targets are what the true values show with other luck than the fit; all seeds are fixed."""
    shown = [_world(TRUTH, seed) for seed in range(500, 510)]
    targets = [Target(name, float(np.mean([one[name] for one in shown])), 0.4)
               for name in ("first", "second")]  # fmt: skip
    study = Study(_world, AXES, replications=Replications(3, 3))
    folder = tmp_path_factory.mktemp("calibration") / "c"
    return calibrate(study, targets, folder, particles=80, engine=Here()), targets, study, folder


def test_known_values_are_recovered(found):
    made = found[0]
    assert made.met
    table = narrowed(made.posterior, AXES).set_index("key")
    assert table.low["a"] < 0.3 < table.high["a"]
    assert table.low["b"] <= 7 <= table.high["b"]
    assert table.left["a"] < 0.3
    assert table.left["b"] < 0.3
    assert table.left["idle"] > 0.7


def test_the_sample_shows_the_targets_with_new_luck(found):
    made, targets, *_ = found
    assert made.check.indicator.tolist() == [target.indicator for target in targets]
    assert (made.check.within > 0.8).all()
    assert ((made.check.low < made.check.target) & (made.check.target < made.check.high)).all()


def test_thresholds_fall_and_a_second_call_finds_the_same(found):
    made, targets, study, folder = found
    assert made.rounds.distance.is_monotonic_decreasing
    assert len(made.posterior) == 80
    again = calibrate(study, targets, folder, particles=80, engine=Here(),
                      progress=_nothing_to_do)  # fmt: skip
    assert again.posterior.equals(made.posterior)


def _nothing_to_do(name, done, total):
    assert done == total, name


def test_the_sample_weighs_points_as_the_prior_does(tmp_path):
    """With a target that everything meets, the posterior is the prior."""
    study = Study(_world, (Axis("a", 0, 1), Axis("b", 0, 20)))
    made = calibrate(study, [Target("first", 15, 100)], tmp_path, particles=200, engine=Here())
    assert len(made.rounds) == 1
    assert made.posterior["a"].mean() == pytest.approx(0.5, abs=0.02)


def test_weights_undo_the_drift_of_the_rounds(tmp_path):
    """A tenth of the range meets the target; the posterior is even on it (5 sd of 300 draws)."""
    study = Study(lambda values, seed: {"x": values["a"]}, (Axis("a", 0, 1),))
    made = calibrate(study, [Target("x", 0.0, 0.1)], tmp_path, particles=300, engine=Here())
    assert made.met
    assert made.posterior["a"].mean() == pytest.approx(0.05, abs=5 * 0.1 / np.sqrt(12 * 300))
    assert made.posterior["a"].std() == pytest.approx(0.1 / np.sqrt(12), rel=0.15)


def test_targets_out_of_reach_are_said_to_be_missed(tmp_path):
    study = Study(_world, AXES[:2])
    made = calibrate(study, [Target("first", 100, 1)], tmp_path, particles=20, rounds=3,
                     engine=Here())  # fmt: skip
    assert not made.met
    assert (made.check.within == 0).all()


def test_a_posterior_sample_serves_later_studies(tmp_path):
    (tmp_path / "fit.csv").write_text(
        "intelligence.disclosure,intelligence.watch_places\n0.02,10\n0.03,20\n0.04,30\n"
    )
    (tmp_path / "next.toml").write_text("""
schema = 1
title = "After a fit"
question = "What does sharing do where the model shows the figures?"
author = "The Tocsin contributors"
base = "baseline"
weeks = 10
indicators = ["delivered"]
[levers]
cooperation.sharing = { values = [0.0, 1.0], reason = "test" }
[posterior]
file = "fit.csv"
""")
    store = sweep(read(tmp_path / "next.toml"), tmp_path / "store", engine=Here())
    assert "3 rows of a posterior sample" in page(store)
    table = store.runs()
    assert len(table) == 6
    drawn = table[["intelligence.disclosure", "intelligence.watch_places"]].drop_duplicates()
    assert sorted(drawn.itertuples(index=False, name=None)) == [(0.02, 10), (0.03, 20), (0.04, 30)]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "needs figures to fit"),
        ({"targets": {"deliverd": {}}}, "nearest: 'delivered'"),
        ({"targets": {"delivered": {"value": 1}}}, "tolerance: missing"),
        ({"targets": {"delivered": {"value": 1, "tolerance": 0, "source": "x"}}}, "not above 0"),
    ],
)
def test_wrong_targets_are_refused(table, words):
    with pytest.raises(InputError, match=words):
        targets_of(table, ["delivered"])


def test_levers_are_not_fitted(tmp_path):
    study = Study(_world, AXES, levers=("a",))
    with pytest.raises(InputError, match="assumptions only"):
        calibrate(study, [Target("first", 1, 1)], tmp_path)
