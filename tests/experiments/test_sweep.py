"""Sweeps: what is killed goes on, every way to run gives the same data, faults are recorded."""

import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tocsin.experiments.design.points import Axis
from tocsin.experiments.design.replicating import known_well
from tocsin.experiments.design.study import Design, Kept, Replications, Study
from tocsin.experiments.design.study_files import read
from tocsin.experiments.running import parts
from tocsin.experiments.running import store as storing
from tocsin.experiments.running.cluster import DaskCluster
from tocsin.experiments.running.engine import Here
from tocsin.experiments.running.merging import merge
from tocsin.experiments.running.pool import LocalPool
from tocsin.experiments.running.provenance import whole
from tocsin.experiments.running.store import Store
from tocsin.experiments.running.sweep import plan, rerun, sweep
from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.files import load, names

ROOT = Path(__file__).parents[2]
STUDY = """
schema = 1
title = "Small"
question = "Does a killed sweep end like one that was left alone?"
author = "The Tocsin contributors"
base = "all_three"
weeks = 20
seed = 5
indicators = ["delivered", "interception_rate", "displacement"]
series = ["seized"]
[levers]
cooperation.sharing = { low = 0.0, high = 1.0, reason = "test" }
[assumptions]
"intelligence.watch_places" = { values = [5, 20], reason = "test" }
[design]
kind = "latin_hypercube"
points = 12
[replications]
number = 6
"""
RUNS = 12 * 6


@pytest.fixture(scope="module")
def study_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "small.toml"
    path.write_text(STUDY)
    return path


@pytest.fixture(scope="module")
def study(study_file):
    return read(study_file)


@pytest.fixture(scope="module")
def reference(study, tmp_path_factory):
    """The store of a sweep that was never stopped, by one process."""
    return sweep(study, tmp_path_factory.mktemp("reference") / "store", engine=Here())


@pytest.fixture(scope="module")
def cluster():
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1",
                      dashboard_address=None, silence_logs=logging.CRITICAL) as made:  # fmt: skip
        yield made


@pytest.mark.parametrize("where", ["local", "dask"])
def test_a_sweep_that_is_killed_again_and_again_ends_the_same(
    where, study_file, reference, tmp_path, request
):
    arguments = ["sweep", str(study_file), "--out", str(tmp_path / "store")]
    if where == "dask":
        address = request.getfixturevalue("cluster").scheduler_address
        arguments += ["--engine", "dask", "--scheduler", address]
    else:
        arguments += ["--workers", "2"]
    chance, caught = random.Random(11), 0
    for _ in range(8):
        process = subprocess.Popen(
            [sys.executable, "-m", "tocsin", *arguments],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        before = _kept(tmp_path / "store")
        while process.poll() is None and _kept(tmp_path / "store") == before:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 0.3))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            caught += 1
        process.wait()
        if caught == 2 or (caught and process.returncode == 0):
            break
        if not caught:  # it was too fast: begin anew
            shutil.rmtree(tmp_path / "store")
    assert caught >= 1
    done = subprocess.run([sys.executable, "-m", "tocsin", *arguments], cwd=ROOT,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f"{RUNS} runs are in" in done.stdout
    assert reference.digest() in done.stdout
    store = Store(tmp_path / "store")
    pd.testing.assert_frame_equal(store.runs(), reference.runs())
    assert not store.ledger().duplicated(["point", "replication"]).any()


def _kept(folder: Path) -> int:
    return len(list(folder.glob("ledger/*.parquet")))


def test_a_worker_of_a_cluster_that_dies_changes_nothing(cluster, study, reference, tmp_path):
    with DaskCluster(cluster.scheduler_address) as engine:
        victims = list(engine._client.run(os.getpid).values())[:1]

        def kill_one(done, total):
            if victims and done >= total // 4:
                os.kill(victims.pop(), signal.SIGKILL)

        store = sweep(study, tmp_path / "store", engine=engine, progress=kill_one)
    assert not victims
    assert store.digest() == reference.digest()


def test_a_local_worker_that_dies_changes_nothing(study, reference, tmp_path):
    with LocalPool(2) as engine:
        victims = [None]

        def kill_one(done, total):
            if victims and done >= total // 4:
                victims.pop()
                os.kill(next(iter(engine._pool._processes)), signal.SIGKILL)

        store = sweep(study, tmp_path / "store", engine=engine, progress=kill_one)
    assert not victims
    assert store.digest() == reference.digest()


def test_shards_that_are_merged_are_the_whole(study, reference, tmp_path):
    folders = [tmp_path / f"shard{n}" for n in (1, 2, 3)]
    for number, folder in enumerate(folders, 1):
        sweep(study, folder, engine=Here(), shard=(number, 3))
    assert sum(len(Store(folder).ledger()) for folder in folders) == RUNS
    merged = merge([folders[2], folders[0], folders[1], folders[0]], tmp_path / "merged")
    assert merged.digest() == reference.digest()
    again = sweep(study, tmp_path / "merged", engine=Here(), progress=_nothing_to_do)
    assert again.digest() == reference.digest()


def _nothing_to_do(done, total):
    assert done == total


def test_a_row_is_repeated_bit_by_bit(reference):
    again = rerun(reference, 7, 3)
    assert again.different == ()
    assert again.run.seed == 5 + 3
    kept = reference.series().query("point == 7 and replication == 3")["seized"]
    assert kept.tolist() == again.run.series["seized"].tolist()
    assert len(again.run.events) > 0
    with pytest.raises(InputError, match=r"no run 99\.0"):
        rerun(reference, 99, 0)


@pytest.mark.parametrize("name", names())
def test_a_store_holds_its_scenario_in_full(name, tmp_path):
    scenario = load(name)
    for file, text in whole(scenario).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    assert load(tmp_path / f"{name}.toml").digest == scenario.digest


def test_another_study_in_the_same_folder_is_refused_with_the_difference(study_file, reference):
    other = study_file.with_name("other.toml")
    other.write_text(
        STUDY.replace("points = 12", "points = 13").replace("high = 1.0", "high = 0.9")
    )
    with pytest.raises(InputError) as refused:
        sweep(read(other), reference.folder)
    assert "design.size was 12, is 13" in str(refused.value)
    assert "axes.cooperation.sharing.high was 1.0, is 0.9" in str(refused.value)


def test_other_code_is_refused(study, reference, monkeypatch):
    monkeypatch.setattr("tocsin.experiments.running.provenance.code_version",
                        lambda: {"tocsin": "9.9", "sources": "other"})  # fmt: skip
    with pytest.raises(InputError, match="the code has changed since"):
        sweep(study, reference.folder)


def test_a_second_writer_is_refused(study, reference):
    with (
        Store(reference.folder).writing(),
        pytest.raises(InputError, match="another process writes"),
    ):
        sweep(study, reference.folder, engine=Here())
    assert sweep(study, reference.folder, engine=Here()).digest() == reference.digest()


def _moody(values, seed):
    if Path(values["mood"]).exists() and seed % 3 == 0:
        raise OSError(f"seed {seed} is out of luck")
    return {"outcome": values["x"] + seed}


def test_failures_are_recorded_and_retried_on_request(tmp_path):
    mood = tmp_path / "mood"
    mood.touch()
    axes = (Axis("x", 0, 1), Axis("mood", values=(str(mood),)))
    made = Study(_moody, axes, Design("grid", 4), Replications(6, 6))
    store = sweep(made, tmp_path / "store", engine=Here())
    failed = store.ledger().query("status == 'failed'")
    assert len(failed) == 4 * 2
    assert set(failed.seed) == {0, 3}
    assert set(failed.reason) == {
        "OSError: seed 0 is out of luck",
        "OSError: seed 3 is out of luck",
    }
    assert len(store.outcomes()) == 4 * 4
    mood.unlink()
    assert len(sweep(made, store.folder, engine=Here()).outcomes()) == 4 * 4
    store = sweep(made, store.folder, engine=Here(), retry=True)
    assert set(store.ledger().status) == {"done"}
    assert len(store.outcomes()) == 4 * 6
    assert store.digest() == sweep(made, tmp_path / "fresh", engine=Here()).digest()


def _flat(values, seed):
    return {"outcome": values["x"] * 2.0, "word": "same", "nothing": None}


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"),
                                   OSError(30, "Read-only file system")])  # fmt: skip
def test_a_disk_that_fails_leaves_a_whole_store(fault, tmp_path, monkeypatch):
    made = Study(_flat, (Axis("x", 0, 1),), Design("grid", 20))
    monkeypatch.setattr("tocsin.experiments.running.sweep.PART_ROWS", 4)
    really, calls = parts.write, []

    def failing(path, content):
        calls.append(path)
        if len(calls) == 10:  # in the third part
            path.with_suffix(".tmp").write_bytes(content[:10])
            raise fault
        really(path, content)

    for module in (parts, storing):
        monkeypatch.setattr(module, "write", failing)
    with pytest.raises(InputError, match=fault.strerror) as refused:
        sweep(made, tmp_path / "store", engine=Here())
    assert "\n" not in str(refused.value)
    assert len(Store(tmp_path / "store").outcomes()) == 8
    for module in (parts, storing):
        monkeypatch.setattr(module, "write", really)
    whole = sweep(made, tmp_path / "store", engine=Here())
    assert whole.outcomes().outcome.tolist() == (2 * np.linspace(0, 1, 20)).tolist()
    assert not list((tmp_path / "store").rglob("*.tmp"))
    assert whole.outcomes().nothing.isna().all()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    made = Study(_flat, (Axis("x", 0, 1),), Design("grid", 3))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="cannot be written"):
        sweep(made, tmp_path / "file" / "store")
    (tmp_path / "notes.txt").write_text("somebody's")
    with pytest.raises(InputError, match="not empty"):
        sweep(made, tmp_path)


def _noisy(values, seed):
    return {"outcome": 10 + values["spread"] * np.random.default_rng(seed).normal()}


def test_a_stopping_rule_runs_each_point_as_often_as_it_needs(tmp_path):
    axes = (Axis("spread", values=(0.0, 1.0, 3.0, 30.0)),)
    rule = Replications(5, 40, "outcome", 0.05)
    made = Study(_noisy, axes, replications=rule)
    store = sweep(made, tmp_path / "one", engine=Here())
    numbers = store.outcomes().groupby("point").size()
    assert numbers[0] == 5
    assert numbers[3] == 40
    assert numbers.is_monotonic_increasing
    for point, values in store.outcomes().groupby("point").outcome:
        assert known_well(values.to_numpy(), 0.05) or numbers[point] == 40
    for number in (1, 2):
        sweep(made, tmp_path / f"shard{number}", engine=Here(), shard=(number, 2))
    merged = merge([tmp_path / "shard1", tmp_path / "shard2"], tmp_path / "merged")
    assert merged.digest() == store.digest()


def _with_series(values, seed):
    return Kept({"n": seed}, pd.DataFrame({"week": [1, 2], "level": [seed, values["x"]]}))


def test_a_plan_says_what_there_is_to_do(tmp_path):
    made = Study(_with_series, (Axis("x", 0, 1),), Design("grid", 10), Replications(3, 3))
    told = plan(made, tmp_path / "store", workers=2)
    assert (told.runs, told.points, told.left) == (30, 10, 30)
    sweep(made, tmp_path / "store", engine=Here())
    told = plan(made, tmp_path / "store", workers=2)
    assert told.left == 0
    size = sum(path.stat().st_size for path in (tmp_path / "store").rglob("*"))
    assert size < plan(made, tmp_path / "other", workers=2).size
