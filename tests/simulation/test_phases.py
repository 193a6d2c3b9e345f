"""The phase that stands with an indicator is the one that makes it."""

import inspect
import re
from typing import get_args

from simulation.indicators import INDICATORS
from simulation.model import BorderModel
from simulation.parameters import instruments
from simulation.scenario import load
from simulation.schedule import Schedule, Shock, Treatment

PHASES = re.findall(r"self\.(\w+)\(\)", inspect.getsource(BorderModel.step))
BUSY = {
    "cooperation.mandates": ["share", "coordinate", "operate"], "cooperation.sharing": 1.0,
    "intelligence.delay_weeks": 2, "intelligence.disclosure": 0.3, "legal.treaty": True,
    "investigation.operation_rate": 0.1, "legal.ratification_weeks": 40.0,
    "organisation.entry_weeks": 8.0, **dict.fromkeys(instruments(), 10.0),
}  # fmt: skip


def test_every_phase_that_is_named_is_one_of_the_week():
    assert len(PHASES) == 11
    assert {one.phase for one in INDICATORS.values()} <= set(PHASES)


def test_what_is_counted_is_counted_in_the_phase_that_is_named(monkeypatch):
    seen = {}

    def watched(name):
        phase = getattr(BorderModel, name)

        def run(model):
            before = dict(model.tally)
            phase(model)
            for counter, number in model.tally.items():
                if name != "measurement" and number != before.get(counter, 0):
                    seen.setdefault(counter, set()).add(name)

        return run

    for name in PHASES:
        monkeypatch.setattr(BorderModel, name, watched(name))
    model = BorderModel(load("baseline").with_(BUSY), rng=1)
    for _ in range(120):
        model.step()
    named = {name: one.phase for name, one in INDICATORS.items() if name in seen}
    assert len(named) > 12
    for name, phase in named.items():
        assert seen[name] == {phase}, name


def test_hits_of_tips_are_told_when_agencies_learn():
    source = inspect.getsource(inspect.getmodule(BorderModel).learn)
    assert "learn_from_watches" in source
    assert "learn(self)" in inspect.getsource(BorderModel.adaptation)
    assert INDICATORS["tip_hit_rate"].phase == "adaptation"
    assert INDICATORS["intelligence_age_at_use"].phase == INDICATORS["items_used"].phase


def test_a_schedule_may_hold_every_shock_and_treatment():
    said = str(inspect.signature(Schedule))
    for union in (Shock, Treatment):
        for kind in get_args(get_args(union)[0]):
            assert kind.__name__ in said


def test_modules_that_a_docstring_names_exist():
    import importlib

    import simulation.schedule

    for name in re.findall(r"`(simulation\.\w+)`", simulation.schedule.__doc__):
        importlib.import_module(name)
