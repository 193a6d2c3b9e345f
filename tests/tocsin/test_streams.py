"""Whatever a shell makes of the streams, and whenever Ctrl-C comes: a sentence, no traceback."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from tocsin.cartography import build as building

from tocsin.cli import main

ROOT = Path(__file__).parents[2]
TOCSIN = f'"{sys.executable}" -m tocsin'
HEAD = 'schema = 1\nquestion = "q"\nauthor = "a"\ndescription = "d"\nparent = "baseline"\n'


def shell(
    command: str, folder: Path, text: str | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a line in a shell, in a folder of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run(["sh", "-c", command], cwd=folder, env=environment, input=text,
                          capture_output=True, text=True, check=False)  # fmt: skip


@pytest.mark.parametrize("arguments", ["parameters", "--help", "run --help"])
def test_a_reader_that_goes_away_is_no_failure_to_speak_of(arguments: str, tmp_path: Path) -> None:
    done = shell(f"{TOCSIN} {arguments} | head -n 1 | head -c 5", tmp_path)
    assert done.stderr == ""
    assert len(done.stdout) == 5


def test_closed_streams_lead_nowhere(tmp_path: Path) -> None:
    done = shell(f"{TOCSIN} scenarios baseline >&- 2>&- <&-; echo $?", tmp_path)
    assert done.stdout == "0\n"
    done = shell(f"{TOCSIN} scenarios nothing >&-; echo $?", tmp_path)
    assert (done.stdout, done.stderr.count("\n")) == ("2\n", 1)
    done = shell(f"{TOCSIN} run baseline --weeks 5 --out out 2>&-", tmp_path)
    assert done.stdout.startswith("Meridian as it is")
    assert (tmp_path / "out" / "manifest.json").is_file()


@pytest.mark.parametrize("what", ["scenarios baseline", "--help", "run --help", "--version"])
def test_a_full_disk_behind_standard_output_is_one_sentence(what: str, tmp_path: Path) -> None:
    done = shell(f"{TOCSIN} {what} > /dev/full; echo $? >&2", tmp_path)
    assert done.stderr == "tocsin: failed: [Errno 28] No space left on device\n1\n"


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp437"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=["ascii", "dos", "C"],
)
def test_a_console_that_cannot_print_a_title_gets_it_escaped(
    variables: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "mine.toml").write_text(HEAD + 'title = "Быстрее новости"\n', encoding="utf-8")
    (tmp_path / "wrong.toml").write_text(HEAD + 'title = "Быстрее"\nЫ = 3\n', encoding="utf-8")
    done = shell(f"{TOCSIN} scenarios mine.toml", tmp_path, **variables)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u0411" in done.stdout or "Быстрее" in done.stdout
    done = shell(f"{TOCSIN} check wrong.toml", tmp_path, **variables)
    assert done.returncode == 2
    assert done.stderr.startswith("tocsin: wrong.toml: ")
    assert done.stderr.count("\n") == 1


COMPARE = """
import tocsin
made = tocsin.compare(["baseline", "all_three"], replications=2, weeks=5, workers=2)
print(len(made.seeds), "pairs")
"""


def test_a_script_from_standard_input_may_use_workers(tmp_path: Path) -> None:
    done = shell(f'"{sys.executable}" -', tmp_path, COMPARE)
    assert (done.stdout, done.stderr) == ("2 pairs\n", "")


def test_a_function_of_a_script_from_standard_input_is_refused_in_a_sentence(
    tmp_path: Path,
) -> None:
    script = (
        "from tocsin.experiments.running.stream import run_all\n"
        "def f(x):\n    return x\nrun_all(f, range(4), 2)\n"
    )
    done = shell(f'"{sys.executable}" -', tmp_path, script)
    assert done.stderr.splitlines()[-1].startswith(
        "tocsin.simulation.errors.InputError: what is to be run cannot be sent to other processes"
    )
    assert done.stderr.count("Traceback") == 1


def test_a_script_without_the_guard_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(COMPARE)
    done = shell(f'"{sys.executable}" script.py', tmp_path)
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1].startswith(
        "tocsin.simulation.errors.InputError: worker processes cannot start: a script that "
        "starts them needs the line if __name__ == '__main__'"
    )
    assert done.stderr.count("Traceback") == 1


@pytest.mark.parametrize("least", [1, 2, 3, 4])
def test_ctrl_c_while_workers_start_is_one_line_and_leaves_no_process(
    least: int, tmp_path: Path
) -> None:
    """The terminal sends it to all processes, as soon as there are so many of them."""
    command = [sys.executable, "-m", "tocsin", "compare", "baseline", "all_three", "--workers", "2",
               "--replications", "400"]  # fmt: skip
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a child inherits "ignored"
    with subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          start_new_session=True) as run:  # fmt: skip
        signal.signal(signal.SIGINT, before)
        seen: list[psutil.Process] = []
        while run.poll() is None and len(seen) < least:
            seen = psutil.Process(run.pid).children(recursive=True)
            time.sleep(0.005)  # leaves the core to them
        os.killpg(run.pid, signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert (run.returncode, out) == (130, "")
    assert err == "tocsin: interrupted; nothing half written is left.\n"
    psutil.wait_procs(seen, timeout=10)
    assert [one for one in seen if one.is_running()] == []


def test_a_swallowed_ctrl_c_stops_map_before_it_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Libraries catch it now and then, as a fault of what they were importing or computing."""
    build = building.build

    def swallowing(*args: Any, **more: Any) -> Any:
        try:
            signal.raise_signal(signal.SIGINT)
        except BaseException:
            return build(*args, **more)

    monkeypatch.setattr(signal, "getsignal", lambda number: signal.default_int_handler)
    monkeypatch.setattr(building, "build", swallowing)
    command = ["map", "--countries", "TJK,KGZ", "--cell-km", "40", "--source", "TJK", "--market",
               "KGZ", "--out", str(tmp_path / "two.map")]  # fmt: skip
    assert main(command) == 130
    assert capsys.readouterr().err == "tocsin: interrupted; nothing half written is left.\n"
    assert list(tmp_path.iterdir()) == []
