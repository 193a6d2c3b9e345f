"""The package and its documentation agree with one another."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import tocsin

ROOT = Path(__file__).parents[2]

SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
FOLDERS = {folder: name for name, folder in SETUPTOOLS["package-dir"].items()}  # of the top


def _import_name(folder):
    """The name by which a folder with modules is imported."""
    first, *rest = folder.relative_to(ROOT).parts
    return ".".join((FOLDERS.get(first, first), *rest))


def test_every_folder_with_modules_has_its_line_and_every_line_its_folder():
    for folder in (ROOT / "tocsin", *(ROOT / name for name in FOLDERS)):
        assert (folder / "__init__.py").is_file()
    found = {
        _import_name(file.parent) for name in ("tocsin", *FOLDERS)
        for file in (ROOT / name).rglob("*.py")
    }  # fmt: skip
    assert found == set(SETUPTOOLS["packages"])


def test_names_of_the_package_are_there():
    for name in tocsin.__all__:
        assert getattr(tocsin, name).__name__.lower().startswith(name.lower()[:4])
    assert "baseline" in tocsin.names()


def test_the_generated_tables_of_the_documentation_are_current():
    done = subprocess.run([sys.executable, "-m", "tocsin", "docs", "--check"], cwd=ROOT)
    assert done.returncode == 0


def test_links_of_the_documentation_lead_somewhere():
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), (page.name, target)


def test_the_description_names_for_each_lever_the_decision_that_it_changes():
    from tocsin.simulation.parameters import table

    text = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    levers = text.split("## 8. Levers")[1].split("## 9.")[0]
    named = set(re.findall(r"`((?:[a-z]+\.)+[a-z_]+|[a-z]+\.\*\.[a-z_]+)`", levers))
    assert {row.key for row in table() if row.kind == "lever"} <= named
