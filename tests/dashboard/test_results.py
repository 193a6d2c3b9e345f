"""Results: what lies in the folder is shown, and nothing else."""

import shutil
from pathlib import Path

import pytest
from tocsin.dashboard.pages import verdicts
from tocsin.dashboard.pages.results import CLOSED, KeptResult, Shelf, content, find
from tocsin.experiments.running.store import Store
from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.files import load

from tocsin.cli import main

STUDY = """schema = 1
title = "A small one"
question = "What does the hazard move?"
author = "The tests"
base = "baseline"
weeks = 20
indicators = ["delivered", "trust_mean"]

[assumptions]
"detection.hazard" = { values = [0.02, 0.15], reason = "assumption" }

[design]
kind = "grid"

[replications]
number = 2
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("results")
    assert main(["compare", "baseline", "more_capacity", "--replications", "2", "--weeks", "20",
                 "--workers", "1", "--out", str(root / "capacity")]) == 0  # fmt: skip
    assert main(["run", "baseline", "--weeks", "20", "--out", str(root / "one")]) == 0
    (root / "report.html").write_text("<h1>Report</h1><script>alert(1)</script>")
    (root / "small.toml").write_text(STUDY)
    assert main(["sweep", str(root / "small.toml"), "--out", str(root / "deep" / "study"),
                 "--workers", "1"]) == 0  # fmt: skip
    return root


def test_everything_is_found_and_can_be_shown(folder: Path) -> None:
    items = find(folder)
    assert [item.kind for item in items] == ["comparison", "study", "run", "report"]
    shown = {item.kind: content(item) for item in items}
    rows = shown["comparison"]["verdicts"][0]["rows"]
    assert rows[0]["name"] == "Delivered" and rows[0]["verdict"]
    means = shown["study"]["tables"][0]
    assert means["head"] == ["point", "detection.hazard", "Delivered (t)", "Trust between members"]
    store = Store(folder / "deep" / "study")
    runs = store.outcomes()
    first = runs.loc[runs["point"] == 0, "delivered"].mean() / 1e6
    assert means["rows"][0][2] == f"{first:,.6g}"
    assert {"Design": "grid", "Replications": "2"}.items() <= dict(shown["study"]["facts"]).items()
    assert ["Runs kept", "4"] in shown["study"]["facts"]
    assert shown["run"]["facts"][1] == ["Seed", "0"]
    assert shown["report"]["page"].startswith(CLOSED)


def test_a_relative_change_is_written_by_the_writer_of_numbers() -> None:
    row = {"indicator": "delivered", "base": 1e9, "difference": -2.5e8, "low": -4e8,
           "high": 1e3, "relative": -0.25, "verdict": "not settled", "n": 4}  # fmt: skip
    shown, unbounded = verdicts.rows([row], load("baseline")), verdicts.rows(
        [row | {"relative": None}], load("baseline")
    )  # fmt: skip
    assert shown[0]["change"] == "−25.0 %"
    assert shown[0]["words"] == "−25.0 %, from −40.0 % to +0.000100 %"
    assert unbounded[0]["change"] == unbounded[0]["words"] == ""


def test_nothing_outside_the_folder_is_listed(folder: Path, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.html").write_text("secret")
    (inside / "link.html").symlink_to(tmp_path / "secret.html")
    (inside / "up").symlink_to(tmp_path)
    (inside / "loop").symlink_to(inside)
    (inside / ".hidden.html").write_text("hidden")
    assert find(inside) == []


@pytest.mark.parametrize("number", [-1, 99, None, "0", "../secret"])
def test_a_page_asks_for_a_number_in_the_list(folder: Path, number: object) -> None:
    shelf = Shelf(folder)
    shelf._open({"do": "open", "number": number}, [])
    assert shelf.piece.content == {}


def test_a_broken_result_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"kind": "comparison"}')
    (tmp_path / "table.parquet").write_text("no table")
    with pytest.raises(InputError, match="its format is an older one"):
        content(KeptResult("comparison", tmp_path, "x"))
    shelf = Shelf(tmp_path)
    shelf._open({"number": 0}, [])
    assert shelf.piece.fault


def test_without_a_folder_the_page_says_how_to_get_one() -> None:
    assert Shelf(None).piece.items == []


def test_a_damaged_study_is_a_sentence_that_names_the_file(folder: Path, tmp_path: Path) -> None:
    study = tmp_path / "study"
    shutil.copytree(folder / "deep" / "study", study)
    (part,) = (study / "runs").iterdir()
    for damage in (lambda: part.write_bytes(part.read_bytes()[:-1] + b"?"), part.unlink):
        damage()
        with pytest.raises(InputError, match=rf"runs/{part.name} is (damaged|missing)"):
            content(KeptResult("study", study, "study"))
        shelf = Shelf(tmp_path)
        shelf._open({"number": 0}, [])
        assert part.name in shelf.piece.fault
