"""Families of primary outcomes: verdicts, their intervals, and what is declared."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.comparison import compare
from experiments.families import EXPLORATORY, HEADLINES, SET, primary_of, rows, too_few
from experiments.output import in_units
from simulation.errors import InputError
from simulation.scenario import load

SHORT = {"weeks": 60, "workers": 1}


@pytest.fixture(scope="module", params=[0, 100])
def comparison(request):
    return compare(["baseline", "more_capacity", "all_three"], 5, request.param, **SHORT)


def test_no_verdict_contradicts_its_interval(comparison):
    """All rows of a comparison."""
    for row in comparison.table.to_dict("records"):
        held = row["low"] <= 0 <= row["high"]
        said, primary = row["verdict"], row["indicator"] in comparison.primary
        if said.startswith("clearly"):
            up = said.rpartition(" ")[2] in ("better", "higher")
            assert primary and not held and up == (row["probability_better"] > 0.5), row
        elif said.startswith("likely") or said == "not settled":
            assert primary and held, row
        elif said == SET:
            assert np.isnan(row["low"]) and np.isnan(row["detectable"]) and row["difference"], row
        elif said == "undefined":
            assert np.isnan(row["low"]), row
        elif said == "identical":
            assert held and row["difference"] == 0, row
        else:
            assert said == EXPLORATORY and not primary, row
            assert row["confidence"] == pytest.approx(0.95)
        assert not row["low"] > row["difference"] and not row["high"] < row["difference"], row


def test_primary_rows_share_one_family_over_all_scenarios(comparison):
    of = comparison.table[comparison.table.indicator.isin(HEADLINES)]
    judged = of[~of.verdict.isin(["identical", "undefined", SET])]
    assert np.allclose(judged.confidence, 1 - 0.05 / len(judged))


def test_what_luck_does_not_touch_is_set_by_the_scenario(comparison):
    row = comparison.row("more_capacity", "cost_capacity")
    assert row["verdict"] == SET and np.isnan(row["low"])


def test_untouched_rows_and_repeats_are_not_counted():
    random = np.random.default_rng(3)
    base = {"delivered": random.normal(50, 1, 12), "arrests": np.zeros(12)}
    base["delivered[heroin]"] = base["delivered"]
    other = {key: value + (key != "arrests") for key, value in base.items()}
    other["delivered"] = other["delivered[heroin]"] = base["delivered"] + random.normal(1, 1, 12)
    found = {row["indicator"]: row for row in rows(base, {"x": other}, tuple(base))}
    assert found["delivered"]["confidence"] == pytest.approx(0.95)
    assert found["delivered"]["verdict"] == found["delivered[heroin]"]["verdict"]
    assert found["arrests"]["verdict"] == "identical"


def test_rows_in_the_units_that_people_read(comparison):
    of = {row["indicator"]: row for row in in_units(comparison)}
    assert of["delivered"]["unit"] == "kg" and of["interception_rate"]["unit"] == "%"
    assert of["cost_total"]["unit"] == "USD"
    raw = comparison.row("all_three", "delivered")
    assert of["delivered"]["detectable"] == pytest.approx(raw["detectable"] / 1000)


def test_primary_outcomes_are_declared_asked_for_or_the_headlines():
    base = load("baseline")
    declares = replace(base, primary=("arrests",))
    assert primary_of([base, base], None) == HEADLINES
    assert primary_of([base, declares], None) == ("arrests",)
    assert primary_of([base, declares], ["operations"]) == ("operations",)
    with pytest.raises(InputError, match="declare different"):
        primary_of([declares, replace(base, name="x", primary=("operations",))], None)


@pytest.mark.parametrize("name", ["delivred", "delivered[gold]", "capability", "arrests[ARV]"])
def test_primary_outcomes_that_are_not_measured_are_refused(name):
    with pytest.raises(InputError):
        primary_of([load("baseline")], [name])


def test_a_scenario_file_declares_primary_outcomes(tmp_path):
    text = load("more_capacity").to_toml()
    file = tmp_path / "mine.toml"
    file.write_text(text + '[primary]\noutcomes = ["arrests", "delivered"]\n')
    assert load(file).primary == ("arrests", "delivered")
    assert load(file).digest == load("more_capacity").digest
    file.write_text(text + '[primary]\noutcomes = ["arests"]\n')
    with pytest.raises(InputError, match=r"primary\.outcomes.*nearest: 'arrests'"):
        load(file)


def test_so_few_pairs_are_said_beforehand():
    assert "takes 10 pairs" in too_few(8, HEADLINES, 4)
    assert not too_few(10, HEADLINES, 4)


def test_different_maps_are_refused_unless_asked_for():
    names = ["baseline", "central_asia_2010"]
    with pytest.raises(InputError, match="different maps"):
        compare(names, 2, weeks=4, workers=1)
    assert compare(names, 2, weeks=4, workers=1, different_maps=True).seeds == (0, 1)
