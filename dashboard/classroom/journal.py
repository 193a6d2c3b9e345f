"""The journal of a session: one line for everything that happened, on the disk before it counts.

A line is a JSON object with its number, the time, the kind of event and its data. Whoever reads
the lines again has the session again. A line that a crash has cut off was never answered to
anybody; it is dropped.
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from simulation.errors import InputError

NAME = "journal.jsonl"


@dataclass(frozen=True)
class Event:
    """One thing that happened; `at` is in seconds since 1970."""

    number: int
    at: float
    kind: str
    data: dict[str, Any]


class Journal:
    """An append-only file of events; every event is on the disk when `append` returns.

    Parameters
    ----------
    folder
        Folder of the session; it is made, readable by its owner only, if it is not there.

    Raises
    ------
    InputError
        The folder holds a journal that is damaged in the middle, or another server writes it.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._claim = _claimed(folder)
        self.path = folder / NAME
        try:
            self.events, whole = _read(self.path)
        except InputError:
            self._claim.close()
            raise
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(handle, whole)
        self._file = os.fdopen(handle, "r+b", buffering=0)
        self._file.seek(whole)
        _sync_folder(folder)

    def append(self, at: float, kind: str, data: dict[str, Any]) -> Event:
        """Write one event down for good."""
        event = Event(len(self.events) + 1, at, kind, data)
        line = json.dumps(
            {"number": event.number, "at": at, "kind": kind, "data": data}, ensure_ascii=False
        )
        self._file.write(line.encode() + b"\n")
        os.fsync(self._file.fileno())
        self.events.append(event)
        return event

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        self._claim.close()


def _claimed(folder: Path) -> BinaryIO:
    """A lock on the folder; the system lets go of it when the process ends, however it ends."""
    file = (folder / "lock").open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise InputError(f"{folder}: another server has this session open; close it first.") \
            from None  # fmt: skip
    return file


def _read(path: Path) -> tuple[list[Event], int]:
    """Events of a journal, and how many bytes of it are whole."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return [], 0
    events: list[Event] = []
    whole = 0
    for line in content.splitlines(keepends=True):
        if not line.endswith(b"\n"):
            break
        try:
            entry = json.loads(line)
            event = Event(entry["number"], entry["at"], entry["kind"], entry["data"])
        except (ValueError, KeyError, TypeError):
            event = None
        if event is None or event.number != len(events) + 1:
            raise InputError(
                f"{path}: line {len(events) + 1} is damaged; the session cannot be taken up."
            )
        events.append(event)
        whole += len(line)
    return events, whole


def _sync_folder(folder: Path) -> None:
    """Make the new file's name durable where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
