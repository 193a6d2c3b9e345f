"""What one country decides for itself: whom it tells nothing, its officers, its training."""

import pytest
from tocsin.simulation.errors import InputError
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

WEEKS = 104
OTHERS = ["ARV", "KUR", "LOR", "SEV", "VES"]


def items_from(run_, country: str) -> int:
    """Items of a country that the hub released."""
    events = run_.events
    return int(((events["kind"] == "release") & (events["country"] == country)).sum())


def test_who_tells_nobody_anything_is_silent_and_the_others_are_not() -> None:
    base = load("baseline")
    silent = run(base.with_({"countries.TAL.withholds_from": OTHERS}), 3, WEEKS)
    usual = run(base, 3, WEEKS)
    assert items_from(silent, "TAL") == 0 < items_from(usual, "TAL")
    assert items_from(silent, "VES") > 0
    mute = run(base.with_({"countries.TAL.sharing": 0.0}), 3, WEEKS)
    assert silent.indicators == mute.indicators  # two ways to say the same


def test_own_officers_take_the_place_of_the_common_budget() -> None:
    base = load("baseline")
    none = run(base.with_({"countries.TAL.patrol_budget": 0.0}), 3, WEEKS)
    assert none.indicators["seized_by[TAL]"] == 0 < (none.indicators["seized_by[VES]"] or 0)
    same = run(base.with_({"countries.TAL.patrol_budget": 1.0}), 3, WEEKS)
    assert same.fingerprint == run(base, 3, WEEKS).fingerprint
    assert (none.indicators["cost_officers"] or 0) < (same.indicators["cost_officers"] or 0)


def test_own_training_builds_the_capability_of_its_country_only() -> None:
    base = load("baseline")
    trained = run(base.with_({"countries.KUR.own_training_musd": 5.0}), 3, WEEKS).indicators
    usual = run(base, 3, WEEKS).indicators
    assert (trained["capability[KUR]"] or 0) > (usual["capability[KUR]"] or 0) + 0.02
    assert trained["capability[SEV]"] == usual["capability[SEV]"]
    assert (trained["cost_officers"] or 0) > (usual["cost_officers"] or 0)


@pytest.mark.parametrize("wrong", ["XXX", "TAL"])
def test_one_withholds_from_other_countries_of_the_world(wrong: str) -> None:
    with pytest.raises(InputError, match=r"withholds_from = .*no other country of the world"):
        load("baseline").with_({"countries.TAL.withholds_from": [wrong]})
