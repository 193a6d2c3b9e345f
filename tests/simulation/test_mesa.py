"""What users of Mesa 3 expect of a model: batches, collectors, seeds, an end."""

import multiprocessing
from importlib import resources
from pathlib import Path

import mesa
import numpy as np
import pytest
from mesa.batchrunner import batch_run
from mesa.datacollection import DataCollector
from tocsin.simulation.agents import TraffickingNetwork
from tocsin.simulation.errors import InputError
from tocsin.simulation.model import BorderModel
from tocsin.simulation.randomness import seed_of
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

SHORT = load("baseline").with_length(8)


@pytest.fixture
def start_method():
    """Mesa sets the way in which processes start for the whole program."""
    before = multiprocessing.get_start_method(allow_none=True)
    yield
    multiprocessing.set_start_method(before, force=True)


def _state(rng):
    model = BorderModel(SHORT, rng=rng, events=False)
    model.run_model()
    return model.datacollector.get_model_vars_dataframe()


@pytest.mark.usefixtures("start_method")
def test_batch_run_gives_a_row_for_each_run_with_all_indicators_and_the_seed():
    scenarios = [SHORT, SHORT.with_({"cooperation.sharing": 1.0})]
    rows = batch_run(BorderModel, {"scenario": scenarios, "events": False}, rng=[3, None],
                     display_progress=False)  # fmt: skip
    assert len(rows) == 4
    assert [row["Step"] for row in rows] == [8] * 4
    alone = run(SHORT, seed=3, events=False)
    assert {name: rows[0][name] for name in alone.series} == pytest.approx(
        dict(alone.series.iloc[-1]), nan_ok=True
    )
    assert rows[0]["seed"] == rows[1]["seed"] == 3
    fresh = rows[2]
    assert fresh["rng"] is None
    again = run(SHORT, seed=fresh["seed"], events=False).series
    assert fresh["produced"] == again.produced.iloc[-1]


@pytest.mark.usefixtures("start_method")
def test_batch_run_collects_every_week_and_stops_where_it_is_told():
    weekly = batch_run(BorderModel, {"scenario": SHORT}, data_collection_period=1,
                       display_progress=False, rng=1)  # fmt: skip
    assert [row["Step"] for row in weekly] == list(range(1, 9))
    assert [row["produced"] for row in weekly] == run(SHORT, seed=1).series.produced.tolist()
    early = batch_run(BorderModel, {"scenario": "baseline"}, max_steps=3, display_progress=False,
                      rng=1)  # fmt: skip
    assert [row["Step"] for row in early] == [3]


def test_a_collector_of_ones_own_sees_model_and_agents():
    class Watched(BorderModel):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.datacollector = DataCollector(
                model_reporters={"week": "week", "agents": lambda model: len(model.agents)},
                agenttype_reporters={TraffickingNetwork: {"capital": "capital"}},
            )

        def step(self):
            super().step()
            self.datacollector.collect(self)

    model = Watched(SHORT, rng=1)
    model.run_model()
    table = model.datacollector.get_model_vars_dataframe()
    assert table.week.tolist() == list(range(1, 9))
    assert set(table.agents) == {37}
    assert len(model.datacollector.get_agenttype_vars_dataframe(TraffickingNetwork)) == 8 * 30


def test_a_run_ends_by_itself_and_a_further_step_is_refused_in_a_sentence():
    model = BorderModel(SHORT, rng=1)
    assert model.running
    model.run_model()
    assert (model.week, model.steps, model.running) == (8, 8, False)
    model.run_model()  # there is nothing left to do
    assert model.week == 8
    for further in (model.step, lambda: model.run_for(100), lambda: model.run_until(30)):
        with pytest.raises(InputError, match=r"ends with week 8; set world\.weeks"):
            further()
        assert (model.week, model.steps, model.time) == (8, 8, 8)
    assert len(model.datacollector.get_model_vars_dataframe()) == 8


def test_mesas_own_clock_runs_the_model_for_so_many_weeks():
    model = BorderModel(SHORT, rng=1)
    model.run_for(5)
    assert (model.week, model.time) == (5, 5)


def test_no_seed_is_a_fresh_one_that_repeats_the_run():
    first, second = BorderModel(SHORT), BorderModel(SHORT, rng=None)
    assert first.seed != second.seed  # equal by chance in one of 2**32 runs of this test
    first.run_model()
    table = first.datacollector.get_model_vars_dataframe()
    assert table.equals(_state(first.seed))


def test_generators_and_seed_sequences_decide_the_run():
    assert seed_of(np.int64(7)) == 7
    for kind in (np.random.SeedSequence, lambda n: [n, 1], lambda n: (n, 2)):
        assert seed_of(kind(5)) == seed_of(kind(5)) != seed_of(kind(6))
    for kind in (np.random.default_rng, np.random.PCG64, np.random.MT19937):
        one, other = kind(5), kind(5)
        seeds = [seed_of(one), seed_of(one)]
        assert seeds == [seed_of(other), seed_of(other)]
        assert seeds[0] != seeds[1]
    assert _state(np.random.default_rng(5)).equals(_state(np.random.default_rng(5)))
    assert not _state(np.random.default_rng(5)).equals(_state(np.random.default_rng(6)))


@pytest.mark.parametrize("rng", [-1, True, 1.5, "7", [-1], ["a"], object()])
def test_what_gives_no_seed_is_refused_in_a_sentence(rng):
    with pytest.raises(InputError, match="gives no seed; allowed is"):
        BorderModel(SHORT, rng=rng)


def test_a_path_is_a_scenario(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(
        (resources.files("tocsin.scenarios") / "meridian" / "baseline.toml").read_bytes()
    )
    for given in (path, str(path)):
        assert BorderModel(given, rng=1).scenario.name == "mine"
    for wrong in (Path("nowhere.toml"), 3, None):
        with pytest.raises(InputError, match="there is no such"):
            BorderModel(wrong, rng=1)


def test_agents_of_the_model_cannot_be_removed():
    model = BorderModel(SHORT, rng=1)
    for agent in list(model.agents)[::12]:
        with pytest.raises(InputError, match="cannot be removed"):
            agent.remove()
    with pytest.raises(InputError, match="cannot be removed"):
        model.remove_all_agents()
    for agents in (model.agents, model.agents_by_type[TraffickingNetwork]):
        for take in (
            lambda a: a.remove(a[0]), lambda a: a.discard(a[0]), lambda a: a.pop(),
            lambda a: a.clear(), lambda a: a.select(at_most=1, inplace=True),
        ):  # fmt: skip
            with pytest.raises(InputError, match="cannot be removed"):
                take(agents)
    assert len(model.agents) == 37
    assert len(model.agents_by_type[TraffickingNetwork]) == 30
    assert len(model.agents.select(at_most=5)) == 5
    assert len(model.agents.shuffle(inplace=True)) == 37


def test_agents_that_a_user_adds_come_and_go():
    model = BorderModel(SHORT, rng=1)
    visitor = mesa.Agent(model)
    assert visitor in model.agents
    visitor.remove()
    assert visitor not in model.agents


def test_the_draws_of_a_run_cannot_be_begun_again():
    model = BorderModel(SHORT, rng=1)
    with pytest.raises(InputError, match="begin another run"):
        model.reset_rng(3)
