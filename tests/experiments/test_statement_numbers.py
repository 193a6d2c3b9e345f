"""Every number of the three sentences stands in the tables that are written beside them."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tocsin.experiments.comparing.comparison import compare
from tocsin.experiments.comparing.costs import effectiveness, frontier
from tocsin.experiments.comparing.displacement import balloon
from tocsin.experiments.comparing.families import rows
from tocsin.experiments.comparing.output import write_comparison
from tocsin.experiments.telling.findings import Effort, find_out, read_findings, write_findings
from tocsin.experiments.telling.report import render
from tocsin.experiments.telling.statement import FEWEST_WORLDS, sentences
from tocsin.simulation.recording.quantities import Quantity, digits

NAMES = ("baseline", "more_cooperation", "all_three")
PAIRS, WEEKS, WORLDS = 4, 104, 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    comparison = compare(NAMES, PAIRS, weeks=WEEKS, workers=1)
    write_comparison(comparison, folder)
    write_findings(find_out(comparison, Effort(0, 0, WORLDS), workers=1), folder)
    return folder


@pytest.fixture(scope="module")
def findings(folder):
    return read_findings(folder)


def numbers(sentence):
    """Numbers of a sentence without those in quoted titles."""
    plain = re.sub("“[^”]*”", "", sentence).replace("\N{MINUS SIGN}", "-")
    return set(re.findall(r"-?\d[\d,]*(?:\.\d+)?", plain))


def written(*values):
    """Numbers as they may be written: with and without sign, and whole."""
    texts = {digits(abs(value)) for value in values if np.isfinite(value)}
    texts |= {str(int(value)) for value in values if np.isfinite(value) and value == int(value)}
    return texts | {f"-{text}" for text in texts}


def row_of(folder, name, indicator):
    table = pd.read_parquet(folder / "table.parquet")
    return table[(table.scenario == name) & (table.indicator == indicator)].iloc[0]


def pairs_of(folder, indicator):
    outcomes = pd.read_parquet(folder / "outcomes.parquet")
    return outcomes[outcomes.indicator == indicator].pivot_table("value", "seed", "scenario")


def test_the_effect_is_that_of_the_table(folder, findings):
    leader = findings.leader
    row = row_of(folder, leader, "delivered")
    scale = Quantity.of("delivered", findings.comparison.base, row.base).scale
    delivered = pairs_of(folder, "delivered")
    gap = delivered[leader] - delivered[NAMES[0]]
    assert row.difference == pytest.approx(gap.mean())
    assert row.n == PAIRS == len(gap)
    least = {name: delivered[name].mean() for name in NAMES[1:]}
    assert leader == min(least, key=least.get)
    allowed = written(
        100 * row.relative, scale * row.difference, scale * row.low, scale * row.high,
        scale * row.detectable, row.n, (gap < 0).sum(),
        (gap == 0).sum(), scale * row.base, 95, WEEKS / 52, len(NAMES) - 1,
    )  # fmt: skip
    found = numbers(sentences(findings)[0])
    assert len(found) > 3
    assert found <= allowed


def test_the_price_is_that_of_the_table(folder, findings):
    leader, comparison = findings.leader, findings.comparison
    cost = row_of(folder, leader, "cost_total").difference
    per = 1 / Quantity.amount("delivered", comparison.base).scale
    allowed = written(cost, cost / 1e6, 95, 100)
    costs = effectiveness(comparison).query("measure == 'delivered'")
    (mine,) = costs[costs.scenario == leader].to_dict("records")
    delivered, spent = pairs_of(folder, "delivered"), pairs_of(folder, "cost_total")
    avoided = (delivered[NAMES[0]] - delivered[leader]).mean()
    extra = (spent[leader] - spent[NAMES[0]]).mean()
    if mine["statement"] == "costs":
        assert mine["ratio"] == pytest.approx(extra / avoided)
    allowed |= written(*(per * mine[key] for key in ("ratio", "low", "high")))
    for step in frontier(comparison):
        more = (delivered[step.after] - delivered[step.scenario]).mean()
        dearer = (spent[step.scenario] - spent[step.after]).mean()
        assert (step.effect, step.cost) == pytest.approx((more, dearer))
        allowed |= written(step.cost / 1e6, step.cost,
                           *(per * one for one in (step.ratio, step.low, step.high)))  # fmt: skip
    index = balloon(comparison, leader)
    if index is not None:
        ends = (index.index, index.low, index.high)
        allowed |= {f"{one:.2f}" for one in ends} | {f"{100 * index.index:.0f}"}
    for key in ("interception_rate", "networks_dismantled", "trafficker_profit"):
        row = row_of(folder, leader, key)
        scale = Quantity.of(key, comparison.base, abs(row.base)).scale
        allowed |= written(scale * row.difference, 100 * row.relative)
    found = numbers(sentences(findings)[1])
    assert found
    assert found <= allowed


def test_worlds_are_those_of_the_table_and_add_up_to_the_drawn_ones(folder, findings):
    leader, base = findings.leader, NAMES[0]
    said = json.loads((folder / "findings.json").read_text(encoding="utf-8"))["robustness"]
    worlds = pd.read_csv(folder / "worlds.csv")
    assert len(worlds) == said["plausible"] == WORLDS
    assert said["drawn"] == said["plausible"] + sum(said["discarded"].values())
    assert said["weeks"] == WEEKS, "worlds run as long as the answer"
    gain = worlds[f"outcome: {base}"] - worlds[f"outcome: {leader}"]
    extra = worlds[f"cost: {leader}"] - worlds[f"cost: {base}"]
    less, same, more = (gain > 0).sum(), (gain == 0).sum(), (gain < 0).sum()
    assert less + same + more == WORLDS
    relative = 100 * gain / worlds[f"outcome: {base}"]
    scale = Quantity.amount("delivered", findings.comparison.base).scale
    price = (extra / gain / scale)[gain > 0]
    outcomes = worlds[[f"outcome: {name}" for name in NAMES]].to_numpy()
    top = outcomes == outcomes.min(axis=1, keepdims=True)
    alone = (top[:, NAMES.index(leader)] & (top.sum(axis=1) == 1)).sum()
    tied = (top[:, NAMES.index(leader)] & (top.sum(axis=1) > 1)).sum()
    sentence = sentences(findings)[2]
    head = (f"In {less} of {WORLDS} plausible worlds with other assumptions it delivers less than "
            f"the base, in {same} the same and in {more} more ({said['drawn']} were drawn, "
            f"{said['drawn'] - WORLDS} discarded")  # fmt: skip
    assert sentence.startswith(head)
    assert f"least of all in {alone}" in sentence
    assert (f"ties for least in {tied}" in sentence) == bool(tied)
    assert numbers(sentence.split("; ")[1]) <= written(
        relative.min(), relative.median(), relative.max()
    )
    if less:
        assert numbers(sentence.split("; ")[2]) <= written(
            less, price.min(), price.median(), price.max()
        )
    page = render(findings)
    assert f"{said['drawn']} worlds were drawn; {WORLDS} of them are plausible" in page
    assert f"<dd>{less} of {WORLDS}</dd>" in page


def test_no_tile_stands_where_the_sentence_abstains(findings):
    sturdy, number = findings.robustness, FEWEST_WORLDS - 1
    tables = {key: getattr(sturdy, key).head(number) for key in ("worlds", "outcomes", "costs")}
    few = replace(findings, robustness=replace(sturdy, **tables))
    assert "too few to say" in sentences(few)[2]
    assert "Plausible worlds in which it delivers less" not in render(few)
    assert "Plausible worlds in which it delivers less" in render(findings)


def test_a_tile_needs_an_interval_without_zero(findings):
    table = findings.comparison.table.copy()
    mine = (table.scenario == findings.leader) & (table.indicator == "delivered")
    table.loc[mine, ["low", "high"]] = -1e9, 1e9
    open_ = replace(findings, comparison=replace(findings.comparison, table=table))
    assert "<dt>Delivered</dt>" not in render(open_)


class _Costs:
    """A comparison of which only costs and flow are known, one value a seed."""

    def __init__(self, **points):
        self.points = points
        self.base = SimpleNamespace(name="base")
        self.others = [SimpleNamespace(name=name) for name in points]
        self.outcomes = pd.DataFrame({"indicator": ["delivered", "cost_total"]})

    def values(self, name, indicator):
        avoided, cost = self.points.get(name, (0.0, 0.0))
        own = 0.01 * np.random.default_rng([*name.encode()]).normal(size=(2, 12))
        own -= own.mean(axis=1, keepdims=True)
        luck = np.linspace(-1.0, 1.0, 12)
        return (100 - avoided + luck + own[0] if indicator == "delivered"
                else 50 + cost + 2 * luck + own[1])  # fmt: skip

    def row(self, name, indicator):
        keys = ("delivered", "cost_total")
        base, other = ({key: self.values(one, key) for key in keys} for one in ("base", name))
        return next(row for row in rows(base, {name: other}, keys) if row["indicator"] == indicator)


def test_the_frontier_leaves_out_what_others_dominate():
    """Dear is dominated simply, between by a mixture of cheap and most."""
    steps = frontier(_Costs(cheap=(10, 10), dear=(9, 40), between=(15, 60), most=(20, 80)))
    assert [(step.after, step.scenario) for step in steps] == [("base", "cheap"), ("cheap", "most")]
    assert [step.ratio for step in steps] == pytest.approx([1, 7])
    found = [(step.effect, step.cost) for step in steps]
    assert np.allclose(found, [(10, 10), (10, 70)])
    saving = frontier(_Costs(saves=(10, -5), more=(20, 5)))
    assert [(step.after, step.scenario) for step in saving] == [("saves", "more")]
    assert frontier(_Costs(worse=(-5, 5))) == []
