"""The room on a server: where browsers come from, the command, the report, the bundle."""

import importlib.util
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import html5lib
import pytest
from tocsin.classroom.reading import load_lesson
from tocsin.classroom.room import Room
from tocsin.classroom.session import Session
from tocsin.dashboard.classroom.registry import address_of
from tocsin.dashboard.classroom.report import marks_markup, report, table_markup
from tocsin.dashboard.classroom.server import address_for_others
from tocsin.dashboard.classroom.weeks import WeekMaps
from tocsin.dashboard.serving.answering import ADDRESS
from tocsin.simulation.errors import InputError

from tocsin.cli import main

TRIAL = Path(__file__).with_name("trial.toml")
HOSTILE = '<i onclick=x>&"'
ROOT = Path(__file__).resolve().parents[2]


def test_where_a_browser_is_stands_in_a_header_of_ours() -> None:
    assert address_of({ADDRESS: ["10.0.0.4"]}) == "10.0.0.4"
    assert address_of(None) == address_of({}) == "unknown"


def test_the_address_on_the_blackboard_is_one_that_others_can_open() -> None:
    assert address_for_others("127.0.0.1", 80) == "http://127.0.0.1:80"
    for host in ("0.0.0.0", "::"):
        shown = address_for_others(host, 80)
        assert "0.0.0.0" not in shown and "[::]" not in shown


def wait(done: Callable[[], bool]) -> None:
    """Until it is done; fails if it never is."""
    for _ in range(2400):
        if done():
            return
        time.sleep(0.05)
    pytest.fail("it never happened")


def test_the_thread_closes_runs_pauses_and_debriefs(lesson, tmp_path: Path) -> None:
    session = Session(tmp_path / "session", lesson)
    trainer = session.as_trainer(session.state.key)
    session.join(session.state.code, HOSTILE, "sev")
    maps = WeekMaps()
    room = Room(session, pace=0.002, workers=1, look=maps)
    room.start()
    trainer.next_year()
    trainer.run_year()
    trainer.pause(True)
    before = len(room.weeks)
    wait(lambda: session.state.paused)
    time.sleep(0.3)
    assert session.state.phase == "running" and len(room.weeks) <= before + 52
    trainer.pause(False)
    wait(lambda: session.state.phase == "result")
    assert len(room.weeks) == 53 and room.weeks[-1].week_of_year == 52
    assert len(maps.frames) == len(set(maps.frames)) == 53
    trainer.debrief()
    wait(lambda: room.debrief is not None or bool(room.problem))
    assert room.problem == "" and room.debrief is not None
    page = report(room, room.debrief)
    room.stop()
    assert threading.active_count() < 20
    html5lib.HTMLParser(strict=True).parse(page)
    assert HOSTILE not in page and "&lt;i onclick=x&gt;&amp;" in page
    for text in (marks_markup(room, "sev", 1), table_markup(room, 1)):
        html5lib.HTMLParser(strict=True).parseFragment(text)
    assert HOSTILE not in table_markup(room, 1)
    for outside in ("src=", "href=", "@import", "url("):
        assert outside not in page


def test_a_week_that_fails_is_one_sentence_for_the_trainer(lesson, tmp_path, monkeypatch) -> None:
    session = Session(tmp_path / "session", lesson)
    trainer = session.as_trainer(session.state.key)
    room = Room(session, pace=0.002, workers=1)

    def fails() -> None:
        raise InputError("mechanism 'bells' failed in week 3.")

    monkeypatch.setattr(room.world, "step", fails)
    room.start()
    trainer.next_year()
    trainer.run_year()
    wait(lambda: bool(room.problem))
    room.stop()
    assert room.problem == "mechanism 'bells' failed in week 3."


def test_the_command_lists_lessons(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classroom", "--lessons"]) == 0
    listed = capsys.readouterr().out
    assert all(load_lesson(name).head.question in listed for name in ("one_road", "old_news"))


def test_the_command_refuses_what_makes_no_sense(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, opened
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        new = str(tmp_path / "new")
        there = str(opened.session.folder)
        for arguments in (
            ["--port", port, "--session", new], ["one_raod", "--session", new],
            ["--pace", "-1", "--session", new],
            ["--report", str(tmp_path / "r.html")], ["one_road", "--session", there],
            ["--report", str(tmp_path / "r.html"), "--session", there],
            ["--report", str(tmp_path / "r.html"), "--session", new],
        ):  # fmt: skip
            assert main(["classroom", "--no-browser", *arguments]) == 2
            said = capsys.readouterr()
            sentence = said.err.strip().splitlines()[-1]
            assert said.out == "" and sentence.startswith("tocsin: ") and len(sentence) > 30
    assert not Path(new).exists() and not (tmp_path / "r.html").exists()


def test_the_command_writes_the_report_of_a_kept_session(
    opened, in_room: Callable[[Session], Room], tmp_path: Path
) -> None:
    opened.join("sev", "kept ones")
    room = in_room(opened.session)
    opened.trainer.next_year()
    opened.trainer.run_year()
    room.advance()
    opened.session.close()
    file = tmp_path / "report.html"
    there = str(opened.session.folder)
    assert main(["classroom", "--session", there, "--report", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    assert "kept ones" in text and opened.session.state.fingerprints[0][:16] in text
    assert opened.session.state.key not in text and opened.session.state.code not in text


def test_a_bundle_asks_for_what_each_system_needs() -> None:
    spec = importlib.util.spec_from_file_location("bundle", ROOT / "tools" / "bundle.py")
    assert spec is not None and spec.loader is not None
    bundle = importlib.util.module_from_spec(spec)
    sys.modules["bundle"] = bundle
    spec.loader.exec_module(bundle)
    here = {str(k): str(v) for k, v in bundle.default_environment().items()}
    wanted = {}
    for system, (changed, _) in bundle.SYSTEMS.items():
        known, missing = bundle.needed(here | changed)
        wanted[system] = set(known) | missing
        assert {"solara", "numba", "mesa", "ipyvuetify"} <= wanted[system]
        assert not {"tocsin", "pytest", "ruff", "dask"} & wanted[system]
    assert {"colorama", "tzdata"} <= wanted["windows"] and "pexpect" not in wanted["windows"]
    assert "appnope" in wanted["macos"] and "appnope" not in wanted["linux"]
