"""Killed at any moment, a session goes on where it was, and the world is the same."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tocsin.classroom.debrief import decided
from tocsin.classroom.lesson import Lesson
from tocsin.classroom.room import Room
from tocsin.classroom.session import Session
from tocsin.classroom.world import played
from tocsin.simulation.errors import InputError

ANSWERS = {"flow": 25_000_000, "rate": 0.5}
ROOT = Path(__file__).resolve().parents[2]
PLAY = """
import sys, time
from pathlib import Path
from tocsin.classroom.room import Room
from tocsin.classroom.session import Session

session = Session(Path(sys.argv[1]), sys.argv[2])
trainer = session.as_trainer(session.state.key)
sev = session.join(session.state.code, "team sev", "sev")
tal = session.join(session.state.code, "team tal", "tal")
room = Room(session, pace=0)
trainer.next_year()
sev.move("countries.SEV.sharing", 0.1)
sev.commit(sev.view().draft, {"flow": 25_000_000, "rate": 0.5})
trainer.run_year()
room.advance()
trainer.next_year()
sev.move("countries.SEV.sharing", 0.2)
sev.commit(sev.view().draft, {"flow": 25_000_000, "rate": 0.5})
tal.move("countries.TAL.sharing", 0.9)
if sys.argv[3] == "running":
    trainer.run_year()
    for _ in range(20):
        room.world.step()
print(sev.view().code, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("moment", ["deciding", "running"])
def test_killed_in_year_two(lesson: Lesson, tmp_path: Path, moment: str) -> None:
    folder = tmp_path / "session"
    trial = Path(__file__).with_name("trial.toml")
    process = subprocess.Popen(
        [sys.executable, "-c", PLAY, str(folder), str(trial), moment],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    code = process.stdout.readline().strip()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()

    session = Session(folder)
    room = Room(session, pace=0)
    assert (session.state.year, session.state.phase) == (2, moment)
    sev = session.enter(code)
    assert sev is not None and sev.view().draft == {"countries.SEV.sharing": 0.2}
    trainer = session.as_trainer(session.state.key)
    if moment == "deciding":
        assert sev.view().committed and 200 < sev.view().seconds <= 240
        trainer.run_year()
    room.advance()
    trainer.next_year()
    trainer.run_year()
    room.advance()
    undisturbed = [
        {"sev": {"countries.SEV.sharing": share}, "tal": {"countries.TAL.sharing": other}}
        for share, other in ((0.1, 0.5), (0.2, 0.9), (0.2, 0.9))
    ]
    assert played(lesson, undisturbed).fingerprint() == session.state.fingerprints[-1]
    session.close()


def test_every_cut_of_the_journal_is_a_session(opened, in_room, tmp_path: Path) -> None:
    """Whatever byte the crash came at, what is left is a whole beginning of the session."""
    session = opened.session
    sev = opened.join("sev")
    room = in_room(session)
    opened.trainer.next_year()
    sev.move("countries.SEV.sharing", 0.1)
    sev.commit(sev.view().draft, ANSWERS)
    opened.trainer.run_year()
    room.advance()
    content = (session.folder / "journal.jsonl").read_bytes()
    lines = content.splitlines(keepends=True)
    first = len(lines[0])
    for cut in {*range(first, len(content), 97), len(content) - 1, len(content)}:
        folder = tmp_path / f"cut{cut}"
        folder.mkdir()
        (folder / "journal.jsonl").write_bytes(content[:cut])
        again = Session(folder, clock=opened.hand)
        assert again.version >= content[:cut].count(b"\n")
        assert again.state.code == session.state.code
        if again.state.years:
            assert decided(again.state.years) == decided(session.state.years)
        opened_again = again.as_trainer(session.state.key)
        assert opened_again.session is again
        again.close()
        assert Session(folder, clock=opened.hand).state.year == again.state.year


def test_nothing_to_take_up_needs_a_lesson(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name a lesson"):
        Session(tmp_path / "new")


def test_the_time_without_a_server_does_not_count(opened) -> None:
    opened.trainer.next_year(minutes=5)
    opened.hand.now += 60
    opened.join("sev")
    opened.session.close()
    opened.hand.now += 3600
    again = Session(opened.session.folder, clock=opened.hand)
    assert again.seconds_left() == pytest.approx(240)
    again.close()


def test_two_servers_cannot_write_one_session(opened) -> None:
    with pytest.raises(InputError, match="another server has this session open"):
        Session(opened.session.folder)
