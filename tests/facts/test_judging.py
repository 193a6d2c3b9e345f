"""The machinery of the table: what fails is said to fail, and stays."""

from dataclasses import replace

import numpy as np
import pytest
from tocsin.experiments.methods.facts.declaring import Check, change, judge, only
from tocsin.experiments.methods.facts.observing import observe
from tocsin.experiments.methods.facts.settings import ARMS, MERIDIAN, Setting
from tocsin.experiments.methods.facts.table import (
    CHECKS,
    SETTINGS,
    checks_of,
    examine,
    markdown,
    merged,
    read,
)
from tocsin.experiments.methods.facts.table import write as write_rows
from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.files import load

INF = float("inf")


def _sample(middle, spread=0.1, n=30):
    return middle + spread * np.linspace(-1, 1, n)[:, None]


@pytest.mark.parametrize(
    ("middle", "verdict"), [(0.5, "holds"), (1.5, "fails"), (-1.0, "fails"), (1.0, "open")]
)
def test_a_band_is_kept_missed_or_undecided(middle, verdict):
    assert judge(_sample(middle), only, 0.0, 1.0).verdict == verdict


def test_no_effect_at_all_is_no_effect():
    nothing = judge(np.zeros((30, 1)), only, 0.0, INF)
    assert (nothing.value, nothing.verdict) == (0.0, "fails")


def test_too_few_or_undefined_seeds_are_no_answer():
    assert judge(np.ones((1, 1)), only, 0, 2).verdict == "undefined"
    half = np.where(np.arange(30)[:, None] < 15, np.nan, 0.5 + np.arange(30)[:, None] / 1000)
    assert judge(half, only, 0, 1).seeds == 15
    assert judge(np.full((30, 1), np.nan), only, 0, 1).verdict == "undefined"


def test_the_interval_of_a_mean_is_students():
    """The jackknife of a mean is exactly the usual interval."""
    values = np.random.default_rng(1).normal(3, 1, (30, 1))
    found = judge(values, only, 0, 5)
    error = values.std(ddof=1) / np.sqrt(30)
    assert found.high - found.value == pytest.approx(2.0452 * error, rel=1e-3)


def test_a_true_value_at_an_edge_seldom_seems_to_hold():
    """Of 400 tables 2.5 % should say holds; 24 or more of them have a chance of about 1e-4."""
    chance = np.random.default_rng(2)
    said = [judge(chance.normal(0, 1, (30, 1)), only, 0, INF).verdict for _ in range(400)]
    assert said.count("holds") < 24
    assert said.count("fails") < 24
    assert said.count("open") > 300


def test_the_interval_of_a_ratio_covers_the_truth():
    """95 % of 300 intervals should; under 265 has a chance below 1e-5."""
    chance = np.random.default_rng(3)
    covered = 0
    for _ in range(300):
        base = chance.normal(10, 1, 30)
        rows = np.column_stack([base, base * 1.2 + chance.normal(0, 1, 30)])
        found = judge(rows, change, -INF, INF)
        covered += found.low <= 0.2 <= found.high
    assert covered >= 265


def _false_check(low, high, name="false"):
    return Check(name, "a fact", "nobody", "delivered a week", low, high, "", (MERIDIAN,),
                 ("base",), lambda arms, place, seed: [arms["base"].mean("delivered")])  # fmt: skip


@pytest.fixture(scope="module")
def place():
    return Setting(MERIDIAN, load("baseline").with_length(30), corridor=("ARV-KUR:01",))


def test_a_false_fact_fails_in_a_real_run(place, monkeypatch, tmp_path):
    """Nobody delivers a negative amount: the check has to fail, and to stand in the page."""
    monkeypatch.setitem(ARMS, "base", lambda setting: setting.base)
    wrong, right = _false_check(-INF, 0), _false_check(0, INF, "right")
    rows = examine(place, [wrong, right], range(3), workers=1)
    assert [row.verdict for row in rows] == ["fails", "holds"]
    write_rows(rows, tmp_path / "facts.csv")
    again = read(tmp_path / "facts.csv")
    assert again == rows
    text = markdown(again)
    assert "**fails**" in text
    assert "2 checks: 1 hold, 1 fail, 0 are open" in text


def test_a_check_whose_world_lacks_a_member_is_undefined(place):
    check = next(check for check in CHECKS if check.name == "weakest_link")
    (row,) = examine(place, [check], range(2), workers=1)
    assert row.verdict == "undefined"
    assert row.remark


def test_new_rows_replace_old_ones_and_others_stay(place):
    check = next(check for check in CHECKS if check.name == "weakest_link")
    (row,) = examine(place, [check], range(2), workers=1)
    other = replace(row, check="undershared", verdict="fails")
    new = replace(row, verdict="holds")
    gone = replace(row, check="no longer declared")
    assert merged([row, other, gone], [new]) == [other, new]


def test_every_check_can_be_made_and_can_fail():
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)
    for check in CHECKS:
        assert check.low < check.high
        assert np.isfinite([check.low, check.high]).any(), check.name
        assert set(check.arms) <= set(ARMS)
        assert set(check.settings) <= set(SETTINGS)
        assert check.anchor


def test_an_unknown_check_is_a_sentence():
    with pytest.raises(InputError, match="balloon_share"):
        checks_of(["baloon_share"])
    assert [check.name for check in checks_of(["balloon_total"])] == ["balloon_total"]
    assert len(checks_of(["balloon"])) == 3


def test_what_is_observed_adds_up(place):
    run = observe((place.base, 1, place.corridor))
    assert run.cases.sum() > 0
    assert 0 < run.corridor_delivered.sum() < run.total("delivered")
    by_country = sum(run.total(f"seized_by[{code}]") for code in place.codes)
    assert by_country == run.total("seized")
    assert 0 < run.rate() < 1
