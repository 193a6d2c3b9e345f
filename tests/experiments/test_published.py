"""Figures as statistics publish them: ratios of indicators, and properties of single cases."""

import numpy as np
import pytest
from tocsin.experiments.design.published import Figure, figures_of
from tocsin.experiments.design.study import ScenarioTask
from tocsin.experiments.design.study_files import read, toml
from tocsin.experiments.methods.calibration import targets_of
from tocsin.simulation.errors import InputError
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

SHORT = 40


@pytest.fixture(scope="module")
def finished():
    return run(load("baseline"), 3, SHORT)


def test_a_ratio_is_that_of_the_sums(finished):
    ends = finished.indicators
    codes = finished.scenario.grid.codes
    seized = tuple(f"seized_by[{code}]" for code in codes)
    assert Figure("f", sum=seized).of(finished) == ends["seized"]
    assert Figure("f", sum=("seized",), over=("seized", "delivered")).of(finished) == (
        pytest.approx(ends["seized"] / (ends["seized"] + ends["delivered"]))
    )
    assert Figure("f", sum=("seized",), over=("networks_failed",)).of(finished) is None


def test_cases_are_counted_cut_and_placed(finished):
    first = finished.scenario.parameters.measurement.from_week
    assert first > SHORT
    assert Figure("f", cases="dispersion").of(finished) is None
    early = run(load("baseline").with_({"measurement.from_week": 1}), 3, SHORT)
    log = early.events
    found = log[(log.kind == "seizure") & (log.amount >= 100)]
    weekly = np.bincount(found.week - 1, minlength=SHORT)
    figure = Figure("f", cases="dispersion", least=100)
    assert figure.of(early) == pytest.approx(weekly.var(ddof=1) / weekly.mean())
    spread = Figure("f", cases="ln_sd", least=100).of(early)
    assert spread == pytest.approx(np.log(found.amount).std(ddof=1))
    assert spread < Figure("f", cases="ln_sd").of(early)
    own = found[found.country == "TAL"].amount.sort_values(ascending=False)
    part = own.head(max(1, round(len(own) / 10))).sum() / own.sum()
    told = Figure("f", cases="largest_tenth", least=100, countries=("TAL",)).of(early)
    assert told == pytest.approx(part)


def test_the_fit_of_central_asia_keeps_its_figures():
    study, (table, _) = read("central_asia_fit"), toml("central_asia_fit")
    assert isinstance(study.task, ScenarioTask)
    names = [figure.name for figure in study.task.figures]
    targets = targets_of(table, [*study.task.indicators, *names])
    assert {target.indicator for target in targets} == {"produced", "market_price", *names}
    assert [target.indicator for target in targets if not target.fitted] == [
        "case_spread", "largest_cases", "weekly_dispersion", "market_price",
    ]  # fmt: skip
    assert study.described()["task"]["figures"][0]["name"] == "transit_share"
    assert all("assumption" in study.reasons[axis.key] for axis in study.axes)
    kept = ScenarioTask(
        study.task.base.with_length(120), ("produced",), figures=study.task.figures
    )({}, 1).values
    assert set(names) < set(kept)
    assert 0 < kept["kazakhstan_share"] < kept["transit_share"] < 0.1


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"over": ["produced"]}, "give sum"),
        ({"sum": ["sezied"]}, "nearest: 'seized'"),
        ({"sum": "seized"}, "not a list"),
        ({"cases": "sd"}, "allowed is ln_sd"),
        ({"cases": "ln_sd", "least": -1}, "whole number from 0"),
        ({"cases": "ln_sd", "countries": ["TAJ"]}, "is not there"),
        ({"sum": ["seized"], "per": 1}, "no such key"),
    ],
)
def test_a_figure_that_is_not_well_formed_is_refused(stated, words):
    with pytest.raises(InputError, match=words):
        figures_of({"f": stated}, ["produced", "seized"], ["TAL"])
    with pytest.raises(InputError, match="an indicator has that name"):
        figures_of({"seized": {"sum": ["seized"]}}, ["produced", "seized"], ["TAL"])
