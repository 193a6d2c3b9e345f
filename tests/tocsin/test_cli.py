"""The command line as people and scripts meet it."""

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from tocsin.experiments.comparing import output
from tocsin.simulation.phases import PHASES
from tocsin.simulation.scenario.files import load

import tocsin
from tocsin.cli import main

KEYS = {
    "scenario", "indicator", "unit", "base", "difference", "low", "high", "relative",
    "confidence", "probability_better", "detectable", "verdict", "n",
}  # fmt: skip


def _json(capsys, *arguments):
    assert main(arguments) == 0
    return json.loads(capsys.readouterr().out)


def _refused(capsys, *arguments):
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


def test_run_prints_one_object(capsys):
    result = _json(capsys, "run", "baseline", "--seed", "3", "--weeks", "20", "--json")
    assert set(result) == {"scenario", "seed", "weeks", "version", "fingerprint",
                           "fingerprint_format", "indicators"}  # fmt: skip
    assert (result["scenario"], result["seed"], result["weeks"]) == ("baseline", 3, 20)
    assert result["version"] == tocsin.__version__
    assert result["indicators"]["displacement"] is None
    python = tocsin.run("baseline", seed=3, weeks=20)
    assert result["fingerprint"] == python.fingerprint
    assert result["indicators"] == python.indicators


def test_run_sets_values(capsys):
    plain = _json(capsys, "run", "baseline", "--weeks", "30", "--json")
    values = ("--set", "cooperation.sharing=0", "--set", "countries.TAL.officers=0")
    moved = _json(capsys, "run", "baseline", "--weeks", "30", "--json", *values)
    assert moved["indicators"]["items_shared"] == 0
    assert moved["indicators"]["seized_by[TAL]"] == 0 < plain["indicators"]["seized_by[TAL]"]


def test_run_for_people_names_units(capsys):
    assert main(["run", "baseline", "--weeks", "20"]) == 0
    text = capsys.readouterr().out
    assert "Meridian as it is" in text
    assert "kg" in text
    assert "Talmoria" in text
    assert "undefined" in text


def test_a_profile_has_a_line_for_each_phase_beside_the_same_result(capsys):
    assert main(["run", "baseline", "--weeks", "20"]) == 0
    plain = capsys.readouterr().out
    assert main(["run", "baseline", "--weeks", "20", "--profile"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(plain)
    head, *lines = told.removeprefix(plain).splitlines()
    assert head.split() == ["phase", "milliseconds", "share"]
    assert [line.split()[0] for line in lines] == [*(name for name, _ in PHASES), "all"]
    assert lines[-1].endswith("100.0 %")


def test_a_profile_leaves_the_json_alone(capsys):
    assert main(["run", "baseline", "--weeks", "20", "--profile", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["weeks"] == 20
    assert "measurement" in err


def test_run_writes_a_whole_folder(tmp_path, capsys):
    out = tmp_path / "deep" / "result"
    assert main(["run", "baseline", "--weeks", "30", "--out", str(out), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["fingerprint"] == printed["fingerprint"]
    assert manifest["indicators"] == printed["indicators"]
    assert tomllib.loads(manifest["scenario"]["stated"])["title"] == "Meridian as it is"
    for stem in ("series", "events"):
        parquet = pd.read_parquet(out / f"{stem}.parquet")
        table = pd.read_csv(out / f"{stem}.csv", keep_default_na=stem == "series")
        assert list(parquet) == list(table)
        assert len(parquet) == len(table) > 0
    assert sorted(path.name for path in out.parent.iterdir()) == ["result"]
    assert "not empty" in _refused(capsys, "run", "baseline", "--weeks", "2", "--out", str(out))


def test_a_disk_that_fails_leaves_nothing(tmp_path, capsys, monkeypatch):
    def full(table, stem):
        stem.with_suffix(".csv").write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(output, "write_table", full)
    out = tmp_path / "result"
    assert main(("run", "baseline", "--weeks", "5", "--out", str(out))) == 2
    assert "nothing was kept (No space left on device)" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_compare_prints_one_array(capsys):
    rows = _json(capsys, "compare", "baseline", "more_capacity", "--replications", "3",
                 "--weeks", "30", "--workers", "1", "--json")  # fmt: skip
    assert all(set(row) == KEYS for row in rows)
    by_name = {row["indicator"]: row for row in rows}
    assert by_name["cost_capacity"]["relative"] is None
    assert by_name["delivered"]["n"] == 3
    assert by_name["displacement"]["difference"] is None


def test_compare_writes_tables_and_a_figure(tmp_path, capsys):
    out = tmp_path / "c"
    assert main(["compare", "baseline", "all_three", "--replications", "2", "--weeks", "20",
                 "--out", str(out)]) == 0  # fmt: skip
    text = capsys.readouterr().out
    assert "2 pairs of runs against Meridian as it is" in text
    assert "95 % interval" in text
    assert (out / "effects.png").stat().st_size > 10_000
    assert pd.read_csv(out / "table.csv").shape[1] == len(KEYS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "basline"), "nearest: 'baseline'"),
        (("run", "nowhere.toml"), "there is no such file"),
        (("run", "baseline", "--set", "cooperation.shering=1"), "nearest: 'sharing'"),
        (("run", "baseline", "--set", "cooperation.sharing=1.5"), "from 0 to 1"),
        (("run", "baseline", "--set", "cooperation.sharing"), "KEY=VALUE"),
        (("run", "baseline", "--weeks", "0"), "from 1 to"),
        (("run", "baseline", "--seed", "-4"), "from 0"),
        (("compare", "baseline", "all_three", "--replications", "1"), "2 or more"),
        (("scenarios", "nothing"), "there is no such scenario"),
        (("new", "x.txt", "--from", "baseline"), "ends in .toml"),
    ],
)
def test_wrong_use_is_one_sentence_and_code_2(capsys, arguments, words):
    assert words in _refused(capsys, *arguments)


def test_unknown_options_are_refused_with_code_2(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["run", "baseline", "--sede", "3"])
    assert stopped.value.code == 2
    assert "--sede" in capsys.readouterr().err


def test_scenarios_lists_and_describes(capsys):
    assert main(["scenarios"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in tocsin.names())
    assert main(["scenarios", "all_three"]) == 0
    text = capsys.readouterr().out
    assert "all_three <- baseline" in text
    assert "cooperation.sharing = 0.9" in text


def test_a_new_scenario_is_well_formed_and_never_overwrites(tmp_path, capsys):
    file = tmp_path / "mine.toml"
    assert main(["new", str(file), "--from", "faster_intelligence"]) == 0
    assert main(["check", str(file)]) == 0
    assert load(file).digest == load("faster_intelligence").digest
    capsys.readouterr()
    assert "already" in _refused(capsys, "new", str(file), "--from", "baseline")


def test_check_goes_on_after_a_broken_file(tmp_path, capsys):
    bad, good = tmp_path / "bad.toml", tmp_path / "good.toml"
    bad.write_text("schema = 1\n")
    assert main(["new", str(good), "--from", "baseline"]) == 0
    capsys.readouterr()
    assert main(["check", str(bad), str(good)]) == 2
    captured = capsys.readouterr()
    assert "bad.toml: title: missing" in captured.err
    assert "good.toml: well formed" in captured.out


def test_tables_as_json(capsys):
    rows = _json(capsys, "parameters", "--json")
    assert {
        "cooperation.sharing",
        "intelligence.delay_weeks",
        "capacity.funding_musd_per_year",
    } <= {row["key"] for row in rows if row["kind"] == "lever"}
    assert all(row["source"] and row["meaning"] for row in rows)
    names = {row["name"] for row in _json(capsys, "indicators", "--json")}
    assert {"produced", "displacement", "tip_hit_rate"} <= names


def test_help_does_not_import_the_heavy_packages():
    code = (
        "import sys; from tocsin.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('numpy', 'pandas', 'mesa', 'numba', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_a_run_does_not_import_what_only_pages_and_figures_need():
    code = (
        "import sys; from tocsin.cli import main; main(['run', 'baseline', '--weeks', '2'])\n"
        "print([m for m in ('matplotlib', 'solara') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def _hear_interrupts():
    """A shell starts what it puts into the background deaf to them, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupt_leaves_nothing_and_says_130(tmp_path):
    command = [sys.executable, "-m", "tocsin", "compare", "baseline", "all_three",
               "--replications", "400", "--workers", "2", "--out", str(tmp_path / "c")]  # fmt: skip
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, cwd=Path.cwd(),
        preexec_fn=_hear_interrupts,
    )  # fmt: skip
    time.sleep(6)
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in said
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_leaves_early_is_no_failure_to_shout_about():
    shell = f"{sys.executable} -m tocsin parameters | head -1"
    done = subprocess.run(shell, shell=True, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_too_little_memory_is_one_sentence_that_helps(monkeypatch, capsys):
    from tocsin import cli
    from tocsin.commands import running

    def no_room(_):
        raise MemoryError("Unable to allocate 9 GiB")

    monkeypatch.setattr(running, "run_one", no_room)
    assert cli.main(["run", "baseline"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "not enough memory (Unable to allocate 9 GiB); use fewer workers" in said
