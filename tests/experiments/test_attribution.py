"""Attribution: known games, and gaps that are divided without a rest."""

from dataclasses import replace

import numpy as np
import pytest
from tocsin.experiments.comparing import attribution
from tocsin.experiments.comparing.attribution import by_channel, by_lever, differing, shapley
from tocsin.experiments.comparing.groups import check_groups, grouped, parse_groups
from tocsin.experiments.running.replications import ReplicatedRuns
from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.files import load
from tocsin.simulation.scenario.schedule import read_schedule

WEEKS, SEEDS = 52, (0, 1, 2)
INDICATORS = ("delivered", "cost_total")


@pytest.fixture(scope="module")
def runs():
    return ReplicatedRuns(workers=1)


@pytest.fixture(scope="module")
def pair():
    return load("baseline").with_length(WEEKS), load("all_three").with_length(WEEKS)


def gaps(runs, base, other, indicator):
    return runs.values(other, indicator, SEEDS) - runs.values(base, indicator, SEEDS)


def test_the_glove_game():
    """One left glove, two right ones; only a pair is worth something (Shapley's own values)."""

    def worth(coalition):
        return np.array([float(0 in coalition and bool(coalition & {1, 2}))])

    assert shapley(3, worth)[:, 0] == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_an_additive_game_gives_each_player_its_own():
    own = np.array([[1.0, 2.0], [-3.0, 0.5], [0.0, 4.0], [7.0, 7.0]])

    def worth(coalition):
        return sum((own[player] for player in coalition), start=np.zeros(2))

    assert shapley(4, worth) == pytest.approx(own)


def test_parts_add_up_to_the_gap_of_every_seed(pair, runs):
    base, other = pair
    found = by_lever(base, other, SEEDS, INDICATORS, runs)
    assert found.exact
    assert len(found.parts) == len(differing(base, other)) == 3
    for indicator in INDICATORS:
        gap = gaps(runs, base, other, indicator)
        of = found.by_seed.query("indicator == @indicator")
        sums = of.groupby("seed").value.sum().to_numpy()
        assert sums == pytest.approx(gap, rel=1e-9, abs=1e-6)
        table = found.table.query("indicator == @indicator")
        assert table.value.sum() == pytest.approx(gap.mean(), rel=1e-9)
        assert table.share.sum() == pytest.approx(1)


def test_channels_and_the_rest_add_up_too(pair, runs):
    base, other = pair
    found = by_channel(base, other, SEEDS, INDICATORS, runs)
    for indicator in INDICATORS:
        gap = gaps(runs, base, other, indicator)
        table = found.table.query("indicator == @indicator")
        assert table.value.sum() == pytest.approx(gap.mean(), rel=1e-9)
    assert found.parts[-1] == attribution.REST


def test_one_lever_gets_all_of_it_without_a_run_more(pair, runs):
    base, _ = pair
    other = load("more_capacity").with_length(WEEKS)
    runs.run([base, other], SEEDS)
    before = runs.runs
    found = by_lever(base, other, SEEDS, INDICATORS, runs)
    assert runs.runs == before
    assert found.parts == ("capacity.funding_musd_per_year",)
    gap = gaps(runs, base, other, "delivered")
    assert found.by_seed.query("indicator == 'delivered'").value.to_numpy() == pytest.approx(gap)


def test_with_many_parts_orders_are_drawn_and_still_add_up(pair, runs, monkeypatch):
    monkeypatch.setattr(attribution, "EXACT", 2)
    base, other = pair
    found = by_lever(base, other, SEEDS, ("delivered",), runs)
    assert not found.exact
    sums = found.by_seed.groupby("seed").value.sum().to_numpy()
    assert sums == pytest.approx(gaps(runs, base, other, "delivered"), rel=1e-9, abs=1e-6)


def test_copies_have_nothing_to_divide(pair):
    base, _ = pair
    assert differing(base, replace(base, name="copy")) == []
    with pytest.raises(InputError, match="do not differ"):
        by_lever(base, replace(base, name="copy"), SEEDS, INDICATORS)


def test_other_worlds_are_refused(pair):
    with pytest.raises(InputError, match="different maps"):
        differing(pair[0], load("central_asia_2010"))


def test_levers_go_together_with_the_mandate_they_need():
    base = load("baseline").with_({"cooperation.mandates": (), "cooperation.sharing": 0.0})
    other = load("all_three")
    names = [part.name for part in differing(base, other)]
    assert names[0] == "cooperation.mandates + cooperation.sharing"
    assert set(names[1:]) == {"intelligence.delay_weeks", "capacity.funding_musd_per_year"}


def test_changes_of_a_lever_belong_to_it_and_shocks_stand_alone(pair):
    base, _ = pair
    schedule = read_schedule({
        "change": [{"week": 20, "set": {"intelligence.delay_weeks": 2}, "reason": "test"}],
        "shock": [{"week": 30, "kind": "arrest", "share": 0.5, "reason": "test"}],
    })  # fmt: skip
    other = replace(base, name="later", schedule=schedule, own_schedule=schedule)
    parts = differing(base, other)
    assert [part.name for part in parts] == ["intelligence.delay_weeks", "arrest in the schedule"]
    half = attribution._mixture(base, other, parts, frozenset({0}))
    assert [kind for kind, _ in half.schedule.entries()] == ["change"]
    whole = attribution._mixture(base, other, parts, frozenset({0, 1}))
    assert whole.digest == other.digest
    back = attribution._mixture(other, base, differing(other, base), frozenset({0, 1}))
    assert back.digest == base.digest


def test_what_is_no_lever_is_named_as_such(pair):
    base, _ = pair
    other = replace(base.with_({"trust.gain": 0.2, "capacity.funding_musd_per_year": 5}), name="x")
    assert [part.name for part in differing(base, other)] == [
        "capacity.funding_musd_per_year", "no lever: trust.gain",
    ]  # fmt: skip


def test_parts_can_be_joined(pair):
    parts = differing(*pair)
    news = ["cooperation.sharing", "intelligence.delay_weeks"]
    joined = grouped(parts, {"news": news})
    assert [part.name for part in joined] == ["news", "capacity.funding_musd_per_year"]
    assert joined[0].keys == tuple(news)
    assert grouped(parts, {"news": [*news, "legal.treaty"], "law": ["legal.mla_weeks"]}) == joined
    with pytest.raises(InputError, match=r"trust\.gain is the same in all scenarios; what differs"):
        check_groups({"x": ["trust.gain"]}, pair[0], pair[1:])
    check_groups({"x": news}, pair[0], [pair[0], pair[1]])


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["news"], "not of the form NAME=KEY,KEY"),
        (["=cooperation.sharing"], "not of the form"),
        (["news=cooperation.sharin"], "nearest: 'sharing'"),
        (["a=legal.treaty", "b=legal.mla_weeks,legal.treaty"], "in 'a' already"),
        (["a=legal.treaty,legal.treaty"], "in 'a' already"),
        (["a=legal.treaty", "a=legal.mla_weeks"], "name each once"),
    ],
)
def test_groups_that_make_no_sense_are_refused(texts, words):
    with pytest.raises(InputError, match=words):
        parse_groups(texts)


def test_groups_are_read_as_they_are_written():
    text = "news = cooperation.sharing, intelligence.delay_weeks"
    assert parse_groups([text]) == {"news": ("cooperation.sharing", "intelligence.delay_weeks")}


def test_the_parts_of_groups_add_up_to_the_gap(pair, runs):
    """A group has what its levers have together, and all parts the whole gap of every seed."""
    parts = grouped(differing(*pair), {"news": ["cooperation.sharing", "intelligence.delay_weeks"]})
    found = by_lever(*pair, SEEDS, INDICATORS, runs, parts)
    assert found.parts == ("news", "capacity.funding_musd_per_year")
    for name in INDICATORS:
        of = found.by_seed.query("indicator == @name").groupby("seed").value.sum()
        assert of.to_numpy() == pytest.approx(gaps(runs, *pair, name), rel=1e-9, abs=1e-3)
