"""One rule says which file a name means, for parents, maps, bases, lessons and commands."""

import shutil
import warnings
from pathlib import Path

import pytest
from tocsin.classroom.reading import load_lesson
from tocsin.dashboard.pages.upload import read_upload
from tocsin.experiments.design.study_files import read as read_study
from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.files import Scenario, load, shipped, shipped_maps
from tocsin.simulation.text_files import Shadowed

from tocsin.cli import main

HEAD = 'schema = 1\ntitle = "t"\nquestion = "q"\nauthor = "a"\n'
OWN, SHIPPED = 0.55, 0.5  # cooperation.sharing


@pytest.fixture
def shadowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file that has the name of the shipped baseline and says something else."""
    text = Path(str(shipped()["baseline"])).read_text(encoding="utf-8")
    own = f'\n[cooperation]\nsharing = {{ value = {OWN}, reason = "r" }}\n'
    (tmp_path / "baseline.toml").write_text(text + own, encoding="utf-8")
    for name, parent in (("by_name", "baseline"), ("by_file", "baseline.toml")):
        (tmp_path / f"{name}.toml").write_text(
            HEAD + f'description = "d"\nparent = "{parent}"\n'
            '[intelligence]\ndelay_weeks = { value = 2, reason = "r" }\n'
        )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sharing(scenario: Scenario | None) -> float:
    """What tells the two worlds apart."""
    assert scenario is not None
    return scenario.value("cooperation.sharing")


@pytest.mark.parametrize(
    ("parent", "found", "words"),
    [
        ("by_name", SHIPPED, "the shipped scenario is read and not the one beside"),
        ("by_file", OWN, "the scenario beside is read and not the shipped"),
    ],
)
def test_a_parent_by_name_is_shipped_and_by_file_name_beside(
    shadowed: Path, parent: str, found: float, words: str
) -> None:
    with pytest.warns(Shadowed, match=words):
        child = load(shadowed / f"{parent}.toml")
    assert sharing(child) == found


def test_the_base_of_a_study_and_the_scenario_of_a_lesson_follow_the_rule(shadowed: Path) -> None:
    text = (Path(__file__).parents[1] / "classroom" / "trial.toml").read_text(encoding="utf-8")
    for base, found in (("baseline", SHIPPED), ("baseline.toml", OWN)):
        study = HEAD + f'base = "{base}"\nweeks = 10\nindicators = ["delivered"]\n'
        (shadowed / "study.toml").write_text(study + "[replications]\nnumber = 2\n")
        assert 'scenario = "baseline"' in text
        (shadowed / "lesson.toml").write_text(
            text.replace('scenario = "baseline"', f'scenario = "{base}"'), encoding="utf-8"
        )
        with pytest.warns(Shadowed):
            assert sharing(read_study(shadowed / "study.toml").base) == found
        with pytest.warns(Shadowed):
            lesson = load_lesson(shadowed / "lesson.toml")
        expected = lesson.scenario.overrides.get("cooperation.sharing", found)
        assert sharing(lesson.scenario) == expected


def test_a_name_on_the_command_line_follows_the_rule(
    shadowed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, word in (("baseline", "shipped scenario"), ("baseline.toml", "scenario beside")):
        assert main(["check", name]) == 0
        said = capsys.readouterr().err
        assert said.startswith("tocsin: note: ")
        assert f"the {word} is read" in said
        assert said.count("\n") == 1


def test_a_file_name_that_is_not_beside_means_the_shipped_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "child.toml").write_text(HEAD + 'description = "d"\nparent = "baseline.toml"\n')
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sharing(load("child.toml")) == SHIPPED
    with pytest.raises(InputError, match="no such file"):
        load("elsewhere/baseline.toml")


def test_a_map_beside_goes_before_the_shipped_one_and_this_is_said(tmp_path: Path) -> None:
    drawn = Path(str(shipped_maps()["meridian"])).read_text(encoding="utf-8")
    shutil.copy(str(shipped()["baseline"]), tmp_path / "mine.toml")
    (tmp_path / "meridian.map").write_text(drawn, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a copy that says the same is nothing to speak of
        load(tmp_path / "mine.toml")
    (tmp_path / "meridian.map").write_text(
        drawn.replace('title = "', 'title = "My '), encoding="utf-8"
    )
    with pytest.warns(Shadowed, match=r"map 'meridian.map': the map beside is read"):
        assert load(tmp_path / "mine.toml").grid.title.startswith("My ")


def test_a_map_behind_set_is_looked_up_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = Path(str(shipped_maps()["meridian"])).read_text(encoding="utf-8")
    (tmp_path / "mine.map").write_text(drawn.replace('title = "', 'title = "My '), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    from tocsin.commands.running import chosen

    assert chosen("baseline", ["world.map=mine.map"], []).grid.title.startswith("My ")


@pytest.mark.parametrize("name", ["n" * 300, "a\\u0000b", "n" * 300 + ".toml", "x/../" * 2000])
def test_a_reference_that_no_file_can_have_is_one_sentence(tmp_path: Path, name: str) -> None:
    child = tmp_path / "child.toml"
    child.write_text(HEAD + f'description = "d"\nparent = "{name}"\n')
    with pytest.raises(InputError, match=r"^child\.toml: parent") as caught:
        load(child)
    assert len(str(caught.value)) < 1000
    text = Path(str(shipped()["baseline"])).read_text(encoding="utf-8")
    child.write_text(text.replace('"meridian.map"', f'"{name}"'), encoding="utf-8")
    with pytest.raises(InputError, match=r"^child\.toml: world\.map"):
        load(child)


def test_an_uploaded_file_names_shipped_files_only() -> None:
    for parent in ("baseline.toml", "../baseline.toml", "/etc/passwd"):
        text = HEAD + f'description = "d"\nparent = "{parent}"\n'
        with pytest.raises(InputError, match="allowed in an uploaded file"):
            read_upload("mine.toml", text.encode())
    text = HEAD + 'description = "d"\nparent = "baseline"\n'
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sharing(read_upload("baseline.toml", text.encode())) == SHIPPED
