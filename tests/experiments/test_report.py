"""The report: valid, self-contained, escaped, and true to its numbers."""

import itertools
import re
from dataclasses import replace

import html5lib
import pandas as pd
import pytest
from tocsin.experiments.comparing.comparison import compare
from tocsin.experiments.comparing.costs import by_instrument
from tocsin.experiments.comparing.displacement import balloon, by_country, by_sector
from tocsin.experiments.comparing.output import read_comparison, write_comparison
from tocsin.experiments.running.seals import sealed, unsealed
from tocsin.experiments.telling.findings import Effort, find_out, read_findings, write_findings
from tocsin.experiments.telling.illustrations import headlines
from tocsin.experiments.telling.places import countries, sectors
from tocsin.experiments.telling.report import render, write_report
from tocsin.experiments.telling.statement import sentences
from tocsin.experiments.unknowns.decisive import decisive
from tocsin.simulation.errors import InputError
from tocsin.simulation.recording.quantities import Quantity, digits, signed
from tocsin.simulation.scenario.files import load

import tocsin
from tocsin.commands.comparing import in_words

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def comparison():
    evil = replace(
        load("all_three"), name="evil", title=EVIL, question=f"Does {EVIL} & \"that\" harm?",
        description=EVIL, author=EVIL, reasons=dict.fromkeys(load("all_three").reasons, EVIL),
    )  # fmt: skip
    return compare(["baseline", "more_capacity", evil], 4, weeks=60, workers=1)


@pytest.fixture(scope="module")
def findings(comparison):
    return find_out(comparison, Effort(2, 2, 6, 1), workers=1)


@pytest.fixture(scope="module")
def page(findings):
    return render(findings, "tocsin compare baseline evil.toml")


def test_the_page_is_valid_html(page):
    html5lib.HTMLParser(strict=True).parse(page)


def test_the_page_says_if_its_fingerprints_cannot_be_compared_with_those_of_today(findings, page):
    equal = "give equal fingerprints."
    old = replace(findings, comparison=replace(findings.comparison, fingerprint_format=1))
    said = render(old)
    assert page.count(equal) == 1 and equal not in said
    assert said.count("stated in format 1 of the fingerprint; this version makes format 2") == 1


def test_the_page_has_the_versions_that_made_the_runs(findings, page, tmp_path):
    made = {**findings.comparison.versions, "tocsin": "0.0.1", "mesa": "2.9"}
    write_comparison(replace(findings.comparison, versions=made), tmp_path)
    said = render(replace(findings, comparison=read_comparison(tmp_path)))
    now = findings.comparison.versions
    assert f"Made with tocsin 0.0.1, python {now['python']}, mesa 2.9, numba" in said
    assert (
        "This page, and the runs that it adds to those compared, were made with tocsin "
        f"{now['tocsin']}, mesa {now['mesa']}." in said
    )
    assert f"Written by Tocsin {now['tocsin']}." in said
    assert f"Made with tocsin {now['tocsin']}, python" in page
    assert "that it adds to those compared" not in page


def test_the_five_most_decisive_assumptions_stand_in_every_page(page):
    part = page[page.index("The assumptions that matter most") : page.index('id="provenance"')]
    places = [part.index(f"<code>{one.key}</code>") for one in decisive()]
    assert len(places) == 5
    assert places == sorted(places)
    for one in decisive():
        assert f"{one.low:g} to {one.high:g}" in part
        assert one.words in part


def test_titles_of_scenarios_are_harmless(page):
    assert "<script" not in page.lower()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r"\son[a-z]+=", page)


def test_the_page_asks_nobody_for_anything(page):
    assert not re.search(r"""(?:src|href)=["'](?!#|data:image/png;base64,)""", page)
    assert "@import" not in page
    assert "url(" not in page


def test_pictures_have_alternative_texts_and_headings_an_order(page):
    document = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    pictures = [one for one in document.iter() if str(one.tag).endswith("svg")]
    assert len(pictures) > 8
    assert all(one.get("role") == "img" and len(one.get("aria-label")) > 30 for one in pictures)
    levels = [int(one.tag[1]) for one in document.iter() if re.fullmatch("h[1-6]", str(one.tag))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_same_findings_give_the_same_bytes(findings, page):
    assert render(findings, "tocsin compare baseline evil.toml") == page


def test_sentences_say_what_the_table_says(findings):
    effect, price, _ = sentences(findings)
    row = findings.comparison.row(findings.leader, "delivered")
    if row["verdict"].startswith("clearly"):
        assert digits(abs(100 * row["relative"])) in effect
    assert str(row["n"]) in effect
    cost = findings.comparison.row(findings.leader, "cost_total")
    assert digits(abs(cost["difference"]) / 1e6) in price


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"verdict": "likely better", "difference": -5e6, "low": -11e6, "high": 1e6},
         "too few to call that clear"),
        ({"verdict": "exploratory", "difference": -5e6, "low": -6e6, "high": -4e6},
         " less is delivered in 60 weeks than in "),
        ({"verdict": "not settled", "difference": -1e6, "low": -6e6, "high": 4e6},
         "No scenario is seen to bring down"),
        ({"verdict": "clearly worse", "difference": 5e6, "low": 4e6, "high": 6e6},
         "delivers least of them, raises it"),
        ({"verdict": "clearly better", "difference": -5e6, "low": -6e6, "high": -4e6},
         "brings down what is delivered"),
        ({"verdict": "undefined"}, "Nothing can be said"),
    ],
)  # fmt: skip
def test_every_verdict_has_its_sentence(findings, change, words):
    table = findings.comparison.table.copy()
    mine = table.indicator == "delivered"
    if change["verdict"] != "not settled":
        mine &= table.scenario == findings.leader
    for key, value in change.items():
        table.loc[mine, key] = value
    changed = replace(findings, comparison=replace(findings.comparison, table=table))
    assert words in sentences(changed)[0]


def test_copies_are_said_to_be_the_same():
    twin = replace(load("baseline"), name="twin", title="A twin")
    same = compare(["baseline", twin], 4, weeks=30, workers=1)
    found = find_out(same, Effort(0, 0, 0))
    effect, price, _ = sentences(found)
    assert "come out the same in every one of 4 pairs" in effect
    assert "costs the same" in price
    assert set(by_country(same).verdict) <= {"the same"}
    assert not by_sector(same).difference.any()
    assert balloon(same, "twin") is None
    assert same.fingerprints["twin"] == same.fingerprints["baseline"]
    assert not same.bands.difference.dropna().any()
    html5lib.HTMLParser(strict=True).parse(render(found))


def test_every_sector_and_country_stands_on_the_page(findings, page):
    """With its flow and what its officers cost, in every scenario."""
    base = findings.comparison.base
    ids = base.grid.sectors(base.parameters.world.sector_km).ids
    rows = [*countries(findings), *sectors(findings)]
    assert {row.code for row in rows} == {*base.grid.codes, *ids}
    assert all([cell.letter for cell in row.cells] == ["A", "B"] for row in rows)
    assert page.count('<td data-label="Base">') >= len(rows)
    of = by_sector(findings.comparison).query("measure == 'flow'")
    largest = of.loc[of.difference.abs().idxmax()]
    assert sectors(findings)[0].code == largest.place
    paid = [row.officers for row in sectors(findings) if row.officers]
    assert len(paid) == len(ids)


def test_a_schedule_of_a_parent_is_named_as_a_change():
    """Operation Bayonet takes the closure of another market from its parent."""
    names = ("dark_net_2017", "operation_bayonet")
    page = render(find_out(compare(names, 2, weeks=20, workers=1), Effort(0, 0, 0)))
    changes = page.split('class="changes"')[1].split("</ul>")[0]
    assert "AlphaBay" in changes
    assert "Hansa" in changes


def test_where_people_are_smuggled_their_deaths_are_in_the_table():
    found = find_out(
        compare(("mediterranean", "mediterranean_alone"), 2, weeks=20, workers=1), Effort(0, 0, 0)
    )
    page = render(found)
    assert "Deaths on the way" in page
    assert "USD per person of" in page
    html5lib.HTMLParser(strict=True).parse(page)


class Rattles(tocsin.Mechanism):
    """Rattles ring in every country, and cost money."""

    indicators = (
        tocsin.Indicator("rattles", "Rattles that rang", "cooperation", "Rings.", "rings", "up",
                         "rattles", "counted"),
        tocsin.Indicator("cost_rattles", "Cost of rattles", "costs", "Price of all.", "USD", "down",
                         "rattles", "measured"),
    )  # fmt: skip
    after = "reporting"

    def step(self, world, cast, notes):
        notes.count("rattles", len(world.codes))
        notes.measure("cost_rattles", 1_000_000.0 * len(world.codes))


def test_a_report_has_what_is_judged_all_costs_and_the_mechanism():
    base, more = (
        replace(load(name).with_mechanisms([Rattles]), primary=("rattles", "displacement"))
        for name in ("baseline", "more_capacity")
    )
    found = find_out(compare([base, more], 2, weeks=10, workers=1), Effort(0, 0, 0))
    first = list(headlines(found.comparison))[:3]
    assert first == ["rattles", "displacement", "delivered"]
    said = render(found)
    html5lib.HTMLParser(strict=True).parse(said)
    assert said.count("Rattles that rang, change against the base") == 1
    assert f"Mechanism rattles of {Rattles.__module__}.Rattles, sources {Rattles.digest()}." in said
    costs = by_instrument(found.comparison)
    assert costs.loc["cost_rattles"].to_list() == [60e6, 60e6]
    parts = costs.drop("cost_total").sum()
    assert parts.to_list() == pytest.approx(costs.loc["cost_total"].to_list())


def test_the_best_of_two_equal_scenarios_is_not_called_the_most():
    twin = replace(load("all_three"), name="twin", title="A twin")
    found = find_out(compare(["baseline", "all_three", twin], 3, weeks=60, workers=1),
                     Effort(0, 0, 0))  # fmt: skip
    table = found.comparison.table
    table.loc[table.indicator == "delivered", "verdict"] = "clearly better"
    assert ", as does “A twin” in every pair: " in sentences(found)[0]
    assert "the most of" not in sentences(found)[0]
    page = render(found)
    assert "the scenario with the least delivered" not in page
    assert "which delivers as little as “" in page


def test_few_worlds_say_nothing(findings):
    assert "too few to say" in sentences(findings)[2]


def test_what_gets_clearly_worse_is_in_the_answer(findings):
    table = findings.comparison.table.copy()
    mine = (table.scenario == findings.leader) & (table.indicator == "trafficker_profit")
    for verdict in ("clearly worse", "not settled"):
        table.loc[mine, "verdict"] = verdict
        changed = replace(findings, comparison=replace(findings.comparison, table=table))
        said = "clearly worse than before: traffickers’ profit" in sentences(changed)[1]
        assert said == (verdict == "clearly worse")


def test_a_folder_gives_the_same_page(findings, page, tmp_path):
    write_comparison(findings.comparison, tmp_path, "tocsin compare baseline evil.toml")
    assert read_findings(tmp_path) is None
    write_findings(findings, tmp_path)
    again = read_findings(tmp_path)
    assert render(again, "tocsin compare baseline evil.toml") == page
    for name in ("table", "outcomes", "flows", "officers", "bands"):
        pd.testing.assert_frame_equal(
            getattr(again.comparison, name), getattr(findings.comparison, name)
        )


def test_what_is_no_comparison_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"no manifest\.json"):
        read_comparison(tmp_path)
    (tmp_path / "manifest.json").write_text('{"kind": "run"}')
    with pytest.raises(InputError, match="of kind 'run'"):
        read_comparison(tmp_path)


def test_a_folder_of_another_model_is_refused(comparison, tmp_path):
    write_comparison(comparison, tmp_path)
    manifest = tmp_path / "manifest.json"
    told = unsealed(manifest)
    told["scenarios"][0]["digest"] = "0" * 64
    manifest.write_bytes(sealed(told))
    with pytest.raises(InputError, match="another version of the model"):
        read_comparison(tmp_path)


def test_a_page_is_written_whole_or_not_at_all(findings, tmp_path):
    write_report(findings, tmp_path / "deep" / "page.html")
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["page.html"]
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_report(findings, tmp_path / "file" / "page.html")


def test_bands_and_means_agree(comparison):
    """The periods of a whole run add up to its total, and `base` is the mean of the base."""
    of = comparison.bands.query("indicator == 'cost_total' and scenario == 'evil'")
    assert list(of.week) == [13, 26, 39, 52]
    weekly = comparison.values("baseline", "cost_total").mean() / 60
    assert of.base.sum() / 52 == pytest.approx(weekly, rel=0.2)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (12_345.6, "12,300"), (-0.01234, "−0.0123"), (1.5, "1.50"), (99.96, "100.0")],
)
def test_digits_that_mean_something(value, words):
    assert digits(value) == words


def test_quantities_have_units():
    base = load("baseline")
    assert Quantity.of("delivered", base, 5e9).level(278e6) == "278 t"
    assert Quantity.of("delivered", base, 5e6).level(5e6) == "5,000 kg"
    assert Quantity.of("interception_rate", base).difference(0.105) == "+10.5 points"
    assert Quantity.of("cost_total", base).level(None) == "undefined"
    assert signed(0) == "0"


def changed(findings, scenario, indicator, **change):
    """The findings with other values in one row of the table."""
    table = findings.comparison.table.copy()
    mine = (table.scenario == scenario) & (table.indicator == indicator)
    for key, value in change.items():
        table.loc[mine, key] = value
    return replace(findings, comparison=replace(findings.comparison, table=table))


OPEN = {"verdict": "not settled", "difference": -6e6, "low": -16e6, "high": 4e6}


@pytest.mark.parametrize(
    ("verdict", "low", "high", "words"),
    [
        ("clearly better", -6e6, -4e6, "” brings down what is delivered by"),
        ("likely better", -11e6, 1e6, "” likely brings down what is delivered by"),
        ("exploratory", -6e6, -4e6, "; exploratory)"),
    ],
)
def test_all_scenarios_are_looked_at_before_none_is_said_to_bring_it_down(
    findings, verdict, low, high, words
):
    other = next(one.name for one in findings.comparison.others if one.name != findings.leader)
    found = changed(findings, findings.leader, "delivered", **OPEN)
    assert "No scenario is seen" in sentences(changed(found, other, "delivered", **OPEN))[0]
    found = changed(found, other, "delivered", verdict=verdict, difference=-5e6, low=low, high=high)
    said = sentences(found)[0]
    assert "No scenario" not in said
    assert words in said
    assert "it is not settled" in said  # the one with the least


def test_an_exploratory_row_is_not_said_to_lack_pairs(findings):
    row = {"verdict": "exploratory", "difference": -5e6, "low": -6e6, "high": -4e6}
    said = sentences(changed(findings, findings.leader, "delivered", **row))[0]
    assert "too few" not in said
    assert "exploratory, because it was not declared as primary" in said


@pytest.mark.parametrize("sign", [1, -1])
def test_a_cost_that_is_not_settled_is_neither_a_saving_nor_a_price(findings, sign):
    row = {"verdict": "clearly better", "difference": -5e6, "low": -6e6, "high": -4e6}
    found = changed(findings, findings.leader, "delivered", **row)
    found = changed(found, findings.leader, "cost_total", verdict="not settled",
                    difference=sign * 1e6, low=-3e6, high=3e6)  # fmt: skip
    said = sentences(found)[1]
    assert said.startswith("Whether it costs more or less is not settled (")
    assert "costs nothing" not in said and "no price of an avoided kilogram" in said
    page = render(found)
    assert "more success; not settled whether it costs more or less" in page
    assert "more success at less cost" not in page


def test_the_answer_gives_no_verdict_on_countries_that_were_not_declared(findings):
    price = sentences(findings)[1]
    assert "clearly more flow" not in price and "settled" not in price.split("; ")[1]
    marks = {cell.mark for row in countries(findings) for cell in row.cells}
    assert marks <= {"▲", "▼", "≈", "=", ""}
    assert {cell.tone for row in countries(findings) for cell in row.cells} == {"plain"}


def test_the_console_explains_clearly_and_likely_as_the_page_does(comparison):
    last = in_words(comparison).splitlines()[-1]
    assert "Clearly: the interval that is shown does not hold zero." in last
    assert "Likely: it does, but the 95 % interval of that outcome alone does not." in last


def test_a_cost_that_is_set_is_drawn_as_a_point_and_has_a_figure(findings):
    found = findings
    for one in findings.comparison.others:
        found = changed(found, one.name, "cost_total", verdict="set by the scenario",
                        difference=6e7, low=float("nan"), high=float("nan"))  # fmt: skip
    page = render(found)
    assert not re.search(r"\bnan\b", page)
    assert "+60.0 million USD, exact." in page
