"""What is installed is whole: data travel with the code."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import tocsin

ROOT = Path(__file__).parents[2]

ROOMS = (
    "tocsin", "dashboard", "classroom", "simulation", "experiments", "scenarios", "cartography",
)  # fmt: skip
SHIPPED = (".toml", ".map", ".json", ".csv", ".md", ".html", ".j2", ".js", ".css")


def test_the_wheel_holds_scenarios_maps_outlines_and_their_terms(tmp_path):
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for package in ROOMS:
        (tmp_path / package).symlink_to(ROOT / package)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index",
               "--no-build-isolation", "-w", str(tmp_path / "out"), str(tmp_path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = (tmp_path / "out").glob("tocsin-*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    data = [
        f"tocsin/{path.relative_to(ROOT).as_posix()}"
        for folder in ("scenarios", "cartography", "experiments", "dashboard")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in SHIPPED
    ]
    assert len(data) > 8
    assert set(data) <= held
    modules = {
        f"{'' if room == 'tocsin' else 'tocsin/'}{path.relative_to(ROOT).as_posix()}"
        for room in ROOMS for path in (ROOT / room).rglob("*.py")
    }  # fmt: skip
    assert modules <= held
    assert {name.split("/")[0] for name in held if ".dist-info" not in name} == {"tocsin"}


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
