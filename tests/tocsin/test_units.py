"""Units: persons stay persons and dollars dollars in everything that the product writes."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from tocsin.classroom.lesson import Lesson
from tocsin.classroom.reading import load_lesson
from tocsin.dashboard.pages import inside
from tocsin.dashboard.pages.results import content, find
from tocsin.dashboard.parts import charts
from tocsin.experiments.comparing.comparison import compare
from tocsin.experiments.comparing.output import in_units, read_comparison, write_comparison
from tocsin.experiments.telling import figures, sentences
from tocsin.simulation.recording.explain import Trails
from tocsin.simulation.recording.indicators import indicator_of
from tocsin.simulation.recording.quantities import Quantity, digits, plain
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import Scenario, load
from tocsin.simulation.steering import LiveRun

from tocsin.cli import main
from tocsin.commands.comparing import in_words

WORLDS = {  # scenario: another of its map, unit of what it trades, town or country of a class
    "mediterranean": ("mediterranean_partners", "persons", "ITA"),
    "dark_net_2017": ("alphabay_closed", "USD", "DEU"),
    "baseline": ("more_capacity", "kg", "SEV"),
}
FOREIGN = {
    "persons": re.compile(r"\bkg\b|\d g\b|\d t\b|kilogram|tonne|USD of", re.IGNORECASE),
    "USD": re.compile(r"\bkg\b|\d g\b|\d t\b|kilogram|tonne|per person", re.IGNORECASE),
    "kg": re.compile(r"USD of|group of", re.IGNORECASE),
}
OWN = {
    "persons": re.compile(r"\d persons"),
    "USD": re.compile(r"\d (million )?USD"),
    "kg": re.compile(r"\d (kg|t|g)\b"),
}
STUDY = """schema = 1
title = "A small one"
question = "What does the hazard move?"
author = "The tests"
base = "{base}"
weeks = 30
indicators = ["delivered", "market_price"]

[assumptions]
"detection.hazard" = {{ values = [0.02, 0.15], reason = "assumption" }}

[design]
kind = "grid"

[replications]
number = 2
"""
LESSON = """schema = 1
title = "Trial"
question = "q"
author = "a"
description = "d"

[world]
scenario = "{world}"
years_before = 1

[[round]]
prompt = "p"
notice = "n"

[[lever]]
for = "agency"
key = "countries.*.sharing"
label = "Share"
start = 0.5
cooperative = 1.0
computer = "mirror"

[[seat]]
id = "one"
for = "agency"
country = "{country}"
title = "One"
briefing = "b"
secret = "s"

[[goal]]
for = "agency"
indicator = "delivered_through[*]"
label = "through"

[[prediction]]
id = "flow"
form = "amount"
indicator = "delivered"
ask = "How much?"
"""


@dataclass(frozen=True)
class Written:
    """What commands wrote about one world."""

    name: str
    unit: str
    folder: Path
    printed: dict[str, str]

    def holds(self, text: str) -> None:
        """Has the unit of the world, and none of another."""
        assert OWN[self.unit].search(text), text[:2000]
        self.clean(text)

    def clean(self, text: str) -> None:
        """Has no unit of another world."""
        found = FOREIGN[self.unit].search(text)
        assert not found, text[max(0, found.start() - 200) : found.end() + 50]


@pytest.fixture(scope="module", params=list(WORLDS))
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    from contextlib import redirect_stdout
    from io import StringIO

    name = str(request.param)
    other, unit, _ = WORLDS[name]
    root = tmp_path_factory.mktemp("units")
    (root / "study.toml").write_text(STUDY.format(base=name))
    commands = {
        "run": ["run", name, "--weeks", "60", "--out", str(root / "run")],
        "compare": ["compare", name, other, "--replications", "3", "--weeks", "54",
                    "--workers", "1", "--out", str(root / "pair"), "--report",
                    str(root / "report.html"), "--worlds", "0", "--lever-pairs", "2",
                    "--channel-pairs", "2"],
        "sweep": ["sweep", str(root / "study.toml"), "--out", str(root / "study"),
                  "--workers", "1"],
        "analyse": ["analyse", str(root / "study"), "--out", str(root / "analysis.html")],
    }  # fmt: skip
    printed = {}
    for command, words in commands.items():
        with redirect_stdout(StringIO()) as out:
            assert main(words) == 0
        printed[command] = out.getvalue()
    return Written(name, unit, root, printed)


@pytest.fixture(scope="module")
def live(written: Written) -> Iterator[LiveRun]:
    run = LiveRun(load(written.name), 1)
    run.step(56)
    yield run


def test_the_table_of_a_run_has_the_unit_of_its_commodity(written: Written) -> None:
    written.holds(written.printed["run"])


def test_annual_reports_have_the_unit_of_the_commodity(written: Written) -> None:
    pages = sorted((written.folder / "run" / "reports").glob("*.md"))
    assert pages
    for page in pages:
        written.holds(page.read_text(encoding="utf-8"))


def test_explanations_of_all_kinds_of_events_have_the_unit_of_the_commodity(
    written: Written, live: LiveRun
) -> None:
    events = live.model.world.log.frame()
    ids = events.groupby("kind").event_id.first()
    trails = Trails(events, live.scenario.parameters)
    said = [line for one in ids for line in trails.explain(one)]
    text = "\n".join(said)
    written.clean(text)
    assert {"persons": "a group of", "USD": " USD of", "kg": " kg of"}[written.unit] in text


def test_an_explanation_without_parameters_names_no_unit(live: LiveRun) -> None:
    events = live.model.world.log.frame()
    seizure = events.loc[events.kind == "seizure"].event_id.iloc[0]
    (line,) = [line for line in Trails(events).explain(seizure) if "seized" in line][-1:]
    assert "seized a load of" in line
    assert not re.search(r"\d (kg|g|t|USD|persons)\b", line)


def test_a_printed_comparison_has_the_unit_of_the_commodity(written: Written) -> None:
    written.holds(written.printed["compare"])


def test_a_report_has_the_unit_of_the_commodity(written: Written) -> None:
    page = (written.folder / "report.html").read_text(encoding="utf-8")
    page = re.sub(r'base64,[^"]*', "", page)
    page = page.partition('id="provenance"')[0]  # sources speak of what others counted
    written.holds(page)


def test_figures_of_a_comparison_have_the_unit_of_the_commodity(written: Written) -> None:
    comparison = read_comparison(written.folder / "pair")
    other = comparison.others[0].name
    for figure in (figures.flow_map(comparison, other), figures.flow_change(comparison, other)):
        written.clean(_texts(figure))
        assert re.search(rf"\b({'kg|t' if written.unit == 'kg' else written.unit})\b",
                         _texts(figure))  # fmt: skip
    written.clean(_texts(figures.effects(comparison)))


def _texts(figure: Figure) -> str:
    found = figure.findobj(Text)
    return "\n".join(one.get_text() for one in found if isinstance(one, Text))


def test_an_analysis_has_the_unit_of_the_commodity(written: Written) -> None:
    page = (written.folder / "analysis.html").read_text(encoding="utf-8")
    written.clean(page)
    unit = {"persons": "persons", "USD": "(million )?USD", "kg": "kg|t"}[written.unit]
    assert re.search(rf"<small>\(({unit})\)</small>", page)


def test_results_in_the_room_have_the_unit_of_the_commodity(written: Written) -> None:
    shown_items = [content(item) for item in find(written.folder) if item.kind != "report"]
    assert len(shown_items) == 3
    for item in shown_items:
        tables = {key: value for key, value in item.items() if key != "pictures"}
        written.clean(json.dumps(tables, ensure_ascii=False))


def test_charts_events_and_details_in_the_room_have_the_unit_of_the_commodity(
    written: Written, live: LiveRun
) -> None:
    model = live.model
    described = [chart.described() for chart in charts.charts(live.scenario.parameters)]
    one = {"persons": "person", "USD": "USD", "kg": "kg"}[written.unit]
    units = {chart["key"]: chart["unit"] for chart in described}
    assert units["delivered"] == f"{written.unit} a week"
    assert units["market_price"] == f"USD per {one}"
    assert units["cost_total"] == "million USD a year"
    feed = [entry["text"] for entry in sentences.feed(model, "all")]
    looked: list[dict[str, Any]] = [
        inside.subject(model, kind, number)
        for kind, names in inside.choices(model).items()
        for number in range(len(names))
    ]
    for text in ("\n".join(feed), json.dumps(described), json.dumps(looked, ensure_ascii=False)):
        written.clean(text)


@pytest.fixture(scope="module")
def lesson(written: Written) -> Lesson:
    file = written.folder / "lesson.toml"
    file.write_text(LESSON.format(world=written.name, country=WORLDS[written.name][2]))
    return load_lesson(file)


def test_a_class_asks_and_answers_in_the_unit_of_the_commodity(
    written: Written, lesson: Lesson
) -> None:
    from tocsin.dashboard.classroom.team import _in_model_units, _in_people_units

    world: Scenario = lesson.scenario
    smallest = {"persons": 1, "USD": 100, "kg": 1000}[written.unit]
    amount = Quantity.of("delivered", world)
    assert amount.level(25_000.0 * smallest) == f"25,000 {written.unit}"
    assert amount.difference(-70.0 * smallest) == f"−70.0 {written.unit}"
    (question,) = lesson.questions
    assert _in_model_units(lesson, question, 12) == 12 * smallest
    assert _in_people_units(lesson, question, 12 * smallest) == 12


def test_persons_are_counted_in_full_and_small_loads_in_grams() -> None:
    sea, land = load("mediterranean"), load("baseline")
    assert Quantity.of("delivered", sea, 25_000).level(25_000) == "25,000 persons"
    assert Quantity.of("delivered", sea, 25_314).level(25_314) == "25,314 persons"
    assert Quantity.of("market_price", sea).level(1340.4) == "1,340 USD per person"
    assert Quantity.of("delivered", land, 40).level(40) == "40 g"


def test_two_goods_of_one_world_have_their_own_units() -> None:
    both = load("mediterranean")
    goods = both.parameters.commodities
    cannabis = load("baseline").parameters.commodities["heroin"].model_copy(
        update={"sources": goods["persons"].sources, "markets": goods["persons"].markets}
    )  # fmt: skip
    parameters = both.parameters.model_copy(update={"commodities": {**goods, "cannabis": cannabis}})
    world = replace(both, parameters=parameters)
    assert Quantity.of("delivered[persons]", world, 25_000).level(25_000) == "25,000 persons"
    assert Quantity.of("delivered[cannabis]", world, 25_000).level(25_000) == "25.0 kg"
    assert Quantity.of("market_price[cannabis]", world).unit == "USD per kg"


THREE_GOODS = """
schema = 1
title = "Three goods"
question = "What does each number count?"
author = "a test"
description = "Heroin, people and money on Meridian; one town buys people only."
parent = "baseline"
[commodities.people]
unit = "persons"
sources = ["Kaldun", "Morvat"]
markets = ["Halvik", "Vesthaven", "Sorrel"]
supply_per_year = 20_000
demand_per_year = 18_000
shipment_size = 10
source_price = 300
market_price = 1_600
[commodities.cash]
unit = "USD"
sources = ["Kaldun", "Morvat"]
markets = ["Halvik", "Vesthaven", "Marrow"]
supply_per_year = 140_000_000
demand_per_year = 88_800_000
shipment_size = 20_000
source_price = 0.5
market_price = 1.0
[sources]
"commodities.*" = "assumption: a test"
"""
GOOD_UNITS = {"heroin": "kg", "people": "persons", "cash": "USD"}


@pytest.fixture(scope="module")
def three_goods(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    towns = sorted(load("baseline").grid.towns)
    bought = set(load("baseline").parameters.commodities["heroin"].markets)
    other = next(town for town in towns if town not in {*bought, "Kaldun", "Morvat"})
    file = tmp_path_factory.mktemp("goods") / "three.toml"
    file.write_text(THREE_GOODS.replace("Sorrel", other), encoding="utf-8")
    return load(file)


def _expected_unit(column: str, scenario: Scenario) -> str:
    """The unit of a column, found from its name alone."""
    _, _, inside = column.removesuffix("]").partition("[")
    goods = scenario.parameters.commodities
    good = scenario.parameters.measurement.headline
    sold = [one for one, row in goods.items() if inside.partition(" (")[0] in row.markets]
    if inside in goods:
        good = inside
    elif inside.endswith(")"):
        good = inside.partition(" (")[2].removesuffix(")")
    elif sold:
        (good,) = sold
    unit = GOOD_UNITS[good]
    declared = indicator_of(column).unit
    if declared == "g":
        return unit
    if declared == "USD per unit":
        return f"USD per {'person' if unit == 'persons' else unit}"
    said = {"share": "%", "trust": "", "capability": "", "index": ""}
    return said.get(declared, declared)


@pytest.mark.parametrize("headline", GOOD_UNITS)
def test_every_column_of_a_world_with_three_goods_has_the_unit_of_its_own_good(
    headline: str, three_goods: Scenario
) -> None:
    scenario = three_goods.with_({"measurement.headline": headline})
    columns = run(scenario, weeks=3, events=False).indicators
    prices = {column for column in columns if column.startswith("market_price[")}
    assert {"market_price[Halvik (people)]", "market_price[Halvik (cash)]",
            "market_price[Halvik (heroin)]", "market_price[cash]"} <= prices  # fmt: skip
    assert any("(" not in one and _expected_unit(one, scenario) == "USD per person"
               for one in prices - {f"market_price[{good}]" for good in GOOD_UNITS})  # fmt: skip
    assert "persons_died[people]" in columns
    assert "seized_by[SEV]" in columns
    for column in columns:
        size = 1.0 if indicator_of(column).unit == "USD" else 0.0
        assert Quantity.of(column, scenario, size).unit == _expected_unit(column, scenario), column


def test_table_csv_and_json_write_the_price_of_a_town_in_the_unit_of_what_is_sold_there(
    three_goods: Scenario, tmp_path: Path
) -> None:
    other = replace(three_goods.with_({"cooperation.sharing": 0.9}), name="shared")
    found = compare([three_goods, other], 2, weeks=8, workers=1)
    write_comparison(found, tmp_path)
    table = pd.read_csv(tmp_path / "table.csv").set_index("indicator").unit
    said = {row["indicator"]: row["unit"] for row in in_units(found)}
    shown = in_words(found, everything=True)
    for good, unit in (("people", "person"), ("cash", "USD"), ("heroin", "kg")):
        column = f"market_price[Halvik ({good})]"
        assert table[column] == said[column] == f"USD per {unit}"
        for line in shown.splitlines():
            if column in line:
                assert line.count(f"USD per {unit}") >= 2


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (104.0, "104"), (0.0125, "0.0125"), (-3.5, "\N{MINUS SIGN}3.5"),
     (12_345.6, "12,346"), (float("nan"), "undefined")],
)  # fmt: skip
def test_values_that_were_set_have_no_needless_digits(value: float, text: str) -> None:
    assert plain(value) == text


def test_numbers_that_came_out_have_three_digits() -> None:
    assert [digits(x) for x in (66.44, 0.32, 123_456.0)] == ["66.4", "0.320", "123,000"]
