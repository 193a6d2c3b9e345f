"""A short lesson, and sessions that a test can let time pass in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tocsin.classroom.lesson import Lesson
from tocsin.classroom.reading import load_lesson
from tocsin.classroom.room import Room
from tocsin.classroom.session import Session, TeamDesk, TrainerDesk

TRIAL = Path(__file__).with_name("trial.toml")


@dataclass
class Hand:
    """A clock that goes when it is told to."""

    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Class:
    """A session with its trainer, and teams as they come."""

    session: Session
    hand: Hand

    @property
    def trainer(self) -> TrainerDesk:
        return self.session.as_trainer(self.session.state.key)

    def join(self, seat: str, team: str | None = None) -> TeamDesk:
        return self.session.join(self.session.state.code, team or f"team {seat}", seat)


@pytest.fixture(scope="session")
def lesson() -> Lesson:
    return load_lesson(TRIAL)


@pytest.fixture
def opened(lesson: Lesson, tmp_path: Path) -> Iterator[Class]:
    hand = Hand()
    session = Session(tmp_path / "session", lesson, hand)
    yield Class(session, hand)
    session.close()


@pytest.fixture
def in_room() -> Callable[[Session], Room]:
    return lambda session: Room(session, pace=0, workers=1)
