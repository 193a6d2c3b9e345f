"""Pages without a browser: what each message does, and that nonsense does nothing."""

from collections.abc import Iterator

import pytest
from tocsin.dashboard.pages.compare import Comparer
from tocsin.dashboard.pages.explore import Explorer
from tocsin.experiments.comparing.cautions import of_file, of_runs
from tocsin.experiments.running.card import Card
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load
from tocsin.simulation.steering import LiveRun

import tocsin


@pytest.fixture
def explorer() -> Iterator[Explorer]:
    one = Explorer("scenario=baseline&seed=5&week=10")
    yield one
    one.close()


@pytest.fixture
def comparer() -> Iterator[Comparer]:
    one = Comparer("scenario=baseline&seed=5&week=10&other=more_capacity")
    yield one
    one.close()


def say(piece: object, **content: object) -> None:
    """What a page would send."""
    piece._handle_custom_msg(content, [])  # pyright: ignore[reportAttributeAccessIssue]


def test_a_link_is_followed(explorer: Explorer) -> None:
    assert (explorer.bar.week, explorer.bar.seed, explorer.story.chosen) == (10, 5, "baseline")
    assert explorer.bar.card == "scenario=baseline&seed=5&week=10"


@pytest.mark.parametrize("query", ["scenario=../../etc/passwd", "scenario=nothing&seed=1",
                                   "scenario=baseline&seed=x"])  # fmt: skip
def test_a_bad_link_ends_in_a_sentence_and_the_usual_scenario(query: str) -> None:
    one = Explorer(query)
    assert one.story.chosen == "baseline"
    assert "cannot be followed" in one.story.fault
    one.close()


def test_time_goes_both_ways(explorer: Explorer) -> None:
    say(explorer.bar, do="step")
    assert explorer.bar.week == 11
    say(explorer.bar, do="back")
    say(explorer.bar, do="back")
    assert explorer.bar.week == 9
    say(explorer.bar, do="go", week=30)
    assert explorer.bar.week == 30
    say(explorer.bar, do="restart")
    assert explorer.bar.week == 0
    say(explorer.bar, do="back")
    assert explorer.bar.week == 0


def test_a_lever_becomes_a_change_of_the_next_week(explorer: Explorer) -> None:
    say(explorer.levers, do="move", key="cooperation.sharing", value=0.9)
    assert [move["week"] for move in explorer.levers.moves] == [11]
    assert explorer.bar.marks == [11]
    assert "move=11:cooperation.sharing:0.9" in explorer.bar.card
    say(explorer.levers, do="undo", week=11, key="cooperation.sharing")
    assert explorer.levers.moves == []
    say(explorer.levers, do="move", key="cooperation.sharing", value=7, serial=2)
    assert "too high" in explorer.levers.fault
    assert explorer.levers.heard == 2  # so that the page sets it back


def test_cautions_stand_beside_the_charts_and_go_with_their_cause(explorer: Explorer) -> None:
    assert explorer.charts.cautions == []
    few = load("baseline").with_({"commodities.heroin.shipment_size": 1000.0})
    explorer._begin(few, Card("baseline", 5, 0))
    (from_the_file,) = explorer.charts.cautions
    assert from_the_file.startswith("Heroin moves in about 40 loads a year")
    say(explorer.bar, do="go", week=104)
    assert any(one.startswith("Nobody is arrested in 2 years") for one in explorer.charts.cautions)
    say(explorer.story, do="choose", name="baseline")
    assert explorer.charts.cautions == []


def test_what_is_cautioned_of_a_run_is_what_tocsin_run_says(explorer: Explorer) -> None:
    few = load("baseline").with_({"commodities.heroin.shipment_size": 1000.0}).with_length(104)
    explorer._begin(few, Card("baseline", 5, 104))
    said = of_file(few) + of_runs(few, [run(few, 5, events=False).indicators], 104)
    assert len(said) >= 2
    assert explorer.charts.cautions == [one[0].upper() + one[1:] for one in said]


def test_the_comparer_cautions_of_both_runs_or_names_the_one(comparer: Comparer) -> None:
    assert comparer.charts.cautions == []
    say(comparer.second.story, do="choose", name="before_tarcet")
    (of_one,) = comparer.charts.cautions
    assert of_one.startswith("Second: the statement and all plain indicators speak of heroin only")
    say(comparer.first.story, do="choose", name="before_tarcet")
    (of_both,) = comparer.charts.cautions
    assert of_both == "T" + of_one.removeprefix("Second: t")


def test_the_map_says_the_note_of_its_file(explorer: Explorer) -> None:
    assert explorer.map.base["note"] == ""
    say(explorer.story, do="choose", name="mediterranean")
    assert explorer.map.base["note"] == load("mediterranean").grid.note
    assert "W. Sahara" in explorer.map.base["note"]


def test_a_new_seed_keeps_the_levers_and_begins_anew(explorer: Explorer) -> None:
    say(explorer.levers, do="move", key="cooperation.sharing", value=0.9)
    say(explorer.bar, do="seed", seed="77")
    assert (explorer.bar.seed, explorer.bar.week, len(explorer.levers.moves)) == (77, 0, 1)
    say(explorer.bar, do="seed", seed="one")
    assert "seed" in explorer.bar.note
    assert explorer.bar.seed == 77


def test_things_are_looked_into_and_explained(explorer: Explorer) -> None:
    say(explorer.map, do="pick", kind="country", number=1)
    assert explorer.inside.subject["kind"] == "country"
    say(explorer.feed, do="kind", kind="seizure")
    event = explorer.feed.events[0]["id"]
    say(explorer.feed, do="why", id=event)
    assert explorer.feed.why["sentences"]
    say(explorer.feed, do="why", id=event)
    assert explorer.feed.why == {}


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"do": "nothing known"},
        {"do": ["list"]},
        {"do": "go"},
        {"do": "go", "week": "7"},
        {"do": "go", "week": True},
        {"do": "speed", "speed": 1000},
        {"do": "pick", "kind": "country", "number": 99},
        {"do": "pick", "kind": None, "number": 0},
        {"do": "shade", "shade": "__class__"},
        {"do": "choose", "name": "/etc/passwd"},
        {"do": "choose", "name": "../secret.toml"},
        {"do": "upload", "name": "x"},
        {"do": "undo"},
        {"do": "undo", "week": "x", "key": 3},
        {"do": "move"},
        {"do": "move", "key": "cooperation.sharing", "value": {"a": 1}},
        {"do": "kind", "kind": "???"},
        {"do": "why", "id": {"a": 1}},
    ],
)
def test_nonsense_from_a_page_does_nothing(explorer: Explorer, content: dict) -> None:
    before = explorer.run.fingerprint
    for piece in (explorer.bar, explorer.levers, explorer.map, explorer.feed, explorer.story,
                  explorer.inside):  # fmt: skip
        say(piece, **content)
    assert explorer.run.week == 10
    assert explorer.run.fingerprint == before
    assert explorer.run.moves == []
    assert explorer.story.chosen == "baseline"


def test_both_sides_are_locked_in_step(comparer: Comparer) -> None:
    assert comparer.second.story.chosen == "more_capacity"
    for act in ({"do": "step"}, {"do": "go", "week": 25}, {"do": "back"}):
        say(comparer.bar, **act)
        assert comparer.first.run.week == comparer.second.run.week == comparer.bar.week
    assert comparer.parting.found["week"] is not None


def test_a_side_has_its_own_levers_from_the_start(comparer: Comparer) -> None:
    say(comparer.first.levers, do="move", key="operations.patrol_budget", value=2.0)
    assert comparer.first.run.week == 10
    assert comparer.first.run.scenario.value("operations.patrol_budget") == 2.0
    assert comparer.second.run.scenario.value("operations.patrol_budget") == 1.0
    assert "move=0:operations.patrol_budget:2.0" in comparer.bar.card
    say(comparer.first.levers, do="move", key="operations.patrol_budget", value=99)
    assert "too high" in comparer.first.levers.fault
    assert comparer.first.run.scenario.value("operations.patrol_budget") == 2.0


def test_different_maps_are_compared_in_charts_only(comparer: Comparer) -> None:
    say(comparer.second.story, do="choose", name="central_asia_2010")
    assert not comparer.alike
    assert comparer.difference.base == {}
    say(comparer.bar, do="step")
    assert comparer.first.run.week == comparer.second.run.week == 11


def test_scenarios_of_different_goods_have_no_chart_of_amounts_and_the_page_says_so(
    comparer: Comparer,
) -> None:
    say(comparer.second.story, do="choose", name="mediterranean")
    assert not comparer.alike
    kept = {chart["key"] for chart in comparer.charts.charts}
    assert not kept & {"delivered", "market_price", "interception_rate"}
    assert {"networks_active", "cost_total"} <= kept
    assert "different goods" in comparer.charts.cautions[0]
    say(comparer.bar, do="step")
    for line in comparer.parting.found["measured"]:
        assert "(kg)" not in line


class Tired(tocsin.Mechanism):
    """It gives up in week 3."""

    after = "reporting"

    def step(self, world: object, cast: object, notes: object) -> None:
        """One week."""
        if getattr(world, "week") == 3:  # noqa: B009
            raise RuntimeError("too tired")


def test_a_mechanism_that_fails_is_a_sentence_on_the_page_and_a_traceback_in_the_log(
    explorer: Explorer, comparer: Comparer, caplog: pytest.LogCaptureFixture
) -> None:
    tired = load("baseline").with_mechanisms([Tired])
    explorer._begin(tired, Card("baseline", 5, 0))
    say(explorer.bar, do="go", week=10)
    assert "mechanism 'tired'" in explorer.bar.note
    assert "failed in week 3" in explorer.bar.note
    assert 'raise RuntimeError("too tired")' in caplog.text
    assert explorer.run.week == 2
    comparer.second.run = LiveRun(tired, 5)
    say(comparer.bar, do="go", week=10)
    assert "mechanism 'tired'" in comparer.bar.note
    assert [side.run.week for side in comparer.sides] == [2, 2]
