"""Mechanisms from outside that are not well formed, or fail: each is one sentence."""

import re
import types
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tocsin.experiments.running.store import Store
from tocsin.simulation import installed
from tocsin.simulation.mechanism import blaming, find
from tocsin.simulation.recording.indicators import indicator_of
from tocsin.simulation.scenario.files import load
from tocsin.simulation.steering import LiveRun

import tocsin
from tocsin.cli import main

HEAD = """schema = 1
title = "x"
question = "x"
author = "x"
description = "x"
parent = "baseline"
"""


class Chimes(tocsin.Mechanism):
    """Chimes that never sound."""

    class levers(tocsin.Group):  # noqa: N801
        """How often they would."""

        often: float = tocsin.lever(0.2, "Chance of each.", unit="probability", low=0, high=1)
        price: float = tocsin.assumption(10.0, "Price of one.", unit="USD", low=0, high=100)

    indicators = (
        tocsin.Indicator("chimes", "Chimes that sounded", "cooperation", "Sounds.", "sounds",
                         "neither", "chimes", "counted"),
    )  # fmt: skip

    class agencies(tocsin.NationalAgencies):  # noqa: N801
        """Agencies that decide as usual."""


def made(called, /, **parts):
    """A mechanism of these parts, as a file of a user would define it."""
    return types.new_class(called, (tocsin.Mechanism,), exec_body=lambda body: body.update(parts))


def rings(name, **other):
    """An indicator like that of chimes, under another name."""
    return replace(Chimes.indicators[0], name=name, **other)


def in_a_week(step, **parts):
    """The model after one week with a mechanism that has this step."""
    kind = made("Weekly", step=lambda _, world, __, notes: step(world, notes), **parts)
    model = tocsin.BorderModel(load("baseline").with_mechanisms([kind]), rng=1)
    model.step()
    return model


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('mechanisms = ["chime"]', "mechanism 'chime': it is not installed; there are "),
        ('mechanisms = ["gone"]\n[gone]\nx = { value = 1, reason = "x" }',
         "mechanism 'gone': it is not installed; there are "),
        ('[gone]\nx = { value = 1, reason = "x" }',
         "treatment, and the names of installed mechanisms"),
        ('mechanisms = "chimes"', 'mechanisms = "chimes": not a list of names'),
        ('mechanisms = ["chimes", "chimes"]', "named twice"),
        ("[chimes]\noften = { value = 0.1, reason = 'x' }",
         "chimes.often: the scenario has no mechanism \"chimes\"; write mechanisms = [\"chimes\"]"),
        ('mechanisms = ["chimes"]\n[chimes]\nofen = { value = 0.1, reason = "x" }',
         "there is no parameter 'ofen' in chimes; it has often, price (nearest: 'often')"),
        ('mechanisms = ["chimes"]\n[chimes]\noften = { value = 2, reason = "x" }',
         "chimes.often = 2: too high; allowed is a number from 0 to 1 (probability)"),
        ("[[change]]\nweek = 2\nset = { 'chimes.often' = 0.7 }\nreason = 'x'",
         "the scenario has no mechanism \"chimes\""),
    ],
)  # fmt: skip
def test_a_scenario_file_that_names_it_wrongly_is_one_sentence(lines, said, tmp_path):
    file = tmp_path / "wrong.toml"
    file.write_text(HEAD + lines + "\n", encoding="utf-8")
    with pytest.raises(tocsin.InputError) as wrong:
        load(file)
    assert said in str(wrong.value)
    assert str(wrong.value).startswith("wrong.toml: ")


class Shared:
    """Declarations that are not well formed, kept apart from those that are."""

    class group(tocsin.Group):  # noqa: N801
        """A row that says nothing of itself."""

        a: float = 0.5

    class odd(tocsin.Group):  # noqa: N801
        """A row that no file can name without quotes."""

        größe: float = tocsin.lever(0.5, "Size.", unit="share", low=0, high=1)

    class table(tocsin.Group):  # noqa: N801
        """A row whose values no file can state."""

        a: dict[str, float] = tocsin.lever({}, "A table.")

    class text(tocsin.Group):  # noqa: N801
        """A row whose default is a text that looks like a number."""

        a: float = tocsin.lever("0.5", "A share.", unit="share", low=0, high=1)

    class beyond(tocsin.Group):  # noqa: N801
        """A row that does not allow its default."""

        a: float = tocsin.lever(2, "Too much.", unit="share", low=0, high=1)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"name": "Bad Name"}, "not a name"),
        ({"name": "market"}, "the package itself has this name"),
        ({"name": "countries"}, "the package itself has this name"),
        ({"name": "twin", "levers": Shared.group}, "levers.a: not declared"),
        ({"name": "twin", "levers": 3}, "levers: not a class"),
        ({"name": "twin", "levers": Shared.beyond}, "levers.a: its default 2 is none of what"),
        ({"name": "twin", "indicators": ("chimes",)}, "'chimes' is not an Indicator"),
        ({"name": 3}, "name = 3: not a name"),
        ({"name": "twin", "levers": Shared.odd}, "levers.größe: not a name"),
        ({"name": "twin", "levers": Shared.table}, "levers.a: no scenario file can state"),
        ({"name": "twin", "levers": Shared.text}, "levers.a: its default '0.5' is none of what"),
        ({"name": "twin", "indicators": Chimes.indicators[0]}, "indicators: not of the form"),
        ({"name": "twin", "events": ["chime"]}, "events: not of the form"),
        ({"name": "twin", "no_state": "held"}, "no_state: not of the form"),
        ({"name": "twin", "indicators": (rings("x"), rings("x"))}, "'x': declared twice"),
        ({"name": "twin", "indicators": (rings("week"),)}, "another column of this name"),
        ({"name": "twin", "indicators": (rings("watches_on_tips"),)}, "another column of this"),
        ({"name": "twin", "indicators": (rings("cost_x"),)}, "it is part of the total cost"),
        ({"name": "twin", "indicators": Chimes.indicators[:1]}, "'chimes': another one has this"),
        (
            {
                "name": "twin",
                "indicators": (replace(Chimes.indicators[0], name="x", ending="once"),),
            },
            "indicator 'x': ending = 'once'",
        ),
        (
            {
                "name": "twin",
                "indicators": (replace(Chimes.indicators[0], name="x", source="derived"),),
            },
            "indicator 'x': source = 'derived'",
        ),
    ],
)
def test_a_definition_that_is_not_well_formed_is_refused_at_once(parts, said):
    with pytest.raises(tocsin.InputError) as wrong:
        made("Twin", **parts)
    assert said in str(wrong.value)


def test_an_indicator_of_the_package_cannot_be_declared_again():
    with pytest.raises(tocsin.InputError) as wrong:
        made("Thief", indicators=(tocsin.Indicator("seized", "Mine", "seizures", "x.", "g", "up",
                                                   "movement", "counted"),))  # fmt: skip
    assert "'seized'" in str(wrong.value)


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (pd.DataFrame({"a": [1]}), "a DataFrame cannot be compared"),
        (np.array(["a"]), "an array of <U1 is no state"),
        (np.random.default_rng(1), "a Generator cannot be compared"),
    ],
)
def test_what_cannot_be_compared_is_no_state(held, said):
    def lay_out(self, world):
        self.held = held

    kind = made("Holder", lay_out=lay_out)
    with pytest.raises(tocsin.InputError) as wrong:
        tocsin.BorderModel(load("baseline").with_mechanisms([kind]), rng=1)
    assert f"holder.held: {said}" in str(wrong.value)
    kept = made("Holder", lay_out=lay_out, no_state=frozenset({"held"}))
    tocsin.BorderModel(load("baseline").with_mechanisms([kept]), rng=1)


def test_a_mechanism_that_keeps_the_world_is_refused():
    def lay_out(self, world):
        self.world = world

    kind = made("Keeper", lay_out=lay_out)
    with pytest.raises(tocsin.InputError) as wrong:
        tocsin.BorderModel(load("baseline").with_mechanisms([kind]), rng=1)
    assert "it holds what holds it" in str(wrong.value)


def test_a_place_in_the_week_that_does_not_exist_is_refused():
    kind = made("Late", after="reportin", name="late")
    with pytest.raises(tocsin.InputError) as wrong:
        tocsin.BorderModel(load("baseline").with_mechanisms([kind]), rng=1)
    assert "there is no such phase" in str(wrong.value)
    assert "(nearest: 'reporting')" in str(wrong.value)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({}, "it has a step, but after names no phase"),
        ({"name": "movement", "after": "policy"}, "'movement': a phase of the week has this name"),
        (
            {"after": "measurement", "indicators": (rings("late_rings"),)},
            "late_rings would be lost",
        ),
    ],
)
def test_a_step_that_would_be_lost_is_refused(parts, said):
    with pytest.raises(tocsin.InputError) as wrong:
        in_a_week(lambda world, notes: None, **parts)
    assert said in str(wrong.value)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (lambda _, notes: notes.count("small_ring", 1),
         "'small_ring': none of this name is counted (nearest: 'small_rings')"),
        (lambda _, notes: notes.count("small_rings", 0.5),
         "'small_rings' = 0.5 in week 1: what is counted is a whole number"),
        (lambda _, notes: notes.count("small_rings", float("nan")),
         "'small_rings' = nan in week 1"),
    ],
)  # fmt: skip
def test_a_count_that_would_be_lost_is_one_sentence(step, said):
    with pytest.raises(tocsin.InputError) as wrong:
        in_a_week(step, after="reporting", indicators=(rings("small_rings"),))
    assert said in str(wrong.value)


def test_an_installed_package_that_ends_the_process_is_one_sentence(tmp_path, monkeypatch, capsys):
    (tmp_path / "leaving.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    told = tmp_path / "leaving-1.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: leaving\nVersion: 1\n", "utf-8")
    (told / "entry_points.txt").write_text("[tocsin.mechanisms]\nleaving = leaving:L\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    installed._offers.cache_clear()
    try:
        with pytest.raises(tocsin.InputError) as wrong:
            indicator_of("nonesuch")
        assert "'nonesuch' does not exist" in str(wrong.value)
        with pytest.raises(tocsin.InputError) as wrong:
            find(["leaving"])
        assert "its package cannot be imported (leaving:L: SystemExit: 3)" in str(wrong.value)
        assert main(["mechanisms"]) == 0
        assert "leaving:L: SystemExit: 3" in capsys.readouterr().out
    finally:
        installed._offers.cache_clear()


def test_two_cannot_decide_in_the_same_place():
    other = made("Elsewhere", agencies=Chimes.agencies)
    with pytest.raises(tocsin.InputError) as wrong:
        load("baseline").with_mechanisms([Chimes, other])
    assert "chimes, elsewhere all decide for the agencies" in str(wrong.value)


def test_a_collective_that_keeps_something_is_refused():
    class forgetful(tocsin.NationalAgencies):  # noqa: N801
        def place_patrols(self):
            self.seen = getattr(self, "seen", 0) + 1
            super().place_patrols()

    kind = made("Forgetful", agencies=forgetful)
    with pytest.raises(tocsin.InputError) as wrong:
        tocsin.run("baseline", weeks=2, mechanisms=[kind]).fingerprint  # noqa: B018
    assert "keeps 'seen'" in str(wrong.value)


def test_an_unknown_name_says_what_there_is():
    with pytest.raises(tocsin.InputError) as wrong:
        find(["chims"])
    assert "(nearest: 'chimes')" in str(wrong.value)


class Grumpy(tocsin.Mechanism):
    """It fails in week 3 if its temper is high."""

    class levers(tocsin.Group):  # noqa: N801
        """How it is."""

        temper: float = tocsin.lever(1.0, "Temper.", unit="share", low=0, high=1)

    after = "movement"

    def step(self, world, cast, notes):
        if world.week == 3 and self.levers.temper > 0.5:
            raise ZeroDivisionError("no patience left.")


GRUMPY = re.compile(
    rf"mechanism 'grumpy' of the module {Grumpy.__module__}: its step failed in week 3, in line "
    r"\d+ of test_mechanism_faults.py \(ZeroDivisionError: no patience left\)\."
)


def test_a_step_that_fails_says_whose_it_is_and_where_and_keeps_its_cause():
    model = tocsin.BorderModel(load("baseline").with_mechanisms([Grumpy]), rng=1)
    model.step()
    model.step()
    for _ in range(2):  # the third week is half done: nobody goes on from there
        with pytest.raises(tocsin.InputError) as wrong:
            model.step()
        assert GRUMPY.fullmatch(str(wrong.value))
        assert isinstance(wrong.value.__cause__, ZeroDivisionError)
        assert model.week == 3


def test_a_comparison_in_other_processes_says_whose_step_failed():
    with pytest.raises(tocsin.InputError) as wrong:
        tocsin.compare(
            ["baseline", "more_cooperation"],
            replications=2, weeks=4, workers=2, mechanisms=[Grumpy],
        )  # fmt: skip
    assert GRUMPY.fullmatch(str(wrong.value))
    assert any("raise ZeroDivisionError" in note for note in wrong.value.__notes__)


def test_a_decision_and_a_layout_that_fail_say_whose_they_are():
    class agencies(tocsin.NationalAgencies):  # noqa: N801
        def place_patrols(self):
            self.world.patrols.effort[:] = np.zeros(self.world.patrols.effort.size + 1)

    def lay_out(self, world):
        raise KeyError("bell")

    with pytest.raises(tocsin.InputError) as wrong:
        tocsin.run("baseline", weeks=2, mechanisms=[made("Clumsy", agencies=agencies)])
    assert (
        "mechanism 'clumsy' of the module types: its place_patrols failed in week 1, in line"
        in (str(wrong.value))
    )
    with pytest.raises(tocsin.InputError) as wrong:
        tocsin.run("baseline", weeks=2, mechanisms=[made("Empty", lay_out=lay_out)])
    assert "'empty' of the module types: its lay_out failed before the first week" in (
        str(wrong.value)
    )


def test_what_is_no_fault_of_a_mechanism_is_not_put_on_one():
    with pytest.raises(ZeroDivisionError), blaming([Grumpy()], 3):
        raise ZeroDivisionError


def test_a_live_run_goes_back_to_the_last_whole_week():
    live = LiveRun(load("baseline").with_mechanisms([Grumpy]), seed=1)
    for _ in range(2):
        with pytest.raises(tocsin.InputError):
            live.step(5)
        assert live.week == 2
    live.move("grumpy.temper", 0.1)
    assert live.step(5) == 5


def test_a_sweep_goes_on_when_a_step_fails_and_its_ledger_says_why(tmp_path, capsys):
    base, study, store = tmp_path / "base.toml", tmp_path / "study.toml", tmp_path / "store"
    base.write_text(HEAD + 'mechanisms = ["grumpy"]\n', encoding="utf-8")
    study.write_text("""
schema = 1
title = "x"
question = "x"
author = "x"
base = "base.toml"
weeks = 4
indicators = ["delivered"]
[levers]
"grumpy.temper" = { values = [1.0, 0.2], reason = "x" }
[design]
kind = "grid"
[replications]
number = 2
""", encoding="utf-8")  # fmt: skip
    assert main(["sweep", str(study), "--out", str(store), "--workers", "1"]) == 1
    said = capsys.readouterr().err
    assert re.search(rf"tocsin: the first run fails \({GRUMPY.pattern[:-2]}\), so time", said)
    assert re.search(rf"tocsin: 2 failed as run 0.0 \(seed 0\): {GRUMPY.pattern}", said)
    ledger = Store(store).ledger()
    assert list(ledger.groupby("point").status.unique().str.join("")) == ["failed", "done"]
    assert all(GRUMPY.fullmatch(reason) for reason in ledger.reason if reason)
