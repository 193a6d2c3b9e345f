"""Each broken file gives exactly the sentence that stands beside it, and no scenario."""

from pathlib import Path

import pytest
from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.files import load

BROKEN = sorted(Path(__file__).with_name("broken").glob("*.toml"))


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_the_sentence(file: Path) -> None:
    expected = file.with_suffix(".txt").read_text(encoding="utf-8").rstrip("\n")
    with pytest.raises(InputError) as caught:
        load(file)
    assert str(caught.value) == expected
    assert "\n" not in expected


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) >= 24
    assert {file.stem for file in BROKEN} == {
        file.stem for file in Path(__file__).with_name("broken").glob("*.txt")
    }


def test_a_file_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml: there is no such file\.$"):
        load(tmp_path / "none.toml")


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="that is a folder"):
        load(tmp_path)


def test_an_unknown_name_gets_the_nearest_one() -> None:
    with pytest.raises(
        InputError, match=r"there is no such scenario; .*\(nearest: 'baseline'\)\.$"
    ):
        load("base_line")


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 5000, "a = " + "9" * 5000, "a = 1\na.b = 2", "\x00", "a = 1979-13-45"],
    ids=["deep", "long number", "two types", "zero byte", "no date"],
)
def test_what_is_hardly_toml_is_a_sentence_too(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=r"^odd\.toml: not (valid TOML: |a text file )"):
        load(file)


def test_a_circle_is_found_by_any_way_of_writing_the_path(tmp_path: Path) -> None:
    text = 'schema = 1\ntitle = "t"\nquestion = "q"\nauthor = "a"\ndescription = "d"\n'
    (tmp_path / "inner").mkdir()
    file = tmp_path / "inner" / "winding.toml"
    file.write_text(text + 'parent = "../inner/winding.toml"\n')
    with pytest.raises(InputError, match="parents run in a circle"):
        load(file)
