"""Two versions are compared week by week, each from its own files."""

import tomllib

from tocsin.simulation.scenario.files import load

from benchmarks import versions


def test_each_side_runs_all_weeks_from_its_own_files(tmp_path):
    sides = [versions._laid_out(versions.TOP, tmp_path / name) for name in "ab"]
    one, other = versions.least(sides, rounds=1)
    assert one.size == other.size == load(versions.SCENARIO).parameters.world.weeks
    assert (one > 0).all() and (other > 0).all()


def test_a_tree_of_before_the_one_name_is_imported_as_it_lies(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.setuptools]\npackages = ['simulation']\n")
    assert versions._laid_out(tmp_path, tmp_path / "names") == (tmp_path, "simulation.model")


def test_every_package_of_today_is_found_under_its_name(tmp_path):
    home, module = versions._laid_out(versions.TOP, tmp_path)
    project = tomllib.loads((versions.TOP / "pyproject.toml").read_text())
    for name in project["tool"]["setuptools"]["packages"]:
        assert (home.joinpath(*name.split(".")) / "__init__.py").is_file(), name
    assert module in {f"{name}.model" for name in project["tool"]["setuptools"]["packages"]}
