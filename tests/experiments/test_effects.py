"""Rows of the table of effects: they fit the scenarios, and say what came out, whatever it is."""

import re
from dataclasses import replace

import pandas as pd

from experiments.effects import COLUMNS, Row, measure, rows, table_text
from simulation.scenario import load


def test_every_row_of_the_mission_has_a_comparison():
    ids = {row.id.split()[0] for row in rows()}
    assert ids == {f"S{number}" for number in range(1, 13)}
    for row in rows():
        assert set(row.moves.values()) <= {"up", "down"}
        assert row.base.digest != row.other.digest


def test_what_does_not_move_and_what_moves_the_other_way_is_said():
    base = load("baseline").with_length(60)
    more = base.with_({"operations.patrol_budget": 3.0})
    row = Row("T", "test", base, more, {"seized": "up", "delivered": "up", "ratifications": "up"})
    outcome = {record["indicator"]: record["outcome"] for record in measure(row, 6)}
    assert outcome == {"seized": "as named", "delivered": "the other way",
                       "ratifications": "no clear effect"}  # fmt: skip


def test_the_table_shows_every_record():
    base = load("baseline").with_length(20)
    row = replace(Row("T", "test", base, base, {"seized": "up", "arrests": "down"}))
    text = table_text(pd.DataFrame(measure(row, 3), columns=list(COLUMNS)))
    assert len(re.findall(r"^\| T \|", text, re.M)) == 2
    assert "(3 pairs" in text
