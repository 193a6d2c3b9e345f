"""Tocsin as others meet it: from a wheel, in a folder that has files of the same names.

The environment is a fresh one that sees what this one depends on, but not the checkout.
"""

import json
import signal
import subprocess
import sys
import tomllib
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = SETTINGS["tool"]["setuptools"]
FOLDERS = {"tocsin": "tocsin", **SETUPTOOLS["package-dir"]}  # import name -> folder

MINE = {
    "simulation.py": "ANSWER = 42\n",
    "dashboard.py": "raise SystemExit('the dashboard of the user')\n",
    "experiments/__init__.py": "TRIALS = 3\n",
    "cartography.py": "",
    "scenarios/mine.toml": """
schema = 1
title = "Mine"
question = "What do three weeks change?"
author = "a user"
description = "News takes three weeks."
parent = "baseline"

[intelligence]
delay_weeks = { value = 3, reason = "assumption" }
""",
    "beside.py": """
import simulation
import tocsin
from experiments import TRIALS

if __name__ == "__main__":
    finished = tocsin.run("scenarios/mine.toml", seed=TRIALS, weeks=4)
    print(simulation.ANSWER, finished.seed, finished.weeks)
""",
    "right.py": """
import tocsin

finished: tocsin.Run = tocsin.run("baseline", seed=3, weeks=8)
week: int = finished.weeks
""",
    "wrong.py": """
import tocsin

finished = tocsin.run("baseline", seed="three")
week: str = finished.weeks
""",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built as pip builds it, without the internet."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    for place in FOLDERS.values():
        (folder / place).symlink_to(ROOT / place)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index",
               "--no-build-isolation", "-w", str(folder / "out"), str(folder)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    (built,) = (folder / "out").glob("tocsin-*.whl")
    return built


@pytest.fixture(scope="module")
def there(wheel, tmp_path_factory):
    """A folder of a user's own, with an environment into which the wheel was installed."""
    top = tmp_path_factory.mktemp("user")
    home = top / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    python = home / "bin" / "python"
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet",
                    "--no-deps", "--no-index", str(wheel)], check=True)  # fmt: skip
    (packages,) = home.glob("lib/python3*/site-packages")
    seen = [place for place in sys.path if Path(place).name.endswith("-packages")]
    (packages / "dependencies.pth").write_text("\n".join(seen))  # only folders: no .pth in them
    there = next(place for place in (Path(one).parents[2] for one in seen)
                 if (place / "share" / "jupyter").is_dir())  # fmt: skip
    for name in ("etc", "share"):  # what pip lays out for Solara beside the packages
        (home / name).symlink_to(there / name)
    for name, text in MINE.items():
        (top / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (top / "mine" / name).write_text(text)
    return User(top)


class User:
    """Somebody who works in a folder of their own."""

    def __init__(self, top):
        self.folder = top / "mine"
        self.programs = top / "environment" / "bin"
        self.environment = {"PATH": f"{self.programs}:/usr/bin:/bin", "HOME": str(top),
                            "XDG_CACHE_HOME": str(top / "cache")}  # fmt: skip

    def start(self, program, *arguments):
        """Begin a program of the environment."""
        return subprocess.Popen(
            [self.programs / program, *arguments], cwd=self.folder, env=self.environment,
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def do(self, program, *arguments):
        """What a program said; it must end well."""
        process = self.start(program, *arguments)
        said, _ = process.communicate()
        assert process.returncode == 0, said
        return said


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *FOLDERS.values()],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\n")  # fmt: skip
    files = {name for name in listed if name and (ROOT / name).is_file()}
    expected = {
        str(Path(*dotted.split("."), Path(name).relative_to(folder)))
        for dotted, folder in FOLDERS.items() for name in files
        if Path(name).is_relative_to(folder)
    }  # fmt: skip
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert len(expected) == len(files) > 300
    assert held == expected


def test_the_wheel_puts_one_name_at_the_top(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"tocsin", f"tocsin-{SETTINGS['project']['version']}.dist-info"}


def test_a_run_from_the_command_line(there):
    said = there.do("tocsin", "run", "baseline", "--weeks", "8")
    assert "8 weeks" in said
    assert "8 weeks" in there.do("python", "-m", "tocsin", "run", "scenarios/mine.toml",
                                 "--weeks", "8")  # fmt: skip


def test_the_folder_keeps_its_own_names(there):
    said = there.do("python", "-c", "import tocsin, simulation, experiments, tocsin.simulation\n"
                    "print(tocsin.simulation.__file__, simulation.ANSWER, experiments.TRIALS)"
                    )  # fmt: skip
    file, answer, trials = said.split()
    assert Path(file).is_relative_to(there.programs.parent)
    assert (answer, trials) == ("42", "3")


def test_a_script_beside_files_of_the_same_names(there):
    assert there.do("python", "beside.py").split()[-3:] == ["42", "3", "4"]


@pytest.mark.parametrize("program", [("tocsin",), ("python", "-m", "tocsin")])
def test_the_dashboard_answers_and_ends(there, program):
    server = there.start(*program, "dashboard", "--no-browser", "--port", "0")
    try:
        address = next(
            word for line in server.stdout for word in line.split()
            if word.startswith("http://127.0.0.1:")
        )  # fmt: skip
        with urllib.request.urlopen(address, timeout=60) as answer:
            assert answer.status == 200
            assert "tocsin" in answer.read().decode().lower()
        server.send_signal(signal.SIGINT)
        said, _ = server.communicate(timeout=60)
        assert server.returncode == 0, said
    finally:
        server.kill()


def test_a_type_checker_sees_what_calls_take_and_give(there):
    checker = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--outputjson", "--level", "error",
         "--pythonpath", str(there.programs / "python"), "right.py", "wrong.py"],
        cwd=there.folder, capture_output=True, text=True,
    )  # fmt: skip
    found = json.loads(checker.stdout)["generalDiagnostics"]
    told = [(Path(one["file"]).name, one["range"]["start"]["line"], one["rule"]) for one in found]
    assert told == [("wrong.py", 3, "reportArgumentType"),
                    ("wrong.py", 4, "reportAssignmentType")]  # fmt: skip
