"""The door for mechanisms from outside: levers, indicators, state, draws, a place, decisions."""

import copy
import pickle
import sys
import types
from dataclasses import replace

import numpy as np
import pytest
from tocsin.experiments.comparing.output import read_comparison, write_comparison
from tocsin.experiments.running.stream import run_all
from tocsin.simulation.phases import PHASES, Profile
from tocsin.simulation.randomness import keys_of
from tocsin.simulation.scenario.files import load

import tocsin
from tocsin.commands.running import in_words

WEEKS = 60
HEAD = """schema = 1
title = "x"
question = "x"
author = "x"
description = "x"
parent = "baseline"
"""


class Bells(tocsin.Mechanism):
    """Bells ring by chance, and are heard in each country."""

    class levers(tocsin.Group):  # noqa: N801
        """How often."""

        often: float = tocsin.lever(0.2, "Chance of each bell.", unit="probability", low=0, high=1)
        price: float = tocsin.assumption(10.0, "Price of a ring.", unit="USD", low=0, high=100)

    indicators = (
        tocsin.Indicator("bells", "Bells that rang", "cooperation", "Rings.", "rings", "neither",
                         "bells", "counted"),
        tocsin.Indicator("cost_bells", "Cost of bells", "costs", "Price of rings.", "USD", "down",
                         "bells", "measured"),
        tocsin.Indicator("heard", "Rings heard", "cooperation", "Rings in the country.", "rings",
                         "neither", "bells", "counted", per="country"),
    )  # fmt: skip
    events = {"bell": "a bell was heard; it has no cause"}  # noqa: RUF012
    after = "reporting"

    def lay_out(self, world):
        self.rung = np.zeros(len(world.codes), dtype=np.int64)

    def step(self, world, cast, notes):
        world.log.record(f"bell-{world.week}", world.week, "bell", "IGO")
        ring = self.draws.uniform("ring", world.country_keys, world.week) < self.levers.often
        self.rung += ring
        notes.count("bells", int(ring.sum()))
        notes.measure("cost_bells", float(ring.sum()) * self.levers.price)
        notes.row("heard")[:] = ring


class Anywhere(tocsin.Mechanism):
    """Agencies send all officers to where chance says."""

    class agencies(tocsin.NationalAgencies):  # noqa: N801
        """Their patrols are drawn."""

        def place_patrols(self):
            world, patrols = self.world, self.world.patrols
            drawn = world.mechanism("anywhere").draws.uniform("patrol", patrols.keys, world.week)
            patrols.effort[:] = 2 * drawn * patrols.even_effort()


def made(called, /, **parts):
    """A mechanism of these parts, as a file of a user would define it."""
    return types.new_class(called, (tocsin.Mechanism,), exec_body=lambda body: body.update(parts))


def rings(name, **other):
    """An indicator like that of bells, under another name."""
    return replace(Bells.indicators[0], name=name, **other)


def in_a_week(step, **parts):
    """The model after one week with a mechanism that has this step."""
    kind = made("Weekly", step=lambda _, world, __, notes: step(world, notes), **parts)
    model = tocsin.BorderModel(load("baseline").with_mechanisms([kind]), rng=1)
    model.step()
    return model


@pytest.fixture
def scenario():
    return load("baseline").with_mechanisms([Bells]).with_length(WEEKS)


def test_without_a_mechanism_nothing_changes(scenario):
    plain = tocsin.run("baseline", seed=3, weeks=WEEKS)
    with_bells = tocsin.run(scenario, seed=3)
    silent = {"bells", "cost_bells", "cost_total", *(f"heard[{c}]" for c in scenario.grid.codes)}
    for name, value in plain.indicators.items():
        assert name == "cost_total" or with_bells.indicators[name] == value, name
    assert with_bells.indicators.keys() - plain.indicators.keys() == silent - {"cost_total"}
    assert load("baseline").digest != scenario.digest


def test_its_indicators_are_columns_and_its_costs_are_in_the_total(scenario):
    plain, rung = tocsin.run("baseline", seed=3, weeks=WEEKS), tocsin.run(scenario, seed=3)
    number = rung.indicators["bells"]
    assert 0 < number < WEEKS * len(scenario.grid.codes)
    assert number == rung.series["bells"].sum()
    assert number == sum(rung.indicators[f"heard[{code}]"] for code in scenario.grid.codes)
    assert rung.indicators["cost_bells"] == 10.0 * number
    extra = rung.indicators["cost_total"] - plain.indicators["cost_total"]
    assert extra == pytest.approx(10.0 * number)


def test_a_lever_set_from_the_start_and_one_changed_in_week_1_are_the_same(scenario, tmp_path):
    from_start = tocsin.run(scenario.with_({"bells.often": 0.7}), seed=1)
    changed = tmp_path / "changed.toml"
    changed.write_text(
        HEAD + 'mechanisms = ["bells"]\n[world]\nweeks = { value = 60, reason = "short" }\n'
        '[[change]]\nweek = 1\nset = { "bells.often" = 0.7 }\nreason = "a test"\n',
        encoding="utf-8",
    )
    in_week_1 = tocsin.run(changed, seed=1)
    assert from_start.series.equals(in_week_1.series)
    assert from_start.indicators["bells"] > tocsin.run(scenario, seed=1).indicators["bells"]


def test_two_runs_that_differ_in_a_lever_share_their_luck(scenario):
    few, many = (tocsin.run(scenario.with_({"bells.often": p}), seed=5).series for p in (0.2, 0.6))
    assert (few["bells"] <= many["bells"]).all()
    assert few["bells"].sum() < many["bells"].sum()


def test_its_state_is_part_of_the_fingerprint(scenario):
    model = tocsin.BorderModel(scenario, rng=1)
    model.step()
    before = model.fingerprint
    model.world.mechanism("bells").rung[0] += 1
    assert model.fingerprint != before


def test_its_events_are_told_in_its_words(scenario):
    run = tocsin.run(scenario, seed=1)
    assert run.explain("bell-3") == ["Week 3: IGO: a bell was heard."]
    with pytest.raises(tocsin.InputError) as wrong:
        made("Thief", events={"seizure": "mine"})
    assert "'seizure' is there already" in str(wrong.value)


def test_a_copy_of_a_model_goes_its_own_way(scenario):
    model = tocsin.BorderModel(scenario, rng=1)
    for _ in range(5):
        model.step()
    twin = copy.deepcopy(model)
    for _ in range(5):
        model.step()
    behind = twin.world.mechanism("bells").rung.sum()
    assert behind < model.world.mechanism("bells").rung.sum()
    for _ in range(5):
        twin.step()
    assert twin.fingerprint == model.fingerprint


def test_its_step_stands_behind_the_phase_that_it_names(scenario):
    model = tocsin.BorderModel(scenario, rng=1)
    names = [name for name, _ in model.phases]
    assert names.index("bells") == names.index("reporting") + 1
    assert [name for name in names if name != "bells"] == [name for name, _ in PHASES]
    profile = Profile()
    tocsin.run(scenario, profile=profile)
    assert profile.seconds["bells"] > 0


def test_another_decision_takes_the_place_of_one_of_the_package():
    plain = tocsin.run("baseline", seed=1, weeks=WEEKS)
    other = tocsin.run("baseline", seed=1, weeks=WEEKS, mechanisms=[Anywhere])
    assert other.indicators["seized"] != plain.indicators["seized"]
    assert type(other.model.cast.agencies).__name__ == "agencies"


def test_workers_and_pickles_know_it(scenario):
    again = pickle.loads(pickle.dumps(scenario))
    assert again.digest == scenario.digest
    assert again.mechanisms == (Bells,)
    here, there = run_all(end_of, [scenario], 1), run_all(end_of, [scenario, scenario], 2)
    assert here[0] == there[0] == there[1]


def end_of(scenario):
    """Bells that rang, in whatever process."""
    return tocsin.run(scenario, seed=2).indicators["bells"]


def test_compare_has_its_indicators(scenario):
    loud = tocsin.compare(
        ["baseline", "more_cooperation"],
        replications=4, weeks=WEEKS, workers=1, mechanisms=[Bells], primary=["bells", "delivered"],
    )  # fmt: skip
    assert loud.row(loud.scenarios[1].name, "bells") is not None


def test_a_scenario_file_states_it_and_can_be_read_again(scenario, tmp_path):
    file = tmp_path / "loud.toml"
    file.write_text(scenario.with_({"bells.often": 0.5}).to_toml(), encoding="utf-8")
    read = load(file)
    assert read.mechanisms == (Bells,)
    assert read.value("bells.often") == 0.5


def test_an_indicator_for_countries_may_begin_with_country():
    def step(world, notes):
        notes.row("country_rings")[:] = 1

    own = rings("country_rings", per="country")
    model = in_a_week(step, after="reporting", indicators=(own,))
    assert model.record.summary()[f"country_rings[{model.world.codes[0]}]"] == 1


def test_a_mechanism_that_is_defined_anew_keeps_what_was_set():
    class first(tocsin.Group):  # noqa: N801
        a: float = tocsin.lever(0.5, "A.", unit="share", low=0, high=1)

    class second(first):  # noqa: N801
        b: float = tocsin.lever(0.1, "B.", unit="share", low=0, high=1)

    class third(tocsin.Group):  # noqa: N801
        a: float = tocsin.lever(0.9, "A.", unit="share", low=0.8, high=1)

    earlier = load("baseline").with_mechanisms([made("Redefined", levers=first)])
    earlier = earlier.with_({"redefined.a": 0.3})
    again = earlier.with_mechanisms([made("Redefined", levers=second)])
    assert again.parameters.redefined == second(a=0.3, b=0.1)
    with pytest.raises(tocsin.InputError) as wrong:
        earlier.with_mechanisms([made("Redefined", levers=third)])
    assert "redefined.a = 0.3: too low" in str(wrong.value)


def test_the_digest_is_that_of_what_is_run_not_of_a_later_edit(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    file = tmp_path / "edited.py"
    file.write_text("import tocsin\nclass Edited(tocsin.Mechanism):\n    'Rings.'\n", "utf-8")
    kind = __import__("edited").Edited
    before = load("baseline").with_mechanisms([kind]).digest
    file.write_text(file.read_text("utf-8") + "# edited while it runs\n", "utf-8")
    assert load("baseline").with_mechanisms([kind]).digest == before


def test_the_digest_follows_the_source(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    digests = []
    for number in (1, 2, 2):
        text = f"import tocsin\nclass Sounds(tocsin.Mechanism):\n    'Rings.'\n    n = {number}\n"
        (tmp_path / "sounds.py").write_text(text, encoding="utf-8")
        sys.modules.pop("sounds", None)
        importlib_clean()
        digests.append(__import__("sounds").Sounds.digest())
    assert digests[0] != digests[1] == digests[2]


def importlib_clean():
    """Forget what was compiled of files that have changed within a second."""
    import importlib

    importlib.invalidate_caches()
    sys.dont_write_bytecode = True


def test_named_draws_disturb_nobody(scenario):
    model = tocsin.BorderModel(scenario, rng=1)
    mine = model.world.mechanism("bells").draws
    keys = keys_of(["a", "b"])
    assert not np.array_equal(mine.uniform("ring", keys), model.world.streams.uniform("ring", keys))
    assert np.array_equal(
        mine.uniform("ring", keys), model.world.streams.uniform("bells: ring", keys)
    )


def test_a_kept_comparison_is_read_again_with_its_mechanism_and_refused_with_another(
    tmp_path, monkeypatch
):
    compared = tocsin.compare(
        ["baseline", "more_cooperation"], replications=2, weeks=10, workers=1, mechanisms=[Bells]
    )
    (tmp_path / "kept").mkdir()
    write_comparison(compared, tmp_path / "kept")
    again = read_comparison(tmp_path / "kept")
    assert again.base.digest == compared.base.digest
    assert again.base.mechanisms == (Bells,)
    monkeypatch.setattr(Bells, "digest", lambda: "0" * 16)
    with pytest.raises(tocsin.InputError) as wrong:
        read_comparison(tmp_path / "kept")
    assert "mechanism 'bells' has changed since baseline was run" in str(wrong.value)


def test_a_run_in_words_has_the_indicators_that_are_shown_and_those_that_are_judged(scenario):
    shown = {"quiet": "", "loud": "main"}
    kind = types.new_class("Bell", (tocsin.Mechanism,), exec_body=lambda body: body.update(
        after="reporting", step=lambda _, world, cast, notes: None,
        indicators=tuple(replace(Bells.indicators[0], name=name, label=name.title(), shown=main)
                         for name, main in shown.items()),
    ))  # fmt: skip
    run = scenario.with_mechanisms([kind])
    for judged in ((), ("delivered", "quiet", "cost_officers")):
        told = replace(run, primary=judged)
        lines = in_words(tocsin.run(told, seed=1, weeks=4), told).splitlines()
        starts = [line.split("  ")[1] for line in lines if line.startswith("  ")]
        assert starts.count("Delivered") == starts.count("Loud") == 1
        assert ("Quiet" in starts) == ("Cost of border officers" in starts) == bool(judged)
