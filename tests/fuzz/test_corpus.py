"""What once broke a reader is read or refused in one sentence; damage by chance finds no more."""

import sys
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def _tool() -> ModuleType:
    """Load tools/fuzz.py, which is no package."""
    spec = util.spec_from_file_location("tocsin_fuzz", ROOT / "tools" / "fuzz.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


fuzz = _tool()


@pytest.mark.parametrize("file", [file for _, file in fuzz.kept()], ids=lambda file: file.name)
def test_what_broke_a_reader_once_breaks_none(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    failure = fuzz.tried(file.name.partition("-")[0], file.read_bytes(), tmp_path)
    assert failure is None, failure.said


def test_a_case_is_the_same_each_time_and_differs_from_the_next() -> None:
    files = fuzz.seeds()
    for kind in fuzz.ENDINGS:
        cases = [fuzz.case(kind, 3, number, files) for number in (5, 5, 6)]
        assert cases[0] == cases[1] != cases[2]
        assert set(files) == set(fuzz.ENDINGS)


def test_a_foreign_exception_a_hang_and_two_lines_are_each_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def foreign(file: Path) -> None:
        raise KeyError("x")

    def two_lines(file: Path) -> None:
        raise fuzz.InputError("one\ntwo")

    def slow(file: Path) -> None:
        raise fuzz.Slow("late")

    for reader, where in ((foreign, "KeyError in"), (two_lines, "sentence of"), (slow, "Slow in")):
        monkeypatch.setitem(fuzz.READERS, "map", reader)
        failure = fuzz.tried("map", b"abcdef", tmp_path)
        assert failure is not None
        assert failure.where.startswith(where)
        assert fuzz.smallest(failure, tmp_path).data == b""
