"""Rows of the table of effects: they fit the scenarios, and say what came out, whatever it is."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tocsin.experiments.methods.effects import (
    COLUMNS,
    ExpectedEffect,
    _outcome,
    measure,
    rows,
    table_text,
)
from tocsin.simulation.scenario.files import load


def test_every_row_of_the_mission_has_a_comparison():
    ids = {row.id.split()[0] for row in rows()}
    assert ids == {f"S{number}" for number in range(1, 13)}
    for row in rows():
        assert set(row.moves.values()) <= {"up", "down"}
        assert row.base.digest != row.other.digest


def test_what_does_not_move_and_what_moves_the_other_way_is_said():
    base = load("baseline").with_length(60)
    more = base.with_({"operations.patrol_budget": 3.0})
    row = ExpectedEffect(
        "T", "test", base, more, {"seized": "up", "delivered": "up", "ratifications": "up"}
    )
    outcome = {record["indicator"]: record["outcome"] for record in measure(row, 6)}
    assert outcome == {"seized": "as named", "delivered": "the other way",
                       "ratifications": "identical"}  # fmt: skip


def test_the_outcome_is_read_from_the_interval_shown_and_so_is_the_detectable_change():
    base = load("baseline").with_length(60)
    row = ExpectedEffect("T", "test", base, base.with_({"operations.patrol_budget": 1.2}),
              dict.fromkeys(("seized", "delivered", "arrests", "trust_mean"), "up"))  # fmt: skip
    records = measure(row, 6)
    judged = [one for one in records if one["outcome"] != "identical"]
    assert len(judged) > 2
    for one in judged:
        assert one["confidence"] == pytest.approx(1 - 0.05 / len(judged))
        clear = one["low"] > 0 or one["high"] < 0
        assert clear == (one["outcome"] in ("as named", "the other way"))
        reach = stats.t.ppf(1 - (1 - one["confidence"]) / 2, 5)
        power = (one["high"] - one["low"]) / 2 / reach * (reach + stats.t.ppf(0.8, 5))
        assert one["detectable"] == pytest.approx(power)


def test_what_the_scenario_sets_has_no_interval_and_is_said_to_be_set():
    base = load("baseline").with_length(52)
    row = ExpectedEffect(
        "T", "test", base, load("more_capacity").with_length(52), {"capability_mean": "up"}
    )
    (record,) = measure(row, 3)
    assert record["outcome"] == "as named, set by the scenario"
    assert np.isnan(record["low"]) and np.isnan(record["high"])


def test_likely_is_said_of_what_only_its_own_interval_shows():
    told = {"difference": 1.0, "verdict": "likely better"}
    assert _outcome(told, 1) == "likely as named" and _outcome(told, -1) == "likely the other way"
    assert _outcome(told | {"verdict": "not settled"}, 1) == "not settled"


def test_the_table_shows_every_record():
    base = load("baseline").with_length(20)
    row = replace(ExpectedEffect("T", "test", base, base, {"seized": "up", "arrests": "down"}))
    text = table_text(pd.DataFrame(measure(row, 3), columns=list(COLUMNS)))
    assert len(re.findall(r"^\| T \|", text, re.M)) == 2
    assert "(3 pairs" in text
