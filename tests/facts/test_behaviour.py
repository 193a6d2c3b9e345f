"""How runs behave over decades: nothing grows without bound, and what measures a cycle sees one."""

import numpy as np
import pytest
from tocsin.experiments.methods.facts.behaviour import LAGS, echo, swing
from tocsin.simulation.model import BorderModel
from tocsin.simulation.scenario.files import load

YEARS = 50
UNDEFINED = ("record", "patrols.held", "integrity.held")  # not a number where nothing is held


def test_nothing_compounds_over_fifty_years():
    """One run; every state is finite, and in the second half at most thrice what it was before."""
    model = BorderModel(load("baseline").with_length(52 * YEARS), rng=11, events=False)
    most: dict[str, list[float]] = {}
    for week in range(52 * YEARS):
        model.step()
        if week % 26 == 25:
            for name, values in model.state().items():
                if values.dtype.kind != "f" or name.startswith(
                    ("record", "patrols.held", "integrity.held")
                ):
                    continue  # not a number where nothing is held or defined
                assert np.isfinite(values).all(), (name, week)
                reach = float(np.abs(values).max()) if values.size else 0.0
                most.setdefault(name, []).append(reach)
    assert len(most["cooperation.trust"]) == 2 * YEARS
    whole = {name for name, reaches in most.items() if len(reaches) == 2 * YEARS}
    assert len(whole) > 60
    for name in whole:
        early, late = max(most[name][2:YEARS]), max(most[name][YEARS:])
        assert late <= 3 * early + 1e-9, name
    assert model.world.networks.modus.max() < 52 * YEARS
    count = model.record.series()["networks_active"]
    assert count.iloc[104:].min() > 10  # no collapse
    assert model.record.series()["delivered"].iloc[-520:].sum() > 0


def _wave(period):
    chance = np.random.default_rng(4)
    weeks = np.arange(1040)
    rows = [np.sin(2 * np.pi * (weeks / period + lag)) for lag in (0.0, 0.3)]
    return np.column_stack(rows) + 0.3 * chance.normal(size=(1040, 2))


@pytest.mark.parametrize(("period", "last"), [(12, 16), (30, 52)])
def test_a_cycle_is_seen(period, last):
    assert swing(echo(_wave(period)), last) > 0.5


def test_noise_without_memory_is_no_cycle():
    """Sampling errors of two means of 10 series of 1040 weeks are about 0.01."""
    noise = np.random.default_rng(5).normal(size=(1040, 10))
    of = echo(noise)
    assert of.size == LAGS
    assert of[0] == pytest.approx(1.0)
    assert swing(of, 52) < 0.1


def test_a_series_that_never_moves_has_no_echo():
    assert np.isnan(echo(np.ones((300, 2)))).all()
