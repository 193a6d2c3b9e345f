"""Levers of the page are the levers of the table: none is missing, none is made up."""

from tocsin.experiments.telling.levers import FRONT, levers, sentence, shown
from tocsin.simulation.parameters import table
from tocsin.simulation.scenario.files import load
from tocsin.simulation.steering import LiveRun

BASE = load("baseline")
FOUND = levers(BASE.parameters)


def test_every_lever_of_the_table_is_there_and_nothing_else() -> None:
    codes = list(BASE.parameters.countries)
    wanted = set()
    for row in table():
        if row.kind == "lever":
            names = codes if row.key.startswith("countries.*") else [""]
            wanted |= {row.key.replace("*", name) for name in names}
    assert {lever.key for lever in FOUND} == wanted


def test_few_stand_in_front_and_come_first() -> None:
    front = [lever.key for lever in FOUND if lever.front]
    assert 3 <= len(front) <= 5
    assert front == list(FRONT)
    assert [lever.key for lever in FOUND][: len(front)] == front


def test_bounds_unit_and_meaning_are_those_of_the_table() -> None:
    rows = {row.key: row for row in table()}
    for lever in FOUND:
        row = rows.get(lever.key)
        if row is None:
            continue
        assert (lever.low, lever.high, lever.meaning) == (row.low, row.high, row.meaning)
        assert lever.meaning
        if lever.kind in ("number", "whole"):
            assert lever.low is not None and lever.high is not None
            assert (lever.high - lever.low) / lever.step <= 5200
        if lever.kind in ("choice", "words"):
            assert lever.words


def test_each_shows_its_value_and_where_the_scenario_has_it() -> None:
    live = LiveRun(BASE)
    live.step(3)
    live.move("cooperation.sharing", 0.8)
    rows = {row["key"]: row for row in shown(live, FOUND)}
    assert rows["cooperation.sharing"]["value"] == 0.8
    assert rows["cooperation.sharing"]["default"] == BASE.value("cooperation.sharing")
    for row in rows.values():
        if row["value"] is not None and row["low"] is not None:
            assert row["low"] <= row["value"] <= row["high"]


def test_a_lever_that_lacks_its_mandate_says_so() -> None:
    bare = BASE.with_({"cooperation.sharing": 0.0})
    live = LiveRun(bare)
    rows = {row["key"]: row for row in shown(live, FOUND)}
    allowed = bare.value("cooperation.mandates")
    for lever in FOUND:
        lacks = bool(lever.mandate) and lever.mandate not in allowed
        assert bool(rows[lever.key]["missing"]) == lacks


def test_values_are_said_in_words() -> None:
    delay = next(lever for lever in FOUND if lever.key == "intelligence.delay_weeks")
    assert sentence(delay, 12) == "12 weeks"
    assert sentence(delay, True) == "yes"
    assert sentence(delay, ("share", "operate")) == "share, operate"
    assert sentence(delay, ()) == "none"
