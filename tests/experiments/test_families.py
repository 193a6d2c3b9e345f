"""Families of primary outcomes: verdicts, their intervals, and what is declared."""

from dataclasses import replace

import numpy as np
import pytest
from tocsin.experiments.comparing.comparison import compare
from tocsin.experiments.comparing.families import (
    EXPLORATORY,
    SET,
    TOTAL,
    is_set,
    primary_of,
    rows,
    settled,
    too_few,
)
from tocsin.experiments.comparing.output import in_units
from tocsin.simulation.errors import InputError
from tocsin.simulation.recording.indicators import HEADLINES
from tocsin.simulation.scenario.files import load

SHORT = {"weeks": 60, "workers": 1}


@pytest.fixture(scope="module", params=[0, 100])
def comparison(request):
    return compare(["baseline", "more_capacity", "all_three"], 5, request.param, **SHORT)


def test_no_verdict_contradicts_its_interval(comparison):
    """All rows of a comparison."""
    for row in comparison.table.to_dict("records"):
        held = row["low"] <= 0 <= row["high"]
        said = row["verdict"]
        judged = [comparison.row(row["scenario"], key) for key in comparison.primary]
        primary = row["indicator"] in comparison.primary or any(
            (row["difference"], row["low"], row["high"]) == (one["difference"], one["low"],
                                                             one["high"])
            for one in judged
        )  # fmt: skip  # the only commodity repeats its headline
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


def made_up(pairs=8, harmonisation=6e7, operations=None):
    """Costs of a base and of another scenario, whose operations follow luck."""
    spent = np.random.default_rng(4).integers(1, 9, pairs) * 1.3e5
    more = spent if operations is None else spent + operations
    fixed = np.full(pairs, 9e6)
    base = {"cost_total": fixed + spent, "cost_secretariat": fixed, "cost_operations": spent,
            "cost_harmonisation": 0 * fixed}  # fmt: skip
    paid = np.full(pairs, harmonisation)
    other = {"cost_total": fixed + more + paid, "cost_secretariat": fixed,
             "cost_operations": more, "cost_harmonisation": paid}  # fmt: skip
    return base, other


def test_a_total_of_set_parts_is_set_though_its_level_follows_luck():
    base, other = made_up()
    assert np.ptp(base["cost_total"]) > 0
    (row,) = [row for row in rows(base, {"x": other}, HEADLINES) if row["indicator"] == TOTAL]
    assert row["verdict"] == SET and row["difference"] == pytest.approx(6e7)
    assert np.isnan(row["low"]) and settled(row) == 1


@pytest.mark.parametrize("pairs", [3, 12])
def test_equal_differences_that_luck_can_make_are_not_certain(pairs):
    """An operation more in each pair: an exact test of signs, in the part and in the total."""
    base, other = made_up(pairs, 0.0, 1.3e5)
    for row in rows(base, {"x": other}, HEADLINES):
        if row["indicator"] in (TOTAL, "cost_operations"):
            said = "not settled" if pairs == 3 else "clearly worse"
            assert row["verdict"] == said and np.isfinite(row["low"]), row


def test_a_total_with_one_part_of_luck_is_not_set():
    base, other = made_up(8, 6e7, np.arange(8) * 1.3e5)
    assert not is_set(TOTAL, base, other)
    base, other = made_up()
    other = {**other, "cost_total": other["cost_total"] + 5.0}  # a part that is not measured
    assert not is_set(TOTAL, base, other)


def test_a_set_difference_of_levels_that_vary_is_set():
    """Capability follows results in some scenarios; equal shifts of it are no luck."""
    level = np.random.default_rng(5).uniform(0.3, 0.5, 6)
    assert is_set("capability_mean", {"capability_mean": level}, {"capability_mean": level + 0.1})
    assert not is_set("trust_mean", {"trust_mean": level}, {"trust_mean": level + 0.1})
    assert not is_set("capability_mean", {"capability_mean": level}, {"capability_mean": level})


def test_rows_with_the_same_values_are_one_member_whatever_their_names_are():
    random = np.random.default_rng(6)
    base = {"delivered": random.normal(50, 1, 12), "networks_dismantled": random.poisson(9, 12)}
    base["networks_failed"] = base["networks_dismantled"]
    gap, count = random.normal(2, 1, 12), random.integers(0, 3, 12)
    one = {"delivered": base["delivered"] + gap}
    one["networks_dismantled"] = one["networks_failed"] = base["networks_dismantled"] + count
    primary = ("delivered", "networks_dismantled", "networks_failed")
    alone = rows(base, {"a": one}, primary)
    twice = rows(base, {"a": one, "b": dict(one)}, primary)
    assert [row["confidence"] for row in twice] == pytest.approx([1 - 0.05 / 2] * len(twice))
    for row in twice:
        (same,) = [other for other in alone if other["indicator"] == row["indicator"]]
        assert {**row, "scenario": ""} == {**same, "scenario": ""}


def test_one_gap_has_one_interval_also_where_its_repeat_is_not_primary():
    random = np.random.default_rng(7)
    base = {"delivered": random.normal(50, 1, 12), "arrests": random.poisson(9, 12) * 1.0,
            "interception_rate": random.uniform(0, 1, 12)}  # fmt: skip
    base["delivered[heroin]"] = base["delivered"]
    other = {key: value + random.normal(1, 1, 12) for key, value in base.items()}
    other["delivered[heroin]"] = other["delivered"]
    primary = ("delivered", "interception_rate")
    found = {row["indicator"]: row for row in rows(base, {"x": other}, primary)}
    for key in ("low", "high", "confidence", "verdict", "detectable"):
        assert found["delivered"][key] == found["delivered[heroin]"][key]
    assert found["delivered"]["confidence"] == pytest.approx(1 - 0.05 / 2)
    assert found["arrests"]["verdict"] == EXPLORATORY
