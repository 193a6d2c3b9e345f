"""The bundle of wheels: it refuses what it must not replace, before pip is asked for anything."""

import importlib.util
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "bundle.py"


@pytest.fixture
def bundle(monkeypatch):
    """The tool; a call of another program fails the test."""

    def called(*arguments, **options):
        raise AssertionError("pip was called before the folder was refused")

    spec = importlib.util.spec_from_file_location("bundle", TOOL)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module.subprocess, "run", called)
    return module


@pytest.mark.parametrize("place", ["full", "file", "/proc/tocsin"])
def test_a_folder_that_holds_something_else_is_refused_and_stays(
    bundle, place, tmp_path, monkeypatch, capsys
):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    folder = tmp_path / place
    monkeypatch.setattr(sys, "argv", ["bundle.py", str(folder), "linux"])
    assert bundle.main() == 2
    told = capsys.readouterr().err
    assert told.startswith(f"bundle {folder}: ") and len(told.splitlines()) == 1
    assert (tmp_path / "full" / "notes.txt").read_text() == "mine"
    assert (tmp_path / "file").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "full"]
