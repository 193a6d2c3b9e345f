"""Mechanisms from outside that fail, or have changed: who says so, and what is kept."""

import re
import types

import numpy as np
import pytest
from tocsin.experiments.running.store import Store
from tocsin.experiments.telling.analysis import page
from tocsin.simulation.mechanism import blaming
from tocsin.simulation.scenario.files import load
from tocsin.simulation.steering import LiveRun

import tocsin
from tocsin.cli import main

BASE = """schema = 1
title = "x"
question = "x"
author = "x"
description = "x"
parent = "baseline"
mechanisms = ["grumpy"]
"""


def made(called, /, **parts):
    """A mechanism of these parts, as a file of a user would define it."""
    return types.new_class(called, (tocsin.Mechanism,), exec_body=lambda body: body.update(parts))


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
    r"\d+ of test_mechanism_failures.py \(ZeroDivisionError: no patience left\)\."
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


@pytest.fixture
def study(tmp_path):
    base, file = tmp_path / "base.toml", tmp_path / "study.toml"
    base.write_text(BASE, encoding="utf-8")
    file.write_text("""
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
    return file


def test_a_sweep_goes_on_when_a_step_fails_and_its_ledger_says_why(study, tmp_path, capsys):
    store = tmp_path / "store"
    assert main(["sweep", str(study), "--out", str(store), "--workers", "1"]) == 1
    said = capsys.readouterr().err
    assert re.search(rf"tocsin: the first run fails \({GRUMPY.pattern[:-2]}\), so time", said)
    assert re.search(rf"tocsin: 2 failed as run 0.0 \(seed 0\): {GRUMPY.pattern}", said)
    ledger = Store(store).ledger()
    assert list(ledger.groupby("point").status.unique().str.join("")) == ["failed", "done"]
    assert all(GRUMPY.fullmatch(reason) for reason in ledger.reason if reason)


def test_a_store_names_the_mechanism_that_has_changed_since(study, tmp_path, capsys, monkeypatch):
    stores = [str(tmp_path / name) for name in ("before", "after")]
    main(["sweep", str(study), "--out", stores[0], "--workers", "1"])
    monkeypatch.setattr(Grumpy, "digest", lambda: "0" * 16)
    main(["sweep", str(study), "--out", stores[1], "--workers", "1"])
    capsys.readouterr()
    for command, said in (
        (["sweep", str(study), "--out", stores[0]],
         f"tocsin: --out {stores[0]}: mechanism 'grumpy' has changed since it was begun, and old "
         "and new runs would not fit together; install it as it was, or name a new folder.\n"),
        (["rerun", stores[0], "1.0"],
         f"tocsin: {stores[0]}: mechanism 'grumpy' has changed since it was run; install it as it "
         "was.\n"),
        (["merge", *stores, "--out", str(tmp_path / "both")],
         f"tocsin: merge: {stores[1]} was run with another mechanism 'grumpy' than {stores[0]}; "
         "run both with one and the same.\n"),
    ):  # fmt: skip
        assert main(command) == 2
        assert capsys.readouterr().err == said


def test_a_store_of_another_scenario_says_which_values_differ(study, tmp_path, capsys):
    store = str(tmp_path / "store")
    main(["sweep", str(study), "--out", store, "--workers", "1"])
    with (tmp_path / "base.toml").open("a", encoding="utf-8") as base:
        base.write("[cooperation]\nsharing = { value = 0.7, reason = 'x' }\n")
    capsys.readouterr()
    assert main(["sweep", str(study), "--out", store]) == 2
    assert "another study (parameters.cooperation.sharing was 0.5, is 0.7)" in (
        capsys.readouterr().err
    )


def test_the_page_of_a_study_has_the_unit_of_its_lever_and_names_the_mechanism(study, tmp_path):
    study.write_text(study.read_text(encoding="utf-8").replace("[1.0, 0.2]", "[0.0, 0.2]"), "utf-8")
    assert main(["sweep", str(study), "--out", str(tmp_path / "store"), "--workers", "1"]) == 0
    made = page(Store(tmp_path / "store"))
    assert re.search(r"<code>grumpy.temper</code></td>.*<td>share</td>", made)
    assert f"<td>grumpy, sources <code>{Grumpy.digest()}</code></td>" in made
