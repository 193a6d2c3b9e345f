"""The library of shipped scenarios: complete, in order, honest about its figures, and alive."""

from importlib import resources

import pytest
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load, names
from tocsin.simulation.scenario.library import families
from tocsin.simulation.scenario.schedule import Patrol

SOURCES = (
    "assumption", "Natural Earth", "ISO 3166", "CLDR", "World Bank", "UNODC", "Foreign Policy",
    "selec.org", "World Factbook", "Office of National Drug Control Policy", "TNO", "as in ",
)  # fmt: skip
FAMILIES = {family.name: family for family in families()}
REAL = [one.name for family in FAMILIES.values() for one in family.scenarios
        if family.name != "meridian"]  # fmt: skip
TEACHING = [one.name for one in FAMILIES["meridian"].scenarios]


def _spent(name, years=10):
    """Million USD of capacity building that a scenario states over its years."""
    scenario = load(name)
    key = "capacity.funding_musd_per_year"
    moves = {change.week: change.set[key] for change in scenario.schedule.changes
             if key in change.set}  # fmt: skip
    value, total = scenario.value(key), 0.0
    for week in range(1, 52 * years + 1):
        value = moves.get(week, value)
        total += value / 52
    return total


def test_every_scenario_is_listed_once_below_its_parent():
    listed = [one.name for family in FAMILIES.values() for one in family.scenarios]
    assert sorted(listed) == names()
    for family in FAMILIES.values():
        assert family.scenarios[0].depth == 0
        seen = set()
        for one in family.scenarios:
            assert (one.depth == 0) == (one.parent not in seen)
            seen.add(one.name)


def test_the_table_of_families_names_folders_that_exist():
    folders = {
        entry.name for entry in resources.files("tocsin.scenarios").iterdir() if entry.is_dir()
    }
    described = {family.name for family in FAMILIES.values() if family.about}
    assert {"meridian", "central_asia", "tarcet", "balkan_route", "central_america",
            "mediterranean", "dark_net"} <= described <= folders  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_each_runs(name):
    """Half a year, and what is under way at the end is all that is missing."""
    finished = run(name, weeks=26, events=False)
    amounts = finished.indicators
    for good in finished.scenario.parameters.commodities:
        parts = [amounts[f"{part}[{good}]"] for part in
                 ("delivered", "seized", "lost", "in_transit")]  # fmt: skip
        assert amounts[f"produced[{good}]"] == sum(parts) > 0


@pytest.mark.parametrize("name", REAL)
def test_figures_of_real_worlds_have_a_source_or_are_called_assumptions(name):
    scenario = load(name)
    numbers = [(value, scenario.reasons[key]) for key, value in scenario.stated.items()]
    for _, entry in scenario.own_schedule.entries():
        values = getattr(entry, "set", {"factor": getattr(entry, "factor", "")}).values()
        numbers += [(value, entry.reason or entry.source) for value in values]
    for value, reason in numbers:
        if isinstance(value, int | float) and not isinstance(value, bool):
            assert any(word in reason for word in SOURCES), (value, reason)


@pytest.mark.parametrize("name", [n for n in (*TEACHING, *REAL) if load(n).parent])
def test_a_child_moves_something(name):
    scenario = load(name)
    assert scenario.digest != load(scenario.parent).digest


def test_steady_and_pulsed_funding_spend_the_same():
    assert _spent("steady_funding") == pytest.approx(_spent("pulsed_funding"))
    assert _spent("steady_funding") == pytest.approx(120)


def test_rigid_and_flexible_frameworks_differ_in_flexibility_alone():
    assert load("flexible_framework").stated.keys() == {"governance.flexibility"}
    assert load("flexible_framework").parent == "rigid_framework"


def test_both_links_are_lifted_by_as_much():
    base = load("baseline")
    gains = []
    for name in ("weakest_link", "strongest_link"):
        ((key, value),) = load(name).stated.items()
        gains.append(value - base.value(key))
    assert gains[0] == pytest.approx(gains[1])
    transit = {code: base.value(f"countries.{code}.capability") for code in ("KUR", "SEV", "TAL")}
    assert min(transit, key=transit.__getitem__) == "KUR"
    assert max(transit, key=transit.__getitem__) == "TAL"


def test_the_delay_ladder_climbs_by_delay_alone():
    steps = [name for name in TEACHING if name.startswith("delay_")]
    assert [load(name).value("intelligence.delay_weeks") for name in steps] == [0, 4, 26, 52, 104]
    assert all(load(name).stated.keys() == {"intelligence.delay_weeks"} for name in steps)


def test_one_commodity_of_tarcet_runs_against_the_other():
    scenario = load("tarcet")
    goods = scenario.parameters.commodities
    heroin, acid = goods["heroin"], goods["acetic_anhydride"]
    country = scenario.grid.town_country
    assert {country(town) for town in heroin.sources} == {"AFG"}
    assert {country(town) for town in acid.markets} == {"AFG"}
    assert "AFG" not in {country(town) for town in (*heroin.markets, *acid.sources)}
    assert heroin.precursor == "acetic_anhydride"


def test_a_coast_can_be_held():
    scenario = load("coast_held")
    held = next(entry for entry in scenario.schedule.treatments if isinstance(entry, Patrol))
    assert held.place.kind == "coast"
    assert held.place.name == "USA"
