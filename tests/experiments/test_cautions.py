"""Cautions: each has a scenario that brings it about and one that does not."""

from dataclasses import replace

import pytest
from tocsin.experiments.comparing.cautions import of_comparison, of_file, of_runs
from tocsin.experiments.comparing.comparison import compare
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load, names

import tocsin
from tocsin.cli import main

LARGE = {"commodities.heroin.shipment_size": 1000.0}
FINE = {"arrests": 5, "networks_active": 30, "networks_failed": 0,
        "market_price[heroin]": 25_000.0}  # fmt: skip


def said(weeks=520, **ends):
    return " ".join(of_runs(load("baseline"), [FINE | ends], weeks))


def test_a_usual_world_needs_no_caution():
    base = load("baseline")
    assert of_file(base) == []
    assert said() == ""
    assert of_runs(base, [run(base.with_length(156), 0, events=False).indicators], 156) == []


def test_loads_so_large_that_there_is_no_evidence():
    (caution,) = of_file(load("baseline").with_(LARGE))
    assert "40" in caution
    assert "chance decides" in caution


@pytest.mark.parametrize("name", names())
def test_no_shipped_scenario_has_too_few_loads(name):
    assert not any("chance decides" in caution for caution in of_file(load(name)))


def test_a_commodity_that_is_not_the_headline():
    (caution,) = of_file(load("before_tarcet"))
    assert "speak of heroin only; for acetic_anhydride see delivered[acetic_anhydride]" in caution


def test_no_arrests_scaled_to_the_length():
    assert "nobody is arrested in 10 years" in said(arrests=0)
    assert "nobody is arrested in 3 years" in said(156, arrests=0)
    assert said(52, arrests=0) == ""
    large = load("baseline").with_(LARGE).with_length(156)
    cautions = of_runs(large, [run(large, 0, events=False).indicators], 156)
    assert any("nobody is arrested" in caution for caution in cautions)


def test_networks_out_of_business_and_bankrupt():
    assert "no network is in business at the end" in said(networks_active=0)
    assert "15 networks go bankrupt, where 30 began" in said(networks_failed=15)
    assert said(networks_failed=14) == ""
    assert "go bankrupt" in said(26, networks_failed=1)
    live = of_runs(load("baseline"), [FINE | {"networks_active": 0}], 60, so_far=True)
    assert live == ["no network is in business in this week."]
    two = [FINE, FINE | {"networks_active": 0}]
    assert of_runs(load("baseline"), two, 520) == [
        "no network is in business at the end in 1 of 2 runs."
    ]


def test_a_price_far_from_the_one_in_the_file():
    price = "market_price[heroin]"
    assert "2 times the 25,000 USD per kg of the file" in said(**{price: 50_000.0})
    assert "times" in said(**{price: 16_000.0})
    assert said(**{price: 37_000.0}) == said(**{price: 17_000.0}) == said(**{price: None}) == ""


def test_a_comparison_says_once_what_holds_for_all_and_names_whom_else():
    base = load("baseline")
    large = replace(base.with_(LARGE), name="large")
    found = of_comparison(compare([base, large], 2, weeks=20, workers=1))
    assert any(caution.startswith("large: heroin moves in about 40") for caution in found)
    both = of_comparison(compare([large, replace(large, name="twin")], 2, weeks=20, workers=1))
    assert any(caution.startswith("heroin moves in about 40") for caution in both)


def test_check_run_and_compare_print_cautions_beside_the_result(tmp_path, capsys):
    file = tmp_path / "mine.toml"
    file.write_text(load("baseline").with_(LARGE).to_toml().replace(
        "baseline.map", "meridian.map"), encoding="utf-8")  # fmt: skip
    assert main(["check", str(file), "baseline"]) == 0
    printed = capsys.readouterr()
    assert printed.out.count("well formed") == 2
    assert printed.err.count(f"caution: {file}: heroin moves in about 40") == 1
    setting = ("--set", "commodities.heroin.shipment_size=1000", "--weeks", "20")
    assert main(["run", "baseline", *setting, "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("{")
    assert "caution: heroin moves in about 40" in printed.err
    compared = ("compare", "baseline", "more_capacity", "--replications", "2", "--workers", "1")
    assert main([*compared, *setting]) == 0
    assert "caution: heroin moves in about 40" in capsys.readouterr().err
    assert main([*compared, "--weeks", "20"]) == 0
    assert "caution" not in capsys.readouterr().err


class Drums(tocsin.Mechanism):
    """Drums that nobody beats."""

    indicators = (
        tocsin.Indicator("drums", "Drums that were beaten", "cooperation", "Beats.", "beats",
                         "neither", "drums", "counted"),
    )  # fmt: skip
    after = "reporting"

    def step(self, world, cast, notes):
        notes.count("drums", 1)


def test_what_is_declared_and_not_measured_in_all_scenarios_is_said():
    base = load("baseline")
    drums = replace(base.with_mechanisms([Drums]), name="drummed", primary=("delivered", "drums"))
    assert of_comparison(compare([base, drums], 2, weeks=5, workers=1))[0] == (
        "drums is declared as primary, but is not judged: it is not measured in baseline."
    )
