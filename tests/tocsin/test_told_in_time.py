"""Told in time: what cannot be written is refused before any run, and no figure costs a result."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from tocsin.experiments.running import destination
from tocsin.experiments.running.destination import check_file, check_folder, whole_folder
from tocsin.experiments.running.notices import FigureWarning
from tocsin.experiments.telling import figures, illustrations
from tocsin.simulation.errors import InputError

from tocsin.cli import main

PAIRS = ("baseline", "all_three", "--replications", "2", "--weeks", "5", "--workers", "1")
TAKERS = (
    "tocsin.cartography.generated", "tocsin.cartography.worlds", "tocsin.dashboard.pages.luck",
    "tocsin.experiments.methods.calibration", "tocsin.experiments.methods.effects",
    "tocsin.experiments.running.replications", "tocsin.experiments.methods.screening",
    "tocsin.experiments.design.study_files", "tocsin.experiments.methods.worlds",
)  # fmt: skip
RUNNERS = (
    "tocsin.experiments.comparing.comparison.compare", "tocsin.simulation.run.run",
    "tocsin.experiments.running.sweep.plan", "tocsin.experiments.running.sweep.sweep",
    "tocsin.experiments.running.sweep.rerun", "tocsin.cartography.build.build",
    "tocsin.experiments.telling.analysis.write_page", "tocsin.experiments.running.card.card_run",
    "tocsin.classroom.room.Room",
)  # fmt: skip
LITTLE = ("--worlds", "0", "--lever-pairs", "2", "--channel-pairs", "0")


@pytest.fixture
def no_run(monkeypatch):
    """Every way to a run fails: a command that gets there has told too late."""

    def began(*arguments, **options):
        raise AssertionError("a run began before the destination was refused")

    for module in TAKERS:  # one that is first read while a name is replaced keeps what replaced it
        import_module(module)
    for name in RUNNERS:
        monkeypatch.setattr(name, began)
    monkeypatch.setattr("tocsin.experiments.methods.calibration.sweep", began)


def _refused(capsys, *arguments):
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.strip().splitlines()) == 1
    return told.err


def _places(tmp_path):
    """Where no folder of results can be made."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    return {
        str(tmp_path / "full"): "not empty (it holds notes.txt)",
        str(tmp_path / "file"): "that is a file",
        str(tmp_path / "file" / "under"): "",
        "/proc/tocsin": "cannot be written",
        str(tmp_path / ("x" * 300)): "",
    }


@pytest.mark.parametrize(
    "command",
    [
        ("run", "baseline"),
        ("compare", *PAIRS),
        ("demo",),
        ("rerun", "scenario=baseline&seed=7&week=3"),
        ("calibrate", "central_asia_fit"),
    ],
)
def test_a_folder_that_cannot_be_written_is_refused_before_any_run(
    command, tmp_path, capsys, no_run
):
    for place, words in _places(tmp_path).items():
        told = _refused(capsys, *command, "--out", place)
        assert f"--out {place[:60]}" in told and words in told  # long names are cut
    assert (tmp_path / "full" / "notes.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "full"]


@pytest.mark.parametrize(
    ("command", "option", "ending"),
    [
        (("compare", *PAIRS), "--report", ".html"),
        (("map", "--countries", "FRA,DEU", "--cell-km", "50", "--source", "FRA", "--market",
          "DEU"), "--out", ".map"),
        (("analyse", "store"), "--out", ".html"),
        (("classroom", "--session", "somewhere"), "--report", ".html"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_written_is_refused_before_any_run(
    command, option, ending, tmp_path, capsys, no_run
):
    (tmp_path / "file").write_text("mine")
    (tmp_path / f"folder{ending}").mkdir()
    long = str(tmp_path / ("x" * 300 + ending))
    for place in (f"/proc/x{ending}", str(tmp_path / "file" / f"x{ending}"), long,
                  str(tmp_path / f"folder{ending}")):  # fmt: skip
        told = _refused(capsys, *command, option, place)
        assert f"{option} {place[:60]}" in told  # long names are cut
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", f"folder{ending}"]


def test_a_report_that_cannot_be_written_is_refused_before_its_runs(tmp_path, capsys, monkeypatch):
    assert main(("compare", *PAIRS, "--out", str(tmp_path / "c"))) == 0
    capsys.readouterr()
    monkeypatch.setattr("tocsin.commands.comparing.look_into", None)
    assert "--to /proc/x.html" in _refused(capsys, "report", str(tmp_path / "c"), "--to",
                                           "/proc/x.html")  # fmt: skip


@pytest.mark.parametrize("command", [("run", "baseline"), ("compare", *PAIRS),
                                     ("allocate", "baseline", "--budget", "9")])  # fmt: skip
@pytest.mark.parametrize("seed", ["-1", "1000000000000001", "9" * 60])
def test_a_seed_that_no_table_can_hold_is_refused_before_any_run(command, seed, capsys):
    told = _refused(capsys, *command, "--seed", seed)
    assert "allowed is a whole number from 0 to 1,000,000,000,000,000" in told
    assert len(told) < 200


def test_the_table_is_printed_whatever_fails_later(tmp_path, capsys, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tocsin.experiments.comparing.output.write_table", full)
    assert main(("compare", *PAIRS, "--out", str(tmp_path / "c"))) == 2
    told = capsys.readouterr()
    assert "95 % interval" in told.out
    assert "nothing was kept (No space left on device)" in told.err
    assert list(tmp_path.iterdir()) == []
    assert main(("run", "baseline", "--weeks", "5", "--out", str(tmp_path / "r"))) == 2
    assert "fingerprint" in capsys.readouterr().out


def test_the_tables_are_kept_when_the_runs_of_a_report_fail(tmp_path, capsys, monkeypatch):
    def failing(*arguments):
        raise MemoryError("no memory for more runs")

    monkeypatch.setattr("tocsin.commands.comparing.look_into", failing)
    page, folder = tmp_path / "page.html", tmp_path / "c"
    assert main(("compare", *PAIRS, "--out", str(folder), "--report", str(page))) == 1
    told = capsys.readouterr()
    assert "95 % interval" in told.out and "no memory for more runs" in told.err
    assert len(pd.read_parquet(folder / "table.parquet")) > 0


def test_a_reader_that_leaves_costs_no_results(tmp_path):
    arguments = " ".join(("compare", *PAIRS, "--json", "--out", str(tmp_path / "c")))
    shell = f"{sys.executable} -m tocsin {arguments} | true"
    subprocess.run(shell, shell=True, check=True, capture_output=True, cwd=Path.cwd())
    assert (tmp_path / "c" / "table.parquet").exists()


def test_a_figure_that_fails_costs_one_sentence(tmp_path, capsys, monkeypatch):
    def broken(*arguments):
        raise ValueError("Expected end of text\nfound '$'")

    monkeypatch.setattr(figures, "effects", broken)
    monkeypatch.setitem(illustrations.ALL, "effects", broken)
    page, folder = tmp_path / "page.html", tmp_path / "c"
    assert main(("compare", *PAIRS, *LITTLE, "--out", str(folder), "--report", str(page))) == 0
    told = capsys.readouterr()
    assert "95 % interval" in told.out
    said = [line for line in told.err.splitlines() if "could not be drawn" in line]
    assert said == [f"tocsin: the figure “{name}” could not be drawn (Expected end of text found "
                    "'$'); all else is whole." for name in ("effects.png", "effects")]  # fmt: skip
    assert (folder / "table.parquet").exists() and not (folder / "effects.png").exists()
    text = page.read_text(encoding="utf-8")
    assert "could not be drawn" in text and "What changes" in text


def test_a_figure_that_fails_half_written_leaves_no_file(tmp_path, monkeypatch):
    def half(figure, path):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(figures, "save", half)
    with pytest.warns(FigureWarning, match=r"x\.png.*No space left"):
        assert not figures.save_if_drawn(lambda: None, tmp_path / "x.png")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_and_empty_is_filled_and_stays_the_same_folder(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".DS_Store").write_text("of a file manager")
    number = tmp_path.stat().st_ino
    assert main(("run", "baseline", "--weeks", "5", "--out", ".")) == 0
    capsys.readouterr()
    assert tmp_path.stat().st_ino == number
    names = {"events.csv", "events.parquet", "manifest.json", "series.csv", "series.parquet"}
    assert {path.name for path in tmp_path.iterdir()} == {*names, "reports", ".DS_Store"}
    assert "not empty" in _refused(capsys, "run", "baseline", "--weeks", "5", "--out", ".")


def test_results_of_another_kind_are_never_replaced(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("three years")
    for told in ("", "{", '["demo"]', '{"kind": "run"}'):
        (mine / "manifest.json").write_text(told)
        with pytest.raises(InputError, match="not empty"), whole_folder(mine, "demo"):
            pass
    assert (mine / "thesis.txt").read_text() == "three years"
    (mine / "manifest.json").write_text('{"kind": "demo"}')
    with whole_folder(mine, "demo") as folder:
        (folder / "new.txt").write_text("new")
    assert [path.name for path in mine.iterdir()] == ["new.txt"]


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_that_somebody_filled_meanwhile_keeps_both(there, tmp_path):
    target = tmp_path / "out"
    if there:
        target.mkdir()
    with pytest.raises(InputError, match=r"the results are whole in .*out-2"):  # noqa: SIM117
        with whole_folder(target) as folder:
            (folder / "mine.txt").write_text("mine")
            target.mkdir(exist_ok=True)
            (target / "theirs.txt").write_text("theirs")
    assert (target / "theirs.txt").read_text() == "theirs"
    assert [path.name for path in (tmp_path / "out-2").iterdir()] == ["mine.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out-2"]


def test_a_check_leaves_nothing_behind(tmp_path):
    check_folder(tmp_path / "a" / "b" / "c")
    check_file(tmp_path / "d" / "e.html", destination.PAGE)
    (tmp_path / "old.html").write_text("old")
    check_file(tmp_path / "old.html", destination.PAGE)
    assert [path.name for path in tmp_path.iterdir()] == ["old.html"]
    assert (tmp_path / "old.html").read_text() == "old"


def test_half_a_character_in_a_name_is_refused_before_any_run_or_stops_no_writing(tmp_path, capsys):
    """A name that is no UTF-8 comes from the shell with half characters in it."""
    head = {"title": "Odd", "question": "q", "author": "a", "description": "d"}
    text = "".join(f'{key} = "{value}"\n' for key, value in head.items())
    odd = tmp_path / "odd\udcff"
    odd.mkdir()
    for name in ("mine", "odd\udcff"):
        (odd / f"{name}.toml").write_text(f'schema = 1\n{text}parent = "baseline"\n')
    told = _refused(capsys, "run", str(odd / "odd\udcff.toml"))
    assert r"'odd\udcff.toml': the name of the file is no printable text" in told
    page, folder = tmp_path / "page.html", tmp_path / "c"
    assert main(("compare", "baseline", str(odd / "mine.toml"), *PAIRS[2:], *LITTLE, "--out",
                 str(folder), "--report", str(page))) == 0  # fmt: skip
    command = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["command"]
    assert "odd\udcff/mine.toml" in command
    assert "tocsin compare" in page.read_text(encoding="utf-8")


def test_a_calibration_whose_results_could_not_be_written_is_refused_before_any_run(
    tmp_path, capsys, no_run
):
    (tmp_path / "begun" / "round-00").mkdir(parents=True)
    (tmp_path / "begun" / "posterior.csv").mkdir()
    told = _refused(capsys, "calibrate", "central_asia_fit", "--out", str(tmp_path / "begun"))
    assert "posterior.csv: that is a folder" in told
