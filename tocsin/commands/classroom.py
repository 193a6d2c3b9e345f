"""The command ``classroom``."""

import argparse
import sys
from pathlib import Path
from typing import Any

from tocsin.streams import Interrupts

FIRST = "one_road"


def add_parser(commands: Any) -> None:
    """Add the command of this module."""
    one = commands.add_parser("classroom", help="a class governs one world together")
    say = one.add_argument
    say("lesson", metavar="LESSON", nargs="?",
        help=f"name of a shipped lesson, or a path; default {FIRST}")  # fmt: skip
    say("--session", type=Path, metavar="DIR",
        help="folder of the session; one that holds a session is taken up")  # fmt: skip
    say("--mend", action="store_true",
        help="let a damaged session in --session go on from where it is whole")  # fmt: skip
    say("--lessons", action="store_true", help="list the lessons, and end")
    say("--report", type=Path, metavar="FILE",
        help="write the report of the session in --session, and end")  # fmt: skip
    say("--host", default="127.0.0.1", metavar="ADDRESS",
        help="default 127.0.0.1, only this machine; 0.0.0.0 lets the class in")  # fmt: skip
    say("--port", type=int, default=8766, metavar="N", help="default 8766; 0 takes a free one")
    say("--pace", type=float, default=12.0, metavar="SECONDS",
        help="how long a year runs before everyone's eyes, default 12")  # fmt: skip
    say("--no-browser", action="store_true", help="open no browser window")
    one.set_defaults(command=classroom)


def classroom(args: argparse.Namespace) -> int:
    """List lessons, write a report, or open the room until interrupted."""
    from tocsin.simulation.errors import InputError

    if not 0 <= args.pace <= 600:
        raise InputError(f"--pace {args.pace}: allowed is a number from 0 to 600 (seconds).")
    if args.report is not None:
        return write_report(args.session, args.report, args.mend)
    if args.lessons:
        return list_lessons()
    from tocsin.classroom.reading import load_lesson

    there = args.session is not None and (args.session / "journal.jsonl").exists()
    lesson = None if there and args.lesson is None else load_lesson(args.lesson or FIRST)
    folder = args.session or new_folder(lesson.name if lesson else "")
    if there and lesson is not None:
        raise InputError(
            f"--session {folder}: there is a session already; leave out the lesson to take it up."
        )
    from tocsin.dashboard.serving.server import bound

    if args.mend and not there:
        raise InputError("--mend: say which session, with --session DIR.")
    listener = bound(args.host, args.port)  # before anything is written
    from tocsin.classroom.session import Session
    from tocsin.dashboard.classroom.server import serve

    print("the world is being made ready ...", file=sys.stderr, flush=True)
    session = Session(folder, lesson, mend=args.mend)
    serve(session, args.pace / 52, args.host, listener, show=not args.no_browser)
    Interrupts.taken()  # that is how it is closed
    return 0


def new_folder(lesson: str) -> Path:
    """A folder for a new session, named by the day and the lesson."""
    import time

    import platformdirs

    home = Path(platformdirs.user_data_dir("tocsin", appauthor=False)) / "sessions"
    return home / f"{time.strftime('%Y-%m-%d_%H%M%S')}_{lesson}"


def list_lessons() -> int:
    """Say which lessons there are."""
    from tocsin.classroom.reading import load_lesson, shipped_lessons

    for name in shipped_lessons():
        lesson = load_lesson(name)
        print(f"{name}\n  {lesson.head.title} ({lesson.head.minutes} minutes, "
              f"{len(lesson.seats)} seats, {len(lesson.rounds)} years)\n"
              f"  {lesson.head.question}")  # fmt: skip
    return 0


def write_report(session: Path | None, file: Path, mend: bool) -> int:
    """The report of a session that has come to its debrief, or to the end of any year."""
    from tocsin.classroom.room import Room
    from tocsin.classroom.session import Session
    from tocsin.dashboard.classroom.report import report
    from tocsin.experiments.running.destination import check_file, write_whole
    from tocsin.simulation.errors import InputError

    if session is None:
        raise InputError("--report: say which session, with --session DIR.")
    check_file(file, option="--report")
    room = Room(Session(session, mend=mend), pace=0.0)
    try:
        text = report(room, room.worked_out())
    finally:
        room.stop()
    write_whole(file, text, "--report")
    print(f"the report is in {file}", file=sys.stderr)
    return 0
