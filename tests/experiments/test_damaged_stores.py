"""Damaged stores: whatever happens to the files, the rows are the same or one sentence says why."""

import json
import os
import random
import shutil
import warnings
from pathlib import Path

import pandas as pd
import pytest
from tocsin.experiments.design.points import Axis
from tocsin.experiments.design.study import Design, Kept, Replications, Study
from tocsin.experiments.design.study_files import read
from tocsin.experiments.running import parts
from tocsin.experiments.running.engine import Here
from tocsin.experiments.running.merging import merge
from tocsin.experiments.running.notices import StoreWarning
from tocsin.experiments.running.seals import sealed
from tocsin.experiments.running.store import Store
from tocsin.experiments.running.sweep import plan, rerun, sweep
from tocsin.experiments.telling.analysis import page
from tocsin.simulation.errors import InputError

from tocsin.cli import main

TEXT = """
schema = 1
title = "Small"
question = "q"
author = "a"
base = "baseline"
weeks = 2
seed = SEED
indicators = ["delivered", "seized"]
series = ["seized"]
[levers]
"intelligence.delay_weeks" = { values = [2, 12], reason = "two" }
[replications]
number = 4
"""
FLIPS = 260


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study, its store in parts of three runs, and the store of the same study with one seed."""
    home = tmp_path_factory.mktemp("made")
    studies = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tocsin.experiments.running.sweep.PART_ROWS", 3)
        for seed in (5, 6):
            (home / f"{seed}.toml").write_text(TEXT.replace("SEED", str(seed)))
            studies.append(read(home / f"{seed}.toml"))
            sweep(studies[-1], home / f"store{seed}", engine=Here())
    return studies[0], home / "store5", home / "store6"


def _rows(folder):
    store = Store(folder)
    return store.runs(), store.series(), store.ledger()


def _equal(one, other):
    for mine, theirs in zip(one, other, strict=True):
        pd.testing.assert_frame_equal(mine, theirs)


def _quietly(call, *arguments, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StoreWarning)
        return call(*arguments, **options)


def _harmless_or_said(folder, reference):
    """Whether the rows are the same; if not, a sentence of one line named the folder.

    The last part without its seal looks like one that a killed writer left: a notice names it.
    """
    with warnings.catch_warnings(record=True) as notices:
        warnings.simplefilter("always")
        try:
            rows = _rows(folder)
        except InputError as wrong:
            assert str(folder) in str(wrong) and "\n" not in str(wrong)
            return False
    if notices:
        assert "/000003.parquet" in str(notices[0].message)
        assert Store(folder).missing().sum() == 2
        return False
    _equal(rows, reference)
    return True


def _files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "lock")


def test_one_flipped_bit_anywhere_changes_no_row_unsaid(made):
    _, folder, _ = made
    reference, chance, seen = _rows(folder), random.Random(3), 0
    files = _files(folder)
    assert len(files) == 4 + 3 * 4
    for path in files:
        content = path.read_bytes()
        for at in chance.sample(range(8 * len(content)), -(-FLIPS // len(files))):
            changed = bytearray(content)
            changed[at // 8] ^= 1 << at % 8
            path.write_bytes(changed)
            told = not _harmless_or_said(folder, reference)
            assert told == (path.parent.name != "scenario")
            seen += told
        path.write_bytes(content)
    assert seen >= 200
    _equal(_rows(folder), reference)


def _damages(folder, other):
    """Name of the damage and a function that does it, for every file of the store."""
    for path in _files(folder):
        name = path.relative_to(folder)
        twin = other / name

        def cut(path=path):
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

        def emptied(path=path):
            path.write_bytes(b"")

        def gone(path=path):
            path.unlink()

        def swapped(path=path, twin=twin):
            shutil.copy(twin, path)

        def folded(path=path):
            path.unlink()
            path.mkdir()

        def exchanged(path=path):
            others = [one for one in path.parent.iterdir() if one.is_file() and one != path]
            shutil.copy(others[0], path) if others else path.unlink()

        for damage in (cut, emptied, gone, swapped, folded, exchanged):
            yield f"{damage.__name__} {name}", damage, path


def test_every_damage_of_every_file_is_said_and_a_sweep_mends_it(made, tmp_path):
    study, whole, other = made
    reference = _rows(whole)
    folder = tmp_path / "store"
    told = mended = 0
    for number in range(len(list(_damages(whole, other)))):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(whole, folder)
        name, damage, path = list(_damages(folder, other))[number]
        damage()
        same = (
            path.is_file() and path.read_bytes() == (whole / path.relative_to(folder)).read_bytes()
        )
        if same:  # the twin of the other store
            continue
        told += not _harmless_or_said(folder, reference)
        try:
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                sweep(study, folder, engine=Here())
        except InputError as wrong:
            assert path.name == "manifest.json", (name, wrong)
            assert "manifest.json" in str(wrong) or "another study" in str(wrong)
            continue
        mended += 1
        assert [str(one.message) for one in said if path.stem in str(one.message)], name
        _equal(_rows(folder)[:2], reference[:2])
        assert len(Store(folder).ledger()) == 8
    assert told >= 80 and mended >= 80


def test_a_missing_part_is_found_at_once_by_every_reader(made, tmp_path, capsys):
    study, whole, _ = made
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    (folder / "runs" / "000002.parquet").unlink()
    readers = (
        lambda: Store(folder).runs(), lambda: page(Store(folder)),
        lambda: rerun(Store(folder), 0, 0), lambda: Store(folder).digest(),
        lambda: merge([folder, whole], tmp_path / "merged"),
    )  # fmt: skip
    for reader in readers:
        with pytest.raises(InputError) as wrong:
            reader()
        assert str(wrong.value) == (
            f"{folder}: runs/000002.parquet is missing; `tocsin sweep STUDY --out {folder}` runs "
            "again what was in it."
        )
    assert not (tmp_path / "merged").exists()
    assert plan(study, folder, 1).left == 3
    assert main(("analyse", str(folder))) == 2
    assert "runs/000002.parquet is missing" in capsys.readouterr().err


def test_a_resumed_sweep_says_which_part_was_lost_and_runs_only_that_again(made, tmp_path, capsys):
    _, whole, _ = made
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    (folder / "series" / "000001.parquet").write_bytes(b"PAR1")
    command = ("sweep", str(whole.parent / "5.toml"), "--out", str(folder), "--workers", "1")
    assert main(command) == 0
    told = capsys.readouterr()
    assert "5 done before" in told.err
    assert "series/000001.parquet is damaged" in told.err and "its runs are run again" in told.err
    assert f"8 runs are in {folder}, 0 failed" in told.out
    assert Store(whole).digest() in told.out
    assert sorted(path.name for path in (folder / "lost").iterdir()) == [
        "ledger-000001.json", "ledger-000001.parquet", "runs-000001.parquet",
        "series-000001.parquet",
    ]  # fmt: skip
    assert main(command) == 0
    assert "damaged" not in capsys.readouterr().err


def test_copies_of_a_synchronising_program_count_nothing_twice(made, tmp_path, capsys):
    study, whole, _ = made
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    for path in [*folder.glob("*/000001.*")]:
        for name in ("000001-LAPTOP", "000001 (conflicted copy)", "000001 2"):
            shutil.copy(path, path.with_name(name + path.suffix))
    (folder / "runs" / "notes.txt").write_text("mine")
    _equal(_quietly(_rows, folder), _rows(whole))
    with pytest.warns(
        StoreWarning, match=r"000001-LAPTOP\.parquet and 10 more belong to .* ignored"
    ):
        store = sweep(study, folder, engine=Here())
    assert store.digest() == Store(whole).digest()
    assert (folder / "runs" / "notes.txt").read_text() == "mine"
    assert (folder / "runs" / "000001-LAPTOP.parquet").exists()
    assert main(("analyse", str(folder))) == 0
    assert "are ignored" in capsys.readouterr().err


def test_a_copied_part_under_the_next_number_counts_nothing_twice(made, tmp_path):
    study, whole, _ = made
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    for path in [*folder.glob("*/000001.*")]:
        shutil.copy(path, path.with_name("000004" + path.suffix))
    with pytest.raises(InputError, match=r"ledger/000004\.json is a copy of part 1"):
        Store(folder).runs()
    _equal(_rows(_quietly(sweep, study, folder, engine=Here()).folder), _rows(whole))


def test_a_pipe_in_the_place_of_any_file_is_said_and_nobody_waits_for_it(made, tmp_path):
    reference, unread = _rows(made[1]), set()
    for file in _files(made[1]):
        folder = tmp_path / "store"
        shutil.copytree(made[1], folder)
        pipe = folder / file.relative_to(made[1])
        pipe.unlink()
        os.mkfifo(pipe)
        if _harmless_or_said(folder, reference):
            unread.add(file.name)
        shutil.rmtree(folder)
    assert unread == {"baseline.map", "baseline.toml"}  # provenance, which rows do not need


def test_a_store_without_manifest_is_refused(made, tmp_path):
    study, whole, _ = made
    for left in (("runs",), ("ledger",), ("runs", "ledger", "series", "scenario")):
        folder = tmp_path / "-".join(left)
        for name in left:
            shutil.copytree(whole / name, folder / name)
        with pytest.raises(InputError, match=r"the manifest\.json that says .* is missing"):
            sweep(study, folder, engine=Here())
        with pytest.raises(InputError, match=r"no manifest\.json"):
            Store(folder)
        assert (folder / left[0] / "000001.parquet").exists()


def test_a_sweep_that_was_killed_before_its_manifest_begins_anew(made, tmp_path):
    study, whole, _ = made
    folder = tmp_path / "store"
    for name in ("runs", "series", "ledger"):
        (folder / name).mkdir(parents=True)
    shutil.copytree(whole / "scenario", folder / "scenario")
    (folder / "points.tmp").write_bytes(b"half")
    assert sweep(study, folder, engine=Here()).digest() == Store(whole).digest()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda told: {**{k: v for k, v in told.items() if k not in ("format", "files")},
                       "schema": 1}, "its format is an older one, read here is 2; run the study"),
        (lambda told: told | {"format": 3}, "its format is 3, read here is 2; install a newer"),
        (lambda told: told | {"kind": "comparison"}, "no study is kept there"),
    ],
)  # fmt: skip
def test_another_format_is_refused_in_a_sentence(change, words, made, tmp_path):
    study, whole, _ = made
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    told = change(json.loads((folder / "manifest.json").read_text()))
    told.pop("sha256")
    text = sealed(told) if "format" in told else json.dumps(told).encode()
    (folder / "manifest.json").write_bytes(text)
    for way in (lambda: Store(folder), lambda: sweep(study, folder, engine=Here())):
        with pytest.raises(InputError, match=words):
            way()


def test_folders_of_parts_that_are_gone_are_said_and_mended(made, tmp_path):
    study, whole, _ = made
    for name in ("runs", "series", "ledger"):
        folder = tmp_path / name
        shutil.copytree(whole, folder)
        shutil.rmtree(folder / name)
        with pytest.raises(InputError, match=name):
            Store(folder).series() if name == "series" else Store(folder).runs()
        assert _quietly(sweep, study, folder, engine=Here()).digest() == Store(whole).digest()
        shutil.rmtree(folder / name)
        (folder / name).write_text("a file in the way")
        with pytest.raises(InputError, match=name):
            Store(folder).series() if name == "series" else Store(folder).runs()
        with pytest.raises(InputError, match="cannot be written"):
            _quietly(sweep, study, folder, engine=Here())


def _sometimes(values, seed):
    if seed == 1 and Path(values["mood"]).exists():
        raise OSError("no luck")
    return Kept({"n": seed}, pd.DataFrame({"level": [seed, seed]}))


def test_a_lost_part_of_failures_that_were_retried_leaves_the_store_whole(tmp_path, monkeypatch):
    mood = tmp_path / "mood"
    mood.touch()
    monkeypatch.setattr("tocsin.experiments.running.sweep.PART_ROWS", 1)
    study = Study(_sometimes, (Axis("mood", values=(str(mood),)),), Design("grid"),
                  Replications(3, 3))  # fmt: skip
    sweep(study, tmp_path / "store", engine=Here())
    mood.unlink()
    done = sweep(study, tmp_path / "store", engine=Here(), retry=True).digest()
    (tmp_path / "store" / "ledger" / "000002.json").unlink()
    store = _quietly(sweep, study, tmp_path / "store", engine=Here())
    assert store.digest() == done
    assert set(store.ledger().status) == {"done"}
    assert len(store.series()) == 6


def test_a_store_says_how_many_runs_are_still_missing(made, tmp_path, capsys):
    _, whole, _ = made
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    for path in [*folder.glob("*/000003.*")]:
        path.unlink()
    assert Store(folder).missing().sum() == 2
    assert main(("analyse", str(folder))) == 0
    told = capsys.readouterr().err
    assert "2 runs of the study are missing, at points 0, 1 of 2; `tocsin sweep STUDY" in told


def test_a_part_is_written_in_an_order_that_no_death_can_spoil():
    """The seal comes last: every shorter beginning of the files of a part is no part yet."""
    tables = {name: pd.DataFrame({"x": [1]}) for name in ("runs", "series", "ledger")}
    names = [name for name, _ in parts.files_of(1, "x", tables)]
    assert names[-1] == "ledger/000001.json"


def test_a_stray_seal_of_a_large_number_is_put_aside_and_nothing_is_written(made, tmp_path, capsys):
    _, whole, _ = made
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    before = sorted(path.relative_to(folder) for path in _files(folder))
    stray = folder / "ledger" / "20261130.json"
    command = ("sweep", str(whole.parent / "5.toml"), "--out", str(folder), "--workers", "1")
    contents = {
        "is a copy of part 1": (folder / "ledger" / "000001.json").read_bytes(),
        "is of another store": (whole.parent / "store6/ledger/000001.json").read_bytes(),
        "cannot be read": b"[" * 100_000,
    }
    for words, content in contents.items():
        stray.write_bytes(content)
        assert main(("analyse", str(folder), "--out", str(tmp_path / "a.html"))) == 2
        told = capsys.readouterr().err
        assert f"ledger/20261130.json {words}" in told and "take it away" in told
        assert main(command) == 0
        told = capsys.readouterr()
        assert "8 done before" in told.err and f"8 runs are in {folder}, 0 failed" in told.out
        assert f"20261130.json {words}" in told.err and "put aside in the folder lost" in told.err
        after = sorted(path.relative_to(folder) for path in _files(folder))
        assert [name for name in after if name.parts[0] != "lost"] == before
        _equal(_rows(folder), _rows(whole))


@pytest.mark.parametrize("number", ["000009", "20261130", "99999999999999999999"])
def test_a_renamed_seal_is_refused_with_its_name_and_nothing_is_touched(made, number, tmp_path):
    study, whole, _ = made
    for part in ("000001", "000003"):
        folder = tmp_path / part
        shutil.copytree(whole, folder)
        (folder / "ledger" / f"{part}.json").rename(folder / "ledger" / f"{number}.json")
        before = {path: path.read_bytes() for path in _files(folder)}
        for way in (lambda: Store(folder).runs(), lambda: Store(folder).missing(),  # noqa: B023
                    lambda: plan(study, folder, 1),  # noqa: B023
                    lambda: sweep(study, folder, engine=Here())):  # fmt: skip  # noqa: B023
            with pytest.raises(InputError, match=rf"ledger/{number}\.json is the seal of part "
                               rf"{part}.* name it ledger/{part}\.json again"):  # fmt: skip
                way()
        assert {path: path.read_bytes() for path in _files(folder)} == before
        (folder / "ledger" / f"{number}.json").rename(folder / "ledger" / f"{part}.json")
        _equal(_rows(folder), _rows(whole))


def test_any_number_of_lost_parts_is_noted_in_one_part(made, tmp_path):
    study, whole, _ = made
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    seal = json.loads((folder / "ledger" / "000003.json").read_text())
    seal.pop("sha256")
    (folder / "ledger" / "20261130.json").write_bytes(sealed(seal | {"part": 20261130}))
    for name in ("runs", "series", "ledger"):
        (folder / name / "000003.parquet").rename(folder / name / "20261130.parquet")
    (folder / "ledger" / "000003.json").unlink()
    with pytest.raises(InputError, match=r"ledger/000003\.json to 20261129\.json are missing"):
        Store(folder).runs()
    _equal(_rows(_quietly(sweep, study, folder, engine=Here()).folder), _rows(whole))
    assert len(list((folder / "ledger").iterdir())) == 8


def test_a_lost_part_that_is_brought_back_after_its_runs_were_run_again_counts_once(made, tmp_path):
    study, whole, _ = made
    folder = tmp_path / "store"
    shutil.copytree(whole, folder)
    for path in folder.glob("*/000002.*"):
        path.unlink()
    _quietly(sweep, study, folder, engine=Here())
    for path in whole.glob("*/000002.*"):
        shutil.copy(path, folder / path.relative_to(whole))
    with pytest.warns(StoreWarning, match=r"000002\.parquet.* are ignored"):
        rows = _rows(folder)
    _equal(rows[:2], _rows(whole)[:2])
    assert len(rows[2]) == 8


def _noisy(values, seed):
    return Kept({"n": 10.0 + (seed % 3) * values["spread"]})


@pytest.mark.parametrize("rule", [Replications(3, 3), Replications(2, 8, "n", 0.2)])
def test_points_that_lost_their_runs_are_named_though_others_have_many(rule, tmp_path, capsys):
    """A shard is lost after merging; points of the other one may have many more than asked."""
    study = Study(_noisy, (Axis("spread", values=(0.0, 0.1, 5.0, 9.0)),), Design("grid"), rule)
    for shard in (1, 2):
        sweep(study, tmp_path / f"{shard}", engine=Here(), shard=(shard, 2))
    store = merge([tmp_path / "1", tmp_path / "2"], tmp_path / "whole")
    assert store.missing().empty and store.what_is_missing() == ""
    asked = store.ledger()
    for path in (tmp_path / "whole").glob("*/000002.*"):
        path.unlink()
    left = Store(tmp_path / "whole").ledger()
    lost = sorted(set(asked["point"]) - set(left["point"])) or sorted(set(asked["point"]))
    assert list(Store(tmp_path / "whole").missing().index) == lost
    assert main(("analyse", str(tmp_path / "whole"), "--indicator", "n")) == 0
    told = capsys.readouterr().err
    assert f"missing, at points {', '.join(map(str, lost))} of 4" in told
    sweep(study, tmp_path / "whole", engine=Here())
    pd.testing.assert_frame_equal(Store(tmp_path / "whole").outcomes(), store.outcomes())
    assert Store(tmp_path / "whole").missing().empty


def test_a_stopping_rule_that_was_cut_short_lacks_runs_at_the_points_that_need_more(tmp_path):
    rule = Replications(2, 8, "n", 0.05)
    study = Study(_noisy, (Axis("spread", values=(0.0, 9.0)),), Design("grid"), rule)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tocsin.experiments.running.sweep.goals", lambda rule, outcomes, goal: goal)
        store = sweep(study, tmp_path / "store", engine=Here())
    assert store.missing().to_dict() == {1: 2}
    assert sweep(study, tmp_path / "store", engine=Here()).missing().empty
