"""Persons are never subtracted from kilograms: scenarios are compared that count the same."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from tocsin.dashboard.pages.results import content, find
from tocsin.experiments.comparing import comparison as comparing
from tocsin.experiments.comparing.attribution import differing
from tocsin.experiments.comparing.comparison import compare
from tocsin.experiments.comparing.displacement import by_country, by_sector
from tocsin.experiments.comparing.output import read_comparison, write_comparison
from tocsin.experiments.design.points import Axis
from tocsin.experiments.design.study import ScenarioTask, Study
from tocsin.experiments.design.study_files import read
from tocsin.experiments.running.store import Store
from tocsin.experiments.running.sweep import sweep
from tocsin.experiments.telling.findings import Effort, find_out
from tocsin.experiments.telling.places import countries, sectors
from tocsin.experiments.telling.report import render
from tocsin.experiments.telling.statement import sentences
from tocsin.experiments.unknowns.robustness import robustness
from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.files import load

from tocsin.cli import main

PEOPLE = """
schema = 1
title = "Two goods, heroin first"
question = "What is counted?"
author = "a test"
description = "Heroin and people on Meridian."
parent = "baseline"
[commodities.people]
unit = "persons"
sources = ["Kaldun", "Morvat"]
markets = ["Halvik", "Vesthaven"]
supply_per_year = 20_000
demand_per_year = 18_000
shipment_size = 10
source_price = 300
market_price = 1_600
[sources]
"commodities.*" = "assumption: a test"
"""
CHILD = """
schema = 1
title = "Two goods, people first"
question = "What is counted?"
author = "a test"
description = "The same world."
parent = "two.toml"
[measurement]
headline = { value = "people", reason = "a test" }
"""
STUDY = """
schema = 1
title = "T"
question = "Q?"
author = "A"
base = "two.toml"
weeks = 3
indicators = ["delivered"]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "two.toml").write_text(PEOPLE)
    (tmp_path / "people.toml").write_text(CHILD)
    return tmp_path


@pytest.fixture
def pair(folder):
    return load(folder / "two.toml"), load(folder / "people.toml")


@pytest.fixture
def no_runs(monkeypatch):
    def run_all(*_):
        raise AssertionError("there was a run")

    monkeypatch.setattr(comparing, "run_all", run_all)


def test_scenarios_with_different_headlines_are_refused_in_one_sentence_before_any_run(
    folder, capsys, no_runs
):
    files = [str(folder / name) for name in ("two.toml", "people.toml")]
    assert main(["compare", *files, "--weeks", "104", "--report", str(folder / "r.html")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.strip().splitlines()
    for words in ("two speaks of heroin (kg)", "people of people (persons)",
                  "--set measurement.headline=heroin (or people)"):  # fmt: skip
        assert words in line
    assert not (folder / "r.html").exists()


def test_the_setting_that_the_refusal_names_makes_the_comparison_possible(folder):
    files = [str(folder / name) for name in ("two.toml", "people.toml")]
    assert main(["compare", *files, "--weeks", "4", "--replications", "2", "--workers", "1",
                 "--set", "measurement.headline=people"]) == 0  # fmt: skip


def test_worlds_that_trade_nothing_in_common_are_refused_with_different_maps_too(capsys, no_runs):
    assert main(["compare", "baseline", "mediterranean", "--different-maps"]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "baseline speaks of heroin (kg) and mediterranean of persons (persons)" in line
    assert "nothing in common" in line


@pytest.mark.parametrize("headline", ["people", "heroin"])
def test_one_name_in_two_units_is_refused(pair, headline, no_runs):
    first = pair[0].with_({"measurement.headline": headline})
    good = first.parameters.commodities["people"].model_copy(update={"unit": "kg"})
    goods = {**first.parameters.commodities, "people": good}
    parameters = first.parameters.model_copy(update={"commodities": goods})
    other = replace(first, name="other", parameters=parameters)
    with pytest.raises(InputError, match=r"people.*persons.*kg"):
        compare([first, other], 2, weeks=4)


@pytest.mark.parametrize("ask", [differing, lambda a, b: robustness([a, b], 2)])
def test_gaps_and_worlds_of_different_goods_are_refused(pair, ask):
    with pytest.raises(InputError, match="headline"):
        ask(*pair)


def test_a_stored_comparison_of_different_goods_is_refused_by_name(pair, folder):
    base, other = pair
    twin = replace(base, name=other.name)
    found = compare([base, twin], 2, weeks=4, workers=1)
    (out := folder / "c").mkdir()
    write_comparison(replace(found, scenarios=(base, other)), out)
    with pytest.raises(InputError, match=r"c: two speaks of heroin \(kg\) and people of people"):
        read_comparison(out)
    with pytest.raises(InputError, match="two speaks of heroin"):
        content(find(out)[0])


@pytest.mark.parametrize(
    "varied",
    [
        '[assumptions]\n"measurement.headline" = { values = ["heroin", "people"], reason = "r" }\n',
        '[assumptions]\n"commodities.people.unit" = { values = ["kg"], reason = "r" }\n',
        '[design]\nkind = "list"\nfile = "points.csv"\n',
    ],
)
def test_a_study_does_not_vary_what_its_outcomes_count(folder, varied):
    (folder / "points.csv").write_text("measurement.headline\nheroin\npeople\n")
    (folder / "s.toml").write_text(STUDY + varied)
    with pytest.raises(InputError, match=r"it cannot be varied.*set it in the base scenario"):
        read(folder / "s.toml")


def test_a_store_whose_points_count_different_goods_is_refused(pair, folder, monkeypatch):
    axis = Axis("measurement.headline", values=("heroin", "people"))
    task = ScenarioTask(pair[0].with_length(3), ("delivered",))
    with pytest.raises(InputError, match="cannot be varied"):
        Study(task, (axis,))
    with monkeypatch.context() as old:
        old.setattr(Study, "__post_init__", lambda self: None)
        old.setattr("tocsin.experiments.running.store.refuse_varied", lambda keys, where: None)
        sweep(Study(task, (axis,)), folder / "store", workers=1)
    with pytest.raises(InputError, match=r"store: measurement\.headline: it cannot be varied"):
        Store(folder / "store")


def test_the_price_of_a_town_is_no_row_where_it_is_that_of_another_good(pair):
    base, _ = pair
    goods = base.parameters.commodities

    def selling(name, heroin, people):
        sold = {"heroin": heroin, "people": people}
        update = {key: good.model_copy(update={"markets": sold[key]})
                  for key, good in goods.items()}  # fmt: skip
        parameters = base.parameters.model_copy(update={"commodities": update})
        return replace(base, name=name, parameters=parameters)

    one = selling("one", ("Halvik", "Marrow"), ("Vesthaven",))
    two = selling("two", ("Vesthaven", "Marrow"), ("Halvik",))
    table = compare([one, two], 2, weeks=4, workers=1).table
    prices = {key for key in table.indicator if key.startswith("market_price[")}
    assert prices == {"market_price[Marrow]", "market_price[heroin]", "market_price[people]"}


def test_a_report_says_that_no_country_is_on_both_maps():
    names = ["baseline", "central_asia_2010"]
    found = compare(names, 2, weeks=56, workers=1, different_maps=True)
    assert by_country(found).empty
    assert by_sector(found).empty
    looked = find_out(found, Effort(2, 0, 0), workers=1)
    assert sectors(looked) == []
    assert all(cell.verdict == "not on its map" for row in countries(looked) for cell in row.cells)
    said = " ".join(unescape(re.sub("<[^>]*>", " ", render(looked))).split())
    assert "no country is on its map and on that of the base" in said
    assert "not known, on another map" in said
    assert "no loss is settled" not in said
    assert "no country is on both maps" in sentences(looked)[1]
    json.dumps(found.rows())
