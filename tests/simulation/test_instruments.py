"""Every instrument of the coordinator reaches somebody: money for it changes more than the cost."""

import pytest
from tocsin.simulation.parameters import instruments
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

WEEKS = 60  # one yearly evaluation is in it


@pytest.fixture(scope="module")
def ready():
    """Meridian with all mandates, an open treaty and fresh news, where nothing is paid for."""
    return load("baseline").with_({
        "cooperation.mandates": ["share", "coordinate", "operate"],
        "intelligence.delay_weeks": 6,  # fresh enough for a unit, slow enough for liaison
        "legal.treaty": True,
        "legal.ratification_weeks": 40.0,
    })  # fmt: skip


@pytest.fixture(scope="module")
def unpaid(ready):
    return run(ready, weeks=WEEKS, events=False).series


@pytest.mark.parametrize("key", instruments())
def test_money_does_more_than_cost(key, ready, unpaid):
    paid = run(ready.with_({key: 20.0}), weeks=WEEKS, events=False).series
    moved = {name for name in paid if not paid[name].equals(unpaid[name])}
    assert any(name.startswith("cost_") for name in moved)
    assert any(not name.startswith(("cost_", "budget_")) for name in moved), key
