"""Mechanisms from outside that are not well formed, or not there: each is one sentence."""

import importlib
import re
import types
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tocsin.simulation import installed
from tocsin.simulation.mechanism import find
from tocsin.simulation.recording.indicators import indicator_of
from tocsin.simulation.scenario.files import load

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
         "unknown table 'gone', and no mechanism of this name is installed; install the package "
         "that brings it and write mechanisms = [\"gone\"] at the top of the file, or take one of"),
        ("gone = 1", "unknown key 'gone'; allowed are "),
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
        (
            {"name": "twin", "indicators": (rings("x", shown="headline"),)},
            "indicator 'x': shown = 'headline'",
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


def test_what_is_installed_is_listed_with_all_that_it_brings(monkeypatch, capsys):
    monkeypatch.setattr(installed, "names", lambda: ["chimes"])
    monkeypatch.setattr(installed, "load", lambda name: Chimes)
    assert main(["mechanisms"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split(maxsplit=1) == ["chimes", "Chimes that never sound."]
    assert re.search(r"^chimes.often +lever +0.2 +probability 0...1$", lines[1])
    assert [line.strip() for line in lines[2:4]] == ["Chance of each.", "source: assumption"]
    assert re.search(r"^chimes +Chimes that sounded \(sounds, no direction\)$", lines[-2])


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


def test_a_child_whose_parent_names_a_mechanism_that_is_not_installed_says_so(tmp_path):
    (tmp_path / "parent.toml").write_text(HEAD + 'mechanisms = ["noise"]\n', encoding="utf-8")
    child = tmp_path / "child.toml"
    text = HEAD.replace("baseline", "parent.toml")
    child.write_text(text + "[noise]\nloud = { value = 1, reason = 'x' }\n", encoding="utf-8")
    with pytest.raises(tocsin.InputError) as wrong:
        load(child)
    assert str(wrong.value).startswith("parent.toml: mechanism 'noise': it is not installed")


def test_a_key_of_a_mechanism_that_is_not_installed_says_so():
    with pytest.raises(tocsin.InputError) as wrong:
        load("baseline").with_({"noise.loud": 1.0})
    assert "there is no group 'noise', and no mechanism of this name is installed" in (
        str(wrong.value)
    )


TWIN = "import tocsin\nclass Twinned(tocsin.Mechanism):\n    'Rings.'\n"


def test_two_modules_cannot_define_one_name(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("first_twin", "second_twin"):
        (tmp_path / f"{name}.py").write_text(TWIN, encoding="utf-8")
    first = importlib.import_module("first_twin").Twinned
    with pytest.raises(tocsin.InputError) as wrong:
        importlib.import_module("second_twin")
    assert str(wrong.value) == (
        "mechanism 'twinned': it is defined in the module first_twin and again in second_twin; "
        "give one of them another name, or uninstall what brings it."
    )
    assert find(["twinned"]) == (first,)
    importlib.reload(importlib.import_module("first_twin"))  # as in a notebook
    assert find(["twinned"]) != (first,)


def test_an_installed_mechanism_and_one_of_the_process_cannot_have_one_name(tmp_path, monkeypatch):
    (tmp_path / "other_chimes.py").write_text(TWIN.replace("Twinned", "Chimes"), encoding="utf-8")
    told = tmp_path / "other_chimes-1.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: x\nVersion: 1\n", "utf-8")
    (told / "entry_points.txt").write_text(
        "[tocsin.mechanisms]\nchimes = other_chimes:Chimes\n", "utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    installed._offers.cache_clear()
    try:
        with pytest.raises(tocsin.InputError) as wrong:
            find(["chimes"])
        assert f"in the module {Chimes.__module__} and again in other_chimes;" in str(wrong.value)
    finally:
        installed._offers.cache_clear()


def test_an_unknown_name_says_what_there_is():
    with pytest.raises(tocsin.InputError) as wrong:
        find(["chims"])
    assert "(nearest: 'chimes')" in str(wrong.value)


@pytest.mark.parametrize("number", [0.5, float("nan"), float("inf")])
def test_a_count_in_fractions_for_a_country_is_refused(number):
    def step(world, notes):
        notes.row("small_echoes")[0] = number

    own = rings("small_echoes", per="country")
    with pytest.raises(tocsin.InputError) as wrong:
        in_a_week(step, after="reporting", indicators=(own,))
    assert str(wrong.value) == (
        f"indicator 'small_echoes' = {number} in week 1: what is counted is a whole number; "
        "declare it as measured instead."
    )


def test_a_measure_for_a_country_keeps_its_fractions():
    def step(world, notes):
        notes.row("loudness")[:] = 0.5

    own = rings("loudness", per="country", source="measured", whole=False)
    model = in_a_week(step, after="reporting", indicators=(own,))
    assert model.record.series()[f"loudness[{model.world.codes[0]}]"].tolist() == [0.5]
