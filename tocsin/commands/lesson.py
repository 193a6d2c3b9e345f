"""The command ``lesson``."""

import argparse
import sys
from typing import Any


def add_parser(commands: Any) -> None:
    """Add the command of this module."""
    one = commands.add_parser("lesson", help="check lessons for a class without opening a room")
    acts = one.add_subparsers(metavar="ACTION", required=True)
    check = acts.add_parser("check", help="say whether lessons are whole, and every fault if not")
    check.add_argument("lessons", metavar="FILE", nargs="+",
                       help="path of a lesson, or name of a shipped one")  # fmt: skip
    check.set_defaults(command=check_lessons)


def check_lessons(args: argparse.Namespace) -> int:
    """Read each lesson and lay out its world; 2 if one has a fault."""
    from tocsin.classroom.reading import load_lesson
    from tocsin.simulation.errors import InputError
    from tocsin.simulation.steering import SteeredRun

    code = 0
    for name in args.lessons:
        try:
            lesson = load_lesson(name)
            SteeredRun(lesson.scenario, lesson.world.seed)
        except InputError as wrong:
            print(wrong, file=sys.stderr)
            code = 2
            continue
        print(f"{name}: whole; {len(lesson.seats)} seats, {len(lesson.rounds)} years, points over "
              f"{lesson.world.lucks} lucks")  # fmt: skip
    return code
