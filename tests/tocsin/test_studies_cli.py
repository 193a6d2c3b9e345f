"""The commands of studies as people and scripts meet them."""

import html
import json
import re
import shutil

import pandas as pd
import pytest
from tocsin.experiments.running.seals import sealed, unsealed
from tocsin.simulation.run import Run
from tocsin.simulation.state import FINGERPRINT_FORMAT

from tocsin.cli import main

STUDY = """
schema = 1
title = "Small"
question = "Does it all fit together?"
author = "The Tocsin contributors"
base = "baseline"
weeks = 8
indicators = ["delivered", "interception_rate"]
[levers]
"intelligence.delay_weeks" = { values = [2, 12], reason = "test" }
[assumptions]
"intelligence.disclosure" = { low = 0.02, high = 0.1, reason = "assumption: test" }
"detection.hazard" = { low = 0.02, high = 0.2, reason = "assumption: test" }
[design]
kind = "morris"
trajectories = 3
[replications]
number = 2
"""
FIT = STUDY.replace('[levers]\n"intelligence.delay_weeks" = { values = [2, 12], reason = "test" }',
                    "") + """
[calibration]
particles = 10
rounds = 1
[targets]
interception_rate = { value = 0.2, tolerance = 0.5, source = "test" }
"""  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    (folder / "small.toml").write_text(STUDY)
    out = folder / "store"
    assert main(["sweep", str(folder / "small.toml"), "--out", str(out), "--workers", "1"]) == 0
    return out


def _refused(capsys, *arguments):
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.strip().splitlines()[-1]


def test_studies_are_listed(capsys):
    assert main(["sweep"]) == 0
    assert "meridian_levers" in capsys.readouterr().out


def test_a_sweep_says_what_it_will_do_and_what_it_did(store, capsys):
    study = store.parent / "small.toml"
    assert main(["sweep", str(study), "--out", str(store.parent / "new"), "--plan"]) == 0
    said = capsys.readouterr().err
    assert re.search(r"24 runs \(12 points, 2 replications\): about .+ on \d+ workers, .+ on the "
                     r"disk at most", said)  # fmt: skip
    assert not (store.parent / "new").exists()
    assert main(["sweep", str(study), "--out", str(store), "--workers", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["runs"], told["failed"]) == (24, 0)
    assert len(told["digest"]) == 64


def test_shards_and_merge(store, capsys):
    study = str(store.parent / "small.toml")
    shards = [str(store.parent / f"shard{n}") for n in (1, 2)]
    for number, shard in enumerate(shards, 1):
        assert (
            main(["sweep", study, "--out", shard, "--shard", f"{number}/2", "--workers", "1"]) == 0
        )
    assert main(["merge", shards[0], "--out", str(store.parent / "half")]) == 0
    assert "12 runs of the study are missing, at points 0, 1, 2" in capsys.readouterr().err
    assert main(["merge", *shards, "--out", str(store.parent / "whole")]) == 0
    merged = capsys.readouterr()
    assert "missing" not in merged.err
    main(["sweep", study, "--out", str(store), "--workers", "1"])
    assert capsys.readouterr().out.splitlines()[-1] == merged.out.splitlines()[-1]


def test_rerun_writes_everything_and_says_first_if_the_code_has_changed(store, capsys, monkeypatch):
    assert main(["rerun", str(store), "3.1"]) == 0
    assert "the same bit by bit" in capsys.readouterr().out
    assert len(pd.read_parquet(store / "reruns" / "3.1" / "series.parquet")) == 8
    monkeypatch.setattr("tocsin.experiments.running.provenance.code_version",
                        lambda: {"tocsin": "9.9", "sources": "other"})  # fmt: skip
    assert main(["rerun", str(store), "3.1", "--out", str(store.parent / "again")]) == 0
    first = capsys.readouterr().err.splitlines()[0]
    assert first.startswith("tocsin: the code has changed since (it was ")
    assert first.endswith("it is 9.9, sources other).")


@pytest.fixture
def restated(store, tmp_path):
    """A copy of the store that states this format of its fingerprints, or none."""

    def copied(number):
        folder = tmp_path / f"store{number}"
        shutil.copytree(store, folder)
        told = unsealed(folder / "manifest.json")
        assert told.pop("fingerprint_format") == FINGERPRINT_FORMAT
        stated = {} if number is None else {"fingerprint_format": number}
        (folder / "manifest.json").write_bytes(sealed(told | stated))
        return folder

    return copied


def test_a_fingerprint_of_an_older_format_is_not_taken_for_another_run(
    restated, capsys, monkeypatch
):
    """The end values are compared, and the sentence says what is not."""
    monkeypatch.setattr(Run, "fingerprint", "0" * 64)
    assert main(["rerun", str(restated(2)), "3.1"]) == 1
    assert capsys.readouterr().out == "run 3.1 is not the same: fingerprint\n"
    folder = restated(None)
    assert main(["rerun", str(folder), "3.1"]) == 0
    assert capsys.readouterr().out == (
        "run 3.1: its end values are the same bit by bit; its fingerprint is not compared, because "
        "the store has format 1 of it and this version makes format 2.\n"
    )
    assert main(["analyse", str(folder)]) == 0
    monkeypatch.setattr(Run, "indicators", {"delivered": 1.0, "interception_rate": 0.0})
    assert main(["rerun", str(folder), "3.1"]) == 1
    assert "is not the same: delivered, interception_rate\n" in capsys.readouterr().out


def test_a_store_with_fingerprints_of_a_newer_format_is_refused_and_left_alone(
    restated, store, capsys, tmp_path
):
    folder = restated(FINGERPRINT_FORMAT + 1)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    study = str(store.parent / "small.toml")
    for command in (["rerun", str(folder), "3.1"], ["analyse", str(folder)],
                    ["merge", str(folder), "--out", str(tmp_path / "whole")],
                    ["sweep", study, "--out", str(folder)]):  # fmt: skip
        assert main(command) == 2
        said = capsys.readouterr().err
        assert "its fingerprints are of format 3, read here are those up to 2" in said
        assert said.count("\n") == 1 and "install a newer tocsin" in said
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert not (tmp_path / "whole").exists()


def test_a_run_that_fails_again_is_one_sentence(store, capsys, monkeypatch):
    def failing(*arguments):
        raise ZeroDivisionError("nobody is left")

    monkeypatch.setattr("tocsin.experiments.running.sweep.rerun", failing)
    assert main(["rerun", str(store), "3.1"]) == 1
    assert "run 3.1 fails: ZeroDivisionError: nobody is left" in capsys.readouterr().err


def test_the_analysis_is_one_page_that_needs_nothing_else(store, capsys):
    assert main(["analyse", str(store)]) == 0
    page = (store / "analysis.html").read_text(encoding="utf-8")
    assert capsys.readouterr().out.strip() == str(store / "analysis.html")
    assert page.count("<svg") >= 6
    assert not re.findall(r'(?:src|href)="(?!#)', page.replace('xlink:href="#', ""))
    assert "url(http" not in page
    text = html.unescape(page)
    for words in (
        "Small",
        "Morris elementary effects",
        "Main effects and interactions",
        "intelligence.disclosure",
        "replication k of every point has seed 0 + k",
    ):
        assert words in text
    choice = ["--interest", "interception_rate>=0.1", "--indicator", "delivered"]
    assert main(["analyse", str(store), *choice, "--out", str(store.parent / "page.html")]) == 0
    assert "at least 10 %" in (store.parent / "page.html").read_text(encoding="utf-8")


def test_calibrate_leaves_a_posterior_sample(store, capsys):
    (store.parent / "fit.toml").write_text(FIT)
    out = store.parent / "fit"
    assert main(["calibrate", str(store.parent / "fit.toml"), "--out", str(out),
                 "--workers", "1"]) == 0  # fmt: skip
    assert "% within" in capsys.readouterr().out
    sample = pd.read_csv(out / "posterior.csv")
    assert list(sample) == ["intelligence.disclosure", "detection.hazard"]
    assert len(sample) == 10


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sweep", "meridian_leavers", "--out", "x"), "nearest: 'meridian_levers'"),
        (("sweep", "meridian_levers"), "--out: missing"),
        (("sweep", "meridian_levers", "--out", "x", "--shard", "3"), "as in 3/8"),
        (("sweep", "meridian_levers", "--out", "x", "--engine", "dask"), "--scheduler tcp"),
        (
            ("sweep", "meridian_levers", "--out", "x", "--scheduler", "tcp://x"),
            "only --engine dask",
        ),
        (("analyse", "nowhere"), "no study is kept there"),
        (("rerun", "nowhere", "1.1"), "no study is kept there"),
        (("merge", "nowhere", "--out", "x"), "no study is kept there"),
        (("calibrate", "meridian_levers", "--out", "x"), "needs figures to fit"),
    ],
)
def test_wrong_use_is_one_sentence_and_code_2(capsys, monkeypatch, tmp_path, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert words in _refused(capsys, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_keeps_what_is_done(store, capsys, monkeypatch):
    def stopped(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("tocsin.experiments.running.sweep.sweep", stopped)
    assert main(["sweep", str(store.parent / "small.toml"), "--out", str(store)]) == 130
    assert "what is done is kept" in capsys.readouterr().err


def test_a_link_of_the_room_is_a_run_card(capsys, tmp_path):
    link = "http://127.0.0.1:1/?scenario=baseline&seed=7&week=30&move=0:cooperation.sharing:0.9"
    assert main(["rerun", link, "--out", str(tmp_path / "card")]) == 0
    printed = capsys.readouterr().out.splitlines()
    command = "run baseline --seed 7 --weeks 30 --set cooperation.sharing=0.9"
    assert printed[0] == f"tocsin {command}"
    assert main([*command.split(), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fingerprint"] == printed[-1].split()[-1]
    assert (tmp_path / "card" / "series.csv").exists()


def test_what_is_no_link_and_no_run_is_one_sentence(capsys):
    assert main(["rerun", "somewhere"]) == 2
    assert "a store needs a run too" in capsys.readouterr().err
