"""Every command and script of every page, in the order of the page, in one new folder for each.

`make test` does it with shorter and fewer runs (`SHORTER`, `SMALL_STUDIES`, `SMALL_SCRIPTS`),
`make test-slow` at full length. What is not run stands in `NOT_RUN`, with its reason and a check
that the reason still holds. Targets of make are looked up, not run: they install or take an hour.
"""

import ast
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 1800.0
COMMANDS = ("", "sh", "bash", "console")
LANGUAGES = (*COMMANDS, "python", "toml", "text")

# What makes a command shorter; the last word on an option counts.
SHORTER = {
    "compare": "--replications 4 --weeks 20 --workers 1",
    "report": "--lever-pairs 2 --channel-pairs 2 --worlds 4 --workers 1",
    "allocate": "--splits 9 --replications 2 --weeks 20 --workers 1",
    "sweep": "--workers 1",
}
STOPPING = "--until delivered=1e12 --at-most 20"
SERVER = "--host 127.0.0.1 --port 0 --no-browser"  # in full length too
SMALL_STUDIES = {  # instead of the shipped study, the same with fewer and shorter runs
    "meridian_levers": {"weeks = 260": "weeks = 12", "number = 10": "number = 5"},
    "meridian_unknowns": {"weeks = 208": "weeks = 12", "points = 100": "points = 6",
                          "at_most = 16": "at_most = 4"},
}  # fmt: skip
HERE_ALONE = "--no-deps --no-index --no-build-isolation --target ."  # of the reader's folder
SHARDS = {"full": 40, "short": 2}
SMALL_SCRIPTS = {
    "replications=50": "replications=4, weeks=20, workers=1",
    '"sobol", 256': '"sobol", 8',
    "workers=8": "workers=1",
}
BROUGHT = {  # what a page's reader has from elsewhere, and how the test comes by it
    ("docs/dashboard.md", "steered.toml"): "tocsin new steered.toml --from baseline",
}


@dataclass(frozen=True)
class Left:
    """Why something is not run, and what would show that the reason has gone."""

    reason: str
    holds: Callable[[], bool]


MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
NO_WINDOWS = Left("for Windows alone", lambda: os.name != "nt")
NO_WHEELS = Left(
    "installs 300 megabytes from the wheels of `make bundle`, which is not run here",
    lambda: "tools/bundle.py bundle" in MAKEFILE,
)
NOT_RUN = {
    ("docs/dashboard.md", "pip install 'tocsin[dashboard]'"): Left(
        "installs a package, which is here already", lambda: find_spec("solara") is not None
    ),
    ("docs/calibration.md", "tocsin calibrate central_asia_fit --out build/calibration"): Left(
        "ends with code 1 after ten minutes, as the page and `make calibration` say",
        lambda: "calibrate central_asia_fit --out build/calibration || test $$? -eq 1" in MAKEFILE,
    ),
    ("docs/classroom.md", "py -3.13 -m venv tocsin"): NO_WINDOWS,
    ("docs/classroom.md", r"tocsin\Scripts\pip install"): NO_WINDOWS,
    ("docs/classroom.md", r"tocsin\Scripts\tocsin classroom"): NO_WINDOWS,
    ("docs/classroom.md", "python3.13 -m venv tocsin"): NO_WHEELS,
    ("docs/classroom.md", "tocsin/bin/pip install"): NO_WHEELS,
    ("docs/classroom.md", "tocsin/bin/tocsin classroom"): NO_WHEELS,
    ("docs/studies.md", "tocsin sweep meridian_unknowns --out unknowns --engine dask"): Left(
        "needs the cluster node17; tests/experiments/test_engine.py has one of its own",
        lambda: socket.gethostname() != "node17",
    ),
    ("docs/studies.md", "from dask_jobqueue import SLURMCluster"): Left(
        "needs SLURM", lambda: shutil.which("sbatch") is None
    ),
}
REFUSED = {  # commands that need what only people do, and the sentence with which they say so
    ("docs/classroom.md", "tocsin classroom --session FOLDER --report report.html"):
        "no year of the session has run yet",
}  # fmt: skip
FRAGMENTS = {"replications", "calibration", "targets", "figures", "posterior"}


@dataclass(frozen=True)
class Step:
    """One block of a page, or one command that stands in its text."""

    kind: str
    text: str
    file: str | None = None  # where the page says to put it
    base: str | None = None  # the world of a piece of a study, where it is another one


def steps(page: str) -> list[Step]:
    """What a page says to do, in its order."""
    found: list[Step] = []
    before = ""
    for token in MarkdownIt("commonmark").enable("table").parse((ROOT / page).read_text("utf-8")):
        if token.type == "inline":
            before = token.content
            found += [
                Step("sh", child.content)
                for child in token.children or []
                if child.type == "code_inline" and whole_command(child.content)
            ]
        elif token.type == "fence":
            assert token.info in LANGUAGES, f"{page}: a block of {token.info}"
            put = re.search(r"(?i)put this into `([^`]+)`", before)
            kind = "sh" if token.info in COMMANDS else token.info
            other = re.search('`base = "([^"]+)"`', before)
            found.append(Step(kind, token.content, put and put[1], other and other[1]))
            before = ""
    return found


def whole_command(text: str) -> bool:
    """Whether code in the text is a command that can be typed as it stands."""
    words = text.split()
    return words[0] == "tocsin" and any(
        word == "--from" or re.fullmatch("[a-z]+_[a-z_]+", word) for word in words[2:]
    ) and not any(word.isupper() or word == "..." for word in words)  # fmt: skip


PAGES = [
    name
    for name in ("README.md", "CONTRIBUTING.md", *sorted(
        str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")))
    if steps(name)
]  # fmt: skip


def not_run(page: str, text: str) -> Left | None:
    """The reason for which a line, or a script that begins so, is not run."""
    for (where, start), left in NOT_RUN.items():
        if where == page and text.startswith(start):
            return left
    return None


class Reader:
    """Someone who does what a page says, in a folder of their own."""

    def __init__(self, page: str, folder: Path, full: bool) -> None:
        self.page, self.folder, self.full = page, folder, full
        self.said: dict[str, str] = {}
        programs = folder.parent / "programs"
        programs.mkdir()
        for name, more in (("tocsin", " -m tocsin"), ("python", "")):
            program = programs / name
            program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)}{more} "$@"\n')
            program.chmod(0o755)
        self.environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}",
            "XDG_DATA_HOME": str(folder.parent / "home"),
            "MPLBACKEND": "agg",
        }
        self.scripts = 0
        self.study = ""

    def follow(self) -> None:
        """Do all of it."""
        for (page, name), command in BROUGHT.items():
            if page == self.page:
                self.shell(command)
                assert (self.folder / name).exists()
        for step in steps(self.page):
            if step.file is not None:
                (self.folder / step.file).write_text(step.text, encoding="utf-8")
                if step.text.startswith("schema") and "[design]" in step.text:
                    self.study = step.text
            elif step.kind == "python":
                self.script(step.text)
            elif step.kind == "toml":
                self.fragment(step.text, step.base)
            elif step.kind == "sh":
                for line in step.text.splitlines():
                    self.line(re.sub(r"(^|\s+)#.*$", "", line))

    def line(self, line: str) -> None:
        """Type one line of a block."""
        words = line.split()
        if not words or not_run(self.page, line):
            return
        if words[0] == "make":
            targets = re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)
            assert {word for word in words[1:] if "=" not in word} <= set(targets), line
            return
        if line == "pip install .":
            line = f"python -m pip install -q {HERE_ALONE} ."
        refused = REFUSED.get((self.page, line))
        line = line.replace("FOLDER", self.session())
        if "$SLURM_ARRAY_TASK_ID" in line:
            number = SHARDS["full" if self.full else "short"]
            line = line.replace("/40", f"/{number}")
            for task in range(1, number + 1):
                self.environment["SLURM_ARRAY_TASK_ID"] = str(task)
                self.shell(self.shorter(line))
        elif words[:2] in (["tocsin", "dashboard"], ["tocsin", "classroom"]) and not (
            {"--lessons", "--report"} & set(words)
        ):
            self.serve(f"{line} {SERVER}")
        else:
            self.said[line] = self.shell(self.shorter(line), refused)

    def session(self) -> str:
        """The folder that the class room named."""
        return next((str(path.parent) for path in (self.folder.parent / "home").rglob(
            "journal.jsonl")), "FOLDER")  # fmt: skip

    def shorter(self, line: str) -> str:
        """The same command with less work, unless all of it is wanted."""
        if self.full:
            return line
        words = line.split()
        for name, changes in SMALL_STUDIES.items():
            if words[1] == "sweep" and name in words:
                text = (ROOT / "experiments" / "studies" / f"{name}.toml").read_text("utf-8")
                for old, new in changes.items():
                    assert text.count(old) == 1, f"{name}: {old}"
                    text = text.replace(old, new)
                (self.folder / f"{name}.toml").write_text(text, encoding="utf-8")
                line = line.replace(name, f"{name}.toml")
        more = SHORTER.get(words[1], "") if len(words) > 2 else ""
        if words[1] == "compare" and "--report" in words:
            more += f" {SHORTER['report']}"
        return " ".join([line, more, *([STOPPING] if "--until" in words else [])])

    def shell(self, line: str, refused: str | None = None) -> str:
        """Run a line as a shell does; what it said."""
        done = subprocess.run(
            ["/bin/sh", "-c", line], cwd=self.folder, env=self.environment, text=True,
            stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=PATIENCE,
        )  # fmt: skip
        said = done.stdout + done.stderr
        if refused is not None:
            assert done.returncode == 2 and refused in said, f"{self.page}: {line}\n{said}"
            return said
        assert done.returncode == 0, f"{self.page}: {line}\n{said}"
        assert "Traceback" not in said, said
        for name in re.findall(r"--(?:out|report|to) (\S+)", re.sub(r"\$\w+", "", line)):
            assert "--plan" in line or (self.folder / name).exists(), f"{line}: no {name}"
        return said

    def serve(self, line: str) -> None:
        """Start a server, look at the page that it names, and stop it."""
        server = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {line}"], cwd=self.folder, env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        impatient = threading.Timer(PATIENCE, server.kill)
        impatient.start()
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), f"{self.page}: {line}: {address!r}"
            with urllib.request.urlopen(address, timeout=60) as page:
                assert page.status == 200
            server.send_signal(signal.SIGINT)
            assert server.wait() == 0, line
        finally:
            server.kill()
            server.wait()
            impatient.cancel()

    def script(self, text: str) -> None:
        """Run a block of Python; a value in a comment behind an expression has to come out."""
        if not_run(self.page, text):
            return
        for old, new in {} if self.full else SMALL_SCRIPTS.items():
            text = text.replace(old, new)
        lines = text.splitlines()
        for node in ast.parse(text).body:
            if isinstance(node, ast.Expr) and "  # " in lines[node.lineno - 1]:
                code, comment = lines[node.lineno - 1].split("  # ", 1)
                try:
                    wanted = ast.literal_eval(comment)
                except (ValueError, SyntaxError):
                    continue
                lines[node.lineno - 1] = f"assert {code} == {wanted!r}, {code}"
        self.scripts += 1
        (self.folder / f"script_{self.scripts}.py").write_text("\n".join(lines), encoding="utf-8")
        self.shell(f"python script_{self.scripts}.py")

    def fragment(self, text: str, base: str | None) -> None:
        """A piece of a study file, in the place of what the page's study says there."""
        tables = set(re.findall(r"^\[+([a-z]+)", text, re.MULTILINE))
        assert tables <= FRAGMENTS, f"{self.page}: say into which file it goes:\n{text}"
        study = (
            re.sub('(?m)^base = "[^"]+"', f'base = "{base}"', self.study) if base else self.study
        )
        parts = re.split(r"^(?=\[)", study, flags=re.MULTILINE)
        kept = [
            part
            for part in parts
            if re.match(r"\[([a-z]+)", part) is None
            or re.match(r"\[([a-z]+)", part)[1] not in tables
        ]  # type: ignore[index]
        (self.folder / "whole.toml").write_text("".join(kept) + "\n" + text, encoding="utf-8")
        if "posterior" in tables:
            (self.folder / "fit").mkdir()
            (self.folder / "fit" / "posterior.csv").write_text(
                "detection.hazard\n" + "".join(f"{0.1 + i / 1000}\n" for i in range(100))
            )
        self.shell("tocsin sweep whole.toml --out whole --plan")


def planned(reader: Reader) -> None:
    """The hour leaves a report with a section on flips, three sentences and no note."""
    text = (reader.folder / "report.html").read_text(encoding="utf-8")
    assert "News first, training later" in text
    assert "What would have to be true for it to flip" in text
    assert text.split('class="answer"')[1].split("</section>")[0].count("<p>") == 3
    found = json.loads((reader.folder / "result" / "findings.json").read_text(encoding="utf-8"))
    mine = next(one for one in found["attributions"] if one["scenario"] == "mine")
    assert "capacity.funding_musd_per_year" in mine["parts"]
    assert not found["notes"]


def own_map_ran(reader: Reader) -> None:
    """The guide's own map is what the next line runs."""
    assert "Colombia" in reader.said["tocsin run isthmus.toml"]


def studied(reader: Reader) -> None:
    """The store has its page, and the shards were brought together."""
    assert (reader.folder / "levers" / "analysis.html").exists()
    assert (reader.folder / "unknowns" / "manifest.json").exists()


AFTER = {
    "docs/planner.md": planned,
    "docs/guide.md": own_map_ran,
    "docs/studies.md": studied,
}


@pytest.mark.parametrize(
    ("page", "full"),
    [(page, False) for page in PAGES]
    + [pytest.param(page, True, marks=pytest.mark.slow) for page in PAGES],
)
def test_a_page_can_be_followed_from_top_to_bottom_in_one_folder(page, full, tmp_path):
    folder = tmp_path / "here"
    folder.mkdir()
    reader = Reader(page, folder, full)
    reader.follow()
    AFTER.get(page, lambda _: None)(reader)


@pytest.mark.parametrize("where", NOT_RUN, ids=" ".join)
def test_what_is_left_out_is_still_on_the_page_and_still_cannot_be_run(where):
    page, start = where
    assert any(step.text.startswith(start) or f"\n{start}" in step.text for step in steps(page)), (
        "the page does not say this any more"
    )
    assert NOT_RUN[where].reason and NOT_RUN[where].holds()


def test_whatever_shortens_a_page_is_still_on_one():
    text = "".join(step.text for page in PAGES for step in steps(page))
    assert all(old in text for old in SMALL_SCRIPTS)
    assert all(f"sweep {name}" in text for name in SMALL_STUDIES)
    assert all(f"tocsin {name}" in text for name in SHORTER)
    for page, line in REFUSED:
        assert any(line in step.text for step in steps(page))
    for page, name in BROUGHT:
        assert any(name in step.text for step in steps(page))


def test_the_fault_that_scenarios_md_shows_is_said_in_these_words():
    (said,) = [step.text for step in steps("docs/scenarios.md") if step.kind == "text"]
    broken = ROOT / "tests" / "scenarios" / "broken" / f"{said.split('.toml')[0]}.txt"
    assert said.strip() == broken.read_text(encoding="utf-8").strip()
