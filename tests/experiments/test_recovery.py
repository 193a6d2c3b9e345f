"""Calibration on figures that the model itself has made finds the values that made them."""

import numpy as np
from tocsin.experiments.design.points import Axis
from tocsin.experiments.design.published import Figure
from tocsin.experiments.design.study import Replications, ScenarioTask, Study
from tocsin.experiments.methods.calibration import Target, calibrate, narrowed
from tocsin.experiments.methods.facts.one_road import one_road
from tocsin.experiments.running.engine import Here

TRUTH = {"detection.hazard": 0.12, "organisation.refill_weeks": 25.0}
AXES = (Axis("detection.hazard", 0.02, 0.3), Axis("organisation.refill_weeks", 10.0, 150.0))
FIGURES = (
    Figure("intercepted", sum=("seized",), over=("seized", "delivered")),
    Figure("refilled", sum=("members_total",), over=("networks_active",)),
)
FAR = 50_000  # seeds of the truth, which the fit never uses


def _recovered(task, folder, particles, rounds, engine):
    made = [task(TRUTH, FAR + seed).values for seed in range(8)]
    targets = []
    for figure in FIGURES:
        shown = np.array([one[figure.name] for one in made])
        targets.append(Target(figure.name, shown.mean(), 2 * shown.std(ddof=1)))
    study = Study(task, AXES, replications=Replications(2, 2))
    with engine:
        fit = calibrate(study, targets, folder, particles=particles, rounds=rounds, engine=engine)
    return fit, narrowed(fit.posterior, AXES).set_index("key")


def test_a_world_of_one_road_gives_its_values_back(tmp_path):
    """All seeds are fixed; a 90 % interval would miss in one of ten worlds."""
    task = ScenarioTask(one_road().with_length(52), (), figures=FIGURES)
    fit, found = _recovered(task, tmp_path / "c", 20, 3, Here())
    assert found.low["detection.hazard"] < 0.12 < found.high["detection.hazard"]
    assert found.left["detection.hazard"] < 0.5
    assert fit.check.within[fit.check.indicator == "intercepted"].item() > 0.5
