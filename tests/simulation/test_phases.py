"""The phase that stands with an indicator is the one that makes it."""

import inspect
import re
from typing import get_args

from tocsin.simulation.agents import NationalAgencies
from tocsin.simulation.model import BorderModel
from tocsin.simulation.parameters import instruments
from tocsin.simulation.phases import PHASES
from tocsin.simulation.recording.indicators import INDICATORS
from tocsin.simulation.scenario.files import load
from tocsin.simulation.scenario.schedule import Schedule, Shock, Treatment

BUSY = {
    "cooperation.mandates": ["share", "coordinate", "operate"], "cooperation.sharing": 1.0,
    "intelligence.delay_weeks": 2, "intelligence.disclosure": 0.3, "legal.treaty": True,
    "investigation.operation_rate": 0.1, "legal.ratification_weeks": 40.0,
    "organisation.entry_weeks": 8.0, **dict.fromkeys(instruments(), 10.0),
}  # fmt: skip


def test_every_phase_that_is_named_is_one_of_the_week():
    assert len(PHASES) == 11
    assert {one.phase for one in INDICATORS.values()} <= {name for name, _ in PHASES}


def test_what_is_counted_is_counted_in_the_phase_that_is_named():
    seen = {}

    def watched(name, phase):
        def run(world, cast, notes):
            before = dict(notes.tally)
            phase(world, cast, notes)
            for counter, number in notes.tally.items():
                if name != "measurement" and number != before.get(counter, 0):
                    seen.setdefault(counter, set()).add(name)

        return name, run

    model = BorderModel(load("baseline").with_(BUSY), rng=1)
    model.phases = tuple(watched(*phase) for phase in PHASES)
    for _ in range(120):
        model.step()
    named = {name: one.phase for name, one in INDICATORS.items() if name in seen}
    assert len(named) > 12
    for name, phase in named.items():
        assert seen[name] == {phase}, name


def test_hits_of_tips_are_told_when_agencies_learn():
    assert "record.watches.append" in inspect.getsource(NationalAgencies.learn)
    assert "agencies.learn(" in inspect.getsource(dict(PHASES)["adaptation"])
    assert INDICATORS["tip_hit_rate"].phase == "adaptation"
    assert INDICATORS["intelligence_age_at_use"].phase == INDICATORS["items_used"].phase


def test_a_schedule_may_hold_every_shock_and_treatment():
    said = str(inspect.signature(Schedule))
    for union in (Shock, Treatment):
        for kind in get_args(get_args(union)[0]):
            assert kind.__name__ in said


def test_modules_that_a_docstring_names_exist():
    import importlib

    import tocsin.simulation.scenario.schedule

    doc = tocsin.simulation.scenario.schedule.__doc__
    named = re.findall(r"`(tocsin\.simulation[.\w]+)`", doc)
    assert named
    for name in named:
        importlib.import_module(name)
